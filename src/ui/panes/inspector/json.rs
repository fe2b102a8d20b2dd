//! One row of JSON: indented, coloured, as it was spelled. Which rows there are is the business of `document::Rows`.

use ratatui::text::{Line, Span};

use crate::catalog::{Mark, Marks};
use crate::config::Role;
use crate::document::{Document, NodeId, NodeKind, Row, RowKind};
use crate::domain::MASK;
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::meaning;
use crate::ui::panes::inspector::spell::{Found, Lit, fitting, spans, spelled};
use crate::ui::widgets::{measure, rows};

/// Columns of a step of indentation.
const STEP: usize = 2;
/// Deeper levels are not indented further than a fraction of the width, so that something is left for the text.
const DEEPEST: usize = 3;
/// Bytes of a value in which matches are lit: more than any screen shows of one.
const LIT_BYTES: usize = 64 << 10;
/// Columns that are kept for the value beside what is said of it.
const LEAST_VALUE: usize = 16;

/// How rows are drawn.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) document: &'a Document,
    /// Names of members whose values are masked.
    pub(super) secrets: &'a [String],
    /// Columns of a row.
    pub(super) columns: usize,
    /// What is searched for.
    pub(super) lit: Option<Lit<'a>>,
    /// Where the answer differs from its documented shape.
    pub(super) marks: Option<&'a Marks>,
}

impl<'a> Look<'a> {
    /// Rows of `document` in `columns`, and nothing else.
    pub(super) fn plain(document: &'a Document, secrets: &'a [String], columns: usize) -> Self {
        Self {
            document,
            secrets,
            columns,
            lit: None,
            marks: None,
        }
    }

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
        let found = self.found(row);
        if kind != RowKind::Close {
            head.extend(self.name(node, &found, cx));
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
        let mut tail = match kind {
            RowKind::Leaf if self.is_bare(node) => vec![cx.span(Role::Punctuation, opening)],
            RowKind::Leaf => return self.value(head, (indent, most), node, comma, &found, cx),
            RowKind::Open if folded => self.folded(node, cx),
            RowKind::Open => vec![cx.span(Role::Punctuation, opening)],
            RowKind::Close if document.is_cut(node) => vec![cx.span(Role::Danger, "…")],
            RowKind::Close => vec![cx.span(Role::Punctuation, format!("{closing}{comma}"))],
        };
        if kind == RowKind::Open {
            tail.extend(self.marked(node, cx));
        }
        vec![line(head, tail)]
    }

    /// Whether the text breaks before the first value of this container: what follows stands below the tree.
    fn is_bare(&self, node: NodeId) -> bool {
        let is_container = matches!(self.document.kind(node), NodeKind::Object | NodeKind::Array);
        is_container && self.document.is_cut(node)
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
        if rest == b"," {
            return Vec::new(); // the next value is on its way
        }
        let mut lines = Vec::new();
        while !rest.is_empty() && lines.len() < most {
            let (piece, after) = rest.split_at(fitting(rest, self.columns).min(rest.len()));
            lines.push(line(
                vec![Span::raw("   ")],
                vec![cx.span(Role::Muted, spelled(piece))],
            ));
            rest = after;
        }
        lines
    }

    /// What is found in the bytes that the row shows.
    fn found(&self, row: Row) -> Vec<Found> {
        let Some(lit) = self.lit else {
            return Vec::new();
        };
        let (start, end) = self.document.span(row.node);
        let name = self.document.name_span(row.node).map(|(start, _)| start);
        lit.within(match row.kind {
            RowKind::Leaf => name.unwrap_or(start)..end.min(start + LIT_BYTES),
            RowKind::Open => name.unwrap_or(start)..start,
            RowKind::Close => return Vec::new(),
        })
    }

