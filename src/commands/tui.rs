//! `astrascope`: the full-screen session.

use std::env;
use std::fs;
use std::future::pending;
use std::process::ExitCode;

use anyhow::{Context, bail};
use tokio::sync::mpsc;

use crate::adapters::credentials::Credentials;
use crate::adapters::files;
use crate::adapters::http::{Client, Options};
use crate::app::profiles::SecretSource;
use crate::app::{Model, Msg, profiles};
use crate::catalog::Catalog;
use crate::commands::sandbox::DEFAULT_SEED;
use crate::config::{Keymap, Paths, Settings, Theme, with_client_id};
use crate::domain::{Environment, Hosts, Problem, Profile};
use crate::runtime::{self, Effects, EventLoop, Exit, Tty};
use crate::sandbox::{self, Sandbox};
use crate::ui::Screen;

/// Messages that may wait for the loop; a job that reports more waits until it has caught up.
const CHANNEL: usize = 1024;

/// Threads for jobs; the loop has one of its own.
const WORKERS: usize = 2;

/// Added to the number of the signal that ended the session, as shells do.
const SIGNALLED: u8 = 128;

/// Runs a session on the profile called `profile`, or on the default one.
///
/// # Errors
/// When there is no terminal, the configuration is wrong, or the terminal is lost.
pub fn run(profile: Option<&str>) -> anyhow::Result<ExitCode> {
    if !runtime::are_terminals() {
        bail!(
            "a session needs a terminal, and standard input or output is none\n\
             hint: run it without a pipe, or see astrascope --help for commands that need no terminal"
        );
    }
    let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
    start_log(&paths)?;
    let start = Start::read(&paths, profile)?;
    // The first frame goes out before anything that takes time: sockets, TLS, threads.
    let mut session = EventLoop::new(Tty::open()?, start.model, start.screen);
    session.draw()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()?;
    let exit = runtime.block_on(async {
        let (sender, messages) = mpsc::channel(CHANNEL);
        let effects = begin(start.environment, start.credentials, &sender);
        session.run(effects, messages).await
    });
    drop(session); // the terminal is given back before anything is said
    runtime.shutdown_background();
    Ok(match exit? {
        Exit::Quit => ExitCode::SUCCESS,
        Exit::Signal(number) => ExitCode::from(SIGNALLED + number),
    })
}

/// Starts what a session on `environment` needs in the background, and makes its effects.
pub(crate) fn begin(environment: Environment, credentials: Credentials, messages: &mpsc::Sender<Msg>) -> Effects {
    if environment == Environment::BuiltIn {
        tokio::spawn(serve(credentials.clone(), messages.clone()));
    }
    Effects::new(Client::new(Options::default()), credentials, messages.clone())
}

/// Runs the built-in sandbox for as long as the session lasts.
async fn serve(credentials: Credentials, messages: mpsc::Sender<Msg>) {
    let options = sandbox::Options { seed: DEFAULT_SEED, ..sandbox::Options::default() };
    let (msg, _running) = match Sandbox::start(options).await {
        Ok(sandbox) => {
            credentials.set_client_secret(sandbox.client_secret().clone());
            let hosts = Hosts::single(sandbox.url());
            let client_id = sandbox.client_id().to_owned();
            (profiles::Msg::SandboxStarted { hosts, client_id }, Some(sandbox))
        }
        Err(error) => {
            let problem = Problem::new("the built-in sandbox could not be started").because(error.to_string());
            (profiles::Msg::SandboxFailed(problem), None)
        }
    };
    // The session may have ended already.
    let _ = messages.send(Msg::Profiles(msg)).await;
    pending::<()>().await;
}

/// What a session starts with.
struct Start {
    model: Model,
    screen: Screen,
    environment: Environment,
    credentials: Credentials,
}

impl Start {
    /// Reads the configuration and the environment variables.
    fn read(paths: &Paths, profile: Option<&str>) -> anyhow::Result<Self> {
        let file = paths.config.join("config.toml");
        let settings = match files::read_optional(&file)? {
            Some(text) => Settings::parse("config.toml", &text).with_context(|| format!("in {}", paths.config.display()))?,
            None => Settings::default(),
        };
        let profile = with_client_id(settings.choose(profile)?, env::var("ASTRASCOPE_CLIENT_ID").ok());
        let environment = profile.environment;
        let credentials = match environment {
            Environment::BuiltIn => Credentials::default(),
            _ => Credentials::from_environment(),
        };
        let mut model = model(profile)?;
        if !credentials.client_secret().is_empty() {
            model.profiles.secret = SecretSource::Environment;
        }
        let (keymap, theme) = (keymap(paths)?, theme()?);
        let screen = Screen::new(keymap, theme);
        Ok(Self { model, screen, environment, credentials })
    }
}

/// A session on `profile` that has not done anything yet.
pub(crate) fn model(profile: Profile) -> anyhow::Result<Model> {
    let users = match profile.environment {
        Environment::BuiltIn => sandbox::test_users(DEFAULT_SEED),
        _ => Vec::new(), // Astra has no list of them: they are added by signing in
    };
    Ok(Model::new(Catalog::built_in()?, profile, users))
}

fn keymap(paths: &Paths) -> anyhow::Result<Keymap> {
    let mut keymap = Keymap::built_in()?;
    if let Some(text) = files::read_optional(&paths.config.join("keymap.toml"))? {
        keymap.overlay("keymap.toml", &text)?;
    }
    Ok(keymap)
}

/// Without colours where the person asks for it (https://no-color.org).
fn theme() -> anyhow::Result<Theme> {
    let is_plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Ok(Theme::named(if is_plain { "plain" } else { "dark" })?)
}

/// Writes the log when `ASTRASCOPE_LOG` says what of.
fn start_log(paths: &Paths) -> anyhow::Result<()> {
    let Ok(filter) = env::var("ASTRASCOPE_LOG") else {
        return Ok(());
    };
    fs::create_dir_all(&paths.state)?;
    runtime::start_log(&paths.state, &filter).with_context(|| format!("ASTRASCOPE_LOG={filter}"))
}
