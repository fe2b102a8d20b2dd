//! Pictures of the screen in its states, at the sizes that people have.

use crate::app::{Modal, Msg};
use crate::domain::{Environment, Hosts, Problem, Profile};
use crate::ui::tests::fixture::{ADA, Session};

pub(super) const SIZES: [(u16, u16); 4] = [(60, 15), (80, 24), (120, 36), (200, 60)];

/// Compares what `session` shows at all sizes.
pub(super) fn assert_screens(name: &str, mut session: Session) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(
            format!("{name}-{width}x{height}"),
            session.text(width, height)
        );
    }
}

#[test]
fn first_start() {
    assert_screens("start", Session::new());
}

#[test]
fn accounts_are_loading() {
    assert_screens("loading", Session::loading());
}

#[test]
fn accounts_with_inspector() {
    assert_screens("accounts", Session::loaded());
}

#[test]
fn a_refused_connection() {
    let mut session = Session::loading();
    let problem = Problem::new("connection refused")
        .because("nothing listens on 127.0.0.1:43121")
        .hint("check the API host of the profile, or start the server");
    session.fail(problem);
    session.press("5");
    assert_screens("refused", session);
}

#[test]
fn an_answer_with_an_error() {
    let mut session = Session::loading();
    session.model.auth.states.clear();
    session.answer(401, r#"{"code": 401, "name": "Unauthorized", "description": "The access token is invalid or has expired."}"#);
    session.press("5");
    assert_screens("unauthorized", session);
}

#[test]
fn a_sign_in_that_failed() {
    let mut session = Session::new();
    let problem = Problem::new("authorization was refused by the person")
        .because("access_denied: they said no")
        .hint("start again and choose Authorize on the last page");
    session
        .model
        .auth
        .states
        .insert(ADA, crate::app::auth::SignIn::Failed(problem));
    session.press("2");
    assert_screens("failed", session);
}

#[test]
fn the_prompt_of_a_sign_in() {
    assert_screens("sign-in", Session::signing_in());
}

#[test]
fn what_the_page_is_told_is_a_form_over_the_prompt() {
    let mut session = Session::signing_in();
    session.press("w tab space");
    assert_screens("sign-in-told", session);
}

#[test]
fn help_is_made_from_the_keymap() {
    let mut session = Session::new();
    session.send(Msg::open(Modal::Help));
    assert_screens("help", session);
}

#[test]
fn a_profile_without_its_secret() {
    let profile = Profile {
        name: "astra".into(),
        environment: Environment::Production,
        client_id: "b7f3d0c2a91e4c7f8d21".into(),
        redirect_uri: "http://127.0.0.1:8765/callback".into(),
        hosts: Hosts::of(Environment::Production),
        ..Profile::built_in()
    };
    let mut session = Session::on(profile);
    session.press("1");
    assert_screens("credentials", session);
}

#[test]
fn the_other_tabs_of_the_inspector() {
    let mut session = Session::loaded();
    session.press("5");
    for tab in ["request", "headers", "timing"] {
        session.press("]");
        insta::assert_snapshot!(format!("{tab}-80x24"), session.text(80, 24));
        insta::assert_snapshot!(format!("{tab}-120x36"), session.text(120, 36));
    }
}

#[test]
fn text_that_is_no_json() {
    let mut session = Session::loading();
    session.answer(
        502,
        "<html>\r\n<body>\x1b[2J Bad gateway \u{202e}txt\t|</body>\r\n</html>\r\n",
    );
    session.press("5");
    insta::assert_snapshot!("text-80x24", session.text(80, 24));
}
