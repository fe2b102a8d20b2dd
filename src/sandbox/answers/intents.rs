//! Answers about user intents.

use serde_json::json;

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::world::people::Person;
use crate::sandbox::world::users::FULL_CHECK;
use crate::sandbox::world::{NotTaken, World};

/// `user_intents.create`
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let optional = |name: &str| {
        call.text(name)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let kyc_type = optional("kyc_type").unwrap_or_else(|| FULL_CHECK.to_owned());
    require_by_kyc_type(call, &kyc_type)?;
    let person = Person {
        email: text("email"),
        phone: text("phone"),
        first_name: text("first_name"),
        last_name: text("last_name"),
        preferred_first_name: optional("preferred_first_name"),
        preferred_last_name: optional("preferred_last_name"),
        preferred_pronouns: optional("preferred_pronouns"),
        metadata: call.body.get("metadata").cloned(),
    };
    match world.add_intent(person, call.text("date_of_birth"), &kyc_type) {
        Ok(id) => Ok(json!({ "id": id }).into()),
        Err(NotTaken::RefusedBefore) => Err(Refusal::forbidden(
            "a user intent with this email and phone was rejected before",
        )),
        Err(NotTaken::TooMany) => Err(Refusal::bad_request(
            "email has been used for three user intents, which is the most for one address",
        )),
    }
}

/// Which details are needed depends on how far the person shall be checked (Astra's index of 2026).
fn require_by_kyc_type(call: &Call<'_>, kyc_type: &str) -> Result<(), Refusal> {
    let needed: &[&str] = match kyc_type {
        "receive-only" => &[],
        "unverified" => &["date_of_birth"],
        _ => &["date_of_birth", "ssn"],
    };
    match needed
        .iter()
        .find(|name| call.text(name).unwrap_or_default().is_empty())
    {
        Some(name) => Err(Refusal::bad_request(format!(
            "{name} is required for kyc_type {kyc_type}"
        ))),
        None => Ok(()),
    }
}

/// `user_intents.get`
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let intent = world
        .intent(call.parameter("id"))
        .ok_or_else(|| Refusal::not_found("there is no user intent with that id"))?;
    let person = &intent.person;
    Ok(json!({
        "id": intent.id,
        "user_id": intent.user_id,
        "email": person.email,
        "phone": person.phone,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "preferred_first_name": person.preferred_first_name,
        "preferred_last_name": person.preferred_last_name,
        "preferred_pronouns": person.preferred_pronouns,
        "status": intent.status(world.now()).name(),
        "kyc_type": intent.kyc_type,
    })
    .into())
}
