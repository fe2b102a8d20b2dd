//! What is sent again, with which values, and what it is compared with.

use super::*;
use crate::app::BaselineOrigin;
use crate::app::fixture::{ADA, BEN, Session, opened};
use crate::domain::{Body, Place, SavedKey};

fn send(session: &mut Session, msg: Msg) {
    session.send(app::Msg::Replay(msg));
}

/// What is to be compared, since the last look: the job, and the text of both answers.
fn compared(session: &mut Session) -> Option<(JobId, Option<String>, String)> {
    let text =
        |document: &Arc<Document>| String::from_utf8(document.body().as_bytes().to_vec()).unwrap();
    session
        .take_effects()
        .into_iter()
        .find_map(|effect| match effect {
            app::Effect::Replay(Effect::Compare { job, old, new, .. }) => {
                Some((job, old.as_ref().map(text), text(&new)))
            }
            _ => None,
        })
}

/// The job that fills values in, since the last look, and for whom.
fn filling(session: &mut Session) -> Option<(JobId, Option<UserKey>)> {
    session
        .take_effects()
        .into_iter()
        .find_map(|effect| match effect {
            app::Effect::Replay(Effect::Fill(fill)) => Some((fill.job, fill.user)),
            _ => None,
        })
}

/// A session with a saved request that lists accounts.
fn saved() -> (Session, SavedKey) {
    let mut session = Session::new();
    session.sign_in(ADA);
    let key = SavedKey {
        place: Place::Personal,
        name: "accounts".into(),
    };
    session.model.saved.items = vec![app::saved::Item {
        key: key.clone(),
        request: Ok(SavedRequest {
            call: EndpointId::new("accounts.list").into(),
            ..SavedRequest::default()
        }),
    }];
    (session, key)
}

