//! Taking something out of the Inspector: the menu, the file that is asked for, what replaces another.

use crate::app::export::{self, Form, Written};
use crate::app::{Desktop, Modal, Msg};
use crate::domain::{Draft, MASK, Problem};
use crate::ui::tests::fixture::{ADA, Session};
use crate::ui::tests::inspector::inspecting;

const ANSWER: &str =
    r#"{"accounts": [{"id": "a-1", "name": "Ada \"A\"", "token": "tok_abc"}], "n": 10.50}"#;

/// What follows from a choice of the menu.
fn chosen(session: &mut Session, keys: &str) -> Msg {
    let msgs = session.press(keys);
    msgs.last().unwrap().clone()
}

fn copied(session: &mut Session, keys: &str) -> String {
    match chosen(session, keys) {
        Msg::Desktop(Desktop::Copy { text, .. }) => text,
        msg => panic!("{msg:?}"),
    }
}

#[test]
fn body_value_and_path_are_copied_by_a_letter() {
    let mut session = inspecting(ANSWER);
    session.press("j j j j"); // the name of the first account
    assert_eq!(copied(&mut session, "y v"), "Ada \"A\"");
    assert_eq!(copied(&mut session, "y p"), ".accounts[0].name");
    assert_eq!(copied(&mut session, "y y"), copied(&mut session, "y b"));
    session.press("G k");
    assert_eq!(copied(&mut session, "y v"), "10.50");
    assert!(copied(&mut session, "y i").starts_with("2f0c6d1e"));
    assert!(session.model.modals.stack.is_empty());
}

#[test]
fn the_exchange_is_asked_for_in_other_forms() {
    let mut session = inspecting(ANSWER);
    let job = session.model.requests.current().unwrap().exchange.job;
    for (key, form) in [("c", Form::Curl), ("r", Form::Http), ("s", Form::Bundle)] {
        let msg = chosen(&mut session, &format!("y {key}"));
        assert_eq!(msg, Msg::Export(export::Msg::Copy(job, form)));
    }
    for (keys, file) in [("y h", "phone-list.har"), ("y S", "phone-list.md")] {
        session.press(keys);
        let Some(Modal::Prompt(prompt)) = session.model.modals.top() else {
            panic!("a file is asked for");
        };
        assert_eq!(prompt.input.as_ref().unwrap().text, file);
        session.press("esc");
    }
}

#[test]
fn a_menu_is_walked_through_as_well() {
    let mut session = inspecting(ANSWER);
    session.press("y");
    insta::assert_snapshot!("menu-80x24", session.text(80, 24));
    insta::assert_snapshot!("menu-60x15", session.text(60, 15));
    insta::assert_snapshot!("menu-40x8", session.text(40, 8));
    let msg = chosen(&mut session, "down down down enter");
    assert!(matches!(msg, Msg::Export(export::Msg::Copy(_, Form::Curl))));
}

#[test]
fn the_body_is_written_as_it_is_looked_at() {
    let mut session = inspecting(ANSWER);
    session.press("w");
    insta::assert_snapshot!("write-80x24", session.text(80, 24));
    session.press("ctrl-u a . j s o n enter");
    let pending = session.model.exports.pending.clone().unwrap();
    assert_eq!(pending.path, "a.json");
    let end = |result| {
        let job = pending.job.unwrap();
        Msg::Export(export::Msg::Ended { job, result })
    };
    let there = Written::Exists {
        path: "~/a.json".into(),
        bytes: 1234,
    };
    session.send(end(Ok(there)));
    let text = session.text(80, 24);
    assert!(text.contains("~/a.json is there already, 1.2 KB"), "{text}");
    session.press("n");
    session.send(end(Err(
        Problem::new("~/a.json was not written").because("no space")
    )));
    let text = session.text(80, 24);
    assert!(
        text.contains("no space") && text.contains("a.json"),
        "{text}"
    );
}

#[test]
fn what_is_masked_is_masked_in_what_is_taken_out() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(Msg::send(Draft::new("identity.verify").on_behalf_of(ADA)));
    session.answer(200, r#"{"token": "tok_abc"}"#);
    session.press("5");
    assert_eq!(
        copied(&mut session, "y b"),
        format!("{{\"token\": \"{MASK}\"}}")
    );
    session.press("w");
    let pending = session.model.exports.pending.clone().unwrap();
    let export::Content::Body(body) = pending.content else {
        panic!("the body is written");
    };
    assert!(!String::from_utf8_lossy(body.as_bytes()).contains("tok_abc"));
}

#[test]
fn without_an_exchange_there_is_nothing_to_take() {
    let mut session = Session::new();
    session.press("y");
    assert!(session.text(100, 24).contains("there is no exchange yet"));
    session.press("5 w");
    assert!(session.text(100, 24).contains("there is no body to write"));
}
