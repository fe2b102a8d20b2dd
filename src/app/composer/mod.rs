//! The request that is being composed: a form and a text that stay in step, until it is sent or put away.

mod body;
mod form;

#[cfg(test)]
mod tests;

pub use body::Fault;
pub use form::{Input, Place};

use crate::app::{self, Modal, Model, Outbox};
use crate::catalog::{Part, check_draft};
use crate::domain::{Body, Draft, Endpoint, EndpointId, UserKey};

/// What is being composed, if anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Composer {
    /// The newest request that was composed; kept when it is put away, so that nothing typed is lost.
    pub request: Option<Request>,
}

/// A request being composed.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Which endpoint it calls.
    pub endpoint: EndpointId,
    /// On whose behalf.
    pub user: Option<UserKey>,
    /// The form.
    pub inputs: Vec<Input>,
    /// Header fields beside those that the program adds.
    pub headers: Vec<(String, String)>,
    /// The text of the body, as it will go out.
    pub raw: String,
    /// Where the text of the body breaks; the form keeps what it had before.
    pub fault: Option<Fault>,
    /// The field that kept the request from being sent, until it is typed in.
    pub wrong: Option<usize>,
    /// Members of the body that the form does not know.
    unknown: Vec<(Vec<String>, String)>,
}

/// What may happen to the request that is composed.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Compose a call of this endpoint, with these values filled in by the label of their field.
    Open {
        /// Which endpoint.
        endpoint: EndpointId,
        /// Label and value.
        values: Vec<(String, String)>,
    },
    /// Compose a request like this one.
    OpenDraft(Draft),
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

impl Request {
    /// Where what is typed goes; nothing goes into a body that the endpoint does not take.
    fn has_body(&self) -> bool {
        self.inputs.iter().any(|input| input.place == Place::Body)
    }

    /// Spells the text of the body anew from the form.
    fn write_raw(&mut self) {
        if self.has_body() {
            let fields = self
                .inputs
                .iter()
                .filter(|input| input.place == Place::Body);
            let fields =
                fields.map(|input| (input.path.as_slice(), &input.field, input.text.as_str()));
            self.raw = body::write(fields, &self.unknown);
            self.fault = None;
        }
    }

    /// Takes the form over from the text of the body, as far as it can be read.
    fn read_raw(&mut self) {
        let of_body = self
            .inputs
            .iter()
            .filter(|input| input.place == Place::Body);
        let fields: Vec<_> = of_body
            .map(|input| (input.path.clone(), input.field.clone()))
            .collect();
        match body::read(&self.raw, &fields) {
            Ok(mut read) => {
                for input in self
                    .inputs
                    .iter_mut()
                    .filter(|input| input.place == Place::Body)
                {
                    input.text = read.known.remove(&input.path).unwrap_or_default();
                }
                self.unknown = read.unknown;
                self.fault = None;
            }
            Err(fault) => self.fault = Some(fault),
        }
    }

    /// The request as it will be sent.
    pub fn draft(&self, endpoint: &Endpoint) -> Draft {
        let mut draft = Draft {
            call: self.endpoint.clone().into(),
            user: self.user,
            headers: self.headers.clone(),
            ..Draft::default()
        };
        for input in self.inputs.iter().filter(|input| !input.text.is_empty()) {
            match input.place {
                Place::Path => {
                    draft.path.insert(input.label(), input.text.clone());
                }
                Place::Query => draft.query.push((input.label(), input.text.clone())),
                Place::Body => {}
            }
        }
        if self.has_body() {
            draft.body = Some(match endpoint.form {
                true => Body::from(self.form_body().as_str()),
                false => Body::from(self.raw.as_str()),
            });
        }
        draft
    }

    fn form_body(&self) -> String {
        let of_body = self
            .inputs
            .iter()
            .filter(|input| input.place == Place::Body && !input.text.is_empty());
        let pairs = of_body.map(|input| (input.label(), &input.text));
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish()
    }

    fn position(&self, place: Place, label: &str) -> Option<usize> {
        self.inputs
            .iter()
            .position(|input| input.place == place && input.label() == label)
    }
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
            if let Some(mut request) = blank(model, &endpoint, out) {
                for input in &mut request.inputs {
                    if let Some(value) = values(&input.label()) {
                        input.text = value;
                    }
                }
                request.write_raw();
                show(model, request, out);
            }
        }
        Msg::OpenDraft(draft) => open_draft(model, &draft, out),
        Msg::Typed { input, text } => {
            let Some(request) = &mut model.composer.request else {
                return; // put away meanwhile
            };
            if let Some(input) = request.inputs.get_mut(input) {
                input.text = text;
            }
            request.wrong = None;
            request.write_raw();
        }
        Msg::TypedRaw(text) => {
            if let Some(request) = &mut model.composer.request {
                request.raw = text;
                request.wrong = None;
                request.read_raw();
            }
        }
        Msg::Send => send(model, out),
    }
}

/// An empty form for `id`, on behalf of the selected test user.
fn blank(model: &Model, id: &EndpointId, out: &mut Outbox) -> Option<Request> {
    let Some(endpoint) = model.catalog.endpoint(id) else {
        out.message(app::Msg::warning(format!("no endpoint is called {id}")));
        return None;
    };
    Some(Request {
        endpoint: id.clone(),
        user: model.users.selected,
        inputs: form::inputs(endpoint, &model.catalog),
        headers: Vec::new(),
        raw: String::new(),
        fault: None,
        wrong: None,
        unknown: Vec::new(),
    })
}

fn open_draft(model: &mut Model, draft: &Draft, out: &mut Outbox) {
    let Some(id) = draft.call.endpoint() else {
        out.message(app::Msg::warning("a path of your own cannot be edited yet"));
        return;
    };
    let Some(mut request) = blank(model, id, out) else {
        return; // said so
    };
    request.headers.clone_from(&draft.headers);
    request.user = draft.user.or(request.user);
    for input in &mut request.inputs {
        let label = input.label();
        input.text = match input.place {
            Place::Path => draft.path.get(&label).cloned().unwrap_or_default(),
            Place::Query => draft
                .query
                .iter()
                .find(|(name, _)| *name == label)
                .map(|(_, value)| value.clone())
                .unwrap_or_default(),
            Place::Body => String::new(),
        };
    }
    if let Some(body) = &draft.body {
        request.raw = String::from_utf8_lossy(body.as_bytes()).into_owned();
        request.read_raw();
    }
    show(model, request, out);
}

fn show(model: &mut Model, request: Request, out: &mut Outbox) {
    model.composer.request = Some(request);
    out.message(app::Msg::open(Modal::Composer));
}

/// Sends the request, or names what is wrong with it and sends nothing.
fn send(model: &mut Model, out: &mut Outbox) {
    let Some(request) = &mut model.composer.request else {
        return; // put away meanwhile
    };
    let Some(endpoint) = model.catalog.endpoint(&request.endpoint) else {
        return; // it was there when the form was made
    };
    if let Some(fault) = &request.fault {
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
    let draft = request.draft(endpoint);
    let Some(first) = check_draft(endpoint, &model.catalog, &draft)
        .into_iter()
        .next()
    else {
        out.message(app::Msg::close_composer());
        out.message(app::Msg::send(draft));
        return;
    };
    let place = match first.part {
        Part::Path => Place::Path,
        Part::Query | Part::Header => Place::Query,
        Part::Body => Place::Body,
    };
    let path = if first.problem.path.is_empty() {
        "the body".into()
    } else {
        first.problem.path
    };
    request.wrong = request.position(place, &path);
    out.message(app::Msg::warning(format!(
        "{path}: {}",
        first.problem.message
    )));
}
