//! Which files of the person a session reads and writes. Opens none of them.

use std::path::PathBuf;

use crate::adapters::files::saved::SavedRequests;
use crate::adapters::history::Limits;

/// The files of a session; a session in a test or for a picture has none.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Where exchanges are kept.
    pub history: Option<HistoryFile>,
    /// Where saved requests are.
    pub saved: Option<SavedRequests>,
    /// The person's own rules of comparing.
    pub rules: Option<PathBuf>,
}

/// Where exchanges are kept, and how many.
#[derive(Clone, Debug)]
pub struct HistoryFile {
    /// The file.
    pub path: PathBuf,
    /// How much is kept.
    pub limits: Limits,
}
