//! What a popup is: how one of the things that lie over the panes is looked at. What it is about is a fact of the model.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Modal, Model, Msg};
use crate::config::{Action, Chord};
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::widgets::scroll::Scroll;

/// Tables of the keymap that apply while a popup is read.
pub(super) const READING: [&str; 3] = ["popup", "list", "always"];

/// What a popup is about, and the facts around it.
#[derive(Clone, Copy)]
pub(super) struct Open<'a> {
    pub(super) modal: &'a Modal,
    pub(super) model: &'a Model,
}

/// One thing that lies over the panes, from its opening to its closing.
pub(super) trait Popup {
    /// Tables of the keymap that apply while it is on top.
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &READING
    }

    /// What is worth telling in the footer, besides how to close it.
    fn hints(&self, _open: Open<'_>) -> Vec<Hint> {
        vec![(Action::MoveDown, Some("scroll")), (Action::PageDown, None)]
    }

    /// Whether `chord` is text for a field, although it is bound to `action`.
    fn types(&self, _open: Open<'_>, _chord: Chord, _action: Action) -> bool {
        false
    }

    /// Takes a key that is bound to nothing.
    fn type_in(&mut self, _open: Open<'_>, _key: KeyEvent) -> Vec<Msg> {
        Vec::new()
    }

    /// Takes pasted text.
    fn paste(&mut self, _open: Open<'_>, _text: &str) -> Vec<Msg> {
        Vec::new()
    }

    /// What keys and wheel scroll, where there is something to read.
    fn scroll(&mut self) -> Option<&mut Scroll> {
        None
    }

    /// Carries out what a key asks for, other than closing. What is only read is closed by going on, and scrolls.
    fn act(&mut self, _open: Open<'_>, action: Action) -> Vec<Msg> {
        if action == Action::Confirm {
            return vec![close()];
        }
        if let Some(scroll) = self.scroll() {
            scroll.act(action);
        }
        Vec::new()
    }

    /// Takes Escape for itself, if there is something in it to be closed first.
    fn close_inside(&mut self) -> bool {
        false
    }

    /// Whether it is kept when it is closed, so that nothing typed into it is lost.
    fn is_kept(&self) -> bool {
        false
    }

    /// Whether it goes on where it was left, now that it is opened again.
    fn resumes(&self, _open: Open<'_>) -> bool {
        false
    }

    /// Scrolls by rows of the mouse wheel.
    fn wheel(&mut self, rows: isize) {
        if let Some(scroll) = self.scroll() {
            scroll.by(rows);
        }
    }

    /// Catches up with the model after it has changed.
    fn follow(&mut self, _open: Open<'_>) {}

    /// Draws it over `area`.
    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, modal: &Modal, cx: &Cx<'_>);
}
