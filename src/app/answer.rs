//! What a job brings back: an answer, read as far as showing it needs.

use std::sync::Arc;
use std::time::Duration;

use crate::app::Model;
use crate::catalog::Marks;
use crate::document::Document;
use crate::domain::history;
use crate::domain::{Body, Draft, Exchange, Problem, Response, Timestamp};

/// An HTTP answer together with the index over its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The answer as it came.
    pub response: Response,
    /// The index over its body; built by the job, since it takes as long as the body is large.
    pub document: Arc<Document>,
    /// Where it differs from its documented shape, if one is known and the call succeeded.
    pub marks: Option<Arc<Marks>>,
}

/// An exchange that was carried out outside of the ordinary way: the token exchange, with its secrets masked, or one for a
/// value of a saved request.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The exchange; it gets a number if it has none.
    pub exchange: Exchange,
    /// What was asked for; none where it cannot be sent again.
    pub draft: Option<Draft>,
    /// The index over the body of its answer, if there was one.
    pub document: Option<Arc<Document>>,
}

/// An exchange out of the history, read as far as showing it needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// As it was kept.
    pub entry: history::Entry,
    /// The index over the body of its answer, if there was one.
    pub document: Option<Arc<Document>>,
    /// Where the answer differs from its documented shape.
    pub marks: Option<Arc<Marks>>,
}

/// An answer to compare a later one with.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Where it comes from.
    pub origin: BaselineOrigin,
    /// The index over its body.
    pub document: Arc<Document>,
}

/// Where an answer to compare with comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaselineOrigin {
    /// It was answered.
    Exchange {
        /// When its request was sent.
        at: Timestamp,
        /// On whose behalf, as a person knows them.
        user: Option<String>,
        /// Its status.
        status: u16,
        /// How long it took.
        total: Duration,
    },
    /// It is recorded beside the saved request, in the file of this name; nothing but its body is known.
    Recorded(String),
}

impl Baseline {
    /// The answer of an exchange out of the history; none if no whole one was kept.
    pub fn of(opened: &Opened) -> Option<Self> {
        let entry = &opened.entry;
        let response = entry.response().filter(|_| !entry.is_cut())?;
        Some(Self {
            origin: BaselineOrigin::Exchange {
                at: entry.started_at,
                user: entry.user.clone(),
                status: response.status,
                total: response.timing.total,
            },
            document: opened.document.clone()?,
        })
    }
}

impl Opened {
    /// What was asked for, on behalf of the same test user, or of the selected one if that one is not known any more.
    ///
    /// # Errors
    /// When not all of it was kept.
    pub fn draft(&self, model: &Model) -> Result<Draft, Problem> {
        let entry = &self.entry;
        let size = entry.request.body.as_ref().map_or(0, Body::len);
        if size < entry.request_size {
            return Err(Problem::new(
                "this request is too large to be kept as a whole",
            ));
        }
        let hosts = model.profiles.current.hosts.as_ref();
        let catalog = &model.catalog;
        let mut draft = catalog.retrace(&entry.endpoint, &entry.request, hosts)?;
        let users = &model.users;
        let same = users
            .all
            .iter()
            .find(|user| Some(user.label()) == entry.user.as_deref());
        draft.user = same.map(|user| user.key).or(users.selected);
        Ok(draft)
    }
}
