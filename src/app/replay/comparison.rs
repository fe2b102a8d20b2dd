//! An answer beside the one before it, and what is found between them.

use std::sync::Arc;

use crate::app::Baseline;
use crate::catalog::Failure;
use crate::document::Difference;
use crate::domain::{Expectations, JobId, Problem, SavedKey};

/// An exchange that was made to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The new exchange.
    pub job: JobId,
    /// The saved request that it sends, if it is one.
    pub saved: Option<SavedKey>,
    /// What is expected of its answer.
    pub expect: Expectations,
    /// The answer before; none if there is none to compare with.
    pub baseline: Option<Baseline>,
    /// How far it is.
    pub state: State,
    /// Whether somebody else shows it: nothing is brought to the front.
    pub(super) is_quiet: bool,
}

/// How far a comparison is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Values are looked up by this job.
    Filling(JobId),
    /// The request is on its way.
    Sending,
    /// The answers are compared by this job.
    Comparing(JobId),
    /// All is known.
    Done(Arc<Findings>),
    /// It came to nothing.
    Failed(Problem),
}

/// What the comparison found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// In the order of the new answer; none if there was nothing to compare with.
    pub differences: Vec<Difference>,
    /// What is not as expected.
    pub failures: Vec<Failure>,
}

impl Findings {
    /// Differences that no rule explains.
    pub fn real(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|one| !one.is_volatile)
    }
}

impl Comparison {
    /// What was found, or why nothing was.
    ///
    /// # Errors
    /// Why there is no answer to compare, or not yet.
    pub fn result(&self) -> Result<Arc<Findings>, Problem> {
        match &self.state {
            State::Done(findings) => Ok(Arc::clone(findings)),
            State::Failed(problem) => Err(problem.clone()),
            State::Filling(_) | State::Sending | State::Comparing(_) => {
                Err(Problem::new("it is still under way"))
            }
        }
    }
}
