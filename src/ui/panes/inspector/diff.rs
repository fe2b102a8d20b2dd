//! The Diff tab: the answer beside the one before it. What differs first, what is expected to differ behind it, in grey.

use std::borrow::Cow;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::replay::{Comparison, Findings, State};
use crate::app::requests::Entry;
use crate::app::{Baseline, BaselineOrigin, Model};
use crate::config::{Action, Role};
use crate::document::{Change, Difference, Document, NodeId, NodeKind};
use crate::domain::{JobId, MASK, Response};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::request;
use crate::ui::panes::users::highlight;
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{amount, measure, rows, wrap};

/// From here on path and values stand in columns.
const WIDE: u16 = 60;
/// Columns of the sign in front of a row.
const SIGN: usize = 5;
/// Rows that the list needs below the words above it.
const ENOUGH: u16 = 4;
/// Letters of a value that are looked at: more than a row shows.
const LONGEST: usize = 200;

/// How a comparison is looked at.
#[derive(Default)]
pub(super) struct Diff {
    row: usize,
    scroll: Scroll,
    /// Of which exchange the rows are.
    job: Option<JobId>,
    /// What was put in order.
    findings: Option<Arc<Findings>>,
    /// Places of the differences: those that count, then the others.
    order: Vec<usize>,
    /// Columns of the longest path.
    paths: usize,
    /// Names of members whose values are not shown.
    secrets: Vec<String>,
    /// Rows above the list at the last drawing.
    above: u16,
}

impl Diff {
    /// Puts the differences in order once they are known, and after a rule has changed.
    pub(super) fn follow(&mut self, entry: Option<&Entry>, model: &Model) {
        let comparison = entry.and_then(|entry| model.replay.of(entry.exchange.job));
        let findings = match comparison.map(|comparison| &comparison.state) {
            Some(State::Done(findings)) => Some(findings),
            _ => None,
        };
        let is_same = match (&self.findings, findings) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (None, None) => true,
            _ => false,
        };
        let job = comparison.map(|comparison| comparison.job);
        if is_same && self.job == job {
            return;
        }
        if self.job != job {
            *self = Self::default();
        }
        self.job = job;
        self.findings = findings.cloned();
        let differences = findings.map_or(&[][..], |findings| &findings.differences);
        self.order = (0..differences.len()).collect();
        self.order
            .sort_by_key(|place| differences.get(*place).is_some_and(|one| one.is_volatile));
        self.paths = differences
            .iter()
            .map(|one| measure::width(&one.path))
            .max()
            .unwrap_or(0);
        let endpoint = entry.and_then(|entry| model.catalog.endpoint(&entry.exchange.endpoint));
        let fields = endpoint.map_or(&[][..], |endpoint| model.catalog.answer_fields(endpoint));
        self.secrets = request::secrets(fields);
        self.row = self.row.min(self.order.len().saturating_sub(1));
    }

    /// The difference under the cursor.
    pub(super) fn chosen(&self) -> Option<&Difference> {
        let place = self.order.get(self.row)?;
        self.findings.as_ref()?.differences.get(*place)
    }

    /// Moves, if `action` is about that.
    pub(super) fn act(&mut self, action: Action) -> bool {
        let last = self.order.len().saturating_sub(1);
        let target = scroll::step(action, self.row, last, self.scroll.page());
        self.row = target.unwrap_or(self.row);
        target.is_some()
    }

    pub(super) fn click(&mut self, row: usize) {
        let row = row
            .checked_sub(self.above.into())
            .map(|row| row + self.scroll.offset());
        if let Some(row) = row.filter(|row| *row < self.order.len()) {
            self.row = row;
        }
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        let last = self.order.len().saturating_sub(1);
        self.row = self.row.saturating_add_signed(rows).min(last);
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, entry: &Entry, cx: &Cx<'_>) {
        let Some(comparison) = cx.model.replay.of(entry.exchange.job) else {
            return; // the tab is not there
        };
        let mut head = words(comparison, entry, area.width, cx);
        let room = area
            .height
            .saturating_sub(ENOUGH.min(rows::count(self.order.len())));
        head.truncate(room.max(1).into());
        self.above = rows::count(head.len());
        rows::draw(frame, area, head);
        let list = rows::below(area, self.above);
        let (Some(findings), Some(old), Some(new)) = (
            self.findings.clone(),
            comparison
                .baseline
                .as_ref()
                .map(|baseline| Arc::clone(&baseline.document)),
            &entry.document,
        ) else {
            return; // nothing to list
        };
        let first = self.scroll.show(self.row, self.order.len(), list.height);
        let seen = self
            .order
            .iter()
            .enumerate()
            .skip(first)
            .take(list.height.into());
        let lines = seen.filter_map(|(row, place)| {
            let difference = findings.differences.get(*place)?;
            let line = self.line(difference, (&old, new), list.width, cx);
            Some(highlight(line, row == self.row, cx))
        });
        rows::draw(frame, list, lines.collect::<Vec<_>>());
    }

    fn line(
        &self,
        difference: &Difference,
        (old, new): (&Document, &Document),
        columns: u16,
        cx: &Cx<'_>,
    ) -> Line<'static> {
        let is_grey = difference.is_volatile;
        let shade = |role| if is_grey { Role::Muted } else { role };
        let (sign, role) = match difference.change {
            Change::Added { .. } => ("+", Role::Success),
            Change::Removed { .. } => ("−", Role::Danger),
            Change::Changed { .. } => ("~", Role::Warning),
            Change::Moved { .. } => ("↕", Role::Accent),
        };
        let room = usize::from(columns).saturating_sub(SIGN + 1);
        let paths = match columns >= WIDE {
            true => self.paths.min(room * 2 / 5),
            false => measure::width(&difference.path).min(room / 2),
        };
        let path = visible(&difference.path);
        let path = measure::pad(&measure::fit_end(&path, paths), paths);
        let mut spans = vec![
            cx.span(shade(role), format!("   {sign} ")),
            cx.span(shade(Role::Name), path),
            Span::raw("  "),
        ];
        let left = room.saturating_sub(paths + 2);
        let is_secret = self
            .secrets
            .iter()
            .any(|name| has_step(&difference.path, name));
        let value = |document: &Document, node| match is_secret {
            true => MASK.to_owned(),
            false => value(document, node),
        };
        match difference.change {
            Change::Added { to, .. } => {
                spans.push(cx.span(shade(Role::Success), measure::fit(&value(new, to), left)));
            }
            Change::Removed { from } => {
                spans.push(cx.span(shade(Role::Danger), measure::fit(&value(old, from), left)));
            }
            Change::Moved { from, .. } => {
                let words = format!("was {}", visible(&old.path(from)));
                spans.push(cx.span(shade(Role::Text), measure::fit(&words, left)));
            }
            Change::Changed { from, to } => {
                let (before, after) = (value(old, from), value(new, to));
                let (before, after) = share(&before, &after, left.saturating_sub(3));
                spans.extend([
                    cx.span(shade(Role::Danger), before),
                    cx.span(Role::Muted, " → "),
                    cx.span(shade(Role::Success), after),
                ]);
            }
        }
        Line::from(spans)
    }
}

