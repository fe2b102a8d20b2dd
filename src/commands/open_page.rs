//! `astrascope open-page URL`: starts the browser, for a session whose environment has secrets in it.

use std::process::ExitCode;

use crate::adapters::browser;

/// Starts it, and tells by the exit code what became of it.
pub fn run(url: &str) -> ExitCode {
    browser::launch(url)
}
