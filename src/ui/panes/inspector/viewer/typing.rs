//! What is typed into the line at the bottom, and how the body follows it letter by letter.

use crossterm::event::KeyEvent;

use crate::app::Msg;
use crate::config::Action;
use crate::ui::panes::inspector::line::Ask;
use crate::ui::panes::inspector::viewer::Viewer;

impl Viewer {
    pub(super) fn act_while_typing(&mut self, action: Action, ask: Ask) -> Vec<Msg> {
        match action {
            Action::Confirm => {
                let is_wrong = self.asking.as_ref().is_some_and(|it| it.problem.is_some());
                if !is_wrong {
                    self.asking = None;
                }
            }
            Action::Close => {
                self.asking = None;
                self.show(self.find.origin());
                if ask != Ask::Path {
                    return self.find.forget();
                }
            }
            Action::ToggleRegex => {
                self.find.query.is_regex ^= true;
                return self.typed();
            }
            Action::ChangeScope => {
                self.find.change_scope();
                return self.typed();
            }
            Action::NextMatch | Action::PreviousMatch => {
                self.find.step(action == Action::NextMatch);
                self.reveal_match();
            }
            _ => {} // scrolling has no keys while something is typed
        }
        Vec::new()
    }

    pub(in crate::ui::panes::inspector) fn type_in(&mut self, key: KeyEvent) -> Vec<Msg> {
        let asking = self.asking.as_mut();
        match asking.is_some_and(|asking| asking.type_in(key)) {
            true => self.typed(),
            false => Vec::new(),
        }
    }

    pub(in crate::ui::panes::inspector) fn paste(&mut self, text: &str) -> Vec<Msg> {
        let asking = self.asking.as_mut();
        match asking.is_some_and(|asking| asking.paste(text)) {
            true => self.typed(),
            false => Vec::new(),
        }
    }

    /// What is typed has changed: the body follows it at once.
    fn typed(&mut self) -> Vec<Msg> {
        let Some(asking) = &mut self.asking else {
            return Vec::new();
        };
        asking.problem = None;
        let text = asking.text().to_owned();
        match asking.ask {
            Ask::Search | Ask::Text => {
                self.find.query.text = text;
                match self.find.renew(&self.document) {
                    Ok(msgs) => {
                        self.reveal_match();
                        return msgs;
                    }
                    Err(error) => asking.problem = Some((error.offset.unwrap_or(0), error.reason)),
                }
            }
            Ask::Path => match self.document.find(&text) {
                Ok(node) => self.reveal(node),
                Err(error) => asking.problem = Some((error.offset, error.reason)),
            },
        }
        Vec::new()
    }
}
