//! Trusted authentication: the application vouches for a person whom it has signed in itself, where the profile says that it
//! may. They are on the hosted page at once, past phone and code.

use serde_json::json;

use crate::app::auth::{Effect, Msg, prompt};
use crate::app::{self, Confirm, Modal, Model, Outbox};
use crate::domain::{Endpoint, EndpointId, JobId, Problem, UserKey};

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

/// The word of the application, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The job of the sign-in that it is for.
    flow: JobId,
    /// The authorization URL.
    page: String,
    /// The endpoint that takes it.
    url: String,
    /// Who says so, about whom, as JSON.
    body: String,
}

/// Vouches for the person, or asks first where a write is asked about.
pub(super) fn vouch(model: &mut Model, out: &mut Outbox) {
    let Some(user) = model.auth.flow.as_ref().map(|flow| flow.user) else {
        return; // the sign-in has come to its end meanwhile
    };
    let endpoint = model.catalog.endpoint(&EndpointId::new(ENDPOINT));
    let Some(endpoint) = endpoint.cloned() else {
        return; // the catalogue of this program has it
    };
    match prepare(model, user, &endpoint) {
        Ok(word) if model.profiles.current.asks_before(&endpoint) => {
            let question = question(model, user, &endpoint, word);
            out.message(app::Msg::open(Modal::Confirm(question)));
        }
        Ok(word) => give(model, word, out),
        Err(Some(problem)) => prompt::show_prompt(model, Some(&problem), out),
        // Nothing listens yet, or it was opened just now.
        Err(None) => out.message(app::Msg::warning("not now: their page is being opened")),
    }
}

/// Gives the word, which was agreed to or needs no yes.
pub(super) fn give(model: &mut Model, word: Word, out: &mut Outbox) {
    let flow = model.auth.flow.as_ref();
    let refusal = match flow {
        Some(flow) if flow.job == word.flow && flow.walk.is_none() => None,
        Some(flow) if flow.job == word.flow => Some("not sent: their page is being opened"),
        _ => Some("not sent: that sign-in has ended"),
    };
    if let Some(refusal) = refusal {
        out.message(app::Msg::warning(refusal));
        return;
    }
    let job = model.new_job();
    if let Some(flow) = &mut model.auth.flow {
        flow.walk = Some(job);
    }
    out.effect(app::Effect::Auth(Effect::Vouch {
        job,
        page: word.page,
        url: word.url,
        body: word.body,
        client_id: model.profiles.current.client_id.clone(),
        is_walked: model.profiles.is_built_in(),
    }));
}

/// The question whether to give `word` on production: about whom, and what it spares them.
fn question(model: &Model, user: UserKey, endpoint: &Endpoint, word: Word) -> Confirm {
    let mut lines = vec![
        format!("{}: {ENDPOINT}", endpoint.summary),
        format!("{} {}", endpoint.method.as_str(), word.url),
    ];
    if let (Some(person), Some((_, id))) = (model.users.get(user), subject(model, user)) {
        lines.push(format!("vouches for {} ({id})", person.label()));
        lines.push(format!("customer id {}", person.customer_id));
    }
    let title = format!("Send to production as {}?", model.profiles.current.name);
    let confirmed = app::Msg::Auth(Msg::VouchConfirmed(word));
    Confirm {
        is_typed: true,
        ..Confirm::new(title, lines, "send", confirmed)
    }
}

/// What is said to `endpoint`, and for which sign-in.
fn prepare(model: &Model, user: UserKey, endpoint: &Endpoint) -> Result<Word, Option<Problem>> {
    let flow = model.auth.flow.as_ref().filter(|flow| flow.walk.is_none());
    let (flow, page) = flow.zip(model.auth.flow_url()).ok_or(None)?;
    let profile = &model.profiles.current;
    let hosts = profile.hosts.as_ref().ok_or(None)?;
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
    Ok(Word {
        flow: flow.job,
        page,
        url: format!("{}{}", hosts.api, endpoint.path),
        body: body.to_string(),
    })
}
