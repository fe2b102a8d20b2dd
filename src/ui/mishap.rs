//! Why a transfer did not go as it should, in words. Names of fields are those of the shape `transfer` in the catalogue.

use std::borrow::Cow;

use crate::document::{Document, NodeId, NodeKind};

/// What happened to the transfer `object`, and why, if it failed or its money is claimed back.
pub(crate) fn of(document: &Document, object: NodeId) -> Option<String> {
    if let Some(reason) = text(document, object, "failure_reason") {
        return Some(format!("failed: {reason}"));
    }
    let claim = document.get(object, "chargeback")?;
    if document.kind(claim) != NodeKind::Object {
        return None;
    }
    let words: Vec<_> = ["exception_code", "exception_description"]
        .into_iter()
        .filter_map(|name| text(document, claim, name))
        .collect();
    Some(match words.is_empty() {
        true => "claimed back".into(),
        false => format!("claimed back: {}", words.join(" ")),
    })
}

fn text<'a>(document: &'a Document, object: NodeId, name: &str) -> Option<Cow<'a, str>> {
    let node = document.get(object, name)?;
    let text = (document.kind(node) == NodeKind::String).then(|| document.text(node))?;
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        let document = Document::parse(text.into());
        of(&document, document.root().unwrap())
    }

    #[test]
    fn a_failure_and_a_claim_are_told_with_code_and_words() {
        let failed = r#"{"status": "failed", "failure_reason": "R01 insufficient funds", "chargeback": null}"#;
        assert_eq!(told(failed).unwrap(), "failed: R01 insufficient funds");
        let claimed = r#"{"failure_reason": null, "chargeback": {"exception_code": "R10", "exception_description": "not authorized"}}"#;
        assert_eq!(told(claimed).unwrap(), "claimed back: R10 not authorized");
        let bare = r#"{"chargeback": {"exception_code": null}}"#;
        assert_eq!(told(bare).unwrap(), "claimed back");
        for well in [
            r#"{"failure_reason": null, "chargeback": null}"#,
            r#"{"failure_reason": ""}"#,
            "[1]",
            "3",
        ] {
            assert_eq!(told(well), None, "{well}");
        }
    }
}
