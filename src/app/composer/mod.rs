//! The request that is being composed: a form and a text that stay in step, until it is sent or put away.

mod body;
mod form;
mod own;
mod request;

#[cfg(test)]
mod tests;

pub use body::Fault;
pub use form::{Input, Place};
pub use request::Request;

use crate::app::{self, Modal, Model, Outbox};
use crate::catalog::{Catalog, Part, check_draft};
use crate::domain::{Call, Draft, Endpoint, EndpointId};

/// Where a request of a person's own begins.
const ANY_PATH: &str = "GET /v1/";

/// What is being composed, if anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Composer {
    /// The newest request that was composed; kept when it is put away, so that nothing typed is lost.
    pub request: Option<Request>,
}

/// What may happen to the request that is composed.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Compose a call of this endpoint, with these values filled in by the label of their field. An empty one is the first that
    /// is listed of what the field can hold, once that has come.
    Open {
        /// Which endpoint.
        endpoint: EndpointId,
        /// Label and value.
        values: Vec<(String, String)>,
    },
    /// Compose a request that the catalogue does not know, where something like `GET /v1/accounts` was typed.
    OpenOwn(String),
    /// Compose a request like this one.
    OpenDraft(Draft),
    /// Compose a request like this one, which was sent with this idempotency key.
    OpenAgain {
        /// What was sent.
        draft: Draft,
        /// With which key, if with one.
        key: Option<String>,
    },
    /// Send it with the key of the call before, so that it is carried out once in all; or with a new one again.
    KeepKey,
    /// This was typed into a field.
    Typed {
        /// Which field of the form.
        input: usize,
        /// What it holds now.
        text: String,
    },
    /// This is the text of the body now.
    TypedRaw(String),
    /// Send it, if nothing is wrong with it.
    Send,
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    match msg {
        Msg::Open { endpoint, values } => {
            let values = |label: &str| {
                values
                    .iter()
                    .find(|(name, _)| name == label)
                    .map(|(_, value)| value.clone())
            };
            if let Some(mut request) = blank(model, &endpoint.into(), out) {
                for (index, input) in request.inputs.iter_mut().enumerate() {
                    if let Some(value) = values(&input.label()) {
                        if value.is_empty() {
                            request.awaits = Some(index);
                        }
                        input.text = value;
                    }
                }
                request.write_raw();
                show(model, request, out);
            }
        }
        Msg::OpenDraft(draft) => open_draft(model, &draft, None, out),
        Msg::OpenAgain { draft, key } => open_draft(model, &draft, key, out),
        Msg::KeepKey => {
            let request = model.composer.request.as_mut();
            out.message(match request.and_then(Request::keep_key) {
                Some(true) => {
                    app::Msg::notice("it goes with the key of the call before: both are one order")
                }
                Some(false) => app::Msg::notice("it goes with a key of its own: it is a new order"),
                None => {
                    app::Msg::warning("no call before this one was sent with an idempotency key")
                }
            });
        }
        Msg::OpenOwn(text) => {
            let call = Call::parse(&text).or_else(|| Call::parse(ANY_PATH));
            let call = call.unwrap_or_default();
            open_draft(
                model,
                &Draft {
                    call,
                    ..Draft::default()
                },
                None,
                out,
            );
        }
        Msg::Typed { input, text } => {
            if let Some(request) = &mut model.composer.request {
                request.typed(input, text);
            }
        }
        Msg::TypedRaw(text) => {
            if let Some(request) = &mut model.composer.request {
                request.typed_raw(text);
            }
        }
        Msg::Send => send(model, out),
    }
}

/// An empty form for `call`, on behalf of the selected test user.
fn blank(model: &Model, call: &Call, out: &mut Outbox) -> Option<Request> {
    let mut inputs = own::call_inputs(call);
    if let Some(id) = call.endpoint() {
        let Some(endpoint) = model.catalog.endpoint(id) else {
            out.message(app::Msg::warning(format!("no endpoint is called {id}")));
            return None;
        };
        inputs = form::inputs(endpoint, &model.catalog);
    }
    Some(Request::new(call.clone(), model.users.selected, inputs))
}

