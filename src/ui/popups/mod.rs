//! What lies over the panes: one [`Popup`] for each [`Modal`] that is open, kept from its opening to its closing.

mod composer;
mod confirm;
pub(super) mod field;
mod filling;
mod frame;
mod guide;
mod help;
mod line;
mod marks;
mod menu;
mod note;
mod picker;
mod popup;
mod problem;
mod prompt;
mod run;
pub(super) mod saving;

pub(super) use frame::between;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{FormSubject, Modal, Model, Msg, Picker, Subject};
use crate::config::{Action, Chord};
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::popups::popup::{Open, Popup};

/// How the popups are looked at; which of them are open is a fact of the model.
#[derive(Default)]
pub(super) struct Popups {
    /// Bottom to top, as the modals of the model.
    views: Vec<View>,
    /// Those that were closed and go on where they were left; the newest last.
    kept: Vec<View>,
}

type View = (Kind, Box<dyn Popup>);

/// So many closed popups are kept.
const MOST_KEPT: usize = 8;

/// What tells one popup from another: as long as it stays the same, so does what was typed into it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Help,
    Problem,
    Note,
    Prompt(Subject),
    Confirm,
    Form(FormSubject),
    Menu,
    Picker(Picker),
    Composer,
    Saving,
    Run,
    Guide,
}

impl Kind {
    fn of(modal: &Modal) -> Self {
        match modal {
            Modal::Help => Self::Help,
            Modal::Problem(_) => Self::Problem,
            Modal::Note { .. } => Self::Note,
            Modal::Prompt(prompt) => Self::Prompt(prompt.subject),
            Modal::Confirm(_) => Self::Confirm,
            Modal::Form(form) => Self::Form(form.subject),
            Modal::Menu(_) => Self::Menu,
            Modal::Picker(picker) => Self::Picker(*picker),
            Modal::Composer => Self::Composer,
            Modal::Saving => Self::Saving,
            Modal::Run => Self::Run,
            Modal::Guide => Self::Guide,
        }
    }

    /// A popup of this kind in which nothing was done yet.
    fn view(self) -> Box<dyn Popup> {
        match self {
            Self::Help => Box::new(help::Help::default()),
            Self::Problem => Box::new(problem::Trouble::default()),
            Self::Note => Box::new(note::Reading::default()),
            Self::Prompt(_) => Box::new(prompt::Question::default()),
            Self::Confirm => Box::new(confirm::YesOrNo::default()),
            Self::Menu => Box::new(menu::Choosing::default()),
            Self::Picker(Picker::Operations) => Box::new(picker::Operations::default()),
            Self::Form(_) => Box::new(filling::Filling::default()),
            Self::Picker(Picker::Profiles) => Box::new(picker::Profiles::default()),
            Self::Picker(Picker::Users) => Box::new(picker::Users::default()),
            Self::Composer => Box::new(composer::Composing::default()),
            Self::Saving => Box::new(saving::Keeping::default()),
            Self::Run => Box::new(run::Watching::default()),
            Self::Guide => Box::new(guide::Guiding::default()),
        }
    }
}

/// Each of these takes the number of popups that lie below the one that is meant, and that one.
impl Popups {
    /// Catches up with the model; what was typed into a popup is forgotten when it is closed, unless it asks to be kept.
    pub(super) fn follow(&mut self, model: &Model) {
        let stack = &model.modals.stack;
        let pairs = self.views.iter().zip(stack);
        let same = pairs
            .take_while(|((kind, _), modal)| *kind == Kind::of(modal))
            .count();
        let closed = self.views.split_off(same).into_iter();
        self.kept.extend(closed.filter(|(_, view)| view.is_kept()));
        let too_many = self.kept.len().saturating_sub(MOST_KEPT);
        self.kept.drain(..too_many);
        for modal in stack.iter().skip(same) {
            let kind = Kind::of(modal);
            let open = Open { modal, model };
            let left = |(of, view): &View| *of == kind && view.resumes(open);
            let view = match self.kept.iter().rposition(left) {
                Some(at) => self.kept.remove(at),
                None => (kind, kind.view()),
            };
            self.views.push(view);
        }
        for ((_, view), modal) in self.views.iter_mut().zip(stack) {
            view.follow(Open { modal, model });
        }
    }

    fn at<'a>(&'a self, depth: usize, model: &'a Model) -> Option<(&'a dyn Popup, Open<'a>)> {
        let index = depth.checked_sub(1)?;
        let (_, view) = self.views.get(index)?;
        let modal = model.modals.stack.get(index)?;
        Some((&**view, Open { modal, model }))
    }

    fn at_mut<'a>(
        &'a mut self,
        depth: usize,
        model: &'a Model,
    ) -> Option<(&'a mut Box<dyn Popup>, Open<'a>)> {
        let index = depth.checked_sub(1)?;
        let (_, view) = self.views.get_mut(index)?;
        let modal = model.modals.stack.get(index)?;
        Some((view, Open { modal, model }))
    }

    /// Tables of the keymap that apply while it is on top; `None` where no popup is open.
    pub(super) fn contexts(&self, depth: usize, model: &Model) -> Option<&'static [&'static str]> {
        let (view, open) = self.at(depth, model)?;
        Some(view.contexts(open))
    }

    /// What is worth telling in the footer, besides how to close it.
    pub(super) fn hints(&self, depth: usize, model: &Model) -> Vec<Hint> {
        self.at(depth, model)
            .map_or_else(Vec::new, |(view, open)| view.hints(open))
    }

    /// Whether `chord` is text for its field, although it is bound to `action`.
    pub(super) fn types(&self, depth: usize, model: &Model, chord: Chord, action: Action) -> bool {
        self.at(depth, model)
            .is_some_and(|(view, open)| view.types(open, chord, action))
    }

    /// Takes a key that is bound to nothing.
    pub(super) fn type_in(&mut self, depth: usize, model: &Model, key: KeyEvent) -> Vec<Msg> {
        self.at_mut(depth, model)
            .map_or_else(Vec::new, |(view, open)| view.type_in(open, key))
    }

    /// Takes pasted text.
    pub(super) fn paste(&mut self, depth: usize, model: &Model, text: &str) -> Vec<Msg> {
        self.at_mut(depth, model)
            .map_or_else(Vec::new, |(view, open)| view.paste(open, text))
    }

    /// Carries out what a key asks for.
    pub(super) fn act(&mut self, depth: usize, model: &Model, action: Action) -> Vec<Msg> {
        let Some((view, open)) = self.at_mut(depth, model) else {
            return Vec::new(); // closed meanwhile
        };
        match action {
            Action::Close if view.close_inside() => Vec::new(),
            Action::Close => vec![close()],
            Action::ShowHelp => vec![Msg::open(Modal::Help)],
            action => view.act(open, action),
        }
    }

    /// Scrolls by rows of the mouse wheel.
    pub(super) fn wheel(&mut self, depth: usize, model: &Model, rows: isize) {
        if let Some((view, _)) = self.at_mut(depth, model) {
            view.wheel(rows);
        }
    }

    /// Draws the topmost over `area`.
    pub(super) fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let depth = cx.model.modals.stack.len();
        if let Some((view, open)) = self.at_mut(depth, cx.model) {
            view.draw(screen, area, open.modal, cx);
        }
    }
}