    /// `"name": `, as it came.
    fn name(&self, node: NodeId, found: &[Found], cx: &Cx<'_>) -> Vec<Span<'static>> {
        let Some((start, end)) = self.document.name_span(node) else {
            return Vec::new();
        };
        let text = self.document.body().as_bytes();
        let raw = text.get(start..end).unwrap_or_default();
        let taken = fitting(raw, self.columns / 2);
        let mut name = spans(text, start..start + taken, Role::Name, found, cx);
        name.push(cx.span(Role::Punctuation, ": "));
        name
    }

    /// The gist of what is folded away.
    fn folded(&self, node: NodeId, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let summary = self.document.summary(node);
        let (count, names) = summary.split_once(' ').unwrap_or((&summary, ""));
        let mut spans = vec![cx.span(Role::Punctuation, count)];
        if !names.is_empty() {
            spans.push(cx.span(Role::Muted, format!(" {names}")));
        }
        spans
    }

    /// How it differs from what is documented.
    fn marked(&self, node: NodeId, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let marks = self.marks.into_iter().flat_map(|marks| marks.on(node));
        let (mut missing, mut words) = (Vec::new(), Vec::new());
        for mark in marks {
            match mark {
                Mark::Missing(name) => missing.push(name.as_str()),
                mark => words.push(in_words(mark)),
            }
        }
        if !missing.is_empty() {
            words.push(format!("missing {}", missing.join(", ")));
        }
        match words.is_empty() {
            true => Vec::new(),
            false => vec![cx.span(Role::Warning, format!("  ! {}", words.join(", ")))],
        }
    }

    fn is_secret(&self, node: NodeId) -> bool {
        !self.secrets.is_empty()
            && self.document.kind(node) != NodeKind::Null
            && self
                .document
                .key(node)
                .is_some_and(|name| self.secrets.iter().any(|secret| *secret == name))
    }

    /// A value without children, as it came.
    fn value(
        &self,
        head: Vec<Span<'static>>,
        (indent, most): (usize, usize),
        node: NodeId,
        comma: &str,
        found: &[Found],
        cx: &Cx<'_>,
    ) -> Vec<Line<'static>> {
        let document = self.document;
        if self.is_secret(node) {
            let masked = vec![
                cx.span(Role::Muted, MASK),
                cx.span(Role::Punctuation, comma),
            ];
            return vec![line(head, masked)];
        }
        let marked = self.marked(node, cx);
        let role = match document.kind(node) {
            NodeKind::String => Role::String,
            NodeKind::Number => Role::Number,
            NodeKind::Bool | NodeKind::Null => Role::Keyword,
            NodeKind::Object | NodeKind::Array => Role::Punctuation,
        };
        let text = document.body().as_bytes();
        let (mut at, end) = document.span(node);
        let mut room = self
            .columns
            .saturating_sub(rows::width(&head) + comma.len());
        if room > rows::width(&marked) + LEAST_VALUE {
            room -= rows::width(&marked);
        }
        let mut start = head;
        let mut lines = Vec::new();
        loop {
            let raw = text.get(at..end).unwrap_or_default();
            let is_last = lines.len() + 1 >= most;
            let taken = at + fitting(raw, room.max(1));
            if taken >= end {
                let mut tail = spans(text, at..end, role, found, cx);
                tail.push(cx.span(Role::Punctuation, comma));
                let meant = meaning::beside(document, node, cx);
                if rows::width(&tail) + rows::width(&meant) <= room {
                    tail.extend(meant);
                }
                tail.extend(marked);
                lines.push(line(start, tail));
                return lines;
            }
            if is_last {
                // Nothing is cut silently.
                let size = format!("… {}", measure::bytes(document.raw(node).len()));
                let taken = fitting(raw, room.saturating_sub(measure::width(&size) + 1));
                let mut tail = spans(text, at..at + taken, role, found, cx);
                tail.push(cx.span(Role::Muted, size));
                tail.extend(marked);
                lines.push(line(start, tail));
                return lines;
            }
            lines.push(line(start, spans(text, at..taken, role, found, cx)));
            at = taken;
            room = self.columns.saturating_sub(indent + STEP + comma.len());
            start = vec![Span::raw(" ".repeat(indent + STEP))];
        }
    }
}

/// A difference from the documented shape.
pub(super) fn in_words(mark: &Mark) -> String {
    match mark {
        Mark::Missing(name) => format!("{name} is missing"),
        Mark::Undocumented => "undocumented".into(),
        Mark::WrongType { expected } => format!("documented as {}", meaning::kind(*expected)),
        Mark::NotInEnum { .. } => "not a documented value".into(),
    }
}

fn line(mut head: Vec<Span<'static>>, tail: Vec<Span<'static>>) -> Line<'static> {
    head.extend(tail);
    Line::from(head)
}
