//! What the catalogue says of one endpoint of the API. The files in `assets/catalog` are read into these.

use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// An endpoint's name in the catalogue: `resource.verb`, such as `accounts.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(transparent)]
pub struct EndpointId(String);

impl EndpointId {
    /// Wraps a name.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the dot: what the endpoint is about.
    pub fn resource(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }
}

impl fmt::Display for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// HTTP methods that the API uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the words of RFC 9110")]
pub enum Method {
    #[default]
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As it stands in a request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Which credential an endpoint asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// The access token of one test user.
    #[default]
    Bearer,
    /// Client id and client secret.
    Basic,
    /// Nothing.
    None,
}

impl Auth {
    /// As the catalogue spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Basic => "basic",
            Self::None => "none",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Bearer, Self::Basic, Self::None]
            .into_iter()
            .find(|auth| auth.name() == name)
    }
}

/// Which of a profile's hosts serves an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Host {
    /// The ordinary API host.
    #[default]
    Api,
    /// The host for card and bank-account numbers.
    Secure,
}

impl Host {
    /// As the catalogue spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Secure => "secure",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Api, Self::Secure]
            .into_iter()
            .find(|host| host.name() == name)
    }
}

/// How sure it is that a fact of the catalogue is true of the real API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Concluded from something else; may be wrong.
    Inferred,
    /// Seen in working clients.
    Observed,
    /// Stands in Astra's documentation.
    #[default]
    Documented,
}

/// JSON type of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words of JSON schema")]
pub enum Kind {
    #[default]
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
}

/// What a string or number means beyond its JSON type; decides how it is checked and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// `2026-03-02`.
    Date,
    /// `2026-03-02T17:04:05.120000`, with or without a zone.
    DateTime,
    /// `+1` and ten digits.
    Phone,
    /// An e-mail address.
    Email,
    /// US dollars.
    Amount,
    /// An IPv4 or IPv6 address.
    Ip,
    /// An absolute URL.
    Url,
    /// Bytes in base64.
    Base64,
}

/// Reads `"a"` as `["a"]`.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Names;

    impl<'de> Visitor<'de> for Names {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name or an array of names")
        }

        fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
            Ok(vec![name.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Self::Value, A::Error> {
            let mut all = Vec::new();
            while let Some(name) = names.next_element()? {
                all.push(name);
            }
            Ok(all)
        }
    }

    deserializer.deserialize_any(Names)
}

/// One parameter of a path or query, or one field of a body.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// As it is spelled on the wire.
    pub name: String,
    /// JSON type.
    #[serde(rename = "type", default)]
    pub kind: Kind,
    /// Requests: it must be there. Answers: it is always there.
    #[serde(default)]
    pub required: bool,
    /// Whether `null` may stand in its place.
    #[serde(default)]
    pub nullable: bool,
    /// The only values that are allowed, if the list is closed.
    #[serde(rename = "enum", default)]
    pub values: Vec<String>,
    /// A regular expression that the whole value matches.
    #[serde(default)]
    pub pattern: Option<String>,
    /// What the value means.
    #[serde(default)]
    pub format: Option<Format>,
    /// Fewest characters.
    #[serde(default)]
    pub min_length: Option<usize>,
    /// Most characters.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// Least number.
    #[serde(default)]
    pub minimum: Option<f64>,
    /// Greatest number.
    #[serde(default)]
    pub maximum: Option<f64>,
    /// A value that works, written as text whatever its type.
    #[serde(default)]
    pub sample: Option<String>,
    /// Where the program can find values, the likeliest first; one may stand without brackets.
    ///
    /// `accounts.id` is the field `id` of what the endpoints of `accounts` answer, `profile.redirect_uri` a setting.
    #[serde(default, deserialize_with = "one_or_many")]
    pub from: Vec<String>,
    /// The shape of an object, or of the items of an array.
    #[serde(default)]
    pub shape: Option<String>,
    /// Masked wherever it is shown or kept: card numbers, account numbers, ssn, tokens.
    #[serde(default)]
    pub secret: bool,
    /// One line on what it is for.
    #[serde(default)]
    pub meaning: String,
    /// How sure it is.
    #[serde(default)]
    pub confidence: Confidence,
}

/// A named set of fields, shared by the endpoints that take or answer it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Unique name: `account`.
    pub id: String,
    /// One line on what it is.
    #[serde(default)]
    pub meaning: String,
    /// Its fields, in the order of the documentation.
    #[serde(rename = "field", default)]
    pub fields: Vec<Field>,
}

/// How a list answers page by page. Names are data, since Astra's documentation of them is not at hand.
///
/// A name that is left out is empty: the list has no such thing, or none is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Field of the answer that holds the array.
    pub items: String,
    /// Field of the answer that holds the number of items returned.
    #[serde(default)]
    pub count: String,
    /// Field of the answer, and query parameter, that leads to the next page.
    #[serde(default)]
    pub cursor: String,
    /// Field of the answer that says whether there is a next page.
    #[serde(default)]
    pub more: String,
    /// Query parameter for the size of a page.
    #[serde(default)]
    pub size: String,
}

/// One operation of the API.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// Unique name.
    pub id: EndpointId,
    /// HTTP method.
    pub method: Method,
    /// Path with `{name}` parts.
    pub path: String,
    /// One line on what it does.
    pub summary: String,
    /// More on it: rules, limits, next steps.
    #[serde(default)]
    pub details: String,
    /// Credential.
    pub auth: Auth,
    /// Host.
    #[serde(default)]
    pub host: Host,
    /// What is said of whether it changes anything at Astra; see [`Endpoint::writes`].
    #[serde(default)]
    pub writes: Option<bool>,
    /// Whether the body is `application/x-www-form-urlencoded` instead of JSON.
    #[serde(default)]
    pub form: bool,
    /// Whether an `Idempotency-Key` header is taken.
    #[serde(default)]
    pub idempotent: bool,
    /// Status of success.
    pub success: u16,
    /// Parts of the path.
    #[serde(rename = "parameter", default)]
    pub parameters: Vec<Field>,
    /// Query parameters.
    #[serde(default)]
    pub query: Vec<Field>,
    /// Fields of the body.
    #[serde(default)]
    pub body: Vec<Field>,
    /// Fields of the body of which exactly one must be there.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// Shape of the answer, or of its items for a list; none where the answer is empty or not known.
    #[serde(default)]
    pub answer: Option<String>,
    /// How it pages, if it is a list.
    #[serde(default)]
    pub list: Option<Paging>,
    /// How sure it is that the endpoint is as described.
    #[serde(default)]
    pub confidence: Confidence,
}

impl Endpoint {
    /// Whether it changes anything at Astra. What nothing is said of does, unless it only gets; PUT, PATCH and DELETE always do.
    pub fn writes(&self) -> bool {
        match self.method {
            Method::Put | Method::Patch | Method::Delete => true,
            Method::Get | Method::Post => self.writes.unwrap_or(self.method != Method::Get),
        }
    }
}
