//! What all lists have in common that are searched by typing: the query, the selected row, the line above the rows.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::{Action, Role};
use crate::ui::pane::Cx;
use crate::ui::popups::field::{Field, Look};
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::{measure, rows};

/// Tables of the keymap that apply.
pub(super) const CONTEXTS: [&str; 3] = ["picker", "text", "always"];
/// From this many rows on there is a blank row below the query.
const AIRY: u16 = 8;
/// In front of the query.
const PROMPT: &str = "❯ ";

/// A query and what is selected of its results.
#[derive(Default)]
pub(super) struct Choosing {
    query: Field,
    /// Which of the results.
    pub(super) selected: usize,
    pub(super) scroll: Scroll,
}

impl Choosing {
    pub(super) fn query(&self) -> &str {
        self.query.text()
    }

    /// Takes a key; answers with whether the query has changed.
    pub(super) fn type_in(&mut self, key: KeyEvent) -> bool {
        let has_changed = self.query.type_in(key);
        self.start_over(has_changed)
    }

    /// Takes pasted text; answers with whether the query has changed.
    pub(super) fn paste(&mut self, text: &str) -> bool {
        let has_changed = self.query.paste(text);
        self.start_over(has_changed)
    }

    /// The best result of a new query is the first.
    fn start_over(&mut self, has_changed: bool) -> bool {
        if has_changed {
            self.selected = 0;
        }
        has_changed
    }

    /// Moves between `total` results as `action` says.
    pub(super) fn act(&mut self, action: Action, total: usize) {
        let last = total.saturating_sub(1);
        let target = scroll::step(action, self.selected, last, self.scroll.page());
        self.selected = target.unwrap_or(self.selected).min(last);
    }

    /// Draws the query at the top of `room`, with `count` at its end, and answers with what is left for the rows.
    pub(super) fn draw_query(
        &mut self,
        screen: &mut Frame<'_>,
        room: Rect,
        placeholder: &str,
        count: &str,
        cx: &Cx<'_>,
    ) -> Rect {
        let line = rows::top(room, 1);
        rows::draw(screen, line, [cx.line(Role::Accent, PROMPT)]);
        let (prompt, width) = (2, rows::count(measure::width(count)));
        let field = Rect {
            x: line.x + prompt.min(line.width),
            width: line.width.saturating_sub(prompt + width + 2),
            ..line
        };
        let look = Look {
            is_active: true,
            is_masked: false,
            placeholder,
        };
        self.query.draw(screen, field, look, cx);
        if !field.is_empty() {
            let end = Rect {
                x: line.right() - width.min(line.width),
                width: width.min(line.width),
                ..line
            };
            rows::draw(screen, end, [cx.line(Role::Muted, count)]);
        }
        rows::below(room, 1 + u16::from(room.height >= AIRY))
    }
}

/// A row of a list; the selected one stands out.
pub(super) fn row(spans: Vec<Span<'static>>, is_selected: bool, cx: &Cx<'_>) -> Line<'static> {
    match is_selected {
        true => Line::from(spans).style(cx.style(Role::Selection)),
        false => Line::from(spans),
    }
}
