//! `astrascope`: the full-screen session in the terminal that it was started in.

use std::env;
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::adapters::files;
use crate::adapters::files::saved::SavedRequests;
use crate::commands::files::{RULES, history};
use crate::commands::home::Home;
use crate::commands::session::Session;
use crate::commands::target::Target;
use crate::commands::world::Place;
use crate::config::{Keymap, Paths, Theme};
use crate::domain::Profile;
use crate::runtime::{self, Exit, Files, Tty};
use crate::sandbox;
use crate::ui::Screen;

/// Threads for jobs; the loop has one of its own.
const WORKERS: usize = 2;

/// Added to the number of the signal that ended the session, as shells do.
const SIGNALLED: u8 = 128;

/// Runs a session on `target`, or else on the profile called `profile`, or on the default one.
///
/// # Errors
/// When there is no terminal, the configuration is wrong, or the terminal is lost.
pub fn run(target: &Target, profile: Option<&str>) -> anyhow::Result<ExitCode> {
    target.check(profile)?;
    if !runtime::are_terminals() {
        bail!(
            "a session needs a terminal, and standard input or output is none\n\
             hint: run it without a pipe, or see astrascope --help for commands that need no terminal"
        );
    }
    let home = Home::open()?;
    start_log(&home.paths)?;
    let (profile, place) = match &target.sandbox {
        Some(url) => {
            let url = url.trim_end_matches('/').to_owned();
            (Profile::built_in(), Place::At(url))
        }
        None => (home.profile(profile)?, sandbox::Options::default().into()),
    };
    let screen = Screen::new(keymap()?, theme()?);
    let config = home.paths.config.clone();
    let files = Files {
        history: Some(history(&home.paths, home.settings.history)),
        saved: Some(SavedRequests::find(
            &config,
            &env::current_dir().unwrap_or_default(), // a folder that is gone has no project
        )),
        rules: Some(config.join(RULES)),
    };
    let mut session = Session::at_home(Tty::open()?, screen, profile, home, place)?;
    session.set_files(files);
    session.read_catalog(&config)?; // no part of the first frame
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()?;
    let exit = runtime.block_on(session.run());
    drop(session); // the terminal is given back before anything is said
    runtime.shutdown_background();
    Ok(exit_code(exit?))
}

/// What the shell is told.
pub(super) fn exit_code(exit: Exit) -> ExitCode {
    match exit {
        Exit::Quit => ExitCode::SUCCESS,
        Exit::Signal(number) => ExitCode::from(SIGNALLED + number),
    }
}

/// The keymap of the program with the person's own laid over it.
pub(super) fn keymap() -> anyhow::Result<Keymap> {
    let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
    let mut keymap = Keymap::built_in()?;
    if let Some(text) = files::read_optional(&paths.config.join("keymap.toml"))? {
        keymap.overlay("keymap.toml", &text)?;
    }
    Ok(keymap)
}

/// In the colours that the terminal has; without any where the person asks for it (<https://no-color.org>).
pub(super) fn theme() -> anyhow::Result<Theme> {
    let is_plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    // Terminals that call themselves xterm have 256 colours nowadays; the console of Linux says what it is.
    let is_console = env::var_os("TERM").is_some_and(|terminal| terminal == "linux");
    let name = match (is_plain, is_console) {
        (true, _) => "plain",
        (false, true) => "console",
        (false, false) => "dark",
    };
    Ok(Theme::named(name)?)
}

/// Writes the log when `ASTRASCOPE_LOG` says what of.
fn start_log(paths: &Paths) -> anyhow::Result<()> {
    let Ok(filter) = env::var("ASTRASCOPE_LOG") else {
        return Ok(());
    };
    runtime::start_log(&paths.state, &filter).with_context(|| format!("ASTRASCOPE_LOG={filter}"))
}
