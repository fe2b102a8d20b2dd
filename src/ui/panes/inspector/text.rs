//! The very bytes of a body as lines of text. What is drawn is found from the place that is looked at, so that it takes as
//! long for any size: nothing is counted, and a line that is longer than a block is begun anew at each of them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::{Action, Role};
use crate::domain::Body;
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::spell::{Lit, spans};
use crate::ui::widgets::{rows, visible};

/// What a tab is shown as.
const TAB: &str = "    ";
/// Columns at the left and at the right.
const MARGIN: &str = "   ";
/// A line is looked through from its beginning up to twice as far; a longer one gets a row of its own here.
const BLOCK: usize = 64 << 10;

/// A body in rows of a width.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text {
    body: Body,
    /// Where the first row that is seen starts.
    top: usize,
    /// Columns and rows of the last drawing.
    columns: usize,
    page: usize,
    /// Bytes of a block.
    block: usize,
}

impl Text {
    pub(super) fn new(body: Body) -> Self {
        Self {
            body,
            columns: 80,
            block: BLOCK,
            ..Self::default()
        }
    }

    /// More of the same body has come.
    pub(super) fn go_on_with(&mut self, body: Body) {
        self.body = body;
    }

    /// First byte that is seen.
    pub(super) fn offset(&self) -> usize {
        self.top
    }

    /// Brings the row with the byte `offset` into sight.
    pub(super) fn show(&mut self, offset: usize) {
        let row = self.row_at(offset);
        let last = (1..self.page.max(1)).fold(self.top, |at, _| self.row_end(at));
        if row < self.top || row > last {
            self.top = self.before(row, self.page / 3);
        }
    }

    /// Scrolls, if `action` is about that.
    pub(super) fn act(&mut self, action: Action) -> bool {
        let page = self.page.saturating_sub(1).max(1).cast_signed();
        match action {
            Action::MoveUp => self.by(-1),
            Action::MoveDown => self.by(1),
            Action::PageUp => self.by(-page),
            Action::PageDown => self.by(page),
            Action::MoveFirst => self.top = 0,
            Action::MoveLast => self.top = self.last_top(),
            _ => return false,
        }
        true
    }

    /// Scrolls by rows.
    pub(super) fn by(&mut self, rows: isize) {
        self.top = match rows < 0 {
            true => self.before(self.top, rows.unsigned_abs()),
            false => {
                let target = (0..rows).fold(self.top, |at, _| self.row_end(at));
                target.min(self.last_top())
            }
        };
    }

