//! An array of objects as a table: a column for each name, numbers at the right, sorted by the column that is chosen.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::{Action, Role};
use crate::document::{Document, NodeId, NodeKind};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::cells::{Column, columns, key, share, shown};
use crate::ui::panes::inspector::spell::Lit;
use crate::ui::panes::users::highlight;
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Blanks between columns.
const GAP: usize = 2;
/// Columns for telling how many more there are: `› 99 more`.
const MORE: usize = 9;
/// More items are not sorted: it would take longer than a frame may.
const MOST_SORTED: usize = 200_000;
/// Members of the outermost object among which an array is looked for.
const LOOKED_THROUGH: usize = 100;

/// How an array is looked at.
pub(super) struct Table {
    document: Arc<Document>,
    array: NodeId,
    columns: Vec<Column>,
    /// Chosen row and column.
    row: usize,
    column: usize,
    /// First column that is seen.
    left: usize,
    scroll: Scroll,
    /// Column that it is sorted by, and whether the greatest comes first.
    sorted: Option<(usize, bool)>,
    /// Items in that order.
    order: Vec<NodeId>,
}

impl Table {
    /// The array around `node`, or else the first there is; `None` if there is none of objects.
    pub(super) fn around(document: &Arc<Document>, node: Option<NodeId>) -> Option<Self> {
        let is_table = |node: &NodeId| {
            let first = document.first_child(*node);
            document.kind(*node) == NodeKind::Array
                && first.is_some_and(|first| document.kind(first) == NodeKind::Object)
        };
        let root = document.root()?;
        let around = std::iter::successors(node, |node| document.parent(*node));
        let members = document.children(root).take(LOOKED_THROUGH);
        let array = around.chain([root]).chain(members).find(is_table)?;
        let mut table = Self {
            document: Arc::clone(document),
            array,
            columns: columns(document, array),
            row: 0,
            column: 0,
            left: 0,
            scroll: Scroll::default(),
            sorted: None,
            order: Vec::new(),
        };
        table.reveal(node.unwrap_or(array));
        Some(table)
    }

    /// More of the same text has come; what is sorted is sorted again when asked for.
    pub(super) fn go_on_with(&mut self, document: &Arc<Document>) {
        let node = self.node();
        self.document = Arc::clone(document);
        self.columns = columns(document, self.array);
        self.column = self.column.min(self.columns.len().saturating_sub(1));
        (self.sorted, self.order) = (None, Vec::new());
        self.reveal(node.unwrap_or(self.array));
    }

    /// The array that it shows.
    pub(super) fn array(&self) -> NodeId {
        self.array
    }

    /// The chosen cell, or its item where it has no such member.
    pub(super) fn node(&self) -> Option<NodeId> {
        let item = self.item(self.row)?;
        let column = self.columns.get(self.column);
        let cell = column.and_then(|column| self.document.get(item, &column.name));
        Some(cell.unwrap_or(item))
    }

    /// Why it cannot be sorted, and what can be done instead.
    pub(super) fn unsortable(&self) -> Option<String> {
        let name = self.columns.get(self.column).map(|column| &column.name)?;
        (self.len() > MOST_SORTED).then(|| {
            let most = MOST_SORTED / 1000;
            format!("more than {most} 000 items are sorted by a filter: f, then sort_by(.{name})")
        })
    }

    /// Chooses the cell that `node` stands in, if it stands in the array at all.
    pub(super) fn reveal(&mut self, node: NodeId) {
        let document = &self.document;
        let mut inner = None;
        let mut at = node;
        while let Some(parent) = document.parent(at).filter(|_| at != self.array) {
            if parent == self.array {
                let place = document.index_in_parent(at);
                let sorted = self.order.iter().position(|item| *item == at);
                self.row = sorted.unwrap_or(place);
                let name = inner.and_then(|inner| document.key(inner));
                let column =
                    name.and_then(|name| self.columns.iter().position(|it| it.name == name));
                self.column = column.unwrap_or(self.column);
                return;
            }
            inner = Some(at);
            at = parent;
        }
    }

    pub(super) fn act(&mut self, action: Action) -> bool {
        let last = self.len().saturating_sub(1);
        if let Some(row) = scroll::step(action, self.row, last, self.scroll.page()) {
            self.row = row;
            return true;
        }
        match action {
            Action::MoveLeft => self.column = self.column.saturating_sub(1),
            Action::MoveRight => {
                self.column = (self.column + 1).min(self.columns.len().saturating_sub(1));
            }
            Action::SortColumn => self.sort(),
            _ => return false,
        }
        true
    }

    pub(super) fn by(&mut self, rows: isize) {
        self.scroll.by(rows);
        let last = self.len().saturating_sub(1);
        self.row = self.row.saturating_add_signed(rows).min(last);
    }

    pub(super) fn click(&mut self, row: usize) {
        if let Some(row) = row.checked_sub(1) {
            self.row = (self.scroll.offset() + row).min(self.len().saturating_sub(1));
        }
    }

    fn len(&self) -> usize {
        self.document.child_count(self.array)
    }

