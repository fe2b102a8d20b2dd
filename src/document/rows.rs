//! The foldable tree of a document as rows: which value a row shows, and in which row a value stands. How a row
//! looks is left to those who draw it.

use crate::document::index::Document;
use crate::document::node::NodeId;
use crate::document::tally::{Tally, open_row};

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The value.
    pub node: NodeId,
    /// Which part of it.
    pub kind: RowKind,
    /// Number of containers around it.
    pub depth: usize,
    /// Whether the row stands for all that is in the value.
    pub folded: bool,
}

/// Which part of a value a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// The opening bracket of a container; all of it when it is folded.
    Open,
    /// The closing bracket of a container that is not folded.
    Close,
    /// A scalar, or an empty container.
    Leaf,
}

/// The rows of a document, laid out as jq prints it, containers folded or not.
///
/// A row is found, and one container folded or unfolded, in logarithmic time; that takes four bytes a container.
#[derive(Clone, Debug)]
pub struct Rows {
    pub(crate) document: Document,
    pub(crate) tally: Tally,
}

impl Rows {
    /// All rows of a document, nothing folded.
    pub fn new(document: &Document) -> Self {
        Self {
            document: document.clone(),
            tally: Tally::new(document.containers()),
        }
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        let places = self.document.containers().len();
        let all = self.document.len() + places;
        all - count(self.tally.hidden_before(places))
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a row shows.
    pub fn row(&self, row: usize) -> Option<Row> {
        if row >= self.len() {
            return None;
        }
        let document = &self.document;
        let wanted = row as i64;
        let above = self.tally.first_above(document.containers(), wanted);
        if above == 0 {
            let node = document.root()?;
            return Some(Row {
                node,
                kind: RowKind::Leaf,
                depth: 0,
                folded: false,
            });
        }
        let opened = self.tally.peak_before(document.containers(), above);
        let last = self.tally.first_above(document.containers(), opened - 1);
        let container = document.container(last);
        let folded = self.tally.hidden(last) > 0;
        if opened == wanted {
            let (node, depth) = (document.id(last), container.depth as usize);
            return Some(Row {
                node,
                kind: RowKind::Open,
                depth,
                folded,
            });
        }
        // Behind it come leaves and closing brackets only, of it and of the containers around it.
        let (from, next) = match folded {
            true => (container.parent as usize, container.after),
            false => (last, container.node + 1),
        };
        let inner = document.container(from).depth;
        let around = document.outwards(from, |outer| {
            let leaves = i64::from(outer.after) - i64::from(next);
            opened + leaves + i64::from(inner - outer.depth) + 1 >= wanted
        })?;
        let outer = document.container(around);
        let closed = i64::from(inner - outer.depth);
        let node = i64::from(next) + wanted - opened - 1 - closed;
        Some(match node < i64::from(outer.after) {
            true => Row {
                node: NodeId::new(count(node)),
                kind: RowKind::Leaf,
                depth: outer.depth as usize + 1,
                folded: false,
            },
            false => Row {
                node: document.id(around),
                kind: RowKind::Close,
                depth: outer.depth as usize,
                folded: false,
            },
        })
    }

    /// The row of a value, or of the outermost folded container that hides it.
    pub fn row_of(&self, n: NodeId) -> usize {
        let (row, places) = self.own_row(n);
        count(row.max(self.tally.peak_before(self.document.containers(), places)))
    }

    /// The row of the closing bracket of a container, if it has one and that is visible.
    pub fn closing_row_of(&self, n: NodeId) -> Option<usize> {
        let place = self.document.place(n)?;
        if self.is_folded(n) || !self.is_visible(n) {
            return None;
        }
        let after = self.document.places_before(self.document.after(n));
        let row = self.own_row(n).0 + self.rows_in(place) - 1;
        let hidden = self.tally.hidden_before(after) - self.tally.hidden_before(place);
        Some(count(row - hidden))
    }

    /// Whether no folded container hides a value.
    pub fn is_visible(&self, n: NodeId) -> bool {
        let (row, places) = self.own_row(n);
        row > self.tally.peak_before(self.document.containers(), places)
    }

    /// Whether a container is folded.
    pub fn is_folded(&self, n: NodeId) -> bool {
        self.document
            .place(n)
            .is_some_and(|place| self.tally.hidden(place) > 0)
    }

    /// Row of a value if no container around it were folded, and the number of containers before it.
    fn own_row(&self, n: NodeId) -> (i64, usize) {
        let (row, places) = match self.document.place(n) {
            Some(place) => (open_row(&self.document.container(place), place), place),
            None => {
                let places = self.document.places_before(n);
                let rows = n.position() + places - self.document.depth(n);
                (rows as i64, places)
            }
        };
        (row - self.tally.hidden_before(places), places)
    }

    /// Number of rows of a container with nothing folded.
    pub(crate) fn rows_in(&self, place: usize) -> i64 {
        let container = self.document.container(place);
        let after = NodeId::new(container.after as usize);
        let places = self.document.places_before(after) - place;
        i64::from(container.after - container.node) + places as i64
    }
}

/// Rows and positions are never below zero; a value of another document may come out so.
fn count(rows: i64) -> usize {
    usize::try_from(rows).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(rows: &Rows) -> Vec<String> {
        let row = |i| {
            let row = rows.row(i).unwrap();
            format!(
                "{}{:?} {}",
                " ".repeat(row.depth),
                row.kind,
                rows.document().path(row.node)
            )
        };
        (0..rows.len()).map(row).collect()
    }

    #[test]
    fn an_unfolded_container_has_two_rows_and_a_folded_one_has_one() {
        let document = Document::parse(r#"{"a":[1,{"b":[]}],"c":2}"#.into());
        let mut rows = Rows::new(&document);
        let all = [
            "Open .",
            " Open .a",
            "  Leaf .a[0]",
            "  Open .a[1]",
            "   Leaf .a[1].b",
            "  Close .a[1]",
            " Close .a",
            " Leaf .c",
            "Close .",
        ];
        assert_eq!(shown(&rows), all);
        assert!(rows.toggle(NodeId::new(1)));
        assert_eq!(shown(&rows), ["Open .", " Open .a", " Leaf .c", "Close ."]);
        assert_eq!(rows.row(1).map(|row| row.folded), Some(true));
        assert_eq!(rows.row_of(NodeId::new(4)), 1);
        assert!(!rows.toggle(NodeId::new(5)));
    }

    #[test]
    fn a_scalar_has_one_row_and_no_text_none() {
        let one = Rows::new(&Document::parse("1".into()));
        assert_eq!(
            (one.len(), one.row(0).map(|row| row.kind)),
            (1, Some(RowKind::Leaf))
        );
        assert_eq!(one.row_of(NodeId::new(0)), 0);
        let none = Rows::new(&Document::parse("".into()));
        assert!(none.is_empty() && none.row(0).is_none());
    }
}
