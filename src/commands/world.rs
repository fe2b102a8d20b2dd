//! The sandbox of the built-in profile in a session: one inside this program, or one that runs already.

use std::sync::Arc;

use tokio::sync::{OnceCell, mpsc};

use crate::adapters::credentials::Credentials;
use crate::adapters::http::Client;
use crate::app::Msg;
use crate::app::profiles::{self, SecretSource};
use crate::commands::target;
use crate::domain::{BodyLimits, Found, Hosts, Problem, Profile, TestUser};
use crate::runtime::client_options;
use crate::sandbox::{self, Sandbox};

/// Where the sandbox of a session is.
#[derive(Clone, Debug)]
pub enum Place {
    /// Inside this program, set up like this.
    Inside(sandbox::Options),
    /// A running one, at this URL.
    At(String),
}

impl Place {
    /// The URL of one that runs already.
    pub(super) fn outside(&self) -> Option<&str> {
        match self {
            Self::Inside(_) => None,
            Self::At(url) => Some(url),
        }
    }

    /// Who is there from the start.
    pub(super) fn test_users(&self) -> Vec<TestUser> {
        sandbox::test_users(match self {
            Self::Inside(options) => options.seed,
            Self::At(_) => sandbox::Options::default().seed,
        })
    }
}

impl From<sandbox::Options> for Place {
    fn from(options: sandbox::Options) -> Self {
        Self::Inside(options)
    }
}

/// The sandbox of a session: started when a profile first needs it, and kept until the session ends.
#[derive(Clone)]
pub(super) struct World {
    pub(super) place: Place,
    credentials: Credentials,
    messages: mpsc::Sender<Msg>,
    own: Arc<OnceCell<Sandbox>>,
}

impl World {
    /// Touches nothing yet; what it tells goes to `messages`, and its keys into the `credentials` of the session.
    pub(super) fn new(
        place: Place,
        credentials: &Credentials,
        messages: mpsc::Sender<Msg>,
    ) -> Self {
        Self {
            place,
            credentials: credentials.of(&Profile::built_in()),
            messages,
            own: Arc::default(),
        }
    }

    /// Starts the sandbox, if it does not run yet, or looks whether it is there, and tells the core where.
    pub(super) async fn start(self) {
        let found = match &self.place {
            Place::Inside(options) => self.start_own(*options).await,
            Place::At(url) => self.look(url).await,
        };
        let msg = found.unwrap_or_else(profiles::Msg::SandboxFailed);
        // The session may have ended already.
        let _ = self.messages.send(Msg::Profiles(msg)).await;
    }

    async fn start_own(&self, options: sandbox::Options) -> Result<profiles::Msg, Problem> {
        let started = self.own.get_or_try_init(|| Sandbox::start(options)).await;
        let sandbox = started.map_err(|error| {
            Problem::new("the built-in sandbox could not be started").because(error.to_string())
        })?;
        let secret = sandbox.client_secret().clone();
        self.credentials.hold_client_secret(secret);
        Ok(profiles::Msg::SandboxStarted {
            hosts: Hosts::single(sandbox.url()),
            client_id: sandbox.client_id().to_owned(),
            secret: SecretSource::BuiltIn,
        })
    }

    async fn look(&self, url: &str) -> Result<profiles::Msg, Problem> {
        let mut profile = Profile::built_in();
        target::aim(url, &mut profile, &self.credentials);
        let client = Client::new(client_options(&profile, BodyLimits::default()));
        target::look(&client, url, &profile, &self.credentials).await?;
        Ok(profiles::Msg::SandboxStarted {
            hosts: profile.hosts.unwrap_or_default(),
            client_id: profile.client_id,
            secret: match self.credentials.load().client_secret {
                Some(Found::Environment) => SecretSource::Environment,
                _ => SecretSource::BuiltIn,
            },
        })
    }
}
