//! Introduces core, screen, adapters and sandbox to each other: a session in any console.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::adapters::credentials::Credentials;
use crate::adapters::http::Client;
use crate::adapters::oauth;
use crate::app::profiles;
use crate::app::{Modal, Model, Msg, history, replay, requests};
use crate::catalog::Catalog;
use crate::commands::catalogue;
use crate::commands::home::Home;
use crate::commands::world::{Place, World};
use crate::domain::{BodyLimits, Environment, Problem, Profile};
use crate::runtime::{
    Belongings, Console, Effects, EventLoop, Exit, Files, Opener, client_options, now,
};
use crate::ui::Screen;

/// Messages that may wait for the loop; a job that reports more waits until it has caught up.
const CHANNEL: usize = 1024;

/// Room for the test users of a thousandth of a second: keys of two instances never meet.
const KEYS_PER_MILLISECOND: u64 = 1 << 10;

/// A session in `console`, drawn once but not running yet.
pub struct Session<C> {
    event_loop: EventLoop<C>,
    profile: Profile,
    credentials: Credentials,
    /// None where nothing outlives the session.
    home: Option<Arc<Home>>,
    sandbox: Place,
    files: Files,
    /// What went wrong before it ran.
    problem: Option<Problem>,
    bodies: BodyLimits,
}

impl<C: Console> Session<C> {
    /// Shows a session on `profile` of which nothing is kept. Touches nothing but the console: sockets, TLS and threads come
    /// with [`Session::run`].
    ///
    /// # Errors
    /// When the console cannot be drawn on.
    pub fn open(
        console: C,
        screen: Screen,
        profile: Profile,
        credentials: Credentials,
        sandbox: impl Into<Place>,
    ) -> anyhow::Result<Self> {
        Self::start(console, screen, profile, credentials, None, sandbox.into())
    }

    /// Shows a session on `profile` of `home`, with the test users that are kept there.
    ///
    /// # Errors
    /// When the console cannot be drawn on.
    pub fn at_home(
        console: C,
        screen: Screen,
        profile: Profile,
        home: Home,
        sandbox: Place,
    ) -> anyhow::Result<Self> {
        let credentials = home.credentials(&profile);
        Self::start(console, screen, profile, credentials, Some(home), sandbox)
    }

    fn start(
        console: C,
        screen: Screen,
        profile: Profile,
        credentials: Credentials,
        home: Option<Home>,
        sandbox: Place,
    ) -> anyhow::Result<Self> {
        let bodies = home.as_ref().map(|home| home.settings.bodies);
        let bodies = bodies.unwrap_or_default();
        let vault = home.as_ref().and_then(|home| home.vault(&profile));
        let (users, problem) = match (profile.environment, vault.map(|vault| vault.read())) {
            (Environment::BuiltIn, _) => (sandbox.test_users(), None),
            (_, Some(Err(problem))) => (Vec::new(), Some(problem)),
            // Astra has no list of them: they are added by signing in.
            (_, users) => (users.and_then(Result::ok).unwrap_or_default(), None),
        };
        let mut model = Model::new(Catalog::default(), profile.clone(), users);
        model.profiles.outside = sandbox.outside().map(str::to_owned);
        if let Some(home) = &home {
            model.profiles.all = home.profiles();
            model.number_users_from(u64::try_from(now().0).unwrap_or(0) * KEYS_PER_MILLISECOND);
        }
        if profile.environment != Environment::BuiltIn {
            model.profiles.secret = profiles::SecretSource::Sought;
        }
        let mut event_loop = EventLoop::new(console, model, screen);
        if let Some(problem) = problem {
            event_loop.warn(&problem);
        }
        event_loop.draw()?;
        // No part of the first frame, and a millisecond and a half to read.
        event_loop.set_catalog(Catalog::built_in()?);
        Ok(Self {
            event_loop,
            profile,
            credentials,
            home: home.map(Arc::new),
            sandbox,
            files: Files::default(),
            problem: None,
            bodies,
        })
    }

    /// Keeps and reads these files from now on; without them, nothing outlives the session.
    pub fn set_files(&mut self, files: Files) {
        self.files = files;
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

    /// Runs it to its end, with the built-in sandbox beside it where a profile is that one.
    ///
    /// # Errors
    /// When the terminal is lost.
    pub async fn run(&mut self) -> io::Result<Exit> {
        let (sender, messages) = mpsc::channel(CHANNEL);
        let world = World::new(self.sandbox.clone(), &self.credentials, sender.clone());
        let seed = oauth::new_nonce().as_str().to_owned();
        let _ = sender
            .send(Msg::Requests(requests::Msg::SeedKeys(seed)))
            .await;
        if let Some(problem) = self.problem.take() {
            let _ = sender.send(Msg::open(Modal::Problem(problem))).await;
        }
        // Keyring and disk may take their time: not before the first frame.
        let _ = sender.send(Msg::Profiles(profiles::Msg::Look)).await; // the receiver is here
        for msg in [
            Msg::Replay(replay::Msg::ReadRules),
            Msg::visit_saved(),
            Msg::History(history::Msg::Visit),
        ] {
            let _ = sender.send(msg).await; // as above
        }
        let opener = opener(
            self.credentials.clone(),
            self.home.clone(),
            world,
            self.bodies,
        );
        let paths = self.home.as_ref().map(|home| home.paths.clone());
        let effects =
            Effects::new(&self.profile, opener, paths, sender).with_files(self.files.clone());
        self.event_loop.run(effects, messages).await
    }
}

/// Gets profiles ready, with what of them is kept at `home`.
fn opener(
    credentials: Credentials,
    home: Option<Arc<Home>>,
    world: World,
    bodies: BodyLimits,
) -> Opener {
    Box::new(move |profile| {
        let is_built_in = profile.environment == Environment::BuiltIn;
        if is_built_in {
            tokio::spawn(world.clone().start());
        }
        let users = is_built_in.then(|| world.place.test_users());
        Belongings {
            users: users.unwrap_or_default(),
            client: Client::new(client_options(profile, bodies)),
            credentials: credentials.of(profile),
            vault: home.as_ref().and_then(|home| home.vault(profile)),
        }
    })
}
