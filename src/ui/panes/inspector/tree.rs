//! A JSON body as foldable rows with a cursor. The row under the cursor is shown whole, however long it is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::{Action, Role};
use crate::document::{Document, NodeId, NodeKind, Row, RowKind, Rows};
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
    /// The row that has the cursor.
    cursor: usize,
    scroll: Scroll,
    /// The row of each line at the last drawing.
    seen: Vec<usize>,
    /// Levels that were asked for; `None` once single containers were folded.
    level: Option<usize>,
    /// Whether long strings are shown whole everywhere.
    is_wrapped: bool,
}

impl Tree {
    /// All of `document`, unfolded; `None` if there is not a single value in it.
    pub(super) fn new(document: &Document) -> Option<Self> {
        document.root()?;
        Some(Self {
            rows: Rows::new(document),
            cursor: 0,
            scroll: Scroll::default(),
            seen: Vec::new(),
            level: None,
            is_wrapped: false,
        })
    }

    /// More of the same text has come.
    pub(super) fn go_on_with(&mut self, document: &Document) {
        let node = self.node();
        self.rows.go_on_with(document);
        self.cursor = node.map_or(0, |node| self.rows.row_of(node));
    }

    /// The value under the cursor.
    pub(super) fn node(&self) -> Option<NodeId> {
        self.rows.row(self.cursor).map(|row| row.node)
    }

    /// Moves the cursor to `node`, unfolding what hides it.
    pub(super) fn reveal(&mut self, node: NodeId) {
        self.cursor = self.rows.reveal(node);
    }

    /// The first byte of what is under the cursor.
    pub(super) fn offset(&self) -> usize {
        let document = self.rows.document();
        self.node().map_or(0, |node| {
            let name = document.name_span(node).map(|(start, _)| start);
            name.unwrap_or(document.span(node).0)
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
            Action::MoveLeft | Action::MoveOut => self.go_out(row),
            Action::MoveRight if row.folded => self.toggle(row),
            Action::MoveRight => {}
            Action::NextSibling => self.go_to(self.rows.document().next_sibling(row.node)),
            Action::PreviousSibling => self.go_to(self.rows.document().previous_sibling(row.node)),
            // The outermost stays open: one bracket tells nothing.
            Action::FoldAll => self.fold_to(1, row),
            Action::UnfoldAll => self.fold_to(usize::MAX, row),
            Action::FoldMore => {
                let level = self.level.unwrap_or(row.depth + 1);
                self.fold_to(level.saturating_sub(1).max(1), row);
            }
            Action::FoldLess => self.fold_to(self.level.unwrap_or(row.depth + 1) + 1, row),
            Action::FoldSiblings => self.fold_siblings(row),
            Action::WrapStrings => self.is_wrapped = !self.is_wrapped,
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
        self.level = None;
        self.rows.toggle(row.node);
        self.cursor = self.rows.row_of(row.node);
    }

    fn fold_to(&mut self, level: usize, row: Row) {
        self.level = (level < usize::MAX).then_some(level);
        self.rows.fold_to_level(level);
        self.cursor = self.rows.row_of(row.node);
    }

    /// Folds all containers beside the one under the cursor, or unfolds them if none is left to fold.
    fn fold_siblings(&mut self, row: Row) {
        let document = self.rows.document();
        let is_open = |node: NodeId| document.child_count(node) > 0 && !self.rows.is_folded(node);
        let has_open = match document.parent(row.node) {
            Some(parent) => document.children(parent).any(is_open),
            None => is_open(row.node),
        };
        self.level = None;
        match has_open {
            true => self.rows.fold_siblings(row.node),
            false => self.rows.unfold_siblings(row.node),
        }
        self.cursor = self.rows.row_of(row.node);
    }

    fn go_to(&mut self, node: Option<NodeId>) {
        if let Some(node) = node {
            self.cursor = self.rows.row_of(node);
        }
    }

    /// Moves the cursor to the container around it.
    fn go_out(&mut self, row: Row) {
        self.go_to(match row.kind {
            RowKind::Close => Some(row.node),
            _ => self.rows.document().parent(row.node),
        });
    }

    /// A string under the cursor that may not fit, to be shown elsewhere.
    pub(super) fn long_string(&self) -> Option<NodeId> {
        let node = self.node()?;
        let document = self.rows.document();
        let is_long = document.raw(node).len() > usize::from(NUMBERED);
        (document.kind(node) == NodeKind::String && is_long).then_some(node)
    }

    /// Draws it; `look` says what is drawn besides the rows themselves.
    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, look: Look<'_>, cx: &Cx<'_>) {
        let (total, height) = (self.rows.len(), usize::from(area.height));
        let numbers = match area.width >= NUMBERED {
            true => total.to_string().len(),
            false => 0,
        };
        let look = Look {
            columns: usize::from(area.width).saturating_sub(MARKER + numbers + 2),
            ..look
        };
        let most = (height * 2 / 3).max(1);
        let other = if self.is_wrapped { most } else { 1 };
        let pieces = |number: usize, is_cursor: bool| {
            let most = if is_cursor { most } else { other };
            let row = self.rows.row(number);
            row.map_or_else(Vec::new, |row| look.lines(row, most, cx))
        };
        // The cursor and all lines of its row are in sight.
        let whole = pieces(self.cursor, true).len();
        let unread = match self.cursor == self.last() {
            true => look.rest(height / 3, cx).len(),
            false => 0,
        };
        let room = rows::count(height.saturating_sub(whole.saturating_sub(1) + unread));
        let mut first = self.scroll.show(self.cursor, total, room.max(1));
        if self.is_wrapped {
            let before: Vec<usize> = (first..self.cursor)
                .map(|number| pieces(number, false).len())
                .collect();
            let mut used = whole + before.iter().sum::<usize>();
            for lines in before {
                if used <= height {
                    break;
                }
                used -= lines;
                first += 1;
            }
        }
        let mut lines = Vec::with_capacity(height);
        let mut seen = Vec::with_capacity(height);
        for number in first..total {
            let Some(row) = self.rows.row(number).filter(|_| lines.len() < height) else {
                break;
            };
            let is_cursor = number == self.cursor;
            for (index, piece) in pieces(number, is_cursor).into_iter().enumerate() {
                let mut spans = gutter(row, (index == 0).then_some(number), numbers, cx);
                spans.extend(piece.spans);
                lines.push(highlight(Line::from(spans), is_cursor, cx));
                seen.push(number);
            }
        }
        lines.extend(look.rest(height.saturating_sub(lines.len()), cx));
        rows::draw(frame, area, lines);
        self.seen = seen;
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
