//! A body that is no JSON, as text in lines of a width. Lines are found once, not at each drawing.

use crate::domain::Body;
use crate::ui::widgets::visible;

/// What a tab is shown as.
const TAB: &str = "    ";

/// A body broken into rows of a width.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text {
    body: Body,
    /// Columns for which `starts` were found.
    columns: usize,
    /// Where each row starts.
    starts: Vec<usize>,
}

impl Text {
    pub(super) fn new(body: Body) -> Self {
        Self {
            body,
            ..Self::default()
        }
    }

    /// Number of rows at `columns`.
    pub(super) fn rows(&mut self, columns: usize) -> usize {
        let columns = columns.max(1);
        if self.columns != columns {
            self.columns = columns;
            self.starts = starts(self.body.as_bytes(), columns);
        }
        self.starts.len()
    }

    /// What stands in `row`, visibly.
    pub(super) fn row(&self, row: usize) -> String {
        let bytes = self.body.as_bytes();
        let start = self.starts.get(row).copied().unwrap_or(bytes.len());
        let end = self.starts.get(row + 1).copied().unwrap_or(bytes.len());
        let piece = bytes.get(start..end).unwrap_or_default();
        shown(without_break(piece))
    }
}

/// `line` without the line break at its end.
fn without_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Tabs become blanks, bytes that are no UTF-8 are spelled out, and so is what would act on the terminal.
fn shown(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '\t' => shown.push_str(TAB),
                letter => visible::push(&mut shown, letter),
            }
        }
        for byte in chunk.invalid() {
            shown.push_str(&format!("<{byte:02X}>"));
        }
    }
    shown
}

/// Columns that `letter` takes as it is shown.
fn columns_of(letter: char) -> usize {
    match letter {
        '\t' => TAB.len(),
        letter => visible::width(letter),
    }
}

/// Where rows of `columns` start: behind each line break, and where a row is full.
fn starts(bytes: &[u8], columns: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        starts.push(start);
        let (mut used, mut at) = (0, start);
        let mut take = |length: usize, width: usize| {
            if used + width > columns && used > 0 {
                starts.push(at);
                used = 0;
            }
            used += width;
            at += length;
        };
        for chunk in without_break(line).utf8_chunks() {
            for letter in chunk.valid().chars() {
                take(letter.len_utf8(), columns_of(letter));
            }
            for _ in chunk.invalid() {
                take(1, "<FF>".len());
            }
        }
        start += line.len();
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: impl AsRef<[u8]> + Send + Sync + 'static, columns: usize) -> Vec<String> {
        let mut text = Text::new(Body::new(text));
        (0..text.rows(columns)).map(|row| text.row(row)).collect()
    }

    #[test]
    fn lines_are_broken_where_a_row_is_full() {
        assert_eq!(
            rows("<html>\r\n  <p>long</p>\n", 8),
            ["<html>", "  <p>lon", "g</p>"]
        );
        assert_eq!(rows("漢字漢字", 4), ["漢字", "漢字"]);
        assert_eq!(rows("a\n\nb", 4), ["a", "", "b"]);
        assert!(rows("", 4).is_empty());
    }

    #[test]
    fn nothing_acts_on_the_terminal() {
        assert_eq!(rows("\x1b[2J\u{202e}\t|", 40), ["␛[2J<U+202E>    |"]);
        assert_eq!(rows(b"a\xff\xfeb", 40), ["a<FF><FE>b"]);
    }
}
