//! The top of the composer: what is called, the tabs, on whose behalf and with which consequences.

use ratatui::text::{Line, Span};
use strum::IntoEnumIterator;

use crate::app::composer::Request;
use crate::config::Role;
use crate::domain::{Auth, Endpoint, Environment, Host, TestUser};
use crate::ui::pane::Cx;
use crate::ui::popups::composer::Tab;
use crate::ui::popups::{line, marks};
use crate::ui::widgets::{measure, rows};

/// `POST /v1/routines  Start a routine`.
pub(super) fn title(endpoint: &Endpoint, columns: usize, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let method = endpoint.method.as_str();
    let mut spans = vec![
        marks::method(endpoint.method, method.len() + 1, cx),
        cx.span(Role::Strong, &endpoint.path),
    ];
    let room = columns.saturating_sub(rows::width(&spans) + 4);
    let summary = line::words(&endpoint.summary, room);
    // One word of it would say nothing.
    if summary == endpoint.summary || measure::width(&summary) > 12 {
        spans.push(cx.span(Role::Text, format!("  {summary}")));
    }
    spans
}

/// The tabs at the left; at the right what to know before sending, as much of it as fits, the weightiest last.
pub(super) fn tabs(
    open: Tab,
    endpoint: &Endpoint,
    request: &Request,
    columns: usize,
    cx: &Cx<'_>,
) -> Line<'static> {
    let is_broken = request.fault.is_some() && !request.is_free();
    let tab = |tab: Tab| match tab == open {
        _ if tab == Tab::Body && is_broken => match tab == open {
            true => cx.span(Role::Danger, format!("[{} ✗]", tab.title())),
            false => cx.span(Role::Danger, format!(" {} ✗ ", tab.title())),
        },
        true => cx.span(Role::Accent, format!("[{}]", tab.title())),
        false => cx.span(Role::Muted, format!(" {} ", tab.title())),
    };
    let tabs: Vec<_> = Tab::iter().map(tab).collect();
    let mut facts = facts(endpoint, request, cx);
    let separators = |facts: &[Span<'_>]| facts.len().saturating_sub(1) * 3;
    while rows::width(&tabs) + rows::width(&facts) + separators(&facts) + 1 > columns
        && !facts.is_empty()
    {
        facts.remove(0);
    }
    let mut right = Vec::new();
    for fact in facts {
        if !right.is_empty() {
            right.push(cx.span(Role::Muted, " · "));
        }
        right.push(fact);
    }
    line::ends(tabs, right, columns)
}

fn facts(endpoint: &Endpoint, request: &Request, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let mut facts = Vec::new();
    if let Some(word) = marks::confidence(endpoint.confidence) {
        facts.push(cx.span(Role::Muted, word));
    }
    if endpoint.host == Host::Secure {
        facts.push(cx.span(Role::Muted, "secure host"));
    }
    facts.push(match endpoint.auth {
        Auth::Bearer => {
            let user = request.user.and_then(|user| cx.model.users.get(user));
            match user.map(TestUser::label) {
                Some(name) => cx.span(Role::Muted, format!("as {name}")),
                None => cx.span(Role::Warning, "no test user is selected"),
            }
        }
        Auth::Basic => cx.span(Role::Muted, "as the application"),
        Auth::None => cx.span(Role::Muted, "no credential"),
    });
    if endpoint.writes() {
        facts.push(cx.span(Role::Warning, "writes"));
    }
    if cx.model.profiles.current.environment == Environment::Production {
        facts.push(cx.span(Role::Production, " PRODUCTION "));
    }
    facts
}
