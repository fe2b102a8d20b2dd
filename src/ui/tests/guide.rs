//! The way to keys of one's own: from the first frame to the first call, left and entered again.

use crate::app::profiles::{self, SecretSource};
use crate::app::{Desktop, Modal, Msg};
use crate::domain::{Environment, Hosts, Profile};
use crate::ui::tests::fixture::{ADA, Session};
use crate::ui::tests::snapshots::assert_screens;

/// Astra's sandbox by keys of one's own.
pub(super) fn own() -> Profile {
    Profile {
        name: "mine".into(),
        environment: Environment::Sandbox,
        client_id: "b7f3d0c2a91e4c7f8d21".into(),
        redirect_uri: "http://127.0.0.1:8765/callback".into(),
        hosts: Hosts::of(Environment::Sandbox),
        ..Profile::built_in()
    }
}

/// A session with keys of one's own that are known.
fn with_keys() -> Session {
    let mut session = Session::on(own());
    session.model.profiles.secret = SecretSource::Keyring;
    session
}

#[test]
fn the_guide_at_its_first_and_second_step() {
    let mut session = Session::new();
    session.press("0");
    assert_screens("guide-account", session);
    let mut session = Session::new();
    session.press("0 right");
    assert_screens("guide-keys", session);
}

#[test]
fn the_guide_with_keys_and_signed_in() {
    let mut session = with_keys();
    session.model.users.selected = None;
    session.press("0");
    assert_screens("guide-user", session);
    let mut session = with_keys();
    session.press("0");
    assert_screens("guide-sign-in", session);
    let mut session = with_keys();
    session.sign_in(ADA);
    session.press("0");
    assert_screens("guide-call", session);
}

#[test]
fn the_first_frame_names_the_key_of_the_guide_and_nothing_else_stands_in_the_way() {
    let mut session = Session::new();
    assert!(session.text(80, 24).contains("0 leads from there"));
    assert!(session.model.modals.stack.is_empty());
    let mut session = with_keys();
    assert!(!session.text(120, 36).contains("Keys of your own"));
}

#[test]
fn dashboard_and_redirect_uri_are_one_key_away() {
    let mut session = Session::new();
    session.press("0");
    let dashboard = "https://dashboard-sandbox.astra.finance";
    let open = Msg::Desktop(Desktop::OpenBrowser(dashboard.into()));
    assert_eq!(session.press("o"), [open]);
    session.press("enter");
    let copy = Desktop::Copy {
        text: "http://127.0.0.1:8765/callback".into(),
        what: "redirect URI",
    };
    assert_eq!(session.press("c"), [Msg::Desktop(copy)]);
}

#[test]
fn what_was_typed_is_there_again_after_leaving_the_form_and_the_guide() {
    let mut session = Session::new();
    session.press("0 right enter");
    session.press("m i n e tab tab a b c tab s e c r e t esc esc");
    assert!(session.model.modals.stack.is_empty());
    session.press("0");
    assert!(session.text(80, 24).contains("Type them into a profile"));
    session.press("enter");
    let text = session.text(80, 24);
    assert!(text.contains("mine") && text.contains("abc"), "{text}");
    assert!(
        text.contains("••••••") && !text.contains("secret s"),
        "{text}"
    );
    // The same form for somebody else's profile starts empty.
    session.press("esc esc");
    session.model.profiles.all.push(own());
    session.send(Msg::Profiles(profiles::Msg::Edit("mine".into())));
    assert!(session.text(80, 24).contains("b7f3d0c2a91e4c7f8d21"));
}

#[test]
fn a_profile_that_was_saved_does_not_come_back_as_a_new_one() {
    let mut session = Session::new();
    session.press("0 right enter m i n e tab tab a b c ctrl-s");
    // It could not be written: what was typed is not lost.
    session.press("enter");
    assert!(session.text(80, 24).contains("abc"));
    session.press("ctrl-s");
    session.send(Msg::Profiles(profiles::Msg::Saved {
        all: vec![Profile::built_in(), own()],
        name: Some("mine".into()),
    }));
    assert_eq!(session.model.profiles.current.name, "mine");
    assert_eq!(
        session.model.modals.stack,
        [Modal::Guide],
        "it goes on there"
    );
    session.send(Msg::Profiles(profiles::Msg::Add));
    assert!(!session.text(80, 24).contains("abc"));
}

#[test]
fn a_step_that_gets_done_leads_to_the_next() {
    let mut session = with_keys();
    session.press("0");
    assert!(session.text(80, 24).contains("Sign in Ada Byron"));
    session.sign_in(ADA);
    session.screen.follow(&session.model);
    assert!(session.text(80, 24).contains("List the accounts"));
    session.press("enter");
    assert!(session.model.modals.stack.is_empty());
    assert!(session.model.requests.is_busy());
}
