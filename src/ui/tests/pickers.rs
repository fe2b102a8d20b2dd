//! Choosing an operation and a test user, and answering yes or no.

use std::time::{Duration, Instant};

use crossterm::event::Event;

use crate::app::{Confirm, Modal, Msg, Picker, composer, modals, users};
use crate::domain::{Environment, UserKey};
use crate::ui::tests::fixture::{ADA, Session};
use crate::ui::tests::snapshots::assert_screens;

fn confirm(session: &mut Session) {
    session.send(Msg::open(Modal::Confirm(Confirm {
        is_typed: true,
        ..Confirm::new(
            "Send to production as astra?",
            vec![
                "Start a routine: move money once or again and again: routines.create".into(),
                "POST https://api.astra.finance/v1/routines".into(),
                "on behalf of Ada Byron".into(),
                "amount 25.00 USD".into(),
                "from Checking (acc_01)".into(),
                "to Rainy day (acc_02)".into(),
            ],
            "send",
            Msg::notice("sent"),
        )
    })));
}

#[test]
fn operations_in_groups() {
    let mut session = Session::loaded();
    session.press("o");
    assert_screens("operations", session);
}

#[test]
fn operations_that_fit_a_query() {
    let mut session = Session::loaded();
    session.press("o r o u t i n e down");
    assert_screens("operations-found", session);
}

#[test]
fn users_that_fit_a_query() {
    let mut session = Session::loaded();
    session.press("u");
    assert_screens("users", session);
    let mut session = Session::loaded();
    session.press("u 0 1 0 down");
    insta::assert_snapshot!("users-found-80x24", session.text(80, 24));
}

#[test]
fn yes_or_no() {
    let mut session = Session::loaded();
    session.model.profiles.current.environment = Environment::Production;
    confirm(&mut session);
    assert_screens("confirm", session);
}

#[test]
fn yes_is_typed_out_where_money_moves() {
    let yes = [Msg::Modals(modals::Msg::Confirmed)];
    let mut session = Session::loaded();
    confirm(&mut session);
    // A word that was meant for something else, and a key that is held.
    for keys in [
        "m y space p a y m e n t enter",
        "y y y y y enter",
        "Y E S enter",
        "enter",
        "y",
    ] {
        assert!(session.press(keys).is_empty(), "{keys}");
        session.press("ctrl-u");
    }
    let pasted = Event::Paste("yes".into());
    session.screen.input(&pasted, &session.model);
    assert!(session.press("enter").is_empty(), "pasted");
    assert_eq!(session.press("y e s enter"), yes);
    // The next question begins anew.
    confirm(&mut session);
    assert!(session.press("enter").is_empty());
    assert_eq!(session.press("esc"), [Msg::Modals(modals::Msg::Close)]);
    assert!(session.model.modals.stack.is_empty());
}

#[test]
fn only_y_says_yes() {
    let mut session = Session::loaded();
    let question = |session: &mut Session| {
        let confirm = Confirm::new("Delete it?", Vec::new(), "delete", Msg::notice("gone"));
        session.send(Msg::open(Modal::Confirm(confirm)));
    };
    question(&mut session);
    assert!(session.press("enter space o j").is_empty());
    assert_eq!(session.press("y"), [Msg::Modals(modals::Msg::Confirmed)]);
    assert!(session.model.modals.stack.is_empty());
    for no in ["n", "esc", "q"] {
        question(&mut session);
        assert_eq!(session.press(no), [Msg::Modals(modals::Msg::Close)]);
        assert!(session.model.modals.stack.is_empty());
    }
}

