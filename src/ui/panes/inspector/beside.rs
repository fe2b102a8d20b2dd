//! What stands above the differences: what the answer is compared with, how status and time differ, how much is as expected.

use ratatui::text::{Line, Span};

use crate::app::replay::{Comparison, Findings, State};
use crate::app::requests::Entry;
use crate::app::{Baseline, BaselineOrigin};
use crate::config::{Action, Role};
use crate::document::Change;
use crate::domain::Response;
use crate::ui::pane::Cx;
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{amount, measure, rows, wrap};

/// What stands above the list.
pub(super) fn words(
    comparison: &Comparison,
    entry: &Entry,
    columns: u16,
    cx: &Cx<'_>,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let response = entry.exchange.response();
    match (&comparison.baseline, response) {
        (Some(baseline), response) => lines.push(beside(baseline, response, columns, cx)),
        (None, Some(_)) => {
            let again = cx.key("inspector", Action::Replay);
            let text = format!(
                "there was no answer to compare with; {again} sends it again and compares with this one"
            );
            lines.extend(paragraph(Role::Muted, &text, columns, cx));
        }
        (None, None) => {}
    }
    match &comparison.state {
        State::Filling(_) | State::Sending => {
            lines.push(cx.line(
                Role::Muted,
                format!("   {} waiting for the answer", cx.spinner()),
            ));
        }
        State::Comparing(_) => {
            lines.push(cx.line(Role::Muted, format!("   {} comparing", cx.spinner())));
        }
        State::Failed(problem) => {
            lines.extend(paragraph(Role::Danger, &problem.to_string(), columns, cx));
        }
        State::Done(findings) => {
            for failure in &findings.failures {
                lines.extend(paragraph(
                    Role::Danger,
                    &format!("✗ {failure}"),
                    columns,
                    cx,
                ));
            }
            if findings.failures.is_empty() && !comparison.expect.is_empty() {
                lines.push(cx.line(Role::Success, "   ✓ as expected"));
            }
            if comparison.baseline.is_some() {
                lines.push(counts(findings, columns, cx));
            }
        }
    }
    lines
}

/// When the other answer came and for whom, and how status and time differ; less of it where there is less room.
fn beside(
    baseline: &Baseline,
    response: Option<&Response>,
    columns: u16,
    cx: &Cx<'_>,
) -> Line<'static> {
    let dot = || cx.span(Role::Muted, " · ");
    let (at, user, status, total) = match &baseline.origin {
        BaselineOrigin::Exchange {
            at,
            user,
            status,
            total,
        } => (*at, user, *status, *total),
        BaselineOrigin::Recorded(file) => return beside_file(file, response, columns, cx),
    };
    let mut head = vec![
        cx.span(Role::Muted, "   beside the answer of "),
        cx.span(Role::Text, cx.time(at)),
    ];
    let mut tail = Vec::new();
    if let Some(response) = response {
        tail.push(dot());
        tail.push(match status == response.status {
            true => cx.span(Role::Muted, format!("{} as before", response.status)),
            false => {
                let words = format!("{status} → {}", response.status);
                cx.span(Role::Danger, words)
            }
        });
        let after = measure::duration(response.timing.total);
        let times = format!("{} → {after}", measure::duration(total));
        let used = rows::width(&head) + rows::width(&tail) + measure::width(&times) + 3;
        if used < usize::from(columns) {
            tail.extend([dot(), cx.span(Role::Muted, times)]);
        }
    }
    if let Some(user) = user {
        let user = cx.span(Role::Muted, format!(" for {user}"));
        let used = rows::width(&head) + rows::width(&tail) + measure::width(&user.content);
        if used < usize::from(columns) {
            head.push(user);
        }
    }
    head.extend(tail);
    Line::from(head)
}

/// The file in which the other answer is recorded, and status and time of the new one.
fn beside_file(
    file: &str,
    response: Option<&Response>,
    columns: u16,
    cx: &Cx<'_>,
) -> Line<'static> {
    let mut spans = vec![
        cx.span(Role::Muted, "   beside the recorded answer "),
        cx.span(Role::Text, visible(file)),
    ];
    if let Some(response) = response {
        let time = measure::duration(response.timing.total);
        let words = format!(" · {} · {time}", response.status);
        if rows::width(&spans) + measure::width(&words) < usize::from(columns) {
            spans.push(cx.span(Role::Muted, words));
        }
    }
    Line::from(spans)
}

/// How many of each kind.
fn counts(findings: &Findings, columns: u16, cx: &Cx<'_>) -> Line<'static> {
    let count =
        |is_it: fn(&Change) -> bool| findings.real().filter(|one| is_it(&one.change)).count();
    let kinds = [
        (
            count(|change| matches!(change, Change::Changed { .. })),
            "changed",
            Role::Warning,
        ),
        (
            count(|change| matches!(change, Change::Added { .. })),
            "added",
            Role::Success,
        ),
        (
            count(|change| matches!(change, Change::Removed { .. })),
            "removed",
            Role::Danger,
        ),
        (
            count(|change| matches!(change, Change::Moved { .. })),
            "moved",
            Role::Accent,
        ),
    ];
    let mut spans = vec![Span::raw("   ")];
    for (count, word, role) in kinds.into_iter().filter(|(count, ..)| *count > 0) {
        if spans.len() > 1 {
            spans.push(cx.span(Role::Muted, " · "));
        }
        spans.push(cx.span(role, format!("{} {word}", amount::grouped(count))));
    }
    if spans.len() == 1 {
        spans.push(cx.span(Role::Success, "nothing differs"));
    }
    let volatile = findings
        .differences
        .iter()
        .filter(|one| one.is_volatile)
        .count();
    if volatile > 0 {
        let left = usize::from(columns).saturating_sub(rows::width(&spans) + 1);
        let count = amount::grouped(volatile);
        let words = [" as expected, at the end", " as expected", " expected"];
        let words = words.map(|words| format!(" · {count}{words}"));
        let fits = words
            .into_iter()
            .find(|words| measure::width(words) <= left);
        spans.extend(fits.map(|words| cx.span(Role::Muted, words)));
    }
    Line::from(spans)
}

fn paragraph(role: Role, text: &str, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let wrapped = wrap::words(text, columns.saturating_sub(4).into());
    wrapped
        .iter()
        .map(|line| cx.line(role, format!("   {line}")))
        .collect()
}
