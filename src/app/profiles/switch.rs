//! Going over to another profile: hosts, secrets, test users and lists change at once, and nothing of the old one stays.

use crate::app::profiles::{Effect, Msg, Profiles, SecretSource};
use crate::app::{self, Model, Outbox};
use crate::config::ProfileText;
use crate::domain::{Problem, Profile, Secret, TestUser};

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
    model.catalog.adapt(profile.environment);
    (model.last_id, model.last_user) = (old.last_id, old.last_user); // late answers must not meet new jobs
    model.resources.brought_forward = old.resources.brought_forward; // the screen counts along
    model.requests = old.requests.emptied();
    model.replay = old.replay.emptied();
    model.modals = old.modals.guide_only(); // who follows it goes on in the new profile
    model.profiles = Profiles {
        all: old.profiles.all,
        outside: old.profiles.outside,
        ..Profiles::new(profile.clone())
    };
    if !model.profiles.is_built_in() {
        model.profiles.secret = SecretSource::Sought;
    }
    out.message(app::Msg::notice(format!("this is {} now", profile.name)));
    out.effect(app::Effect::CancelAll);
    out.effect(app::Effect::Profiles(Effect::Open(profile)));
}

/// Uses the next of the registered redirect URIs, here and in `config.toml`; the others keep their order.
pub(super) fn next_redirect(profiles: &mut Profiles, out: &mut Outbox) {
    let original = profiles.current.clone();
    let current = &mut profiles.current;
    if current.redirect_uris.is_empty() {
        out.message(app::Msg::warning(
            "the profile has no other redirect URI: its form takes more",
        ));
        return;
    }
    let next = current.redirect_uris.remove(0);
    let before = std::mem::replace(&mut current.redirect_uri, next);
    current.redirect_uris.push(before);
    let text = ProfileText {
        name: current.name.clone(),
        values: vec![
            ("redirect_uri", current.redirect_uri.clone()),
            ("redirect_uris", current.redirect_uris.join(" ")),
        ],
    };
    out.message(app::Msg::notice(format!(
        "redirects go to {} now",
        current.redirect_uri
    )));
    out.effect(app::Effect::Profiles(Effect::Write {
        original: Some(Box::new(original)),
        profile: text,
        secret: Secret::default(),
    }));
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
    let is_changed = |name: &str| profiles.get(name) != Some(&profiles.current);
    let target = match name {
        Some(name) if is_new || (name == current && is_changed(&name)) => Some(name),
        Some(name) if name == current => {
            out.message(app::Msg::Profiles(Msg::Look)); // its secret may be another
            None
        }
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
