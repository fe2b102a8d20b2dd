//! The line above a pane: its number, its title, a rule, and what the pane adds to it.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::Role;
use crate::ui::pane::{Cx, Pane};
use crate::ui::tabs;
use crate::ui::widgets::{measure, rows};

/// Draws the title of `pane`; with the gist of the pane in it where nothing else is seen of it.
pub(crate) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    pane: &dyn Pane,
    is_folded: bool,
    cx: &Cx<'_>,
) {
    // As far from the edge as header and footer are.
    let columns = usize::from(area.width).saturating_sub(1);
    let (title, rule, stroke) = match cx.is_focused {
        true => (Role::TitleFocused, Role::RuleFocused, "━"),
        false => (Role::Title, Role::Rule, "─"),
    };
    let key = if cx.is_focused {
        Role::TitleFocused
    } else {
        Role::Muted
    };
    let number = cx.key("", pane.focus());
    let mut spans = vec![cx.span(key, format!(" {number} "))];
    let mark = if is_folded { Vec::new() } else { pane.mark(cx) };
    match pane.tabs().filter(|_| !is_folded) {
        Some((names, open)) => {
            let room = columns.saturating_sub(rows::width(&spans) + rows::width(&mark) + 4);
            spans.extend(tabs::spans(&names, open, title, room, cx));
        }
        None => spans.push(cx.span(title, pane.title())),
    }
    spans.push(Span::raw(" "));
    let used = rows::width(&spans);
    let room = columns.saturating_sub(used + rows::width(&mark) + 2);
    let middle = if is_folded {
        let mut summary = vec![cx.span(rule, stroke.repeat(2)), Span::raw(" ")];
        summary.extend(pane.summary(cx));
        shorten(summary, room)
    } else {
        pane.tail(cx, room)
    };
    if !middle.is_empty() {
        spans.extend(middle);
        spans.push(Span::raw(" "));
    }
    let used = rows::width(&spans);
    if mark.is_empty() {
        spans.push(cx.span(rule, stroke.repeat(columns.saturating_sub(used))));
    } else {
        let rest = columns.saturating_sub(used + rows::width(&mark) + 1);
        spans.push(cx.span(rule, stroke.repeat(rest)));
        spans.push(Span::raw(" "));
        spans.extend(mark);
    }
    rows::draw(frame, area, [Line::from(spans)]);
}

/// The text of the title that was drawn, a letter for each column.
pub(crate) fn read(buffer: &Buffer, area: Rect) -> String {
    let row = (area.left()..area.right()).filter_map(|x| buffer.cell((x, area.y)));
    let letters = row.map(|cell| cell.symbol().chars().next().unwrap_or(' '));
    letters.collect()
}

/// Which of `names` stands at `column` of a title.
pub(crate) fn name_at(title: &str, names: &[&str], column: usize) -> Option<usize> {
    let letters: Vec<char> = title.chars().collect();
    names.iter().position(|name| {
        let name: Vec<char> = name.chars().collect();
        let mut windows = letters.windows(name.len().max(1)).enumerate();
        windows.any(|(at, letters)| letters == name && (at..at + name.len()).contains(&column))
    })
}

/// Leaves out, from the end, what does not fit into `columns`; the last piece that fits in part is cut visibly.
fn shorten(spans: Vec<Span<'static>>, columns: usize) -> Vec<Span<'static>> {
    let mut left = columns;
    let mut kept = Vec::new();
    for span in spans {
        let width = measure::width(&span.content);
        if width <= left {
            left -= width;
            kept.push(span);
            continue;
        }
        kept.push(Span::styled(
            measure::fit(&span.content, left).into_owned(),
            span.style,
        ));
        break;
    }
    kept
}
