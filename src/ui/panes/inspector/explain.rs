//! What an answer that is no success means, and what to do next; or why a transfer that it tells of went wrong. Above the
//! answer itself.

use ratatui::text::{Line, Span};

use crate::app::requests::Entry;
use crate::catalog;
use crate::config::{Action, Role};
use crate::domain::{Auth, Outcome, Problem, Response};
use crate::ui::mishap;
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::status;
use crate::ui::widgets::wrap;

/// The endpoint that gives tokens out.
const TOKEN_ENDPOINT: &str = "oauth.token";

/// Lines that explain the outcome of `entry`; none for a success that tells of nothing that went wrong.
pub(super) fn lines(entry: &Entry, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    match &entry.exchange.outcome {
        // What happened stands in the line above.
        Outcome::Failed(Problem { why, hint, .. }) => {
            let mut words: Vec<_> = why.iter().map(|why| (Role::Text, why.clone())).collect();
            words.extend(hint.iter().map(|hint| (Role::Accent, format!("→ {hint}"))));
            wrapped(words, columns, cx)
        }
        Outcome::Done(response) if response.status >= 400 => {
            let mut words = vec![(Role::Danger, description(entry, response))];
            if let Some(step) = next_step(response.status, entry, cx) {
                words.push((Role::Accent, format!("→ {step}")));
            }
            wrapped(words, columns, cx)
        }
        Outcome::Done(response) if (300..400).contains(&response.status) => {
            let target = response.header("location").unwrap_or("elsewhere");
            let words = format!("the answer leads to {target}; redirects are not followed");
            wrapped(vec![(Role::Warning, words)], columns, cx)
        }
        Outcome::Cancelled => wrapped(
            vec![(
                Role::Muted,
                match &entry.document {
                    Some(_) => "this is what had come".into(),
                    None => "no answer was awaited".into(),
                },
            )],
            columns,
            cx,
        ),
        Outcome::Done(_) => {
            let words = entry.document.as_ref().and_then(|document| {
                let words = mishap::of(document, document.root()?)?;
                Some((Role::Danger, words))
            });
            wrapped(Vec::from_iter(words), columns, cx)
        }
        Outcome::Sending | Outcome::Arriving(_) | Outcome::Waiting | Outcome::Postponed { .. } => {
            Vec::new()
        }
    }
}

fn wrapped(words: Vec<(Role, String)>, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let room = usize::from(columns).saturating_sub(4);
    let line = |role| move |piece: String| Line::from(vec![Span::raw("   "), cx.span(role, piece)]);
    words
        .into_iter()
        .flat_map(|(role, text)| wrap::words(&text, room).into_iter().map(line(role)))
        .collect()
}

/// What the API says about it.
fn description(entry: &Entry, response: &Response) -> String {
    let said = entry.document.as_deref().and_then(catalog::said);
    said.unwrap_or_else(|| match status::reason(response.status) {
        "" => format!("the API answered {}", response.status),
        reason => format!(
            "the API answered {} {reason}, without an explanation",
            response.status
        ),
    })
}

/// Whether tokens were asked for with this type of grant.
fn presents(entry: &Entry, grant_type: &str) -> bool {
    let body = entry.exchange.request.body.as_ref();
    let mut pairs = body
        .filter(|_| entry.exchange.endpoint.as_str() == TOKEN_ENDPOINT)
        .and_then(|body| std::str::from_utf8(body.as_bytes()).ok())
        .into_iter()
        .flat_map(|form| form.split('&'));
    pairs.any(|pair| pair.strip_prefix("grant_type=") == Some(grant_type))
}

/// Whether one thing was asked for by its id.
fn is_by_id(entry: &Entry, cx: &Cx<'_>) -> bool {
    let endpoint = cx.model.catalog.endpoint(&entry.exchange.endpoint);
    endpoint.is_some_and(|endpoint| endpoint.path.contains('{'))
}

/// What usually helps.
fn next_step(status: u16, entry: &Entry, cx: &Cx<'_>) -> Option<String> {
    let auth = entry.exchange.request.auth;
    let key = |action| cx.key("inspector", action);
    Some(match (status, auth) {
        (401, Auth::Basic) => format!("check client id and client secret; press {} in Credentials to enter the secret", cx.key("credentials", Action::EnterSecret)),
        (401, _) => format!("press {} to sign in again", key(Action::SignIn)),
        (403, _) => "this application, or this test user, may not do that: see the user's status and the products of the application".into(),
        (404, _) if is_by_id(entry, cx) => "nothing is there under that id for this test user; reload the list and try again".into(),
        (404, _) => "nothing answers at that path: compare host, method and path with Astra's API reference".into(),
        (405 | 410, _) => "this endpoint has changed: compare method and path with Astra's API reference".into(),
        (429, _) => format!("too many calls: wait a minute, then press {} to send it again", key(Action::Reload)),
        (500.., _) => format!("send the request-id to Astra's support: {} copies it", key(Action::CopyRequestId)),
        (400 | 422, Auth::Basic) if presents(entry, "authorization_code") => "start the sign-in again: a code works once, for a few minutes and with its own redirect URI".into(),
        (400 | 422, Auth::Basic) if presents(entry, "refresh_token") => format!("these tokens are renewed no more: press {} to sign in again", key(Action::SignIn)),
        (400 | 422, _) => "see the Request tab for what was sent".into(),
        _ => return None,
    })
}
