//! The way to keys of one's own: the five steps at the left, what to do at one of them at the right. Where it was left it goes
//! on, and a step that gets done leads to the next.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::guide::{self, Page, Step, StepState};
use crate::app::{Modal, Model, Msg};
use crate::config::{Action, Role};
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{measure, rows, wrap};

/// Wider is not easier to read.
const WIDEST: u16 = 92;
/// Columns of the list of steps, with the gap behind it.
const STEPS: u16 = 31;
/// The list stands beside the text from this width on; above it, in one row, otherwise.
const BESIDE: u16 = 68;
/// Columns of a key, with the gap behind it.
const KEYS: usize = 7;
/// Tables of the keymap that apply.
const CONTEXTS: [&str; 3] = ["guide", "popup", "always"];

/// How the guide is looked at.
#[derive(Default)]
pub(super) struct Guiding {
    /// The step that is read, counted from 0; `None` before it was opened.
    at: Option<usize>,
    /// Which steps were done when the model was looked at last.
    done: Vec<bool>,
    scroll: Scroll,
}

impl Guiding {
    fn at(&self) -> usize {
        self.at.unwrap_or_default()
    }

    fn go(&mut self, at: usize) {
        self.at = Some(at);
        self.scroll = Scroll::default();
    }

    fn last(&self) -> usize {
        self.done.len().saturating_sub(1)
    }

    /// Ways to go on; going on to the next step, where Enter does nothing better.
    fn ways(&self, page: &Page) -> Vec<(Action, String)> {
        let own = page.choices.iter();
        let own: Vec<_> = own
            .map(|choice| (choice.action, choice.label.clone()))
            .collect();
        let is_taken = own.iter().any(|(action, _)| *action == Action::Confirm);
        let next = match (is_taken, self.at() < self.last()) {
            (true, _) => None,
            (false, true) => Some((Action::Confirm, "Go on to the next step".to_owned())),
            (false, false) => Some((Action::Confirm, "Close the guide".to_owned())),
        };
        own.into_iter().chain(next).collect()
    }
}

