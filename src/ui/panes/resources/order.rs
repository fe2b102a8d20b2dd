//! The order of rows by one column: numbers by value, moments by time, words by letters, and what is missing last.

use std::cmp::Ordering;
use std::ops::Range;

use crate::ui::panes::resources::kinds::Shows;
use crate::ui::panes::resources::sheet::Sheet;

/// Digits behind the point that are compared.
const DECIMALS: u32 = 15;

/// By which column rows are sorted, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    /// Number of the column.
    pub(super) column: usize,
    pub(super) is_descending: bool,
}

impl Sort {
    /// Sorted by `column`, in the way that is asked for most: newest and most first, words from A on.
    pub(super) fn by(column: usize, shows: Shows) -> Self {
        Self {
            column,
            is_descending: matches!(shows, Shows::Amount | Shows::Time),
        }
    }
}

/// What a row is sorted by, as a number: smaller ones come first. Words are told apart by their first letters; where those
/// are the same, by the rest.
pub(super) type Key = u128;

/// Comes last, whichever way rows are sorted.
const MISSING: Key = Key::MAX;
/// Bytes of words that a key holds.
const PREFIX: usize = size_of::<Key>();

/// The key of a number: an amount, or a moment.
pub(super) fn of_number(value: i128) -> Key {
    value.cast_unsigned() ^ (1 << (Key::BITS - 1)) // negative ones come first
}

/// The key of words.
fn of_words(words: &str) -> Key {
    let mut bytes = [0; PREFIX];
    for (into, byte) in bytes.iter_mut().zip(words.bytes()) {
        *into = byte;
    }
    Key::from_be_bytes(bytes)
}

/// The order of the rows of a sheet.
pub(super) struct Order<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) shows: Shows,
    pub(super) sort: Sort,
}

impl Order<'_> {
    fn key(&self, row: usize) -> Key {
        let words = self.sheet.cell(row, self.sort.column);
        let key = match self.shows {
            Shows::Amount => decimal(words).map(of_number),
            Shows::Time => self.sheet.moment(row, self.sort.column).map(of_number),
            _ if words == "–" => None,
            _ => Some(of_words(words)),
        };
        match (key, self.sort.is_descending) {
            (Some(key), true) => !key,
            (Some(key), false) => key,
            (None, _) => MISSING,
        }
    }

    fn compare(&self, one: (Key, u32), other: (Key, u32)) -> Ordering {
        one.0.cmp(&other.0).then_with(|| {
            if !self.goes_on(one.0) {
                return Ordering::Equal;
            }
            let words = |row: u32| self.sheet.cell(row as usize, self.sort.column);
            match self.sort.is_descending {
                true => words(other.1).cmp(words(one.1)),
                false => words(one.1).cmp(words(other.1)),
            }
        })
    }

    /// Whether `key` holds the beginning of words only.
    fn goes_on(&self, key: Key) -> bool {
        let is_number = matches!(self.shows, Shows::Amount | Shows::Time);
        let end: u8 = if self.sort.is_descending { 0xff } else { 0 };
        !is_number && key != MISSING && key.to_be_bytes()[PREFIX - 1] != end
    }

    /// Rows `new` put between those of `old`, which are in order. Rows with the same key stay as they are listed.
    pub(super) fn merge(&self, old: &[u32], new: Range<usize>) -> Vec<u32> {
        let mut new: Vec<(Key, u32)> = new
            .filter_map(|row| Some((self.key(row), u32::try_from(row).ok()?)))
            .collect();
        new.sort_unstable_by(|one, other| {
            self.compare(*one, *other).then_with(|| one.1.cmp(&other.1))
        });
        if old.is_empty() {
            return new.into_iter().map(|(_, row)| row).collect();
        }
        let mut merged = Vec::with_capacity(old.len() + new.len());
        let mut rest = old;
        for new in new {
            let is_before =
                |old: &u32| self.compare((self.key(*old as usize), *old), new) != Ordering::Greater;
            let (before, after) = rest.split_at(rest.partition_point(is_before));
            merged.extend_from_slice(before);
            merged.push(new.1);
            rest = after;
        }
        merged.extend_from_slice(rest);
        merged
    }
}

/// The value of an amount as it is shown, in units of its last decimal; `None` for what is no number.
fn decimal(shown: &str) -> Option<i128> {
    let (sign, digits) = match shown.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, shown),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let add = |value: Option<i128>, digit: u8| -> Option<i128> {
        match digit {
            b',' => value,
            b'0'..=b'9' => value?.checked_mul(10)?.checked_add((digit - b'0').into()),
            _ => None,
        }
    };
    let whole = whole.bytes().fold(Some(0), add)?;
    let kept = decimals.len().min(DECIMALS as usize);
    let missing = DECIMALS - u32::try_from(kept).ok()?;
    let fraction = decimals.bytes().take(kept).fold(Some(0), add)? * 10_i128.pow(missing);
    let value = whole.checked_mul(10_i128.pow(DECIMALS))? + fraction;
    (!digits.is_empty()).then_some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_compared_by_value() {
        let mut amounts = [
            "1,204.50",
            "-432.10",
            "0.00",
            "1,048,576.25",
            "999.99",
            "-0.5",
            "1,204.5001",
        ];
        amounts.sort_by_key(|amount| decimal(amount));
        assert_eq!(
            amounts,
            [
                "-432.10",
                "-0.5",
                "0.00",
                "999.99",
                "1,204.50",
                "1,204.5001",
                "1,048,576.25"
            ]
        );
        for text in ["", "–", "1e400", "n/a", "99999999999999999999999999999999"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
