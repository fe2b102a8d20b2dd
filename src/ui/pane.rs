//! What a pane is, and what it is given to draw with.

use crossterm::event::KeyEvent;
use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::{Model, Msg, wakeup};
use crate::config::{Action, Keymap, Role, Theme};
use crate::domain::Timestamp;
use crate::ui::layout::{Slot, Wish};
use crate::ui::widgets::{measure, visible};

/// One part of the screen. It keeps what is about looking only: selection, scroll, open tab.
pub(crate) trait Pane {
    /// Its table in `keymap.toml`.
    fn id(&self) -> &'static str;

    /// The words in front of its rule.
    fn title(&self) -> &'static str;

    /// What brings the keys to it.
    fn focus(&self) -> Action;

    /// Tables of `keymap.toml` that apply besides its own.
    fn contexts(&self) -> &'static [&'static str];

    /// Tables of the keymap that apply instead while text is typed into it; keys that are bound to nothing are the text then.
    fn typing(&self) -> Option<&'static [&'static str]> {
        None
    }

    /// Takes a key that is bound to nothing, while text is typed.
    fn type_in(&mut self, _key: KeyEvent, _model: &Model) -> Vec<Msg> {
        Vec::new()
    }

    /// Takes pasted text, while text is typed.
    fn paste(&mut self, _text: &str, _model: &Model) -> Vec<Msg> {
        Vec::new()
    }

    /// Where it stands.
    fn slot(&self) -> Slot;

    /// How many rows it would like below its title.
    fn wish(&self, cx: &Cx<'_>, columns: u16) -> Wish;

    /// Columns beyond which it gains nothing, for a table.
    fn widest(&self, _model: &Model) -> Option<u16> {
        None
    }

    /// What is worth telling in the footer now, with other words than the action's own where these say more.
    fn hints(&self, model: &Model) -> Vec<(Action, Option<&'static str>)>;

    /// The gist, for when only the title is seen.
    fn summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>>;

    /// Names of its tabs and which one is open, where they stand in the place of the title.
    fn tabs(&self) -> Option<(Vec<&'static str>, usize)> {
        None
    }

    /// Names that a click on its title chooses between, which one is open, and what goes to the next of them.
    fn choices(&self) -> Option<(Vec<&'static str>, usize, Action)> {
        let (names, open) = self.tabs()?;
        Some((names, open, Action::NextList))
    }

    /// What stands behind the title, in at most `columns`.
    fn tail(&self, _cx: &Cx<'_>, _columns: usize) -> Vec<Span<'static>> {
        Vec::new()
    }

    /// What stands at the end of the title's line.
    fn mark(&self, _cx: &Cx<'_>) -> Vec<Span<'static>> {
        Vec::new()
    }

    /// Carries out what a key asks for.
    fn act(&mut self, action: Action, model: &Model) -> Reaction;

    /// Has been given the keys: what is needed to show something.
    fn visit(&mut self, _model: &Model) -> Vec<Msg> {
        Vec::new()
    }

    /// Takes a click on a row of it, counted from the first that is seen.
    fn click(&mut self, _row: usize, _model: &Model) -> Reaction {
        Reaction::Ignored
    }

    /// Scrolls by rows of the mouse wheel.
    fn wheel(&mut self, rows: isize, model: &Model) -> Reaction {
        self.step(rows, model)
    }

    /// Moves by rows as the keys for it do; what the first of them asks for is done.
    fn step(&mut self, rows: isize, model: &Model) -> Reaction {
        let action = match rows < 0 {
            true => Action::MoveUp,
            false => Action::MoveDown,
        };
        let mut msgs = Vec::new();
        for _ in 0..rows.unsigned_abs() {
            if let Reaction::Handled(more) = self.act(action, model)
                && msgs.is_empty()
            {
                msgs = more;
            }
        }
        Reaction::Handled(msgs)
    }

    /// Catches up with the model after it has changed: whatever takes longer than drawing may. Answers with what follows.
    fn follow(&mut self, _model: &Model) -> Vec<Msg> {
        Vec::new()
    }

    /// Draws what stands below the title.
    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>);
}

/// What a pane makes of a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reaction {
    /// It is not about this pane.
    Ignored,
    /// It was, and this follows.
    Handled(Vec<Msg>),
}

impl Reaction {
    /// It was about this pane, and nothing else follows.
    pub(crate) fn done() -> Self {
        Self::Handled(Vec::new())
    }

    /// It was about this pane, and `msg` follows.
    pub(crate) fn send(msg: Msg) -> Self {
        Self::Handled(vec![msg])
    }
}

/// What is drawn, and how.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'a> {
    /// The facts.
    pub(crate) model: &'a Model,
    /// The colours.
    pub(crate) theme: &'a Theme,
    /// The keys.
    pub(crate) keymap: &'a Keymap,
    /// Now.
    pub(crate) now: Timestamp,
    /// For times of day.
    pub(crate) zone: &'a TimeZone,
    /// Whether the pane that draws has the keys.
    pub(crate) is_focused: bool,
    /// The table in `keymap.toml` of the pane that has them.
    pub(crate) place: &'static str,
}

impl Cx<'_> {
    /// How `role` looks.
    pub(crate) fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// A piece of text, with whatever would act on the terminal made visible.
    pub(crate) fn span(&self, role: Role, text: impl AsRef<str>) -> Span<'static> {
        Span::styled(
            visible::visible(text.as_ref()).into_owned(),
            self.style(role),
        )
    }

    /// A line of one role.
    pub(crate) fn line(&self, role: Role, text: impl AsRef<str>) -> Line<'static> {
        Line::from(self.span(role, text))
    }

    /// The key of `action` where no question is open, in the pane called `pane` where that matters.
    pub(crate) fn key(&self, pane: &str, action: Action) -> String {
        let keys = self
            .keymap
            .keys(&[pane, "list", "global", "always"], action);
        keys.unwrap_or_else(|| format!("<{}>", action.name()))
    }

    /// The picture of the spinner that stands now.
    pub(crate) fn spinner(&self) -> &'static str {
        const PICTURES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
        let step = i64::try_from(wakeup::SPINNER_STEP.as_millis()).unwrap_or(1);
        let index = (self.now.0 / step.max(1)).rem_euclid(10);
        PICTURES[usize::try_from(index).unwrap_or(0)]
    }

    /// The time of day of `at`.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        measure::time(at, self.now, self.zone)
    }
}
