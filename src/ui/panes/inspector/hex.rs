//! The bytes of a body in hexadecimal, sixteen to a row where there is room, with the letters among them beside.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::config::{Action, Role};
use crate::domain::Body;
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::spell::{Lit, lit_role};
use crate::ui::widgets::rows;
use crate::ui::widgets::scroll::Scroll;

/// Bytes of a row, and of a row where there is little room.
const WIDE: usize = 16;
const NARROW: usize = 8;
/// Columns of a wide row: margin, offset, sixteen bytes with a gap in their middle, letters.
const WIDE_COLUMNS: u16 = 1 + 8 + 1 + 49 + 19;

/// How bytes are looked at.
#[derive(Default)]
pub(super) struct Hex {
    body: Body,
    scroll: Scroll,
    /// Bytes of a row at the last drawing.
    bytes: usize,
    /// A byte that the next drawing brings into sight.
    wanted: Option<usize>,
}

impl Hex {
    pub(super) fn new(body: Body) -> Self {
        Self {
            body,
            bytes: WIDE,
            ..Self::default()
        }
    }

    /// More of the same body has come.
    pub(super) fn go_on_with(&mut self, body: Body) {
        self.body = body;
    }

    /// First byte that is seen.
    pub(super) fn offset(&self) -> usize {
        self.wanted.unwrap_or(self.scroll.offset() * self.bytes)
    }

    /// Brings the byte `offset` into sight.
    pub(super) fn show(&mut self, offset: usize) {
        self.wanted = Some(offset);
    }

    pub(super) fn act(&mut self, action: Action) -> bool {
        self.scroll.act(action)
    }

    pub(super) fn by(&mut self, rows: isize) {
        self.scroll.by(rows);
    }

    pub(super) fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        lit: Option<Lit<'_>>,
        cx: &Cx<'_>,
    ) {
        let bytes = if area.width >= WIDE_COLUMNS {
            WIDE
        } else {
            NARROW
        };
        if self.bytes != bytes {
            self.wanted = Some(self.offset());
            self.bytes = bytes;
        }
        let total = self.body.len().div_ceil(bytes);
        let first = match self.wanted.take() {
            Some(offset) => self.scroll.show(offset / bytes, total, area.height),
            None => self.scroll.fit(total, area.height),
        };
        let last = total.min(first + usize::from(area.height));
        rows::draw(frame, area, (first..last).map(|row| self.row(row, lit, cx)));
    }

    fn row(&self, row: usize, lit: Option<Lit<'_>>, cx: &Cx<'_>) -> Line<'static> {
        let start = row * self.bytes;
        let end = (start + self.bytes).min(self.body.len());
        let part = self.body.as_bytes().get(start..end).unwrap_or_default();
        let found = lit.map_or_else(Vec::new, |lit| lit.within(start..end));
        let style = |at: usize, role: Role| -> Style {
            let hit = found.iter().find(|(range, _)| range.contains(&at));
            cx.style(hit.map_or(role, |(_, is_current)| lit_role(*is_current)))
        };
        let mut spans = vec![cx.span(Role::Muted, format!(" {start:08x} "))];
        for column in 0..self.bytes {
            let gap = if column == self.bytes / 2 { " " } else { "" };
            match part.get(column) {
                Some(byte) => {
                    let style = style(start + column, role_of(*byte));
                    spans.push(Span::raw(gap));
                    spans.push(Span::styled(format!("{byte:02x}"), style));
                    spans.push(Span::raw(" "));
                }
                None => spans.push(Span::raw(format!("{gap}   "))),
            }
        }
        spans.push(cx.span(Role::Muted, " │"));
        for (column, byte) in part.iter().enumerate() {
            let letter = match byte {
                b' '..=b'~' => char::from(*byte).to_string(),
                _ => "·".to_owned(),
            };
            spans.push(Span::styled(letter, style(start + column, role_of(*byte))));
        }
        spans.push(cx.span(Role::Muted, "│"));
        Line::from(spans)
    }
}

/// Letters, white space and zeros, and the rest are told apart.
fn role_of(byte: u8) -> Role {
    match byte {
        b'!'..=b'~' => Role::Text,
        0 | b' ' | b'\t' | b'\n' | b'\r' => Role::Muted,
        _ => Role::Number,
    }
}
