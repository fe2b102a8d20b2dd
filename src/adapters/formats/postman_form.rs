//! The parts of a Postman collection that are read, as its schema 2.1 names them. Understands nothing of them.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Collection {
    pub(super) info: Info,
    pub(super) item: Vec<Item>,
    #[serde(default)]
    pub(super) auth: Option<Credential>,
    #[serde(default)]
    pub(super) event: Vec<Value>,
}

#[derive(Deserialize)]
pub(super) struct Info {
    #[serde(default)]
    pub(super) schema: String,
}

/// A folder, if it has items; else a request.
#[derive(Deserialize)]
pub(super) struct Item {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) item: Option<Vec<Item>>,
    #[serde(default)]
    pub(super) request: Option<Request>,
    #[serde(default)]
    pub(super) auth: Option<Credential>,
    #[serde(default)]
    pub(super) event: Vec<Value>,
}

/// A URL alone, or all parts.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Request {
    Url(String),
    Parts(Box<Parts>),
}

#[derive(Deserialize)]
pub(super) struct Parts {
    #[serde(default)]
    pub(super) method: Option<String>,
    #[serde(default)]
    pub(super) url: Option<Url>,
    #[serde(default)]
    pub(super) header: Option<Headers>,
    #[serde(default)]
    pub(super) body: Option<Body>,
    #[serde(default)]
    pub(super) auth: Option<Credential>,
    #[serde(default)]
    pub(super) description: Option<Text>,
}

/// A text, or an object with one.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    Plain(String),
    Object {
        #[serde(default)]
        content: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Url {
    Plain(String),
    Parts {
        #[serde(default)]
        raw: String,
        #[serde(default)]
        variable: Vec<Pair>,
        #[serde(default)]
        query: Vec<Pair>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Headers {
    List(Vec<Pair>),
    Lines(String),
}

#[derive(Clone, Deserialize)]
pub(super) struct Pair {
    #[serde(default)]
    pub(super) key: Option<String>,
    #[serde(default)]
    pub(super) value: Value,
    #[serde(default)]
    pub(super) disabled: bool,
}

impl Pair {
    pub(super) fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }

    pub(super) fn value(&self) -> String {
        match &self.value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    pub(super) mode: String,
    #[serde(default)]
    pub(super) raw: Option<String>,
    #[serde(default)]
    pub(super) urlencoded: Vec<Pair>,
    #[serde(default)]
    pub(super) options: Value,
    #[serde(default)]
    pub(super) disabled: bool,
}

#[derive(Clone, Deserialize)]
pub(super) struct Credential {
    #[serde(rename = "type")]
    pub(super) kind: String,
}
