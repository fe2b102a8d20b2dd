//! A menu: ways to go on, each by its letter, or by moving to it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::{Menu, Modal, Msg};
use crate::config::{Action, Role};
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::line::marker;
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::{measure, rows};

/// Tables of the keymap that apply.
const CONTEXTS: [&str; 2] = ["export", "always"];
/// Columns of a key, with the blanks behind it.
const KEY: usize = 3;
/// Columns in which a choice is read with ease.
const WIDEST: usize = 64;

/// How a menu is looked at.
#[derive(Default)]
pub(super) struct Choosing {
    row: usize,
    scroll: Scroll,
}

impl Popup for Choosing {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &CONTEXTS
    }

    fn hints(&self, _open: Open<'_>) -> Vec<Hint> {
        vec![(Action::Confirm, Some("take")), (Action::MoveDown, None)]
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        let Modal::Menu(Menu { choices, .. }) = open.modal else {
            return Vec::new();
        };
        let last = choices.len().saturating_sub(1);
        if let Some(row) = scroll::step(action, self.row, last, choices.len()) {
            self.row = row;
            return Vec::new();
        }
        let chosen = match action {
            Action::Confirm => choices.get(self.row),
            action => choices.iter().find(|choice| choice.action == action),
        };
        chosen.map_or_else(Vec::new, |choice| vec![close(), choice.msg.clone()])
    }

    fn wheel(&mut self, rows: isize) {
        self.row = self.row.saturating_add_signed(rows.signum());
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, modal: &Modal, cx: &Cx<'_>) {
        let Modal::Menu(Menu { title, choices }) = modal else {
            return;
        };
        self.row = self.row.min(choices.len().saturating_sub(1));
        let room = usize::from(area.width.saturating_sub(EDGE.0));
        let labels = choices.iter().map(|choice| measure::width(&choice.label));
        let widest = labels.max().unwrap_or(0) + KEY + 2;
        let columns = rows::count(widest.min(WIDEST).min(room));
        let room = frame::open(screen, area, title, columns, rows::count(choices.len()), cx);
        let first = self
            .scroll
            .show(self.row, choices.len(), room.height.max(1));
        let line = |(index, choice): (usize, &crate::app::Choice)| {
            let is_chosen = index == self.row;
            let key = cx.keymap.keys(&CONTEXTS, choice.action);
            let key = key.unwrap_or_default();
            let key = key.split(' ').next().unwrap_or_default();
            let room = usize::from(room.width).saturating_sub(KEY + 2);
            let role = if is_chosen { Role::Strong } else { Role::Text };
            Line::from(vec![
                marker(is_chosen, cx),
                cx.span(Role::Key, measure::pad(key, KEY)),
                cx.span(role, measure::fit(&choice.label, room)),
            ])
        };
        let lines = choices.iter().enumerate().skip(first).map(line);
        rows::draw(screen, room, lines.take(room.height.into()));
        let hidden = choices
            .len()
            .saturating_sub(first + usize::from(room.height));
        frame::tell_more(screen, room, (first, hidden), cx);
    }
}
