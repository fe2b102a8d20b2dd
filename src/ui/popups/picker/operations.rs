//! The operations of the API: grouped by resource, or found by a few letters; Enter composes a call of one.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::{Modal, Model, Msg};
use crate::catalog::Match;
use crate::config::{Action, Role};
use crate::domain::{Confidence, Endpoint};
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::line;
use crate::ui::popups::marks;
use crate::ui::popups::picker::choosing::{self, CONTEXTS, Choosing};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::{measure, rows, wrap};

/// Columns of a method and the gap behind it.
const METHOD: usize = 7;
/// Columns of a summary, which is shown beside the path where there is room for it.
const SUMMARY: usize = 60;
/// Columns of the marks: credential, whether it writes, how sure the catalogue is.
const MARKS: [usize; 3] = [6, 6, 8];
/// Columns that the longest path, its method and all marks need.
const NARROW: u16 = 76;
/// Columns with summaries.
const WIDE: u16 = NARROW + 60;
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

/// A row of the list.
#[derive(Clone, Copy)]
enum Row<'a> {
    /// The resource that the rows below are about.
    Group(&'a str),
    /// One of what was found, and which.
    Match(usize, &'a Match),
}

impl Operations {
    fn search(&mut self, model: &Model) {
        self.found = Some(model.catalog.search(self.choosing.query()));
    }

    fn found(&self) -> &[Match] {
        self.found.as_deref().unwrap_or_default()
    }

    fn selected<'a>(&self, model: &'a Model) -> Option<&'a Endpoint> {
        let found = self.found().get(self.choosing.selected)?;
        model.catalog.endpoints().get(found.index)
    }

    /// The rows, in groups as long as nothing is searched for.
    fn rows<'a>(&'a self, model: &'a Model) -> Vec<Row<'a>> {
        let is_grouped = self.choosing.query().trim().is_empty();
        let mut group = "";
        let mut rows = Vec::new();
        for (index, found) in self.found().iter().enumerate() {
            let endpoint = model.catalog.endpoints().get(found.index);
            let resource = endpoint.map_or("", |endpoint| resource(endpoint));
            if is_grouped && resource != group {
                group = resource;
                rows.push(Row::Group(group));
            }
            rows.push(Row::Match(index, found));
        }
        rows
    }

    fn draw_list(&mut self, screen: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let selected = self.choosing.selected;
        let mut scroll = self.choosing.scroll;
        let rows = self.rows(cx.model);
        if rows.is_empty() {
            let words = "nothing is called that: try fewer letters";
            rows::draw(screen, area, [cx.line(Role::Muted, words)]);
        }
        let at = rows
            .iter()
            .position(|row| matches!(row, Row::Match(index, _) if *index == selected))
            .unwrap_or_default();
        // The heading above the first row stays in sight with it.
        let above = at.saturating_sub(usize::from(selected == 0));
        scroll.show(above, rows.len(), area.height);
        let first = scroll.show(at, rows.len(), area.height);
        let columns = usize::from(area.width);
        let lines = rows.iter().skip(first).map(|row| match row {
            Row::Group(name) => cx.line(Role::Strong, marks::title(name)),
            Row::Match(index, found) => match_line(found, *index == selected, columns, cx),
        });
        rows::draw(screen, area, lines.take(area.height.into()));
        self.choosing.scroll = scroll;
    }
}

impl Popup for Operations {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &CONTEXTS
    }

    fn hints(&self, open: Open<'_>) -> Vec<Hint> {
        match self.selected(open.model) {
            Some(_) => vec![
                (Action::Confirm, Some("compose")),
                (Action::MoveDown, Some("next")),
            ],
            None => Vec::new(),
        }
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
            let endpoint = self.selected(open.model);
            return endpoint.map_or_else(Vec::new, |endpoint| compose(endpoint, open.model));
        }
        self.choosing.act(action, self.found().len());
        Vec::new()
    }

    fn wheel(&mut self, rows: isize) {
        let last = self.found().len().saturating_sub(1);
        let selected = self.choosing.selected.saturating_add_signed(rows);
        self.choosing.selected = selected.min(last);
    }

    fn follow(&mut self, open: Open<'_>) {
        if self.found.is_none() {
            self.search(open.model);
        }
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let area = frame::between(area);
        let columns = match area.width.saturating_sub(EDGE.0) {
            room if room >= WIDE => WIDE,
            room => room.min(NARROW),
        };
        let rows = area.height.saturating_sub(EDGE.1).min(MOST_ROWS);
        let room = frame::open(screen, area, "Operations", columns, rows, cx);
        let (found, all) = (self.found().len(), cx.model.catalog.endpoints().len());
        let count = match found == all {
            true => all.to_string(),
            false => format!("{found} of {all}"),
        };
        let placeholder = "type letters of a path, an id or what it does";
        let room = self
            .choosing
            .draw_query(screen, room, placeholder, &count, cx);
        let details = (room.height / 4).min(DETAILS);
        let gap = u16::from(details > 1);
        let list = rows::top(room, room.height - details - gap);
        self.draw_list(screen, list, cx);
        if let Some(endpoint) = self.selected(cx.model) {
            let place = rows::below(room, list.height + gap);
            rows::draw(screen, place, detail(endpoint, place, cx));
        }
    }
}

