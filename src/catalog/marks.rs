//! Where an answer differs from its documented shape: kept by place, counted by kind. Finding them is `shape_check`'s.

use crate::document::NodeId;
use crate::domain::Kind;

/// How a value differs from what is documented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// This object lacks a field that is always there.
    Missing(String),
    /// The catalogue does not know this field.
    Undocumented,
    /// The value is of another JSON type.
    WrongType {
        /// The documented one.
        expected: Kind,
    },
    /// The value is none of a closed list.
    NotInEnum {
        /// What came.
        value: String,
    },
}

/// How many marks there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the marks")]
pub struct Counts {
    pub missing: usize,
    pub undocumented: usize,
    pub wrong_type: usize,
    pub not_in_enum: usize,
}

impl Counts {
    /// All of them.
    pub fn total(self) -> usize {
        self.missing + self.undocumented + self.wrong_type + self.not_in_enum
    }
}

/// Every difference between an answer and its shape, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    marks: Vec<(NodeId, Mark)>,
    counts: Counts,
}

impl Marks {
    /// All marks.
    pub fn iter(&self) -> impl Iterator<Item = &(NodeId, Mark)> {
        self.marks.iter()
    }

    /// The marks on `node`; quick enough to ask for every visible row.
    pub fn on(&self, node: NodeId) -> impl Iterator<Item = &Mark> {
        let first = self.marks.partition_point(|(at, _)| *at < node);
        let rest = self.marks[first..].iter();
        rest.take_while(move |(at, _)| *at == node)
            .map(|(_, mark)| mark)
    }

    /// How many there are.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Adds one, in any order.
    pub(crate) fn push(&mut self, node: NodeId, mark: Mark) {
        let count = match mark {
            Mark::Missing(_) => &mut self.counts.missing,
            Mark::Undocumented => &mut self.counts.undocumented,
            Mark::WrongType { .. } => &mut self.counts.wrong_type,
            Mark::NotInEnum { .. } => &mut self.counts.not_in_enum,
        };
        *count += 1;
        self.marks.push((node, mark));
    }

    /// Brings them into the order of the text; those of one node stay in the order of the docs.
    pub(crate) fn sorted(mut self) -> Self {
        self.marks.sort_by_key(|(node, _)| *node);
        self
    }
}
