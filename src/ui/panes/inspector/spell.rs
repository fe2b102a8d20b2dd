//! Bytes as they are read: control characters visible, bytes that are no UTF-8 spelled out, matches of a search lit.

use std::ops::Range;

use ratatui::text::Span;

use crate::config::Role;
use crate::document::{Document, Pattern, Scope, Search};
use crate::ui::pane::Cx;
use crate::ui::widgets::visible;

/// A byte that is no UTF-8 takes as many columns as this.
const BYTE: usize = "<FF>".len();

/// A match that begins further before the row that it reaches into is not lit there.
const BEFORE: usize = 256;

/// What is searched for, so that it is lit wherever it is drawn.
#[derive(Clone, Copy)]
pub(super) struct Lit<'a> {
    pub(super) document: &'a Document,
    pub(super) pattern: &'a Pattern,
    pub(super) scope: Scope,
    /// First byte of the match that is looked at.
    pub(super) current: Option<usize>,
}

/// A stretch that has been found, and whether it is the one that is looked at.
pub(super) type Found = (Range<usize>, bool);

impl Lit<'_> {
    /// What is found in some bytes: those of a row, so that it takes as long whatever the size of the body.
    pub(super) fn within(&self, bytes: Range<usize>) -> Vec<Found> {
        // A match may begin in the row before.
        let from = bytes.start.saturating_sub(BEFORE);
        let found = Search::within(self.document, self.pattern, self.scope, from..bytes.end);
        let is_current = |range: &Range<usize>| self.current == Some(range.start);
        found
            .into_iter()
            .filter(|range| range.end > bytes.start)
            .map(|range| (range.clone(), is_current(&range)))
            .collect()
    }
}

/// Number of bytes from the start of `raw` that fit into `columns`, but at least one letter.
pub(super) fn fitting(raw: &[u8], columns: usize) -> usize {
    let (mut used, mut taken) = (0, 0);
    for chunk in raw.utf8_chunks() {
        for letter in chunk.valid().chars() {
            used += visible::width(letter);
            if used > columns && taken > 0 {
                return taken;
            }
            taken += letter.len_utf8();
        }
        for _ in chunk.invalid() {
            used += BYTE;
            if used > columns && taken > 0 {
                return taken;
            }
            taken += 1;
        }
    }
    taken
}

/// `raw` as it is read.
pub(super) fn spelled(raw: &[u8]) -> String {
    let mut text = String::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        chunk
            .valid()
            .chars()
            .for_each(|letter| visible::push(&mut text, letter));
        for byte in chunk.invalid() {
            text.push_str(&format!("<{byte:02X}>"));
        }
    }
    text
}

/// The bytes `range` of `text` in pieces: `role`, or lit where something was `found`.
pub(super) fn spans(
    text: &[u8],
    range: Range<usize>,
    role: Role,
    found: &[Found],
    cx: &Cx<'_>,
) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut push = |part: Range<usize>, role| {
        let raw = text.get(part).unwrap_or_default();
        if !raw.is_empty() {
            spans.push(Span::styled(spelled(raw), cx.style(role)));
        }
    };
    let mut at = range.start;
    for (lit, is_current) in found {
        let start = lit.start.clamp(at, range.end);
        let end = lit.end.clamp(start, range.end);
        push(at..start, role);
        push(start..end, lit_role(*is_current));
        at = end;
    }
    push(at..range.end, role);
    spans
}

pub(super) fn lit_role(is_current: bool) -> Role {
    match is_current {
        true => Role::CurrentMatch,
        false => Role::Match,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_is_taken_as_fits() {
        assert_eq!(fitting(b"abc", 2), 2);
        assert_eq!(fitting(b"abc", 0), 1, "at least one, so that it goes on");
        assert_eq!(fitting("漢字".as_bytes(), 3), 3);
        assert_eq!(fitting(b"a\xffb", 4), 1);
        assert_eq!(fitting(b"a\xffb", 6), 3);
        assert_eq!(spelled(b"a\xff\x1b\xe2\x80\xae"), "a<FF>␛<U+202E>");
    }
}
