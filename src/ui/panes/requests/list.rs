//! A list with a chosen row and a line to search it by. Knows nothing of what the rows are.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::config::{Action, Role};
use crate::domain::history::EntryId;
use crate::ui::pane::Cx;
use crate::ui::popups::field::{Field, Look};
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::{amount, rows};

/// So many rows before the last one, the next page is asked for.
const AHEAD: usize = 60;
/// Columns in front of the search.
const SLASH: u16 = 3;

/// A list as it is looked at.
#[derive(Default)]
pub(super) struct List {
    row: usize,
    scroll: Scroll,
    field: Field,
    /// Whether letters go into the search.
    pub(super) is_typing: bool,
    /// The chosen entry of the history.
    chosen: Option<EntryId>,
    /// The entry to be chosen once everything is listed again.
    sought: Option<EntryId>,
}

impl List {
    /// The chosen row.
    pub(super) fn row(&self) -> usize {
        self.row
    }

    pub(super) fn choose(&mut self, row: usize) {
        self.row = row;
    }

    /// The entry that was chosen when it was looked at last.
    pub(super) fn chosen(&self) -> Option<EntryId> {
        self.chosen
    }

    pub(super) fn remember(&mut self, chosen: Option<EntryId>) {
        self.chosen = chosen;
    }

    /// What is searched for.
    pub(super) fn text(&self) -> &str {
        self.field.text()
    }

    /// Whether the line of the search is shown.
    pub(super) fn has_line(&self) -> bool {
        self.is_typing || !self.field.is_empty()
    }

    /// Shows everything again.
    pub(super) fn clear(&mut self) {
        self.field = Field::default();
        self.is_typing = false;
        self.row = 0;
    }

    /// Chooses `entry` once everything is listed again.
    pub(super) fn seek(&mut self, entry: EntryId) {
        self.sought = Some(entry);
    }

    /// The entry to be chosen now, once.
    pub(super) fn take_sought(&mut self) -> Option<EntryId> {
        self.sought.take()
    }

    /// Goes on with what was found.
    pub(super) fn keep(&mut self) {
        self.is_typing = false;
    }

    /// Stays within `count` rows.
    pub(super) fn fit(&mut self, count: usize) {
        self.row = self.row.min(count.saturating_sub(1));
    }

    pub(super) fn is_near_end(&self, count: usize) -> bool {
        self.row + AHEAD >= count
    }

    /// Moves as `action` says, if it is about that.
    pub(super) fn step(&mut self, action: Action, count: usize) -> bool {
        let last = count.saturating_sub(1);
        let target = scroll::step(action, self.row, last, self.scroll.page());
        if let Some(row) = target {
            (self.row, self.chosen, self.sought) = (row, None, None);
        }
        target.is_some()
    }

    pub(super) fn type_in(&mut self, key: KeyEvent) {
        if key.code == KeyCode::Backspace && self.field.is_empty() {
            self.is_typing = false; // nothing is left to take away: the line goes
        } else if self.field.type_in(key) {
            (self.row, self.sought) = (0, None);
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.row = 0;
    }

    pub(super) fn click(&mut self, row: usize, count: usize) {
        let row = row.checked_sub(usize::from(self.has_line()));
        if let Some(row) = row
            .map(|row| row + self.scroll.offset())
            .filter(|row| *row < count)
        {
            (self.row, self.chosen) = (row, None);
        }
    }

    /// The rows that are seen in `height`.
    pub(super) fn seen(&mut self, count: usize, height: u16) -> Range<usize> {
        let first = self.scroll.show(self.row, count, height);
        first..count.min(first + usize::from(height))
    }

    /// Draws the line of the search, and answers with what is left of `area`.
    pub(super) fn draw_line(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        found: usize,
        cx: &Cx<'_>,
    ) -> Rect {
        if !self.has_line() || area.height < 2 {
            return area;
        }
        let line = rows::top(area, 1);
        let role = if self.is_typing {
            Role::Key
        } else {
            Role::Muted
        };
        rows::draw(frame, line, [Line::from(cx.span(role, " / "))]);
        let count = format!(" {}", amount::grouped(found));
        let width = rows::count(count.len());
        let field = Rect {
            x: line.x + SLASH.min(line.width),
            width: line.width.saturating_sub(SLASH + width + 1),
            ..line
        };
        let look = Look {
            is_active: self.is_typing,
            placeholder: "words, a path, a status…",
            ..Look::default()
        };
        self.field.draw(frame, field, look, cx);
        let end = Rect {
            x: field.right(),
            width: width.min(line.right().saturating_sub(field.right())),
            ..line
        };
        rows::draw(frame, end, [cx.line(Role::Muted, count)]);
        rows::below(area, 1)
    }
}
