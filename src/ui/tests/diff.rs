//! Two answers beside each other: the Diff tab.

use std::sync::Arc;
use std::time::Duration;

use crate::app::replay::{Effect, Findings, Msg as Replay};
use crate::app::{self, BaselineOrigin, Env, Msg, requests, update};
use crate::catalog::{Answer, check_expectations};
use crate::document::diff;
use crate::domain::{Body, JobId};
use crate::ui::tests::fixture::{Session, answer};
use crate::ui::tests::snapshots::assert_screens;

/// Sends the shown exchange again; it is answered with `body` and compared, as a job would do it.
fn replayed(session: &mut Session, status: u16, body: &'static str) -> JobId {
    session.press("5 R");
    let job = session.model.requests.current().unwrap().exchange.job;
    let mut given = answer(status, Body::from(body));
    given.response.timing.total = Duration::from_millis(31);
    let msg = Msg::Requests(requests::Msg::Finished {
        job,
        result: Ok(given),
    });
    let effects = update(&mut session.model, msg, Env { now: session.now });
    for effect in effects {
        if let app::Effect::Replay(Effect::Compare {
            job,
            old,
            new,
            response,
            expect,
            rules,
            ..
        }) = effect
        {
            let answer = Answer {
                response: &response,
                document: &new,
                told: &new,
            };
            let findings = Arc::new(Findings {
                differences: old.map_or_else(Vec::new, |old| diff(&old, &new, &rules)),
                failures: check_expectations(&expect, answer, None),
            });
            session.send(Msg::Replay(Replay::Compared { job, findings }));
        }
    }
    job
}

#[test]
fn a_recorded_answer_is_named_in_the_diff_tab() {
    let mut session = compared();
    let comparison = session.model.replay.comparisons.back_mut().unwrap();
    let baseline = comparison.baseline.as_mut().unwrap();
    baseline.origin = BaselineOrigin::Recorded("accounts.answer.json".into());
    insta::assert_snapshot!("diff-recorded-80x24", session.text(80, 24));
}

const BEFORE: &str = r#"{"count":3,"accounts":[{"id":"acc_01","name":"Checking","current_balance":100.00,"updated":"2026-03-01"},{"id":"acc_02","name":"Savings","current_balance":5,"updated":"2026-03-01"},{"id":"acc_03","name":"Old","current_balance":0,"updated":"2026-03-01"}]}"#;
const AFTER: &str = r#"{"count":3,"accounts":[{"id":"acc_02","name":"Savings for a rainy day and many other days","current_balance":5.00,"updated":"2026-03-02"},{"id":"acc_01","name":"Checking","current_balance":74.90,"updated":"2026-03-02"},{"id":"acc_04","name":"New","current_balance":1,"updated":"2026-03-02"}]}"#;

fn compared() -> Session {
    let mut session = Session::loading();
    session.answer(200, BEFORE);
    replayed(&mut session, 200, AFTER);
    session
}

#[test]
fn what_differs_stands_in_the_diff_tab() {
    assert_screens("diff", compared());
}

/// Forty accounts as they were, and as they are: some have gone, some are new, one has moved, and fields of many differ.
fn long_lists() -> (String, String) {
    let item = |at: usize, is_new: bool| {
        let balance = if is_new && at.is_multiple_of(3) {
            50
        } else {
            0
        } + at * 100;
        let state = if is_new && at.is_multiple_of(6) {
            "error"
        } else {
            "connected"
        };
        let city = if is_new && at.is_multiple_of(9) {
            "San José"
        } else {
            "Palo Alto"
        };
        format!(
            "{{\"id\":\"acc_generic_131_{at:08}\",\"name\":\"Account {at}\",\"current_balance\":{balance},\
             \"connection_status\":\"{state}\",\"owner\":{{\"address\":{{\"city\":\"{city}\"}}}}}}"
        )
    };
    let list = |items: Vec<String>| {
        format!(
            "{{\"count\":{},\"accounts\":[{}]}}",
            items.len(),
            items.join(",")
        )
    };
    let before = (0..40).map(|at| item(at, false)).collect();
    let mut after: Vec<String> = (0..40).map(|at| item(at, true)).collect();
    let moved = after.remove(6);
    after.insert(2, moved);
    after.remove(11);
    after.insert(1, item(77, true));
    (list(before), list(after))
}

