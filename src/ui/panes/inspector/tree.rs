//! A JSON body with a cursor. The row under the cursor is shown whole, however long it is.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::{Action, Role};
use crate::document::Document;
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::folds::{Folds, Part, Row};
use crate::ui::panes::inspector::json::Look;
use crate::ui::panes::users::highlight;
use crate::ui::widgets::rows;

/// Columns of the fold marker, with the blanks around it, and of the margin at the right.
const MARGINS: usize = 4;

/// No screen has more rows.
const TALLEST: usize = 1000;

/// How a JSON body is looked at.
pub(super) struct Tree {
    document: Arc<Document>,
    folds: Folds,
    /// Names of members whose values are masked.
    secrets: Vec<String>,
    cursor: Row,
    /// Rows above the cursor that are seen.
    above: usize,
    /// Rows that fitted at the last drawing.
    height: usize,
    /// The rows that were seen at the last drawing, one for each line.
    seen: Vec<Row>,
}

impl Tree {
    /// All of `document`, unfolded; `None` if there is not a single value in it.
    pub(super) fn new(document: &Arc<Document>, secrets: Vec<String>) -> Option<Self> {
        let folds = Folds::default();
        let cursor = folds.first_row(document, document.root()?);
        Some(Self {
            document: document.clone(),
            folds,
            secrets,
            cursor,
            above: 0,
            height: 0,
            seen: Vec::new(),
        })
    }

    /// Moves the cursor or folds, if `action` is about that.
    pub(super) fn act(&mut self, action: Action) -> bool {
        // One row of the old page stays in sight.
        let page = isize::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1);
        match action {
            Action::MoveUp => self.above = self.above.saturating_sub(self.step(-1)),
            Action::MoveDown => self.above = self.above.saturating_add(self.step(1)),
            Action::PageUp => drop(self.step(-page)),
            Action::PageDown => drop(self.step(page)),
            Action::MoveFirst | Action::MoveLast => self.go_to_end(action == Action::MoveLast),
            Action::Open | Action::ToggleFold => self.toggle(),
            Action::MoveLeft if self.cursor.part == Part::Open => self.toggle(),
            Action::MoveLeft => self.go_out(),
            Action::MoveRight if self.folds.is_folded(&self.document, self.cursor.node) => {
                self.toggle();
            }
            Action::MoveRight => {}
            Action::FoldAll => {
                self.folds.fold_all();
                self.go_to_end(false);
            }
            Action::UnfoldAll => {
                self.folds.unfold_all();
                self.cursor = self.folds.first_row(&self.document, self.cursor.node);
            }
            _ => return false,
        }
        true
    }

    /// Scrolls: the cursor moves along.
    pub(super) fn wheel(&mut self, rows: isize) {
        self.step(rows);
    }

    /// Moves the cursor to the line that is seen as number `line`.
    pub(super) fn click(&mut self, line: usize) {
        if let Some(row) = self.seen.get(line).copied() {
            let place = self.seen.iter().position(|seen| *seen == row);
            (self.cursor, self.above) = (row, place.unwrap_or(line));
        }
    }

    /// Moves the cursor by `rows` and answers with how many it were.
    fn step(&mut self, rows: isize) -> usize {
        for moved in 0..rows.unsigned_abs() {
            let next = match rows > 0 {
                true => self.folds.next(&self.document, self.cursor),
                false => self.folds.previous(&self.document, self.cursor),
            };
            match next {
                Some(next) => self.cursor = next,
                None => return moved,
            }
        }
        rows.unsigned_abs()
    }

    fn go_to_end(&mut self, is_last: bool) {
        let Some(root) = self.document.root() else {
            return;
        };
        (self.cursor, self.above) = match is_last {
            true => (self.folds.last_row(&self.document, root), usize::MAX),
            false => (self.folds.first_row(&self.document, root), 0),
        };
    }

    /// Folds or unfolds the container under the cursor, or, from its closing bracket, the one that ends there.
    fn toggle(&mut self) {
        let node = self.cursor.node;
        if self.document.first_child(node).is_none() {
            return;
        }
        if self.cursor.part == Part::Close {
            self.go_out();
        }
        self.folds.toggle(node);
        self.cursor = self.folds.first_row(&self.document, node);
    }

    /// Moves the cursor to the container around it.
    fn go_out(&mut self) {
        let target = match self.cursor.part {
            Part::Close => Some(self.cursor.node),
            _ => self.document.parent(self.cursor.node),
        };
        if let Some(node) = target {
            self.go_to(Row {
                node,
                part: Part::Open,
            });
        }
    }

    /// Moves the cursor up to `target` without scrolling, if it is in sight.
    fn go_to(&mut self, target: Row) {
        let above = self.above.min(TALLEST);
        let steps = self.rows_up().take(above + 1).position(|row| row == target);
        self.above = steps.map_or(0, |steps| above - steps);
        self.cursor = target;
    }

    /// The row under the cursor and those above it.
    fn rows_up(&self) -> impl Iterator<Item = Row> + '_ {
        std::iter::successors(Some(self.cursor), |row| {
            self.folds.previous(&self.document, *row)
        })
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.height = area.height.into();
        let look = Look {
            document: &self.document,
            secrets: &self.secrets,
            columns: usize::from(area.width).saturating_sub(MARGINS),
        };
        let whole = look.lines(self.cursor, (self.height * 2 / 3).max(1), cx);
        // The cursor and all lines of its row are in sight.
        let most = self.height.saturating_sub(whole.len());
        let top = self
            .rows_up()
            .take(self.above.min(most) + 1)
            .enumerate()
            .last();
        let Some((above, top)) = top else {
            return; // the cursor itself is always there
        };
        let mut lines = Vec::with_capacity(self.height);
        self.seen.clear();
        let mut next = Some(top);
        while let Some(row) = next.filter(|_| lines.len() < self.height) {
            let is_cursor = row == self.cursor;
            let pieces = if is_cursor {
                whole.clone()
            } else {
                look.lines(row, 1, cx)
            };
            for (index, piece) in pieces.into_iter().enumerate() {
                let marker = if index == 0 { self.marker(row) } else { "   " };
                let spans = std::iter::once(cx.span(Role::Muted, marker)).chain(piece.spans);
                lines.push(highlight(
                    Line::from(spans.collect::<Vec<Span<'_>>>()),
                    is_cursor,
                    cx,
                ));
                self.seen.push(row);
            }
            next = self.folds.next(&self.document, row);
        }
        if next.is_none() {
            lines.extend(look.rest(self.height - lines.len().min(self.height), cx));
        }
        self.above = above;
        rows::draw(frame, area, lines);
    }

    fn marker(&self, row: Row) -> &'static str {
        match row.part {
            Part::Open => " ▾ ",
            Part::Whole if self.document.first_child(row.node).is_some() => " ▸ ",
            _ => "   ",
        }
    }
}
