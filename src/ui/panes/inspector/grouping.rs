//! The rows of the Diff tab: what differs in the same item of a list stands together below it, and can be folded away.

use std::collections::HashSet;
use std::ops::Range;

use crate::config::Action;
use crate::document::{Change, Difference};

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The difference at this place, by itself.
    Alone(usize),
    /// The item of this number, in which several things differ.
    Item(usize),
    /// The difference at this place, below the item of the number before it.
    Within(usize, usize),
}

/// An item of a list in which several things differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Where it stands, as jq spells it.
    pub(super) path: String,
    /// Place of the difference that tells of its move, if it has moved.
    pub(super) moved: Option<usize>,
    /// Places of the others, in order.
    pub(super) places: Vec<usize>,
    /// Whether they are not shown.
    pub(super) is_folded: bool,
}

/// Differences in the order in which they are shown: those that count, then the others.
#[derive(Debug, Default)]
pub(super) struct Grouping {
    items: Vec<Item>,
    /// Everything, whether it is folded away or not.
    all: Vec<Row>,
    /// What is shown.
    rows: Vec<Row>,
}

impl Grouping {
    /// Puts `differences` in order; items that were folded in `before` stay so.
    pub(super) fn new(differences: &[Difference], before: &Self) -> Self {
        let was_folded: HashSet<&str> = before
            .items
            .iter()
            .filter(|item| item.is_folded)
            .map(|item| item.path.as_str())
            .collect();
        let mut order: Vec<usize> = (0..differences.len()).collect();
        order.sort_by_key(|place| differences[*place].is_volatile);
        let mut grouping = Self::default();
        let key = |place: &usize| {
            let one = &differences[*place];
            (one.is_volatile, item_of(one))
        };
        for places in order.chunk_by(|one, next| key(one).1.is_some() && key(one) == key(next)) {
            let (Some(path), [first, _, ..]) = (key(&places[0]).1, places) else {
                grouping.all.extend(places.iter().copied().map(Row::Alone));
                continue;
            };
            let has_moved = matches!(differences[*first].change, Change::Moved { .. })
                && differences[*first].path == path;
            let item = Item {
                path: path.to_owned(),
                moved: has_moved.then_some(*first),
                places: places[usize::from(has_moved)..].to_vec(),
                is_folded: was_folded.contains(path),
            };
            let number = grouping.items.len();
            grouping.all.push(Row::Item(number));
            let below = item.places.iter();
            grouping
                .all
                .extend(below.map(|place| Row::Within(number, *place)));
            grouping.items.push(item);
        }
        grouping.show();
        grouping
    }

    /// How many rows are shown.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row number `at` of those that are shown.
    pub(super) fn row(&self, at: usize) -> Option<Row> {
        self.rows.get(at).copied()
    }

    /// The rows of `range`.
    pub(super) fn rows(&self, range: Range<usize>) -> &[Row] {
        self.rows.get(range).unwrap_or_default()
    }

    /// Everything, whether it is folded away or not.
    pub(super) fn all(&self) -> &[Row] {
        &self.all
    }

    /// The item of that number.
    pub(super) fn item(&self, number: usize) -> Option<&Item> {
        self.items.get(number)
    }

    /// Whether there is anything to fold.
    pub(super) fn has_items(&self) -> bool {
        !self.items.is_empty()
    }

    /// Folds, unfolds or goes to another item, and answers with the row to go to; `None` if `action` is about something else.
    pub(super) fn act(&mut self, action: Action, at: usize) -> Option<usize> {
        let number = match self.row(at)? {
            Row::Item(number) | Row::Within(number, _) => Some(number),
            Row::Alone(_) => None,
        };
        match (action, number) {
            (Action::NextSibling, _) => self.top((at + 1)..self.len()).next(),
            (Action::PreviousSibling, _) => self.top(0..at).next_back(),
            (Action::FoldAll, _) => Some(self.fold_all(true, number, at)),
            (Action::UnfoldAll, _) => Some(self.fold_all(false, number, at)),
            (Action::ToggleFold, Some(number)) => {
                let is_folded = self.items.get(number)?.is_folded;
                Some(self.fold_one(number, !is_folded, at))
            }
            (Action::MoveRight, Some(number)) => Some(self.fold_one(number, false, at)),
            (Action::MoveLeft | Action::MoveOut, Some(number)) => match self.row(at)? {
                Row::Within(..) => self.top(0..at).next_back(),
                _ => Some(self.fold_one(number, true, at)),
            },
            _ => return None,
        }
        .or(Some(at))
    }

