//! Credentials: which application of which environment. The secret itself never gets here.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::profiles::{self, SecretSource};
use crate::app::reveal::{self, Whose};
use crate::app::{Model, Msg};
use crate::config::{Action, Role};
use crate::domain::{Environment, MASK, Problem, Profile, Secret, SecretStore};
use crate::ui::header;
use crate::ui::layout::{Slot, Wish};
use crate::ui::pane::{Cx, Pane, Reaction};
use crate::ui::widgets::{measure, rows, wrap};

/// Columns of the labels, with the gap behind them.
const LABELS: usize = 14;

pub(crate) struct Credentials;

impl Pane for Credentials {
    fn id(&self) -> &'static str {
        "credentials"
    }

    fn title(&self) -> &'static str {
        "Credentials"
    }

    fn focus(&self) -> Action {
        Action::FocusCredentials
    }

    fn contexts(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn slot(&self) -> Slot {
        Slot::Side
    }

    fn wish(&self, cx: &Cx<'_>, columns: u16) -> Wish {
        let rows = rows::count(lines(cx, columns).len());
        Wish {
            least: rows,
            most: rows,
        }
    }

    fn hints(&self, model: &Model) -> Vec<(Action, Option<&'static str>)> {
        match model.profiles.is_built_in() {
            true if model.profiles.problem.is_some() => vec![(Action::Reload, Some("try again"))],
            true => vec![(Action::SignIn, Some("sign in"))],
            false => vec![
                (Action::EnterSecret, None),
                (Action::RevealSecret, Some("show it")),
                (Action::NextRedirect, None),
                (Action::SignIn, Some("sign in")),
            ],
        }
    }

    fn summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let profiles = &cx.model.profiles;
        if profiles.problem.is_some() {
            let words = match profiles.outside {
                None => "the built-in sandbox does not run",
                Some(_) => "the sandbox cannot be used",
            };
            return vec![cx.span(Role::Danger, words)];
        }
        let name = &profiles.current.name;
        let secret = match profiles.secret {
            SecretSource::Missing if profiles.is_built_in() => cx.span(Role::Muted, " · starting"),
            SecretSource::Missing => cx.span(Role::Warning, " · no client secret"),
            SecretSource::Sought => cx.span(Role::Muted, " · looking the secret up"),
            _ => cx.span(
                Role::Muted,
                format!(" · client id {}", profiles.current.client_id),
            ),
        };
        vec![cx.span(Role::Text, name), secret]
    }

    fn act(&mut self, action: Action, model: &Model) -> Reaction {
        match action {
            Action::EnterSecret if model.profiles.is_built_in() => Reaction::send(Msg::warning(
                "the built-in sandbox has made its own client secret",
            )),
            Action::EnterSecret => Reaction::send(Msg::ask_secret()),
            Action::NextRedirect => Reaction::send(Msg::next_redirect()),
            Action::RevealSecret => Reaction::send(Msg::Reveal(reveal::Msg::Toggle(Whose::Client))),
            Action::Open
                if model.profiles.secret == SecretSource::Missing
                    && !model.profiles.is_built_in() =>
            {
                Reaction::send(Msg::ask_secret())
            }
            Action::Reload if !model.profiles.is_built_in() => {
                Reaction::send(Msg::Profiles(profiles::Msg::Look))
            }
            Action::Reload if model.profiles.problem.is_some() => {
                Reaction::send(Msg::Profiles(profiles::Msg::StartAgain))
            }
            _ => Reaction::Ignored,
        }
    }

    fn wheel(&mut self, _rows: isize, _model: &Model) -> Reaction {
        Reaction::Ignored
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        rows::draw(frame, area, lines(cx, area.width));
    }
}

/// Label and value of each row; a value that is longer than a row goes on below itself.
fn lines(cx: &Cx<'_>, columns: u16) -> Vec<Line<'static>> {
    let profiles = &cx.model.profiles;
    let profile = &profiles.current;
    let room = usize::from(columns).saturating_sub(LABELS + 3);
    let environment = match profile.environment {
        Environment::Production => Role::Danger,
        _ => Role::Text,
    };
    // The row of the host says which one.
    let is_outside = profiles.is_built_in() && profiles.outside.is_some();
    let words = match is_outside {
        true => "running sandbox".into(),
        false => header::environment(profile, cx.model),
    };
    let api = match (&profile.hosts, &profiles.problem) {
        (Some(hosts), _) => (Role::Text, header::host(&hosts.api).to_owned()),
        (None, Some(problem)) => (Role::Danger, problem.to_string()),
        (None, None) => (Role::Muted, "starting…".into()),
    };
    let unknown = match profiles.problem {
        Some(_) => "not known",
        None => "starting…",
    };
    let client_id = match profile.client_id.as_str() {
        "" => (Role::Muted, unknown.to_owned()),
        id => (Role::Text, id.to_owned()),
    };
    let secret = match profiles.secret {
        _ if reveal::is_shown(cx.model, Whose::Client) => {
            let secret = reveal::revealed(cx.model, Whose::Client);
            (Role::Warning, secret.map_or("", Secret::reveal).to_owned())
        }
        SecretSource::Missing if profiles.is_built_in() => (Role::Muted, unknown.into()),
        SecretSource::Missing => {
            let key = cx.key("credentials", Action::EnterSecret);
            (Role::Warning, format!("press {key} to enter it"))
        }
        SecretSource::Sought => (Role::Muted, "looking it up…".into()),
        source => (Role::Text, format!("{MASK}  {}", source.meaning())),
    };
    let mut values = vec![
        ("profile", (Role::Text, profile.name.clone())),
        ("environment", (environment, words.into())),
        ("API host", api),
        ("client id", client_id),
        ("client secret", secret),
        ("redirect URI", (Role::Text, redirect(profile))),
    ];
    if let Some(problem) = &profiles.store_problem {
        let role = match problem.hint {
            Some(_) => Role::Warning,
            None => Role::Muted,
        };
        values.push(("secrets", (role, kept(profiles.store, problem))));
    }
    let mut lines = Vec::new();
    for (label, (role, value)) in values {
        let pieces = match value.contains(' ') {
            true => wrap::words(&value, room),
            false => wrap::url(&value, room),
        };
        for (row, piece) in pieces.into_iter().enumerate() {
            let label = if row == 0 { label } else { "" };
            lines.push(Line::from(vec![
                cx.span(Role::Muted, format!("   {}", measure::pad(label, LABELS))),
                cx.span(role, piece),
            ]));
        }
    }
    lines
}

/// Where secrets are, why not in a better place, and what to do about it. Where nothing is to be done, the words of the
/// system are left to `astrascope doctor`.
fn kept(store: SecretStore, problem: &Problem) -> String {
    let mut words = format!("{}: {}", store.meaning(), problem.what);
    let why = problem.why.as_ref().filter(|_| problem.hint.is_some());
    for more in [why, problem.hint.as_ref()].into_iter().flatten() {
        words = format!("{words}; {more}");
    }
    words
}

/// The one in use, and how many are registered. Port 0 stands for whichever is free.
fn redirect(profile: &Profile) -> String {
    let uri = &profile.redirect_uri;
    let uri = match uri.split_once(":0/") {
        Some((before, path)) => format!("{before}:*/{path}"),
        None => uri.clone(),
    };
    match profile.redirect_uris.len() {
        0 => uri,
        others => format!("{uri}  one of {}", others + 1),
    }
}
