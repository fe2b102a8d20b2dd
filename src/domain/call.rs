//! What a request calls: an endpoint of the catalogue, or a path of a person's own.

use std::fmt;

use crate::domain::{Auth, EndpointId, Host, Method};

/// What a request calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// An endpoint of the catalogue.
    Endpoint(EndpointId),
    /// A path as it was typed; whatever the catalogue knows of it is not needed to call it.
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

impl Call {
    /// The endpoint that is named; none for a path.
    pub fn endpoint(&self) -> Option<&EndpointId> {
        match self {
            Self::Endpoint(id) => Some(id),
            Self::Path { .. } => None,
        }
    }
}

/// The name of the endpoint, or method and path.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(id) => id.fmt(f),
            Self::Path { method, path, .. } => write!(f, "{} {path}", method.as_str()),
        }
    }
}

impl From<EndpointId> for Call {
    fn from(id: EndpointId) -> Self {
        Self::Endpoint(id)
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
