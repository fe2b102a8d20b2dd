//! Several requests one after the other, or one as several users: a line each, with what came of it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::runs::{self, Leg, Outcome, Run, State};
use crate::app::{Modal, Msg, saved};
use crate::config::{Action, Role};
use crate::domain::Problem;
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::panes::users::highlight;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::line;
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Wider is not easier to read.
const WIDEST: u16 = 110;
/// Columns of the longest label where there is more to tell.
const LABELS: usize = 30;
/// Columns of a status.
const STATUS: usize = 8;
/// Columns of a time.
const TIME: usize = 9;
/// Columns of a size.
const SIZE: usize = 8;
/// Rows above the list: how it went, and a blank one.
const HEAD: u16 = 2;
/// From here on there is room for the blank one.
const ENOUGH: u16 = 4;
/// From here on there is room for sizes.
const WITH_SIZES: usize = 84;

/// How a run is looked at.
#[derive(Default)]
pub(super) struct Watching {
    row: usize,
    scroll: Scroll,
    /// Whether it was looked at before: it begins with the answer from which somebody came back.
    has_begun: bool,
    /// Whether something was on its way when it was looked at last.
    was_running: bool,
    /// Whether the person has moved: until then what is sent is kept in sight.
    has_moved: bool,
}

impl Popup for Watching {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &["run", "list", "always"]
    }

    fn hints(&self, open: Open<'_>) -> Vec<Hint> {
        let Some(run) = &open.model.run else {
            return Vec::new();
        };
        let mut hints = Vec::new();
        match run.legs.get(self.row).map(|leg| &leg.state) {
            Some(State::Done(_)) => hints.push((Action::Confirm, Some("see the answer"))),
            Some(State::Failed(_)) => hints.push((Action::Confirm, Some("see why"))),
            Some(State::Waiting | State::Running(_)) | None => {}
        }
        hints.push(match (run.is_stopped, run.done() < run.legs.len()) {
            (false, true) => (Action::CancelCall, Some("stop")),
            (true, true) => (Action::Replay, Some("go on")),
            (_, false) => (Action::Replay, Some("send all again")),
        });
        if run.legs.iter().any(Leg::is_odd) {
            hints.push((Action::NextMatch, Some("next ✗")));
        }
        hints
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        let Some(run) = &open.model.run else {
            return vec![close()];
        };
        let last = run.legs.len().saturating_sub(1);
        if let Some(row) = scroll::step(action, self.row, last, self.scroll.page()) {
            (self.row, self.has_moved) = (row, true);
            return Vec::new();
        }
        match action {
            Action::NextMatch | Action::PreviousMatch => {
                if let Some(row) = next_odd(run, self.row, action == Action::NextMatch) {
                    (self.row, self.has_moved) = (row, true);
                }
                Vec::new()
            }
            Action::CancelCall => vec![Msg::Runs(runs::Msg::Stop)],
            Action::Replay => vec![Msg::Runs(runs::Msg::GoOn)],
            Action::Confirm => match run.legs.get(self.row).map(|leg| &leg.state) {
                Some(State::Done(outcome)) if open.model.requests.find(outcome.job).is_none() => {
                    let words = "this one is no longer in the session: see the history";
                    vec![Msg::warning(words)]
                }
                Some(State::Done(outcome)) => vec![
                    close(),
                    Msg::Runs(runs::Msg::Leave(outcome.job)),
                    shown(outcome),
                ],
                Some(State::Failed(problem)) => vec![Msg::open(Modal::Problem(problem.clone()))],
                _ => vec![Msg::warning("there is no answer yet")],
            },
            _ => Vec::new(),
        }
    }

    fn wheel(&mut self, rows: isize) {
        self.row = self.row.saturating_add_signed(rows);
        self.has_moved = true;
    }

    fn follow(&mut self, open: Open<'_>) {
        let Some(run) = &open.model.run else { return };
        self.row = self.row.min(run.legs.len().saturating_sub(1));
        let has_begun = std::mem::replace(&mut self.has_begun, true);
        if self.has_moved {
            return;
        }
        let place = |is_it: &dyn Fn(&Leg) -> bool| run.legs.iter().position(is_it);
        let shown = open.model.requests.current().map(|it| it.exchange.job);
        let running = place(&|leg| matches!(leg.state, State::Running(_)));
        let left = place(&|leg| matches!(&leg.state, State::Done(it) if Some(it.job) == shown));
        let has_ended = run.done() == run.legs.len() && (self.was_running || !has_begun);
        let odd = place(&Leg::is_odd).filter(|_| has_ended);
        self.was_running = running.is_some();
        let target = running.or(left.filter(|_| !has_begun)).or(odd);
        self.row = target.unwrap_or(self.row);
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let Some(run) = &cx.model.run else {
            return; // there is none
        };
        let columns = WIDEST.min(area.width.saturating_sub(EDGE.0));
        let height = rows::count(run.legs.len()).saturating_add(HEAD);
        let title = visible(&run.title).into_owned();
        let room = frame::open(screen, area, &title, columns, height, cx);
        let width = usize::from(room.width);
        rows::draw(screen, room, [progress(run, width, cx)]);
        let list = rows::below(room, if room.height >= ENOUGH { HEAD } else { 1 });
        let first = self.scroll.show(self.row, run.legs.len(), list.height);
        let legs = run
            .legs
            .iter()
            .enumerate()
            .skip(first)
            .take(list.height.into());
        let lines = legs.map(|(number, leg)| {
            let line = leg_line(run, leg, number, width, cx);
            let cx = Cx {
                is_focused: true,
                ..*cx
            };
            highlight(line, number == self.row, &cx)
        });
        rows::draw(screen, list, lines.collect::<Vec<_>>());
        frame::tell_more(screen, room, self.scroll.hidden(), cx);
    }
}

