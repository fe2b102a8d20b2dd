//! JSON text as it came: a flat index over the bytes, and views on it. Nothing is copied, nothing is spelled anew.
//!
//! A node is a value: its kind, its place in the text, its parent, its next sibling, its depth and the place of its name.
//! Nodes stand in the order of the text, so that the first child of a container is the node after it.

mod diff;
mod index;

use std::borrow::Cow;
use std::iter;

pub use diff::{Change, Difference, Rule, Rules, diff};

use crate::domain::Body;

/// Stands for "no node" and "no name".
const NONE: u32 = u32::MAX;

/// The bits of `Node::place` that hold the kind; the others hold the depth.
const KIND_BITS: u32 = 3;

/// A value of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of RFC 8259")]
pub enum NodeKind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// Where and why the text breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In bytes from the start.
    pub offset: usize,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// In plain words.
    pub reason: &'static str,
}

impl Fault {
    fn at(bytes: &[u8], offset: usize, reason: &'static str) -> Self {
        let before = bytes.get(..offset).unwrap_or(bytes);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        Self {
            offset,
            line: memchr::memchr_iter(b'\n', before).count() + 1,
            column: String::from_utf8_lossy(&before[line_start..]).chars().count() + 1,
            reason,
        }
    }
}

/// 24 bytes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    start: u32,
    end: u32,
    parent: u32,
    next: u32,
    name: u32,
    /// Depth and kind.
    place: u32,
}

impl Node {
    fn new(kind: NodeKind, start: u32, end: u32, parent: u32, depth: u32, name: u32) -> Self {
        let kind = match kind {
            NodeKind::Object => 0,
            NodeKind::Array => 1,
            NodeKind::String => 2,
            NodeKind::Number => 3,
            NodeKind::Bool => 4,
            NodeKind::Null => 5,
        };
        Self { start, end, parent, next: NONE, name, place: depth << KIND_BITS | kind }
    }

    fn kind(self) -> NodeKind {
        match self.place & ((1 << KIND_BITS) - 1) {
            0 => NodeKind::Object,
            1 => NodeKind::Array,
            2 => NodeKind::String,
            3 => NodeKind::Number,
            4 => NodeKind::Bool,
            _ => NodeKind::Null,
        }
    }
}

/// A body and the index over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    body: Body,
    nodes: Vec<Node>,
    fault: Option<Fault>,
}

impl Document {
    /// Indexes `body`. Never fails: of a text that breaks, it keeps what is whole and tells where and why.
    pub fn parse(body: Body) -> Self {
        let (nodes, fault) = index::scan(body.as_bytes());
        Self { body, nodes, fault }
    }

    /// The bytes.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Where the text breaks, if it does.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no value at all.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The outermost value.
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// What `node` is.
    pub fn kind(&self, node: NodeId) -> NodeKind {
        self.node(node).kind()
    }

