//! The Timing tab: where the time of an exchange went, as bars one after the other.

use std::time::Duration;

use ratatui::text::{Line, Span};

use crate::app::requests::Entry;
use crate::config::Role;
use crate::ui::pane::Cx;
use crate::ui::widgets::measure;

/// Columns of the names of the phases.
const NAMES: usize = 20;
/// Columns of the durations.
const DURATIONS: usize = 8;
/// A bar that is wider tells no more.
const WIDEST: usize = 60;

pub(super) fn lines(entry: &Entry, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let Some(response) = entry.exchange.response() else {
        return vec![cx.line(Role::Muted, "   there is no answer, and nothing to time")];
    };
    let timing = &response.timing;
    let room = usize::from(columns)
        .saturating_sub(3 + NAMES + DURATIONS + 4)
        .min(WIDEST);
    let phases = [
        ("name lookup", timing.dns),
        ("connect", timing.connect),
        ("wait for the answer", Some(timing.wait)),
        ("download", Some(timing.download)),
    ];
    let mut lines = Vec::new();
    let mut before = Duration::ZERO;
    for (name, phase) in phases {
        let bar = bar(before, phase.unwrap_or_default(), timing.total, room);
        before += phase.unwrap_or_default();
        lines.push(line(name, phase, cx.span(Role::Accent, bar), cx));
    }
    lines.push(line("total", Some(timing.total), Span::raw(""), cx));
    lines.push(Line::default());
    let received = format!("   received at {}", cx.time(response.received_at));
    lines.push(cx.line(Role::Muted, received));
    if timing.connect.is_none() {
        lines.push(cx.line(Role::Muted, "   the connection was already open"));
    }
    lines
}

fn line(name: &str, phase: Option<Duration>, bar: Span<'static>, cx: &Cx<'_>) -> Line<'static> {
    let (role, words) = match phase {
        Some(phase) => (Role::Text, measure::duration(phase)),
        None => (Role::Muted, "–".into()),
    };
    Line::from(vec![
        cx.span(Role::Muted, format!("   {}", measure::pad(name, NAMES))),
        cx.span(role, measure::pad_left(&words, DURATIONS)),
        Span::raw("  "),
        bar,
    ])
}

/// A bar of `phase` behind the phases `before` it; one that took any time is seen.
fn bar(before: Duration, phase: Duration, total: Duration, room: usize) -> String {
    let total = total.as_micros().max(1);
    let scale = |duration: Duration| {
        let columns = duration.as_micros().min(total) * room as u128 / total;
        usize::try_from(columns).unwrap_or(room)
    };
    if phase.is_zero() || room == 0 {
        return String::new();
    }
    let start = scale(before).min(room - 1);
    let end = scale(before + phase).clamp(start + 1, room);
    format!("{}{}", " ".repeat(start), "▬".repeat(end - start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_follow_each_other_and_are_never_invisible() {
        let millis = Duration::from_millis;
        assert_eq!(bar(millis(0), millis(50), millis(100), 10), "▬▬▬▬▬");
        assert_eq!(bar(millis(50), millis(50), millis(100), 10), "     ▬▬▬▬▬");
        assert_eq!(bar(millis(100), millis(1), millis(100), 10), "         ▬");
        assert_eq!(bar(millis(0), millis(0), millis(0), 10), "");
        assert_eq!(bar(millis(0), millis(9), millis(3), 0), "");
    }
}
