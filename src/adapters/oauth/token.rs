//! The token endpoint: exchanges a code, renews tokens, and puts refusals into words. Keeps nothing.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::adapters::credentials::Tokens;
use crate::adapters::http::{Client, Credential};
use crate::adapters::oauth::masking::{masked_body, masked_text};
use crate::domain::{
    Auth, Body, Grant, MASK, Method, Prepared, Problem, Response, Secret, Timestamp,
};

/// For an answer without `expires_in`, which RFC 6749, section 5.1, allows: what Astra's tokens are seen to live. A
/// token that runs out earlier is renewed when a call is refused.
const USUAL_LIFE: Duration = Duration::from_secs(2 * 60 * 60);

/// No token is trusted for longer than a year, whatever the server says.
const LONGEST_LIFE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A request to the token endpoint, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// The token endpoint.
    pub url: String,
    /// Identifies the application.
    pub client_id: String,
    /// The redirect URI of the authorization: Astra asks for the same one on renewal.
    pub redirect_uri: String,
}

/// What became of it. Everything but the tokens in `result` may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenReply {
    /// What was sent, secrets masked.
    pub request: Prepared,
    /// What was answered, secrets masked; `None` if no whole answer came.
    pub response: Option<Response>,
    /// When it was sent.
    pub started_at: Timestamp,
    /// The tokens and what they allow; or why there are none, and whether Astra has decided so: otherwise it may work
    /// later.
    pub result: Result<(Tokens, Grant), (Problem, bool)>,
}

/// What is presented.
struct Presented<'a> {
    grant_type: &'static str,
    field: &'static str,
    secret: &'a Secret,
    /// Kept if the answer brings no new one (RFC 6749, section 6).
    refresh_token: Option<&'a Secret>,
}

/// Exchanges an authorization code for tokens (RFC 6749, section 4.1.3).
pub async fn exchange(
    client: &Client,
    request: &TokenRequest,
    code: &Secret,
    client_secret: &Secret,
    now: impl Fn() -> Timestamp,
) -> TokenReply {
    let presented = Presented {
        grant_type: "authorization_code",
        field: "code",
        secret: code,
        refresh_token: None,
    };
    present(client, request, &presented, client_secret, now).await
}

/// Renews tokens (RFC 6749, section 6).
pub async fn refresh(
    client: &Client,
    request: &TokenRequest,
    refresh_token: &Secret,
    client_secret: &Secret,
    now: impl Fn() -> Timestamp,
) -> TokenReply {
    let presented = Presented {
        grant_type: "refresh_token",
        field: "refresh_token",
        secret: refresh_token,
        refresh_token: Some(refresh_token),
    };
    present(client, request, &presented, client_secret, now).await
}

async fn present(
    client: &Client,
    request: &TokenRequest,
    presented: &Presented<'_>,
    client_secret: &Secret,
    now: impl Fn() -> Timestamp,
) -> TokenReply {
    let escaped: Zeroizing<String> =
        Zeroizing::new(byte_serialize(presented.secret.reveal().as_bytes()).collect());
    let outgoing = prepared(request, Body::new(form(request, presented, &escaped)));
    let shown = prepared(request, Body::new(form(request, presented, MASK)));
    let credential = Credential::Basic {
        client_id: request.client_id.clone(),
        client_secret: client_secret.clone(),
    };
    let started_at = now();
    let called = client.call(&outgoing, credential).await;
    let pair = Zeroizing::new(format!("{}:{}", request.client_id, client_secret.reveal()));
    let basic = Secret::new(STANDARD.encode(pair.as_bytes())); // as it stands in the header that was sent
    let sent = [presented.secret, client_secret, &basic];
    let (response, result) = match called {
        Err(problem) => (None, Err((problem, false))),
        Ok(response) => {
            let result = read(&response, request, presented, now(), &sent);
            let body = masked_body(&response.body, &sent);
            let headers = masked_headers(&response.headers, &sent, &result);
            (
                Some(Response {
                    body,
                    headers,
                    ..response
                }),
                result,
            )
        }
    };
    TokenReply {
        request: shown,
        response,
        started_at,
        result,
    }
}

/// The header fields of the answer without any secret that a server may repeat there, and without its cookies.
fn masked_headers(
    headers: &[(String, String)],
    sent: &[&Secret],
    result: &Result<(Tokens, Grant), (Problem, bool)>,
) -> Vec<(String, String)> {
    let mut secrets = sent.to_vec();
    if let Ok((tokens, _)) = result {
        secrets.extend([&tokens.access, &tokens.refresh]);
    }
    let mask = |(name, value): &(String, String)| {
        let value = match name.as_str() {
            "set-cookie" => MASK.to_owned(),
            _ => masked_text(value, &secrets),
        };
        (name.clone(), value)
    };
    headers.iter().map(mask).collect()
}

