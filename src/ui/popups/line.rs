//! Lines put together from pieces: matched letters made bright, pieces cut to a width, words at both ends.

use ratatui::text::{Line, Span};

use crate::config::Role;
use crate::ui::pane::Cx;
use crate::ui::widgets::{measure, rows};

/// `text` with the letters at the byte offsets `at`, which are sorted, standing out.
pub(super) fn lit(text: &str, at: &[usize], role: Role, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let (mut start, mut is_lit) = (0, false);
    let mut push = |piece: &str, is_lit: bool| {
        if !piece.is_empty() {
            spans.push(cx.span(if is_lit { Role::Accent } else { role }, piece));
        }
    };
    for (offset, _) in text.char_indices() {
        let is_hit = at.binary_search(&offset).is_ok();
        if is_hit != is_lit {
            push(text.get(start..offset).unwrap_or_default(), is_lit);
            (start, is_lit) = (offset, is_hit);
        }
    }
    push(text.get(start..).unwrap_or_default(), is_lit);
    spans
}

/// Leaves out, from the end, what does not fit into `columns`; the last piece that fits in part is cut visibly.
pub(super) fn cut(spans: Vec<Span<'static>>, columns: usize) -> Vec<Span<'static>> {
    if rows::width(&spans) <= columns {
        return spans;
    }
    let mut left = columns.saturating_sub(1);
    let mut kept = Vec::new();
    for span in spans {
        let width = measure::width(&span.content);
        if width <= left {
            left -= width;
            kept.push(span);
            continue;
        }
        // More follows, even where this piece alone would fit.
        let text = format!("{}…", span.content);
        let text = measure::fit(&text, left + usize::from(columns > 0)).into_owned();
        kept.push(Span::styled(text, span.style));
        break;
    }
    kept
}

/// `spans` cut or filled with blanks to exactly `columns`.
pub(super) fn pad(spans: Vec<Span<'static>>, columns: usize) -> Vec<Span<'static>> {
    let mut spans = cut(spans, columns);
    let blanks = columns.saturating_sub(rows::width(&spans));
    if blanks > 0 {
        spans.push(Span::raw(" ".repeat(blanks)));
    }
    spans
}

/// `left` at the left of `columns` and `right` at the right; the right one is left out where there is no room for both.
pub(super) fn ends(
    left: Vec<Span<'static>>,
    right: Vec<Span<'static>>,
    columns: usize,
) -> Line<'static> {
    let used = rows::width(&left) + rows::width(&right);
    if used + 1 > columns || right.is_empty() {
        return Line::from(cut(left, columns));
    }
    let mut spans = left;
    spans.push(Span::raw(" ".repeat(columns - used)));
    spans.extend(right);
    Line::from(spans)
}

/// As many whole words of `text` as fit into `columns`, with `…` where some are missing.
pub(super) fn words(text: &str, columns: usize) -> String {
    if measure::width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split(' ') {
        if measure::width(&kept) + measure::width(word) + 2 > columns {
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    if columns > 0 {
        kept.push('…');
    }
    kept
}

/// The sign in front of a row of a list.
pub(super) fn marker(is_selected: bool, cx: &Cx<'_>) -> Span<'static> {
    match is_selected {
        true => cx.span(Role::Accent, "▸ "),
        false => Span::raw("  "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(spans: &[Span<'_>]) -> String {
        spans.iter().map(|span| span.content.as_ref()).collect()
    }

    #[test]
    fn pieces_are_cut_visibly_and_filled() {
        let spans = || vec![Span::raw("abc"), Span::raw("def")];
        assert_eq!(text(&cut(spans(), 6)), "abcdef");
        assert_eq!(text(&cut(spans(), 5)), "abcd…");
        assert_eq!(text(&cut(spans(), 3)), "ab…");
        assert_eq!(text(&cut(spans(), 0)), "");
        assert_eq!(text(&pad(spans(), 8)), "abcdef  ");
        let line = ends(spans(), vec![Span::raw("x")], 9);
        assert_eq!(text(&line.spans), "abcdef  x");
        assert_eq!(
            text(&ends(spans(), vec![Span::raw("x")], 6).spans),
            "abcdef"
        );
    }

    #[test]
    fn sentences_are_cut_between_words() {
        assert_eq!(words("move money once", 15), "move money once");
        assert_eq!(words("move money once", 12), "move money…");
        assert_eq!(words("move", 2), "…");
    }
}