    /// The container of `node`.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        NodeId::new(self.node(node).parent)
    }

    /// How many containers `node` is in.
    pub fn depth(&self, node: NodeId) -> usize {
        (self.node(node).place >> KIND_BITS) as usize
    }

    /// The value after `node` in the same container.
    pub fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        NodeId::new(self.node(node).next)
    }

    /// The first value in the container `node`.
    pub fn first_child(&self, node: NodeId) -> Option<NodeId> {
        let next = node.0.checked_add(1)?;
        let child = self.nodes.get(next as usize)?;
        (child.parent == node.0).then_some(NodeId(next))
    }

    /// The values in the container `node`, in order.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        iter::successors(self.first_child(node), |child| self.next_sibling(*child))
    }

    /// How many values are in the container `node`.
    pub fn child_count(&self, node: NodeId) -> usize {
        self.children(node).count()
    }

    /// The name of `node`, where it is a member of an object.
    pub fn key(&self, node: NodeId) -> Option<Cow<'_, str>> {
        self.raw_key(node).map(unescape)
    }

    /// The name of `node` as it is spelled, in quotes.
    pub fn raw_key(&self, node: NodeId) -> Option<&[u8]> {
        let name = self.node(node).name;
        if name == NONE {
            return None;
        }
        let text = self.body.as_bytes().get(name as usize..)?;
        Some(&text[..string_length(text)])
    }

    /// The member of `object` called `name`; the first, if there are several.
    pub fn get(&self, object: NodeId, name: &str) -> Option<NodeId> {
        self.children(object).find(|child| self.key(*child).is_some_and(|key| key == name))
    }

    /// The item of `array` at `index`.
    pub fn item(&self, array: NodeId, index: usize) -> Option<NodeId> {
        self.children(array).nth(index)
    }

    /// The bytes of `node` as they came.
    pub fn raw(&self, node: NodeId) -> &[u8] {
        let node = self.node(node);
        self.body.as_bytes().get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// The text of a string without quotes and escapes; any other value as it is spelled.
    pub fn text(&self, node: NodeId) -> Cow<'_, str> {
        match self.kind(node) {
            NodeKind::String => unescape(self.raw(node)),
            _ => String::from_utf8_lossy(self.raw(node)),
        }
    }

    /// The way from the root to `node`, as jq spells it: `.accounts[3]."odd name"`.
    pub fn path(&self, node: NodeId) -> String {
        let mut steps = Vec::new();
        let mut at = node;
        while let Some(parent) = self.parent(at) {
            steps.push(match self.key(at) {
                Some(key) if is_plain(&key) => format!(".{key}"),
                Some(key) => format!(".{}", serde_json::Value::from(key.as_ref())),
                None => format!("[{}]", self.children(parent).take_while(|child| *child != at).count()),
            });
            at = parent;
        }
        steps.reverse();
        match steps.first() {
            None => ".".into(),
            Some(first) if first.starts_with('[') => format!(".{}", steps.concat()),
            Some(_) => steps.concat(),
        }
    }

    /// The innermost value that the byte at `offset` belongs to.
    pub fn at_offset(&self, offset: usize) -> Option<NodeId> {
        let after = self.nodes.partition_point(|node| node.start as usize <= offset);
        let mut at = NodeId::new(u32::try_from(after.checked_sub(1)?).ok()?);
        while let Some(node) = at {
            if offset < self.node(node).end as usize {
                return Some(node);
            }
            at = self.parent(node);
        }
        None
    }

    fn node(&self, node: NodeId) -> Node {
        self.nodes[node.0 as usize]
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && !key.starts_with(|c: char| c.is_ascii_digit())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Length of the string that `text` starts with, quotes included.
fn string_length(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        at += found + 1;
        if text[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// The text of a string literal. The index has let only sound ones pass, so that half a surrogate pair is the only thing
/// that has no character.
fn unescape(literal: &[u8]) -> Cow<'_, str> {
    let inner = literal.get(1..literal.len().saturating_sub(1)).unwrap_or_default();
    if memchr::memchr(b'\\', inner).is_none() {
        return String::from_utf8_lossy(inner);
    }
    let text = String::from_utf8_lossy(inner);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = escape(&rest[at + 1..], &mut out);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Adds what the escape at the start of `rest` (behind the backslash) stands for, and answers with what follows it.
fn escape<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let mut chars = rest.chars();
    match chars.next() {
        Some('b') => out.push('\u{8}'),
        Some('f') => out.push('\u{c}'),
        Some('n') => out.push('\n'),
        Some('r') => out.push('\r'),
        Some('t') => out.push('\t'),
        Some('u') => {
            let unit = |text: &str| text.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
            let after = rest.get(5..).unwrap_or_default();
            let first = unit(&rest[1..]).unwrap_or(0xFFFD);
            let second = after.strip_prefix("\\u").and_then(unit);
            if let Some(second) = second
                && let Some(Ok(c)) = char::decode_utf16([first, second]).next()
                && u32::from(c) > 0xFFFF
            {
                out.push(c);
                return &after[6..];
            }
            out.push(char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER));
            return after;
        }
        Some(other) => out.push(other),
        None => {}
    }
    chars.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn parse(text: &str) -> Document {
        Document::parse(Body::from(text))
    }

    /// The document as serde_json would have it, to compare with it.
    fn value(document: &Document, node: NodeId) -> Value {
        match document.kind(node) {
            NodeKind::Object => document.children(node).map(|child| (document.key(child).unwrap().into_owned(), value(document, child))).collect(),
            NodeKind::Array => document.children(node).map(|child| value(document, child)).collect(),
            NodeKind::String => Value::from(document.text(node)),
            _ => serde_json::from_slice(document.raw(node)).unwrap(),
        }
    }

    #[test]
    fn values_are_found_and_spelled_as_they_came() {
        let document = parse(r#" {"a":[1,{"b":10.50}],"odd name":"x\u00e9\ud83d\ude00\n"} "#);
        let root = document.root().unwrap();
        assert_eq!(document.fault(), None);
        let items = document.get(root, "a").unwrap();
        let amount = document.get(document.item(items, 1).unwrap(), "b").unwrap();
        assert_eq!(document.raw(amount), b"10.50");
        assert_eq!(document.path(amount), ".a[1].b");
        let odd = document.get(root, "odd name").unwrap();
        assert_eq!(document.path(odd), ".\"odd name\"");
        assert_eq!(document.text(odd), "xé😀\n");
        assert_eq!(document.depth(amount), 3);
        let at = document.body().as_bytes().windows(5).position(|bytes| bytes == b"10.50").unwrap();
        assert_eq!(document.at_offset(at + 2), Some(amount));
    }

    #[test]
    fn a_break_is_told_with_its_place_and_what_came_before_is_kept() {
        let document = parse("{\n  \"a\": [1, 2,\n  }");
        let fault = document.fault().unwrap();
        assert_eq!((fault.line, fault.column, fault.reason), (3, 3, "expected a value"));
        let items = document.get(document.root().unwrap(), "a").unwrap();
        assert_eq!(document.child_count(items), 2);
    }

    #[test]
    fn every_cut_of_a_document_keeps_what_is_whole() {
        let text = r#"{"a":[1,true,null,"x\u0041"],"b":{"c":-1.5e3}}"#;
        for end in 0..text.len() {
            let document = parse(&text[..end]);
            assert!(document.fault().is_some(), "{end}");
            for node in 0..document.len() {
                let node = NodeId(u32::try_from(node).unwrap());
                let _ = (document.text(node), document.path(node), document.child_count(node));
            }
        }
    }

    #[test]
    fn depth_needs_no_stack() {
        let levels = 100_000;
        let document = parse(&("[".repeat(levels) + &"]".repeat(levels)));
        assert_eq!(document.fault(), None);
        assert_eq!(document.len(), levels);
    }

    #[test]
    fn texts_are_accepted_and_refused_as_the_standard_says() {
        for text in ["0", "-0", "1e5", "1E+2", "\"\"", "[]", "{}", " null\n", "\"\\/\"", "[[],{}]", "\u{feff}1"] {
            assert_eq!(parse(text).fault(), None, "{text}");
        }
        for text in [
            "", " ", "01", "+1", "1.", ".5", "1e", "-", "NaN", "'a'", "\"\t\"", "\"\\x\"", "\"\\u12g4\"", "[1,]", "{\"a\":1,}", "{a:1}", "[1 2]",
            "[1]]", "{\"a\" 1}", "[}", "tru", "\"", "1 2", "{\"a\"}", "[,1]", "\u{a0}1",
        ] {
            assert!(parse(text).fault().is_some(), "{text}");
        }
        assert!(Document::parse(Body::new(b"\"\xff\"".to_vec())).fault().is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_agrees_with_serde_json(text in r#"[\[\]{},:"\\ 0-9a-eE.+ntrfulsé-]{0,40}"#) {
            let ours = parse(&text);
            let theirs = serde_json::from_str::<Value>(&text);
            match theirs {
                Ok(theirs) => {
                    prop_assert_eq!(ours.fault(), None);
                    prop_assert_eq!(value(&ours, ours.root().unwrap()), theirs);
                }
                Err(error) => {
                    let has_odd_rule = error.to_string().contains("out of range") || error.to_string().contains("surrogate") || error.to_string().contains("hex escape");
                    prop_assert!(ours.fault().is_some() || has_odd_rule, "{}", error);
                }
            }
        }
    }
}
