//! Columns and cells of a table: which names items have, how wide they are, what a cell shows.

use ratatui::text::Span;

use crate::config::Role;
use crate::document::{Document, NodeId, NodeKind};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::spell::{Lit, fitting, lit_role, spans};
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::visible;

/// Items that names and widths of columns are taken from.
const SAMPLE: usize = 100;
/// A wider column leaves no room for others.
const WIDEST: usize = 36;
/// A value cut to less than this is not told from others.
const NARROWEST: usize = 10;
/// Where not all columns can be seen together anyway, values are cut to no less than this.
const READABLE: usize = 20;
/// Bytes of a cell in which matches are lit: more than any cell shows.
const LIT_BYTES: usize = 4 << 10;
/// Columns of a heading besides its name: where it is told how it is sorted.
const ARROW: usize = 2;

/// Bytes of the longest escape of one letter: `\ud83d\ude00`.
const LONGEST_ESCAPE: usize = 12;

/// One name that items have.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) width: usize,
    /// What all of its values would take.
    wish: usize,
    pub(super) is_number: bool,
}

/// Names of the first items in their order, with widths.
pub(super) fn columns(document: &Document, array: NodeId) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for item in document.children(array).take(SAMPLE) {
        for member in document.children(item) {
            let Some(name) = document.key(member) else {
                continue; // an item that is no object
            };
            let index = columns.iter().position(|column| column.name == name);
            let index = index.unwrap_or_else(|| {
                let width = heading(&name);
                columns.push(Column {
                    width,
                    wish: width,
                    name: name.into_owned(),
                    is_number: true,
                });
                columns.len() - 1
            });
            columns[index].take_in(document, member);
        }
    }
    columns
}

/// Makes room for what `items` have, which are seen: the first ones may have had less.
pub(super) fn widen(columns: &mut [Column], document: &Document, items: &[NodeId]) {
    for column in columns {
        for item in items {
            if let Some(member) = document.get(*item, &column.name) {
                column.take_in(document, member);
            }
        }
    }
}

fn heading(name: &str) -> usize {
    (measure::width(&visible(name)) + ARROW).min(WIDEST)
}

/// Makes long values give way to further columns: as little as it takes to see all of them in `room`. Tells whether all are.
/// Those of the `chosen` column do not: it is the one that is read.
pub(super) fn share(columns: &mut [Column], chosen: usize, room: usize, gap: usize) -> bool {
    let own = |index: usize, most: usize| if index == chosen { WIDEST } else { most };
    let total = |most: usize| -> usize {
        let columns = columns.iter().enumerate();
        let widths = columns.map(|(index, column)| column.within(own(index, most)) + gap);
        widths.sum()
    };
    let most = (NARROWEST..=WIDEST).rev().find(|most| total(*most) <= room);
    for (index, column) in columns.iter_mut().enumerate() {
        column.width = column.within(own(index, most.unwrap_or(READABLE)));
    }
    most.is_some()
}

impl Column {
    fn take_in(&mut self, document: &Document, member: NodeId) {
        self.wish = self.wish.max(width(document, member)).min(WIDEST);
        self.width = self.wish;
        let kind = document.kind(member);
        self.is_number &= matches!(kind, NodeKind::Number | NodeKind::Null);
    }

    /// Its width where values have no more than `most`: numbers and headings are not cut.
    fn within(&self, most: usize) -> usize {
        match self.is_number {
            true => self.wish,
            false => self.wish.min(most.max(heading(&self.name))),
        }
    }
}

/// The bytes of a value that a cell shows: strings without their quotes.
fn span(document: &Document, node: NodeId) -> (usize, usize) {
    let (start, end) = document.span(node);
    match document.kind(node) {
        NodeKind::String => (start + 1, end.saturating_sub(1).max(start + 1)),
        _ => (start, end),
    }
}

fn width(document: &Document, node: NodeId) -> usize {
    match document.child_count(node) {
        0 => {
            let (start, end) = span(document, node);
            match document.unescaped(node, WIDEST * LONGEST_ESCAPE) {
                Some(text) => measure::width(&visible(&text)).min(WIDEST),
                None => (end - start).min(WIDEST),
            }
        }
        _ => measure::width(&document.summary(node)).min(WIDEST),
    }
}

/// A value in at most `columns`, cut visibly.
pub(super) fn shown(
    document: &Document,
    node: NodeId,
    columns: usize,
    lit: Option<Lit<'_>>,
    cx: &Cx<'_>,
) -> Vec<Span<'static>> {
    let role = match document.kind(node) {
        NodeKind::String => Role::Text,
        NodeKind::Number => Role::Number,
        NodeKind::Bool | NodeKind::Null => Role::Keyword,
        NodeKind::Object | NodeKind::Array => {
            let summary = document.summary(node);
            return vec![cx.span(Role::Muted, measure::fit(&summary, columns))];
        }
    };
    let (start, end) = span(document, node);
    let bytes = document.body().as_bytes();
    let raw = bytes.get(start..end).unwrap_or_default();
    if let Some(text) = document.unescaped(node, (columns + 1) * LONGEST_ESCAPE) {
        // What is lit are bytes as they came; a cell that reads otherwise is lit as a whole.
        let lit = lit.and_then(|lit| {
            let found = lit.within(start..end.min(start + LIT_BYTES));
            let is_current = found.iter().any(|(_, is_current)| *is_current);
            (!found.is_empty()).then(|| lit_role(is_current))
        });
        let text = visible(&text);
        return vec![cx.span(lit.unwrap_or(role), measure::fit(&text, columns))];
    }
    let taken = fitting(raw, columns);
    let is_whole = taken >= raw.len();
    let taken = if is_whole {
        taken
    } else {
        fitting(raw, columns.saturating_sub(1))
    };
    let range = start..start + taken;
    let found = lit.map_or_else(Vec::new, |lit| lit.within(range.clone()));
    let mut cell = spans(bytes, range, role, &found, cx);
    if !is_whole {
        cell.push(cx.span(Role::Muted, "…"));
    }
    cell
}
