//! The profiles, found by name, environment or client id; Enter goes over to one, others change the list.

use std::borrow::Cow;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::profiles::Msg as Order;
use crate::app::{Modal, Model, Msg};
use crate::catalog::rank;
use crate::config::{Action, Role};
use crate::domain::{Environment, Profile};
use crate::ui::footer::Hint;
use crate::ui::header;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::line;
use crate::ui::popups::picker::choosing::{self, Choosing};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Wider is not easier to read.
const WIDEST: u16 = 76;
/// Columns behind each text.
const GAP: usize = 2;
/// Tables of the keymap that apply.
const CONTEXTS: [&str; 4] = ["profiles", "picker", "text", "always"];
/// What is said of the profile in use.
const IN_USE: &str = "in use";

/// How the list of profiles is looked at.
#[derive(Default)]
pub(crate) struct Profiles {
    choosing: Choosing,
    found: Vec<Found>,
    has_started: bool,
}

/// A profile that fits the query: its place in the list, and the matched letters of each text.
struct Found {
    index: usize,
    places: [Vec<usize>; 3],
}

/// What is searched, and shown, of a profile.
fn texts<'a>(profile: &'a Profile, model: &Model) -> [Cow<'a, str>; 3] {
    [
        Cow::from(&profile.name),
        header::environment(profile, model),
        Cow::from(&profile.client_id),
    ]
}

impl Profiles {
    fn search(&mut self, model: &Model) {
        let query = self.choosing.query();
        let all = model.profiles.all.iter().enumerate();
        let fits = all.filter_map(|(index, profile)| {
            let texts = texts(profile, model);
            let (score, places) = rank(query, texts.each_ref().map(|text| &**text))?;
            Some((score, Found { index, places }))
        });
        let mut fits: Vec<_> = fits.collect();
        fits.sort_by_key(|(score, _)| std::cmp::Reverse(*score)); // stable
        self.found = fits.into_iter().map(|(_, found)| found).collect();
        self.choosing.selected = self
            .choosing
            .selected
            .min(self.found.len().saturating_sub(1));
    }

    fn selected<'a>(&self, model: &'a Model) -> Option<&'a Profile> {
        let found = self.found.get(self.choosing.selected)?;
        model.profiles.all.get(found.index)
    }

    /// Columns of name and environment with the gap behind each; the client id gets what is left.
    fn columns(room: usize, model: &Model) -> [usize; 3] {
        let mut widest = [0; 3];
        for profile in &model.profiles.all {
            for (widest, text) in widest.iter_mut().zip(texts(profile, model)) {
                *widest = (*widest).max(measure::width(&visible(&text)) + GAP);
            }
        }
        let environment = widest[1].min(room);
        let name = widest[0].min(room - environment);
        [name, environment, room - name - environment]
    }

    fn line(&self, at: usize, columns: [usize; 3], cx: &Cx<'_>) -> Option<Line<'static>> {
        let found = self.found.get(at)?;
        let profile = cx.model.profiles.all.get(found.index)?;
        let is_selected = at == self.choosing.selected;
        let name = if is_selected {
            Role::Strong
        } else {
            Role::Text
        };
        let environment = match profile.environment {
            Environment::Production => Role::Danger,
            _ => Role::Muted,
        };
        let roles = [name, environment, Role::Muted];
        let mut spans = vec![line::marker(is_selected, cx)];
        for (((text, at), columns), role) in texts(profile, cx.model)
            .iter()
            .zip(&found.places)
            .zip(columns)
            .zip(roles)
        {
            let gap = GAP.min(columns);
            spans.extend(line::pad(line::lit(text, at, role, cx), columns - gap));
            spans.push(Span::raw(" ".repeat(gap)));
        }
        let is_in_use = profile.name == cx.model.profiles.current.name;
        spans.push(match is_in_use {
            true => cx.span(Role::Success, IN_USE),
            false => Span::raw(" ".repeat(IN_USE.len())),
        });
        Some(choosing::row(spans, is_selected, cx))
    }
}

