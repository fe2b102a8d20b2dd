//! Items of an array in the order of one of their members: numbers, then text, then what is not there.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering as Memory};

use crate::document::index::Document;
use crate::document::node::{NodeId, NodeKind};

/// Items between two looks at whether anybody still wants to know: a millisecond's work or two.
const STRETCH: usize = 4096;

/// Which items are sorted, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// Whose items.
    pub array: NodeId,
    /// The member that they are sorted by.
    pub name: String,
    /// Whether the greatest comes first.
    pub is_falling: bool,
}

/// How far a sort is, for whoever waits for it on another thread.
#[derive(Debug, Default)]
pub struct Advance {
    done: AtomicUsize,
    is_stopped: AtomicBool,
}

impl Advance {
    /// Ends the sort soon.
    pub fn stop(&self) {
        self.is_stopped.store(true, Memory::Relaxed);
    }

    /// Items that have been looked at.
    pub fn done(&self) -> usize {
        self.done.load(Memory::Relaxed)
    }
}

impl Sorting {
    /// The items in order; those that are equal stay as they stand. `None` if it was stopped.
    pub fn carry_out(&self, document: &Document, advance: &Advance) -> Option<Vec<NodeId>> {
        let mut keyed = Vec::with_capacity(document.child_count(self.array));
        for item in document.children(self.array) {
            if keyed.len() % STRETCH == 0 {
                if advance.is_stopped.load(Memory::Relaxed) {
                    return None;
                }
                advance.done.store(keyed.len(), Memory::Relaxed);
            }
            keyed.push((Key::of(document, document.get(item, &self.name)), item));
        }
        keyed.sort_by(|(a, _), (b, _)| a.compare(b, self.is_falling));
        Some(keyed.into_iter().map(|(_, item)| item).collect())
    }
}

/// What an item is sorted by.
enum Key<'a> {
    Number(f64),
    Text(Cow<'a, str>),
    Nothing,
}

impl<'a> Key<'a> {
    fn of(document: &'a Document, node: Option<NodeId>) -> Self {
        let Some(node) = node.filter(|node| document.kind(*node) != NodeKind::Null) else {
            return Self::Nothing;
        };
        let text = document.text(node);
        match (document.kind(node), text.parse()) {
            (NodeKind::Number, Ok(number)) => Self::Number(number),
            _ => Self::Text(text),
        }
    }

    /// What is not there stands last, whichever way it is sorted.
    fn compare(&self, other: &Self, is_falling: bool) -> Ordering {
        let turned = |order: Ordering| if is_falling { order.reverse() } else { order };
        match (self, other) {
            (Self::Nothing, Self::Nothing) => Ordering::Equal,
            (Self::Nothing, _) => Ordering::Greater,
            (_, Self::Nothing) => Ordering::Less,
            (Self::Number(a), Self::Number(b)) => turned(a.total_cmp(b)),
            (Self::Number(_), Self::Text(_)) => turned(Ordering::Less),
            (Self::Text(_), Self::Number(_)) => turned(Ordering::Greater),
            (Self::Text(a), Self::Text(b)) => turned(a.cmp(b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Body;

    fn sorted(text: &str, is_falling: bool) -> Vec<usize> {
        let document = Document::parse(text.into());
        let sorting = Sorting {
            array: document.root().unwrap(),
            name: "a".into(),
            is_falling,
        };
        let items = sorting.carry_out(&document, &Advance::default()).unwrap();
        let place = |item: NodeId| document.index_in_parent(item);
        items.into_iter().map(place).collect()
    }

    #[test]
    fn numbers_stand_before_text_and_what_is_not_there_stands_last() {
        let text = r#"[{"a":"b"},{"a":10},{"a":null},{"a":9.5},{},{"a":"B"},{"a":10.0}]"#;
        assert_eq!(sorted(text, false), [3, 1, 6, 5, 0, 2, 4]);
        assert_eq!(sorted(text, true), [0, 5, 1, 6, 3, 2, 4]);
    }

    #[test]
    fn a_sort_that_is_stopped_has_no_result() {
        let document = Document::parse("[{\"a\":1}]".into());
        let advance = Advance::default();
        advance.stop();
        let sorting = Sorting {
            array: document.root().unwrap(),
            name: "a".into(),
            is_falling: false,
        };
        assert_eq!(sorting.carry_out(&document, &advance), None);
    }

    #[test]
    fn it_tells_how_far_it_is() {
        let items = vec!["{\"a\":1}"; STRETCH * 2 + 1].join(",");
        let document = Document::parse(Body::new(format!("[{items}]")));
        let advance = Advance::default();
        let sorting = Sorting {
            array: document.root().unwrap(),
            name: "a".into(),
            is_falling: false,
        };
        let sorted = sorting.carry_out(&document, &advance).unwrap();
        assert_eq!(
            (sorted.len(), advance.done()),
            (STRETCH * 2 + 1, STRETCH * 2)
        );
    }
}
