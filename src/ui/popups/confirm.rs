//! A question with yes and no: only the key of yes says yes, and where real money moves it looks like it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::{Confirm, Modal, Msg, modals};
use crate::config::{Action, Role};
use crate::domain::Environment;
use crate::ui::footer::Hint;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{measure, rows, wrap};

/// Lines longer than this are hard to read.
const WIDEST: u16 = 72;
/// Columns of the keys of yes and no.
const KEYS: usize = 5;

/// Tables of the keymap that apply: Enter is not among them, it is pressed too easily.
const CONTEXTS: [&str; 3] = ["confirm", "list", "always"];

/// How a question with yes and no is looked at.
#[derive(Default)]
pub(super) struct YesOrNo {
    scroll: Scroll,
}

impl Popup for YesOrNo {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &CONTEXTS
    }

    fn hints(&self, _open: Open<'_>) -> Vec<Hint> {
        vec![(Action::SayYes, Some("yes"))]
    }

    fn act(&mut self, _open: Open<'_>, action: Action) -> Vec<Msg> {
        match action {
            Action::SayYes => vec![Msg::Modals(modals::Msg::Confirmed)],
            action => {
                self.scroll.act(action);
                Vec::new()
            }
        }
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, modal: &Modal, cx: &Cx<'_>) {
        let Modal::Confirm(confirm) = modal else {
            return;
        };
        let is_production = cx.model.profiles.current.environment == Environment::Production;
        let (title, border) = match is_production {
            true => (Role::Danger, Role::Danger),
            false => (Role::TitleFocused, Role::Border),
        };
        let columns = WIDEST.min(area.width.saturating_sub(EDGE.0));
        let wrapped = |text: &String| wrap::words(text, columns.into());
        let text: Vec<Line<'_>> = confirm
            .lines
            .iter()
            .flat_map(wrapped)
            .map(|line| cx.line(Role::Text, line))
            .collect();
        let answers = answers(confirm, title, cx);
        let fixed = rows::count(answers.len());
        let air = u16::from(area.height > rows::count(text.len()) + fixed + EDGE.1);
        let rows = rows::count(text.len()) + air + fixed;
        let heading = vec![cx.span(title, &confirm.title)];
        let room = frame::open_with(screen, area, heading, border, (columns, rows), cx);
        let place = rows::top(room, room.height.saturating_sub(air + fixed));
        let first = self.scroll.fit(text.len(), place.height);
        rows::draw(screen, place, text.into_iter().skip(first));
        if place.height > 0 {
            frame::tell_more(screen, room, self.scroll.hidden(), cx);
        }
        rows::draw(screen, rows::below(room, place.height + air), answers);
    }
}

/// Yes and no, each with its key.
fn answers(confirm: &Confirm, yes: Role, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let line = |action, role, words: &str| {
        let key = cx.keymap.keys(&CONTEXTS, action).unwrap_or_default();
        Line::from(vec![
            cx.span(Role::Key, measure::pad(&key, KEYS)),
            cx.span(role, words),
        ])
    };
    vec![
        line(Action::SayYes, yes, &format!("yes, {}", confirm.yes)),
        line(Action::Close, Role::Text, "no, change nothing"),
    ]
}
