//! What outlives the session, seen from whoever keeps something there: one text for each profile.

use crate::domain::{Problem, Secret, SecretStore};

/// A place that outlives the session and keeps one text for each profile.
pub(super) trait Store: Send {
    /// Which one it is.
    fn kind(&self) -> SecretStore;
    /// What is kept there.
    fn read(&self, profile: &str) -> Result<Option<Secret>, Unread>;
    /// Keeps it in the place of what was kept.
    fn write(&self, profile: &str, text: &Secret) -> Result<(), Problem>;
    /// Forgets it.
    fn remove(&self, profile: &str) -> Result<(), Problem>;
}

/// Where something was kept, and why not where it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Where.
    pub store: SecretStore,
    /// Why it is not kept in a better place.
    pub problem: Option<Problem>,
}

/// Why a store was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// There is no such store: nothing can be kept there.
    Absent(Problem),
    /// It is there, or may be: what is kept there is not known.
    Refused(Problem),
}

impl Unread {
    /// In words.
    pub(super) fn problem(&self) -> &Problem {
        match self {
            Self::Absent(problem) | Self::Refused(problem) => problem,
        }
    }
}

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Absent(problem) | Unread::Refused(problem) => problem,
        }
    }
}
