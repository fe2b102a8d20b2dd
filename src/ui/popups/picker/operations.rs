//! The operations of the API: grouped by resource, or found by a few letters; Enter composes a call of one.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::composer::{self, Request};
use crate::app::{Modal, Model, Msg};
use crate::catalog::Match;
use crate::config::{Action, Role};
use crate::domain::{Call, Endpoint};
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::marks;
use crate::ui::popups::picker::choosing::{CONTEXTS, Choosing};
use crate::ui::popups::picker::operation_rows::{
    NARROW, WIDE, detail, match_line, own_detail, own_line,
};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::rows;

/// Columns beyond the narrowest, so that the longest path is whole.
const SPARE: u16 = 4;
/// More rows are not easier to read.
const MOST_ROWS: u16 = 44;
/// Most rows of the details below the list.
const DETAILS: u16 = 5;

/// How the list of operations is looked at.
#[derive(Default)]
pub(crate) struct Operations {
    choosing: Choosing,
    /// What the query finds; none before the first search.
    found: Option<Vec<Match>>,
}

/// One of what there is to choose.
#[derive(Clone, Copy)]
enum Choice<'a> {
    /// An operation that was found.
    Known(&'a Match),
    /// A request that the catalogue does not know.
    Own,
}

/// A row of the list.
#[derive(Clone, Copy)]
enum Row<'a> {
    /// The resource that the rows below are about.
    Group(&'a str),
    /// That nothing was found.
    Nothing,
    /// What can be chosen, and which it is of all.
    Choice(usize, Choice<'a>),
}

/// Heading of the request that the catalogue does not know.
const OWN: &str = "your own";
/// Words that find it.
const OWN_WORDS: [&str; 5] = ["a", "request", "of", "your", "own"];

impl Operations {
    fn search(&mut self, model: &Model) {
        self.found = Some(model.catalog.search(self.choosing.query()));
    }

    fn found(&self) -> &[Match] {
        self.found.as_deref().unwrap_or_default()
    }

    /// What can be chosen. A request of one's own comes first where one is typed, else it is the last way out.
    fn choices(&self) -> impl Iterator<Item = Choice<'_>> {
        let is_first = self.typed_call().is_some() || self.is_named();
        let own = |is_here: bool| is_here.then_some(Choice::Own).into_iter();
        let found = self.found().iter().map(Choice::Known);
        own(is_first).chain(found).chain(own(!is_first))
    }

    fn count(&self) -> usize {
        self.found().len() + 1
    }

    /// What is typed, if it reads like a request: `GET /v1/accounts`.
    fn typed_call(&self) -> Option<Call> {
        Call::parse(self.choosing.query())
    }

    /// Whether it is what a request of one's own is called.
    fn is_named(&self) -> bool {
        let mut words = self.choosing.query().split_whitespace().peekable();
        words.peek().is_some() && words.all(|word| OWN_WORDS.contains(&word))
    }

    fn selected(&self) -> Option<Choice<'_>> {
        self.choices().nth(self.choosing.selected)
    }

    /// The rows, in groups as long as nothing is searched for.
    fn rows<'a>(&'a self, model: &'a Model) -> Vec<Row<'a>> {
        let is_grouped = self.choosing.query().trim().is_empty();
        let mut group = "";
        let mut rows = Vec::new();
        if self.found().is_empty() && self.typed_call().is_none() && !self.is_named() {
            rows.push(Row::Nothing);
        }
        for (index, choice) in self.choices().enumerate() {
            let title = match choice {
                Choice::Known(found) => known(found, model).map_or("", resource),
                Choice::Own => OWN,
            };
            if is_grouped && title != group {
                group = title;
                rows.push(Row::Group(group));
            }
            rows.push(Row::Choice(index, choice));
        }
        rows
    }

    fn draw_list(&mut self, screen: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let selected = self.choosing.selected;
        let mut scroll = self.choosing.scroll;
        let rows = self.rows(cx.model);
        let at = rows
            .iter()
            .position(|row| matches!(row, Row::Choice(index, _) if *index == selected))
            .unwrap_or_default();
        // The heading above the first row stays in sight with it.
        let above = at.saturating_sub(usize::from(selected == 0));
        scroll.show(above, rows.len(), area.height);
        let first = scroll.show(at, rows.len(), area.height);
        let columns = usize::from(area.width);
        let lines = rows.iter().skip(first).map(|row| match row {
            Row::Group(name) => cx.line(Role::Strong, marks::title(name)),
            Row::Nothing => cx.line(
                Role::Muted,
                "no operation is called that: try fewer letters, or",
            ),
            Row::Choice(index, Choice::Known(found)) => {
                match_line(found, *index == selected, columns, cx)
            }
            Row::Choice(index, Choice::Own) => {
                own_line(self.typed_call(), *index == selected, columns, cx)
            }
        });
        rows::draw(screen, area, lines.take(area.height.into()));
        self.choosing.scroll = scroll;
    }
}

