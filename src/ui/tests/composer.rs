//! Composing a request on the screen: form, text of the body, outgoing request.

use crossterm::event::Event;

use crate::app::composer::{Msg as Composing, Request};
use crate::app::{Desktop, Modal, Msg, modals};
use crate::domain::Environment;
use crate::ui::tests::fixture::{ADA, Session};
use crate::ui::tests::snapshots::assert_screens;

fn composing(endpoint: &str) -> Session {
    let mut session = Session::loaded();
    session.send(Msg::compose(endpoint, Vec::new()));
    session
}

fn request(session: &Session) -> &Request {
    session.model.composer.request.as_ref().unwrap()
}

fn text<'a>(session: &'a Session, label: &str) -> &'a str {
    let inputs = &request(session).inputs;
    let input = inputs.iter().find(|input| input.label() == label);
    &input.unwrap().text
}

fn paste(session: &mut Session, text: &str) {
    let msgs = session
        .screen
        .input(&Event::Paste(text.into()), &session.model);
    msgs.into_iter().for_each(|msg| session.send(msg));
}

#[test]
fn the_form_of_a_routine() {
    assert_screens("routine-form", composing("routines.create"));
}

#[test]
fn the_form_of_a_user_intent() {
    let mut session = composing("user_intents.create");
    session.press("down down down");
    assert_screens("intent-form", session);
}

#[test]
fn a_form_with_path_query_and_inferred_fields() {
    let mut session = composing("routines.transfers");
    session.press("down down");
    assert_screens("list-form", session);
}

#[test]
fn a_wrong_field() {
    let mut session = composing("user_intents.create");
    session.press("tab ctrl-u 1 2 tab tab ctrl-r");
    assert_screens("wrong-field", session);
}

#[test]
fn a_body_that_breaks() {
    let mut session = composing("routines.create");
    session.press("f3 down down down end , ,");
    assert_screens("body-fault", session);
}

#[test]
fn the_outgoing_request() {
    let mut session = composing("user_intents.create");
    session.send(Msg::Composer(Composing::Typed {
        input: ssn(&session),
        text: "1234".into(),
    }));
    session.press("f4");
    assert_screens("outgoing", session);
    let mut session = composing("routines.create");
    session.model.profiles.current.environment = Environment::Production;
    session.press("f4");
    insta::assert_snapshot!("outgoing-obstacles-80x24", session.text(80, 24));
}

#[test]
fn values_are_offered() {
    let mut session = composing("routines.create");
    session.press("tab tab tab ctrl-o down");
    assert_screens("offers", session);
}

#[test]
fn a_value_that_was_offered_is_told_by_its_name_as_well() {
    let mut session = composing("routines.create");
    session.press("tab tab tab ctrl-o down enter");
    let id = text(&session, "source_id").to_owned();
    let told = |session: &mut Session| {
        let screen = session.text(120, 36);
        let row = screen.lines().find(|row| row.contains("source_id"));
        row.unwrap().to_owned()
    };
    let focused = told(&mut session);
    session.press("tab");
    let row = told(&mut session);
    assert!(row.contains(&id) && row.contains("Rainy day"), "{row}");
    assert!(focused.contains("Rainy day"), "{focused}");
    session.press("backtab backspace");
    let row = told(&mut session);
    assert!(!row.contains("Rainy day"), "{row}");
}

fn ssn(session: &Session) -> usize {
    let inputs = &request(session).inputs;
    inputs
        .iter()
        .position(|input| input.label() == "ssn")
        .unwrap()
}

#[test]
fn every_letter_is_typed_into_the_focused_field() {
    let mut session = composing("routines.create");
    session.press("tab ctrl-u q ? a o space [ 1");
    assert_eq!(text(&session, "name"), "q?ao [1");
    session.press("left left backspace ctrl-c");
    assert_eq!(text(&session, "name"), "q?ao[1");
    paste(&mut session, "\r\nRent\nMay ");
    assert_eq!(text(&session, "name"), "q?aoRentMay[1");
    assert!(session.press("f2 f2").is_empty());
    assert_eq!(session.press("esc"), [Msg::Modals(modals::Msg::Close)]);
}

#[test]
fn choices_are_stepped_through_and_jumped_to() {
    let mut session = composing("routines.create");
    assert_eq!(text(&session, "type"), "one-time");
    session.press("right right");
    assert_eq!(text(&session, "type"), "percentage-balance");
    session.press("left space r r");
    assert_eq!(text(&session, "type"), "refill");
    assert!(request(&session).raw.contains("\"type\": \"refill\""));
    paste(&mut session, "sweep");
    assert_eq!(text(&session, "type"), "sweep");
}

