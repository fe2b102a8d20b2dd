//! Keys, pastes and the mouse: to the popup that lies on top, else to the pane that has the keys, else to the whole screen.

use crossterm::event::{Event, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::app::{Desktop, Modal, Model, Msg, requests, resources};
use crate::config::{Action, Chord, Resolution};
use crate::domain::EndpointId;
use crate::ui::pane::Reaction;
use crate::ui::screen::{Screen, contexts_of};

/// Rows that one step of the mouse wheel moves.
const WHEEL: isize = 3;

/// What is done in the Inspector, whichever pane has the keys.
const INSPECTED: [Action; 6] = [
    Action::NextTab,
    Action::PreviousTab,
    Action::OlderExchange,
    Action::NewerExchange,
    Action::CopyBody,
    Action::CopyRequestId,
];

impl Screen {
    /// What follows from something that the person did.
    pub fn input(&mut self, event: &Event, model: &Model) -> Vec<Msg> {
        let focus = self.focus;
        let mut msgs = self.take(event, model);
        if let Some(pane) = self
            .panes
            .get_mut(self.focus)
            .filter(|_| self.focus != focus)
        {
            msgs.extend(pane.visit(model));
        }
        msgs
    }

    fn take(&mut self, event: &Event, model: &Model) -> Vec<Msg> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                self.press(*key, model, model.modals.stack.len())
            }
            Event::Paste(text) => {
                match (model.modals.top(), self.panes.get_mut(self.focus)) {
                    (Some(modal), _) => self.popups.paste(modal, text),
                    (None, Some(pane)) if pane.typing().is_some() => pane.paste(text, model),
                    _ => {} // nothing is typed
                }
                Vec::new()
            }
            Event::Mouse(mouse) => self.mouse(*mouse, model),
            _ => Vec::new(), // a resize is seen at the next drawing
        }
    }

    /// Takes a key while the lowest `depth` popups are open.
    fn press(&mut self, key: KeyEvent, model: &Model, depth: usize) -> Vec<Msg> {
        let chord = Chord::from(key);
        let modal = depth
            .checked_sub(1)
            .and_then(|index| model.modals.stack.get(index));
        let contexts = self.contexts(modal);
        self.pending.push(chord);
        match self.keymap.resolve(&contexts, &self.pending) {
            Resolution::Pending => return Vec::new(),
            Resolution::Action(action) => {
                self.pending.clear();
                let is_typed = modal.is_some_and(|modal| self.popups.types(modal, chord, action));
                if !is_typed {
                    return self.act(action, model, modal);
                }
            }
            Resolution::Unbound if self.pending.len() > 1 => {
                self.pending.clear();
                return self.press(key, model, depth); // no such sequence: the last key stands for itself
            }
            Resolution::Unbound => self.pending.clear(),
        }
        match (modal, chord.without_alt()) {
            (_, Some(plain)) => self.press_escape_and(plain, key, model, depth),
            (Some(modal), None) => {
                self.popups.type_in(modal, key);
                Vec::new()
            }
            (None, None) => {
                let typing = self.panes.get_mut(self.focus);
                if let Some(pane) = typing.filter(|pane| pane.typing().is_some()) {
                    pane.type_in(key, model);
                }
                Vec::new()
            }
        }
    }

    /// Terminals send Escape and a key pressed right after it in the same way as that key with alt.
    fn press_escape_and(
        &mut self,
        plain: Chord,
        key: KeyEvent,
        model: &Model,
        depth: usize,
    ) -> Vec<Msg> {
        let modal = depth
            .checked_sub(1)
            .and_then(|index| model.modals.stack.get(index));
        let contexts = self.contexts(modal);
        let mut msgs = match self.keymap.resolve(&contexts, &[Chord::escape()]) {
            Resolution::Action(action) => self.act(action, model, modal),
            _ => Vec::new(),
        };
        let is_closed = msgs.contains(&close());
        let key = KeyEvent {
            modifiers: plain.modifiers(),
            ..key
        };
        msgs.extend(self.press(key, model, depth - usize::from(is_closed)));
        msgs
    }

    fn contexts(&self, modal: Option<&Modal>) -> Vec<&'static str> {
        match (modal, self.panes.get(self.focus)) {
            (Some(modal), _) => self.popups.contexts(modal).to_vec(),
            (None, Some(pane)) => contexts_of(&**pane),
            (None, None) => Vec::new(),
        }
    }

    /// Carries out `action` where `modal` lies on top.
    fn act(&mut self, action: Action, model: &Model, modal: Option<&Modal>) -> Vec<Msg> {
        match (action, modal) {
            (Action::Quit, _) => vec![Msg::Quit],
            (Action::Suspend, _) => vec![Msg::Desktop(Desktop::Suspend)],
            (action, Some(modal)) => self.popups.act(action, modal),
            (action, None) => self.act_on_panes(action, model),
        }
    }

    fn act_on_panes(&mut self, action: Action, model: &Model) -> Vec<Msg> {
        if let Some(pane) = self.panes.get_mut(self.focus)
            && let Reaction::Handled(msgs) = pane.act(action, model)
        {
            return msgs;
        }
        if INSPECTED.contains(&action) {
            let inspector = self
                .panes
                .iter_mut()
                .find(|pane| pane.focus() == Action::FocusInspector);
            return match inspector.map(|pane| pane.act(action, model)) {
                Some(Reaction::Handled(msgs)) => msgs,
                _ => Vec::new(),
            };
        }
        self.act_on_all(action, model)
    }

    /// What is the same wherever the keys are.
    fn act_on_all(&mut self, action: Action, model: &Model) -> Vec<Msg> {
        let (count, selected) = (self.panes.len(), model.users.selected);
        match action {
            Action::FocusNext => self.focus = (self.focus + 1) % count.max(1),
            Action::FocusPrevious => {
                self.focus = (self.focus + count.saturating_sub(1)) % count.max(1);
            }
            Action::ZoomPane => self.is_zoomed = !self.is_zoomed,
            Action::ShowHelp => return vec![Msg::open(Modal::Help)],
            Action::CancelCall => return vec![Msg::Requests(requests::Msg::Cancel)],
            Action::SignIn => return vec![Msg::sign_in(selected)],
            Action::NewUser => return vec![Msg::Intents(crate::app::intents::Msg::Ask)],
            Action::SignInNew => return vec![Msg::sign_in(None)],
            Action::Reload => {
                return vec![match selected {
                    Some(user) => Msg::Resources(resources::Msg::Reload {
                        user,
                        endpoint: EndpointId::new(resources::ACCOUNTS),
                    }),
                    None => Msg::warning("no test user is selected"),
                }];
            }
            action => self.focus_on(action),
        }
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, model: &Model) -> Vec<Msg> {
        let rows = match mouse.kind {
            MouseEventKind::ScrollUp => -WHEEL,
            MouseEventKind::ScrollDown => WHEEL,
            MouseEventKind::Down(MouseButton::Left) => 0,
            _ => return Vec::new(),
        };
        if let Some(modal) = model.modals.top() {
            self.popups.wheel(modal, rows);
            return Vec::new();
        }
        let at = Position::new(mouse.column, mouse.row);
        let is_hit =
            |place: &crate::ui::layout::Place| place.title.contains(at) || place.body.contains(at);
        let Some(index) = self.places.panes.iter().position(is_hit) else {
            return Vec::new(); // header, footer, or a gap
        };
        let (Some(pane), Some(place)) = (self.panes.get_mut(index), self.places.panes.get(index))
        else {
            return Vec::new();
        };
        let reaction = if rows != 0 {
            pane.wheel(rows, model)
        } else {
            self.focus = index;
            match place.body.contains(at) {
                true => pane.click(usize::from(at.y - place.body.y), model),
                false => Reaction::Ignored,
            }
        };
        match reaction {
            Reaction::Handled(msgs) => msgs,
            Reaction::Ignored => Vec::new(),
        }
    }
}

/// Closes the popup on top.
pub(super) fn close() -> Msg {
    Msg::Modals(crate::app::modals::Msg::Close)
}
