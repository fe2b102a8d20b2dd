//! The Response tab: what the outcome means, then the body of the answer, as JSON if it is that, else as text.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::requests::Entry;
use crate::config::{Action, Role};
use crate::document::Fault;
use crate::domain::Body;
use crate::ui::pane::{Cx, Reaction};
use crate::ui::panes::inspector::explain;
use crate::ui::panes::inspector::request::secrets;
use crate::ui::panes::inspector::text::Text;
use crate::ui::panes::inspector::tree::Tree;
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{rows, wrap};

/// The body of an answer as it is looked at.
#[derive(Default)]
pub(super) struct Response {
    view: View,
    /// Rows above the body at the last drawing.
    words: usize,
}

enum View {
    Text(Text, Scroll),
    Json(Box<Tree>),
}

impl Default for View {
    fn default() -> Self {
        Self::Text(Text::default(), Scroll::default())
    }
}

impl Response {
    pub(super) fn prepare(entry: &Entry, model: &Model) -> Self {
        let endpoint = model.catalog.endpoint(&entry.exchange.endpoint);
        let fields = endpoint.map_or(&[][..], |endpoint| model.catalog.answer_fields(endpoint));
        let document = entry.document.as_ref();
        let tree = document.and_then(|document| Tree::new(document, secrets(fields)));
        let view = match tree {
            Some(tree) => View::Json(Box::new(tree)),
            None => {
                let body = entry
                    .exchange
                    .response()
                    .map(|response| response.body.clone());
                View::Text(Text::new(body.unwrap_or_default()), Scroll::default())
            }
        };
        Self { view, words: 0 }
    }

    pub(super) fn act(&mut self, action: Action) -> Reaction {
        let is_done = match &mut self.view {
            View::Text(_, scroll) => scroll.act(action),
            View::Json(tree) => tree.act(action),
        };
        match is_done {
            true => Reaction::done(),
            false => Reaction::Ignored,
        }
    }

    pub(super) fn click(&mut self, row: usize) {
        if let (View::Json(tree), Some(row)) = (&mut self.view, row.checked_sub(self.words)) {
            tree.click(row);
        }
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        match &mut self.view {
            View::Text(_, scroll) => scroll.by(rows),
            View::Json(tree) => tree.wheel(rows),
        }
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, entry: &Entry, cx: &Cx<'_>) {
        let mut words = explain::lines(entry, area.width, cx);
        let Some(response) = entry.exchange.response() else {
            return rows::draw(frame, area, words);
        };
        if response.body.is_empty() {
            words.push(cx.line(Role::Muted, "   the answer has no body"));
            return rows::draw(frame, area, words);
        }
        if claims_json(response.header("content-type"), &response.body)
            && let Some(fault) = entry
                .document
                .as_ref()
                .and_then(|document| document.fault())
        {
            words.extend(complaint(fault, area.width, cx));
        }
        if !words.is_empty() && usize::from(area.height) > words.len() + 3 {
            words.push(Line::default());
        }
        self.words = words.len();
        let body = rows::below(area, rows::count(words.len()));
        rows::draw(frame, area, words);
        match &mut self.view {
            View::Json(tree) => tree.draw(frame, body, cx),
            View::Text(text, scroll) => {
                let total = text.rows(usize::from(body.width).saturating_sub(4));
                let first = scroll.fit(total, body.height);
                let line =
                    |row| Line::from(vec![Span::raw("   "), cx.span(Role::Text, text.row(row))]);
                rows::draw(frame, body, (first..total).map(line));
            }
        }
    }
}

/// Whether a body is meant to be JSON, so that it is worth telling why it is none.
fn claims_json(kind: Option<&str>, body: &Body) -> bool {
    let starts = |bytes: &[u8]| matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    kind.is_some_and(|kind| kind.contains("json")) || starts(body.as_bytes())
}

/// Where a body departs from JSON.
fn complaint(fault: &Fault, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let Fault {
        line,
        column,
        reason,
        ..
    } = fault;
    let words = format!("this is no JSON at {line}:{column}: {reason}");
    let pieces = wrap::words(&words, usize::from(columns).saturating_sub(4));
    let line = |piece: String| Line::from(vec![Span::raw("   "), cx.span(Role::Danger, piece)]);
    pieces.into_iter().map(line).collect()
}
