//! The Response tab: what the outcome means, then the body of the answer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::requests::Entry;
use crate::config::{Action, Role};
use crate::ui::pane::{Cx, Reaction};
use crate::ui::panes::inspector::explain;
use crate::ui::panes::inspector::text::Text;
use crate::ui::widgets::rows;
use crate::ui::widgets::scroll::Scroll;

/// The body of an answer as it is looked at.
#[derive(Default)]
pub(super) struct Response {
    text: Text,
    scroll: Scroll,
}

impl Response {
    pub(super) fn prepare(entry: &Entry, _model: &Model) -> Self {
        let body = entry
            .exchange
            .response()
            .map(|response| response.body.clone());
        Self {
            text: Text::new(body.unwrap_or_default()),
            scroll: Scroll::default(),
        }
    }

    pub(super) fn act(&mut self, action: Action, _entry: &Entry) -> Reaction {
        match self.scroll.act(action) {
            true => Reaction::done(),
            false => Reaction::Ignored,
        }
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        self.scroll.by(rows);
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
        if !words.is_empty() && usize::from(area.height) > words.len() + 3 {
            words.push(Line::default());
        }
        let body = rows::below(area, rows::count(words.len()));
        rows::draw(frame, area, words);
        let total = self.text.rows(usize::from(body.width).saturating_sub(4));
        let first = self.scroll.fit(total, body.height);
        let lines = (first..total).map(|row| {
            Line::from(vec![
                Span::raw("   "),
                cx.span(Role::Text, self.text.row(row)),
            ])
        });
        rows::draw(frame, body, lines);
    }
}
