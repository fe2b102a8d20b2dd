//! Writes lines into cells, one a row.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::ui::widgets::measure;

/// Draws `lines` from the top of `area` on, as many as it has rows.
pub(crate) fn draw<'a>(
    frame: &mut Frame<'_>,
    area: Rect,
    lines: impl IntoIterator<Item = Line<'a>>,
) {
    for (row, line) in area.rows().zip(lines) {
        // The style of the line reaches to the end of the row; that of its parts lies over it.
        frame.buffer_mut().set_style(row, line.style);
        frame.buffer_mut().set_line(row.x, row.y, &line, row.width);
    }
}

/// `area` without `rows` at its top.
pub(crate) fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

/// The `rows` at the top of `area`.
pub(crate) fn top(area: Rect, rows: u16) -> Rect {
    Rect {
        height: rows.min(area.height),
        ..area
    }
}

/// Columns that `spans` take.
pub(crate) fn width(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| measure::width(&span.content)).sum()
}

/// A number of rows as the terminal counts them.
pub(crate) fn count(rows: usize) -> u16 {
    u16::try_from(rows).unwrap_or(u16::MAX)
}
