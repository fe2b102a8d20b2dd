//! How far something is that arrives: bytes, share of the whole, rate. As much of it as there is room for.

use ratatui::text::Span;

use crate::config::Role;
use crate::domain::Progress;
use crate::ui::pane::Cx;
use crate::ui::widgets::{measure, rows};

/// Columns of the bar; each stands for a twelfth.
const BAR: usize = 12;

/// `12 MB of 50 MB`, then the rate and a bar where `columns` allow.
pub(super) fn spans(progress: Progress, columns: usize, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let received = measure::bytes(progress.received);
    let words = match progress.expected {
        Some(expected) => format!("{received} of {}", measure::bytes(expected)),
        None => received,
    };
    let mut spans = vec![cx.span(Role::Text, words)];
    let rate = progress.rate();
    let rate =
        rate.map(|rate| vec![cx.span(Role::Muted, format!(" · {}/s", measure::bytes(rate)))]);
    let bar = progress.percent().map(|percent| bar(percent, cx));
    for part in [rate, bar].into_iter().flatten() {
        if rows::width(&spans) + rows::width(&part) <= columns {
            spans.extend(part);
        }
    }
    spans
}

/// ` · ━━━━━━────── 50 %`.
fn bar(percent: usize, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let done = percent * BAR / 100;
    vec![
        cx.span(Role::Muted, " · "),
        cx.span(Role::Accent, "━".repeat(done)),
        cx.span(Role::Muted, "─".repeat(BAR - done)),
        cx.span(Role::Text, format!(" {percent} %")),
    ]
}
