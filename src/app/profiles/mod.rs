//! Which application of which environment the session talks to, and whether its client secret is known.

pub mod form;
mod keys;
mod switch;

#[cfg(test)]
mod tests;

pub use keys::{Finding, SecretSource};

use crate::app::{self, Modal, Model, Outbox};
use crate::config::ProfileText;
use crate::domain::{Environment, Hosts, Kept, Problem, Profile, Secret, SecretStore, TestUser};

/// The profile in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Profiles {
    /// The profile itself.
    pub current: Profile,
    /// Every profile there is, in the order of `config.toml`; the built-in sandbox first, if that does not name it.
    pub all: Vec<Profile>,
    /// The URL of the running sandbox that stands in for the one inside this program, if one does.
    pub outside: Option<String>,
    /// Where its client secret came from.
    pub secret: SecretSource,
    /// Where secrets are kept from one session to the next.
    pub store: SecretStore,
    /// Why they are not kept in a better place.
    pub store_problem: Option<Problem>,
    /// Why the built-in sandbox does not run, if it does not.
    pub problem: Option<Problem>,
    /// The profile that is being edited; none for a new one.
    pub editing: Option<String>,
    /// Whether the port of a redirect URI was free when it was typed.
    pub port: Option<PortCheck>,
}

/// What was found of the port of a redirect URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortCheck {
    /// The redirect URI.
    pub uri: String,
    /// Why nothing can listen there.
    pub problem: Option<String>,
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
        /// Where the secret of the application came from.
        secret: SecretSource,
    },
    /// The built-in sandbox could not be started, or the running one is not there.
    SandboxFailed(Problem),
    /// Try that once more, if it failed.
    StartAgain,
    /// Go over to the profile of this name.
    Switch(String),
    /// These test users belong to the profile that was gone over to; or why they cannot be told.
    Users(Result<Vec<TestUser>, Problem>),
    /// Type a new profile.
    Add,
    /// Change the profile of this name.
    Edit(String),
    /// Type a profile that is like the one of this name.
    Duplicate(String),
    /// This was typed.
    Written(Vec<Secret>),
    /// It stands in `config.toml`; these profiles are there now, and this is the one that was typed.
    Saved {
        /// All there are.
        all: Vec<Profile>,
        /// The one that was typed; none if one was deleted.
        name: Option<String>,
    },
    /// `config.toml` could not be written.
    NotSaved(Problem),
    /// Ask whether the profile of this name shall go.
    AskDelete(String),
    /// Delete the profile of this name and everything that belongs to it.
    Delete(String),
    /// Use the next of the registered redirect URIs.
    NextRedirect,
    /// Look whether the port of this redirect URI is free.
    CheckPort(String),
    /// This was found.
    PortChecked(PortCheck),
    /// Try the keys that are typed; those of the profile, if none are.
    TryKeys(Vec<Secret>),
    /// This was found.
    Tried(Vec<Finding>),
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
    /// Work with the secrets and the test users of this profile from now on, and tell who they are.
    Open(Profile),
    /// Put this into `config.toml`, in the place of the profile called `original`, and keep its secret, if there is one.
    Write {
        /// The profile that it replaces.
        original: Option<Box<Profile>>,
        /// What was typed.
        profile: ProfileText,
        /// Its client secret; empty: what is kept stays.
        secret: Secret,
    },
    /// Take this one out of `config.toml`, and forget what belongs to it.
    Delete(Profile),
    /// Look whether the port of this redirect URI is free.
    CheckPort(String),
    /// Call with the keys of this profile; with what is kept, where the secret is empty.
    TryKeys(Box<Profile>, Secret),
    /// Read what is kept of the profile.
    Look,
    /// Keep the client secret.
    KeepSecret(Secret),
}

impl Profiles {
    /// A profile whose secret is not known yet.
    pub fn new(profile: Profile) -> Self {
        Self {
            all: vec![profile.clone()],
            current: profile,
            outside: None,
            secret: SecretSource::Missing,
            store: SecretStore::Memory,
            store_problem: None,
            problem: None,
            editing: None,
            port: None,
        }
    }

