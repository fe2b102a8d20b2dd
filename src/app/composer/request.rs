//! A request being composed: its form and the text of its body, each made anew from the other.

use crate::app::composer::{Fault, Input, Place, body, own};
use crate::domain::{Body, Call, Draft, Endpoint, EndpointId, IDEMPOTENCY_KEY, UserKey};

/// A request being composed.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What it calls.
    pub call: Call,
    /// On whose behalf.
    pub user: Option<UserKey>,
    /// The form.
    pub inputs: Vec<Input>,
    /// The text of the body, as it will go out.
    pub raw: String,
    /// Where the text of the body breaks; the form keeps what it had before.
    pub fault: Option<Fault>,
    /// The field that kept the request from being sent, until it is typed in.
    pub wrong: Option<usize>,
    /// The idempotency key of the call that it was made from.
    pub key: Option<String>,
    /// The field whose value is the first that is listed, once that has come, unless something is typed there.
    pub(super) awaits: Option<usize>,
    /// Members of the body that the form does not know.
    unknown: Vec<(Vec<String>, String)>,
}

impl Request {
    /// A request with this form, and nothing else yet.
    pub(super) fn new(call: Call, user: Option<UserKey>, mut inputs: Vec<Input>) -> Self {
        own::make_room(&mut inputs);
        Self {
            call: own::call(&inputs).map_or(call, |(call, _)| call),
            user,
            inputs,
            raw: String::new(),
            fault: None,
            wrong: None,
            key: None,
            awaits: None,
            unknown: Vec::new(),
        }
    }

    /// Whether it calls a path of a person's own; such a request is sent as it is.
    pub fn is_free(&self) -> bool {
        self.endpoint().is_none()
    }

    /// The endpoint that it calls, if it is one of the catalogue.
    pub fn endpoint(&self) -> Option<&EndpointId> {
        self.call.endpoint()
    }

    /// Whether there is a body to type; nothing goes into one that the endpoint does not take.
    pub fn takes_body(&self) -> bool {
        self.is_free() || self.has_body_form() || !self.raw.is_empty()
    }

    fn has_body_form(&self) -> bool {
        self.inputs.iter().any(|input| input.place == Place::Body)
    }

    /// Whether nothing can be typed into this field: the text of the body breaks, and would be lost by spelling it anew.
    pub fn is_held(&self, index: usize) -> bool {
        let is_of_body = |input: &Input| input.place == Place::Body;
        self.fault.is_some()
            && !self.raw.trim().is_empty()
            && self.inputs.get(index).is_some_and(is_of_body)
    }

    /// Takes what was typed into a field.
    pub(super) fn typed(&mut self, index: usize, text: String) {
        if self.is_held(index) {
            return;
        }
        let input = self.inputs.get_mut(index);
        let is_of_body = input.map(|input| {
            input.text = text;
            input.place == Place::Body
        });
        self.wrong = None;
        if is_of_body == Some(true) {
            self.write_raw();
        }
        own::make_room(&mut self.inputs);
        if let Some((call, _)) = own::call(&self.inputs) {
            self.call = call;
        }
    }

    /// Where the value that is awaited comes from, such as `accounts.id`.
    pub(super) fn awaited(&self) -> Option<&str> {
        let input = self.inputs.get(self.awaits?)?;
        input.field.from.first().map(String::as_str)
    }

    /// Takes what was awaited.
    pub(super) fn came(&mut self, value: String) {
        let Some(index) = self.awaits.take() else {
            return; // nothing was
        };
        let input = self.inputs.get(index);
        if input.is_some_and(|input| input.text.is_empty()) {
            self.typed(index, value);
        }
    }

    /// Takes the text of the body.
    pub(super) fn typed_raw(&mut self, text: String) {
        self.raw = text;
        self.wrong = None;
        self.read_raw();
    }