#[test]
fn what_differs_in_one_item_of_a_long_list_stands_below_it_and_is_folded() {
    let compared = || {
        let (before, after) = long_lists();
        let mut session = Session::loading();
        session.answer(200, before.into_bytes());
        replayed(&mut session, 200, Box::leak(after.into_boxed_str()));
        session
    };
    assert_screens("diff-long", compared());
    let mut session = compared();
    session.press("5 -");
    insta::assert_snapshot!("diff-folded-80x24", session.text(80, 24));
    insta::assert_snapshot!("diff-folded-120x36", session.text(120, 36));
    session.press("J J");
    assert_eq!(
        session.press("I"),
        [Msg::warning("choose one of the differences below it")]
    );
    session.press("space down");
    assert!(
        matches!(session.press("I"), [Msg::Replay(Replay::ToggleRule(path))] if path.starts_with(".accounts[")),
    );
}

#[test]
fn a_status_that_differs_stands_out() {
    let mut session = Session::loading();
    session.answer(200, BEFORE);
    replayed(&mut session, 404, r#"{"code":404,"name":"Not Found"}"#);
    insta::assert_snapshot!("diff-status-80x24", session.text(80, 24));
}

#[test]
fn a_field_is_expected_to_differ_by_one_key_and_again_by_the_same() {
    let mut session = compared();
    let before = session.text(120, 36);
    assert!(before.contains("2 changed"), "{before}");
    let rule = Msg::Replay(Replay::ToggleRule(".accounts[1].current_balance".into()));
    assert_eq!(session.press("down down I"), std::slice::from_ref(&rule));
    assert!(
        session.text(120, 36).contains("1 changed"),
        "{}",
        session.text(120, 36)
    );
    session.send(rule);
    assert!(session.text(120, 36).contains("2 changed"));
}

#[test]
fn what_every_tab_copies_is_copied_from_the_diff_too() {
    let mut session = compared();
    let copied = session.press("Y").to_vec();
    assert!(
        matches!(&copied[..], [Msg::Desktop(app::Desktop::Copy { .. })]),
        "{copied:?}"
    );
}

#[test]
fn a_difference_leads_to_its_place_in_the_answer() {
    let mut session = compared();
    session.press("enter");
    let text = session.text(120, 36);
    assert!(text.contains("[Response]"), "{text}");
}

#[test]
fn a_diff_of_two_hundred_thousand_values_is_drawn_at_once() {
    let many = |value: usize| {
        let items: Vec<String> = (0..100_000)
            .map(|i| format!("{{\"id\":\"{i}\",\"n\":{}}}", i + value))
            .collect();
        format!("{{\"items\":[{}]}}", items.join(","))
    };
    let mut session = Session::loading();
    session.answer(200, many(0).into_bytes());
    let body: &'static str = Box::leak(many(1).into_boxed_str());
    replayed(&mut session, 200, body);
    session.press("G");
    let start = std::time::Instant::now();
    let text = session.text(120, 36);
    assert!(text.contains("items[99999].n"), "{text}");
    assert!(
        start.elapsed() < Duration::from_millis(500),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn what_does_nothing_where_nothing_differs_is_not_offered() {
    let offered = |session: &mut Session| session.text(200, 60);
    let mut session = compared();
    let text = offered(&mut session);
    assert!(!text.contains("I ignore"), "the item as a whole: {text}");
    session.press("down");
    let text = offered(&mut session);
    assert!(
        text.contains("I ignore") && !text.contains("E expect"),
        "{text}"
    );
    let mut session = Session::loading();
    session.answer(200, BEFORE);
    replayed(&mut session, 200, BEFORE);
    let text = offered(&mut session);
    assert!(
        text.contains("R again") && text.contains("s save"),
        "{text}"
    );
    for words in ["show", "I ignore", "expect"] {
        let footer = text.lines().last().unwrap();
        assert!(!footer.contains(words), "{footer}");
    }
}
