//! The rows of one list made ready to be filtered and sorted. Which rows there are is the list's business, how they look
//! the table's.
//!
//! A hundred thousand rows are filtered while somebody types. Reading them out of the answers for each letter would take
//! seconds, so the words of all cells stand one after the other in one text, in lower case, from the moment that a page has
//! come; a letter is one search through it. That, where each row ends and two numbers for order and selection take less than
//! a hundred bytes a row.

use std::num::NonZeroU32;
use std::ops::Range;

use jiff::tz::TimeZone;
use memchr::memmem::Finder;

use crate::ui::panes::resources::cells::{self, Cells, has_short};
use crate::ui::panes::resources::kinds::{Kind, Shows};
use crate::ui::panes::resources::names::Seen;
use crate::ui::panes::resources::order::{Order, Sort};
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::visible;

/// Behind each cell; no cell holds it, since whatever acts on a terminal is made visible.
pub(super) const END: char = '\u{1f}';
/// A text that is full grows by this part of itself: doubling would waste more than the rows need.
const GROWTH: usize = 16;

/// Seconds since 1970, if there are any. Four bytes last until 2106; later ones count as then.
type Moment = Option<NonZeroU32>;

/// The rows of one list, as they are shown.
#[derive(Default)]
pub(super) struct Sheet {
    seen: Seen,
    /// Revision of the names and the zone with which the cells were spelled.
    spelled: Option<(u64, TimeZone)>,
    /// The words of all cells in lower case.
    text: String,
    /// Where the words of each row end.
    ends: Vec<u32>,
    /// For each column the widest cell in its long and in its short form.
    widths: Vec<[usize; 2]>,
    /// For each column of moments, those of all rows: reading them when they are to be sorted would take too long.
    moments: Vec<Vec<Moment>>,
    sort: Option<Sort>,
    /// All rows in order; nothing where they stand as they are listed.
    order: Vec<u32>,
    /// What is looked for, in lower case.
    filter: String,
    /// The rows that have it, in order; nothing where nothing is looked for.
    found: Vec<u32>,
}

impl Sheet {
    /// Catches up with the list, the filter and the order that are wanted.
    pub(super) fn follow(
        &mut self,
        kind: &Kind,
        cells: Cells<'_>,
        sort: Option<Sort>,
        filter: &str,
    ) {
        let now = Seen::of(Some(cells.list));
        let is_spelled = self
            .spelled
            .as_ref()
            .is_some_and(|(names, zone)| *names == cells.names.revision && zone == cells.zone);
        if !is_spelled || !self.seen.continues_in(&now) {
            *self = Self {
                spelled: Some((cells.names.revision, cells.zone.clone())),
                widths: vec![[0; 2]; kind.columns.len()],
                moments: vec![Vec::new(); kind.columns.len()],
                ..Self::default()
            };
        }
        let old = self.ends.len();
        let is_grown = now.rows > old;
        self.seen = now;
        if is_grown {
            self.spell(kind, cells, old);
        }
        let is_sorted_anew = self.sort != sort;
        if is_sorted_anew {
            self.sort = sort;
            self.order.clear();
        }
        if is_grown || is_sorted_anew {
            self.order = self.sorted(kind);
        }
        let filter = filter.to_lowercase();
        if filter != self.filter || is_sorted_anew || (is_grown && sort.is_some()) {
            self.filter = filter;
            self.found = self.matching(0..self.ends.len());
        } else if is_grown {
            let more = self.matching(old..self.ends.len());
            self.found.extend(more);
        }
    }

    /// Number of rows that are shown.
    pub(super) fn len(&self) -> usize {
        match self.is_filtered() {
            true => self.found.len(),
            false => self.ends.len(),
        }
    }

    /// Whether only rows with certain words are shown.
    pub(super) fn is_filtered(&self) -> bool {
        !self.filter.trim().is_empty()
    }

    /// Which row of the list is shown at `position`.
    pub(super) fn row(&self, position: usize) -> Option<usize> {
        let rows = match (self.is_filtered(), self.sort) {
            (true, _) => &self.found,
            (false, Some(_)) => &self.order,
            (false, None) => return (position < self.ends.len()).then_some(position),
        };
        rows.get(position).map(|row| *row as usize)
    }

    /// Where `row` of the list is shown, if it is.
    pub(super) fn position(&self, row: usize) -> Option<usize> {
        let rows = match (self.is_filtered(), self.sort) {
            (true, _) => &self.found,
            (false, Some(_)) => &self.order,
            (false, None) => return (row < self.ends.len()).then_some(row),
        };
        rows.iter().position(|one| *one as usize == row)
    }

    /// Cells of the widest text in `column`, in its long or its short form.
    pub(super) fn widest(&self, column: usize, is_short: bool) -> usize {
        let both = self.widths.get(column).copied().unwrap_or_default();
        both[usize::from(is_short)]
    }

