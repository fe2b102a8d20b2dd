//! The whole screen: its panes, which of them has the keys, and drawing all of it. Keys are in `input`.

use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::style::Style;

use crate::app::{Modal, Model, Msg};
use crate::config::{Action, Chord, Keymap, Role, Theme};
use crate::domain::Timestamp;
use crate::ui::footer::{self, Hint};
use crate::ui::layout::{self, Place, Places};
use crate::ui::pane::{Cx, Pane};
use crate::ui::popups::{self, Popups};
use crate::ui::{header, panes, title};

/// What is looked at, and how. The facts come in a [`Model`] each time.
pub struct Screen {
    pub(super) keymap: Keymap,
    pub(super) theme: Theme,
    pub(super) panes: Vec<Box<dyn Pane>>,
    /// Number of the pane that has the keys.
    pub(super) focus: usize,
    pub(super) is_zoomed: bool,
    pub(super) popups: Popups,
    /// The beginning of a sequence of keys.
    pub(super) pending: Vec<Chord>,
    /// Who got which cells at the last drawing: where clicks go.
    pub(super) places: Places,
    /// What their titles said then.
    pub(super) titles: Vec<String>,
    /// How often accounts were brought to the front, as far as it was followed.
    brought_forward: u64,
    /// How often an exchange was asked for, as far as it was followed.
    exchanges: u64,
    /// The pane that had the keys when a run was left for one of its answers.
    left: Option<usize>,
}

/// Tables of the keymap that apply besides those of the pane.
pub(super) const EVERYWHERE: [&str; 2] = ["global", "always"];

impl Screen {
    /// A screen on which nothing was done yet; the test users have the keys.
    pub fn new(keymap: Keymap, theme: Theme) -> Self {
        let panes = panes::all();
        let focus = panes
            .iter()
            .position(|pane| pane.focus() == Action::FocusUsers);
        Self {
            keymap,
            theme,
            panes,
            focus: focus.unwrap_or(0),
            is_zoomed: false,
            popups: Popups::default(),
            pending: Vec::new(),
            places: Places::default(),
            titles: Vec::new(),
            brought_forward: 0,
            exchanges: 0,
            left: None,
        }
    }

    /// A screen for one file; nothing is beside it.
    pub fn viewing(keymap: Keymap, theme: Theme) -> Self {
        Self {
            panes: vec![Box::new(panes::FilePane::default())],
            focus: 0,
            is_zoomed: true,
            ..Self::new(keymap, theme)
        }
    }

    /// Catches up with the model after it has changed: brings forward what was asked for, prepares what takes longer than
    /// drawing may. Answers with what follows.
    pub fn follow(&mut self, model: &Model) -> Vec<Msg> {
        if model.resources.brought_forward > self.brought_forward {
            self.brought_forward = model.resources.brought_forward;
            self.focus_on(Action::FocusAccounts);
        }
        if model.requests.brought_forward > self.exchanges {
            self.exchanges = model.requests.brought_forward;
            if !self.is_in_sight(Action::FocusInspector) {
                self.focus_on(Action::FocusInspector);
            }
        }
        self.follow_run(model);
        self.popups.follow(model);
        let panes = self.panes.iter_mut();
        panes.flat_map(|pane| pane.follow(model)).collect()
    }

    /// Whoever opens an answer of a run wants to move in it; back in the run, the keys are where they were.
    fn follow_run(&mut self, model: &Model) {
        let is_left = model.run.as_ref().is_some_and(|run| run.is_left(model));
        match (is_left, self.left) {
            (true, None) => {
                self.left = Some(self.focus);
                self.focus_on(Action::FocusInspector);
            }
            (false, Some(focus)) => {
                self.left = None;
                if model.modals.stack.last() == Some(&Modal::Run) {
                    self.focus = focus;
                }
            }
            _ => {}
        }
    }

