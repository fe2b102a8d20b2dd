//! Which files of the person are read and written, in a session and on the command line alike.

use crate::adapters::history::{FILE, Limits};
use crate::config::{HistorySettings, Paths};
use crate::runtime::HistoryFile;

/// The file with the person's own rules of comparing, below the folder for settings.
pub const RULES: &str = "diff.toml";

/// Where exchanges are kept, and how many.
pub fn history(paths: &Paths, settings: HistorySettings) -> HistoryFile {
    let usual = Limits::default();
    HistoryFile {
        path: paths.data.join(FILE),
        limits: Limits {
            entries: settings.entries.unwrap_or(usual.entries),
            bytes: settings.bytes.unwrap_or(usual.bytes),
        },
    }
}
