//! Notices: when they go, and what is refused.

use std::time::Duration;

use crate::app::Msg;
use crate::ui::tests::fixture::Session;

#[test]
fn a_notice_goes_with_the_next_key_once_it_could_be_read() {
    let mut session = Session::new();
    session.press("1 x");
    let notice = |session: &mut Session| session.text(100, 30).contains("! no call is running");
    let second = Duration::from_secs(1);
    session.now = session.now.after(second);
    session.send(Msg::Woke);
    assert!(notice(&mut session), "no key was pressed");
    session.press("j");
    assert!(!notice(&mut session));
    session.press("x j");
    assert!(notice(&mut session), "nobody has read it yet");
    session.now = session.now.after(second);
    session.send(Msg::Woke);
    assert!(!notice(&mut session));
    session.press("x");
    assert!(notice(&mut session));
}

#[test]
fn nobody_is_edited_or_removed_while_somebody_new_is_chosen() {
    let mut session = Session::new();
    session.press("3 G");
    for key in ["E", "D"] {
        let msgs = session.press(key).to_vec();
        assert!(
            msgs.contains(&Msg::warning("no test user is selected")),
            "{key} {msgs:?}"
        );
    }
}
