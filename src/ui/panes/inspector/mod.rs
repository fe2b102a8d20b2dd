//! Inspector: the shown exchange, in four tabs. Each tab is a file; this one has the tabs and the lines above them.

mod again;
mod beside;
mod cells;
mod charset;
mod diff;
mod explain;
pub(crate) mod file;
mod find;
mod grouping;
mod headers;
mod hex;
mod json;
mod line;
mod masking;
mod meaning;
mod pages;
mod picture;
mod progress;
mod reader;
mod request;
mod response;
mod spell;
mod start;
mod status;
mod table;
mod taking;
mod text;
mod timing;
mod tree;
mod values;
mod viewer;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use strum::{EnumIter, IntoEnumIterator};

use crate::app::requests::{self, Entry};
use crate::app::{Modal, Model, Msg};
use crate::config::{Action, Role};
use crate::document::Document;
use crate::domain::JobId;
use crate::ui::layout::{Slot, Wish};
use crate::ui::pane::{Cx, Pane, Reaction};
use crate::ui::panes::inspector::reader::Reader;
use crate::ui::tabs;
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Rows that make an answer readable at all.
const ENOUGH: u16 = 6;

/// The tabs in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter)]
enum Tab {
    #[default]
    Response,
    Request,
    Headers,
    Timing,
    /// Only where the exchange was made to be compared.
    Diff,
}

impl Tab {
    fn title(self) -> &'static str {
        match self {
            Self::Response => "Response",
            Self::Request => "Request",
            Self::Headers => "Headers",
            Self::Timing => "Timing",
            Self::Diff => "Diff",
        }
    }

    /// The tabs that there are.
    fn all(has_diff: bool) -> Vec<Self> {
        Self::iter()
            .filter(|tab| has_diff || *tab != Self::Diff)
            .collect()
    }

    fn moved(self, is_forward: bool, has_diff: bool) -> Self {
        let all = Self::all(has_diff);
        let step = if is_forward { 1 } else { all.len() - 1 };
        let index = all.iter().position(|tab| *tab == self).unwrap_or(0);
        all.get((index + step) % all.len())
            .copied()
            .unwrap_or_default()
    }
}

/// Columns of a path that tell anything.
const LEAST_PATH: usize = 10;

#[derive(Default)]
pub(crate) struct Inspector {
    tab: Tab,
    /// The exchange that was prepared, and what there was of its answer then.
    prepared: Option<(JobId, Option<Arc<Document>>)>,
    response: response::Response,
    request: request::Request,
    pages: pages::Pages,
    diff: diff::Diff,
    /// Whether the shown exchange was made to be compared.
    has_diff: bool,
    /// How often a comparison was brought to the front, as far as it was followed.
    brought_forward: u64,
    /// Rows above the tab's own at the last drawing.
    head: usize,
}