#[test]
fn the_fields_are_walked_through() {
    let mut session = composing("accounts.get");
    session.press("a tab b = 1 tab c = 2 down enter x : 1 shift-tab d");
    assert_eq!(text(&session, "id"), "a");
    let inputs = &request(&session).inputs;
    let texts: Vec<_> = inputs.iter().map(|input| input.text.as_str()).collect();
    assert_eq!(texts, ["a", "b=1", "c=2", "d", "", "x:1", ""]);
    let mut session = composing("routines.create");
    session.draw(80, 24);
    session.press("tab down enter shift-tab up");
    session.press("ctrl-u x");
    assert_eq!(text(&session, "name"), "x");
}

#[test]
fn a_wrong_field_gets_the_keys_again_and_again() {
    let mut session = composing("user_intents.create");
    session.press("tab ctrl-u 1");
    for _ in 0..2 {
        session.press("up f4 ctrl-r");
        assert_eq!(session.model.modals.top(), Some(&Modal::Composer));
        let focused = session.text(80, 24);
        assert!(focused.contains("▸ phone"), "{focused}");
    }
    session.press("ctrl-u");
    paste(&mut session, "+16505550142");
    assert_eq!(session.press("ctrl-r"), [Msg::Composer(Composing::Send)]);
    assert_eq!(session.model.modals.top(), None, "it was sent");
}

#[test]
fn the_text_of_the_body_is_edited_like_a_text() {
    let mut session = composing("routines.create");
    session.press("ctrl-t");
    let raw = request(&session).raw.clone();
    session.press("down end enter");
    paste(&mut session, "\"extra\": 1.0,\r\"x\": 2,");
    let changed = request(&session).raw.clone();
    assert!(
        changed.contains("\n  \"extra\": 1.0,\n\"x\": 2,\n"),
        "a new line begins below the old one: {changed}"
    );
    assert_eq!(request(&session).fault, None);
    assert_ne!(changed, raw);
    session.press("backspace");
    assert!(request(&session).fault.is_some());
    session.press("f2 f4 ctrl-r");
    assert!(
        session.text(80, 24).contains("[Body ✗]"),
        "what breaks is brought to the front"
    );
}

#[test]
fn an_offered_value_is_taken() {
    let mut session = composing("routines.create");
    session.press("tab tab tab ctrl-o");
    session.press("down down enter");
    assert_eq!(text(&session, "source_id"), "acc_03");
    session.press("tab ctrl-o");
    assert!(session.press("esc").is_empty(), "the list is closed first");
    assert_eq!(session.press("esc"), [Msg::Modals(modals::Msg::Close)]);
    let mut session = composing("cards.get");
    assert!(matches!(session.press("ctrl-o"), [Msg::Notices(_)]));
}

#[test]
fn only_what_the_same_user_has_seen_is_offered() {
    let mut session = composing("accounts.get");
    session.model.composer.request.as_mut().unwrap().user = Some(crate::domain::UserKey(2));
    assert!(matches!(session.press("ctrl-o"), [Msg::Notices(_)]));
    session.model.composer.request.as_mut().unwrap().user = Some(ADA);
    assert!(session.press("ctrl-o").is_empty());
}

#[test]
fn what_a_list_holds_is_offered_after_its_answer_was_dropped() {
    let mut session = composing("accounts.get");
    session.model.requests.entries.clear();
    assert!(session.press("ctrl-o").is_empty());
    session.press("enter");
    assert_eq!(text(&session, "id"), "acc_01");
}

#[test]
fn secrets_are_seen_nowhere_but_in_the_text_of_the_body() {
    let mut session = composing("user_intents.create");
    let input = ssn(&session);
    session.send(Msg::Composer(Composing::Typed {
        input,
        text: "987654321".into(),
    }));
    for keys in ["f2", "f4"] {
        session.press(keys);
        let shown = session.text(120, 60);
        assert!(!shown.contains("987654321"), "{shown}");
    }
}

#[test]
fn help_lies_over_the_composer_and_leaves_it_as_it_is() {
    let mut session = composing("routines.create");
    session.press("tab f1");
    assert_eq!(session.model.modals.top(), Some(&Modal::Help));
    session.press("esc x");
    assert_eq!(text(&session, "name"), "Rentx");
}

