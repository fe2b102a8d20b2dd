//! The Diff tab: the answer beside the one before it. What differs first, what is expected to differ behind it, in grey.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::replay::{Findings, State};
use crate::app::requests::Entry;
use crate::config::{Action, Role};
use crate::document::{Change, Difference, Document, NodeKind};
use crate::domain::{JobId, MASK};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::beside::words;
use crate::ui::panes::inspector::grouping::{Grouping, Item, Row, depth};
use crate::ui::panes::inspector::request;
use crate::ui::panes::inspector::values::{label, name, share, value};
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
/// Columns by which what differs in an item stands behind it.
const INDENT: usize = 2;

/// How a comparison is looked at.
#[derive(Default)]
pub(super) struct Diff {
    row: usize,
    scroll: Scroll,
    /// Of which exchange the rows are.
    job: Option<JobId>,
    /// What was put in order.
    findings: Option<Arc<Findings>>,
    /// Its differences as rows.
    grouping: Grouping,
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
        self.grouping = Grouping::new(differences, &self.grouping);
        let width = |row: &Row| match (row, self.grouping.item(number(*row))) {
            (Row::Alone(place) | Row::Within(_, place), item) => {
                let path = differences.get(*place).map_or("", |one| &one.path);
                let start = item.map_or(0, |item| item.path.len());
                let indent = if item.is_some() { INDENT } else { 0 };
                indent + measure::width(path.get(start..).unwrap_or(path))
            }
            (Row::Item(_), item) => item.map_or(0, |item| measure::width(&item.path)),
        };
        self.paths = self.grouping.all().iter().map(width).max().unwrap_or(0);
        let endpoint = entry.and_then(|entry| model.catalog.endpoint(&entry.exchange.endpoint));
        let fields = endpoint.map_or(&[][..], |endpoint| model.catalog.answer_fields(endpoint));
        self.secrets = request::secrets(fields);
        self.row = self.row.min(self.grouping.len().saturating_sub(1));
    }

    /// The difference under the cursor; none on an item in which several things differ.
    pub(super) fn chosen(&self) -> Option<&Difference> {
        match self.grouping.row(self.row)? {
            Row::Alone(place) | Row::Within(_, place) => {
                self.findings.as_ref()?.differences.get(place)
            }
            Row::Item(_) => None,
        }
    }

    /// Where what is under the cursor stands, as jq spells it.
    pub(super) fn place(&self) -> Option<&str> {
        match self.grouping.row(self.row)? {
            Row::Item(number) => Some(&self.grouping.item(number)?.path),
            _ => Some(&self.chosen()?.path),
        }
    }

    /// Whether there is anything to fold.
    pub(super) fn can_fold(&self) -> bool {
        self.grouping.has_items()
    }

    /// Moves or folds, if `action` is about that.
    pub(super) fn act(&mut self, action: Action) -> bool {
        let last = self.grouping.len().saturating_sub(1);
        let target = scroll::step(action, self.row, last, self.scroll.page())
            .or_else(|| self.grouping.act(action, self.row));
        self.row = target.unwrap_or(self.row);
        target.is_some()
    }

    pub(super) fn click(&mut self, row: usize) {
        let row = row
            .checked_sub(self.above.into())
            .map(|row| row + self.scroll.offset());
        if let Some(row) = row.filter(|row| *row < self.grouping.len()) {
            self.row = row;
        }
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        let last = self.grouping.len().saturating_sub(1);
        self.row = self.row.saturating_add_signed(rows).min(last);
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, entry: &Entry, cx: &Cx<'_>) {
        let Some(comparison) = cx.model.replay.of(entry.exchange.job) else {
            return; // the tab is not there
        };
        let mut head = words(comparison, entry, area.width, cx);
        let room = area
            .height
            .saturating_sub(ENOUGH.min(rows::count(self.grouping.len())));
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
        let first = self.scroll.show(self.row, self.grouping.len(), list.height);
        let last = self.grouping.len().min(first + usize::from(list.height));
        let seen = (first..last).zip(self.grouping.rows(first..last));
        let both = (&*old, &**new);
        let lines = seen.filter_map(|(at, row)| {
            let line = match row {
                Row::Item(number) => {
                    let item = self.grouping.item(*number)?;
                    self.item_line(item, &findings, both, list.width, cx)?
                }
                Row::Alone(place) | Row::Within(_, place) => {
                    let item = self.grouping.item(number(*row));
                    let difference = findings.differences.get(*place)?;
                    self.line(difference, item, both, list.width, cx)
                }
            };
            Some(highlight(line, at == self.row, cx))
        });
        rows::draw(frame, list, lines.collect::<Vec<_>>());
    }

    /// An item in which several things differ: which it is, and where it was, or what is folded away.
    fn item_line(
        &self,
        item: &Item,
        findings: &Findings,
        (old, new): (&Document, &Document),
        columns: u16,
        cx: &Cx<'_>,
    ) -> Option<Line<'static>> {
        let differences = &findings.differences;
        let first = differences.get(item.moved.or(item.places.first().copied())?)?;
        let (document, node) = match first.change {
            Change::Removed { from } => (old, from),
            Change::Added { to, .. } | Change::Changed { to, .. } | Change::Moved { to, .. } => {
                (new, to)
            }
        };
        let below = first.path.get(item.path.len()..).unwrap_or_default();
        let node = (0..depth(below)).try_fold(node, |node, _| document.parent(node))?;
        let is_grey = first.is_volatile;
        let shade = |role| if is_grey { Role::Muted } else { role };
        let paths = self.columns_of(&item.path, columns);
        let sign = if item.is_folded { "▸" } else { "▾" };
        let path = visible(&item.path);
        let mut spans = vec![
            cx.span(Role::Muted, format!("   {sign} ")),
            cx.span(
                shade(Role::Name),
                measure::pad(&measure::fit_path(&path, paths), paths),
            ),
            Span::raw("  "),
        ];
        let mut rest = Vec::new();
        if let Some(Change::Moved { from, .. }) = item.moved.and(Some(first.change)) {
            rest.push((Role::Accent, format!("was {} · ", visible(&old.path(from)))));
        }
        let which = if item.is_folded { name } else { label };
        rest.push((Role::Text, which(document, node, &self.secrets)));
        if item.is_folded {
            let names = item.places.iter().filter_map(|place| {
                let path = &differences.get(*place)?.path;
                Some(path.get(item.path.len()..)?.trim_start_matches('.'))
            });
            let names = visible(&names.collect::<Vec<_>>().join(", ")).into_owned();
            rest.push((Role::Muted, format!(" · {names}")));
        }
        for (role, words) in rest {
            let left = usize::from(columns).saturating_sub(rows::width(&spans) + 1);
            spans.push(cx.span(shade(role), measure::fit_words(&words, left)));
        }
        Some(Line::from(spans))
    }

    /// Columns of the paths: as many as `path` alone needs where they do not stand in columns.
    fn columns_of(&self, path: &str, columns: u16) -> usize {
        let room = usize::from(columns).saturating_sub(SIGN + 1);
        match columns >= WIDE {
            true => self.paths.min(room * 2 / 5),
            false => measure::width(path).min(room / 2),
        }
    }

    fn line(
        &self,
        difference: &Difference,
        item: Option<&Item>,
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
        let indent = if item.is_some() { INDENT } else { 0 };
        let start = item.map_or(0, |item| item.path.len());
        let path = visible(difference.path.get(start..).unwrap_or_default());
        let paths = self.columns_of(&path, columns).saturating_sub(indent);
        let path = measure::pad(&measure::fit_path(&path, paths), paths);
        let mut spans = vec![
            cx.span(shade(role), format!("{:indent$}   {sign} ", "")),
            cx.span(shade(Role::Name), path),
            Span::raw("  "),
        ];
        let left = usize::from(columns).saturating_sub(rows::width(&spans) + 1);
        let is_secret = self
            .secrets
            .iter()
            .any(|name| has_step(&difference.path, name));
        let value = |document: &Document, node| match is_secret {
            true => MASK.to_owned(),
            false => value(document, node, &self.secrets),
        };
        match difference.change {
            Change::Added { to, .. } => {
                spans.push(cx.span(shade(Role::Success), measure::fit(&value(new, to), left)));
            }
            Change::Removed { from } => {
                spans.push(cx.span(shade(Role::Danger), measure::fit(&value(old, from), left)));
            }
            Change::Moved { from, to } => {
                let was = format!("was {}", visible(&old.path(from)));
                let words = match new.kind(to) {
                    NodeKind::Object => format!("{} · {was}", value(new, to)),
                    _ => was,
                };
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

/// Number of the item that `row` is below; one that there is not for others.
fn number(row: Row) -> usize {
    match row {
        Row::Within(number, _) | Row::Item(number) => number,
        Row::Alone(_) => usize::MAX,
    }
}

/// Whether one of the names on the way is `name`.
fn has_step(path: &str, name: &str) -> bool {
    path.split(['.', '['])
        .any(|step| step.trim_end_matches(']').trim_matches('"') == name)
}
