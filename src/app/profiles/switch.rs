//! Going over to another profile: hosts, secrets, test users and lists change at once, and nothing of the old one stays.

use crate::app::profiles::{Effect, Msg, Profiles, SecretSource};
use crate::app::{self, Model, Outbox};
use crate::domain::{Problem, Profile, TestUser};

pub(super) fn switch(model: &mut Model, name: &str, out: &mut Outbox) {
    let Some(profile) = model.profiles.get(name).cloned() else {
        out.message(app::Msg::warning(format!(
            "there is no profile {name} any more"
        )));
        return;
    };
    go_over(model, profile, out);
}

/// Leaves the session as if it had just started on `profile`.
fn go_over(model: &mut Model, profile: Profile, out: &mut Outbox) {
    let fresh = Model::new(
        std::mem::take(&mut model.catalog),
        profile.clone(),
        Vec::new(),
    );
    let old = std::mem::replace(model, fresh);
    (model.last_id, model.last_user) = (old.last_id, old.last_user); // late answers must not meet new jobs
    model.resources.brought_forward = old.resources.brought_forward; // the screen counts along
    model.requests = old.requests.emptied();
    model.replay = old.replay.emptied();
    model.modals = old.modals.guide_only(); // who follows it goes on in the new profile
    model.profiles = Profiles {
        all: old.profiles.all,
        ..Profiles::new(profile.clone())
    };
    if !model.profiles.is_built_in() {
        model.profiles.secret = SecretSource::Sought;
    }
    out.message(app::Msg::notice(format!("this is {} now", profile.name)));
    out.effect(app::Effect::CancelAll);
    out.effect(app::Effect::Profiles(Effect::Open(profile)));
}

/// `config.toml` was written: a profile that was typed is gone over to if it is new or the one in use, and a session whose
/// profile was deleted goes back to the built-in sandbox.
pub(super) fn saved(model: &mut Model, all: Vec<Profile>, name: Option<String>, out: &mut Outbox) {
    let profiles = &mut model.profiles;
    let is_new = name
        .as_deref()
        .is_some_and(|name| profiles.get(name).is_none());
    profiles.all = all;
    let current = profiles.current.name.clone();
    let target = match name {
        Some(name) if is_new || name == current => Some(name),
        Some(_) => None,
        None if profiles.get(&current).is_none() => Some(Profile::built_in().name),
        None => None,
    };
    match target {
        Some(name) => switch(model, &name, out),
        None => out.message(app::Msg::notice("config.toml is written")),
    }
}

/// The test users of the profile have come; who is signed in is looked up next.
pub(super) fn users(users: Result<Vec<TestUser>, Problem>, out: &mut Outbox) {
    match users {
        Ok(users) => out.message(app::Msg::known_users(users)),
        Err(problem) => out.message(app::Msg::warning(problem.to_string())),
    }
    out.message(app::Msg::Profiles(Msg::Look));
}
