//! A problem that concerns the whole session: what, why, and what to do.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::Modal;
use crate::config::Role;
use crate::domain::Problem;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::Popup;
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{rows, wrap};

/// Lines longer than this are hard to read.
const WIDEST: u16 = 64;

/// How a problem is looked at.
#[derive(Default)]
pub(super) struct Trouble {
    scroll: Scroll,
}

impl Popup for Trouble {
    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, modal: &Modal, cx: &Cx<'_>) {
        let Modal::Problem(problem) = modal else {
            return;
        };
        let columns = WIDEST.min(area.width.saturating_sub(EDGE.0 + 2));
        let Problem {
            what, why, hint, ..
        } = problem;
        let parts = [
            Some((Role::Danger, what.clone())),
            why.clone().map(|why| (Role::Text, why)),
            hint.clone().map(|hint| (Role::Accent, format!("→ {hint}"))),
        ];
        let mut lines = Vec::new();
        for (role, text) in parts.into_iter().flatten() {
            lines.extend(
                wrap::words(&text, columns.into())
                    .iter()
                    .map(|piece| cx.line(role, piece)),
            );
        }
        let room = frame::open(
            screen,
            area,
            "Problem",
            columns,
            rows::count(lines.len()),
            cx,
        );
        let first = self.scroll.fit(lines.len(), room.height);
        rows::draw(screen, room, lines.into_iter().skip(first));
        frame::tell_more(screen, room, self.scroll.hidden(), cx);
    }
}
