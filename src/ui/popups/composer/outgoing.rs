//! The Request tab: the request as it will go out, with its secrets masked, and what keeps it from going.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::composer::{Input, Request};
use crate::catalog::check_draft;
use crate::config::Role;
use crate::domain::{Draft, Endpoint, Hosts, IDEMPOTENCY_KEY, MASK, Method, Prepared, Problem};
use crate::ui::pane::Cx;
use crate::ui::popups::composer::masking;
use crate::ui::popups::frame;
use crate::ui::popups::marks;
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{measure, rows, visible, wrap};

/// Columns by which a line that goes on is further in than it began.
const STEP: usize = 2;

/// How the outgoing request is looked at.
#[derive(Default)]
pub(super) struct Outgoing {
    /// What `shown` was made of.
    of: Option<(Request, Option<Hosts>)>,
    shown: Shown,
    pub(super) scroll: Scroll,
}

/// A request, ready to be drawn.
#[derive(Default)]
struct Shown {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    /// Secrets masked; none where it breaks.
    body: Option<String>,
    /// Why it cannot be sent as it is.
    obstacles: Vec<String>,
}

impl Outgoing {
    /// Prepares the request anew where it was changed.
    pub(super) fn follow(&mut self, request: &Request, model: &Model) {
        let hosts = &model.profiles.current.hosts;
        let is_same = self
            .of
            .as_ref()
            .is_some_and(|of| of.0 == *request && of.1 == *hosts);
        let endpoint = model.catalog.called(&request.call);
        if let (false, Ok(endpoint)) = (is_same, endpoint) {
            self.of = Some((request.clone(), hosts.clone()));
            self.shown = prepare(request, &endpoint, model);
        }
    }

    pub(super) fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let lines = lines(&self.shown, area.width.into(), cx);
        let first = self.scroll.fit(lines.len(), area.height);
        rows::draw(screen, area, lines.into_iter().skip(first));
        frame::tell_more(screen, area, self.scroll.hidden(), cx);
    }
}

fn prepare(request: &Request, endpoint: &Endpoint, model: &Model) -> Shown {
    let draft = request.draft(endpoint);
    let mut obstacles = Vec::new();
    if let (Some(fault), false) = (&request.fault, request.is_free()) {
        let (line, column, reason) = (fault.line, fault.column, &fault.reason);
        obstacles.push(format!(
            "the body breaks at line {line}, column {column}: {reason}"
        ));
    } else {
        let problems = check_draft(endpoint, &model.catalog, &draft);
        obstacles.extend(
            problems
                .into_iter()
                .map(|found| match found.problem.path.as_str() {
                    "" => format!("the body: {}", found.problem.message),
                    path => format!("{path}: {}", found.problem.message),
                }),
        );
    }
    let known = Some(endpoint).filter(|_| !request.is_free());
    let names = model.catalog.secret_names(known);
    let body = match &draft.body {
        Some(body) if endpoint.form => Some(masking::form(body, &names)),
        Some(body) => masking::json(body, &names),
        None => Some(String::new()),
    };
    let shown = Shown {
        method: endpoint.method,
        url: endpoint.path.clone(),
        body,
        ..Shown::default()
    };
    let unknown = || Problem::new("the hosts of the profile are not known yet");
    let hosts = model.profiles.current.hosts.as_ref().ok_or_else(unknown);
    match hosts.and_then(|hosts| endpoint.prepare(&without_secrets(request, &draft, &names), hosts))
    {
        Ok(prepared) => Shown {
            // The mask is to be read, not to be sent.
            url: prepared.url.replace("%E2%80%A2", "•"),
            headers: headers(&prepared, endpoint, request),
            obstacles,
            ..shown
        },
        Err(problem) => Shown {
            obstacles: match obstacles.is_empty() {
                true => vec![problem.what],
                false => obstacles,
            },
            ..shown
        },
    }
}

/// The header as it goes out; the key that names the order does not exist yet.
fn headers(prepared: &Prepared, endpoint: &Endpoint, request: &Request) -> Vec<(String, String)> {
    let mut headers = prepared.shown_headers();
    if endpoint.idempotent && !request.is_free() && prepared.idempotency_key().is_none() {
        headers.push((
            IDEMPOTENCY_KEY.into(),
            "a new one, made when it is sent".into(),
        ));
    }
    headers
}

/// `draft` with the secrets in its path and query masked; the body is masked as text.
fn without_secrets(request: &Request, draft: &Draft, names: &[String]) -> Draft {
    let mut draft = draft.clone();
    let secret = request.inputs.iter().filter(|input| input.field.secret);
    let secret: Vec<_> = secret.map(Input::label).chain(names.to_vec()).collect();
    let of_path = draft.path.iter_mut();
    let of_query = draft.query.iter_mut().map(|(name, text)| (&*name, text));
    for (name, text) in of_path.chain(of_query) {
        if secret.contains(name) {
            *text = MASK.into();
        }
    }
    draft
}

/// A line of a body in pieces of at most `columns`: broken where it ends, and further in than it began.
fn hanging(line: &str, columns: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let indent = " ".repeat((indent + STEP).min(columns / 2));
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for letter in line.chars() {
        let width = visible::width(letter);
        if used > 0 && used + width > columns {
            used = indent.len();
            pieces.push(indent.clone());
        }
        used += width;
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}

fn lines(shown: &Shown, columns: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for obstacle in &shown.obstacles {
        let wrapped = wrap::words(&format!("✗ {obstacle}"), columns);
        lines.extend(wrapped.iter().map(|line| cx.line(Role::Danger, line)));
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    let method = shown.method.as_str().len() + 1;
    let pieces = wrap::url(&shown.url, columns.saturating_sub(method));
    for (row, piece) in pieces.iter().enumerate() {
        let first = match row {
            0 => marks::method(shown.method, method, cx),
            _ => Span::raw(" ".repeat(method)),
        };
        lines.push(Line::from(vec![first, cx.span(Role::Text, piece)]));
    }
    lines.push(Line::default());
    let widest = shown
        .headers
        .iter()
        .map(|(name, _)| measure::width(name))
        .max();
    let names = widest.unwrap_or_default() + 2;
    for (name, value) in &shown.headers {
        lines.push(Line::from(vec![
            cx.span(Role::Name, measure::pad(name, names)),
            cx.span(Role::Text, value),
        ]));
    }
    lines.push(Line::default());
    let body = shown.body.as_deref();
    match body {
        Some("") => lines.push(cx.line(Role::Muted, "no body")),
        None => lines.push(cx.line(Role::Muted, "the body is shown here once it is JSON")),
        Some(_) => {}
    }
    for line in body.unwrap_or_default().lines() {
        let wrapped = hanging(&visible::visible(line), columns);
        lines.extend(wrapped.iter().map(|piece| cx.line(Role::Text, piece)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_goes_on_further_in_than_it_began() {
        assert_eq!(
            hanging("  \"a\": \"0123456789\"", 12),
            ["  \"a\": \"0123", "    456789\""]
        );
        assert_eq!(hanging("{", 12), ["{"]);
        assert_eq!(hanging("", 12), [""]);
    }
}
