//! What the API lists for the current test user, in tabs: accounts, cards, routines, transfers, transactions, the user.
//!
//! [`kinds`] says what there is, as data; a [`view::View`] is how one tab is looked at, a [`sheet::Sheet`] its rows made ready
//! to be filtered and sorted, a [`table::Table`] their columns. Rows are read out of the answers as they are drawn.

mod acting;
mod cells;
mod deeds;
mod kinds;
mod names;
mod order;
mod person;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod view;
mod words;

use crossterm::event::KeyEvent;
use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::app::resources::List;
use crate::app::{Model, Msg};
use crate::config::{Action, Role};
use crate::domain::UserKey;
use crate::ui::layout::{Slot, Wish};
use crate::ui::pane::{Cx, Pane, Reaction};
use crate::ui::panes::resources::cells::Cells;
use crate::ui::panes::resources::deeds::Chosen;
use crate::ui::panes::resources::kinds::{KINDS, Kind, OF_ACCOUNTS};
use crate::ui::panes::resources::names::Names;
use crate::ui::panes::resources::view::View;
use crate::ui::widgets::rows;
use crate::ui::widgets::scroll::Scroll;

/// Its table in `keymap.toml`.
const ID: &str = "resources";
/// Tables of `keymap.toml` that apply while a filter is typed.
const TYPING: &[&str] = &["filter", "text", "always"];
/// A table does not get narrower than this for the sake of the Inspector: the names of the tabs fit.
const NARROWEST: usize = 68;

#[derive(Default)]
pub(crate) struct Resources {
    /// The open tab: a place in [`KINDS`], or behind the last of them for the user.
    tab: usize,
    views: [View; KINDS.len()],
    /// How far the tab of the user is scrolled.
    person: Scroll,
    /// Whether the tab of transfers lists those of one routine.
    is_of_routine: bool,
    names: Names,
    /// Whose lists were looked at.
    user: Option<UserKey>,
    /// Of the last drawing: times are found as they are seen.
    zone: Option<TimeZone>,
    /// How often accounts were brought to the front, as far as it was followed.
    brought_forward: u64,
}

impl Resources {
    /// Takes over what has changed in the model.
    fn catch_up(&mut self, model: &Model) {
        let user = model.users.selected;
        if self.user != user {
            self.user = user;
            self.is_of_routine = false;
            self.views.iter_mut().for_each(View::leave);
        }
        if model.resources.brought_forward > self.brought_forward {
            self.brought_forward = model.resources.brought_forward;
            self.tab = OF_ACCOUNTS;
        }
        self.names.follow(model, user);
        let list = user.and_then(|user| model.resources.list(user, self.endpoint()));
        if let (Some(kind), Some(list)) = (KINDS.get(self.tab), list) {
            let zone = self.zone.get_or_insert(TimeZone::UTC);
            let cells = Cells {
                list,
                names: &self.names,
                zone,
            };
            if let Some(view) = self.views.get_mut(self.tab) {
                view.follow(kind, cells);
            }
        }
    }
}

