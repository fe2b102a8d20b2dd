//! The frame of a popup: in the middle, as large as what is in it, never larger than the screen.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use crate::config::Role;
use crate::ui::pane::Cx;
use crate::ui::popups::line;
use crate::ui::widgets::measure;

/// Columns and rows that a frame takes from what is in it: border and one blank at each side.
pub(super) const EDGE: (u16, u16) = (4, 2);

/// The room of popups: header and footer stay in sight, and with them the environment.
pub(crate) fn between(area: Rect) -> Rect {
    Rect {
        y: area.y + area.height.min(1),
        height: area.height.saturating_sub(2),
        ..area
    }
}

/// Draws a frame around room for `columns` × `rows` and answers with that room.
pub(super) fn open(
    frame: &mut Frame<'_>,
    area: Rect,
    title: &str,
    columns: u16,
    rows: u16,
    cx: &Cx<'_>,
) -> Rect {
    let title = vec![cx.span(Role::TitleFocused, title)];
    open_with(frame, area, title, Role::Border, (columns, rows), cx)
}

/// The same with a title of several pieces, which is cut where it is too long, and a border of one's own.
pub(super) fn open_with(
    frame: &mut Frame<'_>,
    area: Rect,
    title: Vec<Span<'static>>,
    border: Role,
    (columns, rows): (u16, u16),
    cx: &Cx<'_>,
) -> Rect {
    let width = columns.saturating_add(EDGE.0).min(area.width);
    let height = rows.saturating_add(EDGE.1).min(area.height);
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    Clear.render(place, frame.buffer_mut());
    let mut heading = vec![Span::raw(" ")];
    heading.extend(line::cut(title, usize::from(width).saturating_sub(6)));
    heading.push(Span::raw(" "));
    Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(cx.style(border))
        .title(Line::from(heading))
        .render(place, frame.buffer_mut());
    place.inner(Margin::new(EDGE.0 / 2, EDGE.1 / 2))
}

/// Tells at the lower edge of `room` that there is more than is seen.
pub(super) fn tell_more(frame: &mut Frame<'_>, room: Rect, hidden: (usize, usize), cx: &Cx<'_>) {
    let words = match hidden {
        (0, 0) => return,
        (0, after) => format!(" {after} more ↓ "),
        (before, 0) => format!(" {before} more ↑ "),
        (before, after) => format!(" {before} ↑ {after} ↓ "),
    };
    let columns = u16::try_from(measure::width(&words)).unwrap_or(u16::MAX);
    let edge = Rect {
        x: room.right().saturating_sub(columns),
        y: room.bottom(),
        width: columns.min(room.width),
        height: 1,
    };
    let edge = edge.intersection(frame.area());
    crate::ui::widgets::rows::draw(frame, edge, [cx.line(Role::Muted, words)]);
}
