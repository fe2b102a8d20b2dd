//! An array of objects as a table: a column for each name, numbers at the right, sorted by the column that is chosen.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::sorting::{self, Sort};
use crate::app::{Model, Msg};
use crate::config::{Action, Role};
use crate::document::{Advance, Document, NodeId, NodeKind, Sorting};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::cells::{Column, columns, share, shown, widen};
use crate::ui::panes::inspector::spell::Lit;
use crate::ui::panes::users::highlight;
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Blanks between columns.
const GAP: usize = 2;
/// Columns for telling how many more there are: `› 99 more`.
const MORE: usize = 9;
/// So many items are sorted between two keys; more of them by a job.
const SORTED_IN_PLACE: usize = 10_000;
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
    /// What it is sorted by.
    sorted: Option<Sorting>,
    /// Items in that order; those that have come since stand behind them.
    order: Arc<Vec<NodeId>>,
    /// The order that is being found.
    awaited: Option<Sorting>,
    /// The order that has to be found anew, since more has come.
    outdated: Option<Sorting>,
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
            order: Arc::default(),
            awaited: None,
            outdated: None,
        };
        table.reveal(node.unwrap_or(array));
        Some(table)
    }

    /// More of the same text has come; what is sorted is so again after the next look at the model.
    pub(super) fn go_on_with(&mut self, document: &Arc<Document>) {
        let (node, items) = (self.node(), self.len());
        self.document = Arc::clone(document);
        self.columns = columns(document, self.array);
        self.column = self.column.min(self.columns.len().saturating_sub(1));
        if let Some(sorting) = self.awaited.take() {
            self.outdated = Some(sorting); // it was asked for of less
        } else if self.len() > items && self.outdated.is_none() {
            self.outdated = self.sorted.clone();
        }
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
        let sorted = self.order.get(row).copied();
        sorted.or_else(|| self.document.item(self.array, row))
    }

    /// Sorts by the chosen column, then the other way round, then not at all; answers with what has to be done for it.
    pub(super) fn sort(&mut self) -> Vec<Msg> {
        let Some(name) = self.columns.get(self.column).map(|it| it.name.clone()) else {
            return Vec::new();
        };
        let sorted = self.sorted.as_ref().filter(|sorted| sorted.name == name);
        let is_falling = match sorted.map(|sorted| sorted.is_falling) {
            None => Some(false),
            Some(false) => Some(true),
            Some(true) => None,
        };
        let mut msgs = self.stop_sorting();
        match is_falling {
            Some(is_falling) => msgs.extend(self.sort_by(Sorting {
                array: self.array,
                name,
                is_falling,
            })),
            None => self.take(None, Arc::default()),
        }
        msgs
    }

    /// Sorts at once where that takes no time; answers with what has to be done where it does.
    fn sort_by(&mut self, sorting: Sorting) -> Option<Msg> {
        if self.len() <= SORTED_IN_PLACE {
            let order = sorting.carry_out(&self.document, &Advance::default());
            self.take(Some(sorting), Arc::new(order.unwrap_or_default()));
            return None;
        }
        self.awaited = Some(sorting.clone());
        let document = Arc::clone(&self.document);
        Some(Msg::Sorting(sorting::Msg::Start { document, sorting }))
    }

    /// Whether a job still sorts it.
    pub(super) fn is_being_sorted(&self) -> bool {
        self.awaited.is_some()
    }

    /// Leaves the order as it is; answers with what has to be done for it.
    pub(super) fn stop_sorting(&mut self) -> Vec<Msg> {
        self.outdated = None;
        if self.order.len() < self.len() {
            self.sorted = None; // what stands behind is not
        }
        let awaited = self.awaited.take();
        let stop = awaited.map(|_| Msg::Sorting(sorting::Msg::Stop));
        stop.into_iter().collect()
    }

    /// Takes over the order that a job has found; answers with what has to be done where more has come.
    pub(super) fn follow(&mut self, model: &Model) -> Option<Msg> {
        if let Some(sorting) = self.outdated.take() {
            return self.sort_by(sorting);
        }
        let order = self.running(model).and_then(|sort| sort.order.clone())?;
        let sorting = self.awaited.take()?;
        self.take(Some(sorting), order);
        None
    }

    /// The sort that it waits for.
    fn running<'a>(&self, model: &'a Model) -> Option<&'a Sort> {
        let sorting = self.awaited.as_ref()?;
        let sort = model.sort.as_ref()?;
        sort.is(&self.document, sorting).then_some(sort)
    }

    /// Shows the items in another order; the same one stays chosen.
    fn take(&mut self, sorted: Option<Sorting>, order: Arc<Vec<NodeId>>) {
        let item = self.item(self.row);
        (self.sorted, self.order) = (sorted, order);
        if let Some(item) = item {
            self.reveal(item);
        }
    }

    /// What a job that sorts has come to.
    fn progress(&self, cx: &Cx<'_>) -> Option<Line<'static>> {
        let sort = self.running(cx.model)?;
        let percent = sort.done.saturating_mul(100) / self.len().max(1);
        let name = visible(&sort.sorting.name).into_owned();
        let key = cx.key("inspector", Action::Close);
        Some(Line::from(vec![
            cx.span(Role::Accent, format!("   {}", cx.spinner())),
            cx.span(Role::Text, format!(" sorting by {name} · {percent} %")),
            cx.span(Role::Muted, format!(" · {key} stops")),
        ]))
    }

    pub(super) fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        lit: Option<Lit<'_>>,
        cx: &Cx<'_>,
    ) {
        let progress = self.progress(cx);
        let below = rows::count(progress.iter().len());
        rows::draw(
            frame,
            rows::below(area, area.height.saturating_sub(below)),
            progress,
        );
        let area = rows::top(area, area.height.saturating_sub(below));
        let total = self.len();
        let first = self
            .scroll
            .show(self.row, total, area.height.saturating_sub(1).max(1));
        let last = total.min(first + usize::from(area.height.saturating_sub(1)));
        let seen: Vec<NodeId> = (first..last).map_while(|row| self.item(row)).collect();
        widen(&mut self.columns, &self.document, &seen);
        let numbers = total.to_string().len();
        let room = usize::from(area.width).saturating_sub(numbers + 3);
        let room = match share(&mut self.columns, self.column, room, GAP) {
            true => room,
            false => room.saturating_sub(MORE),
        };
        self.show_column(room);
        let mut lines = vec![self.heading(numbers, room, cx)];
        for (row, item) in (first..).zip(seen) {
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
            let sorted = self.sorted.as_ref().filter(|it| it.name == column.name);
            let arrow = match sorted.map(|sorted| sorted.is_falling) {
                Some(true) => " ▼",
                Some(false) => " ▲",
                None => "",
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
