//! Which application of which environment the session talks to, and whether its client secret is known.

use crate::app::{self, Input, Modal, Model, Outbox, Prompt, Subject};
use crate::domain::{Environment, Hosts, Problem, Profile, Secret};

/// The profile in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Profiles {
    /// The profile itself.
    pub current: Profile,
    /// Where its client secret came from.
    pub secret: SecretSource,
    /// Why the built-in sandbox does not run, if it does not.
    pub problem: Option<Problem>,
}

/// Where the client secret of the profile came from. The secret itself is in the credentials store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretSource {
    /// It is not known.
    #[default]
    Missing,
    /// The sandbox inside this program made it up.
    BuiltIn,
    /// `ASTRASCOPE_CLIENT_SECRET`.
    Environment,
    /// It was typed in this session, and is gone with it.
    Memory,
}

impl SecretSource {
    /// For the Credentials pane.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Missing => "not given",
            Self::BuiltIn => "built in",
            Self::Environment => "from the environment",
            Self::Memory => "in memory",
        }
    }
}

/// What may happen to a profile.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// The built-in sandbox listens.
    SandboxStarted {
        /// Where.
        hosts: Hosts,
        /// The application that it knows.
        client_id: String,
    },
    /// The built-in sandbox could not be started.
    SandboxFailed(Problem),
    /// The client secret was found outside of the program.
    SecretFound(SecretSource),
    /// Ask for the client secret.
    AskSecret,
    /// A person typed the client secret.
    SecretTyped(Secret),
}

/// What has to be done for a profile.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Keep the client secret for as long as the session lasts.
    KeepSecret(Secret),
}

impl Profiles {
    /// A profile whose secret is not known yet.
    pub fn new(profile: Profile) -> Self {
        Self {
            current: profile,
            secret: SecretSource::Missing,
            problem: None,
        }
    }

    /// Whether the profile is the built-in sandbox.
    pub fn is_built_in(&self) -> bool {
        self.current.environment == Environment::BuiltIn
    }

    /// The hosts of the profile.
    ///
    /// # Errors
    /// While the built-in sandbox does not listen.
    pub fn hosts(&self) -> Result<&Hosts, Problem> {
        self.current.hosts.as_ref().ok_or_else(|| {
            self.problem.clone().unwrap_or_else(|| {
                Problem::new("the built-in sandbox is still starting").hint("try again in a moment")
            })
        })
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    let profiles = &mut model.profiles;
    match msg {
        Msg::SandboxStarted { hosts, client_id } => {
            profiles.current.hosts = Some(hosts);
            profiles.current.client_id = client_id;
            profiles.secret = SecretSource::BuiltIn;
            out.message(app::Msg::profile_ready());
        }
        Msg::SandboxFailed(problem) => {
            out.message(app::Msg::open(Modal::Problem(problem.clone())));
            profiles.problem = Some(problem);
        }
        Msg::SecretFound(source) => profiles.secret = source,
        Msg::AskSecret => out.message(app::Msg::open(Modal::Prompt(secret_prompt(
            &profiles.current,
        )))),
        Msg::SecretTyped(secret) if secret.reveal().trim().is_empty() => {
            out.message(app::Msg::warning(
                "the client secret is empty: nothing was kept",
            ));
        }
        Msg::SecretTyped(secret) => {
            profiles.secret = SecretSource::Memory;
            out.effect(app::Effect::Profiles(Effect::KeepSecret(Secret::new(
                secret.reveal().trim(),
            ))));
            out.message(app::Msg::notice("client secret kept for this session"));
            out.message(app::Msg::profile_ready());
        }
    }
}

fn secret_prompt(profile: &Profile) -> Prompt {
    Prompt {
        subject: Subject::ClientSecret,
        title: "Client secret".into(),
        url: None,
        lines: vec![
            format!(
                "The client secret of {} on {}.",
                profile.client_id,
                profile.environment.name()
            ),
            "It stays in memory and is gone when the session ends.".into(),
            "To have it at every start, set ASTRASCOPE_CLIENT_SECRET.".into(),
        ],
        input: Some(Input {
            label: "client secret",
            is_masked: true,
        }),
        choices: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Effect as AppEffect, Env, Msg as AppMsg, update};
    use crate::catalog::Catalog;
    use crate::domain::Timestamp;

    const ENV: Env = Env { now: Timestamp(0) };

    fn model() -> Model {
        Model::new(Catalog::default(), Profile::built_in(), Vec::new())
    }

    #[test]
    fn a_sandbox_that_starts_brings_hosts_and_keys() {
        let mut model = model();
        assert!(model.profiles.hosts().is_err());
        let hosts = Hosts::single("http://127.0.0.1:1");
        let msg = Msg::SandboxStarted {
            hosts: hosts.clone(),
            client_id: "app".into(),
        };
        update(&mut model, AppMsg::Profiles(msg), ENV);
        assert_eq!(model.profiles.hosts(), Ok(&hosts));
        assert_eq!(model.profiles.secret, SecretSource::BuiltIn);
    }

    #[test]
    fn a_typed_secret_is_kept_without_its_blanks_and_never_enters_the_model() {
        let mut model = model();
        let msg = Msg::SecretTyped(Secret::new(" s3cret\n"));
        let effects = update(&mut model, AppMsg::Profiles(msg), ENV);
        assert_eq!(
            effects,
            [AppEffect::Profiles(Effect::KeepSecret(Secret::new(
                "s3cret"
            )))]
        );
        assert!(!format!("{model:?}").contains("s3cret"));
    }

    #[test]
    fn an_empty_secret_is_not_kept() {
        let mut model = model();
        assert!(
            update(
                &mut model,
                AppMsg::Profiles(Msg::SecretTyped(Secret::new(" "))),
                ENV
            )
            .is_empty()
        );
        assert_eq!(model.profiles.secret, SecretSource::Missing);
    }

    #[test]
    fn a_sandbox_that_does_not_start_is_told_whole_and_where_it_is_missed() {
        let mut model = model();
        let problem =
            Problem::new("the built-in sandbox could not be started").because("no sockets");
        update(
            &mut model,
            AppMsg::Profiles(Msg::SandboxFailed(problem.clone())),
            ENV,
        );
        assert_eq!(model.modals.top(), Some(&Modal::Problem(problem.clone())));
        assert_eq!(model.profiles.hosts(), Err(problem));
    }
}
