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
    /// Parked until the test user's token is refreshed.
    Waiting,
    /// Answered.
    Done(Response),
    /// Not answered.
    Failed(Problem),
    /// Stopped by the person.
    Cancelled,
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
        matches!(self.outcome, Outcome::Sending | Outcome::Waiting)
    }
}
