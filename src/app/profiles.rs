//! Which application of which environment the session talks to, and whether its client secret is known.

use crate::app::{self, Input, Modal, Model, Outbox, Prompt, Subject};
use crate::domain::{Environment, Found, Hosts, Kept, Problem, Profile, Secret, SecretStore};

/// The profile in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Profiles {
    /// The profile itself.
    pub current: Profile,
    /// Where its client secret came from.
    pub secret: SecretSource,
    /// Where secrets are kept from one session to the next.
    pub store: SecretStore,
    /// Why they are not kept in a better place.
    pub store_problem: Option<Problem>,
    /// Why the built-in sandbox does not run, if it does not.
    pub problem: Option<Problem>,
}

/// Where the client secret of the profile came from. The secret itself is in the credentials store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretSource {
    /// It is not known.
    #[default]
    Missing,
    /// The stores are asked for it.
    Sought,
    /// The sandbox inside this program made it up.
    BuiltIn,
    /// `ASTRASCOPE_CLIENT_SECRET`.
    Environment,
    /// It was typed in this session, and is gone with it.
    Memory,
    /// The keyring of the desktop.
    Keyring,
    /// A file that only the person can read.
    File,
}

impl SecretSource {
    /// For the Credentials pane.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Missing => "not given",
            Self::Sought => "being looked up",
            Self::BuiltIn => "built in",
            Self::Environment => "from the environment",
            Self::Memory => SecretStore::Memory.meaning(),
            Self::Keyring => SecretStore::Keyring.meaning(),
            Self::File => SecretStore::File.meaning(),
        }
    }
}

impl From<SecretStore> for SecretSource {
    fn from(store: SecretStore) -> Self {
        match store {
            SecretStore::Keyring => Self::Keyring,
            SecretStore::File => Self::File,
            SecretStore::Memory => Self::Memory,
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
    /// Look up what is kept of the profile.
    Look,
    /// This was found.
    Looked(Kept),
    /// The client secret that was typed is kept there; or why in no better place.
    Stored(SecretStore, Option<Problem>),
    /// Ask for the client secret.
    AskSecret,
    /// A person typed the client secret.
    SecretTyped(Secret),
}

/// What has to be done for a profile.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Read what is kept of the profile.
    Look,
    /// Keep the client secret.
    KeepSecret(Secret),
}

impl Profiles {
    /// A profile whose secret is not known yet.
    pub fn new(profile: Profile) -> Self {
        Self {
            current: profile,
            secret: SecretSource::Missing,
            store: SecretStore::Memory,
            store_problem: None,
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
        Msg::Look if profiles.is_built_in() => {} // it keeps nothing
        Msg::Look => {
            if profiles.secret == SecretSource::Missing {
                profiles.secret = SecretSource::Sought;
            }
            out.effect(app::Effect::Profiles(Effect::Look));
        }
        Msg::Looked(kept) => looked(profiles, kept, out),
        Msg::Stored(store, problem) => stored(profiles, store, problem, out),
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
            out.message(app::Msg::profile_ready());
        }
    }
}

/// What the stores had of the profile.
fn looked(profiles: &mut Profiles, kept: Kept, out: &mut Outbox) {
    profiles.secret = match kept.client_secret {
        Some(Found::Environment) => SecretSource::Environment,
        Some(Found::Store(store)) => store.into(),
        None => SecretSource::Missing,
    };
    profiles.store = kept.store;
    if let Some(problem) = &kept.problem {
        out.message(app::Msg::warning(store_warning(kept.store, problem)));
    }
    profiles.store_problem = kept.problem;
    for (user, grant) in kept.grants {
        out.message(app::Msg::still_signed_in(user, grant));
    }
    out.message(app::Msg::profile_ready());
}

/// Where the client secret went that was typed.
fn stored(profiles: &mut Profiles, store: SecretStore, problem: Option<Problem>, out: &mut Outbox) {
    if profiles.secret == SecretSource::Memory {
        profiles.secret = store.into();
    }
    profiles.store = store;
    out.message(match &problem {
        Some(problem) => app::Msg::warning(store_warning(store, problem)),
        None => app::Msg::notice(format!("client secret kept {}", store.meaning())),
    });
    profiles.store_problem = problem;
}

/// Why secrets are not where they should be, and where they are instead.
fn store_warning(store: SecretStore, problem: &Problem) -> String {
    let mut said = problem.clone();
    said.what = format!("secrets are kept {}: {}", store.meaning(), problem.what);
    said.to_string()
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
            "It goes to the keyring of this machine or, where there is none, to a file that only you can read.".into(),
        ],
        input: Some(Input {
            label: "client secret",
            is_masked: true,
            text: String::new(),
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
        model.profiles.current.environment = Environment::Sandbox;
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

    #[test]
    fn what_was_kept_is_taken_over_and_a_store_that_fails_is_told() {
        let mut model = model();
        model.profiles.current.environment = Environment::Sandbox;
        let effects = update(&mut model, AppMsg::Profiles(Msg::Look), ENV);
        assert_eq!(effects, [AppEffect::Profiles(Effect::Look)]);
        assert_eq!(model.profiles.secret, SecretSource::Sought);
        let problem = Problem::new("the keyring does not answer").hint("unlock it");
        let kept = Kept {
            store: SecretStore::File,
            problem: Some(problem.clone()),
            client_secret: Some(Found::Store(SecretStore::File)),
            grants: Vec::new(),
        };
        update(&mut model, AppMsg::Profiles(Msg::Looked(kept)), ENV);
        assert_eq!(model.profiles.secret, SecretSource::File);
        assert_eq!(model.profiles.store_problem, Some(problem));
        let notice = model.notices.current.unwrap().text;
        assert!(notice.starts_with("secrets are kept in a file of yours: the keyring"));
    }
}
