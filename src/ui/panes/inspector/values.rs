//! Values of a diff in a line: what tells an item from others, and of two long texts the part in which they differ.

use std::borrow::Cow;

use crate::document::{Document, NodeId, NodeKind};
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::visible;

/// Letters of a value that are looked at: more than a row shows.
const LONGEST: usize = 200;
/// Names of members that tell a person which item it is; the first one that is there counts.
const NAMES: [&str; 6] = [
    "name",
    "nickname",
    "official_name",
    "title",
    "first_name",
    "email",
];
/// Letters that both texts share which are shown in front of those in which they differ.
const SHARED: usize = 4;

/// A value in a line: as it is spelled, or which item it is.
pub(super) fn value(document: &Document, node: NodeId, secrets: &[String]) -> String {
    match document.kind(node) {
        NodeKind::Object => label(document, node, secrets),
        NodeKind::Array => visible(&document.summary(node)).into_owned(),
        _ => {
            let raw = document.raw(node);
            let start = raw.get(..LONGEST).unwrap_or(raw);
            visible(&String::from_utf8_lossy(start)).into_owned()
        }
    }
}

/// Which item `node` is: its name and its id, or what is in it.
pub(super) fn label(document: &Document, node: NodeId, secrets: &[String]) -> String {
    let name = name(document, node, secrets);
    match text(document, node, "id", secrets) {
        Some(id) if id != name => visible(&format!("{name} · {id}")).into_owned(),
        _ => name,
    }
}

/// The same in short: its name, or else its id, or what is in it.
pub(super) fn name(document: &Document, node: NodeId, secrets: &[String]) -> String {
    let mut names = NAMES.into_iter().chain(["id"]);
    let name = names.find_map(|name| text(document, node, name, secrets));
    let words = name.unwrap_or_else(|| document.summary(node));
    visible(&words).into_owned()
}

/// The text of the member called `name`, if there is one that may be shown.
fn text(document: &Document, object: NodeId, name: &str, secrets: &[String]) -> Option<String> {
    let member = document.get(object, name)?;
    let is_told = matches!(document.kind(member), NodeKind::String | NodeKind::Number);
    let text = document.text(member);
    let is_fit = is_told && !text.is_empty() && !secrets.iter().any(|secret| secret == name);
    is_fit.then(|| text.into_owned())
}

/// Both texts in `columns`: the shorter one whole, if it takes less than half; of what is cut, the part that differs.
pub(super) fn share(before: &str, after: &str, columns: usize) -> (String, String) {
    let half = columns / 2;
    let (one, two) = (measure::width(before), measure::width(after));
    if one + two <= columns {
        return (before.to_owned(), after.to_owned());
    }
    let first = match (one <= half, two <= half) {
        (true, _) => one,
        (false, true) => columns.saturating_sub(two),
        (false, false) => half,
    };
    let second = columns.saturating_sub(first.min(one));
    let letters = before.chars().zip(after.chars());
    let shared = letters.take_while(|(one, two)| one == two).count();
    let cut = |text, columns| {
        let text = different(text, shared, columns);
        measure::fit(&text, columns).into_owned()
    };
    (cut(before, first), cut(after, second))
}

/// `text` from shortly before it differs on, if that would be cut off in `columns`.
fn different(text: &str, shared: usize, columns: usize) -> Cow<'_, str> {
    let left_out = shared.saturating_sub(SHARED);
    if measure::width(text) <= columns || shared + SHARED < columns || left_out == 0 {
        return Cow::Borrowed(text);
    }
    let rest: String = text.chars().skip(left_out).collect();
    Cow::Owned(format!("…{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_long_texts_the_part_that_differs_is_seen() {
        let both = |one: &str, two: &str| (one.to_owned(), two.to_owned());
        assert_eq!(share("1", "22", 10), both("1", "22"));
        assert_eq!(
            share("astra_generic_131_aaa0", "astra_generic_131_bbb1", 20),
            both("…131_aaa0", "…131_bbb1")
        );
        assert_eq!(
            share("no", "yes, of course, always", 12),
            both("no", "yes, of c…")
        );
        assert_eq!(share("abcdefghij", "abc", 8), both("abcd…", "abc"));
    }

    #[test]
    fn an_item_is_told_by_its_name_and_its_id() {
        let told = |text: &str, secrets: &[String]| {
            let document = Document::parse(text.into());
            label(&document, document.root().unwrap(), secrets)
        };
        assert_eq!(
            told(r#"{"id":"a1","name":"Bills","x":1}"#, &[]),
            "Bills · a1"
        );
        assert_eq!(told(r#"{"id":7,"name":null}"#, &[]), "7");
        assert_eq!(told(r#"{"x":1}"#, &[]), "{1} x");
        let secrets = ["name".to_owned()];
        assert_eq!(told(r#"{"id":7,"name":"s"}"#, &secrets), "7");
    }
}
