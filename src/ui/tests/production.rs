//! Production is told from everything else on every screen: whatever is focused, zoomed or open, with colours and without.

use crate::app::{Modal, Msg, Picker};
use crate::config::{Keymap, Role, Theme};
use crate::domain::{Environment, Hosts};
use crate::ui::Screen;
use crate::ui::tests::fixture::Session;
use crate::ui::tests::sizes::sessions;

const WORD: &str = "PRODUCTION";

fn move_to_production(session: &mut Session) {
    let profile = &mut session.model.profiles.current;
    profile.environment = Environment::Production;
    profile.name = "live".into();
    profile.hosts = Hosts::of(Environment::Production);
}

/// Fails unless header and footer say it, and look like it from edge to edge.
#[track_caller]
fn assert_told(session: &mut Session, theme: &Theme, what: &str) {
    let production = theme.style(Role::Production);
    for (width, height) in [(60, 15), (80, 24), (120, 36), (200, 60)] {
        let terminal = session.draw(width, height);
        let buffer = terminal.backend().buffer();
        let text = session.text(width, height);
        for row in [0, height - 1] {
            let line = text.lines().nth(row.into()).unwrap_or_default();
            assert!(line.contains(WORD), "{what} at {width}×{height}:\n{text}");
            let cells = (0..width).map(|column| &buffer[(column, row)]);
            let looks = |cell: &ratatui::buffer::Cell| {
                let style = cell.style();
                match production.bg {
                    Some(background) => style.bg == Some(background),
                    None => style.add_modifier.contains(production.add_modifier),
                }
            };
            let columns = cells.filter(|cell| looks(cell)).count();
            let all = usize::from(width);
            let least = if row == 0 { all } else { WORD.len() };
            assert!(
                columns >= least,
                "{what}: {columns} of {width} in row {row}"
            );
        }
    }
}

#[test]
fn every_pane_and_popup_of_production_says_so() {
    for name in ["dark", "light", "plain"] {
        let theme = Theme::named(name).unwrap();
        for (index, mut session) in sessions().into_iter().enumerate() {
            session.screen = Screen::new(Keymap::built_in().unwrap(), theme.clone());
            move_to_production(&mut session);
            assert_told(&mut session, &theme, &format!("state {index}, {name}"));
        }
    }
    let theme = Theme::named("dark").unwrap();
    for keys in [
        "1", "2", "3", "4", "5", "6", "1 z", "2 z", "3 z", "5 z", "6 z", "u", "o", "p", "0", "n",
    ] {
        let mut session = Session::loaded();
        move_to_production(&mut session);
        session.press(keys);
        assert_told(&mut session, &theme, keys);
    }
}

#[test]
fn no_other_environment_looks_like_it() {
    let production = Theme::named("dark").unwrap().style(Role::Production);
    let mut session = Session::loaded();
    for modal in [None, Some(Modal::Help), Some(Modal::Picker(Picker::Users))] {
        modal
            .into_iter()
            .for_each(|modal| session.send(Msg::open(modal)));
        let terminal = session.draw(120, 36);
        let cells = &terminal.backend().buffer().content;
        assert!(cells.iter().all(|cell| Some(cell.bg) != production.bg));
        assert!(!session.text(120, 36).contains(WORD));
    }
}

#[test]
fn the_look_of_production() {
    let mut session = Session::loaded();
    move_to_production(&mut session);
    for (width, height) in [(60, 15), (80, 24), (120, 36)] {
        insta::assert_snapshot!(
            format!("production-{width}x{height}"),
            session.text(width, height)
        );
    }
    session.press("?");
    insta::assert_snapshot!("production-help-60x15", session.text(60, 15));
}