impl Pane for Inspector {
    fn id(&self) -> &'static str {
        "inspector"
    }

    fn title(&self) -> &'static str {
        "Inspector"
    }

    fn focus(&self) -> Action {
        Action::FocusInspector
    }

    fn contexts(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn typing(&self) -> Option<&'static [&'static str]> {
        match self.reader() {
            Some(reader) => reader.typing(),
            None => self.pages.typing(),
        }
    }

    fn type_in(&mut self, key: KeyEvent, _model: &Model) -> Vec<Msg> {
        match self.tab {
            Tab::Response => self.response.type_in(key),
            _ => self.pages.type_in(key),
        }
    }

    fn paste(&mut self, text: &str, _model: &Model) -> Vec<Msg> {
        match self.tab {
            Tab::Response => self.response.paste(text),
            _ => self.pages.paste(text),
        }
    }

    fn slot(&self) -> Slot {
        Slot::Detail
    }

    fn wish(&self, _cx: &Cx<'_>, _columns: u16) -> Wish {
        Wish {
            least: ENOUGH,
            most: u16::MAX,
        }
    }

    fn hints(&self, model: &Model) -> Vec<(Action, Option<&'static str>)> {
        if model.requests.current().is_none() {
            return vec![(Action::SignIn, Some("sign in"))];
        }
        let has_body = model
            .requests
            .current()
            .is_some_and(|entry| entry.document.is_some());
        let reader = self.reader().filter(|_| has_body);
        let body = match reader {
            Some(reader) => reader.hints(),
            None if self.tab == Tab::Response => Vec::new(),
            None => self.pages.hints(),
        };
        if self.typing().is_some() {
            return body;
        }
        if self.tab == Tab::Diff {
            return self.diff_hints(model);
        }
        let others = [
            (Action::NextTab, Some("next tab")),
            (Action::Reload, Some("send again")),
            (Action::Replay, Some("and compare")),
            (Action::SaveRequest, Some("save")),
            (Action::Export, Some("copy")),
            (Action::OlderExchange, Some("older")),
            (Action::NewerExchange, Some("newer")),
        ];
        body.into_iter().chain(others).collect()
    }

    fn summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        match cx.model.requests.current() {
            Some(entry) => status::line(entry, 60, cx),
            None => vec![cx.span(Role::Muted, start::summary(cx))],
        }
    }

    fn choices(&self) -> Option<(Vec<&'static str>, usize, Action)> {
        Some(self.names())
    }

    fn tail(&self, cx: &Cx<'_>, columns: usize) -> Vec<Span<'static>> {
        if cx.model.requests.current().is_none() {
            return Vec::new();
        }
        let (names, open, _) = self.names();
        let path = self.path().unwrap_or_default();
        let tabs = |room| tabs::spans(&names, open, Role::Accent, room, cx);
        let mut tail = tabs(usize::MAX);
        if rows::width(&tail) + path.len().min(LEAST_PATH) > columns {
            tail = tabs(columns.saturating_sub(measure::width(&path) + 1));
        }
        let room = columns.saturating_sub(rows::width(&tail) + 1);
        if !path.is_empty() && room >= LEAST_PATH.min(measure::width(&path)) {
            let path = measure::fit_path(&path, room).into_owned();
            tail.push(cx.span(Role::Name, format!(" {path}")));
        }
        tail
    }

    fn mark(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        match cx.model.requests.position() {
            (0, 0) if cx.model.requests.current().is_none() => Vec::new(),
            (0, _) => vec![cx.span(Role::Muted, "history")],
            (place, count) => vec![cx.span(Role::Muted, format!("{place}/{count}"))],
        }
    }

    fn act(&mut self, action: Action, model: &Model) -> Reaction {
        let entry = model.requests.current();
        match (action, entry) {
            (Action::NextTab | Action::PreviousTab, _) => {
                self.tab = self.tab.moved(action == Action::NextTab, self.has_diff);
                self.pages = pages::Pages::default();
                Reaction::done()
            }
            (Action::OlderExchange, _) => Reaction::send(Msg::Requests(requests::Msg::ShowOlder)),
            (Action::NewerExchange, _) => Reaction::send(Msg::Requests(requests::Msg::ShowNewer)),
            (Action::Reload, Some(_)) => Reaction::send(Msg::Requests(requests::Msg::SendAgain)),
            (Action::SaveRequest | Action::Replay | Action::RunAsAll, Some(entry)) => {
                Reaction::send(again::act(action, entry, self.place()))
            }
            (Action::SaveRequest | Action::Replay | Action::RunAsAll, None) => {
                Reaction::send(Msg::warning("there is no call yet"))
            }
            (Action::Export, entry) => Reaction::send(taking::menu(self.response.reader(), entry)),
            (Action::WriteBody, entry) => {
                Reaction::send(taking::write_answer(self.response.reader(), entry))
            }
            (Action::CopyRequestId, entry) => Reaction::send(taking::copy_request_id(entry)),
            (Action::ExplainField, Some(entry)) if self.reader().is_some_and(Reader::is_whole) => {
                Reaction::send(self.explain(entry, model))
            }
            (Action::FilterBody | Action::PipeBody, Some(_)) => {
                self.tab = Tab::Response; // a program reads the body of the answer, wherever it is asked for
                self.response.act(action, model)
            }
            (action, Some(entry)) if self.tab == Tab::Diff => {
                self.act_on_diff(action, entry, model)
            }
            (action, Some(_)) if self.tab == Tab::Response => self.response.act(action, model),
            (action, Some(_)) => self.pages.act(action),
            (Action::Open, None) => Reaction::send(Msg::sign_in(model.users.selected)),
            _ => Reaction::Ignored,
        }
    }

    fn click(&mut self, row: usize, _model: &Model) -> Reaction {
        match (self.tab, row.checked_sub(self.head)) {
            (Tab::Response, Some(row)) => self.response.click(row),
            (Tab::Diff, Some(row)) => self.diff.click(row),
            _ => {}
        }
        Reaction::done()
    }

    fn wheel(&mut self, rows: isize, _model: &Model) -> Reaction {
        match self.tab {
            Tab::Response => self.response.wheel(rows),
            Tab::Diff => self.diff.wheel(rows),
            _ => self.pages.scroll.by(rows),
        }
        Reaction::done()
    }

    fn follow(&mut self, model: &Model) -> Vec<Msg> {
        let entry = model.requests.current();
        let (job, document) = match entry {
            Some(entry) => (Some(entry.exchange.job), entry.document.as_ref()),
            None => (None, None),
        };
        let known = self.prepared.as_ref();
        if known.map(|(job, _)| *job) != job {
            self.response = entry.map_or_else(Default::default, |entry| {
                response::Response::prepare(entry, model)
            });
            self.request = entry.map_or_else(Default::default, |entry| {
                request::Request::prepare(entry, model)
            });
            self.pages = pages::Pages::default();
        } else if let (Some(entry), false) = (entry, response::is_same(known, document)) {
            self.response.renew(entry, model);
        }
        self.prepared = job.map(|job| (job, document.cloned()));
        self.pages.follow(model);
        self.follow_diff(model);
        self.response.follow(model)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let Some(entry) = cx.model.requests.current() else {
            return start::draw(frame, area, &mut self.pages.scroll, cx);
        };
        let columns = usize::from(area.width).saturating_sub(4);
        let indented = |spans: Vec<Span<'static>>| {
            let margin = std::iter::once(Span::raw("   "));
            Line::from(margin.chain(spans).collect::<Vec<_>>())
        };
        let mut head = vec![indented(status::line(entry, columns, cx))];
        if area.height > ENOUGH {
            head.insert(0, indented(status::request(entry, columns, cx)));
            head.extend(status::origin(entry, cx).map(indented));
        }
        if area.height > ENOUGH + 2 {
            head.extend(status::shape(entry, cx).map(indented));
        }
        if area.height > ENOUGH + 6 {
            head.push(Line::default());
        }
        self.head = head.len();
        let body = rows::below(area, rows::count(head.len()));
        rows::draw(frame, area, head);
        match self.tab {
            Tab::Response => self.response.draw(frame, body, entry, cx),
            Tab::Request => {
                let lines = self.request.lines(entry, body.width, cx);
                self.pages.draw(frame, body, lines, cx);
            }
            Tab::Headers | Tab::Timing => {
                let lines = match self.tab {
                    Tab::Headers => headers::lines(entry, body.width, cx),
                    _ => timing::lines(entry, body.width, cx),
                };
                self.pages.draw(frame, body, lines, cx);
            }
            Tab::Diff => self.diff.draw(frame, body, entry, cx),
        }
    }
}

