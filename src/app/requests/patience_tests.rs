//! What is sent again, what is not, and what is known of it by then.

use std::time::Duration;

use crate::app::fixture::{ADA, Session, answer};
use crate::app::requests::Msg;
use crate::app::{Modal, Msg as AppMsg};
use crate::domain::{Body, Draft, JobId, Outcome, Problem};

fn outcome(session: &Session, job: JobId) -> &Outcome {
    &session.model.requests.find(job).unwrap().exchange.outcome
}

/// An answer that asks for patience.
fn busy(session: &mut Session, job: JobId, retry_after: &str) {
    let mut answer = answer(429, "{}");
    let header = ("retry-after".to_owned(), retry_after.to_owned());
    answer.response.headers.push(header);
    session.send(AppMsg::Requests(Msg::Finished {
        job,
        result: Ok(answer),
    }));
}

#[test]
fn a_read_waits_as_long_as_the_api_asks_and_is_sent_three_times_at_most() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.take_calls();
    for attempt in [2, 3] {
        busy(&mut session, job, "12");
        let until = session.now.after(Duration::from_secs(12));
        let postponed = Outcome::Postponed { until, attempt };
        assert_eq!(outcome(&session, job), &postponed);
        session.wait(Duration::from_secs(11));
        assert!(session.take_calls().is_empty());
        session.wait(Duration::from_secs(1));
        assert_eq!(session.take_calls(), [job]);
    }
    busy(&mut session, job, "12");
    assert!(matches!(outcome(&session, job), Outcome::Done(answer) if answer.status == 429));
}

#[test]
fn waiting_is_cancelled_like_any_call() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    busy(&mut session, job, "5");
    session.send(AppMsg::Requests(Msg::Cancel));
    session.take_calls();
    session.wait(Duration::from_secs(6));
    assert_eq!(outcome(&session, job), &Outcome::Cancelled);
    assert!(session.take_calls().is_empty());
}

#[test]
fn who_is_asked_to_wait_for_minutes_is_told_instead() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    busy(&mut session, job, "121");
    assert!(matches!(outcome(&session, job), Outcome::Done(_)));
}

/// Money from an account to a card, on its way.
fn pay(session: &mut Session) -> JobId {
    let mut draft = Draft::new("routines.account_to_card").on_behalf_of(ADA);
    draft.body = Some(Body::from("{}"));
    session.send(AppMsg::send(draft));
    session.model.requests.entries.back().unwrap().exchange.job
}

fn key(session: &Session, job: JobId) -> Option<&str> {
    let entry = session.model.requests.find(job).unwrap();
    entry.exchange.request.idempotency_key()
}

#[test]
fn a_write_is_never_sent_again_by_itself() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = pay(&mut session);
    busy(&mut session, job, "1");
    assert!(matches!(outcome(&session, job), Outcome::Done(_)));
}

#[test]
fn each_intention_has_a_key_of_its_own_and_keeps_it_on_a_second_try() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let before = pay(&mut session);
    assert_eq!(key(&session, before), None, "nothing random is known yet");
    session.send(AppMsg::Requests(Msg::SeedKeys("seed".into())));
    let first = pay(&mut session);
    let kept = key(&session, first).unwrap().to_owned();
    assert!(kept.starts_with("seed-"));
    session.take_calls();
    session.answer(first, 401, "{}");
    session.send(AppMsg::resume(ADA, Ok(())));
    assert_eq!(session.take_calls(), [first]);
    assert_eq!(key(&session, first), Some(kept.as_str()));
    session.send(AppMsg::Requests(Msg::SendAgain));
    let again = session.model.requests.entries.back().unwrap().exchange.job;
    assert_ne!(key(&session, again), Some(kept.as_str()), "a new intention");
    let list = session.list_accounts(ADA);
    assert_eq!(key(&session, list), None, "not where none is taken");
}

/// The connection was lost after `job` was sent.
fn lose(session: &mut Session, job: JobId) {
    let problem = Problem::new("nothing was answered in 30 s").with_unknown_outcome();
    session.send(AppMsg::Requests(Msg::Finished {
        job,
        result: Err(problem),
    }));
}

#[test]
fn a_write_of_unknown_outcome_is_offered_to_be_looked_up() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = pay(&mut session);
    lose(&mut session, job);
    let Some(Modal::Confirm(confirm)) = session.model.modals.top() else {
        panic!("no question: {:?}", session.model.modals.top());
    };
    assert!(confirm.lines.join(" ").contains("unknown"));
    session.take_calls();
    session.send(AppMsg::Modals(crate::app::modals::Msg::Confirmed));
    let list = session.model.requests.entries.back().unwrap();
    assert_eq!(list.exchange.endpoint.as_str(), "routines.list");
    assert_eq!(session.take_calls().len(), 1, "and nothing else is sent");
}

#[test]
fn nothing_is_asked_over_what_has_the_keys_or_of_a_read() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let read = session.list_accounts(ADA);
    lose(&mut session, read);
    assert_eq!(session.model.modals.top(), None);
    let write = pay(&mut session);
    session.send(AppMsg::open(Modal::Help));
    lose(&mut session, write);
    assert_eq!(session.model.modals.top(), Some(&Modal::Help));
}
