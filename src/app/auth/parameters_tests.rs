//! What a sign-in is told and remembers: parameters of the pages, the redirect URI in use, and that signing out means it.

use crate::app::auth::{Effect, Msg, SignIn};
use crate::app::fixture::{ADA, Session};
use crate::app::{Effect as AppEffect, Modal, Msg as AppMsg, modals, profiles, users};
use crate::domain::{Environment, Secret};

fn url(session: &Session) -> String {
    let flow = session.model.auth.flow.as_ref().unwrap();
    flow.request.as_ref().unwrap().url.clone()
}

/// What a person types into the form about the page, by name; the other fields stay as they are.
fn tell(session: &mut Session, typed: &[(&str, &str)]) {
    session.auth(Msg::EditParameters);
    let Some(Modal::Form(form)) = session.model.modals.top() else {
        panic!("no form");
    };
    let value = |field: &crate::app::FormField| {
        let typed = typed.iter().find(|(name, _)| *name == field.label);
        Secret::new(typed.map_or(field.value.as_str(), |(_, text)| text))
    };
    let values = form.fields.iter().map(value).collect();
    session.send(AppMsg::Modals(modals::Msg::SubmitForm(values)));
}

#[test]
fn what_the_page_is_told_can_be_set_is_remembered_and_the_sign_in_goes_on() {
    let mut session = Session::new();
    session.model.profiles.current.authorize_query = "scope=cards&debit_direct=true".into();
    session.model.users.all[0].id = "u1".into();
    let job = session.start_sign_in(Some(ADA));
    assert!(url(&session).contains("phone=6505550100&scope=cards&debit_direct=true"));
    tell(
        &mut session,
        &[
            ("phone", ""),
            ("email", "ada@example.com"),
            ("scope", "banks"),
            ("phone_read_only", "true"),
        ],
    );
    let told = url(&session);
    assert!(!told.contains("phone="), "{told}");
    assert!(
        told.contains("email=ada%40example.com&scope=banks&debit_direct=true"),
        "{told}"
    );
    assert!(told.contains("phone_read_only=true"), "{told}");
    assert_eq!(
        session.model.auth.flow.as_ref().unwrap().job,
        job,
        "the listener goes on"
    );
    let saved = |effect: &AppEffect| matches!(effect, AppEffect::Users(users::Effect::Save(user)) if user.sign_in.contains("scope=banks"));
    assert!(session.take_effects().iter().any(saved));
    // What is known anyway is not remembered, so that it follows what becomes known.
    tell(
        &mut session,
        &[
            ("phone", "6505550100"),
            ("email", ""),
            ("scope", ""),
            ("phone_read_only", "no"),
        ],
    );
    assert_eq!(session.model.users.get(ADA).unwrap().sign_in, "");
}

#[test]
fn one_key_goes_over_to_the_next_redirect_uri_and_listens_there() {
    let mut session = Session::new();
    let profile = &mut session.model.profiles.current;
    profile.redirect_uris = vec![
        "http://localhost:8765/callback".into(),
        "https://app.example/cb".into(),
    ];
    let first = session.start_sign_in(Some(ADA));
    session.take_effects();
    session.auth(Msg::NextRedirect);
    let effects = session.take_effects();
    assert!(effects.contains(&AppEffect::Cancel(first)));
    let listens = |effect: &AppEffect| matches!(effect, AppEffect::Auth(Effect::Listen { redirect_uri, .. }) if redirect_uri == "http://localhost:8765/callback");
    assert!(effects.iter().any(listens), "{effects:?}");
    let current = &session.model.profiles.current;
    assert_eq!(
        current.redirect_uris,
        ["https://app.example/cb", "http://127.0.0.1:0/callback"]
    );
    // It was only written: the session goes on where it was.
    let all = vec![current.clone()];
    let name = Some(current.name.clone());
    session.send(AppMsg::Profiles(profiles::Msg::Saved { all, name }));
    assert!(session.model.auth.flow.is_some());
}

