//! This program, for what it does in a process of its own.

use std::io;
use std::path::PathBuf;

/// The file that this program was started from; on Linux also after it was replaced by a newer one.
///
/// # Errors
/// When the system does not tell.
pub fn path() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        return Ok("/proc/self/exe".into());
    }
    std::env::current_exe()
}