impl Popup for Operations {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &CONTEXTS
    }

    fn hints(&self, _open: Open<'_>) -> Vec<Hint> {
        vec![
            (Action::Confirm, Some("compose")),
            (Action::MoveDown, Some("next")),
        ]
    }

    fn type_in(&mut self, open: Open<'_>, key: KeyEvent) -> Vec<Msg> {
        if self.choosing.type_in(key) {
            self.search(open.model);
        }
        Vec::new()
    }

    fn paste(&mut self, open: Open<'_>, text: &str) -> Vec<Msg> {
        if self.choosing.paste(text) {
            self.search(open.model);
        }
        Vec::new()
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        if action == Action::Confirm {
            return match self.selected() {
                Some(Choice::Known(found)) => known(found, open.model)
                    .map_or_else(Vec::new, |endpoint| compose(endpoint, open.model)),
                Some(Choice::Own) => compose_own(self.typed_call(), open.model),
                None => Vec::new(), // there is always one
            };
        }
        self.choosing.act(action, self.count());
        Vec::new()
    }

    fn wheel(&mut self, rows: isize) {
        let last = self.count().saturating_sub(1);
        let selected = self.choosing.selected.saturating_add_signed(rows);
        self.choosing.selected = selected.min(last);
    }

    fn follow(&mut self, open: Open<'_>) {
        if self.found.is_none() {
            self.search(open.model);
        }
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let columns = match area.width.saturating_sub(EDGE.0) {
            room if room >= WIDE => WIDE,
            room => room.min(NARROW + SPARE),
        };
        let rows = area.height.saturating_sub(EDGE.1).min(MOST_ROWS);
        let room = frame::open(screen, area, "Operations", columns, rows, cx);
        let (found, all) = (self.found().len(), cx.model.catalog.endpoints().len());
        let count = match found == all {
            true => all.to_string(),
            false => format!("{found} of {all}"),
        };
        let placeholder = "a few letters, or a request: GET /v1/…";
        let room = self
            .choosing
            .draw_query(screen, room, placeholder, &count, cx);
        let details = (room.height / 4).min(DETAILS);
        let gap = u16::from(details > 1);
        let list = rows::top(room, room.height - details - gap);
        self.draw_list(screen, list, cx);
        let place = rows::below(room, list.height + gap);
        let lines = match self.selected() {
            Some(Choice::Known(found)) => {
                known(found, cx.model).map_or_else(Vec::new, |endpoint| detail(endpoint, place, cx))
            }
            _ => own_detail(place, cx),
        };
        rows::draw(screen, place, lines);
    }
}

fn known<'a>(found: &Match, model: &'a Model) -> Option<&'a Endpoint> {
    model.catalog.endpoints().get(found.index)
}

/// The first part of an endpoint's id.
fn resource(endpoint: &Endpoint) -> &str {
    endpoint.id.as_str().split('.').next().unwrap_or_default()
}

/// Opens the composer; what was typed for the same endpoint and the same test user before is still there.
fn compose(endpoint: &Endpoint, model: &Model) -> Vec<Msg> {
    let kept = model.composer.request.as_ref();
    let is_kept = kept.is_some_and(|request| {
        request.endpoint() == Some(&endpoint.id) && request.user == model.users.selected
    });
    let open = match is_kept {
        true => Msg::open(Modal::Composer),
        false => Msg::compose(endpoint.id.as_str(), Vec::new()),
    };
    vec![close(), open]
}

/// Opens the composer for what was typed; what was composed before is still there where nothing was.
fn compose_own(typed: Option<Call>, model: &Model) -> Vec<Msg> {
    let kept = model.composer.request.as_ref();
    let open = match typed {
        None if kept.is_some_and(Request::is_free) => Msg::open(Modal::Composer),
        typed => {
            let text = typed.map(|call| call.to_string()).unwrap_or_default();
            Msg::Composer(composer::Msg::OpenOwn(text))
        }
    };
    vec![close(), open]
}
