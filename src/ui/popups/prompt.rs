//! A prompt: text to read, a URL that stays whole, a field, other ways to go on. What is typed stays here until it is sent.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::{Modal, Msg, Prompt, Subject, modals};
use crate::config::{Action, Chord, Role};
use crate::domain::Secret;
use crate::ui::footer::Hint;
use crate::ui::pane::Cx;
use crate::ui::popups::field::{Field, Look};
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::{Open, Popup, READING};
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{measure, rows, wrap};

/// Lines longer than this are hard to read.
const WIDEST: u16 = 76;
/// Columns of the keys of the choices.
const KEYS: usize = 7;

/// How a prompt is looked at.
#[derive(Default)]
pub(super) struct Question {
    field: Field,
    /// Whether what is proposed stands in the field already.
    is_begun: bool,
    /// Whether letters go into the field instead of choosing something.
    is_typing: bool,
    scroll: Scroll,
}

impl Popup for Question {
    fn contexts(&self, open: Open<'_>) -> &'static [&'static str] {
        match open.modal {
            Modal::Prompt(prompt) if self.is_typing(prompt) => &["text", "always"],
            _ => &READING,
        }
    }

    fn hints(&self, open: Open<'_>) -> Vec<Hint> {
        let Modal::Prompt(prompt) = open.modal else {
            return Vec::new();
        };
        let is_empty = self.field.is_empty();
        let confirm = prompt
            .choices
            .iter()
            .any(|choice| choice.action == Action::Confirm);
        match (is_empty, self.is_typing(prompt)) {
            (false, _) => vec![(Action::Confirm, Some(deed(prompt.subject).0))],
            (true, true) if !confirm => Vec::new(),
            (true, _) if confirm => vec![
                (Action::Confirm, Some("go on")),
                (Action::EditInput, Some("type")),
            ],
            (true, _) => vec![(Action::EditInput, Some("type"))],
        }
    }

    /// Letters that choose nothing are typed, whatever else they are bound to.
    fn types(&self, open: Open<'_>, chord: Chord, action: Action) -> bool {
        let Modal::Prompt(prompt) = open.modal else {
            return false;
        };
        let is_choice = prompt.choices.iter().any(|choice| choice.action == action);
        prompt.input.is_some()
            && chord.typed().is_some()
            && !is_choice
            && action != Action::EditInput
    }

    fn type_in(&mut self, open: Open<'_>, key: KeyEvent) -> Vec<Msg> {
        if let Modal::Prompt(Prompt { input: Some(_), .. }) = open.modal {
            self.field.type_in(key);
            let is_letter = matches!(key.code, KeyCode::Char(_));
            self.is_typing = !self.field.is_empty() || (self.is_typing && is_letter);
        }
        Vec::new()
    }

    fn paste(&mut self, open: Open<'_>, text: &str) -> Vec<Msg> {
        if let Modal::Prompt(Prompt { input: Some(_), .. }) = open.modal {
            self.field.paste(text);
            self.is_typing = !self.field.is_empty();
        }
        Vec::new()
    }

    fn follow(&mut self, open: Open<'_>) {
        if let Modal::Prompt(Prompt {
            input: Some(input), ..
        }) = open.modal
            && !std::mem::replace(&mut self.is_begun, true)
            && !input.text.is_empty()
        {
            self.field = Field::holding(&input.text);
        }
    }

    fn wheel(&mut self, rows: isize) {
        self.scroll.by(rows);
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        let Modal::Prompt(prompt) = open.modal else {
            return Vec::new();
        };
        if action == Action::EditInput && prompt.input.is_some() {
            self.is_typing = true;
            return Vec::new();
        }
        if action == Action::Confirm && !self.field.is_empty() {
            self.is_typing = false;
            let text = Secret::new(self.field.take());
            return vec![Msg::Modals(modals::Msg::Submit(text))];
        }
        let choice = prompt.choices.iter().find(|choice| choice.action == action);
        match choice {
            Some(choice) => vec![choice.msg.clone()],
            None => {
                self.scroll.act(action);
                Vec::new()
            }
        }
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, modal: &Modal, cx: &Cx<'_>) {
        let Modal::Prompt(prompt) = modal else {
            return;
        };
        let columns = WIDEST.min(area.width.saturating_sub(EDGE.0));
        let mut choices = self.choices(prompt, cx);
        let mut field = prompt.input.as_ref().map_or(0, |_| 2);
        let available = area.height.saturating_sub(EDGE.1);
        let is_tight = |reading: &[_], choices: &[_], field| {
            rows::count(reading.len() + choices.len()) + field > available
        };
        let mut reading = reading(prompt, columns.into(), cx);
        if is_tight(&reading, &choices, field) {
            reading.retain(|line| line.width() > 0); // words are worth more than air
            choices.pop(); // the footer tells how to close it
        }
        if is_tight(&reading, &choices, field) {
            shorten_url(&mut reading, prompt, columns.into(), cx); // a key copies all of it
        }
        if is_tight(&reading, &choices, field) {
            field = field.min(1); // what is pasted there is told by what stands there
        }
        let fixed = rows::count(choices.len()) + field;
        let text = rows::count(reading.len());
        // Blank rows between the parts, as far as there is room.
        let parts = [text, field, rows::count(choices.len())];
        let parts = rows::count(parts.iter().filter(|rows| **rows > 0).count().max(1));
        let air = u16::from(available >= text + fixed + parts - 1);
        let height = text + fixed + air * (parts - 1);
        let room = frame::open(screen, area, &prompt.title, columns, height, cx);
        let text = text.min(room.height.saturating_sub(fixed));
        let place = rows::top(room, text);
        let first = self.scroll.fit(reading.len(), place.height);
        rows::draw(screen, place, reading.into_iter().skip(first));
        if place.height > 0 {
            frame::tell_more(screen, room, self.scroll.hidden(), cx);
        }
        let mut rest = rows::below(room, text + if text > 0 { air } else { 0 });
        if let Some(input) = &prompt.input {
            let label = [cx.line(Role::Muted, input.label)];
            rows::draw(screen, rows::top(rest, field - 1), label);
            self.draw_field(
                screen,
                rows::top(rows::below(rest, field - 1), 1),
                prompt,
                input.is_masked,
                cx,
            );
            rest = rows::below(rest, field + air);
        }
        rows::draw(screen, rest, choices);
    }
}

impl Question {
    /// Whether letters go into the field: always, where there is nothing to choose.
    fn is_typing(&self, prompt: &Prompt) -> bool {
        prompt.input.is_some() && (self.is_typing || prompt.choices.is_empty())
    }