    fn item(&self, row: usize) -> Option<NodeId> {
        match self.order.is_empty() {
            true => self.document.item(self.array, row),
            false => self.order.get(row).copied(),
        }
    }

    /// Sorts by the chosen column, then the other way round, then not at all.
    fn sort(&mut self) {
        let item = self.item(self.row);
        self.sorted = match self.sorted {
            Some((column, false)) if column == self.column => Some((column, true)),
            Some((column, true)) if column == self.column => None,
            _ => Some((self.column, false)),
        };
        self.order = Vec::new();
        let sorted = self
            .sorted
            .zip(self.sorted.and_then(|(column, _)| self.columns.get(column)));
        if let Some(((_, is_falling), column)) = sorted {
            let document = &self.document;
            let mut keyed: Vec<_> = document
                .children(self.array)
                .map(|item| (key(document, document.get(item, &column.name)), item))
                .collect();
            keyed.sort_by(|(a, _), (b, _)| a.compare(b, is_falling));
            self.order = keyed.into_iter().map(|(_, item)| item).collect();
        }
        if let Some(item) = item {
            self.reveal(item);
        }
    }

    pub(super) fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        lit: Option<Lit<'_>>,
        cx: &Cx<'_>,
    ) {
        let total = self.len();
        let first = self
            .scroll
            .show(self.row, total, area.height.saturating_sub(1).max(1));
        let numbers = total.to_string().len();
        let room = usize::from(area.width).saturating_sub(numbers + 3);
        let room = match share(&mut self.columns, room, GAP) {
            true => room,
            false => room.saturating_sub(MORE),
        };
        self.show_column(room);
        let mut lines = vec![self.heading(numbers, room, cx)];
        let last = total.min(first + usize::from(area.height.saturating_sub(1)));
        for row in first..last {
            let Some(item) = self.item(row) else {
                break;
            };
            let number = self.document.index_in_parent(item);
            let mut spans = vec![cx.span(
                Role::Muted,
                format!(" {} ", measure::pad_left(&number.to_string(), numbers)),
            )];
            for (index, column) in self.seen(room) {
                let is_chosen = row == self.row && index == self.column;
                spans.extend(self.cell(item, column, is_chosen, lit, cx));
            }
            lines.push(highlight(Line::from(spans), row == self.row, cx));
        }
        rows::draw(frame, area, lines);
    }

    /// Scrolls sideways until the chosen column is in sight.
    fn show_column(&mut self, room: usize) {
        self.left = self.left.min(self.column);
        while self.left < self.column && !self.seen(room).any(|(index, _)| index == self.column) {
            self.left += 1;
        }
    }

    /// Columns that fit, with the one that is cut at the right.
    fn seen(&self, room: usize) -> impl Iterator<Item = (usize, &Column)> {
        let mut used = 0;
        let columns = self.columns.iter().enumerate().skip(self.left);
        let left = self.left;
        columns.take_while(move |(index, column)| {
            used += column.width + GAP;
            used <= room || *index == left
        })
    }

    fn heading(&self, numbers: usize, room: usize, cx: &Cx<'_>) -> Line<'static> {
        let more = if self.left > 0 { "‹" } else { " " };
        let mut spans = vec![cx.span(Role::Muted, format!("{}{more} ", " ".repeat(numbers)))];
        for (index, column) in self.seen(room) {
            let arrow = match self.sorted {
                Some((sorted, is_falling)) if sorted == index => {
                    if is_falling {
                        " ▼"
                    } else {
                        " ▲"
                    }
                }
                _ => "",
            };
            let role = if index == self.column {
                Role::Accent
            } else {
                Role::Strong
            };
            let room = column.width.saturating_sub(measure::width(arrow));
            let name = visible(&column.name);
            let name = format!("{}{arrow}", measure::fit(&name, room));
            let name = match column.is_number {
                true => measure::pad_left(&name, column.width),
                false => measure::pad(&name, column.width),
            };
            spans.push(cx.span(role, format!("{name}{}", " ".repeat(GAP))));
        }
        let hidden = self.columns.len() - self.seen(room).count() - self.left;
        if hidden > 0 {
            spans.push(cx.span(Role::Muted, format!("› {hidden} more")));
        }
        Line::from(spans)
    }

    fn cell(
        &self,
        item: NodeId,
        column: &Column,
        is_chosen: bool,
        lit: Option<Lit<'_>>,
        cx: &Cx<'_>,
    ) -> Vec<Span<'static>> {
        let node = self.document.get(item, &column.name);
        let mut cell = node.map_or_else(Vec::new, |node| {
            shown(&self.document, node, column.width, lit, cx)
        });
        let blanks = " ".repeat(column.width.saturating_sub(rows::width(&cell)));
        match column.is_number {
            true => cell.insert(0, Span::raw(blanks)),
            false => cell.push(Span::raw(blanks)),
        }
        if is_chosen && cx.is_focused {
            for span in &mut cell {
                span.style = span.style.patch(cx.style(Role::Field)).underlined();
            }
        }
        cell.push(Span::raw(" ".repeat(GAP)));
        cell
    }
}
