//! The test users of the session, and which one it acts for.

use serde::Deserialize;

use crate::app::{self, Model, Outbox};
use crate::domain::{Draft, JobId, TestUser, UserKey, UserStatus};

/// The endpoint that tells whose token it is.
const WHO_AM_I: &str = "user.get";

/// The test users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Users {
    /// In the order in which they are listed.
    pub all: Vec<TestUser>,
    /// Whom the session acts for; nobody when somebody new is about to be added.
    pub selected: Option<UserKey>,
}

/// What may happen to test users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Msg {
    /// Act for this one from now on.
    Select(Option<UserKey>),
    /// Ask Astra who the signed-in user is.
    Identify(UserKey),
    /// Somebody new is about to authorize.
    Add(UserKey),
    /// Somebody of whom something is known.
    AddKnown(TestUser),
    /// Astra says that this one is of this status.
    Status(UserKey, UserStatus),
    /// Somebody new did not authorize after all.
    Forget(UserKey),
}

impl Users {
    /// These users, the first of them selected.
    pub fn new(all: Vec<TestUser>) -> Self {
        let selected = all.first().map(|user| user.key);
        Self { all, selected }
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
        Msg::Identify(key) => out.message(app::Msg::send(Draft::new(WHO_AM_I).on_behalf_of(key))),
        Msg::Add(key) => {
            users.all.push(TestUser::unnamed(key));
            users.selected = Some(key);
        }
        Msg::AddKnown(user) => {
            users.selected = Some(user.key);
            users.all.push(user);
        }
        Msg::Status(key, status) => {
            if let Some(user) = users.all.iter_mut().find(|user| user.key == key) {
                user.status = Some(status);
            }
        }
        Msg::Forget(key) => {
            users.all.retain(|user| user.key != key);
            users.selected = users.selected.filter(|selected| *selected != key);
        }
    }
}

/// The fields of `GET /v1/user` that the session keeps; any of them may be missing.
#[derive(Deserialize)]
struct Identity {
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    status: Option<String>,
}

/// Takes name and status over from an answer to `GET /v1/user`.
pub(crate) fn answered(model: &mut Model, job: JobId, out: &mut Outbox) {
    let Some(exchange) = model.requests.find(job).map(|entry| &entry.exchange) else {
        return; // dropped from the session meanwhile
    };
    let (Some(key), Some(response)) = (exchange.user, exchange.response()) else {
        return; // not on behalf of a user, or not answered
    };
    if exchange.endpoint.as_str() != WHO_AM_I || !response.is_success() {
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
    user.email = identity.email.unwrap_or_default();
    user.phone = identity.phone.unwrap_or_default();
    user.status = identity.status.as_deref().and_then(UserStatus::parse);
    let phone = user.phone.clone();
    merge(&mut model.users, key, &phone, out);
}

/// A phone belongs to one user (Astra's guide "User intents"): a listed user with the phone of `key` is the same person.
fn merge(users: &mut Users, key: UserKey, phone: &str, out: &mut Outbox) {
    let is_same = |user: &&TestUser| user.key != key && !phone.is_empty() && user.phone == phone;
    let Some(old) = users.all.iter().find(is_same).map(|user| user.key) else {
        return; // nobody else has that phone
    };
    out.message(app::Msg::sign_out(old));
    let place = |users: &Users, key| users.all.iter().position(|user| user.key == key);
    if let (Some(from), Some(to)) = (place(users, key), place(users, old)) {
        users.all.swap(from, to);
        users.all.remove(from);
    }
    if users.selected == Some(old) {
        users.selected = Some(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::JobId as Job;

    fn user(key: u64, phone: &str) -> TestUser {
        TestUser {
            phone: phone.into(),
            ..TestUser::unnamed(UserKey(key))
        }
    }

    #[test]
    fn one_phone_is_one_user() {
        let mut users = Users::new(vec![user(1, "+1"), user(2, "+2"), user(3, "+1")]);
        let mut out = Outbox::new(app::Msg::Answered(Job(9)));
        merge(&mut users, UserKey(3), "+1", &mut out);
        let keys: Vec<_> = users.all.iter().map(|user| user.key.0).collect();
        assert_eq!(keys, [3, 2]);
        assert_eq!(users.selected, Some(UserKey(3)));
        out.next_message();
        assert_eq!(out.next_message(), Some(app::Msg::sign_out(UserKey(1))));
    }
}
