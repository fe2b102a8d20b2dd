//! Authorization: where the current test user stands with signing in, why it failed, and the steps of the guide.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::auth::SignIn;
use crate::app::guide::{self, StepState};
use crate::app::reveal::{self, Whose};
use crate::app::{Model, Msg};
use crate::config::{Action, Role};
use crate::domain::{Grant, Problem, TestUser, UserStatus};
use crate::ui::layout::{Slot, Wish};
use crate::ui::pane::{Cx, Pane, Reaction};
use crate::ui::standing;
use crate::ui::widgets::rows;
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::wrap;

#[derive(Default)]
pub(crate) struct Authorization {
    scroll: Scroll,
}

impl Pane for Authorization {
    fn id(&self) -> &'static str {
        "authorization"
    }

    fn title(&self) -> &'static str {
        "Authorization"
    }

    fn focus(&self) -> Action {
        Action::FocusAuthorization
    }

    fn contexts(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn slot(&self) -> Slot {
        Slot::Side
    }

    fn wish(&self, cx: &Cx<'_>, columns: u16) -> Wish {
        let state = rows::count(state(cx, columns).len());
        let steps = rows::count(steps(cx).len());
        Wish {
            least: state,
            most: state + 1 + steps,
        }
    }

    fn hints(&self, model: &Model) -> Vec<(Action, Option<&'static str>)> {
        let user = model.users.selected;
        match user.and_then(|user| model.auth.grant(user)) {
            Some(_) => vec![
                (Action::RefreshToken, Some("renew")),
                (Action::SignOut, Some("sign out")),
                (Action::SignIn, Some("sign in again")),
                (Action::RevealSecret, Some("show the token")),
            ],
            None => vec![
                (Action::SignIn, Some("sign in")),
                (Action::SignInNew, Some("somebody new")),
            ],
        }
    }

    fn summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let user = cx.model.users.selected;
        let standing = standing::of(user, cx);
        let mut spans = Vec::new();
        if standing.is_moving {
            spans.extend([cx.span(Role::Accent, cx.spinner()), Span::raw(" ")]);
        }
        spans.push(cx.span(standing.role, standing.words));
        if let Some(SignIn::Failed(problem)) = user.map(|user| cx.model.auth.state(user)) {
            spans.push(cx.span(Role::Muted, format!(": {}", problem.what)));
        }
        spans
    }

    fn act(&mut self, action: Action, model: &Model) -> Reaction {
        let user = model.users.selected;
        let grant = user.and_then(|user| model.auth.grant(user));
        match (action, user, grant) {
            (Action::RevealSecret, Some(user), Some(_)) => {
                Reaction::send(Msg::Reveal(reveal::Msg::Toggle(Whose::User(user))))
            }
            (Action::RevealSecret, _, _) => {
                Reaction::send(Msg::warning("nobody is signed in here: there is no token"))
            }
            (Action::Open, user, None) => Reaction::send(Msg::sign_in(user)),
            (Action::Open, Some(user), Some(_)) => Reaction::send(Msg::load_accounts(user)),
            (action, _, _) if self.scroll.act(action) => Reaction::done(),
            (action, user, _) => tokens(action, user.map(|user| (user, model))),
        }
    }

    fn wheel(&mut self, rows: isize, _model: &Model) -> Reaction {
        self.scroll.by(rows);
        Reaction::done()
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let mut lines = state(cx, area.width);
        let steps = steps(cx);
        let has_room = usize::from(area.height) > lines.len() + steps.len();
        if has_room {
            lines.push(Line::default());
            lines.extend(steps);
        }
        let first = self.scroll.fit(lines.len(), area.height);
        rows::draw(frame, area, lines.into_iter().skip(first));
    }
}

/// What can be done with the tokens of a user, here and in the list of users.
pub(super) fn tokens(action: Action, user: Option<(crate::domain::UserKey, &Model)>) -> Reaction {
    let grant = user.and_then(|(user, model)| Some((user, model.auth.grant(user)?)));
    match (action, grant) {
        (Action::SignOut, Some((user, _))) => Reaction::send(Msg::ask_sign_out(user)),
        (Action::RefreshToken, Some((user, grant))) if grant.can_refresh => {
            Reaction::send(Msg::refresh(user))
        }
        (Action::RefreshToken, Some(_)) => {
            Reaction::send(Msg::warning("there is no refresh token for this test user"))
        }
        (Action::SignOut | Action::RefreshToken, None) => {
            Reaction::send(Msg::warning("nobody is signed in here"))
        }
        _ => Reaction::Ignored,
    }
}

