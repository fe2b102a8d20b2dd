//! The rows of a JSON document, one step at a time, with parts of it folded. Nothing is listed: a step takes no longer in a
//! document of many megabytes, and a screen needs only as many steps as it has rows.

use std::collections::BTreeSet;

use crate::document::{Document, NodeId};

/// What a row is of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it: a value without children, or one that is folded.
    Whole,
    /// Its opening bracket.
    Open,
    /// Its closing bracket.
    Close,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) node: NodeId,
    pub(super) part: Part,
}

/// What is folded.
#[derive(Clone, Debug, Default)]
pub(super) struct Folds {
    /// Containers with this many others around them, or more, are folded.
    level: Option<usize>,
    /// Containers of which the opposite is true.
    except: BTreeSet<NodeId>,
}

impl Folds {
    /// Folds every container inside the outermost, at all levels.
    pub(super) fn fold_all(&mut self) {
        *self = Self {
            level: Some(1),
            except: BTreeSet::new(),
        };
    }

    /// Unfolds everything.
    pub(super) fn unfold_all(&mut self) {
        *self = Self::default();
    }

    /// Folds what is unfolded, and the other way round.
    pub(super) fn toggle(&mut self, node: NodeId) {
        if !self.except.remove(&node) {
            self.except.insert(node);
        }
    }

    /// Whether `node` has children and they are not shown.
    pub(super) fn is_folded(&self, document: &Document, node: NodeId) -> bool {
        let is_deep = self
            .level
            .is_some_and(|level| document.depth(node) >= level);
        let has_children = document.first_child(node).is_some();
        has_children && is_deep != self.except.contains(&node)
    }

    /// The first row of `node`.
    pub(super) fn first_row(&self, document: &Document, node: NodeId) -> Row {
        let is_open = document.first_child(node).is_some() && !self.is_folded(document, node);
        let part = if is_open { Part::Open } else { Part::Whole };
        Row { node, part }
    }

    /// The last row of `node`.
    pub(super) fn last_row(&self, document: &Document, node: NodeId) -> Row {
        match self.first_row(document, node) {
            Row {
                node,
                part: Part::Open,
            } => Row {
                node,
                part: Part::Close,
            },
            row => row,
        }
    }

    /// The row below `row`.
    pub(super) fn next(&self, document: &Document, row: Row) -> Option<Row> {
        let Row { node, part } = row;
        if part == Part::Open
            && let Some(child) = document.first_child(node)
        {
            return Some(self.first_row(document, child));
        }
        match document.next_sibling(node) {
            Some(sibling) => Some(self.first_row(document, sibling)),
            None => document.parent(node).map(|node| Row {
                node,
                part: Part::Close,
            }),
        }
    }

    /// The row above `row`.
    pub(super) fn previous(&self, document: &Document, row: Row) -> Option<Row> {
        let Row { node, part } = row;
        if part == Part::Close {
            let last = document.child_count(node).checked_sub(1)?;
            return document
                .item(node, last)
                .map(|child| self.last_row(document, child));
        }
        match document.previous_sibling(node) {
            Some(sibling) => Some(self.last_row(document, sibling)),
            None => document.parent(node).map(|node| Row {
                node,
                part: Part::Open,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Body;

    fn document() -> Document {
        Document::parse(Body::from(
            r#"{"a": [1, {"b": []}], "c": {}, "d": {"e": null}}"#,
        ))
    }

    /// The rows from the top down, and the same from the bottom up.
    fn walk(folds: &Folds) -> (Vec<Row>, Vec<Row>) {
        let document = document();
        let root = document.root().unwrap();
        let down = std::iter::successors(Some(folds.first_row(&document, root)), |row| {
            folds.next(&document, *row)
        });
        let up = std::iter::successors(Some(folds.last_row(&document, root)), |row| {
            folds.previous(&document, *row)
        });
        (down.collect(), up.collect())
    }

    #[test]
    fn rows_are_the_same_in_both_directions_whatever_is_folded() {
        let mut folds = Folds::default();
        assert_eq!(walk(&folds).0.len(), 12);
        for position in [1, 3, 6, 1, 0] {
            folds.toggle(NodeId::new(position));
            let (down, mut up) = walk(&folds);
            up.reverse();
            assert_eq!(down, up);
        }
        assert_eq!(walk(&folds).0.len(), 1, "the outermost is folded");
    }

    #[test]
    fn everything_folds_and_unfolds_at_once() {
        let mut folds = Folds::default();
        folds.fold_all();
        assert_eq!(walk(&folds).0.len(), 5);
        folds.toggle(NodeId::new(1));
        assert_eq!(walk(&folds).0.len(), 8, "what is in it is folded too");
        folds.unfold_all();
        assert_eq!(walk(&folds).0.len(), 12);
    }
}