#[test]
fn an_operation_is_found_by_typing_and_composed() {
    let close = Msg::Modals(modals::Msg::Close);
    let mut session = Session::new();
    let open = Msg::open(Modal::Picker(Picker::Operations));
    assert_eq!(session.press("o"), [open]);
    // Every letter is typed, whatever it does elsewhere.
    assert!(
        session
            .press("q ? 1 backspace backspace backspace")
            .is_empty()
    );
    assert!(session.press("r c r e a t e").is_empty());
    let compose = Msg::compose("routines.create", Vec::new());
    assert_eq!(session.press("enter"), [close.clone(), compose]);
    assert_eq!(session.model.modals.stack, [Modal::Composer]);
    session.send(Msg::Composer(composer::Msg::Typed {
        input: 1,
        text: "Groceries".into(),
    }));
    session.press("esc o r c r e a t e");
    assert_eq!(
        session.press("enter"),
        [close.clone(), Msg::open(Modal::Composer)],
        "what was typed for it is still there"
    );
    session.press("esc u down enter o r c r e a t e");
    assert_eq!(
        session.press("enter"),
        [close, Msg::compose("routines.create", Vec::new())],
        "but not on behalf of somebody else"
    );
}

#[test]
fn the_selection_moves_while_typing_and_starts_over_with_a_new_query() {
    let mut session = Session::new();
    session.press("o");
    session.draw(80, 24);
    session.press("down ctrl-n down ctrl-p enter");
    let request = session.model.composer.request.as_ref().unwrap();
    assert_eq!(request.call.to_string(), "accounts.create");
    session.press("esc o down down pagedown pageup");
    session
        .screen
        .input(&Event::Paste("user.get\n".into()), &session.model);
    session.press("enter");
    let request = session.model.composer.request.as_ref().unwrap();
    assert_eq!(request.call.to_string(), "user.get");
    session.press("esc o z z z enter");
    let request = session.model.composer.request.as_ref().unwrap();
    assert_eq!(
        request.call.to_string(),
        "GET /v1/",
        "where nothing is found, a request of one's own is the way out"
    );
}

#[test]
fn a_request_of_ones_own_is_the_first_choice_where_one_is_typed() {
    let mut session = Session::loaded();
    session.press("o");
    paste(&mut session, "delete /v9/moon?phase=full");
    assert_screens("operations-own", session);
    let mut session = Session::loaded();
    session.press("o");
    session.draw(80, 24);
    session.press("pagedown pagedown pagedown pagedown enter");
    let request = session.model.composer.request.as_ref().unwrap();
    assert!(request.is_free(), "it is the last of all, too");
    session.press("down x esc o o w n enter");
    let request = session.model.composer.request.as_ref().unwrap();
    assert_eq!(request.call.to_string(), "GET /v1/x", "and still there");
    session.press("esc o");
    paste(&mut session, "POST /v9");
    session.press("enter");
    let request = session.model.composer.request.as_ref().unwrap();
    assert_eq!(request.call.to_string(), "POST /v9");
}

fn paste(session: &mut Session, text: &str) {
    let msgs = session
        .screen
        .input(&Event::Paste(text.into()), &session.model);
    msgs.into_iter().for_each(|msg| session.send(msg));
}

#[test]
fn a_user_is_found_by_any_of_their_texts() {
    let select = |key| Msg::Users(users::Msg::Select(Some(UserKey(key))));
    let mut session = Session::new();
    for (query, key) in [("f i h r i", 6), ("0 1 0 3", 4), ("r e t r y", 3)] {
        session.press("u");
        session.press(query);
        assert_eq!(session.press("enter")[1], select(key), "{query}");
        assert_eq!(session.model.users.selected, Some(UserKey(key)));
    }
}

#[test]
fn a_shown_call_is_composed_again() {
    let mut session = Session::new();
    assert!(matches!(session.press("e"), [Msg::Notices(_)]));
    let mut session = Session::loaded();
    session.press("e");
    let request = session.model.composer.request.as_ref().unwrap();
    assert_eq!(request.call.to_string(), "accounts.list");
    assert_eq!(request.user, Some(ADA));
}

#[test]
fn a_key_of_a_query_costs_less_than_a_frame() {
    let mut session = Session::new();
    session.press("o");
    session.draw(80, 24);
    let start = Instant::now();
    session.press("l i s t space t r a n s f e r s");
    let each = start.elapsed() / 14;
    // 1 ms in a release build; this one is not, and shares its machine.
    assert!(each < Duration::from_millis(20), "{each:?} a key");
}
