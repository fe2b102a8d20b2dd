//! A saved request that cannot be read, among others; and that is mended in another window.

use crossterm::event::Event;

use crate::app::{Msg, saved as files};
use crate::ui::tests::fixture::Session;
use crate::ui::tests::requests::saved;

fn on_the_broken_one() -> Session {
    let mut session = saved();
    session.press("j");
    session
}

fn last(session: &mut Session) -> String {
    let text = session.text(80, 24);
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_footer_offers_what_works_on_it() {
    let mut session = on_the_broken_one();
    let footer = last(&mut session);
    for works in ["read", "delete", "search"] {
        assert!(footer.contains(works), "{works}: {footer}");
    }
    for fails in ["send", "compare", "compose", "mark", "users"] {
        assert!(!footer.contains(fails), "{fails}: {footer}");
    }
    session.press("k space");
    assert!(last(&mut session).contains("send marked"));
}

#[test]
fn a_mark_does_not_hide_that_it_is_broken() {
    let mut session = on_the_broken_one();
    session.press("space");
    let text = session.text(120, 36);
    assert!(text.contains("  ●✗ cards/broken"), "{text}");
    let mut session = saved();
    session.press("space");
    assert!(session.text(120, 36).contains("● accounts"));
}

#[test]
fn files_are_read_again_when_the_person_comes_back() {
    let mut session = saved();
    let back = |session: &mut Session| session.screen.input(&Event::FocusGained, &session.model);
    session.model.saved.is_loaded = false;
    assert_eq!(back(&mut session), [], "nobody has looked at them yet");
    session.model.saved.is_loaded = true;
    assert_eq!(back(&mut session), [Msg::Saved(files::Msg::Reload)]);
    session.press("5 ?");
    assert_eq!(back(&mut session), [Msg::Saved(files::Msg::Reload)]);
}

#[test]
fn a_file_that_comes_above_the_cursor_does_not_move_it_to_another_request() {
    let mut session = saved();
    session.press("j j");
    let chosen = "▸   routines/create";
    assert!(session.text(120, 36).contains(chosen));
    let mut new = session.model.saved.items[0].clone();
    new.key.name = "a-new-one".into();
    session.model.saved.items.insert(0, new);
    assert!(session.text(120, 36).contains(chosen));
    session.press("k");
    assert!(session.text(120, 36).contains("▸ ✗ cards/broken"));
}