    /// Rows of `range` that are not below an item.
    fn top(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = usize> {
        range.filter(|at| !matches!(self.rows.get(*at), Some(Row::Within(..))))
    }

    fn fold_one(&mut self, number: usize, is_folded: bool, at: usize) -> usize {
        if let Some(item) = self.items.get_mut(number) {
            item.is_folded = is_folded;
        }
        self.show_at(is_folded.then_some(number), at)
    }

    fn fold_all(&mut self, is_folded: bool, number: Option<usize>, at: usize) -> usize {
        for item in &mut self.items {
            item.is_folded = is_folded;
        }
        self.show_at(number.filter(|_| is_folded), at)
    }

    /// Shows what is not folded, and answers with the row of item number `goal`, or of what stood at `at`.
    fn show_at(&mut self, goal: Option<usize>, at: usize) -> usize {
        let wanted = goal.map(Row::Item).or(self.row(at));
        self.show();
        let is_wanted = |row: &Row| Some(*row) == wanted;
        self.rows.iter().position(is_wanted).unwrap_or(at)
    }

    fn show(&mut self) {
        let items = &self.items;
        let is_shown = |row: &&Row| match row {
            Row::Within(number, _) => items.get(*number).is_some_and(|item| !item.is_folded),
            Row::Alone(_) | Row::Item(_) => true,
        };
        self.rows = self.all.iter().filter(is_shown).copied().collect();
    }
}

/// The outermost item of a list that `difference` is about. What is gone stood in another list: it is told by itself.
fn item_of(difference: &Difference) -> Option<&str> {
    let path = difference.path.as_str();
    let end = steps(path).find_map(|(start, end)| path[start..].starts_with('[').then_some(end))?;
    let is_gone = matches!(difference.change, Change::Removed { .. }) && end == path.len();
    (!is_gone).then_some(&path[..end])
}

/// How many steps `path` goes, as jq spells it.
pub(super) fn depth(path: &str) -> usize {
    steps(path).count()
}

/// Where each step of `path` begins and ends, as jq spells it.
fn steps(path: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut starts = Vec::new();
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            // The dot in front of an index, `.[0]`, is no step of its own.
            b'.' if !is_quoted && !path[at + 1..].starts_with('[') && at + 1 < path.len() => {
                starts.push(at);
            }
            b'[' if !is_quoted => starts.push(at),
            _ => {}
        }
    }
    let ends: Vec<usize> = starts.iter().copied().skip(1).chain([path.len()]).collect();
    starts.into_iter().zip(ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Rules, diff};

    fn found(old: &str, new: &str) -> Vec<Difference> {
        let parse = |text: &str| Document::parse(text.into());
        diff(&parse(old), &parse(new), &Rules::none())
    }

    fn told(grouping: &Grouping, differences: &[Difference]) -> Vec<String> {
        let line = |row: &Row| match row {
            Row::Alone(place) => differences[*place].path.clone(),
            Row::Item(number) => {
                let item = &grouping.items[*number];
                let sign = if item.moved.is_some() { "moved " } else { "" };
                format!("{sign}{}:", item.path)
            }
            Row::Within(number, place) => {
                let start = grouping.items[*number].path.len();
                format!("  {}", &differences[*place].path[start..])
            }
        };
        grouping.rows.iter().map(line).collect()
    }

    const OLD: &str =
        r#"{"count":3,"a":[{"id":1,"x":1,"y":[1]},{"id":2,"x":1},{"id":3,"x":1,"y":1},{"id":4}]}"#;
    const NEW: &str =
        r#"{"count":4,"a":[{"id":3,"x":2,"y":2},{"id":1,"x":2,"y":[2]},{"id":2,"x":2},{"id":5}]}"#;

    #[test]
    fn what_differs_in_one_item_stands_below_it() {
        let differences = found(OLD, NEW);
        let grouping = Grouping::new(&differences, &Grouping::default());
        assert_eq!(
            told(&grouping, &differences),
            [
                ".count",
                "moved .a[0]:",
                "  .x",
                "  .y",
                ".a[1]:",
                "  .x",
                "  .y[0]",
                ".a[2].x",
                ".a[3]",
                ".a[3]"
            ]
        );
    }

    #[test]
    fn items_are_folded_one_by_one_and_all_at_once_and_stay_so() {
        let differences = found(OLD, NEW);
        let mut grouping = Grouping::new(&differences, &Grouping::default());
        assert_eq!(grouping.act(Action::ToggleFold, 6), Some(4), "the item");
        assert_eq!(
            told(&grouping, &differences)[3..],
            ["  .y", ".a[1]:", ".a[2].x", ".a[3]", ".a[3]"]
        );
        assert_eq!(grouping.act(Action::FoldAll, 3), Some(1));
        assert_eq!(grouping.len(), 6);
        let grouping = Grouping::new(&differences, &grouping);
        assert_eq!(grouping.len(), 6, "a rule that changes opens nothing");
        let mut grouping = grouping;
        assert_eq!(grouping.act(Action::UnfoldAll, 3), Some(7));
        assert_eq!(grouping.act(Action::MoveLeft, 3), Some(1), "to the item");
        assert_eq!(
            grouping.act(Action::MoveLeft, 1),
            Some(1),
            "which is folded"
        );
        assert_eq!(grouping.len(), 8);
        assert_eq!(grouping.act(Action::MoveRight, 1), Some(1));
        assert_eq!(grouping.len(), 10);
        assert_eq!(grouping.act(Action::MoveRight, 0), None);
    }

    #[test]
    fn siblings_are_items_and_what_stands_alone() {
        let differences = found(OLD, NEW);
        let mut grouping = Grouping::new(&differences, &Grouping::default());
        let mut at = 0;
        let mut seen = vec![at];
        for _ in 0..5 {
            at = grouping.act(Action::NextSibling, at).unwrap();
            seen.push(at);
        }
        assert_eq!(seen, [0, 1, 4, 7, 8, 9]);
        assert_eq!(grouping.act(Action::NextSibling, 9), Some(9));
        assert_eq!(grouping.act(Action::PreviousSibling, 6), Some(4));
    }

    #[test]
    fn brackets_in_names_are_no_items() {
        let steps = |path| {
            steps(path)
                .map(|(start, end)| &path[start..end])
                .collect::<Vec<_>>()
        };
        assert_eq!(steps(r#"."a[0].b".c[1]"#), [r#"."a[0].b""#, ".c", "[1]"]);
        assert_eq!(steps(r#"."\"[0]".c"#), [r#"."\"[0]""#, ".c"]);
        assert_eq!(steps(".[0].x"), ["[0]", ".x"]);
        assert_eq!(steps("."), [""; 0]);
        let differences = found("[{\"x\":1,\"y\":1}]", "[{\"x\":2,\"y\":2}]");
        let grouping = Grouping::new(&differences, &Grouping::default());
        assert_eq!(told(&grouping, &differences), [".[0]:", "  .x", "  .y"]);
    }
}