fn open_draft(model: &mut Model, draft: &Draft, key: Option<String>, out: &mut Outbox) {
    if let Some(mut request) = blank(model, &draft.call, out) {
        request.user = draft.user.or(request.user);
        request.fill(draft);
        request.key = key;
        show(model, request, out);
    }
}

fn show(model: &mut Model, request: Request, out: &mut Outbox) {
    ask_for_values(model, &request, out);
    model.composer.request = Some(request);
    answered(model);
    out.message(app::Msg::open(Modal::Composer));
}

/// Asks for the list that holds what is awaited, where nobody has asked yet.
fn ask_for_values(model: &Model, request: &Request, out: &mut Outbox) {
    let user = request.user;
    let (Some(user), Some(from)) = (
        user.filter(|user| model.auth.grant(*user).is_some()),
        request.awaited(),
    ) else {
        return; // nothing is listed to nobody
    };
    let list = list_of(from).filter(|list| model.catalog.endpoint(list).is_some());
    if let Some(list) = list.filter(|list| model.resources.list(user, list.as_str()).is_none()) {
        out.message(app::Msg::list(user, list));
    }
}

/// The endpoint that lists what `from` names a field of: `accounts.list` of `accounts.id`.
fn list_of(from: &str) -> Option<EndpointId> {
    let (resource, _) = from.split_once('.')?;
    Some(EndpointId::new(format!("{resource}.list")))
}

/// Fills in what is awaited, if that has come.
pub(crate) fn answered(model: &mut Model) {
    let Some(request) = &mut model.composer.request else {
        return; // nothing is being composed
    };
    let first = request.awaited().and_then(|from| {
        let list = model
            .resources
            .list(request.user?, list_of(from)?.as_str())?;
        let (_, field) = from.split_once('.')?;
        list.text(0, field).map(Into::into)
    });
    if let Some(first) = first {
        request.came(first);
    }
}

/// Sends the request, or names what is wrong with it and sends nothing.
fn send(model: &mut Model, out: &mut Outbox) {
    let Some(request) = &mut model.composer.request else {
        return; // put away meanwhile
    };
    let Ok(endpoint) = model.catalog.called(&request.call) else {
        return; // it was there when the form was made
    };
    if let (Some(fault), false) = (&request.fault, request.is_free()) {
        let Fault {
            line,
            column,
            reason,
        } = fault;
        out.message(app::Msg::warning(format!(
            "the body is no JSON at line {line}, column {column}: {reason}"
        )));
        return;
    }
    let draft = request.draft(&endpoint);
    let Some((wrong, message)) = first_problem(request, &endpoint, &model.catalog, &draft) else {
        out.message(app::Msg::close_composer());
        out.message(app::Msg::send(draft));
        return;
    };
    request.wrong = wrong;
    out.message(app::Msg::warning(message));
}

/// Which field is wrong first, if it is one, and what is wrong.
fn first_problem(
    request: &Request,
    endpoint: &Endpoint,
    catalog: &Catalog,
    draft: &Draft,
) -> Option<(Option<usize>, String)> {
    // What the catalogue does not know of: it would not be seen in the draft, or be another call.
    let mut own = request.inputs.iter().enumerate();
    let own = own.find_map(|(index, input)| match input.place {
        Place::Call | Place::MoreQuery | Place::Header => Some((index, input, input.problem()?)),
        _ => None,
    });
    if let Some((index, input, problem)) = own {
        return Some((Some(index), format!("{}: {problem}", input.label())));
    }
    let first = check_draft(endpoint, catalog, draft).into_iter().next()?;
    let place = match first.part {
        Part::Path => Place::Path,
        Part::Query => Place::Query,
        Part::Header => Place::Header,
        Part::Body => Place::Body,
    };
    let path = match first.problem.path.as_str() {
        "" => "the body",
        path => path,
    };
    let wrong = request.position(place, path);
    Some((wrong, format!("{path}: {}", first.problem.message)))
}
