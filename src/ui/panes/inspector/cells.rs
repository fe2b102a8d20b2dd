//! Columns and cells of a table: which names items have, how wide they are, what a cell shows and is sorted by.

use std::cmp::Ordering;

use ratatui::text::Span;

use crate::config::Role;
use crate::document::{Document, NodeId, NodeKind};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::spell::{Lit, fitting, spans};
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
/// Columns of a heading besides its name: where it is told how it is sorted.
const ARROW: usize = 2;

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
            let column = &mut columns[index];
            column.wish = column.wish.max(width(document, member)).min(WIDEST);
            column.width = column.wish;
            let kind = document.kind(member);
            column.is_number &= matches!(kind, NodeKind::Number | NodeKind::Null);
        }
    }
    columns
}

fn heading(name: &str) -> usize {
    (measure::width(&visible(name)) + ARROW).min(WIDEST)
}

/// Makes long values give way to further columns: as little as it takes to see all of them in `room`. Tells whether all are.
pub(super) fn share(columns: &mut [Column], room: usize, gap: usize) -> bool {
    let total = |most: usize| -> usize {
        let widths = columns.iter().map(|column| column.within(most) + gap);
        widths.sum()
    };
    let most = (NARROWEST..=WIDEST).rev().find(|most| total(*most) <= room);
    for column in columns.iter_mut() {
        column.width = column.within(most.unwrap_or(READABLE));
    }
    most.is_some()
}

impl Column {
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
            (end - start).min(WIDEST)
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

/// What a cell is sorted by: numbers, then text, then what is not there.
pub(super) enum Key {
    Number(f64),
    Text(String),
    Nothing,
}

pub(super) fn key(document: &Document, node: Option<NodeId>) -> Key {
    let Some(node) = node.filter(|node| document.kind(*node) != NodeKind::Null) else {
        return Key::Nothing;
    };
    let text = document.text(node);
    match (document.kind(node), text.parse()) {
        (NodeKind::Number, Ok(number)) => Key::Number(number),
        _ => Key::Text(text.into_owned()),
    }
}

impl Key {
    /// What is not there stands last, whichever way it is sorted.
    pub(super) fn compare(&self, other: &Self, is_falling: bool) -> Ordering {
        let turned = |order: Ordering| if is_falling { order.reverse() } else { order };
        match (self, other) {
            (Self::Nothing, Self::Nothing) => Ordering::Equal,
            (Self::Nothing, _) => Ordering::Greater,
            (_, Self::Nothing) => Ordering::Less,
            (Self::Number(a), Self::Number(b)) => turned(a.total_cmp(b)),
            (Self::Number(_), Self::Text(_)) => turned(Ordering::Less),
            (Self::Text(_), Self::Number(_)) => turned(Ordering::Greater),
            (Self::Text(a), Self::Text(b)) => turned(a.cmp(b)),
        }
    }
}