    /// Bytes that it keeps.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        let moments: usize = self.moments.iter().map(Vec::capacity).sum();
        let numbers =
            self.ends.capacity() + self.order.capacity() + self.found.capacity() + moments;
        self.text.capacity() + numbers * size_of::<u32>()
    }

    /// The words of cell number `column` of `row`.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        self.words(row).split(END).nth(column).unwrap_or_default()
    }

    /// The moment in cell number `column` of `row`, in seconds since 1970.
    pub(super) fn moment(&self, row: usize, column: usize) -> Option<i128> {
        let moment = *self.moments.get(column)?.get(row)?;
        moment.map(|moment| moment.get().into())
    }

    /// The words of `row`.
    fn words(&self, row: usize) -> &str {
        let end = |row: usize| self.ends.get(row).map_or(0, |end| *end as usize);
        let start = row.checked_sub(1).map_or(0, end);
        self.text.get(start..end(row)).unwrap_or_default()
    }

    /// Takes the cells of the rows from `first` on in.
    fn spell(&mut self, kind: &Kind, cells: Cells<'_>, first: usize) {
        let rows = first..self.seen.rows;
        if self.ends.capacity() < self.seen.rows {
            let more = rows.len().max(self.ends.len() / GROWTH);
            self.ends.reserve_exact(more);
        }
        for row in rows {
            let columns = kind.columns.iter().zip(&mut self.widths);
            for ((column, widths), moments) in columns.zip(&mut self.moments) {
                if column.shows == Shows::Time {
                    moments.push(cells.raw(row, column).and_then(|raw| moment(&raw)));
                }
                let text = cells.text(row, column, false);
                let shown = text.as_deref().map_or("–".into(), visible);
                let width = measure::width(&shown);
                let short = match has_short(column) {
                    true => cells
                        .text(row, column, true)
                        .map_or(1, |text| measure::width(&visible(&text))),
                    false => width,
                };
                *widths = [widths[0].max(width), widths[1].max(short)];
                let most = shown.len().min(column.bounds.1 * 4);
                if self.text.capacity() < self.text.len() + most + 1 {
                    let more = (self.text.len() / GROWTH).max(most + 1);
                    self.text.reserve_exact(more);
                }
                push_lower(&mut self.text, &measure::fit(&shown, column.bounds.1));
                self.text.push(END);
            }
            self.ends
                .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
    }

    /// All rows in the order that is wanted, where those in `order` are in order already.
    fn sorted(&self, kind: &Kind) -> Vec<u32> {
        let Some((sort, column)) = self
            .sort
            .and_then(|sort| Some((sort, kind.columns.get(sort.column)?)))
        else {
            return Vec::new();
        };
        let order = Order {
            sheet: self,
            shows: column.shows,
            sort,
        };
        order.merge(&self.order, self.order.len()..self.ends.len())
    }

    /// Those of `rows` that have every word that is looked for, in the order of the list if they are sorted.
    fn matching(&self, rows: Range<usize>) -> Vec<u32> {
        let mut words: Vec<_> = self.filter.split_whitespace().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let Some((longest, others)) = words.split_first() else {
            return Vec::new();
        };
        let others: Vec<_> = others.iter().map(Finder::new).collect();
        let has_others = |row: usize| {
            let text = self.words(row).as_bytes();
            others.iter().all(|word| word.find(text).is_some())
        };
        let mut found = Vec::new();
        self.scan(&Finder::new(longest), rows, |row| {
            if has_others(row) {
                found.push(u32::try_from(row).unwrap_or(u32::MAX));
            }
        });
        if self.sort.is_none() {
            found.shrink_to_fit();
            return found;
        }
        let mut is_found = vec![false; self.ends.len()];
        for row in found {
            is_found[row as usize] = true;
        }
        let in_order = self.order.iter().copied();
        in_order.filter(|row| is_found[*row as usize]).collect()
    }

    /// Tells each of `rows` in which `word` stands.
    fn scan(&self, word: &Finder<'_>, rows: Range<usize>, mut tell: impl FnMut(usize)) {
        let mut row = rows.start;
        let mut from = row
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |end| *end as usize);
        while let Some(at) = self
            .text
            .as_bytes()
            .get(from..)
            .and_then(|rest| word.find(rest))
        {
            let at = from + at;
            while self.ends.get(row).is_some_and(|end| *end as usize <= at) {
                row += 1;
            }
            let Some(end) = self.ends.get(row).filter(|_| row < rows.end) else {
                return; // behind the last row
            };
            tell(row);
            from = *end as usize;
            row += 1;
        }
    }
}

/// The moment that `raw` tells.
fn moment(raw: &str) -> Moment {
    let seconds = cells::seconds(raw)?.clamp(1, u32::MAX.into());
    u32::try_from(seconds).ok().and_then(NonZeroU32::new)
}

/// Appends `text` in lower case.
fn push_lower(lower: &mut String, text: &str) {
    match text.is_ascii() {
        true => lower.extend(
            text.bytes()
                .map(|byte| char::from(byte.to_ascii_lowercase())),
        ),
        false => lower.push_str(&text.to_lowercase()),
    }
}
