//! Shows a URL in the person's browser. Blocks for up to a second: call it where blocking is allowed.
//!
//! The browser inherits the environment of whoever starts it, and lives longer. So this program starts itself once more, without
//! the secrets of its environment, and that process starts the browser.

use std::io::{self, ErrorKind};
use std::process::{Command, ExitCode, Stdio};

use url::Url;

use crate::adapters::credentials::hide_secrets;
use crate::adapters::this_program;
use crate::domain::Problem;

/// The command of this program that starts the browser.
pub const COMMAND: &str = "open-page";

/// Ends that command where there is no program to open pages with.
const NO_PROGRAM: u8 = 3;

/// Opens `url`.
///
/// # Errors
/// For anything but a web address, and where there is no desktop to open it on.
pub fn open(url: &str) -> Result<(), Problem> {
    open_with(url, start)
}

/// Starts the browser from the process that was started for it. Nobody reads what it would say: the URL is in it.
pub fn launch(url: &str) -> ExitCode {
    let launched = ::open::that_detached(url);
    match launched.map_err(|error| error.kind()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(ErrorKind::NotFound) => ExitCode::from(NO_PROGRAM),
        Err(_) => ExitCode::FAILURE,
    }
}

fn start(url: &str) -> io::Result<()> {
    let status = command(url)?.status()?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) if code == i32::from(NO_PROGRAM) => Err(ErrorKind::NotFound.into()),
        _ => Err(ErrorKind::Other.into()),
    }
}

fn command(url: &str) -> io::Result<Command> {
    let mut command = Command::new(this_program::path()?);
    command
        .args([COMMAND, "--", url])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    hide_secrets(&mut command);
    Ok(command)
}

fn open_with(url: &str, launch: impl FnOnce(&str) -> io::Result<()>) -> Result<(), Problem> {
    // A launcher would also start programs and open files.
    let is_web =
        Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_web {
        return Err(Problem::new("this is no web address, so it was not opened"));
    }
    launch(url).map_err(|error| {
        // The launcher's own words quote its command line, and with it the URL.
        let why = match error.kind() {
            ErrorKind::NotFound => "no program to open web pages was found",
            _ => "the desktop refused, or there is none",
        };
        Problem::new("no browser could be opened")
            .because(why)
            .hint("copy the URL and open it where there is a browser")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        for url in [
            "file:///etc/passwd",
            "calc.exe",
            "",
            "javascript:alert(1)",
            "-x",
        ] {
            let opened = open_with(url, |_| panic!("{url} was launched"));
            assert!(opened.is_err());
        }
        assert_eq!(open_with("https://app.example/x", |_| Ok(())), Ok(()));
    }

    #[test]
    fn the_browser_gets_no_secret_of_the_environment() {
        let command = command("https://app.example/x").unwrap();
        for name in ["ASTRASCOPE_CLIENT_SECRET", "ASTRASCOPE_ACCESS_TOKEN"] {
            let hidden = (name.as_ref(), None);
            assert!(
                command.get_envs().any(|variable| variable == hidden),
                "{name}"
            );
        }
    }

    #[test]
    fn without_a_desktop_the_hint_is_to_copy_the_url() {
        let failed = |_: &str| {
            Err(io::Error::other(
                "Launcher \"gio\" \"open\" \"http://h/?state=topsecret\"",
            ))
        };
        let problem = open_with("http://127.0.0.1/", failed).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "no browser could be opened: the desktop refused, or there is none\n\
             hint: copy the URL and open it where there is a browser"
        );
    }
}
