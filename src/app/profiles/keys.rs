//! What is known of the keys of a profile: where its client secret came from, where secrets are kept, whether the keys work.
//! The secret itself is never here.

use crate::app::profiles::{Effect, Profiles, form};
use crate::app::{self, Input, Modal, Outbox, Prompt, Subject};
use crate::domain::{Environment, Found, Kept, Problem, Profile, Secret, SecretStore};

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

/// One thing that trying the keys has found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was tried.
    pub what: &'static str,
    /// That it is well, in words; or what is wrong.
    pub result: Result<String, Problem>,
}

pub(super) fn try_keys(profiles: &Profiles, values: &[Secret], out: &mut Outbox) {
    let (profile, secret) = match values.is_empty() {
        true => (Ok(profiles.current.clone()), Secret::default()),
        false => {
            let (typed, secret) = form::read(values);
            (typed.to_profile(), secret)
        }
    };
    match profile {
        Ok(profile) if profile.environment == Environment::BuiltIn => {
            out.message(app::Msg::warning(
                "the built-in sandbox has made its own keys",
            ));
        }
        Ok(profile) => {
            out.message(app::Msg::notice("trying the keys…"));
            out.effect(app::Effect::Profiles(Effect::TryKeys(
                Box::new(profile),
                secret,
            )));
        }
        Err(error) => out.message(app::Msg::warning(error.to_string())),
    }
}

/// What trying the keys has found out, to read.
pub(super) fn told(findings: &[Finding]) -> Modal {
    let is_well = findings.iter().all(|finding| finding.result.is_ok());
    let line = |finding: &Finding| match &finding.result {
        Ok(words) => format!("✓ {}: {words}", finding.what),
        Err(problem) => format!("✗ {}: {problem}", finding.what).replace("\nhint: ", " → "),
    };
    Modal::Note {
        title: match is_well {
            true => "These keys work".into(),
            false => "These keys do not work yet".into(),
        },
        lines: findings.iter().map(line).collect(),
    }
}

/// What the stores had of the profile.
pub(super) fn looked(profiles: &mut Profiles, kept: Kept, out: &mut Outbox) {
    for (user, grant) in kept.grants {
        out.message(app::Msg::still_signed_in(user, grant));
    }
    if profiles.is_built_in() {
        return; // its secret comes when it has started
    }
    profiles.secret = match kept.client_secret {
        Some(Found::Environment) => SecretSource::Environment,
        Some(Found::Store(store)) => store.into(),
        None => SecretSource::Missing,
    };
    profiles.store = kept.store;
    // That there is no keyring at all is nothing to be told at every start: the pane says it.
    if let Some(problem) = kept
        .problem
        .as_ref()
        .filter(|problem| problem.hint.is_some())
    {
        // Where nothing was found, it matters more why than where.
        out.message(app::Msg::warning(match profiles.secret {
            SecretSource::Missing => problem.to_string(),
            _ => store_warning(kept.store, problem),
        }));
    }
    profiles.store_problem = kept.problem;
    out.message(app::Msg::profile_ready());
}

/// Where the client secret went that was typed.
pub(super) fn stored(
    profiles: &mut Profiles,
    store: SecretStore,
    problem: Option<Problem>,
    out: &mut Outbox,
) {
    if profiles.secret == SecretSource::Memory {
        profiles.secret = store.into();
    }
    profiles.store = store;
    out.message(match &problem {
        Some(problem) if problem.hint.is_some() => app::Msg::warning(store_warning(store, problem)),
        _ => app::Msg::notice(format!("client secret kept {}", store.meaning())),
    });
    profiles.store_problem = problem;
}

/// Why secrets are not where they should be, and where they are instead.
fn store_warning(store: SecretStore, problem: &Problem) -> String {
    let mut said = problem.clone();
    said.what = format!("secrets are kept {}: {}", store.meaning(), problem.what);
    said.to_string()
}

pub(super) fn secret_prompt(profile: &Profile) -> Prompt {
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
