//! Finds a pattern in a document: everywhere, in names, or in values. What is done with the matches is left to
//! those who show them.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::document::index::Document;
use crate::document::node::{NodeId, narrow};
use crate::document::pattern::Pattern;

/// Bytes searched before the next look whether to stop: about a millisecond.
const STEP: usize = 4 << 20;

/// A match that begins in one step may reach this far into the next before it must be looked for again.
const OVERLAP: usize = 64 << 10;

/// Matches that are kept; more are counted only. Nobody goes through four million by hand.
const MOST_KEPT: usize = if cfg!(test) { 1000 } else { 4_000_000 };

/// Which parts of the text are searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All bytes as they came, brackets and white space too.
    #[default]
    All,
    /// Names of members only, quotes counted in.
    Keys,
    /// Strings, numbers and words only, quotes counted in.
    Values,
}

/// A search that is under way, step by step.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    document: &'a Document,
    pattern: &'a Pattern,
    scope: Scope,
    at: usize,
    /// Position of the first value that starts behind the last match.
    next: usize,
    matches: Matches,
}

/// Where a pattern was found, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// First bytes and lengths.
    kept: Vec<(u32, u32)>,
    count: usize,
    is_complete: bool,
}

impl<'a> Search<'a> {
    /// Begins a search; nothing is searched yet.
    pub fn new(document: &'a Document, pattern: &'a Pattern, scope: Scope) -> Self {
        Self {
            document,
            pattern,
            scope,
            at: 0,
            next: 0,
            matches: Matches::default(),
        }
    }

    /// Searches the whole document. Ends early when `cancel` becomes true; the matches so far are not complete then.
    pub fn find(
        document: &Document,
        pattern: &Pattern,
        scope: Scope,
        cancel: &AtomicBool,
    ) -> Matches {
        let mut search = Search::new(document, pattern, scope);
        while !cancel.load(Ordering::Relaxed) && search.step() {}
        search.into_matches()
    }

    /// Matches that begin in some bytes: for the rows on the screen, before or without a search of the whole.
    pub fn within(
        document: &Document,
        pattern: &Pattern,
        scope: Scope,
        bytes: Range<usize>,
    ) -> Vec<Range<usize>> {
        let mut search = Search::new(document, pattern, scope);
        search.at = bytes.start;
        search.search_to(bytes.end);
        search.matches.iter().collect()
    }

    /// Searches the next few megabytes; tells whether there are more.
    pub fn step(&mut self) -> bool {
        let length = self.document.body().len();
        self.search_to(self.at.saturating_add(STEP));
        self.matches.is_complete = self.at >= length || self.pattern.is_empty();
        !self.matches.is_complete
    }

    /// Bytes searched so far.
    pub fn progress(&self) -> usize {
        self.at.min(self.document.body().len())
    }

    /// Matches found so far.
    pub fn matches(&self) -> &Matches {
        &self.matches
    }

    /// Matches found so far.
    pub fn into_matches(self) -> Matches {
        self.matches
    }

    fn search_to(&mut self, end: usize) {
        let text = self.document.body().as_bytes();
        let end = end.min(text.len());
        let part = text.get(..end.saturating_add(OVERLAP)).unwrap_or(text);
        while self.at < end {
            let mut found = self.pattern.find_at(part, self.at);
            if let Some((from, to)) = found
                && to > end
                && part.len() < text.len()
            {
                // It may be another one in the light of what follows.
                found = self.pattern.find_at(text, from);
            }
            let Some((from, to)) = found.filter(|(from, _)| *from < end) else {
                break;
            };
            self.at = to;
            if self.is_wanted(from, to) {
                self.matches.push(from, to);
            }
        }
        self.at = self.at.max(end);
    }

    fn is_wanted(&mut self, from: usize, to: usize) -> bool {
        if self.scope == Scope::All {
            return true;
        }
        self.next = self.document.first_behind(from, self.next);
        let is_key = || {
            let name = self.document.name_span(NodeId::new(self.next));
            name.is_some_and(|(start, end)| start <= from && to <= end)
        };
        let is_value = || {
            self.next.checked_sub(1).is_some_and(|last| {
                let last = NodeId::new(last);
                self.document.place(last).is_none() && to <= self.document.span(last).1
            })
        };
        match self.scope {
            Scope::Keys => is_key(),
            _ => is_value(),
        }
    }
}

impl Matches {
    fn push(&mut self, from: usize, to: usize) {
        self.count += 1;
        if self.kept.len() < MOST_KEPT {
            self.kept.push((narrow(from), narrow(to - from)));
        }
    }

    /// Number of matches, also of those that are not kept.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Number of matches that are kept and can be gone through.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether the whole document was searched.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Bytes of a match.
    pub fn get(&self, i: usize) -> Option<Range<usize>> {
        let (start, length) = *self.kept.get(i)?;
        Some(start as usize..start as usize + length as usize)
    }