/// Name, state, and what there is to know of it.
fn state(cx: &Cx<'_>, columns: u16) -> Vec<Line<'static>> {
    let room = usize::from(columns).saturating_sub(4);
    let current = cx.model.users.current();
    let standing = standing::of(current.map(|user| user.key), cx);
    let name = current.map_or("nobody selected", TestUser::label);
    let mark = if standing.is_moving {
        cx.spinner()
    } else {
        "●"
    };
    let mut lines = vec![
        Line::from(vec![Span::raw("   "), cx.span(Role::Strong, name)]),
        Line::from(vec![
            Span::raw(" "),
            cx.span(standing.role, format!("{mark} ")),
            cx.span(standing.role, &standing.words),
        ]),
    ];
    let mut say = |role, text: &str| {
        for piece in wrap::words(text, room) {
            lines.push(Line::from(vec![Span::raw("   "), cx.span(role, piece)]));
        }
    };
    let key = cx.key("authorization", Action::SignIn);
    match current.map(|user| cx.model.auth.state(user.key)) {
        None => say(Role::Muted, &format!("press {key} to sign in somebody new")),
        Some(SignIn::SignedOut) => say(Role::Muted, &format!("press {key} to sign in")),
        Some(SignIn::Authorizing) => say(Role::Muted, &format!("press {key} to start over")),
        Some(SignIn::Refreshing { grant, .. }) => say(
            Role::Muted,
            &format!("the old one lasts until {}", cx.time(grant.expires_at)),
        ),
        Some(SignIn::SignedIn { grant, .. }) => {
            say(Role::Muted, &renewal(grant, cx));
        }
        Some(SignIn::Exchanging { .. }) => say(Role::Muted, "asking the token endpoint"),
        Some(SignIn::Failed(problem)) => {
            for (role, text) in reasons(problem, &key) {
                say(role, &text);
            }
        }
    }
    if let Some(user) = current
        && let Some(token) = reveal::revealed(cx.model, Whose::User(user.key))
    {
        for piece in wrap::url(token.reveal(), room) {
            lines.push(Line::from(vec![
                Span::raw("   "),
                cx.span(Role::Warning, piece),
            ]));
        }
    }
    let mut say = |role, text: &str| {
        for piece in wrap::words(text, room) {
            lines.push(Line::from(vec![Span::raw("   "), cx.span(role, piece)]));
        }
    };
    if let Some(status) = current.and_then(|user| user.status).filter(is_in_the_way) {
        let (role, name) = current.map_or((Role::Muted, ""), standing::status);
        say(role, &format!("{name}: {}", status.meaning()));
        if status.page().is_some() {
            let key = cx.key("authorization", Action::OpenStatusPage);
            say(Role::Muted, &format!("{key} opens the page for it"));
        }
    }
    if let Some(note) = current
        .map(|user| &user.note)
        .filter(|note| !note.is_empty())
    {
        say(Role::Text, note);
    }
    lines
}

/// Whether it keeps a test user from what they are there for.
fn is_in_the_way(status: &UserStatus) -> bool {
    matches!(
        status,
        UserStatus::Retry | UserStatus::Document | UserStatus::Suspended | UserStatus::Rejected
    )
}

/// Whether and when the token is renewed.
fn renewal(grant: &Grant, cx: &Cx<'_>) -> String {
    match (grant.can_refresh, grant.is_expired(cx.now)) {
        (true, false) => format!("renewed by itself at {}", cx.time(grant.refresh_at())),
        (true, true) => "the next call renews it".into(),
        (false, _) => {
            let key = cx.key("authorization", Action::SignIn);
            format!("cannot be renewed; press {key} to sign in again")
        }
    }
}

/// What failed, why, and what to do.
fn reasons(problem: &Problem, key: &str) -> Vec<(Role, String)> {
    let mut reasons = vec![(Role::Danger, problem.what.clone())];
    reasons.extend(problem.why.iter().map(|why| (Role::Text, why.clone())));
    let hint = problem
        .hint
        .clone()
        .unwrap_or_else(|| format!("press {key} to try again"));
    reasons.push((Role::Muted, hint));
    reasons
}

/// The steps of the guide, a line each.
fn steps(cx: &Cx<'_>) -> Vec<Line<'static>> {
    let line = |step: &guide::Step| {
        let (role, mark) = match step.state {
            StepState::Done => (Role::Success, "✓"),
            StepState::Next => (Role::Accent, "▸"),
            StepState::Later => (Role::Muted, "·"),
        };
        let words = if step.state == StepState::Next {
            Role::Strong
        } else {
            Role::Muted
        };
        Line::from(vec![
            cx.span(role, format!(" {mark} ")),
            cx.span(words, step.short),
        ])
    };
    guide::steps(cx.model).iter().map(line).collect()
}
