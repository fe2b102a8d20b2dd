//! One request of a run: what is sent for whom, how far it is, and what came of it.

use std::time::Duration;

use crate::app::{Baseline, BaselineOrigin};
use crate::domain::{Draft, JobId, Problem, Response, SavedKey, UserKey};

/// One request of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// The name of the request, or of the user.
    pub label: String,
    /// What is sent.
    pub source: Source,
    /// On whose behalf; as the request says itself, if nobody.
    pub user: Option<UserKey>,
    /// How far it is.
    pub state: State,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// This, as it is.
    Draft(Box<Draft>),
    /// This saved request, with its values filled in.
    Saved(SavedKey),
}

/// How far a leg is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Its turn has not come.
    Waiting,
    /// It is on its way, as this exchange.
    Running(JobId),
    /// It was answered.
    Done(Outcome),
    /// It was not.
    Failed(Problem),
}

/// What came of a leg.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The exchange.
    pub job: JobId,
    /// Its status.
    pub status: u16,
    /// Whether that is one of an error which nobody expected.
    pub is_refused: bool,
    /// The status of the answer that it is compared with, if that is another one.
    pub status_before: Option<u16>,
    /// How long it took.
    pub total: Duration,
    /// Size of the body.
    pub size: usize,
    /// What is not as expected, a line each.
    pub failures: Vec<String>,
    /// How many values differ from what it is compared with; none if there was nothing to compare with.
    pub differences: Option<usize>,
    /// Whether that is the answer of the run's first user; one of its own user otherwise.
    pub is_beside_first: bool,
}

impl Leg {
    /// Whether it did not come out as it should.
    pub fn is_odd(&self) -> bool {
        match &self.state {
            State::Failed(_) => true,
            State::Done(outcome) => outcome.is_refused || !outcome.failures.is_empty(),
            State::Waiting | State::Running(_) => false,
        }
    }

    pub(super) fn new(label: &str, source: Source, user: Option<UserKey>) -> Self {
        Self {
            label: label.to_owned(),
            source,
            user,
            state: State::Waiting,
        }
    }
}

impl Outcome {
    /// What came of the exchange `job`: its `response`, held against the status that is `expected` and the answer before.
    pub(super) fn of(
        job: JobId,
        response: &Response,
        (expected, baseline): (Option<u16>, Option<&Baseline>),
    ) -> Self {
        let status = response.status;
        let before = baseline.and_then(|baseline| match &baseline.origin {
            BaselineOrigin::Exchange { status, .. } => Some(*status),
            BaselineOrigin::Recorded(_) => None, // a file holds the body alone
        });
        Self {
            job,
            status,
            is_refused: status >= 400 && expected != Some(status),
            status_before: before.filter(|before| *before != status),
            total: response.timing.total,
            size: response.body.len(),
            failures: Vec::new(),
            differences: None,
            is_beside_first: false,
        }
    }
}
