//! What goes wrong on order: the next calls that match get a status, a delay or a body that is cut off.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};

use crate::sandbox::envelope::Refusal;

/// The longest delay: longer than any client waits.
const LONGEST_DELAY_MS: u64 = 10 * 60 * 1_000;

/// Which calls a fault is for. What is left out matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Match {
    #[serde(default)]
    method: Option<String>,
    /// The beginning of the path.
    #[serde(default)]
    path: Option<String>,
}

fn once() -> u32 {
    1
}

/// What goes wrong, for which calls, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    #[serde(rename = "match", default)]
    applies_to: Match,
    #[serde(default = "once")]
    times: u32,
    /// Answers this instead; the call has no effect.
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    delay_ms: Option<u64>,
    /// Breaks the connection off in the middle of the body; the call has its effect.
    #[serde(default)]
    cut_body: bool,
    /// Seconds in `Retry-After`.
    #[serde(default)]
    retry_after: Option<u64>,
}

impl Fault {
    /// What is wrong with the fault itself.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let wrong = |text: &str| Err(Refusal::bad_request(text));
        let does_nothing = self.status.is_none() && self.delay_ms.is_none() && !self.cut_body;
        if does_nothing {
            return wrong("one of status, delay_ms and cut_body is required");
        }
        if self.times == 0 {
            return wrong("times must be at least 1");
        }
        if self
            .status
            .is_some_and(|status| !(400..=599).contains(&status))
        {
            return wrong("status must be from 400 to 599");
        }
        if self.delay_ms.is_some_and(|delay| delay > LONGEST_DELAY_MS) {
            return wrong("delay_ms must be at most 600000");
        }
        Ok(())
    }

    fn matches(&self, method: &Method, path: &str) -> bool {
        let Match {
            method: wanted,
            path: prefix,
        } = &self.applies_to;
        wanted
            .as_ref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()))
            && prefix
                .as_ref()
                .is_none_or(|prefix| path.starts_with(prefix))
    }

    /// How long the answer is kept back.
    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.unwrap_or(0))
    }

    /// The answer in the place of the endpoint's, where there is to be one.
    pub(crate) fn refusal(&self) -> Option<Response> {
        let status = StatusCode::from_u16(self.status?).ok()?;
        let description = "a fault that was ordered by /_sandbox/faults";
        Some(Refusal::new(status, description).into_response())
    }

    /// Spoils an answer as far as the fault asks for it.
    pub(crate) async fn spoil(&self, mut response: Response) -> Response {
        if let Some(seconds) = self.retry_after {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        match self.cut_body {
            true => cut(response).await,
            false => response,
        }
    }
}

/// The first half of a body, and then an error instead of the rest, for which the server breaks the connection off.
async fn cut(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    parts.headers.insert(
        header::CONTENT_LENGTH,
        HeaderValue::from(whole.len().max(2)),
    );
    let half = whole.slice(..whole.len() / 2);
    let rest = stream::once(async {
        // Gives the server the time to send the half before it learns of the end.
        tokio::task::yield_now().await;
        Err(io::Error::other("cut off on order"))
    });
    let pieces = stream::once(async { Ok(half) }).chain(rest);
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// All faults that are left, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault.
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Takes all faults back.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The faults that are left.
    pub(super) fn all(&self) -> &[Fault] {
        &self.0
    }

    /// The fault of this call, if it has one; it is used up once.
    pub(crate) fn take(&mut self, method: &Method, path: &str) -> Option<Fault> {
        let place = self
            .0
            .iter()
            .position(|fault| fault.matches(method, path))?;
        let fault = self.0.get_mut(place)?;
        fault.times -= 1;
        let taken = fault.clone();
        if taken.times == 0 {
            self.0.remove(place);
        }
        Some(taken)
    }
}
