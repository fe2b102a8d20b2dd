//! Every size is survived, whatever is open.

use crate::app::{Confirm, Modal, Msg, Picker};
use crate::domain::Problem;
use crate::ui::tests::fixture::{ROUTINES, Session, TRANSFERS, USER};

/// A session in each state that draws something else.
pub(super) fn sessions() -> Vec<Session> {
    let modal = |modal| {
        let mut session = Session::loaded();
        session.send(Msg::open(modal));
        session
    };
    let mut failed = Session::loading();
    failed.fail(
        Problem::new("connection refused")
            .because("why")
            .hint("hint"),
    );
    let mut zoomed = Session::loaded();
    zoomed.press("4 z");
    let mut filtering = Session::listing("{ { {", TRANSFERS);
    filtering.press("s / p a");
    let tab = |keys| {
        let mut session = Session::loaded();
        session.press(keys);
        session
    };
    let composing = |endpoint: &str, keys: &str| {
        let mut session = Session::loaded();
        session.send(Msg::compose(endpoint, Vec::new()));
        if !keys.is_empty() {
            session.press(keys);
        }
        session
    };
    let problem = Problem::new("the built-in sandbox could not be started")
        .because("no port is free")
        .hint("try again");
    vec![
        Session::new(),
        Session::loading(),
        Session::loaded(),
        failed,
        zoomed,
        tab("5 ]"),
        tab("5 ] ]"),
        tab("5 ] ] ]"),
        Session::signing_in(),
        Session::listing("} }", ROUTINES),
        Session::listing("{", USER),
        filtering,
        modal(Modal::Help),
        modal(Modal::Picker(Picker::Operations)),
        modal(Modal::Picker(Picker::Users)),
        modal(Modal::Confirm(Confirm::new(
            "Send?",
            vec!["POST https://api.astra.finance/v1/routines".into()],
            "send",
            Msg::Quit,
        ))),
        composing("routines.create", ""),
        composing("routines.create", "down down down ctrl-o"),
        composing("routines.create", "f3 {"),
        composing("user_intents.create", "f4"),
        composing("accounts.list", "f3"),
        composing("user.get", ""),
        modal(Modal::Problem(problem)),
        modal(Modal::Guide),
    ]
}

#[test]
fn no_size_panics() {
    let small = (0..=16).flat_map(|width| (0..=9).map(move |height| (width, height)));
    let widths = [
        20, 30, 40, 59, 60, 79, 80, 99, 100, 119, 159, 160, 161, 200, 300,
    ];
    let heights = [1, 3, 5, 9, 12, 15, 24, 36, 60, 100];
    let large = widths
        .iter()
        .flat_map(|width| heights.map(|height| (*width, height)));
    let sizes: Vec<(u16, u16)> = small.chain(large).collect();
    for mut session in sessions() {
        for (width, height) in &sizes {
            session.draw(*width, *height);
        }
    }
}

#[test]
fn keys_between_sizes_do_not_panic_either() {
    for mut session in sessions() {
        for (width, height) in [(80, 24), (0, 0), (1, 1), (7, 3), (60, 15), (300, 100)] {
            session.draw(width, height);
            session.press("G pagedown end j l up g pageup tab shift-tab");
            session.draw(width, height);
        }
    }
}
