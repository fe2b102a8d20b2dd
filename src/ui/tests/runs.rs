//! Several requests one after the other, and one as several users, at all sizes.

use std::time::Duration;

use crate::app::runs::{Leg, Outcome, Run, Source, State};
use crate::app::{Modal, Msg};
use crate::config::Role;
use crate::domain::{Draft, JobId, Problem, UserKey};
use crate::ui::tests::fixture::{ADA, Session};
use crate::ui::tests::snapshots::assert_screens;

fn leg(label: &str, user: Option<UserKey>, state: State) -> Leg {
    Leg {
        label: label.into(),
        source: Source::Draft(Box::new(Draft::new("accounts.list"))),
        user,
        state,
    }
}

fn done(status: u16, millis: u64, failures: &[&str], differences: Option<usize>) -> State {
    State::Done(Outcome {
        job: JobId(1),
        status,
        is_refused: status >= 400,
        status_before: None,
        total: Duration::from_millis(millis),
        size: 1800,
        failures: failures.iter().map(ToString::to_string).collect(),
        differences,
        is_beside_first: false,
    })
}

/// The row that has the cursor.
fn chosen(session: &mut Session) -> String {
    let terminal = session.draw(80, 24);
    let selection = session.screen.theme.style(Role::Selection).bg;
    let cells = terminal.backend().buffer().content.iter();
    let lit = cells.filter(|cell| Some(cell.bg) == selection);
    lit.map(ratatui::buffer::Cell::symbol).collect()
}

#[test]
fn several_requests_one_after_the_other() {
    let mut session = Session::loaded();
    session.model.run = Some(Run {
        title: "7 saved requests".into(),
        is_matrix: false,
        is_stopped: false,
        left_for: None,
        legs: vec![
            leg("accounts", None, done(200, 12, &[], Some(0))),
            leg("cards/approved", None, done(200, 31, &[], Some(3))),
            leg(
                "routines/create",
                None,
                done(400, 9, &["status: expected 201, found 400"], None),
            ),
            leg(
                "transfers/of-last-month",
                None,
                State::Failed(Problem::new(
                    "transfers/of-last-month: {{env.MONTH}}: the environment variable MONTH is not set",
                )),
            ),
            leg(
                "broken",
                None,
                State::Failed(Problem::new(
                    "/home/ada/.astrascope/requests/broken.toml:2: unknown key \"statsu\"",
                )),
            ),
            leg("user", None, State::Running(JobId(9))),
            leg("who-am-i", None, State::Waiting),
        ],
    });
    session.send(Msg::open(Modal::Run));
    assert_screens("run", session);
}

#[test]
fn one_request_as_every_user() {
    let mut session = Session::loaded();
    let State::Done(outcome) = done(403, 8, &[], Some(13)) else {
        panic!("it is done");
    };
    let refused = State::Done(Outcome {
        status_before: Some(200),
        is_beside_first: true,
        ..outcome
    });
    let State::Done(outcome) = done(200, 15, &[], Some(0)) else {
        panic!("it is done");
    };
    let same = State::Done(Outcome {
        is_beside_first: true,
        ..outcome
    });
    session.model.run = Some(Run {
        title: "accounts.list as 3 test users".into(),
        is_matrix: true,
        is_stopped: false,
        left_for: None,
        legs: vec![
            leg("Ada Byron", Some(ADA), done(200, 12, &[], None)),
            leg("Ben Okri", Some(UserKey(2)), same),
            leg("Chidi Anagonye", Some(UserKey(3)), refused),
        ],
    });
    session.send(Msg::open(Modal::Run));
    assert_screens("matrix", session);
}

#[test]
fn the_shown_call_is_sent_as_everybody_from_the_lists_too() {
    let mut session = Session::loaded();
    let draft = session.model.requests.current().unwrap().draft.clone();
    assert_eq!(session.press("4 U"), [Msg::send_as_all(draft.unwrap())]);
    for keys in ["4 U", "5 U", "5 s", "5 R"] {
        let told = Session::new().press(keys).to_vec();
        assert_eq!(told, [Msg::warning("there is no call yet")], "{keys}");
    }
}