impl Pane for Resources {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &'static str {
        title(self.tab)
    }

    fn focus(&self) -> Action {
        Action::FocusAccounts
    }

    fn contexts(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn typing(&self) -> Option<&'static [&'static str]> {
        let view = self.views.get(self.tab)?;
        view.is_typing.then_some(TYPING)
    }

    fn slot(&self) -> Slot {
        Slot::Table
    }

    fn wish(&self, cx: &Cx<'_>, columns: u16) -> Wish {
        let most = match self.open(cx.model) {
            Some(open) => open.view.rows(open.kind, open.cells, columns, cx),
            None => match KINDS.get(self.tab) {
                Some(kind) => rows::count(words::message(kind, None, columns, cx).len()),
                None => rows::count(person::lines(columns, cx).len()),
            },
        };
        Wish {
            least: most.min(4),
            most,
        }
    }

    fn widest(&self, model: &Model) -> Option<u16> {
        let widest = match (self.open(model), KINDS.get(self.tab)) {
            (Some(open), _) if open.list().rows.is_empty() => return None,
            (Some(open), _) => table::Table::widest(open.kind, &open.view.sheet, open.view.sort),
            (None, Some(_)) => return None,
            (None, None) => NARROWEST,
        };
        Some(rows::count(widest.max(NARROWEST)))
    }

    fn hints(&self, model: &Model) -> Vec<(Action, Option<&'static str>)> {
        if self.typing().is_some() {
            return vec![
                (Action::Confirm, Some("keep it")),
                (Action::Close, Some("all rows")),
                (Action::MoveDown, Some("next row")),
            ];
        }
        if !words::is_signed_in(model, model.users.selected) {
            return vec![
                (Action::SignIn, Some("sign in")),
                (Action::NextList, Some("next list")),
            ];
        }
        let mut hints = Vec::new();
        if let Some(open) = self.open(model) {
            open.hint(&mut hints);
        }
        if hints.is_empty() {
            hints.push((Action::NextList, Some("next list")));
        }
        hints.push((Action::Reload, None));
        hints
    }

    fn summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let Some(open) = self.open(cx.model) else {
            return self.short_summary(cx);
        };
        let list = open.list();
        if list.is_loading {
            return vec![
                cx.span(Role::Accent, cx.spinner()),
                cx.span(Role::Muted, " loading"),
            ];
        }
        if let Some(problem) = &list.problem {
            return vec![cx.span(Role::Danger, &problem.what)];
        }
        let more = if list.next.is_some() { " and more" } else { "" };
        vec![
            cx.span(Role::Muted, format!("{}{more} of ", list.rows.len())),
            cx.span(Role::Text, words::name(cx.model)),
        ]
    }

    fn tabs(&self) -> Option<(Vec<&'static str>, usize)> {
        Some(((0..=KINDS.len()).map(title).collect(), self.tab))
    }

    fn mark(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let mut spans = Vec::new();
        let Some(open) = self.open(cx.model) else {
            let is_loading = self.tab == KINDS.len()
                && self
                    .user
                    .is_some_and(|user| person::is_loading(cx.model, user));
            return match is_loading {
                true => vec![cx.span(Role::Accent, cx.spinner())],
                false => spans,
            };
        };
        let list = open.list();
        if list.is_loading {
            spans.extend([cx.span(Role::Accent, cx.spinner()), Span::raw(" ")]);
        }
        if list.loaded_at.is_some() || !list.rows.is_empty() {
            let sheet = &open.view.sheet;
            let found = sheet.is_filtered().then(|| sheet.len());
            spans.push(view::count(found, list.rows.len(), list.next.is_some(), cx));
        }
        spans
    }

    fn act(&mut self, action: Action, model: &Model) -> Reaction {
        if matches!(action, Action::NextList | Action::PreviousList) {
            let count = KINDS.len() + 1;
            let step = if action == Action::NextList {
                1
            } else {
                count - 1
            };
            self.tab = (self.tab + step) % count;
            self.catch_up(model);
            return Reaction::Handled(self.visit(model));
        }
        match self.tab < KINDS.len() {
            true => self.act_on_list(action, model),
            false => self.act_on_person(action, model),
        }
    }

    fn visit(&mut self, model: &Model) -> Vec<Msg> {
        let Some(user) = model.users.selected else {
            return Vec::new();
        };
        if model.auth.grant(user).is_none() {
            return Vec::new();
        }
        match KINDS.get(self.tab) {
            Some(_) if model.resources.list(user, self.endpoint()).is_some() => Vec::new(),
            Some(_) => vec![self.load(user, Vec::new())],
            None if model.resources.person(user).is_some() || person::is_loading(model, user) => {
                Vec::new()
            }
            None => vec![Msg::identify(user)],
        }
    }

    fn type_in(&mut self, key: KeyEvent, model: &Model) -> Vec<Msg> {
        if let Some(view) = self.views.get_mut(self.tab) {
            view.type_in(key);
        }
        self.catch_up(model);
        Vec::new()
    }

    fn paste(&mut self, text: &str, model: &Model) -> Vec<Msg> {
        if let Some(view) = self.views.get_mut(self.tab) {
            view.paste(text);
        }
        self.catch_up(model);
        Vec::new()
    }

    fn click(&mut self, row: usize, _model: &Model) -> Reaction {
        if let Some(view) = self.views.get_mut(self.tab) {
            view.click(row);
        }
        Reaction::done()
    }

    fn wheel(&mut self, rows: isize, model: &Model) -> Reaction {
        if self.tab >= KINDS.len() {
            self.person.by(rows);
            return Reaction::done();
        }
        self.step(rows, model)
    }

    fn follow(&mut self, model: &Model) -> Vec<Msg> {
        self.catch_up(model);
        Vec::new()
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        if self.zone.as_ref() != Some(cx.zone) {
            self.zone = Some(cx.zone.clone());
            self.catch_up(cx.model);
        }
        let Some(kind) = KINDS.get(self.tab) else {
            return person::draw(frame, area, &mut self.person, cx);
        };
        let list = self
            .user
            .and_then(|user| cx.model.resources.list(user, self.endpoint()));
        let (Some(list), Some(view)) = (list, self.views.get_mut(self.tab)) else {
            let words = words::message(kind, None, area.width, cx);
            return rows::draw(frame, area, words);
        };
        let cells = Cells {
            list,
            names: &self.names,
            zone: cx.zone,
        };
        view.draw(frame, area, kind, cells, cx);
    }
}

/// The name of a tab.
fn title(tab: usize) -> &'static str {
    KINDS.get(tab).map_or(person::TITLE, |kind| kind.title)
}

/// The open tab with its list, where that is loaded or on its way.
struct Open<'a> {
    user: UserKey,
    kind: &'static Kind,
    view: &'a View,
    cells: Cells<'a>,
}

impl<'a> Open<'a> {
    fn list(&self) -> &'a List {
        self.cells.list
    }

    /// The selected row, if there is one.
    fn chosen(&self) -> Option<Chosen<'a>> {
        Some(Chosen {
            user: self.user,
            cells: self.cells,
            row: self.view.selected()?,
        })
    }

    /// What works here now.
    fn hint(&self, hints: &mut Vec<(Action, Option<&'static str>)>) {
        if self.list().is_loading_all {
            hints.push((Action::CancelCall, Some("stop")));
        }
        if let Some(chosen) = self.chosen() {
            if self.kind.get.is_some() && chosen.id().is_some() {
                hints.push((Action::Open, Some("read")));
            }
            for (action, deed) in self.kind.deeds {
                hints.extend(deed.words(chosen).map(|words| (*action, Some(words))));
            }
        }
        hints.push((Action::NextList, Some("next list")));
        if self.view.has_filter() || !words::narrowing(self.list()).is_empty() {
            hints.push((Action::Close, Some("all rows")));
        }
        if self.list().rows.len() > 1 {
            hints.push((Action::FilterRows, Some("filter")));
        }
        if self.list().next.is_some() && !self.list().is_loading_all {
            hints.push((Action::LoadAll, Some("load all")));
        }
        if self.list().rows.len() > 1 {
            hints.push((Action::SortRows, Some("sort")));
        }
        if self.kind.add.is_some() {
            hints.push((Action::AddAnother, Some("add one")));
        }
    }
}
