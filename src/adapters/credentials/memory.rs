//! A store that lasts as long as the session.

use std::collections::HashMap;

use crate::adapters::credentials::{Entry, Store};
use crate::domain::Secret;

/// Secrets in memory; wiped when dropped, as every [`Secret`] is.
#[derive(Debug, Default)]
pub(super) struct Memory(HashMap<Entry, Secret>);

impl Store for Memory {
    fn get(&self, entry: Entry) -> Option<Secret> {
        self.0.get(&entry).cloned()
    }

    fn set(&mut self, entry: Entry, secret: Option<Secret>) -> bool {
        match secret {
            Some(secret) => self.0.insert(entry, secret),
            None => self.0.remove(&entry),
        };
        true
    }
}
