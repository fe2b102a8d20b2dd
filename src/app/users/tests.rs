//! Test users come, are told apart, are noted about, and go.

use super::*;
use crate::app::fixture::{ADA, BEN, Session};
use crate::app::{Effect as AppEffect, Msg as AppMsg, auth, modals};
use crate::domain::{JobId as Job, Secret};

fn user(key: u64, phone: &str) -> TestUser {
    TestUser {
        phone: phone.into(),
        ..TestUser::unnamed(UserKey(key))
    }
}

/// Whom the session wants to have kept since the last look.
fn saved(session: &mut Session) -> Vec<TestUser> {
    let effects = session.take_effects();
    let saved = effects.into_iter().filter_map(|effect| match effect {
        AppEffect::Users(Effect::Save(user) | Effect::Identify(user)) => Some(*user),
        _ => None,
    });
    saved.collect()
}

#[test]
fn one_phone_is_one_user_and_notes_go_along() {
    let noted = TestUser {
        note: "two banks".into(),
        customer_id: "c1".into(),
        ..user(1, "+1")
    };
    let mut users = Users::new(vec![noted, user(2, "+2"), user(3, "+1")]);
    let mut out = Outbox::new(app::Msg::Answered(Job(9)));
    merge(&mut users, UserKey(3), "+1", &mut out);
    let keys: Vec<_> = users.all.iter().map(|user| user.key.0).collect();
    assert_eq!(keys, [3, 2]);
    assert_eq!(users.selected, Some(UserKey(3)));
    assert_eq!(users.all[0].note, "two banks");
    assert_eq!(users.all[0].customer_id, "c1");
    out.next_message();
    assert_eq!(out.next_message(), Some(app::Msg::sign_out(UserKey(1))));
    assert_eq!(
        out.into_effects(),
        [AppEffect::Users(Effect::Remove(UserKey(1)))]
    );
}

#[test]
fn who_has_signed_in_is_kept_and_what_astra_says_of_them() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(AppMsg::identify(ADA));
    assert_eq!(
        saved(&mut session).len(),
        1,
        "before it is known who they are"
    );
    let job = session.model.requests.entries.back().unwrap().exchange.job;
    session.answer(
        job,
        200,
        r#"{"id":"u1","first_name":"Ada","status":"retry"}"#,
    );
    let kept = saved(&mut session).pop().unwrap();
    assert_eq!((kept.id.as_str(), kept.name.as_str()), ("u1", "Ada"));
    assert_eq!(kept.status, Some(UserStatus::Retry));
    assert_eq!(kept.last_used, Some(session.now));
}

#[test]
fn the_last_use_is_not_written_at_every_call() {
    let mut session = Session::new();
    session.sign_in(ADA);
    for (later, times) in [
        (Duration::ZERO, 1),
        (Duration::from_secs(60), 0),
        (USED_APART, 1),
    ] {
        session.now = session.now.after(later);
        let job = session.list_accounts(ADA);
        session.answer(job, 200, "{}");
        let effects = session.take_effects();
        let is_touch = |effect: &&AppEffect| matches!(effect, AppEffect::Users(Effect::Touch(ADA, at)) if *at == session.now);
        assert_eq!(effects.iter().filter(is_touch).count(), times, "{later:?}");
    }
}

#[test]
fn an_own_name_a_note_and_tags_are_typed_and_kept() {
    let mut session = Session::new();
    session.send(AppMsg::Users(Msg::Edit(BEN)));
    let values = ["the slow one", " waits ", "ach  demo"].map(Secret::new);
    session.send(AppMsg::Modals(modals::Msg::SubmitForm(values.into())));
    assert_eq!(session.model.modals.top(), None);
    let ben = saved(&mut session).pop().unwrap();
    assert_eq!(ben.label(), "the slow one");
    assert_eq!(
        (ben.note.as_str(), ben.tags),
        ("waits", vec!["ach".into(), "demo".into()])
    );
    assert_eq!(ben.name, "Ben Okri", "Astra's name stays");
}

#[test]
fn removing_asks_first_and_takes_the_tokens_along() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(AppMsg::Users(Msg::AskRemove(ADA)));
    assert_eq!(session.model.users.all.len(), 2);
    session.send(AppMsg::Modals(modals::Msg::Confirmed));
    assert_eq!(session.model.users.selected, Some(BEN));
    assert_eq!(session.model.auth.grant(ADA), None);
    let effects = session.take_effects();
    assert!(effects.contains(&AppEffect::Users(Effect::Remove(ADA))));
    assert!(effects.contains(&AppEffect::Auth(auth::Effect::Forget(ADA))));
}

#[test]
fn the_page_for_a_status_is_opened_where_there_is_one() {
    let mut session = Session::new();
    session.send(AppMsg::Users(Msg::OpenStatusPage(ADA)));
    assert!(session.take_effects().is_empty());
    session.model.users.all[0].status = Some(UserStatus::Document);
    session.send(AppMsg::Users(Msg::OpenStatusPage(ADA)));
    let effects = session.take_effects();
    let [AppEffect::Desktop(app::Desktop::OpenBrowser(url))] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(url.starts_with("http://127.0.0.1:1/verify/document?client_id=app&redirect_uri="));
}
