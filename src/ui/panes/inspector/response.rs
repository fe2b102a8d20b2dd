//! The Response tab: what the outcome means, then the body of the answer in one of its views.

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::requests::Entry;
use crate::app::{Model, Msg};
use crate::config::{Action, Role};
use crate::document::{Document, Fault};
use crate::domain::{self, Body, JobId};
use crate::ui::pane::{Cx, Reaction};
use crate::ui::panes::inspector::reader::Reader;
use crate::ui::panes::inspector::request::secrets;
use crate::ui::panes::inspector::viewer::Viewer;
use crate::ui::panes::inspector::{explain, masking, picture};
use crate::ui::widgets::{rows, wrap};

/// The body of an answer as it is looked at.
#[derive(Default)]
pub(super) struct Response {
    reader: Option<Reader>,
    /// Rows above the body at the last drawing.
    words: usize,
}

impl Response {
    /// Shows the body of `entry`, from its beginning.
    pub(super) fn prepare(entry: &Entry, model: &Model) -> Self {
        let mut response = Self::default();
        response.renew(entry, model);
        response
    }

    /// Shows what there is of the body of `entry` now, at the same place where it begins with what is shown.
    pub(super) fn renew(&mut self, entry: &Entry, model: &Model) {
        let endpoint = model.catalog.endpoint(&entry.exchange.endpoint);
        let fields = endpoint.map_or(&[][..], |endpoint| model.catalog.answer_fields(endpoint));
        let Some(document) = entry.document.as_ref() else {
            self.reader = None;
            return;
        };
        let masked = masking::masked(document, &secrets(fields));
        // A secret with values of its own is one value now: the marks would not fit any more.
        let fits = masked.len() == document.len();
        let marks = entry.marks.clone().filter(|_| fits);
        match &mut self.reader {
            Some(reader) => reader.go_on_with(masked, marks),
            None => self.reader = Some(Reader::new(Viewer::new(masked, marks))),
        }
    }

    /// The body as it is looked at.
    pub(super) fn reader(&self) -> Option<&Reader> {
        self.reader.as_ref()
    }

    /// Moves to the value at `path`, as jq spells it, if it is there.
    pub(super) fn reveal(&mut self, path: &str) -> bool {
        let reader = self.reader.as_mut();
        reader.is_some_and(|reader| reader.reveal(path))
    }

    pub(super) fn act(&mut self, action: Action, model: &Model) -> Reaction {
        let reader = self.reader.as_mut();
        reader.map_or(Reaction::Ignored, |reader| reader.act(action, model))
    }

    pub(super) fn type_in(&mut self, key: KeyEvent) -> Vec<Msg> {
        let reader = self.reader.as_mut();
        reader.map_or_else(Vec::new, |reader| reader.type_in(key))
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Msg> {
        let reader = self.reader.as_mut();
        reader.map_or_else(Vec::new, |reader| reader.paste(text))
    }

    pub(super) fn follow(&mut self, model: &Model) -> Vec<Msg> {
        let reader = self.reader.as_mut();
        reader.map_or_else(Vec::new, |reader| reader.follow(model))
    }

    pub(super) fn click(&mut self, row: usize) {
        if let (Some(reader), Some(row)) = (&mut self.reader, row.checked_sub(self.words)) {
            reader.click(row);
        }
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        if let Some(reader) = &mut self.reader {
            reader.wheel(rows);
        }
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, entry: &Entry, cx: &Cx<'_>) {
        let mut words = explain::lines(entry, area.width, cx);
        let response = entry.exchange.response();
        if response.is_some_and(|response| response.body.is_empty()) {
            words.push(cx.line(Role::Muted, "   the answer has no body"));
            return rows::draw(frame, area, words);
        }
        if let Some(response) = response {
            words.extend(about(response, entry, area.width, cx));
        }
        words.extend(
            self.reader
                .as_ref()
                .and_then(|reader| reader.viewer().words(cx)),
        );
        if !words.is_empty() && usize::from(area.height) > words.len() + 3 {
            words.push(Line::default());
        }
        self.words = words.len();
        let body = rows::below(area, rows::count(words.len()));
        rows::draw(frame, area, words);
        if let Some(reader) = &mut self.reader {
            reader.draw(frame, body, cx);
        }
    }
}

/// What is worth telling of a whole body besides itself.
fn about(
    response: &domain::Response,
    entry: &Entry,
    columns: u16,
    cx: &Cx<'_>,
) -> Vec<Line<'static>> {
    let mut words = Vec::new();
    let document = entry.document.as_ref();
    if document.is_some_and(|document| document.is_blank()) {
        return vec![cx.line(Role::Muted, "   the answer is blank: white space only")];
    }
    let document = document.filter(|document| document.readable().is_none());
    if claims_json(response.header("content-type"), &response.body)
        && let Some(fault) = document.and_then(|document| document.fault())
    {
        words.extend(complaint(fault, columns, cx));
    }
    let bytes = response.body.as_bytes();
    if let Some(picture) = picture::describe(bytes, bytes.len()) {
        words.push(cx.line(Role::Accent, format!("   {picture}")));
    }
    words
}

/// Whether a body is meant to be JSON, so that it is worth telling why it is none.
fn claims_json(kind: Option<&str>, body: &Body) -> bool {
    let starts = |bytes: &[u8]| matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    kind.is_some_and(|kind| kind.contains("json")) || starts(body.as_bytes())
}

/// Where a body departs from JSON.
pub(super) fn complaint(fault: &Fault, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let Fault {
        line,
        column,
        reason,
        is_limit,
        ..
    } = fault;
    let (role, words) = match is_limit {
        true => {
            let key = cx.key("inspector", Action::NextView);
            (
                Role::Warning,
                format!("{reason}; {key} shows all of it as text"),
            )
        }
        false => (
            Role::Danger,
            format!("this is no JSON at {line}:{column}: {reason}"),
        ),
    };
    let pieces = wrap::words(&words, usize::from(columns).saturating_sub(4));
    let line = |piece: String| Line::from(vec![Span::raw("   "), cx.span(role, piece)]);
    pieces.into_iter().map(line).collect()
}

/// Whether `document` was prepared already.
pub(super) fn is_same(
    known: Option<&(JobId, Option<Arc<Document>>)>,
    document: Option<&Arc<Document>>,
) -> bool {
    match (known.and_then(|(_, known)| known.as_ref()), document) {
        (Some(known), Some(document)) => Arc::ptr_eq(known, document),
        (known, document) => known.is_none() && document.is_none(),
    }
}
