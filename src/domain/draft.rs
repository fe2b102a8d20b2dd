//! A request before it is sent: what a person asks for, and what will go out.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::{
    Auth, Body, Call, EndpointId, IDEMPOTENCY_KEY, MASK, Method, UserKey, shown_headers,
};

/// A call with its values filled in; not yet checked.
#[derive(Clone, Default, PartialEq)]
pub struct Draft {
    /// What is called.
    pub call: Call,
    /// Values for the `{name}` parts of an endpoint's path.
    pub path: BTreeMap<String, String>,
    /// Query parameters in order.
    pub query: Vec<(String, String)>,
    /// Header fields beside those that the program adds, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text, where the endpoint takes one.
    pub body: Option<Body>,
    /// On whose behalf; needed for bearer endpoints.
    pub user: Option<UserKey>,
}

impl Draft {
    /// A call of `endpoint` with nothing filled in.
    pub fn new(endpoint: &str) -> Self {
        Self {
            call: EndpointId::new(endpoint).into(),
            ..Self::default()
        }
    }

    /// Acts for `user`.
    #[must_use]
    pub fn on_behalf_of(mut self, user: UserKey) -> Self {
        self.user = Some(user);
        self
    }

    /// Fills the `{name}` part of the path.
    #[must_use]
    pub fn with_path(mut self, name: &str, value: impl Into<String>) -> Self {
        self.path.insert(name.into(), value.into());
        self
    }
}

/// A request ready to go out, with the kind of its credential but not the credential.
#[derive(Clone, PartialEq)]
pub struct Prepared {
    /// HTTP method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// Header fields except the credential of [`Prepared::auth`].
    pub headers: Vec<(String, String)>,
    /// The body, if one is sent.
    pub body: Option<Body>,
    /// Which credential goes with it.
    pub auth: Auth,
}

impl Prepared {
    /// What names the order that it is.
    pub fn idempotency_key(&self) -> Option<&str> {
        let is_key = |name: &str| name.eq_ignore_ascii_case(IDEMPOTENCY_KEY);
        let found = self.headers.iter().find(|(name, _)| is_key(name));
        found.map(|(_, value)| value.as_str())
    }

    /// All header fields as they go out, the credential masked.
    pub fn shown_headers(&self) -> Vec<(String, String)> {
        let scheme = match self.auth {
            Auth::Bearer => Some("Bearer"),
            Auth::Basic => Some("Basic"),
            Auth::None => None,
        };
        let authorization =
            scheme.map(|scheme| ("authorization".into(), format!("{scheme} {MASK}")));
        authorization
            .into_iter()
            .chain(shown_headers(&self.headers))
            .collect()
    }
}

/// Secrets in header fields are masked.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("call", &self.call)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &shown_headers(&self.headers).collect::<Vec<_>>())
            .field("body", &self.body)
            .field("user", &self.user)
            .finish()
    }
}

/// Secrets in header fields are masked.
impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &self.shown_headers())
            .field("body", &self.body)
            .field("auth", &self.auth)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_that_was_typed_into_a_header_is_shown_nowhere() {
        let headers = vec![
            ("Authorization".to_owned(), "Bearer topsecret".to_owned()),
            ("x-mine".to_owned(), "1".to_owned()),
        ];
        let draft = Draft {
            headers: headers.clone(),
            ..Draft::default()
        };
        let prepared = Prepared {
            method: Method::Get,
            url: String::new(),
            headers,
            body: None,
            auth: Auth::None,
        };
        let shown = format!("{draft:?} {prepared:?} {:?}", prepared.shown_headers());
        assert!(!shown.contains("topsecret"), "{shown}");
        assert!(shown.contains("x-mine"), "{shown}");
    }
}