#[test]
fn signing_out_gives_up_what_is_under_way_at_the_token_endpoint() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.auth(Msg::Refresh(ADA));
    let job = session.take_refreshes()[0];
    session.auth(Msg::SignOut(ADA));
    let effects = session.take_effects();
    assert_eq!(
        effects,
        [AppEffect::Cancel(job), AppEffect::Auth(Effect::Forget(ADA))]
    );
    let grant = session.grant();
    session.auth(Msg::Tokens {
        job,
        result: Ok(grant),
        recorded: None,
    });
    assert_eq!(*session.model.auth.state(ADA), SignIn::SignedOut);
}

#[test]
fn the_application_vouches_for_a_person_where_the_profile_allows_it() {
    let mut session = Session::new();
    session.start_sign_in(Some(ADA));
    let offers = |session: &Session| {
        let Some(Modal::Prompt(prompt)) = session.model.modals.top() else {
            panic!("no prompt");
        };
        prompt
            .choices
            .iter()
            .any(|choice| choice.msg == AppMsg::Auth(Msg::Vouch))
    };
    assert!(!offers(&session), "the profile has no provider's name");
    session.model.profiles.current.trusted_provider = Some("example".into());
    session.model.users.all[0].id = "u1".into();
    session.start_sign_in(Some(ADA));
    assert!(offers(&session));
    session.take_effects();
    session.auth(Msg::Vouch);
    assert!(
        session.take_effects().is_empty(),
        "nobody knows by which customer id"
    );
    session.model.users.all[0].customer_id = "customer-17".into();
    session.auth(Msg::Vouch);
    let effects = session.take_effects();
    let [
        AppEffect::Auth(Effect::Vouch {
            url,
            body,
            is_walked,
            ..
        }),
    ] = &effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(url, "http://127.0.0.1:1/v1/partner/identity/verification");
    let said: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        said,
        serde_json::json!({"provider": "example", "provider_data": {"customer_id": "customer-17"}, "user_id": "u1"})
    );
    assert!(is_walked);
    session.auth(Msg::Vouch);
    assert!(session.take_effects().is_empty(), "one at a time");
}

/// A sign-in of somebody who can be vouched for, on production.
fn vouched_on_production() -> Session {
    let mut session = Session::new();
    let profile = &mut session.model.profiles.current;
    profile.environment = Environment::Production;
    profile.trusted_provider = Some("example".into());
    let person = &mut session.model.users.all[0];
    person.id = "u1".into();
    person.customer_id = "customer-17".into();
    session.start_sign_in(Some(ADA));
    session.take_effects();
    session.auth(Msg::Vouch);
    session
}

#[test]
fn vouching_on_production_is_asked_about_and_yes_is_typed() {
    let mut session = vouched_on_production();
    assert!(session.take_effects().is_empty(), "nothing before a yes");
    let Some(Modal::Confirm(question)) = session.model.modals.top() else {
        panic!("{:?}", session.model.modals.top());
    };
    assert!(question.is_typed);
    assert!(question.title.contains("production"));
    let lines = question.lines.join("\n");
    for words in [
        "identity.verify",
        "POST http://127.0.0.1:1/v1/partner/identity/verification",
        "Ada Byron (u1)",
        "customer-17",
    ] {
        assert!(lines.contains(words), "{words} {lines}");
    }
    session.send(AppMsg::Modals(modals::Msg::Confirmed));
    let effects = session.take_effects();
    assert!(
        matches!(&effects[..], [AppEffect::Auth(Effect::Vouch { .. })]),
        "{effects:?}"
    );
}

#[test]
fn a_no_vouches_for_nobody_and_a_yes_does_not_outlive_its_sign_in() {
    let mut session = vouched_on_production();
    session.send(AppMsg::Modals(modals::Msg::Close));
    assert!(session.take_effects().is_empty());
    assert!(session.model.auth.flow.is_some(), "the sign-in goes on");

    let mut session = vouched_on_production();
    session.auth(Msg::Cancel);
    session.take_effects();
    session.send(AppMsg::Modals(modals::Msg::Confirmed));
    let effects = session.take_effects();
    let is_vouch = |effect: &AppEffect| matches!(effect, AppEffect::Auth(Effect::Vouch { .. }));
    assert!(!effects.iter().any(is_vouch), "{effects:?}");
}
