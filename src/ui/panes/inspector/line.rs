//! The line at the bottom of a body into which something is typed: a search, or a path to go to.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::{Action, Role};
use crate::ui::footer::Hint;
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::find::Find;
use crate::ui::popups::field::{Field, Look};
use crate::ui::widgets::{measure, rows};

/// What is worth telling in the footer while a search is typed.
pub(super) const SEARCH_HINTS: [Hint; 4] = [
    (Action::Confirm, Some("keep")),
    (Action::Close, Some("drop")),
    (Action::NextMatch, Some("next")),
    (Action::PreviousMatch, Some("previous")),
];

/// Columns that are left to what is typed.
const LEAST: usize = 12;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// A search in a body.
    Search,
    /// A search in lines, which have no names and values.
    Text,
    Path,
}

/// A line that is being typed.
pub(super) struct Asking {
    pub(super) ask: Ask,
    field: Field,
    /// What is wrong with it, and at which byte.
    pub(super) problem: Option<(usize, String)>,
}

impl Asking {
    pub(super) fn new(ask: Ask, text: &str) -> Self {
        Self {
            ask,
            field: Field::holding(text),
            problem: None,
        }
    }

    pub(super) fn text(&self) -> &str {
        self.field.text()
    }

    /// Takes a key; answers with whether the text has changed.
    pub(super) fn type_in(&mut self, key: KeyEvent) -> bool {
        self.field.type_in(key)
    }

    /// Takes pasted text; answers with whether the text has changed.
    pub(super) fn paste(&mut self, text: &str) -> bool {
        self.field.paste(text)
    }

    /// Rows that it takes.
    pub(super) fn height(&self) -> u16 {
        1 + u16::from(self.problem.is_some())
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, find: &Find, cx: &Cx<'_>) {
        let mut area = area;
        if let Some((offset, reason)) = &self.problem {
            let before = self.text().get(..*offset).map_or(0, measure::width);
            let words = format!("   at column {}: {reason}", before + 1);
            rows::draw(frame, area, [cx.line(Role::Danger, words)]);
            area = rows::below(area, 1);
        }
        let columns = usize::from(area.width);
        let sign = match self.ask {
            Ask::Search | Ask::Text => " / ",
            Ask::Path => " : ",
        };
        let right = self.right(columns, find, cx);
        let width = rows::count(columns.saturating_sub(sign.len() + rows::width(&right) + 1));
        let place = Rect {
            x: area.x + rows::count(sign.len()).min(area.width),
            width: width.min(area.width),
            height: 1.min(area.height),
            ..area
        };
        let gap = Span::raw(" ".repeat(usize::from(width)));
        let line = [vec![cx.span(Role::Key, sign), gap], right].concat();
        rows::draw(frame, area, [Line::from(line)]);
        let look = Look {
            is_active: cx.is_focused,
            placeholder: match self.ask {
                Ask::Search | Ask::Text => "type what to search for",
                Ask::Path => "such as .accounts[0].id",
            },
            ..Look::default()
        };
        self.field
            .draw(frame, place.intersection(frame.area()), look, cx);
    }

    /// Behind the field: what was found, then the keys that change how, as far as there is room.
    fn right(&self, columns: usize, find: &Find, cx: &Cx<'_>) -> Vec<Span<'static>> {
        if self.ask == Ask::Path {
            return Vec::new();
        }
        let key = |action| {
            cx.keymap
                .keys(&["search", "text"], action)
                .unwrap_or_default()
        };
        let kind = if find.query.is_regex { "regex" } else { "text" };
        let choices = [
            (Action::ToggleRegex, kind),
            (Action::ChangeScope, find.scope()),
        ];
        let mut right = vec![Span::raw(" "), standing(find, cx)];
        let most = if self.ask == Ask::Text { 1 } else { 2 };
        for (action, words) in choices.into_iter().take(most) {
            let more = vec![
                cx.span(Role::Muted, "  "),
                cx.span(Role::Key, key(action)),
                cx.span(Role::Text, format!(" {words}")),
            ];
            if rows::width(&right) + rows::width(&more) + LEAST <= columns {
                right.extend(more);
            }
        }
        right
    }
}

/// What a search has found.
fn standing(find: &Find, cx: &Cx<'_>) -> Span<'static> {
    match (find.is_busy(), find.current()) {
        (true, _) => cx.span(
            Role::Accent,
            format!("{} {}", cx.spinner(), find.standing()),
        ),
        (false, Some(_)) => cx.span(Role::Strong, find.standing()),
        (false, None) => cx.span(Role::Warning, find.standing()),
    }
}

/// The line of a search that is kept: what was looked for, what was found, and how to go on.
pub(super) fn kept(find: &Find, columns: usize, cx: &Cx<'_>) -> Line<'static> {
    let key = |action| cx.key("inspector", action);
    let hints = format!(
        "   {} {} others · {} ends it",
        key(Action::NextMatch),
        key(Action::PreviousMatch),
        key(Action::Close)
    );
    let standing = standing(find, cx);
    let used = measure::width(&standing.content) + 5;
    let text = measure::fit(&find.query.text, columns.saturating_sub(used)).into_owned();
    let mut line = vec![
        cx.span(Role::Key, " / "),
        cx.span(Role::Text, text),
        Span::raw("  "),
        standing,
    ];
    if rows::width(&line) + measure::width(&hints) < columns {
        line.push(cx.span(Role::Muted, hints));
    }
    Line::from(line)
}
