//! What the address of a hosted page asks for, and what is wrong with it. Nobody is shown a form here.

use std::collections::BTreeMap;

use axum::response::Response;

use crate::domain::{BUILT_IN_REDIRECTS, is_built_in_redirect};
use crate::sandbox::pages::errands::Errand;
use crate::sandbox::pages::session::Asked;
use crate::sandbox::pages::steps::{self, Next};
use crate::sandbox::pages::{refused, see_other};
use crate::sandbox::world::World;
use crate::sandbox::world::businesses::Business;

type Query = BTreeMap<String, String>;

fn value<'a>(query: &'a Query, name: &str) -> Option<&'a str> {
    query
        .get(name)
        .map(String::as_str)
        .filter(|value| !value.is_empty())
}

fn refuse<T>(title: &str, text: &str) -> Result<T, Box<Response>> {
    Err(Box::new(refused(title, text)))
}

/// What the address asks for. Where client or redirect URI are wrong, nobody is redirected (RFC 6749, section 4.1.2.1).
pub(super) fn read(world: &World, query: &Query, errand: Errand) -> Result<Asked, Box<Response>> {
    if value(query, "client_id") != Some(&world.application.client_id) {
        return refuse(
            "Unknown application",
            "The client_id of this address is missing, or not known to this sandbox.",
        );
    }
    let redirect_uri = value(query, "redirect_uri").filter(|uri| is_built_in_redirect(uri));
    let Some(redirect_uri) = redirect_uri else {
        let registered = BUILT_IN_REDIRECTS.join(", ");
        let text = format!(
            "The redirect_uri of this address is missing or not registered. Registered are: {registered}."
        );
        return refuse("Unregistered redirect URI", &text);
    };
    let (asked_phone, known) = (value(query, "phone"), known_phone(world, query)?);
    let phone = asked_phone.or(known.as_deref()).and_then(steps::ten_digits);
    let phone = phone.unwrap_or_default();
    let named = |name: &str| value(query, name).map(str::to_owned);
    let asked = Asked {
        redirect_uri: redirect_uri.to_owned(),
        state: named("state"),
        is_phone_fixed: value(query, "phone_read_only") == Some("true") && !phone.is_empty(),
        phone,
        intent: named("user_intent_id"),
        user: named("user_id"),
        business: named("business_profile_id"),
        errand,
    };
    // Only an authorization asks for a code.
    let error = match value(query, "response_type") {
        Some("code") => return Ok(asked),
        _ if errand != Errand::Authorize => return Ok(asked),
        Some(_) => ("unsupported_response_type", "response_type must be code"),
        None => ("invalid_request", "response_type is missing"),
    };
    let pairs = [("error", error.0), ("error_description", error.1)];
    match steps::redirect(&asked, &pairs) {
        Next::Redirect(url) => Err(Box::new(see_other(&url))),
        _ => refuse(
            "Unregistered redirect URI",
            "The redirect_uri of this address is not a URL.",
        ),
    }
}

/// The phone number of whoever the address names: a user, an intent or a business profile, all of which must exist.
fn known_phone(world: &World, query: &Query) -> Result<Option<String>, Box<Response>> {
    let mut phone = None;
    for (name, what) in [
        ("user_id", "user"),
        ("user_intent_id", "user intent"),
        ("business_profile_id", "business profile"),
    ] {
        let Some(id) = value(query, name) else {
            continue;
        };
        let found = match name {
            "user_id" => world.user(id).map(|user| user.person.phone.as_str()),
            "user_intent_id" => world.intent(id).map(|intent| intent.person.phone.as_str()),
            _ => world.business(id).map(Business::phone),
        };
        let Some(found) = found else {
            let text = format!("There is no {what} with the id of this address.");
            return refuse(&format!("Unknown {what}"), &text);
        };
        phone.get_or_insert_with(|| found.to_owned());
    }
    Ok(phone)
}
