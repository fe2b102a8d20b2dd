//! What has to be said in each state, and never shown in any.

use std::time::Duration;

use ratatui::style::{Color, Modifier};

use crate::app::auth::SignIn;
use crate::app::{Modal, Msg, profiles};
use crate::config::{Keymap, Theme};
use crate::domain::{Problem, Profile};
use crate::ui::Screen;
use crate::ui::tests::fixture::{ADA, Session};

const ENVELOPE: &str = r#"{"code": 400, "name": "Bad Request", "description": "said by the API"}"#;

/// The next step that the Inspector offers for an answer with `status`.
fn step(status: u16) -> String {
    let mut session = Session::loaded();
    session.model.auth.states.clear();
    session.sign_in_for_good(ADA);
    session.press("4 r");
    session.answer(status, ENVELOPE);
    session.press("5 z");
    let text = session.text(120, 24);
    assert!(text.contains(&status.to_string()), "{text}");
    text.lines()
        .find(|line| line.contains('→'))
        .unwrap_or_default()
        .trim()
        .to_owned()
}

#[test]
fn every_kind_of_failure_has_a_next_step() {
    for (status, words) in [
        (400, "Request tab"),
        (401, "press a to sign in again"),
        (403, "may not do that"),
        (404, "nothing answers at that path"),
        (429, "press r to send it again"),
        (500, "Y copies it"),
        (503, "Y copies it"),
    ] {
        assert!(step(status).contains(words), "{status}: {}", step(status));
    }
}

#[test]
fn an_empty_body_is_told() {
    let mut session = Session::loading();
    session.answer(200, "");
    assert!(session.text(120, 36).contains("the answer has no body"));
}

#[test]
fn a_call_under_way_can_be_cancelled_and_says_so() {
    let mut session = Session::loading();
    assert!(session.text(80, 24).contains("x cancels"));
    session.press("x");
    assert!(session.text(80, 24).contains("cancelled"));
}

#[test]
fn a_sandbox_that_does_not_start_says_why() {
    let mut session = Session::on(Profile::built_in());
    assert!(session.text(120, 36).contains("starting…"));
    let problem =
        Problem::new("the built-in sandbox could not be started").because("no port is free");
    session.send(Msg::Profiles(profiles::Msg::SandboxFailed(problem)));
    let text = session.text(120, 36);
    assert!(
        text.contains("the built-in sandbox could not be started"),
        "{text}"
    );
    assert!(text.contains("no port is free"), "{text}");
}

#[test]
fn a_notice_takes_the_place_of_the_hints_and_leaves_help_and_quit() {
    let mut session = Session::new();
    session.send(Msg::notice(
        "a notice that is much longer than there is room for at sixty columns, and then some",
    ));
    let text = session.text(60, 15);
    let footer = text.lines().last().unwrap();
    assert_eq!(
        footer,
        " ✓ a notice that is much longer than there…  ? help  q quit"
    );
    session.now = session.now.after(Duration::from_secs(6));
    session.send(Msg::Woke);
    assert!(
        session
            .text(60, 15)
            .ends_with("a sign in  A somebody new  Tab next pane   ? help  q quit")
    );
}

#[test]
fn a_token_that_ran_out_says_so() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.now = session.now.after(Duration::from_secs(7200));
    let text = session.text(120, 36);
    assert!(
        text.contains("token ran out at 14:32") && text.contains("the next call renews it"),
        "{text}"
    );
}

#[test]
fn escape_sequences_of_every_source_are_shown_as_text() {
    let evil = "\x1b[31mevil\x07\u{202e}";
    let mut session = Session::new();
    session.model.users.all[0].name = evil.into();
    session.model.profiles.current.client_id = evil.into();
    session.model.profiles.current.name = evil.into();
    session.model.auth.states.insert(
        ADA,
        SignIn::Failed(Problem::new(evil).because(evil).hint(evil)),
    );
    session.send(Msg::warning(evil));
    session.press("2");
    let mut problem = Session::new();
    problem.send(Msg::open(Modal::Problem(
        Problem::new(evil).because(evil).hint(evil),
    )));
    let mut failed = Session::loading();
    failed.fail(Problem::new(evil).because(evil).hint(evil));
    for session in [&mut session, &mut problem, &mut failed] {
        for (width, height) in [(60, 15), (120, 36), (200, 60)] {
            let text = session.text(width, height);
            assert!(text.contains("␛[31mevil"), "{text}");
            let is_raw =
                |letter: char| letter != '\n' && (letter.is_control() || letter == '\u{202e}');
            assert!(!text.contains(is_raw), "{text:?}");
        }
    }
}

#[test]
fn without_colours_the_selection_and_the_focus_are_still_seen() {
    let mut session = Session::new();
    session.screen = Screen::new(Keymap::built_in().unwrap(), Theme::named("plain").unwrap());
    let terminal = session.draw(80, 24);
    let cells = &terminal.backend().buffer().content;
    assert!(
        cells
            .iter()
            .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
    );
    assert!(
        cells
            .iter()
            .any(|cell| cell.modifier.contains(Modifier::REVERSED))
    );
    assert!(session.text(80, 24).contains("3 Test users ━━"));
}
