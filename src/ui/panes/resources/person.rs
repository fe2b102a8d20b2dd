//! The tab of the user: what the API says of the signed-in test user, and what their status means.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::requests::Entry;
use crate::app::resources::USER;
use crate::config::{Action, Role};
use crate::document::{Document, NodeKind};
use crate::domain::{Outcome, Problem, UserKey, UserStatus};
use crate::ui::pane::Cx;
use crate::ui::panes::resources::{ID, cells, words};
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{measure, rows, wrap};

/// The tab.
pub(super) const TITLE: &str = "User";
/// Columns in front of a name.
const MARGIN: usize = 3;
/// Names of fields do not get wider than this.
const WIDEST_NAME: usize = 22;

/// What is told of a user: nothing yet, what is wrong, or what the API said.
pub(super) fn lines(columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let model = cx.model;
    let Some(user) = model.users.selected else {
        return words::lines(Role::Muted, &words::invitation("the user", cx), columns, cx);
    };
    let newest = newest(model, user);
    let mut lines = Vec::new();
    if let Some(problem) = newest.and_then(problem) {
        lines.extend(words::problem(&problem, columns, cx));
    }
    match model.resources.person(user) {
        Some(person) => lines.extend(told(person, columns, cx)),
        None if is_loading(model, user) => {
            lines.extend(words::lines(Role::Muted, "loading…", columns, cx));
        }
        None if lines.is_empty() => {
            let invitation = words::invitation("what the API says of the user", cx);
            lines.extend(words::lines(Role::Muted, &invitation, columns, cx));
        }
        None => {}
    }
    lines
}

/// Whether the API was asked and has not answered yet.
pub(super) fn is_loading(model: &Model, user: UserKey) -> bool {
    newest(model, user).is_some_and(|entry| entry.exchange.is_busy())
}

/// The status of `user` in the words of the API, as far as it was asked.
pub(super) fn status(model: &Model, user: UserKey) -> Option<String> {
    let person = model.resources.person(user)?;
    let status = person.get(person.root()?, "status")?;
    Some(person.text(status).into_owned())
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, scroll: &mut Scroll, cx: &Cx<'_>) {
    let lines = lines(area.width, cx);
    let first = scroll.fit(lines.len(), area.height);
    rows::draw(frame, area, lines.into_iter().skip(first));
}

/// The newest exchange that asked who `user` is.
fn newest(model: &Model, user: UserKey) -> Option<&Entry> {
    let mut entries = model.requests.entries.iter().rev();
    entries
        .find(|entry| entry.exchange.user == Some(user) && entry.exchange.endpoint.as_str() == USER)
}

/// Why the newest question was not answered.
fn problem(entry: &Entry) -> Option<Problem> {
    match &entry.exchange.outcome {
        Outcome::Done(response) if !response.is_success() => Some(
            Problem::new(format!("the API answered {}", response.status))
                .hint("the Inspector shows the answer"),
        ),
        Outcome::Failed(problem) => Some(problem.clone()),
        _ => None,
    }
}

/// Names and values under each other, and what the status means.
fn told(person: &Document, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let Some(root) = person.root() else {
        return words::lines(Role::Muted, "the answer is empty", columns, cx);
    };
    let fields: Vec<_> = person
        .children(root)
        .filter_map(|field| Some((person.key(field)?, field)))
        .collect();
    let names = fields.iter().map(|(name, _)| measure::width(name));
    let width = names.max().unwrap_or(0).min(WIDEST_NAME);
    let room = usize::from(columns).saturating_sub(MARGIN + width + 3);
    let mut lines = Vec::new();
    for (name, field) in fields {
        let text = person.text(field);
        let role = match (name.as_ref(), person.kind(field)) {
            (_, NodeKind::Null) => Role::Muted,
            ("status", _) => cells::status(&text),
            _ => Role::Text,
        };
        let mut values = vec![(role, text.clone().into_owned())];
        if name == "status" {
            values.extend(meaning(&text, cx).into_iter().flatten());
        }
        let mut label = measure::pad(&name, width);
        for (role, value) in values {
            for piece in wrap::words(&value, room) {
                lines.push(Line::from(vec![
                    Span::raw(" ".repeat(MARGIN)),
                    cx.span(Role::Muted, &label),
                    Span::raw("  "),
                    cx.span(role, piece),
                ]));
                label = " ".repeat(width);
            }
        }
    }
    lines
}

/// What a status means, and below that what can be done next.
fn meaning(status: &str, cx: &Cx<'_>) -> Option<[(Role, String); 2]> {
    let status = UserStatus::parse(status)?;
    let (next, action) = match status {
        UserStatus::Approved => ("composes one", Action::ComposeRoutine),
        UserStatus::Pending => ("asks again", Action::Reload),
        UserStatus::Retry => ("opens the page that asks for them", Action::OpenStatusPage),
        UserStatus::Document => ("opens the page that takes it", Action::OpenStatusPage),
        UserStatus::Suspended | UserStatus::Rejected => {
            ("makes another test user", Action::NewUser)
        }
        UserStatus::ConvertedToUser => return None, // of intents only
    };
    let next = format!("→ {} {next}", cx.key(ID, action));
    Some([(Role::Muted, status.meaning().into()), (Role::Accent, next)])
}
