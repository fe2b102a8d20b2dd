//! What is kept of an exchange. What an entry is stands in `domain`.

use crate::adapters::history::mask::Masked;
use crate::domain::history::{Entry, EntryId};

impl Entry {
    /// What is kept of an exchange; `None` while it is under way.
    pub fn of(masked: Masked, profile: &str, user: Option<&str>) -> Option<Self> {
        let exchange = masked.exchange;
        if exchange.is_busy() {
            return None;
        }
        Some(Self {
            id: EntryId::default(),
            started_at: exchange.started_at,
            profile: profile.to_owned(),
            user: user.map(str::to_owned),
            endpoint: exchange.endpoint,
            request: exchange.request,
            request_size: masked.request_size,
            outcome: exchange.outcome,
            response_size: masked.response_size,
        })
    }
}
