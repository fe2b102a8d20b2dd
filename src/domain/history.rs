//! An exchange as it is kept over sessions. Does not know how or where it is kept.

use std::fmt;
use std::time::Duration;

use crate::domain::{EndpointId, Method, Outcome, Prepared, Response, Timestamp};

/// The place of an entry in the history: later ones have larger numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub i64);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An exchange that has come to its end, without its secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in the history; 0 for one that is not kept yet.
    pub id: EntryId,
    /// When it was started.
    pub started_at: Timestamp,
    /// Name of the profile.
    pub profile: String,
    /// The test user, as a person knows them.
    pub user: Option<String>,
    /// Which endpoint of the catalogue; empty if none.
    pub endpoint: EndpointId,
    /// What was sent; a large body is cut.
    pub request: Prepared,
    /// Size of its body before the cut.
    pub request_size: usize,
    /// `Done`, `Failed` or `Cancelled`; a large body is cut.
    pub outcome: Outcome,
    /// Size of the answer's body before the cut.
    pub response_size: usize,
}

impl Entry {
    /// The answer, if one came.
    pub fn response(&self) -> Option<&Response> {
        match &self.outcome {
            Outcome::Done(response) => Some(response),
            _ => None,
        }
    }

    /// Whether not all of the answer's body was kept.
    pub fn is_cut(&self) -> bool {
        self.response()
            .is_some_and(|response| response.body.len() < self.response_size)
    }

    /// What a list shows of it.
    pub fn summary(&self) -> Summary {
        let response = self.response();
        Summary {
            id: self.id,
            started_at: self.started_at,
            profile: self.profile.clone(),
            user: self.user.clone(),
            endpoint: self.endpoint.clone(),
            method: self.request.method,
            url: self.request.url.clone(),
            status: response.map(|response| response.status),
            failure: match &self.outcome {
                Outcome::Failed(problem) => Some(problem.what.clone()),
                Outcome::Cancelled => Some(CANCELLED.into()),
                _ => None,
            },
            request_id: response.and_then(Response::request_id).map(str::to_owned),
            total: response.map_or(Duration::ZERO, |response| response.timing.total),
            size: self.response_size,
        }
    }
}

/// What the failure of a request that a person has stopped is called.
pub const CANCELLED: &str = "cancelled";

/// One line of a list of entries.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its place in the history.
    pub id: EntryId,
    /// When it was started.
    pub started_at: Timestamp,
    /// Name of the profile.
    pub profile: String,
    /// The test user.
    pub user: Option<String>,
    /// Which endpoint of the catalogue; empty if none.
    pub endpoint: EndpointId,
    /// HTTP method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// HTTP status, if an answer came.
    pub status: Option<u16>,
    /// Why none came.
    pub failure: Option<String>,
    /// What Astra's support asks for.
    pub request_id: Option<String>,
    /// How long it took.
    pub total: Duration,
    /// Size of the answer's body.
    pub size: usize,
}
