//! Trusted authentication: the application vouches for a person whom it has signed in itself, where the profile says that it
//! may. They are on the hosted page at once, past phone and code.

use serde_json::json;

use crate::app::auth::{Effect, prompt};
use crate::app::{self, Model, Outbox};
use crate::domain::{EndpointId, Problem, UserKey};

/// The catalogue's name for the endpoint that takes the application's word.
const ENDPOINT: &str = "identity.verify";

/// Whether it can be offered: the profile has a provider's name, and it is known who is vouched for.
pub(super) fn is_offered(model: &Model, user: UserKey) -> bool {
    model.profiles.current.trusted_provider.is_some() && subject(model, user).is_some()
}

/// Who is vouched for: the user, or before there is one the user intent.
fn subject(model: &Model, user: UserKey) -> Option<(&'static str, String)> {
    let person = model.users.get(user)?;
    if !person.id.is_empty() {
        return Some(("user_id", person.id.clone()));
    }
    let intent = model.intents.id_of(user)?;
    Some(("user_intent_id", intent.to_owned()))
}

pub(super) fn vouch(model: &mut Model, out: &mut Outbox) {
    let Some(user) = model.auth.flow.as_ref().map(|flow| flow.user) else {
        return; // the sign-in has come to its end meanwhile
    };
    match prepare(model, user) {
        Ok((page, url, body)) => {
            let job = model.new_job();
            if let Some(flow) = &mut model.auth.flow {
                flow.walk = Some(job);
            }
            out.effect(app::Effect::Auth(Effect::Vouch {
                job,
                page,
                url,
                body,
                client_id: model.profiles.current.client_id.clone(),
                is_walked: model.profiles.is_built_in(),
            }));
        }
        Err(Some(problem)) => prompt::show_prompt(model, Some(&problem), out),
        Err(None) => {} // a walk is under way, or nothing listens yet
    }
}

/// The page, the endpoint, and what is said there.
fn prepare(model: &Model, user: UserKey) -> Result<(String, String, String), Option<Problem>> {
    let flow = model.auth.flow.as_ref().filter(|flow| flow.walk.is_none());
    let page = flow.and_then(|_| model.auth.flow_url()).ok_or(None)?;
    let profile = &model.profiles.current;
    let endpoint = model.catalog.endpoint(&EndpointId::new(ENDPOINT));
    let (endpoint, hosts) = endpoint.zip(profile.hosts.as_ref()).ok_or(None)?;
    let (name, id) = subject(model, user).ok_or(None)?;
    let customer = model.users.get(user).map_or("", |user| &user.customer_id);
    if customer.is_empty() {
        let problem = Problem::new("vouching needs your own identifier of this person")
            .because("Astra asks your server about it")
            .hint("close this, and press E in Test users to type the customer id");
        return Err(Some(problem));
    }
    let mut body = json!({
        "provider": profile.trusted_provider,
        "provider_data": { "customer_id": customer },
    });
    body[name] = id.into();
    let url = format!("{}{}", hosts.api, endpoint.path);
    Ok((page, url, body.to_string()))
}
