//! Folds and unfolds the containers of a document, one or many; which row shows what is left to `rows`.

use crate::document::index::Document;
use crate::document::node::NodeId;
use crate::document::rows::Rows;
use crate::document::tally::Tally;

impl Rows {
    /// Folds or unfolds a container; tells whether it is one that has something in it.
    pub fn toggle(&mut self, n: NodeId) -> bool {
        self.set_folded(n, !self.is_folded(n))
    }

    /// Folds or unfolds a container; tells whether that changed anything.
    pub fn set_folded(&mut self, n: NodeId, folded: bool) -> bool {
        let Some(place) = self.document.place(n) else {
            return false;
        };
        let before = self.tally.hidden(place);
        if (before > 0) == folded {
            return false;
        }
        let after = match folded {
            false => 0,
            true => {
                let last = self.document.places_before(self.document.after(n));
                let hidden = self.tally.hidden_before(last) - self.tally.hidden_before(place);
                narrow(self.rows_in(place) - 1 - hidden)
            }
        };
        // What a container around it hides by itself changes by as much.
        let around = match self.is_visible(n) {
            true => None,
            false => self.folded_around(place),
        };
        let containers = self.document.containers();
        if let Some(around) = around {
            let hidden = self.tally.hidden(around) + before - after;
            self.tally.set(containers, around, hidden);
        }
        self.tally.set(containers, place, after);
        true
    }

    /// Unfolds what hides a value; tells its row.
    pub fn reveal(&mut self, n: NodeId) -> usize {
        if !self.is_visible(n) {
            let around = self.document.parent(n);
            let around = std::iter::successors(around, |parent| self.document.parent(*parent));
            let folded: Vec<_> = around.filter(|parent| self.is_folded(*parent)).collect();
            for parent in folded.into_iter().rev() {
                self.set_folded(parent, false);
            }
        }
        self.row_of(n)
    }

    /// Folds every container, the root too.
    pub fn fold_all(&mut self) {
        self.fold_to_level(0);
    }

    /// Unfolds every container.
    pub fn unfold_all(&mut self) {
        self.fold_to_level(usize::MAX);
    }

    /// Shows the containers with fewer than `level` others around them unfolded and all others folded.
    pub fn fold_to_level(&mut self, level: usize) {
        // All in a folded container is folded too, so that it hides a row for each child and the closing bracket.
        self.tally
            .set_all(self.document.containers(), |_, container| {
                match container.depth as usize >= level {
                    true => container.children + 1,
                    false => 0,
                }
            });
    }

    /// Folds all containers that stand beside `n`, and `n` itself.
    pub fn fold_siblings(&mut self, n: NodeId) {
        self.set_siblings(n, true);
    }

    /// Unfolds all containers that stand beside `n`, and `n` itself.
    pub fn unfold_siblings(&mut self, n: NodeId) {
        self.set_siblings(n, false);
    }

    /// Folds a container and everything in it.
    pub fn fold_within(&mut self, n: NodeId) {
        self.set_within(n, true);
    }

    /// Unfolds a container and everything in it.
    pub fn unfold_within(&mut self, n: NodeId) {
        self.set_within(n, false);
    }

    fn set_siblings(&mut self, n: NodeId, folded: bool) {
        let Some(parent) = self.document.around(n) else {
            self.set_folded(n, folded);
            return;
        };
        let document = self.document.clone();
        self.recount(|tally, place| {
            let container = document.container(place);
            match container.parent as usize == parent && place != parent {
                true => folded,
                false => tally.hidden(place) > 0,
            }
        });
    }

    fn set_within(&mut self, n: NodeId, folded: bool) {
        let Some(first) = self.document.place(n) else {
            return;
        };
        let within = first..self.document.places_before(self.document.after(n));
        self.recount(|tally, place| match within.contains(&place) {
            true => folded,
            false => tally.hidden(place) > 0,
        });
    }

    fn recount(&mut self, is_folded: impl Fn(&Tally, usize) -> bool) {
        let containers = self.document.containers();
        self.tally
            .recount(containers, |tally, place, _| is_folded(tally, place));
    }

    /// Shows a later snapshot of the same text, with the same containers folded.
    pub fn go_on_with(&mut self, document: &Document) {
        self.document = document.clone();
        self.recount(|tally, place| tally.hidden(place) > 0);
    }

    /// The innermost folded container around another.
    fn folded_around(&self, place: usize) -> Option<usize> {
        let parent = |place: usize| {
            let parent = self.document.container(place).parent as usize;
            (parent != place).then_some(parent)
        };
        std::iter::successors(parent(place), |place| parent(*place))
            .find(|place| self.tally.hidden(*place) > 0)
    }
}