#[test]
fn an_exchange_is_sent_again_and_compared_with_the_answer_before() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let first = session.list_accounts(ADA);
    session.answer(first, 200, r#"{"count":1}"#);
    session.take_effects();
    send(&mut session, Msg::Exchange(first));
    let [second] = session.take_calls()[..] else {
        panic!("it was not sent again once");
    };
    assert_eq!(
        session.model.requests.current().unwrap().exchange.job,
        second
    );
    assert_eq!(session.model.replay.brought_forward, 1);
    session.answer(second, 200, r#"{"count":2}"#);
    let (job, old, new) = compared(&mut session).unwrap();
    assert_eq!(
        (old.as_deref(), new.as_str()),
        (Some(r#"{"count":1}"#), r#"{"count":2}"#)
    );
    let findings = Arc::new(Findings::default());
    send(&mut session, Msg::Compared { job, findings });
    let comparison = session.model.replay.of(second).unwrap();
    assert!(matches!(comparison.state, State::Done(_)));
    let BaselineOrigin::Exchange { user, .. } = &comparison.baseline.as_ref().unwrap().origin
    else {
        panic!("nothing is recorded for it");
    };
    assert_eq!(user.as_deref(), Some("Ada Byron"));
}

#[test]
fn a_saved_request_is_filled_in_and_compared_with_the_history() {
    let (mut session, key) = saved();
    send(&mut session, Msg::Saved(key.clone(), Then::Compare));
    let (job, user) = filling(&mut session).unwrap();
    assert_eq!(user, Some(ADA));
    let draft = Box::new(Draft::new("accounts.list").on_behalf_of(ADA));
    let before = Baseline::of(&opened("http://127.0.0.1:1/v1/accounts"));
    send(
        &mut session,
        Msg::Filled {
            job,
            result: Ok((draft, before)),
        },
    );
    let [sent] = session.take_calls()[..] else {
        panic!("it was not sent");
    };
    session.answer(sent, 200, "{}");
    let (_, old, _) = compared(&mut session).unwrap();
    assert_eq!(old.as_deref(), Some(r#"{"id":"a1"}"#));
    assert_eq!(session.model.replay.of(sent).unwrap().saved, Some(key));
}

#[test]
fn a_saved_request_that_names_a_user_acts_for_them() {
    let (mut session, key) = saved();
    let Ok(request) = &mut session.model.saved.items[0].request else {
        panic!("it is sound");
    };
    request.user = Some("okri".into());
    send(&mut session, Msg::Saved(key.clone(), Then::Send));
    assert_eq!(filling(&mut session).unwrap().1, Some(BEN));
    let Ok(request) = &mut session.model.saved.items[0].request else {
        panic!("it is sound");
    };
    request.user = Some("nobody".into());
    send(&mut session, Msg::Saved(key, Then::Send));
    assert_eq!(filling(&mut session), None);
    let notice = session.model.notices.current.as_ref().unwrap();
    assert!(
        notice.text.starts_with("no test user is called nobody"),
        "{}",
        notice.text
    );
}

#[test]
fn a_value_that_is_missing_is_told_and_nothing_is_sent() {
    let (mut session, key) = saved();
    send(&mut session, Msg::Saved(key, Then::Compare));
    let (job, _) = filling(&mut session).unwrap();
    let result = Err(Problem::new(
        "{{env.X}}: the environment variable X is not set",
    ));
    send(&mut session, Msg::Filled { job, result });
    assert!(session.take_calls().is_empty());
    assert!(session.model.notices.current.as_ref().unwrap().is_warning);
    assert!(!session.model.replay.is_busy());
}

#[test]
fn what_is_recorded_is_compared_with_each_time_the_request_is_sent_again() {
    let (mut session, key) = saved();
    send(&mut session, Msg::Saved(key, Then::Compare));
    let (job, _) = filling(&mut session).unwrap();
    let draft = Box::new(Draft::new("accounts.list").on_behalf_of(ADA));
    let recorded = Baseline {
        origin: BaselineOrigin::Recorded("accounts.answer.json".into()),
        document: Arc::new(Document::parse(Body::from("{\"recorded\":1}"))),
    };
    let result = Ok((draft, Some(recorded.clone())));
    send(&mut session, Msg::Filled { job, result });
    let [first] = session.take_calls()[..] else {
        panic!("it was not sent");
    };
    session.answer(first, 200, "{}");
    session.take_effects();
    send(&mut session, Msg::Exchange(first));
    let [second] = session.take_calls()[..] else {
        panic!("it was not sent again");
    };
    let again = session.model.replay.of(second).unwrap();
    assert_eq!(again.baseline, Some(recorded));
}

#[test]
fn a_value_that_needs_a_fresh_token_is_fetched_once_more_and_never_a_third_time() {
    let (mut session, key) = saved();
    send(&mut session, Msg::Saved(key, Then::Compare));
    let fill = |session: &mut Session| {
        let fills = session.take_effects().into_iter();
        fills
            .filter_map(|effect| match effect {
                app::Effect::Replay(Effect::Fill(fill)) => Some(fill),
                app::Effect::Auth(app::auth::Effect::Refresh { .. }) => {
                    panic!("it is renewed once more")
                }
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let [first] = &fill(&mut session)[..] else {
        panic!("nothing is filled in");
    };
    assert!(!first.is_second_try);
    send(&mut session, Msg::Refused(first.clone()));
    let [renewal] = session.take_refreshes()[..] else {
        panic!("the token is not renewed");
    };
    let grant = session.grant();
    session.auth(app::auth::Msg::Tokens {
        job: renewal,
        result: Ok(grant),
        recorded: None,
    });
    let [second] = &fill(&mut session)[..] else {
        panic!("it does not go on");
    };
    assert!(second.is_second_try && second.job == first.job);
    assert!(session.model.replay.is_busy());
}

#[test]
fn where_the_token_cannot_be_renewed_the_reason_is_told() {
    let (mut session, key) = saved();
    send(&mut session, Msg::Saved(key, Then::Compare));
    let fills = session.take_effects();
    let [app::Effect::Replay(Effect::Fill(fill))] = &fills[..] else {
        panic!("{fills:?}");
    };
    send(&mut session, Msg::Refused(fill.clone()));
    let [renewal] = session.take_refreshes()[..] else {
        panic!("the token is not renewed");
    };
    let problem = Problem::new("the refresh token is spent");
    session.auth(app::auth::Msg::Tokens {
        job: renewal,
        result: Err(app::auth::Refusal {
            problem,
            is_final: true,
        }),
        recorded: None,
    });
    assert!(!session.model.replay.is_busy());
    let notice = session.model.notices.current.as_ref().unwrap();
    assert!(notice.text.contains("is spent"), "{}", notice.text);
}

#[test]
fn a_comparison_that_is_asked_for_is_brought_forward() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let first = session.list_accounts(ADA);
    session.answer(first, 200, "{}");
    let before = session.model.requests.brought_forward;
    send(&mut session, Msg::Show(first));
    assert_eq!(session.model.requests.shown, Some(first));
    assert_eq!(session.model.requests.brought_forward, before + 1);
    assert_eq!(session.model.replay.brought_forward, 1);
}

#[test]
fn a_rule_is_added_by_one_key_kept_and_taken_away_by_the_same() {
    let mut session = Session::new();
    send(&mut session, Msg::ToggleRule(".accounts[3].balance".into()));
    let rule = Rule::parse(".accounts[].balance").unwrap();
    assert_eq!(
        session.take_effects(),
        [app::Effect::Replay(Effect::KeepRule {
            rule: rule.clone(),
            is_kept: true
        })]
    );
    assert!(session.model.replay.rules.cover(".accounts[0].balance"));
    send(&mut session, Msg::ToggleRule(".accounts[0].balance".into()));
    assert_eq!(
        session.take_effects(),
        [app::Effect::Replay(Effect::KeepRule {
            rule,
            is_kept: false
        })]
    );
    assert!(!session.model.replay.rules.cover(".accounts[0].balance"));
    send(&mut session, Msg::ToggleRule(".accounts[0].id".into()));
    assert!(
        session.take_effects().is_empty(),
        "the program's own rules stay"
    );
}
