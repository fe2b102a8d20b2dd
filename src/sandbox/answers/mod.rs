//! The one table from endpoints of the catalogue to the functions that answer them.

mod accounts;
mod intents;
mod tokens;
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
    ("oauth.token", tokens::token),
    ("user.get", users::get),
    ("user_intents.create", intents::create),
    ("user_intents.get", intents::get),
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