/// A request of one's own with everything that one may have.
fn composing_own() -> Session {
    let mut session = Session::loaded();
    let text = "POST /v9/moon?phase=full".to_owned();
    session.send(Msg::Composer(Composing::OpenOwn(text)));
    session.press("down down right right down down");
    paste(&mut session, "side=far");
    session.press("down down");
    paste(&mut session, "Authorization: Bearer topsecret");
    session.press("down");
    paste(&mut session, "x-mine: 1");
    session.press("f3");
    paste(
        &mut session,
        "{\"card_number\": \"4242424242424242\", \"a\": 1}",
    );
    session.press("f2");
    session
}

#[test]
fn a_request_of_ones_own() {
    assert_screens("own-form", composing_own());
}

#[test]
fn a_request_of_ones_own_goes_out_as_it_was_typed_and_hides_its_secrets() {
    let mut session = composing_own();
    session.press("f4");
    let shown = session.text(100, 30);
    for words in [
        "/v9/moon?phase=full&side=far",
        "x-mine",
        "Authorization  ••••••••",
        "\"card_number\": \"••••••••\"",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    assert!(!shown.contains("topsecret"), "{shown}");
    assert_eq!(session.press("ctrl-r"), [Msg::Composer(Composing::Send)]);
    let entry = session.model.requests.current().unwrap();
    let sent = &entry.exchange.request;
    assert!(sent.url.ends_with("/v9/moon?phase=full&side=far"));
    assert!(
        sent.headers
            .contains(&("Authorization".into(), "Bearer topsecret".into()))
    );
    session.press("e");
    assert_eq!(
        request(&session).call.to_string(),
        "POST /v9/moon",
        "it can be composed again"
    );
    assert!(
        request(&session)
            .inputs
            .iter()
            .any(|input| input.text == "x-mine: 1")
    );
}

#[test]
fn a_credential_of_ones_own_is_refused_beside_the_programs() {
    let mut session = composing_own();
    session.press("up up up up up up up up down down left left ctrl-r");
    let shown = session.text(80, 24);
    assert_eq!(session.model.modals.top(), Some(&Modal::Composer));
    assert!(shown.contains("choose auth none"), "{shown}");
}

#[test]
fn a_body_of_ones_own_need_not_be_json() {
    let mut session = Session::loaded();
    session.send(Msg::Composer(Composing::OpenOwn("POST /v9".into())));
    session.press("f3 a = 1");
    assert!(session.text(80, 24).contains("sent as it is"));
    session.press("ctrl-r");
    let entry = session.model.requests.current().unwrap();
    let body = entry.exchange.request.body.as_ref().unwrap();
    assert_eq!(body.as_bytes(), b"a=1");
}

#[test]
fn a_body_is_handed_to_the_editor_and_taken_back() {
    let mut session = composing("routines.create");
    let raw = request(&session).raw.clone();
    let edit = Msg::Desktop(Desktop::EditBody(raw.as_str().into()));
    assert_eq!(session.press("ctrl-e"), [edit]);
    assert!(session.text(80, 24).contains("[Body]"));
    session.send(Msg::body_edited(raw.replace("Rent", "Lunch")));
    assert_eq!(text(&session, "name"), "Lunch");
    let mut session = composing("accounts.get");
    assert!(matches!(session.press("ctrl-e"), [Msg::Notices(_)]));
}

#[test]
fn a_call_that_was_sent_with_a_key_can_go_with_the_same_again() {
    let mut session = composing("routines.account_to_card");
    session.press("f4");
    let shown = session.text(100, 40);
    assert!(shown.contains("made when it is sent"), "{shown}");
    session.model.composer.request.as_mut().unwrap().key = Some("seed-7".into());
    session.press("ctrl-k");
    let shown = session.text(100, 40);
    assert!(shown.contains("seed-7"), "{shown}");
}

#[test]
fn a_form_beside_a_broken_text_says_so_and_holds_still() {
    let mut session = composing("routines.create");
    let text = "{\n\"amount\": 31.5,\n}".into();
    session.send(Msg::Composer(Composing::TypedRaw(text)));
    session.press("f2");
    let screen = session.text(80, 24);
    assert!(
        screen.contains("Body ✗") && screen.contains("breaks at line 3"),
        "{screen}"
    );
    for key in ["down x", "up right"] {
        session.press(key);
        assert!(session.text(80, 24).contains("mend or empty it"), "{key}");
    }
    assert!(request(&session).raw.contains("31.5"));
}

#[test]
fn what_is_saved_with_needed_fields_empty_says_which() {
    let mut session = composing("routines.create");
    session.press("ctrl-s");
    let words = "source_id, destination_id are needed and still empty";
    let screen = session.text(60, 15);
    assert!(screen.contains(words), "{screen}");
    assert!(session.model.saving.as_ref().unwrap().result().is_ok());
}