/// The next leg after number `row` that did not come out as it should, or the one before it; all around.
fn next_odd(run: &Run, row: usize, is_forward: bool) -> Option<usize> {
    let count = run.legs.len();
    let step = if is_forward { 1 } else { count.max(1) - 1 };
    let rows = (1..=count).map(|turn| (row + turn * step) % count);
    let is_odd = |row: &usize| run.legs.get(*row).is_some_and(Leg::is_odd);
    rows.into_iter().find(is_odd)
}

/// The answer, or what it was compared with beside it.
fn shown(outcome: &Outcome) -> Msg {
    match outcome.differences.is_some() || !outcome.failures.is_empty() {
        true => Msg::show_comparison(outcome.job),
        false => Msg::show_exchange(outcome.job),
    }
}

/// How far it is, and how it went so far.
fn progress(run: &Run, columns: usize, cx: &Cx<'_>) -> Line<'static> {
    let (done, all) = (run.done(), run.legs.len());
    let odd = run.legs.iter().filter(|leg| leg.is_odd()).count();
    let head = match (done == all, run.is_stopped, run.is_busy()) {
        (true, ..) => cx.span(Role::Strong, format!("all {all} done")),
        (false, true, false) => cx.span(Role::Warning, format!("stopped after {done} of {all}")),
        (false, true, true) => cx.span(
            Role::Warning,
            format!("stopping after {} of {all}", done + 1),
        ),
        (false, false, _) => cx.span(Role::Strong, format!("{} {done} of {all}", cx.spinner())),
    };
    let mut spans = vec![head];
    if odd > 0 {
        spans.push(cx.span(Role::Danger, format!(" · {odd} not as expected")));
    } else if done == all {
        spans.push(cx.span(Role::Success, " · all well"));
    } else if done > 0 {
        spans.push(cx.span(Role::Success, " · all well so far"));
    }
    Line::from(line::cut(spans, columns))
}

fn leg_line(run: &Run, leg: &Leg, number: usize, columns: usize, cx: &Cx<'_>) -> Line<'static> {
    let widest = run
        .legs
        .iter()
        .map(|leg| measure::width(&leg.label))
        .max()
        .unwrap_or(0);
    let labels = widest.min(LABELS).min(columns / 3).max(8);
    let label = visible(&leg.label);
    let label = measure::pad(&measure::fit(&label, labels), labels);
    let (sign, role) = match &leg.state {
        State::Waiting => ("·", Role::Muted),
        State::Running(_) => (cx.spinner(), Role::Accent),
        State::Done(_) if !leg.is_odd() => ("✓", Role::Success),
        State::Done(_) | State::Failed(_) => ("✗", Role::Danger),
    };
    let mut spans = vec![
        cx.span(role, format!("{sign} ")),
        cx.span(Role::Text, label),
        Span::raw("  "),
    ];
    let (role, words) = match &leg.state {
        State::Waiting => (Role::Muted, "waiting".to_owned()),
        State::Running(_) => (Role::Muted, "sending".to_owned()),
        State::Failed(problem) => (Role::Danger, reason(problem, &leg.label)),
        State::Done(outcome) => {
            spans.extend(figures(outcome, columns, cx));
            result(run, outcome, number)
        }
    };
    let left = columns.saturating_sub(rows::width(&spans));
    spans.push(cx.span(role, measure::fit_words(&visible(&words), left)));
    Line::from(line::cut(spans, columns))
}

/// Why a request was not sent; which one, its row tells.
fn reason(problem: &Problem, label: &str) -> String {
    let what = saved::mistake(&problem.what);
    let rest = what
        .strip_prefix(label)
        .and_then(|rest| rest.strip_prefix(": "));
    rest.map_or(what.clone(), ToOwned::to_owned)
}

/// Status, time, size where there is room.
fn figures(outcome: &Outcome, columns: usize, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let role = match outcome.status {
        200..300 => Role::Success,
        _ if !outcome.is_refused => Role::Text,
        _ => Role::Danger,
    };
    let time = measure::duration(outcome.total);
    let mut spans = vec![
        cx.span(role, measure::pad(&outcome.status.to_string(), STATUS - 4)),
        cx.span(Role::Muted, format!("{time:>TIME$}  ")),
    ];
    if columns >= WITH_SIZES {
        let size = measure::bytes(outcome.size);
        spans.push(cx.span(Role::Muted, format!("{size:>SIZE$}  ")));
    }
    spans
}

/// What is not as expected, or else what differs.
fn result(run: &Run, outcome: &Outcome, number: usize) -> (Role, String) {
    let is_compared_with_first = outcome.is_beside_first;
    if let Some(failure) = outcome.failures.first() {
        let more = match outcome.failures.len() - 1 {
            0 => String::new(),
            more => format!(" · {more} more"),
        };
        return (Role::Danger, format!("{failure}{more}"));
    }
    if let Some(before) = outcome.status_before {
        // Two answers of different kinds differ in everything.
        let words = match is_compared_with_first {
            true => format!("{before} for the first"),
            false => format!("was {before} before"),
        };
        return (Role::Warning, words);
    }
    match outcome.differences {
        None if run.is_matrix && number == 0 => (Role::Muted, "the first".into()),
        None => (Role::Muted, "no earlier answer".into()),
        Some(0) if is_compared_with_first => (Role::Muted, "same as the first".into()),
        Some(0) => (Role::Muted, "same as before".into()),
        Some(1) => (Role::Warning, "1 value differs".into()),
        Some(count) => (Role::Warning, format!("{count} values differ")),
    }
}