/// Whether one of the names on the way is `name`.
fn has_step(path: &str, name: &str) -> bool {
    path.split(['.', '['])
        .any(|step| step.trim_end_matches(']').trim_matches('"') == name)
}

/// A value in a line: as it is spelled, or what is in it.
fn value(document: &Document, node: NodeId) -> String {
    match document.kind(node) {
        NodeKind::Object => {
            let id = document.get(node, "id").map(|id| document.text(id));
            let id = id.map_or_else(String::new, |id| format!("{id} · "));
            visible(&format!("{id}{}", document.summary(node))).into_owned()
        }
        NodeKind::Array => visible(&document.summary(node)).into_owned(),
        _ => {
            let raw = document.raw(node);
            let start = raw.get(..LONGEST).unwrap_or(raw);
            visible(&String::from_utf8_lossy(start)).into_owned()
        }
    }
}

/// Both texts in `columns`: the shorter one whole, if it takes less than half.
fn share<'a>(before: &'a str, after: &'a str, columns: usize) -> (Cow<'a, str>, Cow<'a, str>) {
    let (one, two) = (measure::width(before), measure::width(after));
    let half = columns / 2;
    let first = match (one <= half, two <= half) {
        (true, _) => one,
        (false, true) => columns.saturating_sub(two),
        (false, false) => half,
    };
    (
        measure::fit(before, first),
        measure::fit(after, columns.saturating_sub(first.min(one))),
    )
}

/// What stands above the list.
fn words(comparison: &Comparison, entry: &Entry, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
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
                lines.push(counts(findings, cx));
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
        tail.extend([dot(), cx.span(Role::Muted, times)]);
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
fn counts(findings: &Findings, cx: &Cx<'_>) -> Line<'static> {
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
        let words = format!(" · {} as expected (grey)", amount::grouped(volatile));
        spans.push(cx.span(Role::Muted, words));
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
