//! Introduces core, screen, adapters and sandbox to each other: a session in any console.

use std::future::pending;
use std::io;
use std::path::Path;

use tokio::sync::mpsc;

use crate::adapters::credentials::Credentials;
use crate::adapters::http::{Client, Options};
use crate::adapters::oauth;
use crate::app::profiles::{self, SecretSource};
use crate::app::{Modal, Model, Msg, requests};
use crate::catalog::Catalog;
use crate::commands::catalogue;
use crate::domain::{BodyLimits, Environment, Hosts, Problem, Profile};
use crate::runtime::{Console, Effects, EventLoop, Exit};
use crate::sandbox::{self, Sandbox};
use crate::ui::Screen;

/// Messages that may wait for the loop; a job that reports more waits until it has caught up.
const CHANNEL: usize = 1024;

/// A session in `console`, drawn once but not running yet.
pub struct Session<C> {
    event_loop: EventLoop<C>,
    environment: Environment,
    credentials: Credentials,
    sandbox: sandbox::Options,
    /// What went wrong before it ran.
    problem: Option<Problem>,
    bodies: BodyLimits,
}

impl<C: Console> Session<C> {
    /// Shows a session on `profile`. Touches nothing but the console: sockets, TLS and threads come with [`Session::run`].
    ///
    /// # Errors
    /// When the console cannot be drawn on.
    pub fn open(
        console: C,
        screen: Screen,
        profile: Profile,
        credentials: Credentials,
        sandbox: sandbox::Options,
    ) -> anyhow::Result<Self> {
        let environment = profile.environment;
        let users = match environment {
            Environment::BuiltIn => sandbox::test_users(sandbox.seed),
            _ => Vec::new(), // Astra has no list of them: they are added by signing in
        };
        let mut model = Model::new(Catalog::default(), profile, users);
        if environment != Environment::BuiltIn {
            model.profiles.secret = SecretSource::Sought;
        }
        let mut event_loop = EventLoop::new(console, model, screen);
        event_loop.draw()?;
        // No part of the first frame, and a millisecond and a half to read.
        event_loop.set_catalog(Catalog::built_in()?);
        Ok(Self {
            event_loop,
            environment,
            credentials,
            sandbox,
            problem: None,
            bodies: BodyLimits::default(),
        })
    }

    /// Lays a person's own catalogue files, below the folder `config`, over the built-in ones.
    ///
    /// # Errors
    /// When the built-in catalogue is wrong.
    pub fn read_catalog(&mut self, config: &Path) -> anyhow::Result<()> {
        let (catalog, problem) = catalogue::read(config)?;
        self.event_loop.set_catalog(catalog);
        self.problem = problem;
        Ok(())
    }

    /// Takes bodies of answers up to `limits`.
    pub fn set_limits(&mut self, limits: BodyLimits) {
        self.bodies = limits;
    }

    /// Runs it to its end, with the built-in sandbox beside it where the profile is that one.
    ///
    /// # Errors
    /// When the terminal is lost.
    pub async fn run(&mut self) -> io::Result<Exit> {
        let (sender, messages) = mpsc::channel(CHANNEL);
        let sandbox = (self.environment == Environment::BuiltIn).then(|| {
            tokio::spawn(serve(
                self.sandbox,
                self.credentials.clone(),
                sender.clone(),
            ))
        });
        let seed = oauth::new_nonce().as_str().to_owned();
        let _ = sender
            .send(Msg::Requests(requests::Msg::SeedKeys(seed)))
            .await;
        if let Some(problem) = self.problem.take() {
            let _ = sender.send(Msg::open(Modal::Problem(problem))).await;
        }
        // Keyring and disk may take their time: not before the first frame.
        let _ = sender.send(Msg::Profiles(profiles::Msg::Look)).await; // the receiver is here
        let effects = Effects::new(
            Client::new(Options {
                bodies: self.bodies,
                ..Options::default()
            }),
            self.credentials.clone(),
            sender,
        );
        let exit = self.event_loop.run(effects, messages).await;
        if let Some(sandbox) = sandbox {
            sandbox.abort();
        }
        exit
    }
}

/// Runs the built-in sandbox until it is aborted.
async fn serve(options: sandbox::Options, credentials: Credentials, messages: mpsc::Sender<Msg>) {
    let (msg, _running) = match Sandbox::start(options).await {
        Ok(sandbox) => {
            credentials.hold_client_secret(sandbox.client_secret().clone());
            let hosts = Hosts::single(sandbox.url());
            let client_id = sandbox.client_id().to_owned();
            (
                profiles::Msg::SandboxStarted { hosts, client_id },
                Some(sandbox),
            )
        }
        Err(error) => {
            let problem = Problem::new("the built-in sandbox could not be started")
                .because(error.to_string());
            (profiles::Msg::SandboxFailed(problem), None)
        }
    };
    // The session may have ended already.
    let _ = messages.send(Msg::Profiles(msg)).await;
    pending::<()>().await;
}
