//! Answers about the signed-in user: who they are, what they may do, and what they change about themselves.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::domain::UserStatus;
use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::world::World;
use crate::sandbox::world::calendar::date_time;
use crate::sandbox::world::people::User;

fn own<'a>(world: &'a World, call: &Call<'_>) -> Result<&'a User, Refusal> {
    world
        .user(call.user())
        .ok_or_else(|| Refusal::not_found("the user of this access token is gone"))
}

/// The user that the path names, who must be the one of the token.
fn check_own(call: &Call<'_>, name: &str) -> Result<(), Refusal> {
    match call.parameter(name) == call.user() {
        true => Ok(()),
        false => Err(Refusal::not_found("this access token is of another user")),
    }
}

/// `user.get`
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = own(world, call)?;
    let person = &user.person;
    Ok(json!({
        "id": user.id,
        "email": person.email,
        "phone": person.phone,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "preferred_first_name": person.preferred_first_name,
        "preferred_last_name": person.preferred_last_name,
        "preferred_pronouns": person.preferred_pronouns,
        "status": user.check.status(world.now()).name(),
    })
    .into())
}

/// `user.update`: answers the user as they are now, since nothing is documented.
pub(crate) fn update(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    check_own(call, "user_id")?;
    let Some(email) = call.filled("email") else {
        return Err(Refusal::bad_request("email is required"));
    };
    world.change_email(call.user(), &email)?;
    get(world, call)
}

/// `capabilities.get`. The shape is the sandbox's own: none is documented.
pub(crate) fn capabilities(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    check_own(call, "id")?;
    let user = own(world, call)?;
    let is_approved = user.check.status(world.now()) == UserStatus::Approved;
    let is_trusted = is_approved && !user.changes.are_suspicious(world.now());
    let can_send = is_trusted && user.kyc_type != "receive-only";
    Ok(json!({
        "user_id": user.id,
        "kyc_type": user.kyc_type,
        "capabilities": {
            "receive": is_approved,
            "send": can_send,
            "debit": can_send && user.kyc_type == "verified",
        },
    })
    .into())
}

/// `kyc.upgrade`: answers the kind of check and where it stands, since nothing is documented.
pub(crate) fn upgrade(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let Some(kyc_type) = call.filled("kyc_type") else {
        return Err(Refusal::bad_request("kyc_type is required"));
    };
    world.upgrade(call.user(), &kyc_type)?;
    let user = own(world, call)?;
    let status = user.check.status(world.now()).name();
    Ok(json!({"user_id": user.id, "kyc_type": user.kyc_type, "status": status}).into())
}

/// `phone.request_change`
pub(crate) fn change_phone(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let phone = call.text("proposed_phone").unwrap_or_default();
    world.change_phone(call.user(), phone)?;
    Ok(Reply::Empty)
}

/// `phone.list`. The shape is the sandbox's own: none is documented.
pub(crate) fn phone_changes(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let changes = own(world, call)?.changes.phones.iter().rev();
    let shown: Vec<_> = changes
        .map(|change| {
            json!({
                "id": change.id,
                "current_phone": change.from,
                "proposed_phone": change.to,
                "status": "approved",
                "created": date_time(change.moment),
            })
        })
        .collect();
    Ok(json!({"count": shown.len(), "phone_number_change_requests": shown}).into())
}

/// `address.request_change`: answers the parts of the address that are known, since nothing is documented.
pub(crate) fn change_address(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let names = call.endpoint.body.iter().map(|field| field.name.as_str());
    let mut parts = BTreeMap::new();
    for name in names {
        match call.text(name) {
            Some("") => {
                return Err(Refusal::bad_request(format!(
                    "{name} must not be empty: leave it out"
                )));
            }
            Some(text) => drop(parts.insert(name.to_owned(), text.to_owned())),
            None => {}
        }
    }
    if parts.is_empty() {
        return Err(Refusal::bad_request(
            "at least one part of the address is required",
        ));
    }
    world.change_address(call.user(), parts)?;
    let address = &own(world, call)?.changes.address;
    let shown = address
        .iter()
        .map(|(name, text)| (name.clone(), Value::from(text.as_str())));
    Ok(Value::Object(Map::from_iter(shown)).into())
}

/// `documents.create_upload_url`
pub(crate) fn create_upload(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let extension = text("extension");
    if extension == "pdf" && text("document_type") != "other" {
        return Err(Refusal::bad_request(
            "extension pdf is for papers of a business only, with document_type other",
        ));
    }
    let place = world
        .make_place(call.user(), extension)
        .map_err(|error| Refusal::unavailable(format!("no randomness for a url: {error}")))?;
    Ok(json!({
        "id": place.id,
        "filename": place.filename,
        "method": "PUT",
        "url": place.url,
    })
    .into())
}

/// `documents.confirm_upload`
pub(crate) fn confirm_upload(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let filename = call.text("filename").unwrap_or_default();
    world.confirm_document(call.user(), filename)?;
    Ok(Reply::Empty)
}
