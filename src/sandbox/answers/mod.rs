//! The one table from endpoints of the catalogue to the functions that answer them.

mod accounts;
mod businesses;
mod cards;
mod identity;
mod instruments;
mod intents;
mod routines;
mod tokens;
mod transactions;
pub(crate) mod transfers;
mod users;

use serde_json::Value;

use crate::domain::EndpointId;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::world::World;

/// What an endpoint answers where all is well; its status is the catalogue's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reply {
    /// A body.
    Json(Value),
    /// No body at all.
    Empty,
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        Self::Json(body)
    }
}

/// Answers a call that the gate and the catalogue's rules have let through.
pub(crate) type Answer = fn(&mut World, &Call<'_>) -> Result<Reply, Refusal>;

const ANSWERS: &[(&str, Answer)] = &[
    ("accounts.list", accounts::list),
    ("accounts.get", accounts::get),
    ("accounts.create", accounts::create),
    ("accounts.create_old", accounts::create),
    ("accounts.link", accounts::link),
    ("accounts.delete", accounts::delete),
    ("address.request_change", users::change_address),
    ("batch_transfers.get", transfers::batch),
    ("bins.get", cards::bin),
    ("business_profiles.create", businesses::create),
    ("business_profiles.get", businesses::get),
    ("capabilities.get", users::capabilities),
    ("cards.list", cards::list),
    ("cards.get", cards::get),
    ("cards.create", cards::create),
    ("cards.delete", cards::delete),
    ("cards.assess", cards::assess),
    ("documents.create_upload_url", users::create_upload),
    ("documents.confirm_upload", users::confirm_upload),
    ("eligibility.check", instruments::eligibility),
    ("identity.verify", identity::verify),
    ("identity.exchange", identity::exchange),
    ("kyc.upgrade", users::upgrade),
    ("oauth.token", tokens::token),
    ("payment_instruments.list", instruments::list),
    ("payment_instruments.get", instruments::get),
    ("phone.request_change", users::change_phone),
    ("phone.list", users::phone_changes),
    ("routines.list", routines::list),
    ("routines.create", routines::create),
    ("routines.preview", routines::preview),
    ("routines.get", routines::get),
    ("routines.update", routines::update),
    ("routines.delete", routines::delete),
    ("routines.transfers", routines::list_transfers),
    ("routines.book", routines::book),
    ("routines.account_to_card", routines::account_to_card),
    ("routines.card_to_account", routines::card_to_account),
    ("transactions.list", transactions::list),
    ("transfers.list", transfers::list),
    ("transfers.get", transfers::get),
    ("transfers.cancel", transfers::cancel),
    ("transfers.segments", transfers::segments),
    ("user.get", users::get),
    ("user.update", users::update),
    ("user_intents.create", intents::create),
    ("user_intents.get", intents::get),
    ("webhooks.notify", accounts::notify),
];

/// The function that answers the endpoint `id`.
pub(crate) fn find(id: &EndpointId) -> Option<Answer> {
    let known = ANSWERS.iter().find(|(name, _)| *name == id.as_str());
    known.map(|(_, answer)| *answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_endpoint_of_the_catalogue_has_an_answer() {
        let catalog = Catalog::built_in().unwrap();
        for endpoint in catalog.endpoints() {
            assert!(
                find(&endpoint.id).is_some(),
                "{} has no answer",
                endpoint.id
            );
        }
    }

    #[test]
    fn every_answer_belongs_to_an_endpoint_of_the_catalogue() {
        let catalog = Catalog::built_in().unwrap();
        for (id, _) in ANSWERS {
            assert!(
                catalog.endpoint(&EndpointId::new(*id)).is_some(),
                "{id} is not in the catalogue"
            );
        }
    }
}
