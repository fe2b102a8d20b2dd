//! A number for each value of a document: the same for values that mean the same. Compares nothing.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::document::{Document, NodeId, NodeKind};

/// The digests of all values, by node.
pub(super) fn digests(document: &Document) -> Vec<u64> {
    let mut digests = vec![0; document.len()];
    // Children stand behind their parents: backwards, theirs are known.
    for at in (0..document.len()).rev() {
        let node = NodeId::new(at);
        let mut hasher = DefaultHasher::new();
        let kind = document.kind(node);
        (kind as u8).hash(&mut hasher);
        match kind {
            NodeKind::Object => members(document, node, &digests).hash(&mut hasher),
            NodeKind::Array => {
                for child in document.children(node) {
                    digests[child.position()].hash(&mut hasher);
                }
            }
            NodeKind::String => document.text(node).hash(&mut hasher),
            NodeKind::Number => number(&document.text(node)).hash(&mut hasher),
            NodeKind::Bool => document.raw(node).hash(&mut hasher),
            NodeKind::Null => {}
        }
        digests[at] = hasher.finish();
    }
    digests
}

/// Names and values in an order of their own; of members with the same name the last.
fn members(document: &Document, object: NodeId, digests: &[u64]) -> Vec<(u64, u64)> {
    let mut members: Vec<(u64, usize, u64)> = Vec::new();
    for (at, child) in document.children(object).enumerate() {
        let mut hasher = DefaultHasher::new();
        document.key(child).hash(&mut hasher);
        members.push((hasher.finish(), usize::MAX - at, digests[child.position()]));
    }
    members.sort_unstable();
    members.dedup_by_key(|(name, ..)| *name);
    members
        .into_iter()
        .map(|(name, _, value)| (name, value))
        .collect()
}

/// The value of a number, however it is spelled: sign, digits without zeros at both ends, and power of ten.
fn number(text: &str) -> (bool, String, i64) {
    let (is_negative, text) = text
        .strip_prefix('-')
        .map_or((false, text), |text| (true, text));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let shown = digits.trim_end_matches('0');
    if shown.is_empty() {
        return (false, String::new(), 0);
    }
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    // An exponent beyond 64 bits is taken for the largest one: such numbers are all infinite to any reader.
    let exponent =
        exponent
            .trim_start_matches('+')
            .parse::<i64>()
            .unwrap_or(if exponent.starts_with('-') {
                i64::MIN
            } else {
                i64::MAX
            });
    let power = exponent
        .saturating_sub(count(fraction.len()))
        .saturating_add(count(digits.len() - shown.len()));
    (is_negative, shown.to_owned(), power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Body;

    #[test]
    fn the_same_number_is_the_same_in_every_spelling() {
        for (a, b) in [
            ("10.50", "10.5"),
            ("1e2", "100"),
            ("-0", "0"),
            ("0.00", "0"),
            ("1.5E-1", "0.15"),
            ("1200e-2", "12"),
        ] {
            assert_eq!(number(a), number(b), "{a} {b}");
        }
        for (a, b) in [
            ("1", "-1"),
            ("1", "10"),
            ("0.1", "0.01"),
            ("12345678901234567890123", "12345678901234567890124"),
        ] {
            assert_ne!(number(a), number(b), "{a} {b}");
        }
    }

    #[test]
    fn order_of_members_and_spelling_do_not_count() {
        let digest = |text: &str| digests(&Document::parse(Body::from(text)))[0];
        assert_eq!(
            digest(r#"{"a":1.0,"b":"é"}"#),
            digest(r#"{ "b": "\u00e9", "a": 1 }"#)
        );
        assert_eq!(digest(r#"{"a":1,"a":2}"#), digest(r#"{"a":2}"#));
        assert_ne!(digest("[1,2]"), digest("[2,1]"));
        assert_ne!(digest("\"1\""), digest("1"));
        assert_ne!(digest("[[],1]"), digest("[[1]]"));
    }
}