    /// Ways to go on, each with its key; while something is typed, sending it is the first, and letters choose nothing.
    fn choices(&self, prompt: &Prompt, cx: &Cx<'_>) -> Vec<Line<'static>> {
        let is_typing = self.is_typing(prompt);
        let has_text = !self.field.is_empty();
        let send = has_text.then(|| (Action::Confirm, deed(prompt.subject).1.to_owned()));
        let own = prompt.choices.iter();
        let mut own: Vec<_> = own
            .filter(|choice| !has_text || choice.action != Action::Confirm)
            .collect();
        own.dedup_by_key(|choice| &choice.msg); // Enter stands for a letter of the same deed
        let own = own
            .into_iter()
            .map(|choice| (choice.action, choice.label.clone()));
        let close = (Action::Close, Action::Close.meaning().to_owned());
        let line = |(action, label): (Action, String)| {
            let key = cx.keymap.keys(&["popup"], action).unwrap_or_default();
            let is_asleep = is_typing && !matches!(action, Action::Confirm | Action::Close);
            let (keys, words) = match is_asleep {
                true => (Role::Muted, Role::Muted),
                false => (Role::Key, Role::Text),
            };
            Line::from(vec![
                cx.span(keys, measure::pad(&key, KEYS)),
                cx.span(words, label),
            ])
        };
        send.into_iter()
            .chain(own)
            .chain([close])
            .map(line)
            .collect()
    }

    fn draw_field(
        &mut self,
        screen: &mut Frame<'_>,
        area: Rect,
        prompt: &Prompt,
        is_masked: bool,
        cx: &Cx<'_>,
    ) {
        let is_active = self.is_typing(prompt);
        let placeholder = match (is_active, prompt.choices.is_empty()) {
            (true, _) => "type or paste, then Enter",
            (false, _) => "paste here, or type",
        };
        let look = Look {
            is_active,
            is_masked,
            placeholder,
        };
        self.field.draw(screen, area, look, cx);
    }
}

/// What becomes of the typed text, in a word and in a few.
fn deed(subject: Subject) -> (&'static str, &'static str) {
    match subject {
        Subject::WriteFile => ("write", "Write the file"),
        _ => ("send", "Send what was typed"),
    }
}

/// Leaves the beginning of the URL, in one row.
fn shorten_url(reading: &mut Vec<Line<'static>>, prompt: &Prompt, columns: usize, cx: &Cx<'_>) {
    let Some(url) = &prompt.url else {
        return;
    };
    let rows = wrap::url(url, columns).len();
    let start = wrap::url(url, columns.saturating_sub(1));
    if let (Some(start), true) = (start.first(), rows > 1) {
        reading.splice(..rows, [cx.line(Role::Name, format!("{start}…"))]);
    }
}

/// Paragraphs and the URL.
fn reading(prompt: &Prompt, columns: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(url) = &prompt.url {
        lines.extend(
            wrap::url(url, columns)
                .iter()
                .map(|piece| cx.line(Role::Name, piece)),
        );
        if !prompt.lines.is_empty() {
            lines.push(Line::default());
        }
    }
    for text in &prompt.lines {
        for (row, line) in text.lines().enumerate() {
            let role = if row > 0 { Role::Muted } else { Role::Text };
            lines.extend(
                wrap::words(line, columns)
                    .iter()
                    .map(|piece| cx.line(role, piece)),
            );
        }
    }
    lines
}
