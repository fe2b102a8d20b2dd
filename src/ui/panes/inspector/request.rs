//! The Request tab: what was sent, with its secrets masked.

use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::requests::Entry;
use crate::config::Role;
use crate::document::{Document, Rows};
use crate::domain::{Body, Field, MASK};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::headers;
use crate::ui::panes::inspector::json::Look;
use crate::ui::panes::inspector::text::Text;
use crate::ui::widgets::wrap;

/// A request as it is looked at.
#[derive(Default)]
pub(super) struct Request {
    body: Sent,
}

/// What was sent as the body.
#[derive(Default)]
enum Sent {
    #[default]
    Nothing,
    /// A form, or something else that is no JSON; masked already.
    Text(Text),
    /// JSON, with the names of its secrets.
    Json(Rows, Vec<String>),
}

impl Request {
    pub(super) fn prepare(entry: &Entry, model: &Model) -> Self {
        let endpoint = model.catalog.endpoint(&entry.exchange.endpoint);
        let is_form = match endpoint {
            Some(endpoint) => endpoint.form,
            None => is_form(&entry.exchange.request.headers),
        };
        let names = model.catalog.secret_names(endpoint);
        let body = match &entry.exchange.request.body {
            None => Sent::Nothing,
            Some(body) => Sent::new(body, is_form, names),
        };
        Self { body }
    }

    pub(super) fn lines(&mut self, entry: &Entry, width: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
        let request = &entry.exchange.request;
        let columns = usize::from(width).saturating_sub(4);
        let method = request.method.as_str();
        let mut lines = Vec::new();
        let pieces = wrap::url(&request.url, columns.saturating_sub(method.len() + 1));
        for (row, piece) in pieces.into_iter().enumerate() {
            let method = if row == 0 {
                format!("   {method} ")
            } else {
                " ".repeat(method.len() + 4)
            };
            lines.push(Line::from(vec![
                cx.span(Role::Strong, method),
                cx.span(Role::Text, piece),
            ]));
        }
        lines.push(Line::default());
        lines.extend(headers::table(&request.shown_headers(), width, cx));
        lines.push(Line::default());
        // Nobody sends megabytes here: all lines are made, and those in sight are drawn.
        lines.extend(self.body.lines(columns, cx));
        lines
    }
}

impl Sent {
    fn new(body: &Body, is_form: bool, secrets: Vec<String>) -> Self {
        if is_form {
            return Self::Text(Text::new(masked_form(body, &secrets)));
        }
        let document = Document::parse(body.clone());
        if document.fault().is_none() {
            return Self::Json(Rows::new(&document), secrets);
        }
        let text = String::from_utf8_lossy(body.as_bytes());
        match secrets.iter().any(|name| text.contains(name.as_str())) {
            // It cannot be told where the secret in it ends.
            true => Self::Text(Text::new(Body::from(MASK))),
            false => Self::Text(Text::new(body.clone())),
        }
    }

    fn lines(&mut self, columns: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
        let margin = |spans: Vec<Span<'static>>| {
            let margin = std::iter::once(Span::raw("   "));
            Line::from(margin.chain(spans).collect::<Vec<_>>())
        };
        match self {
            Self::Nothing => vec![cx.line(Role::Muted, "   no body")],
            Self::Text(text) => {
                let lines = text.all(columns, cx);
                lines.into_iter().map(|line| margin(line.spans)).collect()
            }
            Self::Json(all, secrets) => {
                let look = Look::plain(all.document(), secrets, columns);
                let all = (0..all.len()).filter_map(|row| all.row(row));
                let lines = all.flat_map(|row| look.lines(row, usize::MAX, cx));
                lines.map(|line| margin(line.spans)).collect()
            }
        }
    }
}

/// Names of the fields that the catalogue marks as secret.
pub(super) fn secrets(fields: &[Field]) -> Vec<String> {
    let secret = fields.iter().filter(|field| field.secret);
    secret.map(|field| field.name.clone()).collect()
}

/// Whether the header fields call the body a form.
fn is_form(headers: &[(String, String)]) -> bool {
    let kind = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    kind.is_some_and(|(_, kind)| kind.starts_with("application/x-www-form-urlencoded"))
}

/// A form, a field a line, with the values of `secrets` masked.
fn masked_form(body: &Body, secrets: &[String]) -> Body {
    let text = String::from_utf8_lossy(body.as_bytes());
    let pair = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default();
        let name: String = url::form_urlencoded::parse(name.as_bytes())
            .map(|(name, _)| name.into_owned())
            .collect();
        match secrets.contains(&name) {
            true => format!("{name}={MASK}"),
            false => pair.to_owned(),
        }
    };
    let pairs: Vec<String> = text.split('&').map(pair).collect();
    Body::from(pairs.join("&\n").as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> String {
        let body = masked_form(&Body::from(body), &["code".into()]);
        String::from_utf8(body.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn secrets_in_a_form_are_masked_however_their_names_are_spelled() {
        assert_eq!(
            form("grant_type=authorization_code&code=abc&redirect_uri=http%3A%2F%2F"),
            format!("grant_type=authorization_code&\ncode={MASK}&\nredirect_uri=http%3A%2F%2F")
        );
        assert_eq!(form("c%6fde=abc"), format!("code={MASK}"));
    }

    #[test]
    fn a_broken_body_that_may_hold_secrets_is_not_shown() {
        let sent = |text: &str, secrets: &[&str]| {
            let secrets = secrets.iter().map(ToString::to_string).collect();
            Sent::new(&Body::from(text), false, secrets)
        };
        let Sent::Text(text) = sent(r#"{"ssn": "1234""#, &["ssn"]) else {
            panic!("it is no JSON");
        };
        assert_eq!(text, Text::new(Body::from(MASK)));
        let Sent::Text(text) = sent("plain words", &["ssn"]) else {
            panic!("it is no JSON");
        };
        assert_eq!(text, Text::new(Body::from("plain words")));
        assert!(matches!(
            sent(r#"{"ssn": "1234"}"#, &["ssn"]),
            Sent::Json(..)
        ));
    }
}