/// The first part of an endpoint's id.
fn resource(endpoint: &Endpoint) -> &str {
    endpoint.id.as_str().split('.').next().unwrap_or_default()
}

/// Opens the composer; what was typed for the same endpoint and the same test user before is still there.
fn compose(endpoint: &Endpoint, model: &Model) -> Vec<Msg> {
    let kept = model.composer.request.as_ref();
    let is_kept = kept.is_some_and(|request| {
        request.endpoint == endpoint.id && request.user == model.users.selected
    });
    let open = match is_kept {
        true => Msg::open(Modal::Composer),
        false => Msg::compose(endpoint.id.as_str(), Vec::new()),
    };
    vec![close(), open]
}

fn match_line(found: &Match, is_selected: bool, columns: usize, cx: &Cx<'_>) -> Line<'static> {
    let Some(endpoint) = cx.model.catalog.endpoints().get(found.index) else {
        return Line::default(); // it was there when it was found
    };
    let words = if is_selected {
        Role::Strong
    } else {
        Role::Text
    };
    let places = &found.positions;
    let marks = match columns >= usize::from(NARROW) {
        true => 3,
        false => 2, // how sure the catalogue is stands in the composer, too
    };
    let marks_width = MARKS
        .iter()
        .take(marks)
        .map(|width| width + 2)
        .sum::<usize>();
    let summary = if columns >= usize::from(WIDE) {
        SUMMARY
    } else {
        0
    };
    let path = columns.saturating_sub(2 + METHOD + marks_width + summary);
    let mut spans = vec![
        line::marker(is_selected, cx),
        marks::method(endpoint.method, METHOD, cx),
    ];
    spans.extend(line::pad(
        line::lit(&endpoint.path, &places.path, words, cx),
        path,
    ));
    let text = line::lit(&endpoint.summary, &places.summary, Role::Muted, cx);
    spans.extend(line::pad(text, summary));
    let writes = if endpoint.writes { "writes" } else { "" };
    let confidence = marks::confidence(endpoint.confidence).unwrap_or_default();
    let of = [
        (Role::Muted, endpoint.auth.name()),
        (Role::Warning, writes),
        (Role::Muted, confidence),
    ];
    for ((role, text), width) in of.into_iter().zip(MARKS).take(marks) {
        spans.push(Span::raw("  "));
        spans.push(cx.span(role, measure::pad(text, width)));
    }
    choosing::row(spans, is_selected, cx)
}

/// What the selected operation does, and what to know about it.
fn detail(endpoint: &Endpoint, place: Rect, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let columns = usize::from(place.width);
    let summary = vec![cx.span(Role::Strong, line::words(&endpoint.summary, columns))];
    let id = vec![cx.span(Role::Muted, endpoint.id.as_str())];
    let mut lines = vec![line::ends(summary, id, columns)];
    let mut details = endpoint.details.clone();
    if endpoint.confidence != Confidence::Documented {
        details = format!("{} {details}", marks::doubt(endpoint.confidence));
    }
    let rest = usize::from(place.height).saturating_sub(1);
    let wrapped = wrap::words(details.trim(), columns);
    let is_cut = wrapped.len() > rest;
    for (index, text) in wrapped.into_iter().take(rest).enumerate() {
        let text = match is_cut && index + 1 == rest {
            true => line::words(&format!("{text} …"), columns),
            false => text,
        };
        lines.push(cx.line(Role::Muted, text));
    }
    lines
}