fn prepared(request: &TokenRequest, body: Body) -> Prepared {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Prepared {
        method: Method::Post,
        url: request.url.clone(),
        headers: vec![
            header("accept", "application/json"),
            header("content-type", "application/x-www-form-urlencoded"),
        ],
        body: Some(body),
        auth: Auth::Basic,
    }
}

/// The form, with `value` (escaped, or a mask) in the place of the secret. Wiped when the body is dropped.
fn form(request: &TokenRequest, presented: &Presented<'_>, value: &str) -> Zeroizing<String> {
    let redirect_uri: String = byte_serialize(request.redirect_uri.as_bytes()).collect();
    Zeroizing::new(format!(
        "grant_type={}&{}={value}&redirect_uri={redirect_uri}",
        presented.grant_type, presented.field
    ))
}

/// Reads an answer of any status.
fn read(
    response: &Response,
    request: &TokenRequest,
    presented: &Presented<'_>,
    now: Timestamp,
    sent: &[&Secret],
) -> Result<(Tokens, Grant), (Problem, bool)> {
    let value: Value = serde_json::from_slice(response.body.as_bytes()).unwrap_or_default();
    if !response.is_success() {
        return Err(refusal(response.status, &value, presented, sent));
    }
    let secret = |name: &str| {
        let text = value.get(name)?.as_str()?;
        (!text.is_empty()).then(|| Secret::new(text))
    };
    let Some(access) = secret("access_token") else {
        let problem = Problem::new("the token endpoint answered without a token")
            .because("there is no access_token in its answer")
            .hint("look at the answer in the Inspector, and check token_path in the profile");
        return Err((problem, false));
    };
    let kept = || presented.refresh_token.cloned().unwrap_or_default();
    let refresh = secret("refresh_token").unwrap_or_else(kept);
    let life = value.get("expires_in").and_then(seconds);
    let grant = Grant {
        obtained_at: now,
        expires_at: now.after(life.unwrap_or(USUAL_LIFE)),
        can_refresh: !refresh.is_empty(),
        redirect_uri: request.redirect_uri.clone(),
    };
    Ok((Tokens { access, refresh }, grant))
}

/// A number of seconds; some servers put it into quotes or give it a fraction. A negative one means that the token has run
/// out already, and a huge one only that it lasts for long.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds: f64 = match value {
        Value::String(text) => text.trim().parse().ok()?,
        other => other.as_f64()?,
    };
    let longest = LONGEST_LIFE.as_secs_f64();
    Duration::try_from_secs_f64(seconds.clamp(0.0, longest)).ok()
}

fn code_refused() -> Problem {
    Problem::new("the authorization code was refused").hint(
        "start the sign-in again: a code works once, for a few minutes, with its own redirect URI",
    )
}

/// Puts a refusal (RFC 6749, section 5.2, or Astra's own form of error) into words.
fn refusal(
    status: u16,
    value: &Value,
    presented: &Presented<'_>,
    sent: &[&Secret],
) -> (Problem, bool) {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let oauth = text("error");
    let description = text("error_description").or_else(|| text("description"));
    let why = match (oauth.or_else(|| text("name")), description) {
        (Some(error), Some(description)) => format!("{error}: {description}"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => format!("it answered with status {status}"),
    };
    let is_renewal = presented.refresh_token.is_some();
    let problem = match (oauth, status) {
        (Some("invalid_client"), _) | (None, 401) => Problem::new(
            "the client id or the client secret is wrong",
        )
        .hint("check both against Astra's dashboard; they differ between sandbox and production"),
        (Some("invalid_grant"), _) if is_renewal => {
            Problem::new("the refresh token is no longer good")
                .hint("press a to sign the test user in again")
        }
        (Some("invalid_grant"), _) => code_refused(),
        (Some("unauthorized_client"), _) => Problem::new("the application may not do this")
            .hint("ask Astra to enable it for this client id"),
        (Some("invalid_request" | "unsupported_grant_type" | "invalid_scope"), _) => {
            Problem::new("the token endpoint did not understand the request")
                .hint("check redirect_uri and token_path in the profile")
        }
        (_, 429) => {
            Problem::new("too many requests for tokens").hint("wait a minute, then try again")
        }
        (_, 404 | 405) => Problem::new("there is no token endpoint")
            .hint("check api_url and token_path in the profile"),
        (_, 500..) => {
            Problem::new("the token endpoint is out of order").hint("try again in a minute")
        }
        (None, 400 | 422) if is_renewal => Problem::new("the tokens were not renewed")
            .hint("press a to sign the test user in again"),
        (None, 400 | 422) => code_refused(),
        _ => Problem::new("the token endpoint refused").hint("look at the answer in the Inspector"),
    };
    let is_final = (400..500).contains(&status) && status != 429 && oauth.is_some();
    (problem.because(masked_text(&why, sent)), is_final)
}