    /// Puts the key of the call before among the header fields, or takes it away again. Answers with whether it is there
    /// now; `None` where there is no such key.
    pub(super) fn keep_key(&mut self) -> Option<bool> {
        let key = self.key.clone()?;
        if let Some(at) = self.position(Place::Header, IDEMPOTENCY_KEY) {
            self.inputs.remove(at);
            return Some(false);
        }
        let headers = self.inputs.iter();
        let first = headers.take_while(|input| input.place != Place::Header);
        let field = own::pair(Place::Header, IDEMPOTENCY_KEY, &key);
        self.inputs.insert(first.count(), field);
        Some(true)
    }

    /// Takes over what `draft` has for the fields, and the rest of its query and header as pairs.
    pub(super) fn fill(&mut self, draft: &Draft) {
        let mut query = draft.query.clone();
        for input in &mut self.inputs {
            let label = input.label();
            match input.place {
                Place::Path => input.text = draft.path.get(&label).cloned().unwrap_or_default(),
                Place::Query => {
                    let at = query.iter().position(|(name, _)| *name == label);
                    input.text = at.map(|at| query.remove(at).1).unwrap_or_default();
                }
                Place::Body => input.text = String::new(),
                Place::Call | Place::MoreQuery | Place::Header => {}
            }
        }
        for (place, pairs) in [(Place::MoreQuery, &query), (Place::Header, &draft.headers)] {
            let first = self.inputs.iter().position(|input| input.place == place);
            let first = first.unwrap_or(self.inputs.len());
            let pairs = pairs
                .iter()
                .map(|(name, value)| own::pair(place, name, value));
            self.inputs.splice(first..first, pairs);
        }
        if let Some(body) = &draft.body {
            self.raw = String::from_utf8_lossy(body.as_bytes()).into_owned();
            self.read_raw();
        }
    }

    /// Spells the text of the body anew from the form.
    pub(super) fn write_raw(&mut self) {
        if self.has_body_form() {
            let fields = of_place(&self.inputs, Place::Body);
            let fields =
                fields.map(|input| (input.path.as_slice(), &input.field, input.text.as_str()));
            self.raw = body::write(fields, &self.unknown);
            self.fault = None;
        }
    }

    /// Takes the form over from the text of the body, as far as it can be read.
    fn read_raw(&mut self) {
        if !self.has_body_form() {
            self.fault = body::check(&self.raw).err();
            return;
        }
        let fields: Vec<_> = of_place(&self.inputs, Place::Body)
            .map(|input| (input.path.clone(), input.field.clone()))
            .collect();
        match body::read(&self.raw, &fields) {
            Ok(mut read) => {
                let of_body = self.inputs.iter_mut();
                for input in of_body.filter(|input| input.place == Place::Body) {
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
            call: self.call.clone(),
            user: self.user,
            ..Draft::default()
        };
        if let Some((_, query)) = own::call(&self.inputs) {
            draft.query = query;
        }
        for input in self.inputs.iter().filter(|input| !input.text.is_empty()) {
            match input.place {
                Place::Path => {
                    draft.path.insert(input.label(), input.text.clone());
                }
                Place::Query => draft.query.push((input.label(), input.text.clone())),
                Place::MoreQuery => draft.query.extend(input.pair()),
                Place::Header => draft.headers.extend(input.pair()),
                Place::Call | Place::Body => {}
            }
        }
        let is_form = endpoint.form && self.has_body_form();
        draft.body = match (is_form, self.has_body_form() || !self.raw.is_empty()) {
            (true, _) => Some(Body::from(self.form_body().as_str())),
            (false, true) => Some(Body::from(self.raw.as_str())),
            (false, false) => None,
        };
        draft
    }

    fn form_body(&self) -> String {
        let of_body = of_place(&self.inputs, Place::Body).filter(|input| !input.text.is_empty());
        let pairs = of_body.map(|input| (input.label(), &input.text));
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish()
    }

    /// Which field of `place` is called `name`.
    pub(super) fn position(&self, place: Place, name: &str) -> Option<usize> {
        self.inputs.iter().position(|input| {
            input.place == place
                && match input.pair() {
                    Some((paired, _)) => paired == name,
                    None => input.label() == name,
                }
        })
    }
}

fn of_place(inputs: &[Input], place: Place) -> impl Iterator<Item = &Input> {
    inputs.iter().filter(move |input| input.place == place)
}
