//! Masks the secrets of a body that is about to go out, and leaves everything else as it is spelled.

use crate::document::{Document, NodeId, NodeKind};
use crate::domain::{Body, MASK};

/// The text of a JSON body, with the values of members called `names` masked; `None` where it breaks, since it is not sure
/// then what is a secret.
pub(super) fn json(body: &Body, names: &[String]) -> Option<String> {
    let text = String::from_utf8_lossy(body.as_bytes());
    let document = Document::parse(body.clone());
    if document.fault().is_some() {
        return text.trim().is_empty().then(String::new);
    }
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for node in (0..document.len()).map(NodeId::new) {
        let (start, end) = document.span(node);
        let is_secret = document
            .key(node)
            .is_some_and(|key| names.iter().any(|name| *name == key));
        if !is_secret || start < done || document.kind(node) == NodeKind::Null {
            continue; // no secret, or inside of one
        }
        shown.push_str(text.get(done..start).unwrap_or_default());
        shown.push_str(&format!("\"{MASK}\""));
        done = end;
    }
    shown.push_str(text.get(done..).unwrap_or_default());
    Some(shown)
}

/// The fields of a web form, one a line, with the values of those called `names` masked.
pub(super) fn form(body: &Body, names: &[String]) -> String {
    let text = String::from_utf8_lossy(body.as_bytes());
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if names.iter().any(|secret| secret == name) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    };
    let pairs: Vec<_> = text.split('&').map(pair).collect();
    pairs.join("&\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_at_any_depth_and_nothing_else_is_touched() {
        let names = ["ssn".to_owned(), "token".to_owned()];
        let text = "{\"a\": 10.50,\n \"ssn\": \"12\\\"34\", \"b\": [{\"t\\u006fken\":{\"c\":1},\"ssn\":null}]}";
        let shown = json(&Body::from(text), &names).unwrap();
        let expected = format!(
            "{{\"a\": 10.50,\n \"ssn\": \"{MASK}\", \"b\": [{{\"t\\u006fken\":\"{MASK}\",\"ssn\":null}}]}}"
        );
        assert_eq!(shown, expected);
        assert_eq!(json(&Body::from("{\"ssn\": \"1234"), &names), None);
        assert_eq!(json(&Body::from(""), &names).as_deref(), Some(""));
        assert_eq!(
            form(&Body::from("a=1&token=x%26y"), &names),
            format!("a=1&\ntoken={MASK}")
        );
    }
}
