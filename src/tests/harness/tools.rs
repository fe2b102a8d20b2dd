//! Programs that are not ours and that a machine may lack.

use std::path::Path;
use std::process::Command;

/// Says that a test does not run on this machine.
#[expect(
    clippy::print_stderr,
    reason = "a test that is skipped says so, loudly"
)]
pub fn skip(reason: &str) {
    eprintln!("SKIPPED: {reason}");
}

/// Whether `program` is on the path.
pub fn has(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .output();
    found.is_ok_and(|found| found.status.success())
}

/// Takes `packages` from the npm registry into `folder`; where that cannot be done, it says so.
pub fn install(folder: &Path, packages: &[&str]) -> bool {
    if !has("node") || !has("npm") {
        skip("node and npm are not installed");
        return false;
    }
    let installed = Command::new("npm")
        .args(["install", "--silent", "--no-audit", "--no-fund"])
        .args(["--fetch-retries=0", "--fetch-timeout=20000"])
        .args(packages)
        .current_dir(folder)
        .output();
    let is_installed = installed.is_ok_and(|npm| npm.status.success());
    if !is_installed {
        skip(&format!("the npm registry does not give {packages:?}"));
    }
    is_installed
}