    pub(super) fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        lit: Option<Lit<'_>>,
        cx: &Cx<'_>,
    ) {
        self.page = area.height.into();
        let columns = usize::from(area.width).saturating_sub(MARGIN.len() + 1);
        if self.columns != columns {
            self.columns = columns;
            self.top = self.row_at(self.top);
        }
        self.top = self.top.min(self.last_top());
        let mut lines = Vec::with_capacity(self.page);
        let mut at = self.top;
        while at < self.body.len() && lines.len() < self.page {
            let end = self.row_end(at);
            let mut line = vec![Span::raw(MARGIN)];
            line.extend(self.row(at, end, lit, cx));
            lines.push(Line::from(line));
            at = end;
        }
        rows::draw(frame, area, lines);
    }

    /// All rows at `columns`; only for bodies that are known to be short.
    pub(super) fn all(&mut self, columns: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
        self.columns = columns;
        let mut lines = Vec::new();
        let mut at = 0;
        while at < self.body.len() {
            let end = self.row_end(at);
            lines.push(Line::from(self.row(at, end, None, cx)));
            at = end;
        }
        lines
    }

    fn row(
        &self,
        start: usize,
        end: usize,
        lit: Option<Lit<'_>>,
        cx: &Cx<'_>,
    ) -> Vec<Span<'static>> {
        let bytes = self.body.as_bytes();
        let line = without_break(bytes.get(start..end).unwrap_or_default());
        let range = start..start + line.len();
        let found = lit.map_or_else(Vec::new, |lit| lit.within(range.clone()));
        let mut spans = spans(bytes, range, Role::Text, &found, cx);
        for span in &mut spans {
            if span.content.contains('␉') {
                span.content = span.content.replace('␉', TAB).into();
            }
        }
        spans
    }

    /// Where the row that starts at `start` ends.
    fn row_end(&self, start: usize) -> usize {
        let bytes = self.body.as_bytes();
        let end = self.block_end(start);
        let (mut used, mut at) = (0, start);
        for chunk in bytes.get(start..end).unwrap_or_default().utf8_chunks() {
            for letter in chunk.valid().chars() {
                let after = at + letter.len_utf8();
                if letter == '\n' {
                    return after;
                }
                // A carriage return in front of a line feed is part of the break.
                let is_break = letter == '\r' && bytes.get(after) == Some(&b'\n');
                used += if is_break { 0 } else { columns_of(letter) };
                if used > self.columns && at > start {
                    return at;
                }
                at = after;
            }
            for _ in chunk.invalid() {
                used += "<FF>".len();
                if used > self.columns && at > start {
                    return at;
                }
                at += 1;
            }
        }
        end
    }

    /// Where a row that starts at `start` ends at the latest.
    fn block_end(&self, start: usize) -> usize {
        let length = self.body.len();
        let most = length.min(start + (self.columns * 8).max(self.block));
        let next = |block: usize| self.boundary(block);
        let blocks = (start / self.block..).map(|block| next(block + 1));
        let mut blocks = blocks.take_while(|end| *end < most);
        let found = blocks.find(|end| *end > start && self.is_begun_anew(*end));
        found.unwrap_or_else(|| self.letter(most))
    }

    /// Whether a line is so long that a row begins at the block that starts at `at`.
    fn is_begun_anew(&self, at: usize) -> bool {
        let before = self.body.as_bytes().get(at.saturating_sub(self.block)..at);
        at >= 2 * self.block && memchr::memrchr(b'\n', before.unwrap_or_default()).is_none()
    }

    /// Where a block starts: at a letter.
    fn boundary(&self, block: usize) -> usize {
        self.letter(block * self.block)
    }

    /// The first byte of a letter at `at` or behind.
    fn letter(&self, at: usize) -> usize {
        let rest = self.body.as_bytes().get(at..).unwrap_or_default();
        let is_inside = |byte: &&u8| (0x80..0xc0).contains(*byte);
        at + rest.iter().take(3).take_while(is_inside).count()
    }

    /// A row start at or before `at` from which all others up to there follow.
    fn origin(&self, at: usize) -> usize {
        let mut block = self.boundary(at / self.block);
        if block > at {
            block = self.boundary(at / self.block - 1);
        }
        let low = block.saturating_sub(self.block);
        let bytes = self.body.as_bytes().get(low..at).unwrap_or_default();
        match memchr::memrchr(b'\n', bytes) {
            Some(found) => low + found + 1,
            None if block >= 2 * self.block => block,
            None => 0,
        }
    }

    /// Row starts from the one at `from` up to, but not including, `until`.
    fn starts(&self, from: usize, until: usize) -> Vec<usize> {
        let next = |at: &usize| Some(self.row_end(*at)).filter(|end| end > at);
        std::iter::successors(Some(from), next)
            .take_while(|at| *at < until)
            .collect()
    }

    /// Start of the row that the byte `at` stands in.
    fn row_at(&self, at: usize) -> usize {
        let at = at.min(self.body.len().saturating_sub(1));
        let starts = self.starts(self.origin(at), at + 1);
        starts.last().copied().unwrap_or(0)
    }

    /// Start of the row that stands `count` rows before the one at `at`.
    fn before(&self, mut at: usize, mut count: usize) -> usize {
        while count > 0 && at > 0 {
            let starts = self.starts(self.origin(at - 1), at);
            if let Some(place) = starts.len().checked_sub(count) {
                return starts.get(place).copied().unwrap_or(0);
            }
            count -= starts.len();
            at = starts.first().copied().unwrap_or(0);
        }
        at
    }

    /// The first row of the last page.
    fn last_top(&self) -> usize {
        self.before(self.body.len(), self.page.max(1))
    }
}

/// `line` without the line break at its end.
fn without_break(line: &[u8]) -> &[u8] {
    match line.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => line,
    }
}

/// Columns that `letter` takes as it is shown.
fn columns_of(letter: char) -> usize {
    match letter {
        '\t' => TAB.len(),
        letter => visible::width(letter),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn starts(text: &Text) -> Vec<usize> {
        text.starts(0, text.body.len())
    }

    fn text(body: impl AsRef<[u8]> + Send + Sync + 'static, columns: usize) -> Text {
        Text {
            columns,
            page: 3,
            block: 64,
            ..Text::new(Body::new(body))
        }
    }

    #[test]
    fn lines_are_broken_where_a_row_is_full() {
        assert_eq!(starts(&text("<html>\r\n  <p>long</p>\n", 8)), [0, 8, 16]);
        assert_eq!(starts(&text("漢字漢字", 4)), [0, 6]);
        assert_eq!(starts(&text("a\n\nb", 4)), [0, 2, 3]);
        assert_eq!(starts(&text("a\tb", 4)), [0, 1, 2]);
    }

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut text = text("1\n2\n3\n4\n5\n", 8);
        text.by(1);
        assert_eq!(text.offset(), 2);
        text.by(9);
        assert_eq!(text.offset(), 4);
        text.by(-9);
        assert_eq!(text.offset(), 0);
        text.show(9);
        assert_eq!(text.offset(), 6);
    }

    proptest! {
        #[test]
        fn going_back_leads_over_the_rows_that_going_on_leads_over(
            body in "([a-z]{0,9}\n|[a-z漢]{0,400}|\u{301}{0,20}|\n\n|\t){0,9}",
            columns in 1_usize..90,
        ) {
            let text = text(body, columns);
            let mut all = starts(&text);
            let mut at = text.body.len();
            while at > 0 {
                let before = text.before(at, 1);
                prop_assert_eq!(Some(before), all.pop());
                prop_assert_eq!(text.row_at(at - 1), before);
                at = before;
            }
            prop_assert!(all.is_empty());
        }
    }
}