impl Popup for Profiles {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &CONTEXTS
    }

    fn hints(&self, open: Open<'_>) -> Vec<Hint> {
        let mut hints = vec![(Action::AddProfile, Some("add"))];
        if self.selected(open.model).is_some() {
            hints.insert(0, (Action::Confirm, Some("go over")));
            hints.extend([
                (Action::EditProfile, Some("edit")),
                (Action::DuplicateProfile, Some("duplicate")),
                (Action::DeleteSelected, Some("delete")),
            ]);
        }
        hints
    }

    fn type_in(&mut self, open: Open<'_>, key: KeyEvent) -> Vec<Msg> {
        self.choosing.type_in(key);
        self.search(open.model);
        Vec::new()
    }

    fn paste(&mut self, open: Open<'_>, text: &str) -> Vec<Msg> {
        self.choosing.paste(text);
        self.search(open.model);
        Vec::new()
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        if action == Action::AddProfile {
            return vec![close(), Msg::Profiles(Order::Add)];
        }
        let name = self
            .selected(open.model)
            .map(|profile| profile.name.clone());
        match (action, name) {
            (Action::Confirm, Some(name)) if name == open.model.profiles.current.name => {
                vec![close()]
            }
            (Action::Confirm, Some(name)) => vec![close(), Msg::Profiles(Order::Switch(name))],
            (Action::EditProfile, Some(name)) => vec![close(), Msg::Profiles(Order::Edit(name))],
            (Action::DuplicateProfile, Some(name)) => {
                vec![close(), Msg::Profiles(Order::Duplicate(name))]
            }
            (Action::DeleteSelected, Some(name)) => {
                vec![close(), Msg::Profiles(Order::AskDelete(name))]
            }
            (action, _) => {
                self.choosing.act(action, self.found.len());
                Vec::new()
            }
        }
    }

    fn wheel(&mut self, rows: isize) {
        let last = self.found.len().saturating_sub(1);
        let selected = self.choosing.selected.saturating_add_signed(rows);
        self.choosing.selected = selected.min(last);
    }

    fn follow(&mut self, open: Open<'_>) {
        self.search(open.model);
        if !self.has_started {
            self.has_started = true;
            let current = &open.model.profiles.current.name;
            let mut all = open.model.profiles.all.iter();
            let at = all.position(|profile| profile.name == *current);
            self.choosing.selected = at.unwrap_or(0);
        }
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let columns = area.width.saturating_sub(EDGE.0).min(WIDEST);
        let all = cx.model.profiles.all.len();
        let only_one = all == 1;
        let rows = rows::count(all).saturating_add(2 + 2 * u16::from(only_one));
        let room = frame::open(screen, area, "Profiles", columns, rows, cx);
        let count = match self.found.len() == all {
            true => all.to_string(),
            false => format!("{} of {all}", self.found.len()),
        };
        let placeholder = "type letters of a name or an environment";
        let room = self
            .choosing
            .draw_query(screen, room, placeholder, &count, cx);
        if self.found.is_empty() {
            rows::draw(
                screen,
                room,
                [cx.line(Role::Muted, "no profile is called that")],
            );
        }
        let total = self.found.len();
        let first = self
            .choosing
            .scroll
            .show(self.choosing.selected, total, room.height);
        let room_for_texts = usize::from(room.width).saturating_sub(2 + IN_USE.len());
        let columns = Self::columns(room_for_texts, cx.model);
        let seen = first..total.min(first + usize::from(room.height));
        let mut lines: Vec<_> = seen.filter_map(|at| self.line(at, columns, cx)).collect();
        if only_one {
            let key = cx
                .keymap
                .keys(&CONTEXTS, Action::AddProfile)
                .unwrap_or_default();
            let words = format!("  keys of your own? {key} adds a profile");
            lines.extend([Line::default(), cx.line(Role::Muted, words)]);
        }
        rows::draw(screen, room, lines.into_iter().take(room.height.into()));
    }
}
