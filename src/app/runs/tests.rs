//! Several requests one after the other, and one as several users.

use std::sync::Arc;

use super::*;
use crate::app::fixture::{ADA, BEN, Session};
use crate::app::replay::{self, Effect, Findings};
use crate::domain::{Draft, EndpointId, Place, SavedRequest};

fn key(name: &str) -> SavedKey {
    SavedKey {
        place: Place::Personal,
        name: name.into(),
    }
}

/// A session with these saved requests, in which Ada is signed in.
fn saved(names: &[&str]) -> Session {
    let mut session = Session::new();
    session.sign_in(ADA);
    let item = |name: &&str| app::saved::Item {
        key: key(name),
        request: Ok(SavedRequest {
            call: EndpointId::new("accounts.list").into(),
            ..SavedRequest::default()
        }),
    };
    session.model.saved.items = names.iter().map(item).collect();
    session
}

/// Fills values in, sends, answers with `status` and compares, if anything of that is asked for.
fn play(session: &mut Session, status: u16) -> bool {
    let mut has_played = false;
    for _ in 0..4 {
        for effect in session.take_effects() {
            has_played = true;
            match effect {
                app::Effect::Replay(Effect::Fill(fill)) => {
                    let (job, user) = (fill.job, fill.user);
                    let mut draft = Draft::new("accounts.list");
                    draft.user = user;
                    let result = Ok((Box::new(draft), None));
                    session.send(app::Msg::Replay(replay::Msg::Filled { job, result }));
                }
                app::Effect::Requests(app::requests::Effect::Call { job, .. }) => {
                    session.answer(job, status, "{}");
                }
                app::Effect::Replay(Effect::Compare { job, .. }) => {
                    let findings = Arc::new(Findings::default());
                    session.send(app::Msg::Replay(replay::Msg::Compared { job, findings }));
                    return true;
                }
                _ => {}
            }
        }
    }
    has_played
}

fn run(session: &Session) -> &Run {
    session.model.run.as_ref().unwrap()
}

#[test]
fn marked_requests_are_sent_in_order_one_after_the_other() {
    let mut session = saved(&["a", "b", "c"]);
    session.send(app::Msg::Runs(Msg::Start(vec![key("a"), key("c")])));
    assert!(matches!(run(&session).legs[1].state, State::Waiting));
    play(&mut session, 200);
    assert!(matches!(&run(&session).legs[0].state, State::Done(done) if done.status == 200));
    assert!(matches!(run(&session).legs[1].state, State::Running(_)));
    play(&mut session, 500);
    assert_eq!(run(&session).done(), 2);
    assert!(!play(&mut session, 200), "nothing is left to send");
}

#[test]
fn a_run_is_stopped_after_the_one_on_its_way_and_goes_on() {
    let mut session = saved(&["a", "b"]);
    session.send(app::Msg::Runs(Msg::Start(vec![key("a"), key("b")])));
    session.send(app::Msg::Runs(Msg::Stop));
    play(&mut session, 200);
    assert_eq!((run(&session).done(), run(&session).is_busy()), (1, false));
    session.send(app::Msg::Runs(Msg::GoOn));
    play(&mut session, 200);
    assert_eq!(run(&session).done(), 2);
}

#[test]
fn a_request_that_cannot_be_sent_does_not_keep_the_others() {
    let mut session = saved(&["a", "b"]);
    session.model.saved.items[0].request = Err(Problem::new("a.toml:2: unknown key"));
    session.send(app::Msg::Runs(Msg::Start(vec![key("a"), key("b")])));
    assert!(
        matches!(&run(&session).legs[0].state, State::Failed(problem) if problem.what.contains("a.toml:2"))
    );
    play(&mut session, 200);
    assert_eq!(run(&session).done(), 2);
}

#[test]
fn one_request_as_all_users_is_compared_with_the_first_of_them() {
    let mut session = saved(&["a"]);
    let source = Source::Draft(Box::new(Draft::new("accounts.list")));
    session.send(app::Msg::Runs(Msg::AsAll(source.clone())));
    assert_eq!(session.model.run, None, "one user is not enough");
    session.sign_in(BEN);
    session.send(app::Msg::Runs(Msg::AsAll(source)));
    play(&mut session, 200);
    play(&mut session, 404);
    let users: Vec<_> = run(&session).legs.iter().map(|leg| leg.user).collect();
    assert_eq!(users, [Some(ADA), Some(BEN)]);
    let State::Done(second) = &run(&session).legs[1].state else {
        panic!("{:?}", run(&session).legs[1].state);
    };
    assert_eq!((second.status, second.differences), (404, Some(0)));
    assert_eq!(second.status_before, Some(200));
    let baseline = session
        .model
        .replay
        .of(second.job)
        .unwrap()
        .baseline
        .as_ref()
        .unwrap();
    let BaselineOrigin::Exchange { user, .. } = &baseline.origin else {
        panic!("nothing is recorded for it");
    };
    assert_eq!(user.as_deref(), Some("Ada Byron"));
}

#[test]
fn on_production_a_run_that_writes_asks_first() {
    let mut session = saved(&["a"]);
    session.model.profiles.current.environment = Environment::Production;
    session.model.saved.items[0].request.as_mut().unwrap().call =
        EndpointId::new("routines.create").into();
    session.send(app::Msg::Runs(Msg::Start(vec![key("a")])));
    assert_eq!(session.model.run, None);
    assert!(session.take_effects().is_empty());
    session.send(app::Msg::Modals(app::modals::Msg::Confirmed));
    assert!(run(&session).is_busy());
}

#[test]
fn an_error_that_is_expected_is_as_it_should_be() {
    let mut session = saved(&["a", "b"]);
    let request = session.model.saved.items[0].request.as_mut().unwrap();
    request.expect.status = Some(404);
    session.send(app::Msg::Runs(Msg::Start(vec![key("a"), key("b")])));
    play(&mut session, 404);
    play(&mut session, 404);
    let odd: Vec<bool> = run(&session).legs.iter().map(Leg::is_odd).collect();
    assert_eq!(odd, [false, true]);
}

#[test]
fn a_run_that_has_ended_is_sent_anew() {
    let mut session = saved(&["a", "b"]);
    session.send(app::Msg::Runs(Msg::Start(vec![key("a"), key("b")])));
    play(&mut session, 200);
    play(&mut session, 500);
    session.send(app::Msg::Runs(Msg::GoOn));
    assert!(run(&session).is_busy());
    assert_eq!(run(&session).done(), 0);
    assert_eq!(
        session.model.modals.stack,
        [Modal::Run],
        "it is opened once"
    );
    play(&mut session, 200);
    play(&mut session, 200);
    assert_eq!(run(&session).done(), 2);
    assert!(!run(&session).legs.iter().any(Leg::is_odd));
}
