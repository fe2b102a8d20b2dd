//! A note: something to read, as long as it may be.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::Modal;
use crate::config::Role;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::Popup;
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{rows, wrap};

/// Lines longer than this are hard to read.
const WIDEST: u16 = 96;

/// How a note is looked at. Its lines are found once for a width, since a note may be megabytes long.
#[derive(Default)]
pub(super) struct Reading {
    scroll: Scroll,
    columns: u16,
    lines: Vec<String>,
}

impl Popup for Reading {
    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, modal: &Modal, cx: &Cx<'_>) {
        let Modal::Note { title, lines } = modal else {
            return;
        };
        let columns = WIDEST.min(area.width.saturating_sub(EDGE.0 + 2));
        if self.columns != columns {
            self.columns = columns;
            let wrapped = |text: &String| wrap::words(text, columns.into());
            self.lines = lines.iter().flat_map(wrapped).collect();
        }
        let height = rows::count(self.lines.len());
        let room = frame::open(screen, area, title, columns, height, cx);
        let first = self.scroll.fit(self.lines.len(), room.height);
        let seen = self.lines.iter().skip(first).take(room.height.into());
        let seen: Vec<Line<'_>> = seen.map(|line| cx.line(Role::Text, line)).collect();
        rows::draw(screen, room, seen);
        frame::tell_more(screen, room, self.scroll.hidden(), cx);
    }
}
