//! One request and what became of it.

use std::time::Duration;

use crate::domain::{Body, EndpointId, JobId, Prepared, Problem, Timestamp, UserKey};

/// A request and its outcome, as the Inspector shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The job that carries it out; also its identity.
    pub job: JobId,
    /// Which endpoint of the catalogue it calls; empty if none is known.
    pub endpoint: EndpointId,
    /// On whose behalf.
    pub user: Option<UserKey>,
    /// What is sent; without any secret.
    pub request: Prepared,
    /// When it was started.
    pub started_at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
}

/// Where an exchange stands. Any HTTP status is `Done`; `Failed` means that no whole answer came.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// On its way.
    Sending,
    /// Its answer has begun, and the body is on its way.
    Arriving(Arriving),
    /// Parked until the test user's token is refreshed.
    Waiting,
    /// Parked because the API asked for patience; it is sent again by itself.
    Postponed {
        /// Until when.
        until: Timestamp,
        /// Which attempt comes next, counted from 1.
        attempt: u8,
    },
    /// Answered.
    Done(Response),
    /// Not answered.
    Failed(Problem),
    /// Stopped by the person.
    Cancelled,
}

/// An answer of which the body is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arriving {
    /// HTTP status code.
    pub status: u16,
    /// Header fields in the order in which they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// How much of the body has come.
    pub progress: Progress,
}

/// How far something is that arrives byte by byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that have come, as they were sent.
    pub received: usize,
    /// Bytes that shall come, where that is known.
    pub expected: Option<usize>,
    /// Since the first byte.
    pub elapsed: Duration,
}

impl Progress {
    /// Bytes in a second, once that can be told.
    pub fn rate(&self) -> Option<usize> {
        let millis = usize::try_from(self.elapsed.as_millis()).ok()?;
        self.received.saturating_mul(1000).checked_div(millis)
    }

    /// Hundredths of the whole, where that is known.
    pub fn percent(&self) -> Option<usize> {
        let expected = self.expected.filter(|expected| *expected > 0)?;
        Some((self.received.saturating_mul(100) / expected).min(100))
    }
}

/// An HTTP answer as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// HTTP status code.
    pub status: u16,
    /// `HTTP/1.1`, `HTTP/2.0`.
    pub version: String,
    /// Header fields in the order in which they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The decoded body.
    pub body: Body,
    /// Where the time went.
    pub timing: Timing,
    /// When the last byte arrived.
    pub received_at: Timestamp,
}

impl Response {
    /// The first value of the header `name` (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// What Astra's support asks for: the `request-id` header of every answer.
    pub fn request_id(&self) -> Option<&str> {
        self.header("request-id")
    }

    /// Whether the status says success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Where the time of an exchange went. A phase that did not happen is `None`: a reused connection has no connect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Looking up the name of the host.
    pub dns: Option<Duration>,
    /// Opening the connection: TCP and, for https, TLS.
    pub connect: Option<Duration>,
    /// From the request on its way to the first byte of the answer.
    pub wait: Duration,
    /// From the first byte to the last.
    pub download: Duration,
    /// All of it.
    pub total: Duration,
}

impl Exchange {
    /// The answer, once there is one.
    pub fn response(&self) -> Option<&Response> {
        match &self.outcome {
            Outcome::Done(response) => Some(response),
            _ => None,
        }
    }

    /// Whether it is still under way.
    pub fn is_busy(&self) -> bool {
        matches!(
            self.outcome,
            Outcome::Sending | Outcome::Arriving(_) | Outcome::Waiting | Outcome::Postponed { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_tells_rate_and_share_as_far_as_they_are_known() {
        let progress = |received, expected, millis| Progress {
            received,
            expected,
            elapsed: Duration::from_millis(millis),
        };
        let begun = progress(10, None, 0);
        assert_eq!((begun.rate(), begun.percent()), (None, None));
        let half = progress(500, Some(1000), 250);
        assert_eq!((half.rate(), half.percent()), (Some(2000), Some(50)));
        let more_than_said = progress(usize::MAX, Some(1), 1);
        assert_eq!(more_than_said.percent(), Some(100));
        assert_eq!(progress(0, Some(0), 1).percent(), None);
    }
}
