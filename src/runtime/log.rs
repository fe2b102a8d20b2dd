//! The log: a file, and only when asked for. Nothing that is logged holds a secret, since `Debug` masks them.

use std::fs::{self, OpenOptions};
use std::path::Path;

use tracing_subscriber::EnvFilter;

/// Writes the log to `astrascope.log` in `folder`, as `filter` says (`debug`, `astrascope=trace`).
///
/// # Errors
/// When the folder or file cannot be written, or the filter is not one.
pub fn start(folder: &Path, filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter)?;
    fs::create_dir_all(folder)?;
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("astrascope.log"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(file)
        .try_init()
        .map_err(|error| anyhow::anyhow!("{error}"))
}
