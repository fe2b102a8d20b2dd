//! Accounts: what the current test user has at their banks. Rows are read out of the answers as they are drawn.

mod columns;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::resources::{self, List};
use crate::app::{Model, Msg};
use crate::config::{Action, Role};
use crate::domain::{Draft, EndpointId, Problem, TestUser, UserKey};
use crate::ui::layout::{Slot, Wish};
use crate::ui::pane::{Cx, Pane, Reaction};
use crate::ui::panes::users::{highlight, marker};
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::{rows, wrap};

/// Reads one account.
const ONE: &str = "accounts.get";
/// Rows for the names of the columns.
const HEAD: u16 = 1;

#[derive(Default)]
pub(crate) struct Accounts {
    scroll: Scroll,
    /// The selected row, of the accounts of this user.
    selected: (Option<UserKey>, usize),
}

impl Pane for Accounts {
    fn id(&self) -> &'static str {
        "accounts"
    }

    fn title(&self) -> &'static str {
        "Accounts"
    }

    fn focus(&self) -> Action {
        Action::FocusAccounts
    }

    fn contexts(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn slot(&self) -> Slot {
        Slot::Table
    }

    fn wish(&self, cx: &Cx<'_>, columns: u16) -> Wish {
        let rows = current(cx.model).map_or(0, |(_, list)| list.rows.len());
        let words = rows::count(message(cx, columns).len());
        let table = if rows > 0 {
            rows::count(rows).saturating_add(HEAD)
        } else {
            0
        };
        let most = table.saturating_add(words);
        Wish {
            least: most.min(4),
            most,
        }
    }

    fn hints(&self, model: &Model) -> Vec<(Action, Option<&'static str>)> {
        match current(model) {
            Some((_, list)) if !list.rows.is_empty() => vec![
                (Action::Open, Some("read this account")),
                (Action::Reload, None),
            ],
            Some(_) => vec![(Action::Reload, None)],
            None => vec![(Action::SignIn, Some("sign in"))],
        }
    }

    fn summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        match current(cx.model) {
            Some((_, list)) if list.is_loading => vec![
                cx.span(Role::Accent, cx.spinner()),
                cx.span(Role::Muted, " loading"),
            ],
            Some((
                _,
                List {
                    problem: Some(problem),
                    ..
                },
            )) => vec![cx.span(Role::Danger, &problem.what)],
            Some((_, list)) => {
                let more = if list.next.is_some() { " and more" } else { "" };
                vec![
                    cx.span(Role::Muted, format!("{}{more} of ", list.rows.len())),
                    cx.span(Role::Text, name(cx.model)),
                ]
            }
            None => vec![cx.span(Role::Muted, invitation(cx))],
        }
    }

    fn mark(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let Some((_, list)) = current(cx.model) else {
            return Vec::new();
        };
        let mut spans = Vec::new();
        if list.is_loading {
            spans.extend([cx.span(Role::Accent, cx.spinner()), Span::raw(" ")]);
        }
        match (list.rows.len(), &list.next) {
            (0, None) if list.loaded_at.is_none() => {}
            (count, None) => spans.push(cx.span(Role::Muted, count.to_string())),
            (count, Some(_)) => spans.push(cx.span(Role::Muted, format!("{count}, more below"))),
        }
        spans
    }

    fn act(&mut self, action: Action, model: &Model) -> Reaction {
        let Some((user, list)) = current(model) else {
            return match action {
                Action::Open => Reaction::send(Msg::sign_in(model.users.selected)),
                _ => Reaction::Ignored,
            };
        };
        let row = self.row(user, list);
        let last = list.rows.len().saturating_sub(1);
        if let Some(next) = scroll::step(action, row, last, self.scroll.page()) {
            self.selected = (Some(user), next);
            let is_at_end = next == last
                && matches!(
                    action,
                    Action::MoveDown | Action::PageDown | Action::MoveLast
                );
            let wants_more = is_at_end && list.next.is_some() && !list.is_loading;
            return match wants_more {
                true => Reaction::send(Msg::Resources(resources::Msg::LoadMore {
                    user,
                    endpoint: EndpointId::new(resources::ACCOUNTS),
                })),
                false => Reaction::done(),
            };
        }
        match action {
            Action::Open => Reaction::Handled(open(user, list, row).into_iter().collect()),
            Action::Reload => Reaction::send(Msg::Resources(resources::Msg::Reload {
                user,
                endpoint: EndpointId::new(resources::ACCOUNTS),
            })),
            _ => Reaction::Ignored,
        }
    }

    fn click(&mut self, row: usize, model: &Model) -> Reaction {
        let Some((user, list)) = current(model) else {
            return Reaction::Ignored;
        };
        let Some(row) = row
            .checked_sub(HEAD.into())
            .map(|row| row + self.scroll.offset())
        else {
            return Reaction::Ignored;
        };
        if row < list.rows.len() {
            self.selected = (Some(user), row);
        }
        Reaction::done()
    }

    fn wheel(&mut self, rows: isize, model: &Model) -> Reaction {
        let action = if rows < 0 {
            Action::MoveUp
        } else {
            Action::MoveDown
        };
        let mut msgs = Vec::new();
        for _ in 0..rows.unsigned_abs() {
            if let Reaction::Handled(more) = self.act(action, model)
                && msgs.is_empty()
            {
                msgs = more;
            }
        }
        Reaction::Handled(msgs)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let words = message(cx, area.width);
        let Some((user, list)) = current(cx.model).filter(|(_, list)| !list.rows.is_empty()) else {
            return rows::draw(frame, area, words);
        };
        // What went wrong with the newest page stands above the rows that are there.
        rows::draw(frame, area, words.iter().cloned());
        let area = rows::below(area, rows::count(words.len()));
        let total = list.rows.len();
        let selected = self.row(user, list);
        let first = self
            .scroll
            .show(selected, total, area.height.saturating_sub(HEAD).max(1));
        let seen = first..total.min(first + usize::from(area.height));
        let table = columns::Table::new(list, seen.clone(), area.width);
        let head = std::iter::once(table.head(cx));
        let lines = seen.map(|row| {
            let is_selected = row == selected;
            let mut spans = vec![marker(is_selected, cx)];
            spans.extend(table.cells(list, row, is_selected, cx));
            highlight(Line::from(spans), is_selected, cx)
        });
        rows::draw(frame, area, head.chain(lines));
    }
}

