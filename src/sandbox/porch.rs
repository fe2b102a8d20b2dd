//! What holds for every answer, before and after its route: only this machine is answered, and each answer has its id.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};

use crate::domain::is_loopback;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::random::Random;

/// The header that Astra's support asks for; on every answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// `router` behind its porch; `seed` decides the ids.
pub(crate) fn guard(router: Router, seed: u64) -> Router {
    let answered = Arc::new(AtomicU64::new(0));
    router.layer(from_fn(move |request: Request, next: Next| {
        let number = answered.fetch_add(1, Ordering::Relaxed);
        async move {
            let mut response = match check_host(&request) {
                Ok(()) => next.run(request).await,
                Err(refusal) => refusal.into_response(),
            };
            stamp(&mut response, seed, number);
            response
        }
    }))
}

fn stamp(response: &mut Response, seed: u64, number: u64) {
    let id = Random::new(seed, &format!("request {number}")).uuid();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, value);
    }
    // Answers hold tokens and account data (RFC 6749, section 5.1).
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// A page of another site can reach this server under a name of its own (DNS rebinding): such a name is refused.
fn check_host(request: &Request) -> Result<(), Refusal> {
    let Some(host) = named_host(request.headers()) else {
        return Err(Refusal::bad_request(
            "the Host header is missing, or is no host",
        ));
    };
    let target = request.uri().authority().map(Authority::host);
    match is_loopback(host.host()) && target.is_none_or(is_loopback) {
        true => Ok(()),
        false => Err(Refusal::new(
            StatusCode::MISDIRECTED_REQUEST,
            "this sandbox answers on 127.0.0.1, localhost and [::1] only",
        )),
    }
}

fn named_host(headers: &HeaderMap) -> Option<Authority> {
    headers.get(header::HOST)?.to_str().ok()?.parse().ok()
}
