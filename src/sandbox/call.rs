//! A call that has passed the gate: who makes it and with which values, ready to be answered.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::domain::Endpoint;

/// Who calls, as their credential says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Anybody: the endpoint asks for no credential.
    Anybody,
    /// The application itself.
    Application,
    /// The application, for the user with this id.
    User(String),
}

/// One call of an endpoint of the catalogue, its values checked against the catalogue.
pub(crate) struct Call<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) caller: Caller,
    /// Values of the `{name}` parts of the path.
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) query: BTreeMap<String, String>,
    /// The fields of the body; texts where it was a form.
    pub(crate) body: Map<String, Value>,
}

impl Call<'_> {
    /// The id of the user on whose behalf it is made; empty where it is made for nobody, which owns nothing.
    pub(crate) fn user(&self) -> &str {
        match &self.caller {
            Caller::User(id) => id,
            Caller::Application | Caller::Anybody => "",
        }
    }

    /// A part of the path.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// A text of the body, where it is there and says something.
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        self.text(name)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    /// Whether a field of the body is `true`.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.body.get(name) == Some(&Value::Bool(true))
    }

    /// A number of the body, where it is there.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.body.get(name).and_then(Value::as_f64)
    }

    /// The text `name` of the object `object` in the body, where both are there.
    pub(crate) fn text_in(&self, object: &str, name: &str) -> Option<&str> {
        self.body.get(object)?.get(name)?.as_str()
    }

    /// A text of the body, where it is there.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }
}
