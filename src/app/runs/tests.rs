//! Several requests one after the other, and one as several users.

use std::sync::Arc;

use super::*;
use crate::app::Confirm;
use crate::app::fixture::{ADA, BEN, Session};
use crate::app::replay::{self, Effect, Findings};
use crate::domain::{Body, Draft, EndpointId, Environment, Place, SavedRequest};

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
fn where_the_first_user_has_no_answer_nobody_is_compared_with_them() {
    let mut session = saved(&["a"]);
    session.sign_in(BEN);
    session.send(app::Msg::Runs(Msg::AsAll(Source::Saved(key("a")))));
    let is_beside_first = |session: &Session| match &run(session).legs[1].state {
        State::Done(outcome) => outcome.is_beside_first,
        other => panic!("{other:?}"),
    };
    for effect in session.take_effects() {
        if let app::Effect::Replay(Effect::Fill(fill)) = effect {
            let (job, result) = (fill.job, Err(Problem::new("nothing has this value")));
            session.send(app::Msg::Replay(replay::Msg::Filled { job, result }));
        }
    }
    assert!(matches!(run(&session).legs[0].state, State::Failed(_)));
    play(&mut session, 200);
    assert!(!is_beside_first(&session));
    session.send(app::Msg::Runs(Msg::GoOn));
    play(&mut session, 200);
    play(&mut session, 200);
    assert!(is_beside_first(&session));
}

/// On production, with the saved requests `a`, which reads, and `b` and `c`, which write.
fn on_production() -> Session {
    let mut session = saved(&["a", "b", "c"]);
    session.model.profiles.current.environment = Environment::Production;
    for item in &mut session.model.saved.items[1..] {
        item.request.as_mut().unwrap().call = EndpointId::new("routines.create").into();
    }
    session
}

/// Fills the values of the leg whose turn it is in.
fn fill(session: &mut Session) {
    let mut draft = Draft::new("routines.create");
    draft.body = Some(Body::from(
        r#"{"type":"one-time","name":"Rent","source_id":"acc1","destination_id":"acc2","amount":25.50}"#,
    ));
    fill_with(session, draft);
}

fn fill_with(session: &mut Session, draft: Draft) {
    for effect in session.take_effects() {
        if let app::Effect::Replay(Effect::Fill(fill)) = effect {
            let mut draft = draft.clone();
            draft.user = fill.user;
            let (job, result) = (fill.job, Ok((Box::new(draft), None)));
            session.send(app::Msg::Replay(replay::Msg::Filled { job, result }));
        }
    }
}

fn question(session: &Session) -> Option<&Confirm> {
    match session.model.modals.top() {
        Some(Modal::Confirm(confirm)) => Some(confirm),
        _ => None,
    }
}

fn answer(session: &mut Session, is_yes: bool) {
    session.send(app::Msg::Modals(match is_yes {
        true => app::modals::Msg::Confirmed,
        false => app::modals::Msg::Close,
    }));
}

#[test]
fn on_production_each_write_of_a_run_asks_when_its_turn_comes() {
    let mut session = on_production();
    let keys = ["a", "b", "c"].map(key).to_vec();
    session.send(app::Msg::Runs(Msg::Start(keys)));
    assert_eq!(question(&session), None, "the first one reads");
    play(&mut session, 200);
    for leg in ["2 of 3: b", "3 of 3: c"] {
        fill(&mut session);
        let lines = &question(&session).unwrap().lines;
        assert_eq!(lines[0], leg);
        assert!(lines.contains(&"amount 25.50 USD".to_owned()), "{lines:?}");
        assert!(session.take_effects().is_empty(), "it waits for the answer");
        answer(&mut session, true);
        play(&mut session, 200);
    }
    assert_eq!(run(&session).done(), 3);
    assert!(!run(&session).legs.iter().any(Leg::is_odd));
}

#[test]
fn a_no_sends_nothing_and_stops_the_run_until_it_goes_on() {
    let mut session = on_production();
    session.send(app::Msg::Runs(Msg::Start(["b", "c"].map(key).to_vec())));
    fill(&mut session);
    answer(&mut session, false);
    let State::Failed(problem) = &run(&session).legs[0].state else {
        panic!("{:?}", run(&session).legs[0].state);
    };
    assert_eq!(problem.what, "not sent: the answer was no");
    assert!(run(&session).is_stopped);
    assert!(session.take_effects().is_empty());
    session.send(app::Msg::Runs(Msg::GoOn));
    fill(&mut session);
    assert_eq!(question(&session).unwrap().lines[0], "2 of 2: c");
}

#[test]
fn a_write_that_gets_no_answer_stops_the_run_on_production_and_a_read_does_not() {
    for (name, is_stopped) in [("b", true), ("a", false)] {
        let mut session = on_production();
        session.send(app::Msg::Runs(Msg::Start([name, "c"].map(key).to_vec())));
        if is_stopped {
            fill(&mut session);
            answer(&mut session, true);
        } else {
            fill_with(&mut session, Draft::new("accounts.list"));
        }
        let job = session.take_calls()[0];
        let result = Err(Problem::new("the connection broke"));
        session.send(app::Msg::Requests(app::requests::Msg::Finished {
            job,
            result,
        }));
        assert!(matches!(run(&session).legs[0].state, State::Failed(_)));
        assert_eq!(run(&session).is_stopped, is_stopped, "{name}");
        let next = matches!(run(&session).legs[1].state, State::Waiting);
        assert_eq!(next, is_stopped, "{name}");
    }
}

#[test]
fn a_run_that_was_left_does_not_ask_where_keys_mean_something_else() {
    let mut session = on_production();
    session.send(app::Msg::Runs(Msg::Start(["a", "b"].map(key).to_vec())));
    session.send(app::Msg::open(Modal::Help));
    play(&mut session, 200);
    assert_eq!(session.model.modals.top(), Some(&Modal::Help));
    assert!(run(&session).is_stopped);
    assert_eq!(run(&session).legs[1].state, State::Waiting);
    answer(&mut session, false); // closes the help
    session.send(app::Msg::Runs(Msg::GoOn));
    fill(&mut session);
    assert_eq!(question(&session).unwrap().lines[0], "2 of 2: b");
}

#[test]
fn a_question_is_not_laid_over_what_was_opened_while_values_were_filled_in() {
    let mut session = on_production();
    session.send(app::Msg::Runs(Msg::Start(vec![key("b")])));
    session.send(app::Msg::open(Modal::Composer));
    fill(&mut session);
    assert_eq!(session.model.modals.top(), Some(&Modal::Composer));
    let State::Failed(problem) = &run(&session).legs[0].state else {
        panic!("{:?}", run(&session).legs[0].state);
    };
    assert_eq!(
        problem.what,
        "not sent: it needs a yes, and the run was left"
    );
    assert!(session.take_effects().is_empty());
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
