//! The index of a document and the ways through it; content of values is left to `content`.

use std::fmt;
use std::sync::Arc;

use crate::document::builder::Builder;
use crate::document::fault::Fault;
use crate::document::node::{Container, Node, NodeId, NodeKind, Shape};
use crate::document::readable::Readable;
use crate::document::scan;
use crate::domain::Body;

/// JSON text as it came, and an index of its values.
///
/// A clone shares both. No way through the index recurses, and each step takes logarithmic time at most.
#[derive(Clone)]
pub struct Document {
    body: Body,
    pub(crate) index: Arc<Index>,
    /// What it reads better as; or of lines that should be JSON the first that is none.
    readable: Result<Option<Readable>, Fault>,
}

/// What the builder found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) nodes: Vec<Node>,
    pub(crate) containers: Vec<Container>,
    /// In the order of the text; at most one that reading went on after, and one that ended it.
    pub(crate) faults: Vec<Fault>,
    /// Number of containers that were open where the reading ended.
    pub(crate) open: u32,
}

/// Shows no content: a body may hold secrets.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} values in {:?})", self.len(), self.body)
    }
}

impl Document {
    /// Reads all of `body`. What is no JSON gives a fault and the values that were whole before it.
    pub fn parse(body: Body) -> Self {
        let mut builder = Builder::expecting(body.len());
        builder.feed(body.as_bytes());
        builder.finish(body)
    }

    pub(crate) fn new(body: Body, index: Index) -> Self {
        Self {
            body,
            index: Arc::new(index),
            readable: Ok(None),
        }
    }

    /// The same with what it reads better as beside it, if `content_type` or its beginning says that there is such a form.
    #[must_use]
    pub fn made_readable(self, content_type: Option<&str>) -> Self {
        let readable = Readable::of(&self.body, content_type);
        Self { readable, ..self }
    }

    /// What it reads better as.
    pub fn readable(&self) -> Option<&Readable> {
        self.readable.as_ref().ok()?.as_ref()
    }

