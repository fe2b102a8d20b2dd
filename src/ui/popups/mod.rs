//! What lies over the panes: one renderer for each kind of [`Modal`].

mod frame;
mod help;
mod problem;
mod prompt;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Modal, Model, Msg};
use crate::config::{Action, Chord};
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::widgets::scroll::Scroll;

/// How the popups are looked at; which of them are open is a fact of the model.
#[derive(Default)]
pub(super) struct Popups {
    prompt: prompt::Prompts,
    /// Of help or of a problem.
    scroll: Scroll,
    /// How many were open when it was last followed.
    depth: usize,
}

/// Tables of the keymap that apply while a popup is read.
const READING: [&str; 3] = ["popup", "list", "always"];

impl Popups {
    /// Forgets about popups that were closed.
    pub(super) fn follow(&mut self, model: &Model) {
        let depth = model.modals.stack.len();
        if depth != self.depth {
            self.scroll = Scroll::default();
            self.depth = depth;
        }
        self.prompt.follow(model);
    }

    /// Tables of the keymap that apply while `modal` is on top.
    pub(super) fn contexts(&self, modal: &Modal) -> &'static [&'static str] {
        match modal {
            Modal::Prompt(prompt) if self.prompt.is_typing(prompt) => &["text", "always"],
            _ => &READING,
        }
    }

    /// What is worth telling in the footer, besides how to close it.
    pub(super) fn hints(&self, modal: &Modal) -> Vec<Hint> {
        match modal {
            Modal::Prompt(prompt) => self.prompt.hints(prompt),
            _ => {
                vec![(Action::MoveDown, Some("scroll")), (Action::PageDown, None)]
            }
        }
    }

    /// Whether `chord` is text for the field of `modal`, although it is bound to `action`.
    pub(super) fn types(&self, modal: &Modal, chord: Chord, action: Action) -> bool {
        match modal {
            Modal::Prompt(prompt) => self.prompt.types(prompt, chord, action),
            _ => false,
        }
    }

    /// Takes a key that is bound to nothing.
    pub(super) fn type_in(&mut self, modal: &Modal, key: KeyEvent) {
        if let Modal::Prompt(prompt) = modal {
            self.prompt.type_in(prompt, key);
        }
    }

    /// Takes pasted text.
    pub(super) fn paste(&mut self, modal: &Modal, text: &str) {
        if let Modal::Prompt(prompt) = modal {
            self.prompt.paste(prompt, text);
        }
    }

    /// Carries out what a key asks for.
    pub(super) fn act(&mut self, action: Action, modal: &Modal) -> Vec<Msg> {
        match (modal, action) {
            (_, Action::Close) => vec![close()],
            (Modal::Prompt(prompt), action) => self.prompt.act(action, prompt),
            (_, Action::Confirm) => vec![close()],
            (_, action) => {
                self.scroll.act(action);
                Vec::new()
            }
        }
    }

    /// Scrolls by rows of the mouse wheel.
    pub(super) fn wheel(&mut self, modal: &Modal, rows: isize) {
        match modal {
            Modal::Prompt(_) => self.prompt.wheel(rows),
            _ => self.scroll.by(rows),
        }
    }

    /// Draws `modal` over `area`.
    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, modal: &Modal, cx: &Cx<'_>) {
        match modal {
            Modal::Help => help::draw(frame, area, &mut self.scroll, cx),
            Modal::Problem(problem) => problem::draw(frame, area, problem, &mut self.scroll, cx),
            Modal::Prompt(prompt) => self.prompt.draw(frame, area, prompt, cx),
            Modal::Confirm(_) | Modal::Picker(_) | Modal::Composer => {}
        }
    }
}
