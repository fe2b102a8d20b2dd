//! The two lines above the tabs: what was asked, and what came of it.

use ratatui::text::Span;

use crate::app::requests::{ATTEMPTS, Entry};
use crate::config::{Action, Role};
use crate::domain::{Outcome, Response};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::progress;
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// A request-id shorter than this could not be told from another.
const SHORTEST_ID: usize = 8;

/// Method and path, and on whose behalf where there is room.
pub(super) fn request(entry: &Entry, columns: usize, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let request = &entry.exchange.request;
    let method = request.method.as_str();
    let path = request
        .url
        .split_once("://")
        .map_or(request.url.as_str(), |(_, rest)| {
            rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
        });
    let user = entry
        .exchange
        .user
        .and_then(|user| cx.model.users.get(user));
    let user = user.map(|user| format!(" · {}", visible(user.label())));
    let path = visible(path);
    let room = columns.saturating_sub(method.len() + 1);
    let mut spans = vec![
        cx.span(Role::Strong, method),
        cx.span(Role::Text, format!(" {}", measure::fit(&path, room))),
    ];
    let left = room.saturating_sub(measure::width(&path));
    spans.extend(
        user.filter(|user| measure::width(user) <= left)
            .map(|user| cx.span(Role::Muted, user)),
    );
    spans
}

/// Status, time, size and request-id, in at most `columns`.
pub(super) fn line(entry: &Entry, columns: usize, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let key = |action| cx.key("inspector", action);
    match &entry.exchange.outcome {
        Outcome::Sending | Outcome::Waiting | Outcome::Postponed { .. } => {
            let words = match entry.exchange.outcome {
                Outcome::Waiting => "waiting for a fresh token".to_owned(),
                Outcome::Postponed { until, attempt } => {
                    let seconds = until.since(cx.now).as_secs_f64().ceil();
                    format!("waiting {seconds} s ({attempt} of {ATTEMPTS})")
                }
                _ => "sending".to_owned(),
            };
            vec![
                cx.span(Role::Accent, cx.spinner()),
                cx.span(Role::Text, format!(" {words}")),
                cx.span(
                    Role::Muted,
                    format!(" · {} cancels", key(Action::CancelCall)),
                ),
            ]
        }
        Outcome::Arriving(arriving) => {
            let mut spans = vec![
                cx.span(Role::Accent, cx.spinner()),
                cx.span(Role::Text, " "),
                status(arriving.status, cx),
                cx.span(Role::Muted, " · "),
            ];
            let cancels = format!(" · {} cancels", key(Action::CancelCall));
            let room = columns.saturating_sub(rows::width(&spans) + measure::width(&cancels));
            spans.extend(progress::spans(arriving.progress, room, cx));
            spans.push(cx.span(Role::Muted, cancels));
            spans
        }
        Outcome::Cancelled => vec![
            cx.span(Role::Warning, "cancelled"),
            cx.span(
                Role::Muted,
                format!(" · {} sends it again", key(Action::Reload)),
            ),
        ],
        Outcome::Failed(problem) => {
            let words = format!("failed · {}", problem.what);
            vec![cx.span(Role::Danger, measure::fit(&visible(&words), columns))]
        }
        Outcome::Done(response) => done(response, columns, cx),
    }
}

/// How the answer differs from its documented shape, if it does.
pub(super) fn shape(entry: &Entry, cx: &Cx<'_>) -> Option<Vec<Span<'static>>> {
    let counts = entry.marks.as_ref()?.counts();
    let parts = [
        (counts.missing, "missing"),
        (counts.undocumented, "undocumented"),
        (counts.wrong_type, "of another type"),
        (counts.not_in_enum, "of an unknown value"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    (!words.is_empty()).then(|| {
        vec![
            cx.span(Role::Muted, "shape: "),
            cx.span(Role::Warning, words.join(" · ")),
        ]
    })
}

fn status(status: u16, cx: &Cx<'_>) -> Span<'static> {
    let role = match status {
        200..300 => Role::Success,
        300..400 => Role::Warning,
        _ => Role::Danger,
    };
    let words = format!("{status} {}", reason(status));
    cx.span(role, words.trim_end())
}

fn done(response: &Response, columns: usize, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let dot = || cx.span(Role::Muted, " · ");
    let mut spans = vec![
        status(response.status, cx),
        dot(),
        cx.span(Role::Text, measure::duration(response.timing.total)),
        dot(),
        cx.span(Role::Text, measure::bytes(response.body.len())),
    ];
    if let Some(id) = response.request_id() {
        let label = " · request-id ";
        let room = columns.saturating_sub(rows::width(&spans) + label.len() - 1);
        let id = visible(id);
        let id = match room < SHORTEST_ID && measure::width(&id) > SHORTEST_ID {
            true => measure::fit_middle(&id, SHORTEST_ID + 1).into_owned(),
            false => measure::fit_middle(&id, room).into_owned(),
        };
        spans.extend([cx.span(Role::Muted, label), cx.span(Role::Text, id)]);
    }
    spans
}

/// The reason phrase of a status (RFC 9110, section 15); HTTP/2 does not send it.
pub(super) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        418 => "I'm a teapot",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
