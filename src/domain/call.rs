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
    /// Reads what a person types for a call: `DELETE /v1/cards/1`, or a path alone, which is got. A query stays with the path.
    pub fn parse(text: &str) -> Option<Self> {
        let (method, path) = match text.trim().split_once(char::is_whitespace) {
            Some((method, path)) => (Method::parse(&method.to_uppercase())?, path.trim_start()),
            None => (Method::Get, text.trim()),
        };
        let is_path = path.starts_with('/') && !path.contains(char::is_whitespace);
        is_path.then(|| Self::Path {
            method,
            path: path.to_owned(),
            host: Host::default(),
            auth: Auth::default(),
        })
    }

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
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// Reads a method as it stands in a request line.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_as_a_person_types_it() {
        let shown = |text: &str| Call::parse(text).map(|call| call.to_string());
        assert_eq!(
            shown(" delete  /v1/cards/1 ").as_deref(),
            Some("DELETE /v1/cards/1")
        );
        assert_eq!(shown("/v9?a=b").as_deref(), Some("GET /v9?a=b"));
        for text in [
            "",
            "accounts",
            "list accounts",
            "GET",
            "FETCH /x",
            "GET /a b",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