impl Accounts {
    /// The selected row; the first when another user was selected meanwhile.
    fn row(&self, user: UserKey, list: &List) -> usize {
        let (of, row) = self.selected;
        let row = if of == Some(user) { row } else { 0 };
        row.min(list.rows.len().saturating_sub(1))
    }
}

/// The current user and their accounts, as far as they were asked for.
fn current(model: &Model) -> Option<(UserKey, &List)> {
    let user = model.users.selected?;
    Some((user, model.resources.list(user, resources::ACCOUNTS)?))
}

fn name(model: &Model) -> String {
    model
        .users
        .current()
        .map_or("somebody new", TestUser::label)
        .to_owned()
}

/// Reads the account of `row`, if it has an id.
fn open(user: UserKey, list: &List, row: usize) -> Option<Msg> {
    let id = list.text(row, "id")?;
    Some(Msg::send(
        Draft::new(ONE).on_behalf_of(user).with_path("id", id),
    ))
}

/// What to do to see accounts.
fn invitation(cx: &Cx<'_>) -> String {
    let user = cx.model.users.selected;
    let is_signed_in = user.is_some_and(|user| cx.model.auth.grant(user).is_some());
    match is_signed_in {
        true => format!(
            "press {} to list the accounts",
            cx.key("accounts", Action::Reload)
        ),
        false => format!(
            "press {} to sign in {}",
            cx.key("accounts", Action::SignIn),
            name(cx.model)
        ),
    }
}

/// What stands in the place of rows, or above them.
fn message(cx: &Cx<'_>, columns: u16) -> Vec<Line<'static>> {
    let room = usize::from(columns).saturating_sub(4);
    let mut lines = Vec::new();
    let mut say = |role, text: &str| {
        for piece in wrap::words(text, room) {
            lines.push(Line::from(vec![Span::raw("   "), cx.span(role, piece)]));
        }
    };
    match current(cx.model) {
        None => say(Role::Muted, &invitation(cx)),
        Some((
            _,
            List {
                problem: Some(Problem { what, why, hint }),
                ..
            },
        )) => {
            say(Role::Danger, what);
            why.iter().for_each(|why| say(Role::Text, why));
            hint.iter().for_each(|hint| say(Role::Muted, hint));
        }
        Some((_, list)) if !list.rows.is_empty() => {}
        Some((_, list)) if list.is_loading => say(Role::Muted, "loading…"),
        Some(_) => say(
            Role::Muted,
            &format!("{} has not linked any account yet", name(cx.model)),
        ),
    }
    lines
}
