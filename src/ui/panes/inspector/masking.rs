//! An answer that holds secrets, with these masked before anything looks at it: tree, raw bytes, search and copies alike.

use std::sync::Arc;

use crate::document::{Document, NodeId, NodeKind};
use crate::domain::{Body, MASK};

/// `document`, or a copy of it in which the values of the members called `secrets` are masked.
pub(super) fn masked(document: &Arc<Document>, secrets: &[String]) -> Arc<Document> {
    let hidden = match secrets.is_empty() {
        true => Vec::new(),
        false => spans(document, secrets),
    };
    if hidden.is_empty() {
        return Arc::clone(document);
    }
    let bytes = document.body().as_bytes();
    let mut text = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (start, end) in hidden {
        text.extend_from_slice(bytes.get(at..start).unwrap_or_default());
        text.extend_from_slice(format!("\"{MASK}\"").as_bytes());
        at = end;
    }
    // Behind the last value that was read, a broken text may hold anything.
    let rest = bytes.get(at..).unwrap_or_default();
    match document.fault() {
        None => text.extend_from_slice(rest),
        Some(_) => text.extend_from_slice(MASK.as_bytes()),
    }
    Arc::new(Document::parse(Body::new(text)))
}

/// Where secret values stand, in the order of the text and none within another.
fn spans(document: &Document, secrets: &[String]) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for node in (0..document.len()).map(NodeId::new) {
        let is_secret = document
            .key(node)
            .is_some_and(|name| secrets.iter().any(|secret| *secret == name));
        let (start, end) = document.span(node);
        let is_inside = spans.last().is_some_and(|(_, end)| start < *end);
        if is_secret && !is_inside && document.kind(node) != NodeKind::Null {
            spans.push((start, end));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> String {
        let document = Arc::new(Document::parse(body.into()));
        let masked = masked(&document, &["token".into()]);
        String::from_utf8(masked.body().as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        assert_eq!(
            text(r#"{"token": "a", "b": [{"token": {"token": 1}}, {"token": null}]}"#),
            format!(r#"{{"token": "{MASK}", "b": [{{"token": "{MASK}"}}, {{"token": null}}]}}"#)
        );
        assert_eq!(text(r#"{"a": 1}"#), r#"{"a": 1}"#);
    }

    #[test]
    fn what_follows_in_a_broken_text_is_not_shown() {
        assert_eq!(
            text(r#"{"token": "a", "token": "b"#),
            format!(r#"{{"token": "{MASK}"{MASK}"#)
        );
    }
}
