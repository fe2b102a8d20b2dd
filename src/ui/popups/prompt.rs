//! A prompt: text to read, a URL that stays whole, a field, other ways to go on. What is typed stays here until it is sent.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Line;
use tui_textarea::TextArea;

use crate::app::{Modal, Model, Msg, Prompt, Subject, modals};
use crate::config::{Action, Chord, Role};
use crate::domain::Secret;
use crate::ui::footer::Hint;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{measure, rows, wrap};

/// Lines longer than this are hard to read.
const WIDEST: u16 = 76;
/// Columns of the keys of the choices.
const KEYS: usize = 7;

/// Keys that change the field, or move in it, besides letters.
const EDITING: [KeyCode; 6] = [
    KeyCode::Backspace,
    KeyCode::Delete,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Home,
    KeyCode::End,
];

/// How the prompt on top is looked at.
#[derive(Default)]
pub(super) struct Prompts {
    /// The prompt that the field belongs to.
    subject: Option<Subject>,
    field: TextArea<'static>,
    /// Whether letters go into the field instead of choosing something.
    is_typing: bool,
    scroll: Scroll,
}

impl Prompts {
    /// Forgets what was typed for a prompt that is gone.
    pub(super) fn follow(&mut self, model: &Model) {
        let top = match model.modals.top() {
            Some(Modal::Prompt(prompt)) => Some(prompt.subject),
            _ => None,
        };
        if self.subject != top {
            *self = Self {
                subject: top,
                ..Self::default()
            };
        }
    }

    /// Whether letters go into the field: always, where there is nothing to choose.
    pub(super) fn is_typing(&self, prompt: &Prompt) -> bool {
        prompt.input.is_some() && (self.is_typing || prompt.choices.is_empty())
    }

    pub(super) fn hints(&self, prompt: &Prompt) -> Vec<Hint> {
        let is_empty = self.field.is_empty();
        let confirm = prompt
            .choices
            .iter()
            .any(|choice| choice.action == Action::Confirm);
        match (is_empty, self.is_typing(prompt)) {
            (false, _) => vec![(Action::Confirm, Some("send"))],
            (true, true) if !confirm => Vec::new(),
            (true, _) if confirm => vec![
                (Action::Confirm, Some("go on")),
                (Action::EditInput, Some("type")),
            ],
            (true, _) => vec![(Action::EditInput, Some("type"))],
        }
    }

    /// Letters that choose nothing are typed, whatever else they are bound to.
    pub(super) fn types(&self, prompt: &Prompt, chord: Chord, action: Action) -> bool {
        let is_choice = prompt.choices.iter().any(|choice| choice.action == action);
        prompt.input.is_some()
            && chord.typed().is_some()
            && !is_choice
            && action != Action::EditInput
    }

    pub(super) fn type_in(&mut self, prompt: &Prompt, key: KeyEvent) {
        if prompt.input.is_none() {
            return;
        }
        let is_letter = matches!(key.code, KeyCode::Char(_));
        // Other shortcuts of the field would break the line, or keep a copy of what was deleted.
        if key.modifiers == KeyModifiers::CONTROL {
            match key.code {
                KeyCode::Char('u') => self.field.delete_line_by_head(),
                KeyCode::Char('w') => self.field.delete_word(),
                _ => false,
            };
        } else if is_letter || EDITING.contains(&key.code) {
            self.field.input_without_shortcuts(key);
        }
        self.is_typing = !self.field.is_empty() || (self.is_typing && is_letter);
    }

    pub(super) fn paste(&mut self, prompt: &Prompt, text: &str) {
        if prompt.input.is_some() {
            // A copied URL may bring line breaks of the place where it was wrapped.
            let line: String = text
                .trim()
                .chars()
                .filter(|letter| !letter.is_control())
                .collect();
            self.field.insert_str(line);
            self.is_typing = !self.field.is_empty();
        }
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        self.scroll.by(rows);
    }

    pub(super) fn act(&mut self, action: Action, prompt: &Prompt) -> Vec<Msg> {
        if action == Action::EditInput && prompt.input.is_some() {
            self.is_typing = true;
            return Vec::new();
        }
        if action == Action::Confirm && !self.field.is_empty() {
            let field = std::mem::take(&mut self.field);
            self.is_typing = false;
            let text = Secret::new(field.into_lines().concat());
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

    pub(super) fn draw(
        &mut self,
        screen: &mut Frame<'_>,
        area: Rect,
        prompt: &Prompt,
        cx: &Cx<'_>,
    ) {
        let columns = WIDEST.min(area.width.saturating_sub(EDGE.0));
        let choices = self.choices(prompt, cx);
        let field = prompt.input.as_ref().map_or(0, |_| 2);
        let available = area.height.saturating_sub(EDGE.1);
        let fixed = rows::count(choices.len()) + field;
        let mut reading = reading(prompt, columns.into(), cx);
        if rows::count(reading.len()) + fixed > available {
            reading.retain(|line| line.width() > 0); // tight: words are worth more than air
        }
        let text = rows::count(reading.len());
        // Blank rows between the parts, as far as there is room.
        let parts = 1 + u16::from(field > 0) + u16::from(!choices.is_empty());
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
        let mut rest = rows::below(room, text + air);
        if let Some(input) = &prompt.input {
            rows::draw(
                screen,
                rows::top(rest, 1),
                [cx.line(Role::Muted, input.label)],
            );
            self.draw_field(
                screen,
                rows::top(rows::below(rest, 1), 1),
                prompt,
                input.is_masked,
                cx,
            );
            rest = rows::below(rest, field + air);
        }
        rows::draw(screen, rest, choices);
    }

    /// Ways to go on, each with its key; while something is typed, sending it is the first, and letters choose nothing.
    fn choices(&self, prompt: &Prompt, cx: &Cx<'_>) -> Vec<Line<'static>> {
        let is_typing = self.is_typing(prompt);
        let has_text = !self.field.is_empty();
        let send = has_text.then(|| (Action::Confirm, "Send what was typed".to_owned()));
        let own = prompt
            .choices
            .iter()
            .map(|choice| (choice.action, choice.label.clone()));
        let own = own.filter(|(action, _)| !has_text || *action != Action::Confirm);
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
        let is_typing = self.is_typing(prompt);
        self.field.set_cursor_line_style(cx.style(Role::Field));
        self.field.set_style(cx.style(Role::Field));
        let cursor = if is_typing {
            cx.style(Role::Field).add_modifier(Modifier::REVERSED)
        } else {
            cx.style(Role::Field)
        };
        self.field.set_cursor_style(cursor);
        self.field.set_max_histories(0);
        match is_masked {
            true => self.field.set_mask_char('•'),
            false => self.field.clear_mask_char(),
        }
        let placeholder = match (is_typing, prompt.choices.is_empty()) {
            (true, _) => "type or paste, then Enter",
            (false, _) => "paste here, or type",
        };
        self.field.set_placeholder_text(placeholder);
        self.field
            .set_placeholder_style(cx.style(Role::Field).patch(cx.style(Role::Muted)));
        if !area.is_empty() {
            screen.buffer_mut().set_style(area, cx.style(Role::Field));
            screen.render_widget(&self.field, area);
        }
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
