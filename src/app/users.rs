//! The test users of the session, which one it acts for, and what of them outlives it.

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::Deserialize;

use crate::app::{
    self, Confirm, Env, FieldKind, Form, FormField, FormSubject, Modal, Model, Outbox,
};
use crate::domain::{Draft, JobId, Problem, TestUser, Timestamp, UserKey, UserStatus};

/// The endpoint that tells whose token it is.
const WHO_AM_I: &str = "user.get";

/// The test users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Users {
    /// In the order in which they are listed.
    pub all: Vec<TestUser>,
    /// Whom the session acts for; nobody when somebody new is about to be added.
    pub selected: Option<UserKey>,
    /// Whom it acted for before somebody new was added.
    before: Option<UserKey>,
}

/// "Last used" tells days apart: it need not be written at every call.
const USED_APART: Duration = Duration::from_secs(5 * 60);

/// What may happen to test users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Msg {
    /// Act for this one from now on.
    Select(Option<UserKey>),
    /// Ask Astra who the signed-in user is.
    Identify(UserKey),
    /// Somebody new is about to authorize.
    Add(UserKey),
    /// These are the test users of the profile.
    Known(Vec<TestUser>),
    /// Somebody of whom something is known.
    AddKnown(TestUser),
    /// Astra says that this one is of this status.
    Status(UserKey, UserStatus),
    /// Somebody new did not authorize after all.
    Forget(UserKey),
    /// Ask what the person notes about this one.
    Edit(UserKey),
    /// This was noted.
    Edited {
        /// About whom.
        user: UserKey,
        /// What the person calls them.
        own_name: String,
        /// A note.
        note: String,
        /// Words to find them by.
        tags: Vec<String>,
        /// The application's own identifier of them.
        customer_id: String,
    },
    /// The hosted pages are told this of them from now on.
    SignInTold(UserKey, String),
    /// Ask whether this one shall go.
    AskRemove(UserKey),
    /// Take this one off the list, tokens and all.
    Remove(UserKey),
    /// Show the hosted page that leads on from the status of this one.
    OpenStatusPage(UserKey),
    /// Somebody could not be kept.
    NotKept(Problem),
}

/// What has to be done for test users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Keep what is known of this one.
    Save(Box<TestUser>),
    /// Keep what Astra tells of this one, and leave what a person has noted: another session may have changed that.
    Identify(Box<TestUser>),
    /// Keep when this one was used last, and leave everything else of them as it is kept: another session may have changed it.
    Touch(UserKey, Timestamp),
    /// Keep nothing of this one any more.
    Remove(UserKey),
}

impl Users {
    /// These users, the first of them selected.
    pub fn new(all: Vec<TestUser>) -> Self {
        let selected = all.first().map(|user| user.key);
        Self {
            all,
            selected,
            before: None,
        }
    }

    /// The user called `key`.
    pub fn get(&self, key: UserKey) -> Option<&TestUser> {
        self.all.iter().find(|user| user.key == key)
    }

