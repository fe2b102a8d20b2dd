//! A JSON body as foldable rows with a cursor. The row under the cursor is shown whole, however long it is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::{Action, Role};
use crate::document::{Document, Row, RowKind, Rows};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::json::Look;
use crate::ui::panes::users::highlight;
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::{measure, rows};

/// Columns of the fold marker, with the blanks around it.
const MARKER: usize = 3;
/// Rows are numbered from this width on.
const NUMBERED: u16 = 72;

/// How a JSON body is looked at.
pub(super) struct Tree {
    rows: Rows,
    /// Names of members whose values are masked.
    secrets: Vec<String>,
    /// The row that has the cursor.
    cursor: usize,
    scroll: Scroll,
    /// The row of each line at the last drawing.
    seen: Vec<usize>,
}

impl Tree {
    /// All of `document`, unfolded; `None` if there is not a single value in it.
    pub(super) fn new(document: &Document, secrets: Vec<String>) -> Option<Self> {
        document.root()?;
        Some(Self {
            rows: Rows::new(document),
            secrets,
            cursor: 0,
            scroll: Scroll::default(),
            seen: Vec::new(),
        })
    }

    /// Moves the cursor or folds, if `action` is about that.
    pub(super) fn act(&mut self, action: Action) -> bool {
        let Some(row) = self.rows.row(self.cursor) else {
            return false;
        };
        if let Some(cursor) = scroll::step(action, self.cursor, self.last(), self.scroll.page()) {
            self.cursor = cursor;
            return true;
        }
        match action {
            Action::Open | Action::ToggleFold => self.toggle(row),
            Action::MoveLeft if row.kind == RowKind::Open && !row.folded => self.toggle(row),
            Action::MoveLeft => self.go_out(row),
            Action::MoveRight if row.folded => self.toggle(row),
            Action::MoveRight => {}
            Action::FoldAll => {
                self.rows.fold_all();
                // The outermost stays open: one bracket tells nothing.
                let root = self.rows.document().root();
                root.map(|root| self.rows.set_folded(root, false));
                self.cursor = self.rows.row_of(row.node);
            }
            Action::UnfoldAll => {
                self.rows.unfold_all();
                self.cursor = self.rows.row_of(row.node);
            }
            _ => return false,
        }
        true
    }

    /// Scrolls: the cursor moves along.
    pub(super) fn wheel(&mut self, rows: isize) {
        self.scroll.by(rows);
        self.cursor = self.cursor.saturating_add_signed(rows).min(self.last());
    }

    /// Moves the cursor to the line that is seen as number `line`.
    pub(super) fn click(&mut self, line: usize) {
        if let Some(row) = self.seen.get(line) {
            self.cursor = *row;
        }
    }

    fn last(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    /// Folds or unfolds the container under the cursor, or, from its closing bracket, the one that ends there.
    fn toggle(&mut self, row: Row) {
        self.rows.toggle(row.node);
        self.cursor = self.rows.row_of(row.node);
    }

    /// Moves the cursor to the container around it.
    fn go_out(&mut self, row: Row) {
        let target = match row.kind {
            RowKind::Close => Some(row.node),
            _ => self.rows.document().parent(row.node),
        };
        if let Some(node) = target {
            self.cursor = self.rows.row_of(node);
        }
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let (total, height) = (self.rows.len(), usize::from(area.height));
        let numbers = match area.width >= NUMBERED {
            true => total.to_string().len(),
            false => 0,
        };
        let look = Look {
            document: self.rows.document(),
            secrets: &self.secrets,
            columns: usize::from(area.width).saturating_sub(MARKER + numbers + 2),
        };
        let most = (height * 2 / 3).max(1);
        let cursor = self.rows.row(self.cursor);
        let whole = cursor
            .map(|row| look.lines(row, most, cx))
            .unwrap_or_default();
        // The cursor and all lines of its row are in sight.
        let room = rows::count(height.saturating_sub(whole.len().saturating_sub(1)));
        let first = self.scroll.show(self.cursor, total, room.max(1));
        let mut lines = Vec::with_capacity(height);
        self.seen.clear();
        for number in first..total {
            let Some(row) = self.rows.row(number).filter(|_| lines.len() < height) else {
                break;
            };
            let is_cursor = number == self.cursor;
            let pieces = if is_cursor {
                whole.clone()
            } else {
                look.lines(row, 1, cx)
            };
            for (index, piece) in pieces.into_iter().enumerate() {
                let mut spans = gutter(row, (index == 0).then_some(number), numbers, cx);
                spans.extend(piece.spans);
                lines.push(highlight(Line::from(spans), is_cursor, cx));
                self.seen.push(number);
            }
        }
        lines.extend(look.rest(height.saturating_sub(lines.len()), cx));
        rows::draw(frame, area, lines);
    }
}

/// In front of a row: its number, where there is room for `columns` of them, and whether it is folded.
fn gutter(row: Row, number: Option<usize>, columns: usize, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let marker = match (row.kind, row.folded, number) {
        (RowKind::Open, false, Some(_)) => " ▾ ",
        (RowKind::Open, true, Some(_)) => " ▸ ",
        _ => "   ",
    };
    let number = number.map_or_else(String::new, |number| (number + 1).to_string());
    match columns {
        0 => vec![cx.span(Role::Muted, marker)],
        _ => vec![
            cx.span(Role::Muted, measure::pad_left(&number, columns + 1)),
            cx.span(Role::Muted, marker),
        ],
    }
}
