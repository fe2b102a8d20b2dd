//! The Diff tab: the answer beside the one before it. What differs first, what is expected to differ behind it, in grey.

use std::borrow::Cow;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::replay::{Findings, State};
use crate::app::requests::Entry;
use crate::config::{Action, Role};
use crate::document::{Change, Difference, Document, NodeId, NodeKind};
use crate::domain::{JobId, MASK};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::beside::words;
use crate::ui::panes::inspector::request;
use crate::ui::panes::users::highlight;
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

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