    /// Whom the session acts for.
    pub fn current(&self) -> Option<&TestUser> {
        self.selected.and_then(|key| self.get(key))
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    let users = &mut model.users;
    match msg {
        Msg::Select(key) => users.selected = key.filter(|key| users.get(*key).is_some()),
        Msg::Identify(key) => {
            identify(users, key, out); // tokens are there: whoever returns finds the person they belong to
            out.message(app::Msg::send(Draft::new(WHO_AM_I).on_behalf_of(key)));
        }
        Msg::Add(key) => {
            users.all.push(TestUser::unnamed(key));
            users.before = users.selected.replace(key);
        }
        Msg::Known(all) => {
            let highest = all.iter().map(|user| user.key.0).max();
            *users = Users::new(all);
            model.number_users_from(highest.unwrap_or(0));
        }
        Msg::AddKnown(user) => {
            users.selected = Some(user.key);
            users.all.push(user);
        }
        Msg::Status(key, status) => {
            if let Some(user) = users.all.iter_mut().find(|user| user.key == key) {
                user.status = Some(status);
            }
            identify(users, key, out);
        }
        Msg::Forget(key) => {
            let is_selected = users.selected == Some(key);
            forget(users, key, out);
            if is_selected {
                users.selected = users.before.filter(|before| users.get(*before).is_some());
            }
        }
        Msg::Edit(key) => {
            if let Some(user) = users.get(key) {
                out.message(app::Msg::open(Modal::Form(form(user))));
            }
        }
        Msg::Edited {
            user: key,
            own_name,
            note,
            tags,
            customer_id,
        } => {
            if let Some(user) = users.all.iter_mut().find(|user| user.key == key) {
                (user.own_name, user.note, user.tags) = (own_name, note, tags);
                user.customer_id = customer_id;
            }
            save(users, key, out);
        }
        Msg::SignInTold(key, query) => {
            if let Some(user) = users.all.iter_mut().find(|user| user.key == key) {
                user.sign_in = query;
            }
            // Whoever is new is kept once they have signed in.
            if users.get(key).is_some_and(|user| !user.id.is_empty()) {
                save(users, key, out);
            }
        }
        Msg::AskRemove(key) => {
            if let Some(user) = users.get(key) {
                out.message(app::Msg::open(Modal::Confirm(question(user))));
            }
        }
        Msg::Remove(key) => {
            out.message(app::Msg::sign_out(key));
            forget(users, key, out);
        }
        Msg::OpenStatusPage(key) => open_status_page(model, key, out),
        Msg::NotKept(problem) => out.message(app::Msg::warning(problem.to_string())),
    }
}

fn save(users: &Users, key: UserKey, out: &mut Outbox) {
    if let Some(user) = users.get(key) {
        out.effect(app::Effect::Users(Effect::Save(Box::new(user.clone()))));
    }
}

/// The same of what Astra tells; a person's notes stay as they are kept.
fn identify(users: &Users, key: UserKey, out: &mut Outbox) {
    if let Some(user) = users.get(key) {
        let effect = Effect::Identify(Box::new(user.clone()));
        out.effect(app::Effect::Users(effect));
    }
}

/// Takes `key` off the list; the one below takes the place.
fn forget(users: &mut Users, key: UserKey, out: &mut Outbox) {
    let place = users.all.iter().position(|user| user.key == key);
    users.all.retain(|user| user.key != key);
    if users.selected == Some(key) {
        let next = place.and_then(|place| users.all.get(place).or(users.all.last()));
        users.selected = next.map(|user| user.key);
    }
    out.effect(app::Effect::Users(Effect::Remove(key)));
}

fn form(user: &TestUser) -> Form {
    let field = |label, value: &str, help| FormField {
        label,
        value: value.to_owned(),
        kind: FieldKind::Text,
        help,
    };
    let tags = user.tags.join(" ");
    Form {
        subject: FormSubject::User(user.key),
        title: format!("About {}", user.label()),
        fields: vec![
            field(
                "name",
                &user.own_name,
                "what you call them; empty: the name that Astra knows",
            ),
            field("note", &user.note, "what this test user is for"),
            field("tags", &tags, "words to find them by, a blank between them"),
            field(
                "customer id",
                &user.customer_id,
                "your own identifier of them: trusted authentication vouches for them by it",
            ),
        ],
    }
}

fn question(user: &TestUser) -> Confirm {
    Confirm::new(
        "Remove a test user",
        vec![
            format!(
                "{} is taken off the list, with tokens, note and tags.",
                user.label()
            ),
            "At Astra nothing changes: signing in brings them back.".into(),
        ],
        "remove them",
        app::Msg::Users(Msg::Remove(user.key)),
    )
}

fn open_status_page(model: &Model, key: UserKey, out: &mut Outbox) {
    let Some(user) = model.users.get(key) else {
        return; // removed meanwhile
    };
    let Some(path) = user.status.and_then(UserStatus::page) else {
        out.message(app::Msg::warning(
            "no page is needed: only retry and document have one",
        ));
        return;
    };
    let profile = &model.profiles.current;
    let intent = model.intents.id_of(key).map(str::to_owned);
    let intent: Vec<_> = intent
        .into_iter()
        .map(|id| ("user_intent_id", id))
        .collect();
    out.message(match profile.page_url(path, &intent) {
        Ok(url) => app::Msg::Desktop(app::Desktop::OpenBrowser(url)),
        Err(problem) => app::Msg::warning(problem.to_string()),
    });
}

/// The fields of `GET /v1/user` that the session keeps; any of them may be missing.
#[derive(Deserialize)]
struct Identity {
    id: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    status: Option<String>,
}

/// Takes name and status over from an answer to `GET /v1/user`.
pub(crate) fn answered(model: &mut Model, job: JobId, env: Env, out: &mut Outbox) {
    let Some(exchange) = model.requests.find(job).map(|entry| &entry.exchange) else {
        return; // dropped from the session meanwhile
    };
    let (Some(key), Some(response)) = (exchange.user, exchange.response()) else {
        return; // not on behalf of a user, or not answered
    };
    if !response.is_success() {
        return;
    }
    if exchange.endpoint.as_str() != WHO_AM_I {
        used(&mut model.users, key, env, out);
        return;
    }
    let Ok(identity) = serde_json::from_slice::<Identity>(response.body.as_bytes()) else {
        out.message(app::Msg::warning(
            "the answer does not tell who the user is: see the Inspector",
        ));
        return;
    };
    let Some(user) = model.users.all.iter_mut().find(|user| user.key == key) else {
        return; // forgotten meanwhile
    };
    let names = [identity.first_name, identity.last_name];
    let name = names
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if !name.is_empty() {
        user.name = name;
    }
    user.id = identity.id.unwrap_or_default();
    user.last_used = Some(env.now);
    user.email = identity.email.unwrap_or_default();
    user.phone = identity.phone.unwrap_or_default();
    user.status = identity.status.as_deref().and_then(UserStatus::parse);
    let phone = user.phone.clone();
    match merge(&mut model.users, key, &phone, out) {
        true => save(&model.users, key, out), // with the notes of the other
        false => identify(&model.users, key, out),
    }
}

/// A call on behalf of `key` was answered.
fn used(users: &mut Users, key: UserKey, env: Env, out: &mut Outbox) {
    let Some(user) = users.all.iter_mut().find(|user| user.key == key) else {
        return; // removed meanwhile
    };
    if user
        .last_used
        .is_none_or(|at| env.now.since(at) >= USED_APART)
    {
        user.last_used = Some(env.now);
        out.effect(app::Effect::Users(Effect::Touch(key, env.now)));
    }
}

/// A phone belongs to one user (Astra's guide "User intents"): a listed user with the phone of `key` is the same person. Tells
/// whether there was one.
fn merge(users: &mut Users, key: UserKey, phone: &str, out: &mut Outbox) -> bool {
    let is_same = |user: &&TestUser| user.key != key && !phone.is_empty() && user.phone == phone;
    let Some(same) = users.all.iter().find(is_same).cloned() else {
        return false; // nobody else has that phone
    };
    let old = same.key;
    out.message(app::Msg::sign_out(old));
    out.effect(app::Effect::Users(Effect::Remove(old)));
    if let Some(user) = users.all.iter_mut().find(|user| user.key == key) {
        (user.own_name, user.note, user.tags) = (same.own_name, same.note, same.tags);
        for (new, old) in [
            (&mut user.customer_id, same.customer_id),
            (&mut user.sign_in, same.sign_in),
        ] {
            if new.is_empty() {
                *new = old;
            }
        }
    }
    let place = |users: &Users, key| users.all.iter().position(|user| user.key == key);
    if let (Some(from), Some(to)) = (place(users, key), place(users, old)) {
        users.all.swap(from, to);
        users.all.remove(from);
    }
    if users.selected == Some(old) {
        users.selected = Some(key);
    }
    true
}