    /// Bytes of all matches that are kept.
    pub fn iter(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        (0..self.len()).filter_map(|i| self.get(i))
    }

    /// The first match that starts behind `offset`; the first of all if there is none.
    pub fn next(&self, offset: usize) -> Option<usize> {
        let next = self
            .kept
            .partition_point(|(start, _)| *start as usize <= offset);
        (!self.is_empty()).then_some(if next < self.len() { next } else { 0 })
    }

    /// The last match that starts before `offset`; the last of all if there is none.
    pub fn previous(&self, offset: usize) -> Option<usize> {
        let next = self
            .kept
            .partition_point(|(start, _)| (*start as usize) < offset);
        next.checked_sub(1).or_else(|| self.len().checked_sub(1))
    }

    /// Matches that have a byte in common with `bytes`.
    pub fn within(&self, bytes: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        let first = self
            .kept
            .partition_point(|(start, length)| *start as usize + *length as usize <= bytes.start);
        (first..)
            .map_while(|i| self.get(i))
            .take_while(move |found| found.start < bytes.end)
    }

    /// The value that a match stands in, or whose name it stands in.
    pub fn node(&self, document: &Document, i: usize) -> Option<NodeId> {
        document.at_offset(self.get(i)?.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"name":"Name","list":["x name",{"NAME":1}],"end":"na\nme"}"#;

    fn paths(pattern: &Pattern, scope: Scope) -> Vec<String> {
        let document = Document::parse(TEXT.into());
        let matches = Search::find(&document, pattern, scope, &AtomicBool::new(false));
        assert!(matches.is_complete());
        let node = |i| document.path(matches.node(&document, i).unwrap());
        (0..matches.count()).map(node).collect()
    }

    #[test]
    fn names_and_values_are_told_apart() {
        let pattern = Pattern::smart("name");
        assert_eq!(
            paths(&pattern, Scope::All),
            [".name", ".name", ".list[0]", ".list[1].NAME"]
        );
        assert_eq!(paths(&pattern, Scope::Keys), [".name", ".list[1].NAME"]);
        assert_eq!(paths(&pattern, Scope::Values), [".name", ".list[0]"]);
        assert_eq!(paths(&Pattern::exact("Name"), Scope::Keys), [""; 0]);
        assert_eq!(paths(&Pattern::exact("\"name\""), Scope::Keys), [".name"]);
        assert_eq!(paths(&Pattern::exact(":1}"), Scope::Values), [""; 0]);
        assert_eq!(
            paths(&Pattern::exact("1"), Scope::Values),
            [".list[1].NAME"]
        );
    }

    #[test]
    fn going_on_wraps_around() {
        let document = Document::parse("[7,7,7]".into());
        let matches = Search::find(
            &document,
            &Pattern::exact("7"),
            Scope::All,
            &AtomicBool::new(false),
        );
        let next: Vec<_> = [0, 1, 4, 5, 9].map(|at| matches.next(at).unwrap()).into();
        assert_eq!(next, [0, 1, 2, 0, 0]);
        let previous: Vec<_> = [0, 1, 2, 5, 9]
            .map(|at| matches.previous(at).unwrap())
            .into();
        assert_eq!(previous, [2, 2, 0, 1, 2]);
        assert_eq!(matches.within(2..5).collect::<Vec<_>>(), vec![3..4]);
        assert_eq!(Matches::default().next(0), None);
    }

    #[test]
    fn a_cancelled_search_is_not_complete() {
        let document = Document::parse("[7]".into());
        let matches = Search::find(
            &document,
            &Pattern::exact("7"),
            Scope::All,
            &AtomicBool::new(true),
        );
        assert_eq!((matches.count(), matches.is_complete()), (0, false));
    }

    #[test]
    fn matches_that_are_not_kept_are_counted() {
        let document = Document::parse("7".repeat(MOST_KEPT + 5).as_str().into());
        let matches = Search::find(
            &document,
            &Pattern::exact("7"),
            Scope::All,
            &AtomicBool::new(false),
        );
        assert_eq!((matches.len(), matches.count()), (MOST_KEPT, MOST_KEPT + 5));
    }

    #[test]
    fn a_match_across_steps_is_found_whole_and_once() {
        let text = format!("\"{}{}\"", "-".repeat(STEP - 10), "ab".repeat(OVERLAP));
        let document = Document::parse(text.as_str().into());
        let pattern = Pattern::regex("(ab)+").unwrap();
        let matches = Search::find(&document, &pattern, Scope::All, &AtomicBool::new(false));
        let expected = STEP - 9..STEP - 9 + 2 * OVERLAP;
        assert_eq!(
            (matches.count(), matches.get(0)),
            (1, Some(expected.clone()))
        );
        let found = Search::within(&document, &pattern, Scope::Values, STEP - 20..STEP);
        assert_eq!(found, vec![expected]);
    }
}