impl Popup for Guiding {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &CONTEXTS
    }

    fn hints(&self, _open: Open<'_>) -> Vec<Hint> {
        let next = (self.at() < self.last()).then_some((Action::NextStep, None));
        let before = (self.at() > 0).then_some((Action::PreviousStep, None));
        next.into_iter().chain(before).collect()
    }

    fn is_kept(&self) -> bool {
        true
    }

    fn resumes(&self, _open: Open<'_>) -> bool {
        true
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        let page = guide::page(open.model, self.at());
        if let Some(choice) = page.choices.iter().find(|choice| choice.action == action) {
            let msg = choice.msg.clone();
            let is_last = self.at() == self.last() && action == Action::Confirm;
            return match is_last {
                true => vec![close(), msg], // the answer is looked at in the session
                false => vec![msg],
            };
        }
        match action {
            Action::NextStep if self.at() < self.last() => self.go(self.at() + 1),
            Action::Confirm if self.at() < self.last() => self.go(self.at() + 1),
            Action::Confirm => return vec![close()],
            Action::PreviousStep => self.go(self.at().saturating_sub(1)),
            action => drop(self.scroll.act(action)),
        }
        Vec::new()
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    /// Begins at the step to be done now; goes on when the one that is read gets done.
    fn follow(&mut self, open: Open<'_>) {
        let steps = guide::own_steps(open.model);
        let is_done = |step: &Step| step.state == StepState::Done;
        let done: Vec<bool> = steps.iter().map(is_done).collect();
        let was_done = self.done.get(self.at()).copied().unwrap_or(true);
        let is_done = done.get(self.at()).copied().unwrap_or(false);
        self.done = done;
        match self.at {
            None => {
                let next = self.done.iter().position(|is_done| !is_done);
                self.go(next.unwrap_or(self.last()));
            }
            Some(at) if !was_done && is_done && at < self.last() => self.go(at + 1),
            Some(_) => {}
        }
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let steps = guide::own_steps(cx.model);
        let page = guide::page(cx.model, self.at());
        let columns = area.width.saturating_sub(EDGE.0).min(WIDEST);
        let is_beside = columns >= BESIDE;
        let margin = if is_beside { STEPS } else { 0 };
        let room = columns.saturating_sub(margin);
        let ways = ways(&self.ways(&page), room, cx);
        let available = area.height.saturating_sub(EDGE.1);
        let mut text = text(&page, steps.get(self.at()), room, cx);
        let above = u16::from(!is_beside);
        let full = |text: &[Line<'_>]| above + rows::count(text.len() + ways.len() + 1);
        if full(&text) > available {
            text.retain(|line| line.width() > 0); // tight: words are worth more than air
        }
        // As high as the fullest step, so that the keys stay where they are.
        let height = full(&text)
            .max(tallest(cx.model, room, cx) + above)
            .min(available);
        let place = frame::open(screen, area, "Keys of your own", columns, height, cx);
        match is_beside {
            true => rows::draw(screen, place, list(&steps, self.at(), cx)),
            false => rows::draw(screen, place, [row(&steps, self.at(), cx)]),
        }
        let place = Rect {
            x: place.x + margin.min(place.width),
            width: place.width.saturating_sub(margin),
            ..rows::below(place, above)
        };
        let below = rows::count(ways.len()).min(place.height);
        let upper = rows::top(place, place.height - below);
        let first = self.scroll.fit(text.len(), upper.height);
        let total = rows::count(text.len());
        rows::draw(screen, upper, text.into_iter().skip(first));
        let gap = u16::from(total < upper.height);
        let upper = upper.height.min(total + gap);
        rows::draw(screen, rows::below(place, upper), ways);
        frame::tell_more(screen, place, self.scroll.hidden(), cx);
    }
}

/// Rows of the longest page.
fn tallest(model: &Model, columns: u16, cx: &Cx<'_>) -> u16 {
    let rows = (0..guide::own_steps(model).len()).map(|index| {
        let page = guide::page(model, index);
        text(&page, None, columns, cx).len() + page.choices.len() + 2
    });
    rows::count(rows.max().unwrap_or(0))
}

fn sign(step: &Step) -> (Role, &'static str) {
    match step.state {
        StepState::Done => (Role::Success, "✓"),
        StepState::Next => (Role::Accent, "▸"),
        StepState::Later => (Role::Muted, "·"),
    }
}

/// The steps below each other, the one that is read standing out.
fn list(steps: &[Step], at: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let line = |(index, step): (usize, &Step)| {
        let (role, mark) = sign(step);
        let words = match index == at {
            true => Role::Strong,
            false => Role::Muted,
        };
        Line::from(vec![
            cx.span(role, format!("{mark} ")),
            cx.span(words, step.short),
        ])
    };
    steps.iter().enumerate().map(line).collect()
}

/// The steps beside each other, as numbers.
fn row(steps: &[Step], at: usize, cx: &Cx<'_>) -> Line<'static> {
    let mut spans = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let (role, mark) = sign(step);
        let number = match index == at {
            true => cx.span(Role::Strong, format!("[{}]", index + 1)),
            false => cx.span(Role::Muted, format!(" {} ", index + 1)),
        };
        spans.extend([cx.span(role, mark), number, Span::raw(" ")]);
    }
    Line::from(spans)
}

/// Title, paragraphs, and what has to be copied.
fn text(page: &Page, step: Option<&Step>, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let columns = usize::from(columns);
    let title = step.map_or("", |step| step.title);
    let mut lines = vec![cx.line(Role::Strong, title), Line::default()];
    let pieces = |role, pieces: Vec<String>| -> Vec<Line<'static>> {
        pieces.iter().map(|piece| cx.line(role, piece)).collect()
    };
    for paragraph in &page.lines {
        lines.extend(pieces(Role::Text, wrap::words(paragraph, columns)));
        lines.push(Line::default());
    }
    if let Some(url) = &page.url {
        lines.extend(pieces(Role::Name, wrap::url(url, columns)));
        lines.push(Line::default());
    }
    lines.pop();
    lines
}

/// What can be done, each with its key.
fn ways(ways: &[(Action, String)], columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let line = |(action, label): &(Action, String)| {
        let key = cx.keymap.keys(&CONTEXTS, *action).unwrap_or_default();
        let room = usize::from(columns).saturating_sub(KEYS);
        Line::from(vec![
            cx.span(Role::Key, measure::pad(&key, KEYS)),
            cx.span(Role::Text, measure::fit(label, room)),
        ])
    };
    ways.iter().map(line).collect()
}
