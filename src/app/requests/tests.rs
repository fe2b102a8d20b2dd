//! What becomes of calls: late answers, stale tokens, cancelling, the bounds of a long session.

use std::sync::Arc;
use std::time::Duration;

use crate::app::auth;
use crate::app::fixture::{ADA, BEN, Session};
use crate::app::requests::{KEPT, Msg};
use crate::app::{Effect, Msg as AppMsg, Recorded};
use crate::document::Document;
use crate::domain::{Arriving, Auth, Call, Draft, Host, JobId, Method, Outcome, Problem, Progress};

fn outcome(session: &Session, job: JobId) -> &Outcome {
    &session.model.requests.find(job).unwrap().exchange.outcome
}

#[test]
fn an_answer_is_shown_and_told_to_whoever_wants_it() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    assert_eq!(outcome(&session, job), &Outcome::Sending);
    session.answer(job, 200, r#"{"count":1,"accounts":[{"id":"a1"}]}"#);
    assert!(matches!(outcome(&session, job), Outcome::Done(response) if response.status == 200));
    assert_eq!(session.model.requests.current().unwrap().exchange.job, job);
    assert!(session.model.resources.list(ADA, "accounts.list").is_some());
}

#[test]
fn a_late_reply_of_a_cancelled_call_is_ignored() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.send(AppMsg::Requests(Msg::Cancel));
    assert!(session.take_effects().contains(&Effect::Cancel(job)));
    session.answer(job, 200, "{}");
    assert_eq!(outcome(&session, job), &Outcome::Cancelled);
}

fn arrived(session: &mut Session, job: JobId, text: Option<&str>) {
    let progress = Progress {
        received: 4,
        ..Progress::default()
    };
    let arriving = Arriving {
        status: 200,
        headers: Vec::new(),
        progress,
    };
    session.send(AppMsg::Requests(Msg::Arrived {
        job,
        arriving,
        document: text.map(|text| Arc::new(Document::parse(text.into()))),
    }));
}

fn shown(session: &Session, job: JobId) -> Option<usize> {
    let entry = session.model.requests.find(job).unwrap();
    entry.document.as_ref().map(|document| document.len())
}

#[test]
fn an_answer_is_looked_at_while_it_arrives() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    arrived(&mut session, job, Some("[1,2"));
    assert!(matches!(outcome(&session, job), Outcome::Arriving(it) if it.progress.received == 4));
    assert!(session.model.requests.is_busy());
    arrived(&mut session, job, None);
    assert_eq!(shown(&session, job), Some(3), "the count alone went on");
    session.answer(job, 200, "[1,2,3,4]");
    arrived(&mut session, job, Some("[1"));
    assert!(matches!(outcome(&session, job), Outcome::Done(_)));
    assert_eq!(shown(&session, job), Some(5), "what comes late is ignored");
}

#[test]
fn what_had_come_stays_when_the_rest_does_not() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let broken = session.list_accounts(ADA);
    arrived(&mut session, broken, Some("[1,2"));
    let result = Err(Problem::new("closed"));
    session.send(AppMsg::Requests(Msg::Finished {
        job: broken,
        result,
    }));
    let cancelled = session.list_accounts(ADA);
    arrived(&mut session, cancelled, Some("[1"));
    session.send(AppMsg::Requests(Msg::Cancel));
    assert!(session.take_effects().contains(&Effect::Cancel(cancelled)));
    let kept = [shown(&session, broken), shown(&session, cancelled)];
    assert_eq!(kept, [Some(3), Some(2)]);
}

#[test]
fn of_a_refused_call_that_is_sent_again_nothing_stays() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    arrived(&mut session, job, Some("{"));
    session.answer(job, 401, "{}");
    assert_eq!(outcome(&session, job), &Outcome::Waiting);
    assert_eq!(shown(&session, job), None);
}

#[test]
fn many_stale_calls_refresh_once() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let jobs: Vec<_> = (0..1000).map(|_| session.list_accounts(ADA)).collect();
    session.take_effects();
    for job in &jobs {
        session.answer(*job, 401, "{}");
    }
    let refreshes = session.take_refreshes();
    assert_eq!(refreshes.len(), 1);
    session.now = session.now.after(Duration::from_secs(1));
    let grant = session.grant();
    session.auth(auth::Msg::Tokens {
        job: refreshes[0],
        result: Ok(grant),
        recorded: None,
    });
    assert_eq!(session.take_calls(), jobs);
}

#[test]
fn a_call_is_sent_a_second_time_and_never_a_third() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.answer(job, 401, "{}");
    let refresh = session.take_refreshes()[0];
    let grant = session.grant();
    session.auth(auth::Msg::Tokens {
        job: refresh,
        result: Ok(grant),
        recorded: None,
    });
    session.answer(job, 401, "{}");
    assert!(session.take_refreshes().is_empty());
    assert!(matches!(outcome(&session, job), Outcome::Done(response) if response.status == 401));
}

#[test]
fn a_call_that_met_a_renewal_on_its_way_takes_the_new_token() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.now = session.now.after(Duration::from_millis(5));
    session.sign_in(ADA);
    session.take_effects();
    session.answer(job, 401, "{}");
    assert_eq!(session.take_calls(), [job]);
}

