//! A question with yes and no: only the key of yes says yes. Where real money moves it looks like it, and yes is typed out.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::{Confirm, Modal, Msg, modals};
use crate::config::{Action, Role};
use crate::domain::Environment;
use crate::ui::footer::Hint;
use crate::ui::pane::Cx;
use crate::ui::popups::field::{Field, Look};
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{measure, rows, wrap};

/// Lines longer than this are hard to read.
const WIDEST: u16 = 72;
/// Columns of the keys of yes and no.
const KEYS: usize = 5;
/// The same where yes is typed out.
const TYPED_KEYS: usize = 7;

/// Tables of the keymap that apply: Enter is not among them, it is pressed too easily.
const CONTEXTS: [&str; 3] = ["confirm", "list", "always"];

/// The same where yes is typed out.
const TYPING: [&str; 2] = ["text", "always"];

/// What is typed then. The letters of a word that was meant for something else, or a key that is held, make no yes.
const YES: &str = "yes";

/// How a question with yes and no is looked at.
#[derive(Default)]
pub(super) struct YesOrNo {
    field: Field,
    scroll: Scroll,
}

fn is_typed(open: Open<'_>) -> bool {
    matches!(open.modal, Modal::Confirm(confirm) if confirm.is_typed)
}

impl Popup for YesOrNo {
    fn contexts(&self, open: Open<'_>) -> &'static [&'static str] {
        match is_typed(open) {
            true => &TYPING,
            false => &CONTEXTS,
        }
    }

    fn hints(&self, open: Open<'_>) -> Vec<Hint> {
        match (is_typed(open), self.field.text() == YES) {
            (false, _) => vec![(Action::SayYes, Some("yes"))],
            (true, true) => vec![(Action::Confirm, Some("send"))],
            (true, false) => Vec::new(),
        }
    }

    fn type_in(&mut self, open: Open<'_>, key: KeyEvent) -> Vec<Msg> {
        match key.code {
            KeyCode::Up => self.scroll.by(-1),
            KeyCode::Down => self.scroll.by(1),
            _ if is_typed(open) => drop(self.field.type_in(key)),
            _ => {}
        }
        Vec::new()
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        match action {
            // The field is emptied: the next question may follow in its place.
            Action::Confirm if is_typed(open) => match self.field.take() == YES {
                true => vec![Msg::Modals(modals::Msg::Confirmed)],
                false => Vec::new(),
            },
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
        let below = rows::below(room, place.height + air);
        rows::draw(screen, below, answers);
        if confirm.is_typed {
            let columns = rows::count(YES.len() + 1).min(below.width);
            let area = Rect {
                x: below.x + rows::count(TYPED_KEYS + measure::width(&once_typed(confirm))),
                width: columns,
                height: below.height.min(1),
                ..below
            };
            let look = Look {
                is_active: true,
                ..Look::default()
            };
            self.field.draw(screen, area.intersection(below), look, cx);
        }
    }
}

fn once_typed(confirm: &Confirm) -> String {
    format!("{}, once {YES} is typed: ", confirm.yes)
}

/// Yes and no, each with its key; where yes is typed, the field comes behind it.
fn answers(confirm: &Confirm, yes: Role, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let (contexts, columns, key, words): (&[&str], _, _, _) = match confirm.is_typed {
        true => (&TYPING, TYPED_KEYS, Action::Confirm, once_typed(confirm)),
        false => {
            let words = format!("yes, {}", confirm.yes);
            (&CONTEXTS, KEYS, Action::SayYes, words)
        }
    };
    let line = |action, role, words: &str| {
        let key = cx.keymap.keys(contexts, action).unwrap_or_default();
        Line::from(vec![
            cx.span(Role::Key, measure::pad(&key, columns)),
            cx.span(role, words),
        ])
    };
    vec![
        line(key, yes, &words),
        line(Action::Close, Role::Text, "no, change nothing"),
    ]
}
