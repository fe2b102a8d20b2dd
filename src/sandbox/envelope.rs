//! How a refusal looks on the wire: the API's envelope for errors, and that of the token endpoints.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::sandbox::world::objection::Objection;

/// An answer other than the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    description: String,
    /// Where it is a token error (RFC 6749, section 5.2), its name.
    token_error: Option<&'static str>,
    /// Value of `www-authenticate`.
    challenge: Option<&'static str>,
    /// Value of `allow`.
    allowed: Option<String>,
}

/// The challenge of endpoints that ask for client id and secret.
pub(crate) const BASIC: &str = "Basic realm=\"astrascope sandbox\"";
/// The challenge of endpoints that ask for an access token.
pub(crate) const BEARER: &str = "Bearer realm=\"astrascope sandbox\"";

impl Refusal {
    /// The API's envelope with `status`.
    pub(crate) fn new(status: StatusCode, description: impl Into<String>) -> Self {
        Self {
            status,
            description: description.into(),
            token_error: None,
            challenge: None,
            allowed: None,
        }
    }

    /// 400: the request is not as the endpoint takes it.
    pub(crate) fn bad_request(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, description)
    }

    /// 401: the credential is missing or worthless.
    pub(crate) fn unauthorized(challenge: &'static str, description: impl Into<String>) -> Self {
        Self {
            challenge: Some(challenge),
            ..Self::new(StatusCode::UNAUTHORIZED, description)
        }
    }

    /// 403: the credential is good, but this is not allowed.
    pub(crate) fn forbidden(description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, description)
    }

    /// 404: there is no such thing, or it belongs to somebody else.
    pub(crate) fn not_found(description: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, description)
    }

    /// 405: the path exists, but not with this method.
    pub(crate) fn method_not_allowed(allowed: String, description: impl Into<String>) -> Self {
        Self {
            allowed: Some(allowed),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, description)
        }
    }

    /// 503: the sandbox itself cannot answer.
    pub(crate) fn unavailable(description: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, description)
    }

    /// 400 with the token endpoints' envelope.
    pub(crate) fn token(error: &'static str, description: impl Into<String>) -> Self {
        Self::bad_request(description).into_token_error(error)
    }

    /// The same refusal in the token endpoints' envelope.
    #[must_use]
    pub(crate) fn into_token_error(self, error: &'static str) -> Self {
        Self {
            token_error: Some(error),
            ..self
        }
    }

    /// The reason phrase, which is also the envelope's `name`.
    fn name(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }
}

impl From<Objection> for Refusal {
    fn from(objection: Objection) -> Self {
        match objection {
            Objection::Missing(text) => Self::not_found(text),
            Objection::Forbidden(text) => Self::forbidden(text),
            Objection::Wrong(text) => Self::bad_request(text),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = match self.token_error {
            Some(error) => json!({"error": error, "error_description": self.description}),
            None => json!({
                "code": self.status.as_u16(),
                "name": self.name(),
                "description": self.description,
            }),
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(challenge) = self.challenge {
            let value = HeaderValue::from_static(challenge);
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, value);
        }
        if let Some(value) = self
            .allowed
            .and_then(|allowed| HeaderValue::try_from(allowed).ok())
        {
            response.headers_mut().insert(header::ALLOW, value);
        }
        response
    }
}
