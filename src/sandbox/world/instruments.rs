//! Payment instruments: the settlement accounts of the client itself.

use serde::Deserialize;
use serde_json::json;

use crate::sandbox::world::World;
use crate::sandbox::world::bank::Cents;
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::outbox::{Kind, News};

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

    /// Lets a payment come in from elsewhere; answers the new balance.
    pub(crate) fn receive(
        &mut self,
        id: &str,
        amount: Cents,
        way: &str,
    ) -> Result<Cents, Objection> {
        let mut all = self.instruments.iter_mut();
        let instrument = all
            .find(|instrument| instrument.id == id)
            .ok_or_else(|| Objection::missing("there is no payment instrument with that id"))?;
        instrument.available.0 += amount.0;
        self.outbox.put(|| News {
            user: None,
            metadata: Some(json!({"amount": amount.dollars(), "type": way})),
            ..News::new(Kind::InboundPaymentReceived, "", id)
        });
        Ok(instrument.available)
    }

    /// The settlement account with this id.
    pub(crate) fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.instruments
            .iter()
            .find(|instrument| instrument.id == id)
    }
}