impl Inspector {
    /// The body of the answer, while its tab is open.
    fn reader(&self) -> Option<&Reader> {
        let is_open = self.tab == Tab::Response;
        self.response.reader().filter(|_| is_open)
    }

    /// Where the value that is looked at stands.
    fn path(&self) -> Option<String> {
        let viewer = self.reader()?.viewer();
        let node = viewer.node()?;
        let path = viewer.document().path(node);
        (path != ".").then(|| visible(&path).into_owned())
    }

    /// What the catalogue says of the field that is looked at.
    fn explain(&self, entry: &Entry, model: &Model) -> Msg {
        let viewer = self.reader().map(Reader::viewer);
        let Some((viewer, node)) = viewer.and_then(|viewer| Some((viewer, viewer.node()?))) else {
            return Msg::warning("there is no field under the cursor");
        };
        let document = viewer.document();
        let endpoint = model.catalog.endpoint(&entry.exchange.endpoint);
        let field = endpoint.and_then(|endpoint| model.catalog.field_at(endpoint, document, node));
        let marks = entry.marks.iter().flat_map(|marks| marks.on(node));
        let marks = marks.map(|mark| format!("This answer: {}.", json::in_words(mark)));
        let lines: Vec<String> = match field {
            Some(field) => meaning::documentation(field)
                .into_iter()
                .chain(marks)
                .collect(),
            None => marks.collect(),
        };
        match lines.is_empty() {
            true => Msg::warning("nothing is documented of this field"),
            false => Msg::open(Modal::Note {
                title: document.path(node),
                lines,
            }),
        }
    }
}
