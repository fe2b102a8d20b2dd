//! Waiting where the API asks for patience (429, 503 with Retry-After), visibly and not for ever. Only reads are sent again.

use std::time::Duration;

use crate::app::requests::{Entry, sending};
use crate::app::{Env, Model, Outbox};
use crate::domain::{Method, Outcome, Response, Timestamp};

/// How often a read is sent at most.
pub const ATTEMPTS: u8 = 3;

/// Who is asked to wait longer than this is told so, and decides.
const LONGEST: Duration = Duration::from_secs(120);

/// Until when `entry`, answered by `response`, has to wait, and which attempt comes then; `None` where it is not sent again.
pub(super) fn postponed(entry: &Entry, response: &Response, now: Timestamp) -> Option<Outcome> {
    let method = entry.exchange.request.method;
    let until = wait_until(method, response, entry.attempts, now)?;
    Some(Outcome::Postponed {
        until,
        attempt: entry.attempts + 1,
    })
}

/// When a call that was sent `attempts` times, and answered by `response`, is sent again; `None` where it is not.
pub fn wait_until(
    method: Method,
    response: &Response,
    attempts: u8,
    now: Timestamp,
) -> Option<Timestamp> {
    let is_asked_for = matches!(response.status, 429 | 503);
    if method != Method::Get || !is_asked_for || attempts >= ATTEMPTS {
        return None;
    }
    let until = due(response.header("retry-after")?, now)?;
    (until <= now.after(LONGEST)).then_some(until)
}

/// Reads a Retry-After: seconds, or a date (RFC 9110, section 10.2.3).
fn due(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(now.after(Duration::from_secs(seconds)));
    }
    let date = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(Timestamp(date.timestamp().as_millisecond()))
}

/// Sends what has waited long enough.
pub(crate) fn woke(model: &mut Model, env: Env, out: &mut Outbox) {
    let client_id = &model.profiles.current.client_id;
    for entry in &mut model.requests.entries {
        if let Outcome::Postponed { until, attempt } = entry.exchange.outcome
            && until <= env.now
        {
            entry.attempts = attempt;
            entry.exchange.outcome = Outcome::Sending;
            entry.sent_at = env.now;
            out.effect(sending::call(&entry.exchange, client_id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_nonsense_is_not() {
        let now = Timestamp(1_772_452_800_000); // 2026-03-02 12:00 UTC
        assert_eq!(due(" 12 ", now), Some(now.after(Duration::from_secs(12))));
        let date = "Mon, 02 Mar 2026 12:00:30 GMT";
        assert_eq!(due(date, now), Some(now.after(Duration::from_secs(30))));
        for text in ["", "soon", "-1", "1.5"] {
            assert_eq!(due(text, now), None, "{text}");
        }
    }
}
