//! The Headers tab: the header fields of the answer as they came.

use ratatui::text::{Line, Span};

use crate::app::requests::Entry;
use crate::config::Role;
use crate::ui::pane::Cx;
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, wrap};

/// Names of fields that are longer than this do not push the values further to the right.
const WIDEST_NAME: usize = 28;

pub(super) fn lines(entry: &Entry, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    match entry.exchange.response() {
        Some(response) => {
            let mut lines = vec![Line::from(vec![
                Span::raw("   "),
                cx.span(Role::Muted, &response.version),
            ])];
            lines.extend(table(&response.headers, columns, cx));
            lines
        }
        None => vec![cx.line(Role::Muted, "   there is no answer, and no headers")],
    }
}

/// Names and values in two columns; a value that is longer than its column goes on below itself.
pub(super) fn table(fields: &[(String, String)], columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let widest = fields
        .iter()
        .map(|(name, _)| measure::width(&visible(name)))
        .max();
    let names = widest.unwrap_or(0).min(WIDEST_NAME);
    let room = usize::from(columns).saturating_sub(names + 2 + 4);
    let mut lines = Vec::new();
    for (name, value) in fields {
        let name = visible(name);
        for (row, piece) in wrap::url(value, room.max(8)).into_iter().enumerate() {
            let name = if row == 0 {
                measure::pad(&name, names)
            } else {
                " ".repeat(names)
            };
            lines.push(Line::from(vec![
                cx.span(Role::Name, format!("   {name}  ")),
                cx.span(Role::Text, piece),
            ]));
        }
    }
    lines
}
