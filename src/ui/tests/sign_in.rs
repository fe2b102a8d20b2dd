//! Signing in as it is seen: the prompt with its keys, and what a refusal advises.

use crate::app::profiles::SecretSource;
use crate::app::{Msg, auth};
use crate::domain::{Body, Draft, Environment, Hosts, Profile, Secret};
use crate::ui::tests::fixture::Session;

/// A session on Astra's sandbox.
fn at_astra() -> Session {
    Session::on(Profile {
        environment: Environment::Sandbox,
        hosts: Hosts::of(Environment::Sandbox),
        client_id: "app".into(),
        ..Profile::built_in()
    })
}

/// The prompt of a sign-in there.
fn asked_at_astra() -> Session {
    let mut session = at_astra();
    session.model.profiles.secret = SecretSource::File;
    session.asked()
}

#[test]
fn the_page_of_astra_is_opened_by_enter_too_and_its_url_copied_by_y_too() {
    let text = asked_at_astra().text(80, 24);
    for words in ["Enter  Open in the browser", "c      Copy the URL"] {
        assert!(text.contains(words), "{text}");
    }
    for (key, msg) in [
        ("enter", auth::Msg::OpenBrowser),
        ("o", auth::Msg::OpenBrowser),
        ("c", auth::Msg::CopyUrl),
        ("y", auth::Msg::CopyUrl),
    ] {
        assert_eq!(asked_at_astra().press(key), [Msg::Auth(msg)], "{key}");
    }
}

#[test]
fn a_refused_code_or_renewal_advises_to_sign_in() {
    let advice = |form: &'static str| {
        let mut session = Session::new();
        let mut draft = Draft::new("oauth.token");
        draft.body = Some(Body::from(form));
        session.send(Msg::send(draft));
        session.answer(422, r#"{"code":422,"description":"no"}"#);
        session.text(200, 60)
    };
    for (form, words) in [
        (
            "grant_type=authorization_code&code=x",
            "start the sign-in again: a code works once",
        ),
        (
            "grant_type=refresh_token&refresh_token=x",
            "press a to sign in again",
        ),
        ("a=b", "see the Request tab"),
    ] {
        let text = advice(form);
        assert!(text.contains(words), "{form} {text}");
    }
}

#[test]
fn a_small_prompt_keeps_what_is_copied_pasted_and_pressed() {
    for (width, height) in [(60, 15), (40, 10)] {
        let mut session = asked_at_astra();
        let text = session.text(width, height);
        for words in [
            "https://app-sandbox.astra.finance/",
            "paste here",
            "Enter  Open",
            "c      Copy",
            "w      What",
        ] {
            assert!(text.contains(words), "{words} {text}");
        }
    }
    let mut session = asked_at_astra();
    session.send(Msg::Auth(auth::Msg::Pasted(Secret::new("+1"))));
    let text = session.text(60, 15);
    assert!(text.contains("neither a redirect URL nor a code"), "{text}");
}

#[test]
fn a_small_first_frame_tells_where_the_secret_is_entered() {
    let mut session = at_astra();
    session.press("1");
    let text = session.text(60, 15);
    let words = "5 Inspector ── press 1, then c to enter the secret ─";
    assert!(text.contains(words), "{text}");
}

#[test]
fn a_small_first_frame_tells_the_step_to_take() {
    let text = Session::new().text(60, 15);
    assert!(
        text.contains("5 Inspector ── press a to sign Ada Byron in"),
        "{text}"
    );
}

#[test]
fn vouching_on_production_names_whom_and_to_whom() {
    let mut session = at_astra();
    let profile = &mut session.model.profiles.current;
    profile.name = "live".into();
    profile.environment = Environment::Production;
    profile.hosts = Hosts::of(Environment::Production);
    profile.trusted_provider = Some("example".into());
    session.model.profiles.secret = SecretSource::File;
    let person = &mut session.model.users.all[0];
    person.id = "u1".into();
    person.customer_id = "customer-17".into();
    let mut session = session.asked();
    session.send(Msg::Auth(auth::Msg::Vouch));
    insta::assert_snapshot!("vouching-on-production-80x24", session.text(80, 24));
    insta::assert_snapshot!("vouching-on-production-60x15", session.text(60, 15));
}
