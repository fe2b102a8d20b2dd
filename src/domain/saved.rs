//! A request that is kept to be sent again, and what is expected of its answer. Does not know how or where it is kept.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::{Body, Call, Draft, RequestName};

/// A saved request. Its texts may hold `{{references}}`; it never holds a secret, only a reference to one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedRequest {
    /// What it is called, with its folders.
    pub name: RequestName,
    /// What it is for, in a person's words.
    pub description: String,
    /// What is called.
    pub call: Call,
    /// Name of the profile that it was made for; any, if none.
    pub profile: Option<String>,
    /// Which test user it acts for: a name, an e-mail address or a phone number; the selected one, if none.
    pub user: Option<String>,
    /// Values for the `{name}` parts of the path.
    pub path: BTreeMap<String, String>,
    /// Query parameters in order; a name may come more than once.
    pub query: Vec<(String, String)>,
    /// Header fields beside those that the program adds, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: Option<String>,
    /// What its answer should be.
    pub expect: Expectations,
}

/// Whose folder a saved request is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// `.astrascope/requests` of the project in whose folder the program was started, or in one above.
    Project,
    /// `requests` beside the person's settings.
    #[default]
    Personal,
}

impl Place {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Personal => "yours",
        }
    }
}

/// Which saved request: its folder, and its name there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SavedKey {
    /// The folder.
    pub place: Place,
    /// The name, with its folders.
    pub name: String,
}

/// What the answer of a saved request should be. What is not named is not checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectations {
    /// HTTP status.
    pub status: Option<u16>,
    /// Longest time from sending to the last byte.
    pub longest: Option<Duration>,
    /// Whether the answer has the documented shape.
    pub shape: bool,
    /// What single fields should be, in order.
    pub fields: Vec<FieldCheck>,
}

impl Expectations {
    /// Whether nothing is expected.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the request is meant to be refused.
    pub fn is_refusal(&self) -> bool {
        self.status.is_some_and(|status| status >= 400)
    }
}

/// One check of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldCheck {
    /// Where it stands, in the grammar of references: `accounts[0].id`.
    pub path: String,
    /// What it should be.
    pub check: Check,
}

/// What a field should be.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// It is there, whatever it is.
    Exists,
    /// It is not there.
    Absent,
    /// It has this JSON type.
    Type(JsonType),
    /// It is this.
    Equals(Scalar),
    /// It is a text that this regular expression matches.
    Matches(String),
    /// It is one of these.
    OneOf(Vec<Scalar>),
}

/// The types of JSON, with `null`, and `integer` beside `number`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of JSON schema")]
pub enum JsonType {
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
    Null,
}

impl JsonType {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::String,
        Self::Number,
        Self::Integer,
        Self::Boolean,
        Self::Object,
        Self::Array,
        Self::Null,
    ];

    /// As JSON schema spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
            Self::Null => "null",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A single value to compare with.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the words of TOML")]
pub enum Scalar {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
}

impl SavedRequest {
    /// The composed request `draft` under `name`. Secrets in it are the caller's to replace.
    pub fn of_draft(name: RequestName, draft: &Draft) -> Self {
        let text = |body: &Body| String::from_utf8_lossy(body.as_bytes()).into_owned();
        Self {
            name,
            call: draft.call.clone(),
            path: draft.path.clone(),
            query: draft.query.clone(),
            headers: draft.headers.clone(),
            body: draft.body.as_ref().map(text),
            ..Self::default()
        }
    }

    /// The request to compose, for nobody yet.
    pub fn to_draft(&self) -> Draft {
        Draft {
            call: self.call.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body: self.body.as_deref().map(Body::from),
            user: None,
        }
    }

    /// Every text in which `{{references}}` are filled in, to change them all in one way.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let call = match &mut self.call {
            Call::Path { path, .. } => Some(path),
            Call::Endpoint(_) => None,
        };
        call.into_iter()
            .chain(self.path.values_mut())
            .chain(self.query.iter_mut().map(|(_, value)| value))
            .chain(self.headers.iter_mut().map(|(_, value)| value))
            .chain(self.body.as_mut())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Auth, Host, Method};

    #[test]
    fn a_draft_is_kept_and_taken_back_with_all_that_was_composed() {
        let mut draft = Draft::new("accounts.get").with_path("id", "{{accounts[0].id}}");
        draft.query.push(("limit".into(), "25".into()));
        draft.headers.push(("x-mine".into(), "1".into()));
        draft.body = Some(Body::from("{}"));
        let saved = SavedRequest::of_draft(RequestName::default(), &draft);
        assert_eq!(saved.to_draft(), draft);
        draft.call = Call::Path {
            method: Method::Get,
            path: "/x".into(),
            host: Host::Api,
            auth: Auth::None,
        };
        let saved = SavedRequest::of_draft(RequestName::default(), &draft);
        assert_eq!(saved.to_draft(), draft);
    }
}
