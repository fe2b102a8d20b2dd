//! What a shell is offered behind Tab: names that only this program knows, of profiles, test users, operations and saved
//! requests. Whatever cannot be read offers nothing: a shell has no place for an error.

use std::env;
use std::ffi::OsStr;

use clap_complete::CompletionCandidate as Candidate;
use clap_complete::engine::{PathCompleter, ValueCompleter as _};

use crate::adapters::files::saved::SavedRequests;
use crate::commands::home::Home;
use crate::commands::{catalogue, wallet};
use crate::config::Paths;
use crate::domain::{Environment, Method, Profile, TestUser};
use crate::sandbox;
use crate::ui::widgets::visible::visible;

/// Names of profiles.
pub fn profiles() -> Vec<Candidate> {
    let profiles = Home::open().map(|home| home.profiles()).unwrap_or_default();
    let candidate = |profile: Profile| told(&profile.name, profile.environment.name());
    profiles.into_iter().map(candidate).collect()
}

/// First names of test users, or their e-mail addresses where two share a name.
pub(super) fn users() -> Vec<Candidate> {
    let users = known_users().unwrap_or_default();
    let candidate = |user: &TestUser| {
        let first = user.label().split(' ').next().unwrap_or_default();
        let word = match wallet::find(&users, first) {
            Ok(_) if visible(first) == first => first.to_lowercase(),
            _ => visible(&user.email).into_owned(),
        };
        told(word, user.label())
    };
    users.iter().map(candidate).collect()
}

/// The same, and everybody.
pub(super) fn users_and_all() -> Vec<Candidate> {
    let mut all = users();
    all.push(told("all", "everybody, each in turn"));
    all
}

/// Ids of operations, and methods for a path of one's own.
pub(super) fn operations() -> Vec<Candidate> {
    let catalog = paths().and_then(|paths| catalogue::read(&paths.config));
    let Ok((mut catalog, _)) = catalog else {
        return Vec::new();
    };
    let profile = Home::open().and_then(|home| Ok(home.settings.choose(None)?));
    let environment = profile.map(|profile| profile.environment);
    catalog.adapt(environment.unwrap_or(Environment::Custom));
    let endpoints = catalog.endpoints().iter();
    let ids = endpoints.map(|endpoint| told(endpoint.id.as_str(), &endpoint.summary));
    let methods = Method::ALL.map(|method| told(method.as_str(), "a path of your own"));
    ids.chain(methods).collect()
}

/// Names of saved requests and their folders, or else files.
pub(super) fn requests(current: &OsStr) -> Vec<Candidate> {
    let start = current.to_string_lossy();
    let mut names: Vec<_> = requests_known()
        .unwrap_or_default()
        .into_iter()
        .filter(|(name, _)| name.starts_with(&*start))
        .map(|(name, words)| told(name, words))
        .collect();
    if names.is_empty() {
        names = PathCompleter::any().complete(current);
    }
    names
}

/// Where everything is, whatever stands in `config.toml`.
fn paths() -> anyhow::Result<Paths> {
    Ok(Paths::from(env::var_os("ASTRASCOPE_HOME"))?)
}

fn requests_known() -> anyhow::Result<Vec<(String, String)>> {
    let saved = SavedRequests::find(&paths()?.config, &env::current_dir()?);
    let mut names: Vec<(String, String)> = Vec::new();
    for request in saved.list().into_iter().flat_map(|one| one.request) {
        let name = request.name.as_str();
        if let Some((folder, _)) = name.rsplit_once('/')
            && !names.iter().any(|(known, _)| known == folder)
        {
            names.push((folder.to_owned(), "a folder".to_owned()));
        }
        let words = request.description.lines().next().unwrap_or_default();
        names.push((name.to_owned(), words.to_owned()));
    }
    Ok(names)
}

/// The test users of the profile that the line names, or of the default one.
fn known_users() -> anyhow::Result<Vec<TestUser>> {
    let mut words = env::args().skip_while(|word| word != "--profile").skip(1);
    let home = Home::open()?;
    let profile = home.profile(words.next().as_deref())?;
    Ok(match home.vault(&profile) {
        None => sandbox::test_users(0),
        Some(vault) => vault.read()?,
    })
}

fn told(value: impl Into<std::ffi::OsString>, words: impl ToString) -> Candidate {
    let words = words.to_string();
    let help = (!words.is_empty()).then(|| visible(&words).into_owned().into());
    Candidate::new(value).help(help)
}
