//! A request before it is sent: what a person asks for, and what will go out.

use std::collections::BTreeMap;

use crate::domain::{Auth, Body, EndpointId, MASK, Method, UserKey};

/// A call of an endpoint with its values filled in; not yet checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Which endpoint of the catalogue.
    pub endpoint: EndpointId,
    /// Values for the `{name}` parts of its path.
    pub path: BTreeMap<String, String>,
    /// Query parameters in order.
    pub query: Vec<(String, String)>,
    /// The body as text, where the endpoint takes one.
    pub body: Option<Body>,
    /// On whose behalf; needed for bearer endpoints.
    pub user: Option<UserKey>,
}

impl Draft {
    /// A call of `endpoint` with nothing filled in.
    pub fn new(endpoint: &str) -> Self {
        Self {
            endpoint: EndpointId::new(endpoint),
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

    /// Whether anything in it was masked before it was kept: such a request cannot be sent.
    pub fn is_masked(&self) -> bool {
        let body = self
            .body
            .as_ref()
            .map(|body| String::from_utf8_lossy(body.as_bytes()));
        let values = self
            .query
            .iter()
            .map(|(_, value)| value)
            .chain(self.path.values());
        body.is_some_and(|body| body.contains(MASK))
            || values.into_iter().any(|value| value.contains(MASK))
    }
}

/// A request ready to go out, with the kind of its credential but not the credential.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prepared {
    /// HTTP method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// Header fields except `authorization`.
    pub headers: Vec<(String, String)>,
    /// The body, if one is sent.
    pub body: Option<Body>,
    /// Which credential goes with it.
    pub auth: Auth,
}

impl Prepared {
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
            .chain(self.headers.iter().cloned())
            .collect()
    }
}