    /// The profile called `name`.
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.all.iter().find(|profile| profile.name == name)
    }

    /// Those that are not the built-in sandbox.
    pub fn owned(&self) -> impl Iterator<Item = &Profile> {
        let is_owned = |profile: &&Profile| profile.environment != Environment::BuiltIn;
        self.all.iter().filter(is_owned)
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
                let what = match self.outside {
                    None => "the built-in sandbox is still starting",
                    Some(_) => "the sandbox has not answered yet",
                };
                Problem::new(what).hint("try again in a moment")
            })
        })
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    let profiles = &mut model.profiles;
    match msg {
        // The sandbox may answer when the person has gone over to another profile: nothing of it is that one's.
        Msg::SandboxStarted { .. } | Msg::SandboxFailed(_) | Msg::StartAgain
            if !profiles.is_built_in() => {}
        Msg::SandboxStarted {
            hosts,
            client_id,
            secret,
        } => {
            profiles.current.hosts = Some(hosts);
            profiles.current.client_id = client_id;
            profiles.secret = secret;
            out.message(app::Msg::profile_ready());
        }
        Msg::SandboxFailed(problem) => {
            out.message(app::Msg::open(Modal::Problem(problem.clone())));
            profiles.problem = Some(problem);
        }
        Msg::StartAgain => {
            if profiles.problem.take().is_some() {
                let profile = profiles.current.clone();
                out.effect(app::Effect::Profiles(Effect::Open(profile)));
            }
        }
        Msg::Switch(name) => switch::switch(model, &name, out),
        Msg::Add => form::open(model, &form::draft(), None, out),
        Msg::Edit(name) => {
            if let Some(profile) = profiles.get(&name).cloned() {
                form::open(model, &profile, Some(name), out);
            }
        }
        Msg::Duplicate(name) => {
            if let Some(profile) = profiles.get(&name).cloned() {
                let copy = Profile {
                    name: format!("{name}-2"),
                    ..profile
                };
                form::open(model, &copy, None, out);
            }
        }
        Msg::Written(values) => {
            let (profile, secret) = form::read(&values);
            out.effect(app::Effect::Profiles(Effect::Write {
                original: profiles
                    .editing
                    .take()
                    .and_then(|name| profiles.get(&name).cloned().map(Box::new)),
                profile,
                secret,
            }));
        }
        Msg::Saved { all, name } => switch::saved(model, all, name, out),
        Msg::NotSaved(problem) => out.message(app::Msg::open(Modal::Problem(problem))),
        Msg::AskDelete(name) => ask_delete(profiles, &name, out),
        Msg::Delete(name) => {
            if let Some(profile) = profiles.get(&name) {
                out.effect(app::Effect::Profiles(Effect::Delete(profile.clone())));
            }
        }
        Msg::NextRedirect => switch::next_redirect(profiles, out),
        Msg::CheckPort(uri) => out.effect(app::Effect::Profiles(Effect::CheckPort(uri))),
        Msg::PortChecked(check) => profiles.port = Some(check),
        Msg::TryKeys(values) => keys::try_keys(profiles, &values, out),
        Msg::Tried(findings) => out.message(app::Msg::open(keys::told(&findings))),
        Msg::Users(users) => switch::users(users, out),
        Msg::Look => {
            if profiles.secret == SecretSource::Missing && !profiles.is_built_in() {
                profiles.secret = SecretSource::Sought;
            }
            out.effect(app::Effect::Profiles(Effect::Look));
        }
        Msg::Looked(kept) => keys::looked(profiles, kept, out),
        Msg::Stored(store, problem) => keys::stored(profiles, store, problem, out),
        Msg::AskSecret => out.message(app::Msg::open(Modal::Prompt(keys::secret_prompt(
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

fn ask_delete(profiles: &Profiles, name: &str, out: &mut Outbox) {
    match profiles.get(name) {
        Some(profile) if *name != Profile::built_in().name => {
            let is_current = profiles.current.name == *name;
            let question = form::question(profile, is_current);
            out.message(app::Msg::open(Modal::Confirm(question)));
        }
        _ => out.message(app::Msg::warning("the built-in sandbox is always there")),
    }
}
