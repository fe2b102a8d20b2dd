//! What is kept, listed and opened, and what comes too late.

use super::*;
use crate::app::fixture::{ADA, Session, opened, summary};
use crate::app::requests;

fn send(session: &mut Session, msg: Msg) {
    session.send(app::Msg::History(msg));
}

/// The job of the list that was asked for last, what it searches by, and below what.
fn asked(session: &mut Session) -> (JobId, String, Option<EntryId>) {
    match session.take_effects().pop() {
        Some(app::Effect::History(Effect::List {
            job, query, before, ..
        })) => (job, query, before),
        other => panic!("no list was asked for: {other:?}"),
    }
}

fn answer(session: &mut Session, job: JobId, ids: std::ops::Range<i64>) {
    let lines = ids.rev().map(summary).collect();
    let result = Ok(Page { lines, total: 500 });
    send(session, Msg::Listed { job, result });
}

#[test]
fn every_answer_is_kept_with_profile_and_user_and_a_call_on_its_way_is_not() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    assert_eq!(session.take_calls(), [job]);
    session.answer(job, 200, "{}");
    let kept = session
        .take_effects()
        .into_iter()
        .find_map(|effect| match effect {
            app::Effect::History(Effect::Keep {
                exchange,
                profile,
                user,
            }) => Some((exchange.job, profile, user)),
            _ => None,
        });
    assert_eq!(
        kept,
        Some((job, "built-in".into(), Some("Ada Byron".into())))
    );
}

#[test]
fn pages_follow_each_other_and_a_late_one_is_ignored() {
    let mut session = Session::new();
    send(&mut session, Msg::Visit);
    send(&mut session, Msg::Visit);
    let (first, ..) = asked(&mut session);
    let page = i64::try_from(PAGE).unwrap();
    answer(&mut session, first, 300..300 + page);
    assert_eq!(session.model.history.lines.len(), PAGE);
    send(&mut session, Msg::More);
    let (more, _, before) = asked(&mut session);
    assert_eq!(before, Some(EntryId(300)));
    send(&mut session, Msg::Search("abc".into()));
    let (search, query, before) = asked(&mut session);
    assert_eq!((query.as_str(), before), ("abc", None));
    answer(&mut session, more, 100..300);
    assert_eq!(session.model.history.lines.len(), PAGE, "it was stopped");
    answer(&mut session, search, 5..7);
    let history = &session.model.history;
    assert_eq!((history.lines.len(), history.is_complete), (2, true));
    assert_eq!(history.query, "abc");
}

#[test]
fn from_what_was_found_the_list_leads_down_to_it() {
    let mut session = Session::new();
    send(&mut session, Msg::Search("abc".into()));
    let (job, ..) = asked(&mut session);
    answer(&mut session, job, 5..6);
    send(&mut session, Msg::ShowAround(EntryId(5)));
    let Some(app::Effect::History(Effect::List {
        job,
        query,
        before: None,
        down_to,
    })) = session.take_effects().pop()
    else {
        panic!("nothing is listed");
    };
    assert_eq!((query.as_str(), down_to), ("", Some(EntryId(5))));
    let long = i64::try_from(3 * PAGE).unwrap();
    answer(&mut session, job, 1..long);
    let history = &session.model.history;
    assert_eq!(history.query, "");
    assert!(!history.is_complete, "what is below is asked for");
}

#[test]
fn what_is_kept_stands_on_top_unless_a_search_is_shown() {
    let mut session = Session::new();
    send(&mut session, Msg::Visit);
    let (job, ..) = asked(&mut session);
    answer(&mut session, job, 1..3);
    send(&mut session, Msg::Kept(Ok(summary(3))));
    assert_eq!(session.model.history.lines[0].id, EntryId(3));
    assert_eq!(session.model.history.total, Some(501));
    send(&mut session, Msg::Search("x".into()));
    let (job, ..) = asked(&mut session);
    answer(&mut session, job, 1..2);
    send(&mut session, Msg::Kept(Ok(summary(4))));
    assert_eq!(session.model.history.lines.len(), 1);
}

#[test]
fn a_disk_that_cannot_be_written_is_told_once() {
    let mut session = Session::new();
    let problem = Problem::new("history.db cannot be written").because("read-only");
    send(&mut session, Msg::Kept(Err(problem.clone())));
    let notice = session.model.notices.current.take().unwrap();
    assert!(
        notice.is_warning && notice.text.contains("read-only"),
        "{notice:?}"
    );
    send(&mut session, Msg::Kept(Err(problem.clone())));
    assert_eq!(session.model.notices.current, None);
    assert_eq!(session.model.history.problem, Some(problem));
}

#[test]
fn an_entry_is_shown_beside_the_session_and_sent_again_exactly() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let own = session.list_accounts(ADA);
    session.answer(own, 200, "{}");
    session.take_effects();
    for purpose in [Purpose::Show, Purpose::Send] {
        send(&mut session, Msg::Open(EntryId(7), purpose));
        let Some(app::Effect::History(Effect::Read { job, .. })) = session.take_effects().pop()
        else {
            panic!("it was not read");
        };
        let opened = opened("http://x/v1/accounts/a1?limit=2");
        let result = Ok(Some(Box::new(opened)));
        send(&mut session, Msg::Read { job, result });
    }
    let sent = session
        .take_effects()
        .into_iter()
        .find_map(|effect| match effect {
            app::Effect::Requests(requests::Effect::Call { request, .. }) => Some(request.url),
            _ => None,
        });
    assert_eq!(
        sent.as_deref(),
        Some("http://127.0.0.1:1/v1/accounts/a1?limit=2")
    );
    let opened = session.model.requests.opened.clone().unwrap();
    assert_eq!(opened.origin.unwrap().user.as_deref(), Some("Ada Byron"));
    session.model.requests.shown = Some(opened.exchange.job);
    session.send(app::Msg::Requests(requests::Msg::ShowNewer));
    assert_eq!(
        session.model.requests.position(),
        (2, 2),
        "back to the session"
    );
}

#[test]
fn from_an_entry_there_is_no_way_to_others_before_the_first_call_and_that_is_told() {
    let mut session = Session::new();
    session.send(app::Msg::show_opened(opened("http://x/v1/accounts/a1")));
    for msg in [requests::Msg::ShowOlder, requests::Msg::ShowNewer] {
        session.model.notices.current = None;
        session.send(app::Msg::Requests(msg));
        let notice = session.model.notices.current.as_ref().unwrap();
        assert!(notice.text.contains("6 lists the history"), "{notice:?}");
    }
}
