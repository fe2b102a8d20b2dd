//! The program as a script runs it: arguments in; exit code, output and errors out.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a run ended with.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The program in `folder` with a home of its own below it, and none of the keys that may be set around the tests.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_astrascope"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("ASTRASCOPE_HOME", folder.join("home"))
        .stdin(Stdio::null());
    for name in [
        "ASTRASCOPE_CLIENT_ID",
        "ASTRASCOPE_CLIENT_SECRET",
        "ASTRASCOPE_ACCESS_TOKEN",
        "ASTRA_SSN",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
pub fn finish(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran {
        code: output.status.code().unwrap(),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

/// Runs the program in `folder`.
pub fn run_in(folder: &TempDir, arguments: &[&str]) -> Ran {
    finish(&mut command(folder.path(), arguments))
}

/// Runs the program in a folder of its own.
pub fn run(arguments: &[&str]) -> Ran {
    run_in(&tempfile::tempdir().unwrap(), arguments)
}

/// Runs the program in `folder` with `input` on its standard input.
pub fn run_with(folder: &TempDir, arguments: &[&str], input: &str) -> Ran {
    let mut command = command(folder.path(), arguments);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran {
        code: output.status.code().unwrap(),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}
