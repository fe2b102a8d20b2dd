//! What the values of a document hold: bytes, text, names and paths. Where they stand is left to `index`.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;

use memchr::{memchr, memrchr};

use crate::document::index::Document;
use crate::document::node::{NodeId, NodeKind, Shape};
use crate::document::unescape::{quote, unescape};

/// The index follows from the text: documents of the same text are equal.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.body() == other.body()
    }
}

impl Document {
    /// The bytes of a value as they came, with the quotes of a string.
    pub fn raw(&self, n: NodeId) -> &[u8] {
        let (start, end) = self.span(n);
        self.body().as_bytes().get(start..end).unwrap_or_default()
    }

    /// A string without quotes and escapes, any other value as it came.
    ///
    /// Lone surrogates and bytes that are no UTF-8 become U+FFFD. Mind that the text of a container is all of it.
    pub fn text(&self, n: NodeId) -> Cow<'_, str> {
        let raw = self.raw(n);
        match self.kind(n) {
            NodeKind::String => unescape(inside(raw)),
            _ => String::from_utf8_lossy(raw),
        }
    }

    /// The text of a string from its first `bytes` bytes, if there is an escape among them.
    pub fn unescaped(&self, n: NodeId, bytes: usize) -> Option<String> {
        let content = inside(self.raw(n));
        let head = content.get(..bytes).unwrap_or(content);
        let has_escape = self.kind(n) == NodeKind::String && memchr(b'\\', head).is_some();
        has_escape.then(|| unescape(head).into_owned())
    }

    /// The name of a member without quotes and escapes; `None` for items of arrays and for the root.
    pub fn key(&self, n: NodeId) -> Option<Cow<'_, str>> {
        self.raw_key(n).map(|raw| unescape(inside(raw)))
    }

    /// The name of a member as it came, with its quotes.
    pub fn raw_key(&self, n: NodeId) -> Option<&[u8]> {
        let (start, end) = self.name_span(n)?;
        self.body().as_bytes().get(start..end)
    }

    /// The first member of an object with that name.
    pub fn get(&self, object: NodeId, name: &str) -> Option<NodeId> {
        if self.node(object).shape() != Shape::Object {
            return None;
        }
        let text = self.body().as_bytes();
        self.children(object).find(|child| {
            let span = self.name_span(*child);
            let raw = span.and_then(|(start, end)| text.get(start..end));
            raw.is_some_and(|raw| inside(raw) == name.as_bytes() || unescape(inside(raw)) == name)
        })
    }

    /// The first member with a name that another one of the same object has before it.
    pub fn doubled(&self) -> Option<NodeId> {
        let nodes = (0..self.len()).map(NodeId::new);
        let mut objects = nodes.filter(|node| self.node(*node).shape() == Shape::Object);
        objects.find_map(|object| {
            let mut names = HashSet::new();
            self.children(object)
                .find(|member| !names.insert(self.key(*member)))
        })
    }

    /// Where a value stands, as jq spells it: `.accounts[3].name`, `."odd key"`, `.` for the root.
    pub fn path(&self, n: NodeId) -> String {
        let mut steps = vec![n];
        steps.extend(std::iter::successors(self.parent(n), |parent| {
            self.parent(*parent)
        }));
        let mut path = String::new();
        for step in steps.into_iter().rev().skip(1) {
            let Some(key) = self.key(step) else {
                if path.is_empty() {
                    path.push('.');
                }
                // Writing to a String cannot fail.
                let _ = write!(path, "[{}]", self.index_in_parent(step));
                continue;
            };
            path.push('.');
            match is_plain(&key) {
                true => path.push_str(&key),
                false => quote(&key, &mut path),
            }
        }
        if path.is_empty() {
            path.push('.');
        }
        path
    }

    /// Offsets of the first byte of a member's name and of the first byte behind it, quotes counted in.
    ///
    /// Goes back from the value: only a name has a colon behind it. Names are not indexed, since they are needed
    /// for the rows on the screen only and would make the index half as large again.
    pub fn name_span(&self, n: NodeId) -> Option<(usize, usize)> {
        let text = self.body().as_bytes();
        let before = text.get(..self.node(n).start as usize)?.trim_ascii_end();
        let before = before.strip_suffix(b":")?.trim_ascii_end();
        let end = before.len();
        let mut open = end.checked_sub(1)?;
        loop {
            open = memrchr(b'"', text.get(..open)?)?;
            let backslashes = text
                .get(..open)?
                .iter()
                .rev()
                .take_while(|byte| **byte == b'\\');
            if backslashes.count() % 2 == 0 {
                return Some((open, end));
            }
        }
    }
}

/// The content between two quotes.
pub(crate) fn inside(raw: &[u8]) -> &[u8] {
    raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default()
}

/// Whether a name can stand in a path without quotes.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name
            .chars()
            .all(|character| character == '_' || character.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"accounts":[{"id":1},{"id" :
        10.50}],"odd \"key\\":"caf\u00e9","":-0.0,"a":[],"a":{}}"#;

    #[test]
    fn values_are_shown_as_they_came() {
        let document = Document::parse(TEXT.into());
        let root = document.root().unwrap();
        let odd = document.item(root, 1).unwrap();
        assert_eq!(document.key(odd).unwrap(), "odd \"key\\");
        assert_eq!(document.raw_key(odd).unwrap(), br#""odd \"key\\""#);
        assert_eq!(
            (document.text(odd), document.raw(odd)),
            ("café".into(), &br#""caf\u00e9""#[..])
        );
        assert_eq!(document.path(odd), r#"."odd \"key\\""#);
        assert_eq!(document.unescaped(odd, 9), Some("café".into()));
        assert_eq!(document.unescaped(odd, 3), None, "nothing to unescape");
        let amount = document.at_offset(TEXT.find("10").unwrap()).unwrap();
        assert_eq!(document.text(amount), "10.50");
        assert_eq!(document.path(amount), ".accounts[1].id");
        assert_eq!(
            (document.path(root), document.key(root)),
            (".".into(), None)
        );
        let empty = document.get(root, "").unwrap();
        assert_eq!(
            (document.text(empty), document.path(empty)),
            ("-0.0".into(), ".\"\"".into())
        );
    }

    #[test]
    fn members_are_found_by_their_unescaped_name() {
        let document = Document::parse(TEXT.into());
        let root = document.root().unwrap();
        assert!(document.get(root, "odd \"key\\").is_some());
        assert_eq!(document.get(root, "b"), None);
        let twice = document.get(root, "a").unwrap();
        assert_eq!(document.kind(twice), NodeKind::Array);
        let accounts = document.get(root, "accounts").unwrap();
        assert_eq!(document.get(accounts, "id"), None);
        assert_eq!(
            document.path(document.item(accounts, 0).unwrap()),
            ".accounts[0]"
        );
    }

    #[test]
    fn paths_of_items_of_the_root_begin_with_a_dot() {
        let document = Document::parse("[[0]]".into());
        assert_eq!(document.path(NodeId::new(2)), ".[0][0]");
    }
}
