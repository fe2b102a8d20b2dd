//! The real program in a pseudo-terminal, and a plain browser-like client for the sandbox's hosted pages.
#![allow(
    dead_code,
    reason = "each test target uses its own part of the harness"
)]

pub mod browser;
pub mod program;
pub mod sandbox;
pub mod terminal;
pub mod tools;

use std::time::Duration;

/// Longer than anything takes on a busy machine; a test that waits this long has failed.
pub const LIMIT: Duration = Duration::from_secs(20);