    /// Whether it should be a value of JSON on each line, and one of the lines is none.
    pub fn has_bad_line(&self) -> bool {
        self.readable.is_err()
    }

    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.fault().is_some_and(Fault::is_of_nothing)
    }

    /// The first place where the text departs from RFC 8259, or from JSON on each line where it should be that.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.readable {
            Ok(_) => self.index.faults.first(),
            Err(fault) => Some(fault),
        }
    }

    /// All faults that were kept: the first that values could be read after, and the one that ended the reading.
    pub fn faults(&self) -> &[Fault] {
        &self.index.faults
    }

    /// The bytes as they came.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.index.nodes.len()
    }

    /// Whether there is not a single value.
    pub fn is_empty(&self) -> bool {
        self.index.nodes.is_empty()
    }

    /// Bytes of memory that the index takes, the text not counted.
    pub fn index_size(&self) -> usize {
        size_of_val(self.index.nodes.as_slice()) + size_of_val(self.containers())
    }

    /// The outermost value.
    pub fn root(&self) -> Option<NodeId> {
        (!self.is_empty()).then(NodeId::default)
    }

    /// Kind of a value.
    pub fn kind(&self, n: NodeId) -> NodeKind {
        self.node(n).kind()
    }

    /// The container around a value.
    pub fn parent(&self, n: NodeId) -> Option<NodeId> {
        Some(self.id(self.around(n)?))
    }

    /// Number of containers around a value.
    pub fn depth(&self, n: NodeId) -> usize {
        match self.place(n) {
            Some(place) => self.container(place).depth as usize,
            None => self
                .around(n)
                .map_or(0, |around| self.container(around).depth as usize + 1),
        }
    }

    /// The next value in the same container.
    pub fn next_sibling(&self, n: NodeId) -> Option<NodeId> {
        let parent = self.around(n)?;
        let next = self.after(n);
        (next.position() < self.container(parent).after as usize).then_some(next)
    }

    /// The value before in the same container.
    pub fn previous_sibling(&self, n: NodeId) -> Option<NodeId> {
        let before = self.index_in_parent(n).checked_sub(1)?;
        self.item(self.parent(n)?, before)
    }

    /// The first value in a container.
    pub fn first_child(&self, n: NodeId) -> Option<NodeId> {
        self.place(n).map(|_| NodeId::new(n.position() + 1))
    }

    /// The values in a container, in order.
    pub fn children(&self, n: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.after(n);
        let mut next = NodeId::new(n.position() + 1);
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = self.after(child);
            Some(child)
        })
    }

    /// Number of values in a container.
    pub fn child_count(&self, n: NodeId) -> usize {
        self.place(n)
            .map_or(0, |place| self.container(place).children as usize)
    }

    /// Position among the values of the container around it, from 0.
    pub fn index_in_parent(&self, n: NodeId) -> usize {
        if let Some(place) = self.place(n) {
            return self.container(place).index as usize;
        }
        let Some(parent) = self.around(n) else {
            return 0;
        };
        let (index, first) = self.leaves_before(parent, self.places_before(n));
        index + n.position().saturating_sub(first)
    }

    /// The value at `position` in an array or object.
    pub fn item(&self, n: NodeId, position: usize) -> Option<NodeId> {
        let parent = self.place(n)?;
        if position >= self.container(parent).children as usize {
            return None;
        }
        // Find the last child with children of its own that stands at or before the position.
        let (mut low, mut high) = (parent + 1, self.places_before(self.after(n)));
        while low < high {
            let middle = low + (high - low) / 2;
            match self.child_around(parent, middle) {
                Some(child) if self.container(child).index as usize <= position => low = middle + 1,
                _ => high = middle,
            }
        }
        let child = self
            .child_around(parent, low - 1)
            .map(|child| self.container(child));
        if let Some(child) = child.filter(|child| child.index as usize == position) {
            return Some(NodeId::new(child.node as usize));
        }
        let (index, first) = self.leaves_before(parent, low);
        Some(NodeId::new(first + position - index))
    }

    /// The first value behind `n` and all that is in it, in whatever container.
    pub fn after(&self, n: NodeId) -> NodeId {
        match self.place(n) {
            Some(place) => NodeId::new(self.container(place).after as usize),
            None => NodeId::new(n.position() + 1),
        }
    }

    /// Whether `inner` is `outer` or somewhere in it.
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        outer <= inner && inner < self.after(outer)
    }

    /// Whether a container has no closing bracket, the text being broken or cut before it.
    pub fn is_cut(&self, n: NodeId) -> bool {
        let place = self.place(n).map(|place| self.container(place));
        place.is_some_and(|it| it.after as usize == self.len() && it.depth < self.index.open)
            || matches!(self.node(n).shape(), Shape::EmptyObject | Shape::EmptyArray)
                && n.position() + 1 == self.len()
                && !matches!(self.raw(n), [.., b']' | b'}'])
    }

    /// Offsets of the first byte of a value and of the first byte behind it.
    pub fn span(&self, n: NodeId) -> (usize, usize) {
        let node = self.node(n);
        let start = node.start as usize;
        let end = match (node.place(), node.length()) {
            (Some(place), _) => self.container(place).end as usize,
            (None, Some(length)) => start + length,
            (None, None) => scan::end_of_value(self.body.as_bytes(), start),
        };
        (start, end)
    }

    /// The innermost value that a byte belongs to. The name of a member belongs to its value, and what stands
    /// between values to the container around them.
    pub fn at_offset(&self, byte: usize) -> Option<NodeId> {
        let next = self.first_behind(byte, 0);
        let named = NodeId::new(next);
        if self
            .name_span(named)
            .is_some_and(|(start, end)| start <= byte && byte < end)
        {
            return Some(named);
        }
        let last = NodeId::new(next.checked_sub(1)?);
        if byte < self.span(last).1 {
            return Some(last);
        }
        let from = self.place(last).or_else(|| self.around(last))?;
        let holds = |container: &Container| byte < container.end as usize;
        self.outwards(from, holds).map(|place| self.id(place))
    }

    /// The number of children up to and with the last container of `parent` among the first `places`, and the
    /// first value behind it.
    fn leaves_before(&self, parent: usize, places: usize) -> (usize, usize) {
        let sibling = self.child_around(parent, places.saturating_sub(1));
        match sibling.map(|place| self.container(place)) {
            Some(sibling) => (sibling.index as usize + 1, sibling.after as usize),
            None => (0, self.container(parent).node as usize + 1),
        }
    }

    /// The container that is a child of `parent` and holds `place` or is it.
    fn child_around(&self, parent: usize, place: usize) -> Option<usize> {
        let depth = self.container(parent).depth + 1;
        let it = self.container(place);
        if place <= parent || it.depth < depth {
            return None;
        }
        self.outwards(place, |container| container.depth <= depth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(document: &Document, n: NodeId, seen: &mut Vec<NodeId>) {
        assert_eq!(n.position(), seen.len());
        seen.push(n);
        let children: Vec<_> = document.children(n).collect();
        assert_eq!(children.len(), document.child_count(n));
        assert_eq!(children.first().copied(), document.first_child(n));
        for (index, child) in children.iter().enumerate() {
            assert_eq!(document.parent(*child), Some(n));
            assert_eq!(document.depth(*child), document.depth(n) + 1);
            assert_eq!(document.index_in_parent(*child), index);
            assert_eq!(document.item(n, index), Some(*child));
            assert_eq!(
                document.next_sibling(*child),
                children.get(index + 1).copied()
            );
            let before = index.checked_sub(1).map(|before| children[before]);
            assert_eq!(document.previous_sibling(*child), before);
            walk(document, *child, seen);
        }
        assert_eq!(document.item(n, children.len()), None);
        assert_eq!(document.after(n).position(), seen.len());
        for offset in document.span(n).0..document.span(n).1 {
            let found = document.at_offset(offset).unwrap();
            assert!(document.contains(n, found));
        }
    }

    #[test]
    fn every_way_through_the_index_agrees_with_the_children() {
        let text = r#"{"a":[1,[],[2,{"x":[[[3]],4]}],{},5],"b":{},"c":[[[[[[[[1],2],3],4],5],6],7],8],"d":9}"#;
        let document = Document::parse(text.into());
        assert_eq!(document.fault(), None);
        let mut seen = Vec::new();
        walk(&document, document.root().unwrap(), &mut seen);
        assert_eq!(seen.len(), document.len());
    }

    #[test]
    fn a_byte_belongs_to_the_innermost_value_or_to_the_one_it_names() {
        let text = r#" {"id" : [1, 22], "e": "x" } "#;
        let document = Document::parse(text.into());
        let at = |offset: usize| document.at_offset(offset).map(|n| document.path(n));
        assert_eq!(at(0), None);
        for (part, path) in [
            ("{", "."),
            ("id", ".id"),
            (":", "."),
            ("1", ".id[0]"),
            ("22", ".id[1]"),
        ] {
            assert_eq!(at(text.find(part).unwrap()).unwrap(), path);
        }
        for (part, path) in [("]", ".id"), ("e\"", ".e"), ("x", ".e"), ("}", ".")] {
            assert_eq!(at(text.find(part).unwrap()).unwrap(), path);
        }
        assert_eq!(at(text.len() - 1), None);
    }

    #[test]
    fn a_value_of_another_document_is_no_panic() {
        let document = Document::parse("[1]".into());
        let n = NodeId::new(70);
        assert_eq!(document.kind(n), NodeKind::Null);
        assert_eq!((document.parent(n), document.depth(n)), (None, 0));
        assert_eq!((document.raw(n), document.path(n)), (&b""[..], ".".into()));
        assert_eq!(document.next_sibling(n), None);
    }
}
