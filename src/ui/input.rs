//! Keys, pastes and the mouse: to the popup that lies on top, else to the pane that has the keys, else to the whole screen.

use crossterm::event::{Event, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::app::{
    Desktop, Modal, Model, Msg, Picker, composer, notices, requests, resources, saved, users,
};
use crate::config::{Action, Chord, Resolution};
use crate::domain::EndpointId;
use crate::ui::pane::{Pane, Reaction};
use crate::ui::screen::{Screen, contexts_of};
use crate::ui::title;

/// Rows that one step of the mouse wheel moves.
const WHEEL: isize = 3;

/// What is done in the Inspector, whichever pane has the keys.
const INSPECTED: [Action; 7] = [
    Action::NextTab,
    Action::PreviousTab,
    Action::OlderExchange,
    Action::NewerExchange,
    Action::Export,
    Action::CopyRequestId,
    Action::RunAsAll,
];

impl Screen {
    /// What follows from something that the person did.
    pub fn input(&mut self, event: &Event, model: &Model) -> Vec<Msg> {
        let focus = self.focus;
        let mut msgs = Vec::new();
        let is_key = matches!(event, Event::Key(key) if key.kind != KeyEventKind::Release);
        if is_key && model.notices.current.is_some() {
            msgs.push(Msg::Notices(notices::Msg::GoOn));
        }
        msgs.extend(self.take(event, model));
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
            Event::Paste(text) => self.paste(text, model),
            Event::Mouse(mouse) => self.mouse(*mouse, model),
            // Files may have been edited where the person was.
            Event::FocusGained if model.saved.is_loaded => vec![Msg::Saved(saved::Msg::Reload)],
            _ => Vec::new(), // a resize is seen at the next drawing
        }
    }

    /// Takes a key while the lowest `depth` popups are open.
    fn press(&mut self, key: KeyEvent, model: &Model, depth: usize) -> Vec<Msg> {
        let chord = Chord::from(key);
        let contexts = self.contexts(model, depth);
        self.pending.push(chord);
        match self.keymap.resolve(&contexts, &self.pending) {
            Resolution::Pending => return Vec::new(),
            Resolution::Action(action) => {
                self.pending.clear();
                if !self.popups.types(depth, model, chord, action) {
                    return self.act(action, model, depth);
                }
            }
            Resolution::Unbound if self.pending.len() > 1 => {
                self.pending.clear();
                return self.press(key, model, depth); // no such sequence: the last key stands for itself
            }
            Resolution::Unbound => self.pending.clear(),
        }
        match chord.without_alt() {
            Some(plain) => self.press_escape_and(plain, key, model, depth),
            None if depth > 0 => self.popups.type_in(depth, model, key),
            None => self
                .typing_pane()
                .map_or_else(Vec::new, |pane| pane.type_in(key, model)),
        }
    }

    fn paste(&mut self, text: &str, model: &Model) -> Vec<Msg> {
        match model.modals.stack.len() {
            0 => self
                .typing_pane()
                .map_or_else(Vec::new, |pane| pane.paste(text, model)),
            depth => self.popups.paste(depth, model, text),
        }
    }

    /// The pane that has the keys, if text is typed into it.
    fn typing_pane(&mut self) -> Option<&mut Box<dyn Pane>> {
        let pane = self.panes.get_mut(self.focus)?;
        pane.typing().is_some().then_some(pane)
    }

    /// Terminals send Escape and a key pressed right after it in the same way as that key with alt.
    fn press_escape_and(
        &mut self,
        plain: Chord,
        key: KeyEvent,
        model: &Model,
        depth: usize,
    ) -> Vec<Msg> {
        let contexts = self.contexts(model, depth);
        let mut msgs = match self.keymap.resolve(&contexts, &[Chord::escape()]) {
            Resolution::Action(action) => self.act(action, model, depth),
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

    fn contexts(&self, model: &Model, depth: usize) -> Vec<&'static str> {
        match (
            self.popups.contexts(depth, model),
            self.panes.get(self.focus),
        ) {
            (Some(contexts), _) => contexts.to_vec(),
            (None, Some(pane)) => contexts_of(&**pane),
            (None, None) => Vec::new(),
        }
    }

    /// Carries out `action` where `depth` popups are open.
    fn act(&mut self, action: Action, model: &Model, depth: usize) -> Vec<Msg> {
        match action {
            Action::Quit => vec![Msg::Quit],
            Action::Suspend => vec![Msg::Desktop(Desktop::Suspend)],
            action if depth > 0 => self.popups.act(depth, model, action),
            action => self.act_on_panes(action, model),
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
        if model.file.is_some() && action != Action::ShowHelp {
            return Vec::new(); // a file has no session around it
        }
        match action {
            Action::FocusNext => self.focus = (self.focus + 1) % count.max(1),
            Action::FocusPrevious => {
                self.focus = (self.focus + count.saturating_sub(1)) % count.max(1);
            }
            Action::ZoomPane => self.is_zoomed = !self.is_zoomed,
            Action::ShowOperations => {
                return vec![Msg::open(Modal::Picker(Picker::Operations))];
            }
            Action::ChooseUser => return vec![Msg::open(Modal::Picker(Picker::Users))],
            Action::ChooseProfile => return vec![Msg::open(Modal::Picker(Picker::Profiles))],
            Action::OpenStatusPage => {
                return vec![selected.map_or_else(
                    || Msg::warning("no test user is selected"),
                    |user| Msg::Users(users::Msg::OpenStatusPage(user)),
                )];
            }
            Action::ComposeAgain => return vec![compose_again(model)],
            Action::ShowHelp => return vec![Msg::open(Modal::Help)],
            Action::ShowGuide => return vec![Msg::open(Modal::Guide)],
            Action::CancelCall => return vec![Msg::Requests(requests::Msg::Cancel)],
            Action::Close => return vec![Msg::Runs(crate::app::runs::Msg::ComeBack)],
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
        let depth = model.modals.stack.len();
        if depth > 0 {
            self.popups.wheel(depth, model, rows);
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
                false => {
                    let shown = self.titles.get(index).map_or("", String::as_str);
                    click_title(&mut **pane, shown, usize::from(at.x - place.title.x), model)
                }
            }
        };
        match reaction {
            Reaction::Handled(msgs) => msgs,
            Reaction::Ignored => Vec::new(),
        }
    }
}

/// Goes to the tab whose name stands at `column` of the title.
fn click_title(pane: &mut dyn Pane, shown: &str, column: usize, model: &Model) -> Reaction {
    let Some((names, open, next)) = pane.choices() else {
        return Reaction::Ignored;
    };
    let Some(wanted) = title::name_at(shown, &names, column) else {
        return Reaction::Ignored;
    };
    let steps = (wanted + names.len() - open) % names.len().max(1);
    // What the tabs between would load is not wanted.
    let reactions = (0..steps).map(|_| pane.act(next, model));
    reactions.last().unwrap_or(Reaction::Ignored)
}

/// Opens the composer with the call that the Inspector shows.
fn compose_again(model: &Model) -> Msg {
    let Some(entry) = model.requests.current() else {
        return Msg::warning("there is no call yet to compose again");
    };
    match &entry.draft {
        Some(draft) => Msg::Composer(composer::Msg::OpenAgain {
            draft: draft.clone(),
            key: entry.exchange.request.idempotency_key().map(str::to_owned),
        }),
        None => Msg::warning("this exchange was not composed here, and cannot be again"),
    }
}

/// Closes the popup on top.
pub(super) fn close() -> Msg {
    Msg::Modals(crate::app::modals::Msg::Close)
}
