//! The Request tab: what was sent, with its secrets masked.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::requests::Entry;
use crate::config::Role;
use crate::domain::{Body, MASK};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::headers;
use crate::ui::panes::inspector::text::Text;
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{rows, wrap};

/// A request as it is looked at.
#[derive(Default)]
pub(super) struct Request {
    /// The body, secrets masked.
    text: Text,
}

impl Request {
    pub(super) fn prepare(entry: &Entry, model: &Model) -> Self {
        let body = entry.exchange.request.body.as_ref();
        let text = body.map(|body| masked(body, &secrets(entry, model)));
        Self {
            text: Text::new(text.unwrap_or_default()),
        }
    }

    pub(super) fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        scroll: &mut Scroll,
        entry: &Entry,
        cx: &Cx<'_>,
    ) {
        let request = &entry.exchange.request;
        let room = usize::from(area.width).saturating_sub(4);
        let mut head = Vec::new();
        let method = request.method.as_str();
        for (row, piece) in wrap::url(&request.url, room.saturating_sub(method.len() + 1))
            .into_iter()
            .enumerate()
        {
            let method = if row == 0 {
                format!("   {method} ")
            } else {
                " ".repeat(method.len() + 4)
            };
            head.push(Line::from(vec![
                cx.span(Role::Strong, method),
                cx.span(Role::Text, piece),
            ]));
        }
        head.push(Line::default());
        head.extend(headers::table(&request.shown_headers(), area.width, cx));
        head.push(Line::default());
        let rows = self.text.rows(room);
        if rows == 0 {
            head.push(cx.line(Role::Muted, "   no body"));
        }
        let total = head.len() + rows;
        let first = scroll.fit(total, area.height);
        let behind = first.saturating_sub(head.len());
        let body = (behind..rows).map(|row| {
            Line::from(vec![
                Span::raw("   "),
                cx.span(Role::Text, self.text.row(row)),
            ])
        });
        rows::draw(frame, area, head.into_iter().skip(first).chain(body));
    }
}

/// Names of the fields that the catalogue marks as secret.
fn secrets(entry: &Entry, model: &Model) -> Vec<String> {
    let endpoint = model.catalog.endpoint(&entry.exchange.endpoint);
    let fields = endpoint.map_or(&[][..], |endpoint| &endpoint.body);
    fields
        .iter()
        .filter(|field| field.secret)
        .map(|field| field.name.clone())
        .collect()
}

/// `body` with the values of `secrets` masked: members of JSON at any depth, or fields of a form.
fn masked(body: &Body, secrets: &[String]) -> Body {
    if secrets.is_empty() {
        return body.clone();
    }
    if let Ok(mut value) = serde_json::from_slice::<serde_json::Value>(body.as_bytes()) {
        mask(&mut value, secrets);
        let text = serde_json::to_string_pretty(&value).unwrap_or_else(|_| MASK.to_owned());
        return Body::from(text.as_str());
    }
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

fn mask(value: &mut serde_json::Value, secrets: &[String]) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                match secrets.contains(name) {
                    true => *value = MASK.into(),
                    false => mask(value, secrets),
                }
            }
        }
        serde_json::Value::Array(values) => {
            values.iter_mut().for_each(|value| mask(value, secrets));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> String {
        let body = masked(&Body::from(body), &["code".into(), "ssn".into()]);
        String::from_utf8(body.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn secrets_are_masked_in_forms_and_in_json() {
        assert_eq!(
            shown("grant_type=authorization_code&code=abc&redirect_uri=http%3A%2F%2F"),
            format!("grant_type=authorization_code&\ncode={MASK}&\nredirect_uri=http%3A%2F%2F")
        );
        assert!(
            !shown("c%6fde=abc").contains("abc"),
            "however its name is spelled"
        );
        let json = shown(r#"{"a":[{"ssn":"1234","b":10.50}]}"#);
        assert!(json.contains(MASK) && !json.contains("1234"), "{json}");
    }
}
