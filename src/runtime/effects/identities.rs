//! Reads and keeps what belongs to a profile: its client secret, the tokens of its test users, and who these are.

use std::future::ready;
use std::path::PathBuf;

use crate::adapters::http::{Client, Options};
use crate::adapters::profile_file::ProfileFile;
use crate::adapters::renaming;
use crate::adapters::trial;
use crate::adapters::vault::Vault;
use crate::app::Msg;
use crate::app::{profiles, reveal, users};
use crate::config::ProfileText;
use crate::domain::{BodyLimits, Problem, Profile, Secret, TestUser};
use crate::runtime::clock;
use crate::runtime::effects::Tools;

/// Starts one. None of them can be cancelled: half of a secret helps nobody.
pub(super) fn start(tools: Tools, effect: profiles::Effect) {
    let credentials = tools.credentials.clone();
    match effect {
        profiles::Effect::Look => {
            let looked = tools.keeper.keep(move || credentials.load());
            report(tools, looked, |kept| {
                Msg::Profiles(profiles::Msg::Looked(kept))
            });
        }
        profiles::Effect::KeepSecret(secret) => {
            let stored = tools
                .keeper
                .keep(move || credentials.set_client_secret(secret));
            report(tools, stored, |standing| {
                Msg::Profiles(profiles::Msg::Stored(standing.store, standing.problem))
            });
        }
        profiles::Effect::Write {
            original,
            profile,
            secret,
        } => {
            let name = profile.name.clone();
            let shelf = tools.clone();
            let written = move || write(&shelf, original.as_deref(), &profile, secret);
            let written = tools.keeper.keep(written);
            report(tools, written, |all| saved(all, Some(name)));
        }
        profiles::Effect::Delete(profile) => {
            let shelf = tools.clone();
            let deleted = tools.keeper.keep(move || delete(&shelf, &profile));
            report(tools, deleted, |all| saved(all, None));
        }
        profiles::Effect::CheckPort(uri) => {
            let problem = trial::port(&uri).err().map(|problem| problem.what);
            let check = profiles::PortCheck { uri, problem };
            let msg = profiles::Msg::PortChecked(check);
            report(tools, ready(Some(msg)), Msg::Profiles);
        }
        profiles::Effect::TryKeys(profile, typed) => {
            drop(tokio::spawn(try_keys(tools, *profile, typed)));
        }
        profiles::Effect::Open(_) => {} // changes the tools themselves
    }
}

/// Puts `profile` into `config.toml`; what is kept of the one that it replaces goes on under the new name.
fn write(
    tools: &Tools,
    original: Option<&Profile>,
    profile: &ProfileText,
    secret: Secret,
) -> Result<Vec<Profile>, Problem> {
    let home = tools.home.as_ref().ok_or_else(homeless)?;
    if let Some(old) = original {
        // What is for nothing in particular is for what stands there before the change.
        tools.credentials.of(old).load();
    }
    let all = match original {
        Some(old) if old.name != profile.name => {
            renaming::rename(home, &tools.credentials, old, profile)?
        }
        old => ProfileFile::new(&home.config).put(old.map(|old| old.name.as_str()), profile)?,
    };
    let new = all.iter().find(|one| one.name == profile.name);
    if let Some(new) = new.filter(|_| !secret.is_empty()) {
        tools.credentials.of(new).set_client_secret(secret); // the pane tells where it is kept
    }
    Ok(all)
}

/// Takes everything that is kept of `profile` away, and the profile out of `config.toml`: one that has left secrets behind could
/// not be deleted again, and one that stays in the file keeps them.
fn delete(tools: &Tools, profile: &Profile) -> Result<Vec<Profile>, Problem> {
    let home = tools.home.as_ref().ok_or_else(homeless)?;
    ProfileFile::new(&home.config).remove(&profile.name, || {
        tools.credentials.of(profile).forget_all()?;
        Vault::new(&home.data, &profile.name).clear()
    })
}

fn homeless() -> Problem {
    Problem::new("profiles are not kept in this session")
}

fn saved(all: Result<Vec<Profile>, Problem>, name: Option<String>) -> Msg {
    Msg::Profiles(match all {
        Ok(all) => profiles::Msg::Saved { all, name },
        Err(problem) => profiles::Msg::NotSaved(problem),
    })
}

/// Calls with the keys of `profile`: with those that are kept, where nothing is typed.
async fn try_keys(tools: Tools, profile: Profile, typed: Secret) {
    let credentials = tools.credentials.of(&profile);
    let secret = match typed.is_empty() {
        true => {
            let known = credentials.clone();
            let loaded = tools.keeper.keep(move || drop(known.look()));
            loaded.await;
            credentials.client_secret()
        }
        false => typed,
    };
    let client = Client::new(client_options(&profile, tools.client.options().bodies));
    let findings = trial::keys(&client, &profile, &secret, clock::now).await;
    let finding = |(what, result)| profiles::Finding { what, result };
    let findings = findings.into_iter().map(finding).collect();
    let msg = profiles::Msg::Tried(findings);
    tools.report(Msg::Profiles(msg)).await;
}

/// How to call the hosts of `profile`.
pub fn client_options(profile: &Profile, bodies: BodyLimits) -> Options {
    Options {
        bodies,
        ca_file: profile.ca_file.as_ref().map(PathBuf::from),
        ..Options::default()
    }
}

/// Tells who the test users of the profile are: those of its vault or, without one, `known`.
pub(super) fn list(tools: Tools, known: Vec<TestUser>) {
    let vault = tools.vault.clone();
    let read = move || vault.map_or(Ok(known), |vault| vault.read());
    let users = tools.keeper.keep(read);
    report(tools, users, |users| {
        Msg::Profiles(profiles::Msg::Users(users))
    });
}

/// Keeps what has changed about a test user.
pub(super) fn keep(tools: Tools, effect: users::Effect) {
    let Some(vault) = tools.vault.clone() else {
        return; // the world of the built-in sandbox ends with the session
    };
    let kept = tools.keeper.keep(move || match effect {
        users::Effect::Save(user) => vault.save(&user),
        users::Effect::Identify(user) => vault.identify(&user),
        users::Effect::Touch(user, at) => vault.touch(user, at),
        users::Effect::Remove(user) => vault.remove(user),
    });
    tokio::spawn(async move {
        if let Some(Err(problem)) = kept.await {
            tools.report(Msg::Users(users::Msg::NotKept(problem))).await;
        }
    });
}

/// Hands a secret out to be shown; what the session uses is at hand.
pub(super) fn reveal(tools: Tools, effect: reveal::Effect) {
    let reveal::Effect::Read(whose) = effect;
    let secret = match whose {
        reveal::Whose::Client => tools.credentials.client_secret(),
        reveal::Whose::User(user) => tools
            .credentials
            .tokens(user)
            .map(|tokens| tokens.access)
            .unwrap_or_default(), // signed out meanwhile: there is nothing to show
        reveal::Whose::Typed => Secret::default(), // it is shown where it is typed
    };
    let msg = reveal::Msg::Read(whose, secret);
    report(tools, ready(Some(msg)), Msg::Reveal);
}

/// Tells the core what became of it.
fn report<T: Send + 'static>(
    tools: Tools,
    done: impl Future<Output = Option<T>> + Send + 'static,
    msg: impl FnOnce(T) -> Msg + Send + 'static,
) {
    tokio::spawn(async move {
        if let Some(done) = done.await {
            tools.report(msg(done)).await;
        }
    });
}
