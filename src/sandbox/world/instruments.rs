//! Payment instruments: the settlement accounts of the client itself.

use serde::Deserialize;

use crate::sandbox::world::World;
use crate::sandbox::world::bank::Cents;

/// A settlement account of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instrument {
    pub(crate) id: String,
    pub(crate) account_number: String,
    pub(crate) routing_number: String,
    pub(crate) available: Cents,
}

/// One as the seed world describes it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WrittenInstrument {
    pub(crate) routing_number: String,
    /// In dollars.
    pub(crate) available: i64,
}

impl World {
    /// All settlement accounts, oldest first.
    pub(crate) fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    /// The settlement account with this id.
    pub(crate) fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.instruments
            .iter()
            .find(|instrument| instrument.id == id)
    }
}
