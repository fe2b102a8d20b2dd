//! The test users, found by name, phone, e-mail address or status; Enter acts for one from now on.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::{Modal, Model, Msg, users};
use crate::catalog::rank;
use crate::config::{Action, Role};
use crate::domain::TestUser;
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::line;
use crate::ui::popups::picker::choosing::{self, CONTEXTS, Choosing};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::standing;
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Wider is not easier to read.
const WIDEST: u16 = 76;
/// Columns behind each text.
const GAP: usize = 2;

/// How the list of test users is looked at.
#[derive(Default)]
pub(crate) struct Users {
    choosing: Choosing,
    found: Vec<Found>,
}

/// A user that fits the query: their place in the list, and the matched letters of each text.
struct Found {
    index: usize,
    places: [Vec<usize>; 4],
}

/// What is searched, and shown, of a user.
fn texts(user: &TestUser) -> [&str; 4] {
    [
        user.label(),
        &user.phone,
        standing::status(user).1,
        &user.email,
    ]
}

impl Users {
    fn search(&mut self, model: &Model) {
        let query = self.choosing.query();
        let users = model.users.all.iter().enumerate();
        let fits = users.filter_map(|(index, user)| {
            let (score, places) = rank(query, texts(user))?;
            Some((score, Found { index, places }))
        });
        let mut fits: Vec<_> = fits.collect();
        fits.sort_by_key(|(score, _)| std::cmp::Reverse(*score)); // stable
        self.found = fits.into_iter().map(|(_, found)| found).collect();
    }

    fn selected<'a>(&self, model: &'a Model) -> Option<&'a TestUser> {
        let found = self.found.get(self.choosing.selected)?;
        model.users.all.get(found.index)
    }

    /// Columns of each text with the gap behind it: the e-mail address gets what is left.
    fn columns(&self, room: usize, model: &Model) -> [usize; 4] {
        let users = || {
            self.found
                .iter()
                .filter_map(|found| model.users.all.get(found.index))
        };
        let widest = |text: fn(&TestUser) -> &str| {
            let widths = users().map(|user| measure::width(&visible(text(user))) + GAP);
            widths.max().unwrap_or_default()
        };
        let status = widest(|user| standing::status(user).1).min(room);
        let name = widest(TestUser::label).min(room - status);
        let phone = match widest(|user| &user.phone) {
            phone if name + phone <= room - status => phone,
            _ => 0,
        };
        [name, phone, status, room - status - name - phone]
    }
}

fn line(
    found: &Found,
    columns: [usize; 4],
    is_selected: bool,
    cx: &Cx<'_>,
) -> Option<Line<'static>> {
    let user = cx.model.users.all.get(found.index)?;
    let name = if is_selected {
        Role::Strong
    } else {
        Role::Text
    };
    let roles = [name, Role::Muted, standing::status(user).0, Role::Muted];
    let mut spans = vec![line::marker(is_selected, cx)];
    for (((text, at), columns), role) in texts(user)
        .iter()
        .zip(&found.places)
        .zip(columns)
        .zip(roles)
    {
        let gap = GAP.min(columns);
        spans.extend(line::pad(line::lit(text, at, role, cx), columns - gap));
        spans.push(Span::raw(" ".repeat(gap)));
    }
    Some(choosing::row(spans, is_selected, cx))
}

impl Popup for Users {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &CONTEXTS
    }

    fn hints(&self, open: Open<'_>) -> Vec<Hint> {
        match self.selected(open.model) {
            Some(_) => vec![
                (Action::Confirm, Some("act for them")),
                (Action::MoveDown, Some("next")),
            ],
            None => Vec::new(),
        }
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
        if action == Action::Confirm {
            let user = self.selected(open.model);
            return user.map_or_else(Vec::new, |user| {
                vec![close(), Msg::Users(users::Msg::Select(Some(user.key)))]
            });
        }
        self.choosing.act(action, self.found.len());
        Vec::new()
    }

    fn wheel(&mut self, rows: isize) {
        let last = self.found.len().saturating_sub(1);
        let selected = self.choosing.selected.saturating_add_signed(rows);
        self.choosing.selected = selected.min(last);
    }

    /// Users come and go while the list is open.
    fn follow(&mut self, open: Open<'_>) {
        self.search(open.model);
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let columns = area.width.saturating_sub(EDGE.0).min(WIDEST);
        let all = cx.model.users.all.len();
        let rows = rows::count(all).saturating_add(2);
        let room = frame::open(screen, area, "Act for a test user", columns, rows, cx);
        let count = match self.found.len() == all {
            true => all.to_string(),
            false => format!("{} of {all}", self.found.len()),
        };
        let placeholder = "type letters of a name, a phone or a status";
        let room = self
            .choosing
            .draw_query(screen, room, placeholder, &count, cx);
        if self.found.is_empty() {
            rows::draw(
                screen,
                room,
                [cx.line(Role::Muted, "nobody is called that")],
            );
        }
        let selected = self.choosing.selected;
        let first = self
            .choosing
            .scroll
            .show(selected, self.found.len(), room.height);
        let lines = self.found.iter().enumerate().skip(first);
        let columns = self.columns(usize::from(room.width).saturating_sub(2), cx.model);
        let lines = lines.filter_map(|(index, found)| line(found, columns, index == selected, cx));
        rows::draw(screen, room, lines.take(room.height.into()));
    }
}
