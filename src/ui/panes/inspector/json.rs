//! One row of JSON: indented, coloured, as it was spelled. Which rows there are is the business of `document::Rows`.

use ratatui::text::{Line, Span};

use crate::config::Role;
use crate::document::{Document, NodeId, NodeKind, Row, RowKind};
use crate::domain::MASK;
use crate::ui::pane::Cx;
use crate::ui::widgets::{measure, rows, visible};

/// Columns of a step of indentation.
const STEP: usize = 2;
/// Deeper levels are not indented further than a fraction of the width, so that something is left for the text.
const DEEPEST: usize = 3;

/// How rows are drawn.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) document: &'a Document,
    /// Names of members whose values are masked.
    pub(super) secrets: &'a [String],
    /// Columns of a row.
    pub(super) columns: usize,
}

impl Look<'_> {
    /// `row` in at most `most` lines: cut with `…` where it does not fit.
    pub(super) fn lines(&self, row: Row, most: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
        let Row {
            node,
            kind,
            depth,
            folded,
        } = row;
        let indent = (depth * STEP).min(self.columns / DEEPEST);
        let mut head = vec![Span::raw(" ".repeat(indent))];
        if kind != RowKind::Close {
            head.extend(self.name(node, cx));
        }
        let document = self.document;
        let comma = if document.next_sibling(node).is_some() {
            ","
        } else {
            ""
        };
        let (opening, closing) = match document.kind(node) {
            NodeKind::Array => ("[", "]"),
            _ => ("{", "}"),
        };
        let tail = match kind {
            RowKind::Leaf => return self.value(head, indent, node, comma, most, cx),
            RowKind::Open if folded => vec![
                cx.span(Role::Punctuation, opening),
                cx.span(Role::Muted, self.count(node)),
                cx.span(Role::Punctuation, format!("{closing}{comma}")),
            ],
            RowKind::Open => vec![cx.span(Role::Punctuation, opening)],
            RowKind::Close if document.is_cut(node) => vec![cx.span(Role::Danger, "…")],
            RowKind::Close => vec![cx.span(Role::Punctuation, format!("{closing}{comma}"))],
        };
        vec![line(head, tail)]
    }

    /// What was not read because the text is broken before it, in at most `most` lines.
    pub(super) fn rest(&self, most: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
        let document = self.document;
        let Some(last) = document.len().checked_sub(1).map(NodeId::new) else {
            return Vec::new();
        };
        let around = std::iter::successors(Some(last), |node| document.parent(*node));
        let whole = around.take_while(|node| !document.is_cut(*node)).last();
        let end = whole.map_or(document.span(last).0 + 1, |node| document.span(node).1);
        let bytes = document.body().as_bytes();
        let mut rest = bytes.get(end..).unwrap_or_default().trim_ascii();
        let mut lines = Vec::new();
        while !rest.is_empty() && lines.len() < most {
            let (piece, taken) = shown(rest, self.columns);
            lines.push(line(
                vec![Span::raw("   ")],
                vec![cx.span(Role::Muted, piece)],
            ));
            rest = rest.get(taken..).unwrap_or_default();
        }
        lines
    }

    /// `"name": `, as it came.
    fn name(&self, node: NodeId, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let Some(raw) = self.document.raw_key(node) else {
            return Vec::new();
        };
        let (name, _) = shown(raw, self.columns / 2);
        vec![cx.span(Role::Name, name), cx.span(Role::Punctuation, ": ")]
    }

    /// How much is folded away.
    fn count(&self, node: NodeId) -> String {
        let count = self.document.child_count(node);
        let (one, many) = match self.document.kind(node) {
            NodeKind::Array => ("item", "items"),
            _ => ("member", "members"),
        };
        format!(" {count} {} ", if count == 1 { one } else { many })
    }

    /// A value without children, as it came.
    fn value(
        &self,
        head: Vec<Span<'static>>,
        indent: usize,
        node: NodeId,
        comma: &str,
        most: usize,
        cx: &Cx<'_>,
    ) -> Vec<Line<'static>> {
        let document = self.document;
        let role = match document.kind(node) {
            NodeKind::String => Role::String,
            NodeKind::Number => Role::Number,
            NodeKind::Bool | NodeKind::Null => Role::Keyword,
            NodeKind::Object | NodeKind::Array => Role::Punctuation,
        };
        let is_secret = !self.secrets.is_empty()
            && document
                .key(node)
                .is_some_and(|name| self.secrets.iter().any(|secret| *secret == name));
        if is_secret && document.kind(node) != NodeKind::Null {
            return vec![line(
                head,
                vec![
                    cx.span(Role::Muted, MASK),
                    cx.span(Role::Punctuation, comma),
                ],
            )];
        }
        let mut raw = document.raw(node);
        let mut room = self
            .columns
            .saturating_sub(rows::width(&head) + comma.len())
            .max(1);
        let mut start = head;
        let mut lines = Vec::new();
        loop {
            let is_last = lines.len() + 1 >= most;
            let (piece, taken) = shown(raw, room);
            let rest = raw.get(taken..).unwrap_or_default();
            if rest.is_empty() {
                lines.push(line(
                    start,
                    vec![cx.span(role, piece), cx.span(Role::Punctuation, comma)],
                ));
                return lines;
            }
            if is_last {
                // Nothing is cut silently.
                let size = format!("… {}", measure::bytes(document.raw(node).len()));
                let (piece, _) = shown(raw, room.saturating_sub(measure::width(&size) + 1));
                lines.push(line(
                    start,
                    vec![cx.span(role, piece), cx.span(Role::Muted, size)],
                ));
                return lines;
            }
            lines.push(line(start, vec![cx.span(role, piece)]));
            raw = rest;
            room = self
                .columns
                .saturating_sub(indent + STEP + comma.len())
                .max(1);
            start = vec![Span::raw(" ".repeat(indent + STEP))];
        }
    }
}

fn line(mut head: Vec<Span<'static>>, tail: Vec<Span<'static>>) -> Line<'static> {
    head.extend(tail);
    Line::from(head)
}

/// As much from the start of `raw` as fits into `columns`, visibly, and the number of bytes that it is.
fn shown(raw: &[u8], columns: usize) -> (String, usize) {
    let (mut text, mut used, mut taken) = (String::new(), 0, 0);
    for chunk in raw.utf8_chunks() {
        for letter in chunk.valid().chars() {
            let width = visible::width(letter);
            if used + width > columns && taken > 0 {
                return (text, taken);
            }
            visible::push(&mut text, letter);
            used += width;
            taken += letter.len_utf8();
        }
        for byte in chunk.invalid() {
            if used + "<FF>".len() > columns && taken > 0 {
                return (text, taken);
            }
            text.push_str(&format!("<{byte:02X}>"));
            used += "<FF>".len();
            taken += 1;
        }
    }
    (text, taken)
}
