//! The first row: which profile of which environment, for whom, and whether they are signed in.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::{Model, wakeup};
use crate::config::Role;
use crate::domain::{Environment, Profile, TestUser};
use crate::ui::pane::Cx;
use crate::ui::standing;
use crate::ui::widgets::{measure, rows};

/// Columns that tell one test user from another.
const SHORT_NAME: usize = 12;

/// The environment of `profile` in words that leave no doubt.
pub(crate) fn environment(profile: &Profile, model: &Model) -> Cow<'static, str> {
    Cow::Borrowed(match (profile.environment, &model.profiles.outside) {
        (Environment::BuiltIn, Some(url)) => {
            return Cow::Owned(format!("sandbox at {}", host(url)));
        }
        (Environment::BuiltIn, None) => "built-in sandbox",
        (Environment::Sandbox, _) => "sandbox",
        (Environment::Production, _) => "PRODUCTION",
        (Environment::Custom, _) => "custom",
    })
}

/// The host of `url`, with its port.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

/// Draws the header.
pub(crate) fn draw(frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
    let columns = usize::from(area.width);
    let name = cx.span(Role::Accent, " astrascope");
    if let Some(file) = &cx.model.file {
        let words = format!("  {}", file.name);
        let line = Line::from(vec![name, cx.span(Role::Text, words)]);
        return rows::draw(frame, area, [line]);
    }
    // The most telling version that fits; the environment is never left out.
    let rights = [
        right(cx, Some(usize::MAX), true),
        right(cx, Some(usize::MAX), false),
        right(cx, Some(SHORT_NAME), false),
        right(cx, None, true),
        Vec::new(),
    ];
    let lefts = [left(cx, 3), left(cx, 2), left(cx, 1)];
    let named = rights
        .iter()
        .flat_map(|right| lefts.iter().map(move |left| (right, left)));
    let fits =
        |(right, left): &(&Vec<_>, &Vec<_>)| rows::width(left) + rows::width(right) + 16 <= columns;
    let (right, left) = named.clone().find(fits).unwrap_or((&rights[4], &lefts[2]));
    let mut spans = vec![name, Span::raw("  ")];
    spans.extend(left.iter().cloned());
    let used = rows::width(&spans) + rows::width(right) + 1;
    if !right.is_empty() {
        spans.push(Span::raw(" ".repeat(columns.saturating_sub(used))));
        spans.extend(right.iter().cloned());
    }
    rows::draw(frame, area, [in_environment(spans, cx)]);
}

/// A line of the edge of the screen: where real money moves, it looks like it from end to end.
pub(crate) fn in_environment(spans: Vec<Span<'static>>, cx: &Cx<'_>) -> Line<'static> {
    if cx.model.profiles.current.environment != Environment::Production {
        return Line::from(spans);
    }
    let style = cx.style(Role::Production);
    let spans = spans.into_iter().map(|span| Span::raw(span.content));
    Line::from(spans.collect::<Vec<_>>()).style(style)
}

/// Environment, profile and host; fewer of them for a lower `detail`.
fn left(cx: &Cx<'_>, detail: usize) -> Vec<Span<'static>> {
    let profile = &cx.model.profiles.current;
    let role = match profile.environment {
        Environment::Production => Role::Production,
        _ => Role::Text,
    };
    let words = environment(profile, cx.model);
    let mut spans = Vec::new();
    if detail >= 2 && profile.name != profile.environment.name() {
        spans.extend([
            cx.span(Role::Text, &profile.name),
            cx.span(Role::Muted, " · "),
        ]);
    }
    let host = profile.hosts.as_ref().map(|hosts| host(&hosts.api));
    let host = host.filter(|host| detail >= 3 && !words.ends_with(host));
    spans.push(cx.span(role, words));
    spans.extend(host.map(|host| cx.span(Role::Muted, format!(" · {host}"))));
    spans
}

/// The test user, in so many columns, and where they stand; until when, where there is room.
fn right(cx: &Cx<'_>, name: Option<usize>, has_time: bool) -> Vec<Span<'static>> {
    let current = cx.model.users.current();
    let standing = standing::of(current.map(|user| user.key), cx);
    let mut spans = Vec::new();
    if wakeup::is_busy(cx.model) {
        spans.extend([cx.span(Role::Accent, cx.spinner()), Span::raw(" ")]);
    }
    if let Some(columns) = name {
        let name = current.map_or("nobody selected", TestUser::label);
        let name = measure::fit(name, columns);
        spans.extend([cx.span(Role::Text, name), cx.span(Role::Muted, " · ")]);
    }
    let words = match has_time {
        true => standing.words,
        false => standing.brief,
    };
    spans.push(cx.span(standing.role, words));
    spans
}
