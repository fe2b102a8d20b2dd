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

    fn keep(&mut self, entry: Entry, secret: Secret) -> Result<(), Secret> {
        self.0.insert(entry, secret);
        Ok(())
    }

    fn forget(&mut self, entry: Entry) {
        self.0.remove(&entry);
    }
}
