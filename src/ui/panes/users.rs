//! Test users: whom the session acts for. The selection is a fact of the model; only the scrolling is kept here.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::auth::SignIn;
use crate::app::{Model, Msg, users};
use crate::config::{Action, Role};
use crate::domain::TestUser;
use crate::ui::layout::{Slot, Wish};
use crate::ui::pane::{Cx, Pane, Reaction};
use crate::ui::panes::authorization;
use crate::ui::standing::status;
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::{measure, rows, visible};

/// The last row.
const NEW: &str = "somebody new";
/// Columns in front of a name.
const MARGIN: usize = 3;
/// Columns of the sign of who is signed in, with the gaps beside it.
const SIGN: usize = 3;
/// Columns behind a status.
const GAP: usize = 1;
/// Names do not get narrower than this where there is room.
const NARROWEST: usize = 16;
/// Rows that are enough to choose from.
const ENOUGH: u16 = 5;

#[derive(Default)]
pub(crate) struct Users {
    scroll: Scroll,
    /// The row that was kept in sight last: the wheel may move away from it until it changes.
    shown: Option<usize>,
}

impl Pane for Users {
    fn id(&self) -> &'static str {
        "users"
    }

    fn title(&self) -> &'static str {
        "Test users"
    }

    fn focus(&self) -> Action {
        Action::FocusUsers
    }

    fn contexts(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn slot(&self) -> Slot {
        Slot::Side
    }

    fn wish(&self, cx: &Cx<'_>, _columns: u16) -> Wish {
        let most = rows::count(cx.model.users.all.len() + 1);
        Wish {
            least: most.min(ENOUGH),
            most,
        }
    }

    fn hints(&self, model: &Model) -> Vec<(Action, Option<&'static str>)> {
        let user = model.users.selected;
        match user.and_then(|user| model.auth.grant(user)) {
            Some(_) => vec![
                (Action::Open, Some("accounts")),
                (Action::SignOut, Some("sign out")),
                (Action::SignInNew, Some("somebody new")),
                (Action::EditUser, Some("note")),
            ],
            None => vec![
                (Action::SignIn, Some("sign in")),
                (Action::SignInNew, Some("somebody new")),
            ],
        }
    }

    fn summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let users = &cx.model.users;
        match users.current() {
            Some(user) => {
                let (role, words) = status(user);
                vec![
                    cx.span(Role::Text, user.label()),
                    cx.span(Role::Muted, " · "),
                    cx.span(role, words),
                ]
            }
            None => vec![cx.span(
                Role::Muted,
                format!("{} known, none selected", users.all.len()),
            )],
        }
    }

    fn mark(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let count = cx.model.users.all.len();
        vec![cx.span(Role::Muted, count.to_string())]
    }

    fn act(&mut self, action: Action, model: &Model) -> Reaction {
        let selected = model.users.selected;
        if let Some(row) = scroll::step(
            action,
            row(model),
            model.users.all.len(),
            self.scroll.page(),
        ) {
            return select(row, model);
        }
        let grant = selected.and_then(|user| model.auth.grant(user));
        match (action, selected, grant) {
            (Action::Open, Some(user), Some(_)) => Reaction::send(Msg::load_accounts(user)),
            (Action::Open, user, None) => Reaction::send(Msg::sign_in(user)),
            (Action::Reload, Some(user), Some(_)) => Reaction::send(Msg::identify(user)),
            (Action::EditUser, Some(user), _) => Reaction::send(Msg::Users(users::Msg::Edit(user))),
            (Action::DeleteSelected, Some(user), _) => {
                Reaction::send(Msg::Users(users::Msg::AskRemove(user)))
            }
            (Action::EditUser | Action::DeleteSelected, None, _) => {
                Reaction::send(Msg::warning("no test user is selected"))
            }
            (action, user, _) => authorization::tokens(action, user.map(|user| (user, model))),
        }
    }

    fn click(&mut self, row: usize, model: &Model) -> Reaction {
        let row = row + self.scroll.offset();
        match row <= model.users.all.len() {
            true => select(row, model),
            false => Reaction::Ignored,
        }
    }

    fn wheel(&mut self, rows: isize, _model: &Model) -> Reaction {
        self.scroll.by(rows);
        Reaction::done()
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let (selected, total) = (row(cx.model), cx.model.users.all.len() + 1);
        let first = match self.shown.replace(selected) == Some(selected)
            && self.scroll.page() == usize::from(area.height)
        {
            true => self.scroll.fit(total, area.height),
            false => self.scroll.show(selected, total, area.height),
        };
        let names = names(
            cx.model,
            first..total.min(first + usize::from(area.height)),
            area.width,
        );
        let lines = (first..total).map(|row| match cx.model.users.all.get(row) {
            Some(user) => user_line(user, row == selected, names, cx),
            None => new_line(row == selected, cx),
        });
        rows::draw(frame, area, lines.take(area.height.into()));
    }
}