#[test]
fn from_an_answer_of_a_run_escape_leads_back_to_its_lines() {
    let mut session = Session::loaded();
    let job = session.model.requests.current().unwrap().exchange.job;
    let State::Done(outcome) = done(200, 12, &[], None) else {
        panic!("it is done");
    };
    let seen = State::Done(Outcome { job, ..outcome });
    session.model.run = Some(Run {
        title: "2 saved requests".into(),
        is_matrix: false,
        is_stopped: false,
        left_for: None,
        legs: vec![
            leg("odd", None, done(404, 9, &["status"], None)),
            leg("seen", None, seen),
        ],
    });
    session.send(Msg::open(Modal::Run));
    session.press("down enter");
    assert!(session.model.modals.stack.is_empty());
    let place = |session: &Session| session.screen.panes[session.screen.focus].title();
    assert!(session.text(80, 24).contains("Esc back to the run"));
    assert_eq!(place(&session), "Inspector", "to move in the answer");
    session.press("esc");
    session.draw(80, 24);
    assert_eq!(place(&session), "Accounts", "where the keys were");
    assert_eq!(session.model.modals.stack, [Modal::Run]);
    session.draw(80, 24);
    session.press("enter");
    assert!(session.model.run.as_ref().unwrap().left_for == Some(job));
    session.press("esc esc esc");
    assert!(session.model.modals.stack.is_empty(), "it stays closed");
}

#[test]
fn what_went_wrong_in_a_long_run_is_a_key_away() {
    for (keys, expected) in [("", 7), ("n", 47), ("n n", 87), ("n n n", 7), ("N", 87)] {
        let mut session = Session::loaded();
        let legs = (0..100).map(|at| {
            let status = if at % 40 == 7 { 500 } else { 200 };
            let State::Done(outcome) = done(status, 9, &[], Some(0)) else {
                panic!("it is done");
            };
            leg(&format!("number-{at}"), None, State::Done(outcome))
        });
        session.model.run = Some(Run {
            title: "100 saved requests".into(),
            is_matrix: false,
            is_stopped: false,
            left_for: None,
            legs: legs.collect(),
        });
        session.send(Msg::open(Modal::Run));
        let text = session.text(80, 24);
        assert!(text.contains("R send all again  n next ✗"), "{text}");
        if !keys.is_empty() {
            session.press(keys);
        }
        let row = chosen(&mut session);
        assert!(
            row.contains(&format!("number-{expected} ")),
            "{keys}: {row}"
        );
    }
}

#[test]
fn the_cursor_stays_where_a_run_was_stopped() {
    let mut session = Session::loaded();
    let shown = session.model.requests.current().unwrap().exchange.job;
    let State::Done(outcome) = done(200, 9, &[], Some(0)) else {
        panic!("it is done");
    };
    let first = Outcome {
        job: shown,
        ..outcome.clone()
    };
    session.model.run = Some(Run {
        title: "4 saved requests".into(),
        is_matrix: false,
        is_stopped: false,
        left_for: None,
        legs: vec![
            leg("a", None, State::Done(first)),
            leg("b", None, State::Running(JobId(8))),
            leg("c", None, State::Waiting),
        ],
    });
    session.send(Msg::open(Modal::Run));
    session.draw(80, 24);
    let run = session.model.run.as_mut().unwrap();
    run.is_stopped = true;
    run.legs[1].state = State::Done(Outcome {
        job: JobId(8),
        ..outcome
    });
    let row = chosen(&mut session);
    assert!(
        row.contains("✓ b "),
        "not what the Inspector happens to show: {row}"
    );
}

#[test]
fn a_run_that_was_closed_is_seen_again() {
    let mut session = Session::loaded();
    session.press("6");
    let told = session.press("v").to_vec();
    assert!(
        matches!(told[..], [Msg::Notices(_)]),
        "there is none: {told:?}"
    );
    let mut session = Session::loaded();
    session.model.run = Some(Run {
        title: "1 saved request".into(),
        is_matrix: false,
        is_stopped: false,
        left_for: None,
        legs: vec![leg("a", None, done(200, 9, &[], None))],
    });
    session.press("6");
    let text = session.text(200, 60);
    assert!(
        text.contains("v last run"),
        "{}",
        text.lines().last().unwrap()
    );
    session.press("v");
    assert_eq!(session.model.modals.stack, [Modal::Run]);
    let State::Done(outcome) = done(200, 9, &[], None) else {
        panic!("it is done");
    };
    let dropped = Outcome {
        job: JobId(999),
        ..outcome
    };
    session.model.run.as_mut().unwrap().legs[0].state = State::Done(dropped);
    let words = "this one is no longer in the session: see the history";
    assert_eq!(session.press("enter"), [Msg::warning(words)]);
    assert_eq!(session.model.modals.stack, [Modal::Run], "it stays open");
}