#[test]
fn a_call_with_an_expired_token_waits_for_a_fresh_one() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.now = session.now.after(Duration::from_secs(7200));
    let job = session.list_accounts(ADA);
    assert_eq!(outcome(&session, job), &Outcome::Waiting);
    let refresh = session.take_refreshes()[0];
    let refusal = auth::Refusal {
        problem: Problem::new("refused"),
        is_final: true,
    };
    session.auth(auth::Msg::Tokens {
        job: refresh,
        result: Err(refusal),
        recorded: None,
    });
    assert_eq!(
        outcome(&session, job),
        &Outcome::Failed(Problem::new("refused"))
    );
}

#[test]
fn without_a_token_nothing_is_sent_and_the_notice_says_what_to_press() {
    let mut session = Session::new();
    session.send(AppMsg::send(Draft::new("accounts.list").on_behalf_of(BEN)));
    assert!(session.take_effects().is_empty());
    let notice = session.model.notices.current.as_ref().unwrap();
    assert!(notice.is_warning && notice.text.contains("press a"));
}

#[test]
fn a_long_session_keeps_the_newest_exchanges_and_every_running_one() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let running = session.list_accounts(ADA);
    for _ in 0..KEPT * 3 {
        let job = session.list_accounts(ADA);
        session.answer(job, 200, r#"{"accounts":[]}"#);
    }
    assert_eq!(session.model.requests.entries.len(), KEPT);
    assert_eq!(outcome(&session, running), &Outcome::Sending);
}

#[test]
fn pages_of_a_long_list_push_out_neither_what_is_read_nor_what_was_asked_for() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let jobs: Vec<JobId> = (0..3).map(|_| session.list_accounts(ADA)).collect();
    for job in &jobs {
        session.answer(*job, 200, "{}");
    }
    session.send(AppMsg::Requests(Msg::Show(jobs[0])));
    for _ in 0..KEPT * 2 {
        let draft = Draft::new("accounts.list").on_behalf_of(ADA);
        session.send(AppMsg::send_quietly(draft));
        let job = session.model.requests.entries.back().unwrap().exchange.job;
        session.answer(job, 200, "{}");
    }
    assert_eq!(session.model.requests.entries.len(), KEPT);
    assert_eq!(
        session.model.requests.current().unwrap().exchange.job,
        jobs[0]
    );
    for job in jobs {
        assert!(session.model.requests.find(job).is_some());
    }
}

#[test]
fn older_and_newer_exchanges_can_be_looked_at() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let first = session.list_accounts(ADA);
    let second = session.list_accounts(ADA);
    session.send(AppMsg::Requests(Msg::ShowNewer));
    assert_eq!(
        session.model.requests.current().unwrap().exchange.job,
        second
    );
    session.send(AppMsg::Requests(Msg::ShowOlder));
    session.send(AppMsg::Requests(Msg::ShowOlder));
    assert_eq!(
        session.model.requests.current().unwrap().exchange.job,
        first
    );
    assert_eq!(session.model.requests.position(), (1, 2));
}

#[test]
fn a_crash_of_a_job_is_told_in_its_exchange() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.send(AppMsg::Crashed {
        job,
        problem: Problem::new("crash"),
    });
    assert_eq!(
        outcome(&session, job),
        &Outcome::Failed(Problem::new("crash"))
    );
}

pub(super) fn free(method: Method, path: &str) -> Draft {
    Draft {
        call: Call::Path {
            method,
            path: path.into(),
            host: Host::Api,
            auth: Auth::Bearer,
        },
        user: Some(ADA),
        ..Draft::default()
    }
}

#[test]
fn a_path_of_ones_own_is_sent_and_known_by_the_endpoint_that_has_it() {
    let mut session = Session::new();
    session.sign_in(ADA);
    for (path, known) in [("/v1/accounts/a1", "accounts.get"), ("/v9/moon", "")] {
        session.send(AppMsg::send(free(Method::Get, path)));
        let entry = session.model.requests.current().unwrap();
        assert_eq!(entry.exchange.endpoint.as_str(), known);
        assert!(entry.exchange.request.url.ends_with(path));
    }
    assert_eq!(session.take_calls().len(), 2);
}

#[test]
fn a_page_that_was_asked_for_by_a_path_of_ones_own_leaves_the_lists_alone() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(AppMsg::send(free(Method::Get, "/v1/routines/r1/transfers")));
    let job = session.model.requests.entries.back().unwrap().exchange.job;
    session.answer(job, 200, r#"{"transfers":[{"id":"t1"}]}"#);
    assert_eq!(
        session.model.resources.list(ADA, "routines.transfers"),
        None
    );
}

#[test]
fn a_renewal_by_itself_leaves_what_is_read_where_it_is() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let read = session.list_accounts(ADA);
    session.answer(read, 200, "{}");
    session.take_effects();
    session.send(AppMsg::refresh(ADA));
    let renewals = session.take_effects().into_iter();
    let job = renewals.into_iter().find_map(|effect| match effect {
        Effect::Auth(auth::Effect::Refresh { call }) => Some(call.job),
        _ => None,
    });
    let job = job.unwrap();
    let mut exchange = session.model.requests.current().unwrap().exchange.clone();
    exchange.job = job;
    let recorded = Some(Box::new(Recorded {
        exchange,
        draft: None,
        document: None,
    }));
    let grant = session.model.auth.grant(ADA).unwrap().clone();
    session.send(AppMsg::Auth(auth::Msg::Tokens {
        job,
        result: Ok(grant),
        recorded,
    }));
    assert!(session.model.requests.find(job).is_some(), "it is kept");
    let shown = session.model.requests.current().unwrap();
    assert_eq!(shown.exchange.job, read);
}
