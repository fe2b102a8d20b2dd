//! Ids that look like the number of a card: where one exchange names one so, it is none in the rest of it, such as in a path.

use std::cell::OnceCell;

use crate::adapters::history::mask::named::{self, Found};
use crate::adapters::history::mask::{Marks, find};
use crate::domain::{Body, Exchange};

/// The ids of one exchange. They are looked for once something is taken for the number of a card, which is seldom.
pub(super) struct Ids<'a> {
    exchange: &'a Exchange,
    marks: &'a Marks,
    found: OnceCell<Vec<Vec<u8>>>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(exchange: &'a Exchange, marks: &'a Marks) -> Self {
        Self {
            exchange,
            marks,
            found: OnceCell::new(),
        }
    }

    /// The secrets in `text`, a part of the exchange. What has the name of a secret is one, whatever else has the same value.
    pub(super) fn find(&self, text: &[u8], is_form: bool) -> Vec<Found> {
        let mut found = find(text, self.marks, is_form);
        found.retain(|found| !(found.is_guess && self.include(&found.value)));
        found
    }

    fn include(&self, value: &[u8]) -> bool {
        let ids = self.found.get_or_init(|| {
            let request = &self.exchange.request;
            let answer = self.exchange.response().map(|answer| &answer.body);
            let bodies = request.body.as_ref().into_iter().chain(answer);
            let texts = bodies.map(Body::as_bytes).chain([request.url.as_bytes()]);
            texts
                .flat_map(|text| named::ids(text, self.marks))
                .collect()
        });
        ids.iter().any(|id| id == value)
    }
}
