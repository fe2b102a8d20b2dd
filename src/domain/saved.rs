//! A request that is kept to be sent again, and what is expected of its answer. Does not know how or where it is kept.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::domain::{Auth, Body, Draft, EndpointId, Host, Method, Problem};

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

/// What a saved request calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// An endpoint of the catalogue.
    Endpoint(EndpointId),
    /// A path that the catalogue does not know.
    Path {
        /// HTTP method.
        method: Method,
        /// Path without a query, from its slash on.
        path: String,
        /// Which host of the profile.
        host: Host,
        /// Which credential goes with it.
        auth: Auth,
    },
}

impl Default for Call {
    fn default() -> Self {
        Self::Endpoint(EndpointId::default())
    }
}

impl Method {
    /// Reads a method as it stands in a request line.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|method| method.as_str() == text)
    }
}

/// The name of a saved request: `folder/name`. It is also the path of a file, and cannot lead out of its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestName(String);

/// Longest part of a name in bytes: most file systems take 255, of which the ending and a temporary file need some.
const LONGEST_PART: usize = 200;

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

impl RequestName {
    /// Reads a name such as `routines/create`.
    ///
    /// # Errors
    /// When a part of it would be no safe name of a file or folder on every system.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        match text.split('/').find_map(wrong_part) {
            None => Ok(Self(text.to_owned())),
            Some(why) => Err(
                Problem::new(format!("{text:?} cannot be the name of a request"))
                    .because(why)
                    .hint("use letters, digits, dashes, and / between folders"),
            ),
        }
    }

    /// A name made of any words, one of `folders` a part: lower case, with dashes, so that `{{requests.the-name.body.id}}`
    /// can refer to it.
    pub fn from_words<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let slugs: Vec<String> = parts.into_iter().map(slug).collect();
        match slugs.is_empty() {
            true => Self(slug("")),
            false => Self(slugs.join("/")),
        }
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders, without the last part.
    pub fn folder(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(folder, _)| folder)
    }

    /// The last part.
    pub fn base(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// This name with `-2`, `-3` … behind it.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        Self(format!("{}-{number}", self.0))
    }
}

impl fmt::Display for RequestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn wrong_part(part: &str) -> Option<String> {
    let stem = part.split('.').next().unwrap_or_default();
    let is_odd = |c: &char| c.is_control() || "<>:\"\\|?*".contains(*c);
    if part.is_empty() {
        Some("a part of it is empty".into())
    } else if part.len() > LONGEST_PART {
        Some(format!("a part of it is longer than {LONGEST_PART} bytes"))
    } else if part.starts_with(['.', ' ']) || part.ends_with(['.', ' ']) {
        Some("a part of it begins or ends with a dot or a space".into())
    } else if let Some(odd) = part.chars().find(is_odd) {
        Some(format!("{odd:?} cannot stand in a file name everywhere"))
    } else if DEVICES
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device))
    {
        Some(format!("{stem} is a device on Windows"))
    } else {
        None
    }
}

fn slug(words: &str) -> String {
    let mut slug = String::new();
    for c in words.chars() {
        if c.is_alphanumeric() || c == '_' {
            slug.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
            if c == '_' {
                slug.push('_');
            }
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() > LONGEST_PART / 2 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    match wrong_part(slug) {
        None => slug.to_owned(),
        Some(_) => format!("request-{slug}").trim_end_matches('-').to_owned(),
    }
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
            call: Call::Endpoint(draft.endpoint.clone()),
            path: draft.path.clone(),
            query: draft.query.clone(),
            body: draft.body.as_ref().map(text),
            ..Self::default()
        }
    }

    /// The request to compose, for nobody yet; `None` if the catalogue does not know what it calls.
    ///
    /// Headers have no place in a draft.
    pub fn to_draft(&self) -> Option<Draft> {
        let Call::Endpoint(endpoint) = &self.call else {
            return None;
        };
        Some(Draft {
            endpoint: endpoint.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            body: self.body.as_deref().map(Body::from),
            user: None,
        })
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
    use proptest::prelude::*;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for name in ["a", "routines/create", "A b/ü_1-2.x"] {
            assert_eq!(RequestName::parse(name).unwrap().as_str(), name);
        }
        for name in [
            "",
            "/a",
            "a/",
            "a//b",
            "..",
            "../a",
            "a/../b",
            "./a",
            "a\\b",
            "c:a",
            "a\n",
            "nul.x",
            "LPT1",
            ".hidden",
            "a.",
            "a ",
            &"x".repeat(201),
        ] {
            assert!(RequestName::parse(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn words_become_a_name() {
        let name = RequestName::from_words(["Card → Account!", "POST /v1/routines"]);
        assert_eq!(name.as_str(), "card-account/post-v1-routines");
        assert_eq!(
            (name.folder(), name.base()),
            (Some("card-account"), "post-v1-routines")
        );
        assert_eq!(
            RequestName::from_words(["con", ""]).as_str(),
            "request-con/request"
        );
        assert_eq!(
            RequestName::from_words([]).numbered(2).as_str(),
            "request-2"
        );
    }

    #[test]
    fn a_draft_is_kept_and_taken_back() {
        let mut draft = Draft::new("accounts.get").with_path("id", "{{accounts[0].id}}");
        draft.query.push(("limit".into(), "25".into()));
        draft.body = Some(Body::from("{}"));
        let saved = SavedRequest::of_draft(RequestName::default(), &draft);
        assert_eq!(saved.to_draft(), Some(draft));
        let unknown = Call::Path {
            method: Method::Get,
            path: "/x".into(),
            host: Host::Api,
            auth: Auth::None,
        };
        assert_eq!(
            SavedRequest {
                call: unknown,
                ..saved
            }
            .to_draft(),
            None
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_words_make_a_sound_name(parts in prop::collection::vec(".{0,300}", 0..3)) {
            let name = RequestName::from_words(parts.iter().map(String::as_str));
            prop_assert!(RequestName::parse(name.as_str()).is_ok(), "{}", name);
        }
    }
}