    /// Draws everything.
    pub fn draw(&mut self, frame: &mut Frame<'_>, model: &Model, now: Timestamp, zone: &TimeZone) {
        self.follow(model);
        let Self {
            keymap,
            theme,
            panes,
            focus,
            popups,
            titles,
            ..
        } = self;
        let cx = Cx {
            model,
            theme,
            keymap,
            now,
            zone,
            is_focused: false,
            place: panes.get(*focus).map_or("", |pane| pane.id()),
        };
        let area = frame.area();
        let widest = panes.iter().filter_map(|pane| pane.widest(model)).max();
        let wishes: Vec<_> = panes
            .iter()
            .map(|pane| {
                let slot = pane.slot();
                (
                    slot,
                    pane.wish(&cx, layout::columns_of(slot, area.width, widest)),
                )
            })
            .collect();
        let places = layout::arrange(area, *focus, self.is_zoomed, &wishes, widest);
        header::draw(frame, places.header, &cx);
        for (index, (pane, place)) in panes.iter_mut().zip(&places.panes).enumerate() {
            let cx = Cx {
                is_focused: index == *focus,
                ..cx
            };
            title::draw(frame, place.title, &**pane, place.body.is_empty(), &cx);
            if !place.body.is_empty() {
                pane.draw(frame, place.body, &cx);
            }
        }
        let title = |place: &Place| title::read(frame.buffer_mut(), place.title);
        *titles = places.panes.iter().map(title).collect();
        let depth = model.modals.stack.len();
        if let Some(contexts) = popups.contexts(depth, model) {
            let hints = popups.hints(depth, model);
            footer::draw(
                frame,
                places.footer,
                contexts,
                &hints,
                &[(Action::Close, None)],
                &cx,
            );
            dim(frame, &places, &cx);
            popups.draw(frame, popups::between(area), &cx);
        } else if let Some(pane) = panes.get(*focus) {
            let contexts = contexts_of(&**pane);
            footer::draw(
                frame,
                places.footer,
                &contexts,
                &hints_of(&**pane, model, self.is_zoomed),
                &LAST_HINTS,
                &cx,
            );
        }
        self.places = places;
    }

    /// Whether something of the pane could be seen at the last drawing.
    fn is_in_sight(&self, action: Action) -> bool {
        let index = self.panes.iter().position(|pane| pane.focus() == action);
        let place = index.and_then(|index| self.places.panes.get(index));
        place.is_none_or(|place| !place.body.is_empty())
    }

    /// Gives the keys to the pane that `action` names.
    pub(super) fn focus_on(&mut self, action: Action) {
        if let Some(index) = self.panes.iter().position(|pane| pane.focus() == action) {
            self.focus = index;
        }
    }
}

/// Takes the colours off the panes, so that what lies over them stands out.
fn dim(frame: &mut Frame<'_>, places: &Places, cx: &Cx<'_>) {
    let style = Style::reset().patch(cx.style(Role::Muted));
    for place in &places.panes {
        for area in [place.title, place.body] {
            frame.buffer_mut().set_style(area, style);
        }
    }
}

/// Always in the footer: how to learn more, and how to leave.
const LAST_HINTS: [Hint; 2] = [(Action::ShowHelp, None), (Action::Quit, None)];

/// Tables of the keymap that apply while `pane` has the keys.
pub(super) fn contexts_of(pane: &dyn Pane) -> Vec<&'static str> {
    if let Some(contexts) = pane.typing() {
        return contexts.to_vec();
    }
    let own = std::iter::once(pane.id());
    own.chain(pane.contexts().iter().copied())
        .chain(EVERYWHERE)
        .collect()
}

fn hints_of(pane: &dyn Pane, model: &Model, is_zoomed: bool) -> Vec<Hint> {
    let mut hints = pane.hints(model);
    if model.run.as_ref().is_some_and(|run| run.is_left(model)) {
        hints.insert(0, (Action::Close, Some("back to the run")));
    }
    let is_busy = model.requests.is_busy();
    if is_busy
        && !hints
            .iter()
            .any(|(action, _)| *action == Action::CancelCall)
    {
        hints.insert(0, (Action::CancelCall, Some("cancel")));
    }
    if model.file.is_some() {
        return hints; // there is one pane only
    }
    hints.extend([
        (Action::FocusNext, Some("next pane")),
        (
            Action::ZoomPane,
            Some(if is_zoomed { "all panes" } else { "zoom" }),
        ),
    ]);
    hints
}