/// Row of the selected user; the last row for somebody new.
fn row(model: &Model) -> usize {
    let users = &model.users;
    let position = users
        .selected
        .and_then(|key| users.all.iter().position(|user| user.key == key));
    position.unwrap_or(users.all.len())
}

fn select(row: usize, model: &Model) -> Reaction {
    let key = model.users.all.get(row).map(|user| user.key);
    Reaction::send(Msg::Users(users::Msg::Select(key)))
}

/// Columns of the names: as wide as those that are seen, as far as the statuses leave room.
fn names(model: &Model, seen: Range<usize>, columns: u16) -> usize {
    let users = model
        .users
        .all
        .get(seen.start..seen.end.min(model.users.all.len()))
        .unwrap_or_default();
    let widest = |width: fn(&TestUser) -> usize| users.iter().map(width).max().unwrap_or(0);
    let statuses = widest(|user| measure::width(status(user).1));
    let names = widest(|user| measure::width(&visible::visible(user.label())));
    let room = usize::from(columns).saturating_sub(MARGIN + GAP + statuses + SIGN);
    names.max(NARROWEST).min(room)
}

fn user_line(user: &TestUser, is_selected: bool, names: usize, cx: &Cx<'_>) -> Line<'static> {
    let (role, words) = status(user);
    let (sign, mark) = match cx.model.auth.state(user.key) {
        SignIn::SignedOut => (Role::Muted, " "),
        SignIn::SignedIn { .. } | SignIn::Refreshing { .. } => (Role::Success, "●"),
        SignIn::Authorizing | SignIn::Exchanging { .. } => (Role::Warning, "○"),
        SignIn::Failed(_) => (Role::Danger, "✗"),
    };
    let name = if is_selected {
        Role::Strong
    } else {
        Role::Text
    };
    let line = Line::from(vec![
        marker(is_selected, cx),
        cx.span(name, measure::pad(&visible::visible(user.label()), names)),
        cx.span(sign, format!(" {mark} ")),
        cx.span(role, words),
    ]);
    highlight(line, is_selected, cx)
}

fn new_line(is_selected: bool, cx: &Cx<'_>) -> Line<'static> {
    let role = if is_selected {
        Role::Strong
    } else {
        Role::Muted
    };
    let line = Line::from(vec![
        marker(is_selected, cx),
        cx.span(role, format!("+ {NEW}")),
    ]);
    highlight(line, is_selected, cx)
}

/// In front of a row of a list.
pub(super) fn marker(is_selected: bool, cx: &Cx<'_>) -> Span<'static> {
    match is_selected {
        true => cx.span(Role::Accent, " ▸ "),
        false => Span::raw("   "),
    }
}

/// The selected row of the pane that has the keys stands out.
pub(crate) fn highlight(line: Line<'static>, is_selected: bool, cx: &Cx<'_>) -> Line<'static> {
    match is_selected && cx.is_focused {
        true => line.style(cx.style(Role::Selection)),
        false => line,
    }
}
