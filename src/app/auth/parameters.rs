//! What the hosted pages are told of a test user beforehand: what is known of them, and what a person has set instead.

use url::form_urlencoded;

use crate::app::{self, FieldKind, Form, FormField, FormSubject, Modal, Model, Outbox};
use crate::domain::parameters::{PARAMETERS, over, pairs};
use crate::domain::{Secret, TestUser, UserKey};

/// The choices of a parameter that is `true` or left out.
const SWITCH: [&str; 2] = ["no", "true"];

/// What is known of `user` without being told: the intent that they authorize, else who they are; and their phone.
fn known(model: &Model, user: UserKey) -> Vec<(String, String)> {
    let intent = model.intents.id_of(user).map(|id| ("user_intent_id", id));
    let person = model.users.get(user);
    let phone = person.and_then(TestUser::short_phone);
    let all = intent
        .into_iter()
        .chain(phone.map(|phone| ("phone", phone)));
    all.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// What a person has set for `user`.
fn set(model: &Model, user: UserKey) -> Vec<(String, String)> {
    let person = model.users.get(user);
    pairs(person.map_or("", |person| &person.sign_in))
}

/// Everything that the pages are told of `user`; an empty value says that nothing shall be.
pub(super) fn told(model: &Model, user: UserKey) -> Vec<(String, String)> {
    over(set(model, user), known(model, user))
}

/// Opens the form in which it is set.
pub(super) fn edit(model: &Model, user: UserKey, out: &mut Outbox) {
    let told = told(model, user);
    let value = |name: &str| told.iter().find(|(known, _)| known == name);
    let value = |name: &str| value(name).map_or("", |(_, value)| value.as_str());
    let fields = PARAMETERS.map(|parameter| {
        let text = value(parameter.name);
        FormField {
            label: parameter.name,
            value: match (parameter.is_switch, text) {
                (true, "") => "no".to_owned(),
                _ => text.to_owned(),
            },
            kind: match parameter.is_switch {
                true => FieldKind::Choice(&SWITCH),
                false => FieldKind::Text,
            },
            help: parameter.meaning,
        }
    });
    let who = model.users.get(user);
    let who = who.map_or("somebody new", TestUser::label);
    out.message(app::Msg::open(Modal::Form(Form {
        subject: FormSubject::SignIn(user),
        title: format!("What the page is told of {who}"),
        fields: fields.into(),
    })));
}

/// The query that is remembered of `user`, now that `values` were typed: only what differs from what is known anyway.
pub(super) fn query(model: &Model, user: UserKey, values: &[Secret]) -> String {
    let known = known(model, user);
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (parameter, value) in PARAMETERS.iter().zip(values) {
        let typed = match (parameter.is_switch, value.reveal().trim()) {
            (true, "no") => "",
            (_, text) => text,
        };
        let usual = known.iter().find(|(name, _)| name == parameter.name);
        if typed != usual.map_or("", |(_, value)| value.as_str()) {
            query.append_pair(parameter.name, typed);
        }
    }
    query.finish()
}
