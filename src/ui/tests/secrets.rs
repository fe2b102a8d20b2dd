//! A secret is shown by a key of its own, for ten seconds, and where it belongs.

use std::time::Duration;

use crate::app::Msg;
use crate::app::profiles::SecretSource;
use crate::app::reveal::{self, Whose};
use crate::domain::{Problem, Secret, SecretStore};
use crate::ui::tests::fixture::{ADA, Session};
use crate::ui::tests::guide::own;

fn shown(session: &mut Session) -> bool {
    [(60, 15), (120, 36)]
        .iter()
        .all(|(width, height)| session.text(*width, *height).contains("hunter2"))
}

fn read(session: &mut Session, whose: Whose) {
    session.send(Msg::Reveal(reveal::Msg::Read(
        whose,
        Secret::new("hunter2"),
    )));
}

/// The other ten seconds pass.
fn wait(session: &mut Session) {
    session.now = session.now.after(Duration::from_secs(10));
    session.send(Msg::Woke);
}

#[test]
fn the_client_secret_is_shown_in_credentials_and_hides_itself() {
    let mut session = Session::on(own());
    session.model.profiles.secret = SecretSource::Keyring;
    let toggle = |whose| Msg::Reveal(reveal::Msg::Toggle(whose));
    assert_eq!(session.press("1 v"), [toggle(Whose::Client)]);
    assert!(!shown(&mut session));
    read(&mut session, Whose::Client);
    assert!(shown(&mut session));
    wait(&mut session);
    assert!(!shown(&mut session));
    assert!(session.text(120, 36).contains("••••••••"));
}

#[test]
fn the_access_token_is_shown_in_authorization_and_nowhere_for_somebody_else() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let toggle = Msg::Reveal(reveal::Msg::Toggle(Whose::User(ADA)));
    assert_eq!(session.press("2 v"), [toggle]);
    read(&mut session, Whose::User(ADA));
    assert!(shown(&mut session));
    session.press("3 j 2");
    assert!(!shown(&mut session));
    session.press("3 k 2");
    assert!(!shown(&mut session), "nor when one comes back");
    read(&mut session, Whose::User(ADA));
    session.press("s y");
    assert!(!shown(&mut session), "nor after signing out");
}

#[test]
fn what_is_typed_is_shown_in_the_form_until_it_is_closed() {
    let mut session = Session::new();
    session.press("p ctrl-a m i n e tab tab tab h u n t e r 2");
    assert!(!shown(&mut session));
    session.press("ctrl-r");
    assert!(shown(&mut session));
    session.press("tab");
    assert!(shown(&mut session), "in its row as well");
    session.press("ctrl-r");
    assert!(!shown(&mut session));
    session.press("ctrl-r esc p ctrl-a");
    assert!(!shown(&mut session), "closing hides it at once");
}

#[test]
fn a_field_in_which_nobody_has_typed_yet_is_not_wrong() {
    let mut session = Session::new();
    session.press("p ctrl-a");
    let text = session.text(80, 24);
    assert!(
        !text.contains('✗') && !text.contains("this is needed"),
        "{text}"
    );
    session.press("a backspace");
    let text = session.text(80, 24);
    assert!(
        text.contains("✗ name") && text.contains("this is needed"),
        "{text}"
    );
    let mut session = Session::new();
    session.press("p ctrl-a tab");
    let text = session.text(80, 24);
    assert!(text.contains("✗ name"), "it was left: {text}");
}

#[test]
fn why_secrets_are_in_a_file_is_told_in_the_words_of_a_person() {
    let mut session = Session::new();
    let none = Problem::new("there is no keyring here").because("DBUS_SESSION_BUS_ADDRESS is bad");
    session.model.profiles.store = SecretStore::File;
    session.model.profiles.store_problem = Some(none.clone());
    session.press("1");
    let text = session.text(200, 60);
    assert!(!text.contains("DBUS"), "{text}");
    session.model.profiles.store_problem = Some(none.hint("start one"));
    let text = session.text(200, 60);
    assert!(
        text.contains("DBUS") && text.contains("start one"),
        "{text}"
    );
}