fn narrow(rows: i64) -> u32 {
    u32::try_from(rows).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::rows::{Row, RowKind};
    use crate::document::samples;

    fn list(rows: &Rows, n: NodeId, folded: &[bool], all: &mut Vec<Row>) {
        let document = rows.document();
        let depth = document.depth(n);
        let is_folded = folded[n.position()];
        let row = |kind, folded| Row {
            node: n,
            kind,
            depth,
            folded,
        };
        if document.child_count(n) == 0 {
            return all.push(row(RowKind::Leaf, false));
        }
        all.push(row(RowKind::Open, is_folded));
        if !is_folded {
            document
                .children(n)
                .for_each(|child| list(rows, child, folded, all));
            all.push(row(RowKind::Close, false));
        }
    }

    /// Compares the rows with a list that is made the plain way.
    fn check(rows: &Rows, folded: &[bool]) {
        let document = rows.document();
        let mut all = Vec::new();
        list(rows, document.root().unwrap(), folded, &mut all);
        assert_eq!(rows.len(), all.len());
        assert_eq!(rows.row(all.len()), None);
        for (i, row) in all.iter().enumerate() {
            assert_eq!(rows.row(i), Some(*row), "row {i}");
            match row.kind {
                RowKind::Close => assert_eq!(rows.closing_row_of(row.node), Some(i)),
                _ => assert_eq!(rows.row_of(row.node), i),
            }
        }
        for n in (0..document.len()).map(NodeId::new) {
            let shown = all.iter().position(|row| row.node == n);
            assert_eq!(rows.is_visible(n), shown.is_some());
            let holder = all
                .iter()
                .rposition(|row| row.folded && document.contains(row.node, n));
            assert_eq!(rows.row_of(n), shown.or(holder).unwrap());
        }
    }

    proptest! {
        #![proptest_config(samples::config())]

        #[test]
        fn rows_agree_with_a_plain_list_after_any_folding(
            sample in samples::value(),
            steps in prop::collection::vec((0..8, any::<prop::sample::Index>()), 0..12),
        ) {
            let document = Document::parse(sample.write("").as_str().into());
            let mut rows = Rows::new(&document);
            let mut folded = vec![false; document.len()];
            let holds = |n: usize| document.child_count(NodeId::new(n)) > 0;
            for (step, at) in steps {
                let at = at.index(document.len());
                let n = NodeId::new(at);
                match step {
                    0..3 => {
                        folded[at] ^= rows.toggle(n);
                    }
                    3 => {
                        let level = at % 4;
                        rows.fold_to_level(level);
                        (0..folded.len()).for_each(|i| folded[i] = holds(i) && document.depth(NodeId::new(i)) >= level);
                    }
                    4 => {
                        rows.set_siblings(n, at % 3 > 0);
                        let parent = document.parent(n);
                        let siblings = (0..folded.len()).filter(|i| document.parent(NodeId::new(*i)) == parent);
                        siblings.for_each(|i| folded[i] = holds(i) && at % 3 > 0);
                    }
                    5 => {
                        rows.set_within(n, at % 3 > 0);
                        (at..document.after(n).position()).for_each(|i| folded[i] = holds(i) && at % 3 > 0);
                    }
                    6 => {
                        let row = rows.reveal(n);
                        prop_assert_eq!(rows.row(row).unwrap().node, n);
                        (0..at).for_each(|i| folded[i] &= !document.contains(NodeId::new(i), n));
                    }
                    _ => rows.go_on_with(&document),
                }
                check(&rows, &folded);
            }
        }
    }

    #[test]
    fn folds_outlive_a_longer_snapshot() {
        let text = r#"{"a":[1,2],"b":{"c":[3,4],"d":5},"e":6}"#;
        let mut rows = Rows::new(&Document::parse(text[..25].into()));
        rows.toggle(NodeId::new(0));
        rows.toggle(NodeId::new(1));
        rows.go_on_with(&Document::parse(text.into()));
        let mut folded = [false; 9];
        (folded[0], folded[1]) = (true, true);
        check(&rows, &folded);
        assert_eq!(rows.reveal(NodeId::new(2)), 2);
    }

    #[test]
    fn many_blocks_of_containers_are_counted_right() {
        let text = format!("[{}0]", "[1,[2],{\"a\":[3]}],".repeat(200));
        let mut rows = Rows::new(&Document::parse(text.as_str().into()));
        let mut folded = vec![false; rows.document().len()];
        for at in (1..folded.len()).step_by(37) {
            folded[at] = rows.toggle(NodeId::new(at));
        }
        check(&rows, &folded);
    }
}
