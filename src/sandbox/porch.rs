//! What holds for every answer, before and after its route: only this machine is answered, each answer has its id, is
//! noted in the log, and goes wrong where that was ordered. What it changes is looked for by the courier of webhooks.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};

use crate::catalog::CONTROL_PREFIX;
use crate::domain::{Timestamp, is_loopback};
use crate::sandbox::clock::Clock;
use crate::sandbox::control::{Control, Line};
use crate::sandbox::envelope::Refusal;
use crate::sandbox::inlet;
use crate::sandbox::random::Random;
use crate::sandbox::world::documents::UPLOADS;

/// The header that Astra's support asks for; on every answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// `router` behind its porch. The ids of its answers are unlike those of any other run: whoever looks for one finds one.
///
/// # Errors
/// When the system has no random numbers.
pub(crate) fn guard(router: Router, clock: Clock, control: Control) -> io::Result<Router> {
    let porch = Arc::new(Porch {
        answered: AtomicU64::new(0),
        run: getrandom::u64().map_err(io::Error::other)?,
        clock,
        control,
    });
    Ok(router.layer(from_fn(move |request: Request, next: Next| {
        let porch = Arc::clone(&porch);
        async move { porch.pass(request, next).await }
    })))
}

struct Porch {
    answered: AtomicU64,
    run: u64,
    clock: Clock,
    control: Control,
}

impl Porch {
    async fn pass(&self, request: Request, next: Next) -> Response {
        let path = request.uri().path();
        if path.starts_with(CONTROL_PREFIX) {
            return self.answer(request, next).await;
        }
        let (method, path) = (request.method().clone(), path.to_owned());
        let fault = self.control.faults().take(&method, &path);
        let response = match fault {
            None => self.answer(request, next).await,
            Some(fault) => {
                tokio::time::sleep(fault.delay()).await;
                let response = match fault.refusal() {
                    Some(mut refusal) => {
                        self.stamp(&mut refusal);
                        refusal
                    }
                    None => self.answer(request, next).await,
                };
                fault.spoil(response).await
            }
        };
        let id = response.headers().get(REQUEST_ID);
        self.control.log().add(Line {
            time: self.clock.now(),
            method: method.to_string(),
            path: shown(path),
            status: response.status().as_u16(),
            request_id: id.and_then(|id| id.to_str().ok()).unwrap_or("").to_owned(),
        });
        response
    }

    async fn answer(&self, request: Request, next: Next) -> Response {
        let taken = match check_host(&request) {
            Ok(()) => inlet::take_in(request).await,
            Err(refusal) => Err(refusal),
        };
        let mut response = match taken {
            Ok(request) => next.run(request).await,
            Err(refusal) => refusal.into_response(),
        };
        self.control.webhooks().wake();
        self.stamp(&mut response);
        response
    }

    fn stamp(&self, response: &mut Response) {
        let number = self.answered.fetch_add(1, Ordering::Relaxed);
        let id = Random::new(self.run, &format!("request {number}")).uuid();
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::try_from(id) {
            headers.insert(REQUEST_ID, value);
        }
        if let Some(date) = date(self.clock.now()) {
            headers.insert(header::DATE, date);
        }
        // Answers hold tokens and account data (RFC 6749, section 5.1).
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// `now` as RFC 9110, section 5.6.7, writes it, up to the year 9999.
fn date(now: Timestamp) -> Option<HeaderValue> {
    let now = jiff::Timestamp::from_millisecond(now.0).ok()?;
    HeaderValue::try_from(now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

/// The address of an upload is a secret: whoever has it can send bytes.
fn shown(path: String) -> String {
    match path.starts_with(UPLOADS) {
        true => format!("{UPLOADS}/…"),
        false => path,
    }
}

/// A page of another site can reach this server under a name of its own (DNS rebinding): such a name is refused.
fn check_host(request: &Request) -> Result<(), Refusal> {
    // RFC 9112, section 3.2.
    if request.headers().get_all(header::HOST).iter().count() > 1 {
        return Err(Refusal::bad_request("more than one Host header was sent"));
    }
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
