//! The order of rows by one column: numbers by value, moments by time, words by letters, and what is missing last.

use std::cmp::Ordering;
use std::ops::Range;

use crate::ui::panes::resources::cells::{self, Cells};
use crate::ui::panes::resources::kinds::{Column, Shows};
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

/// What a row is sorted by; `None` where nothing stands in the column.
pub(super) type Key<'a> = Option<Value<'a>>;

/// A cell that can be compared with others of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value<'a> {
    Number(i128),
    Words(&'a str),
}

/// The key of `row` in `column`, which is the one called `number`.
pub(super) fn key<'a>(
    column: &Column,
    row: usize,
    number: usize,
    sheet: &'a Sheet,
    cells: Cells<'_>,
) -> Key<'a> {
    let words = sheet.cell(row, number);
    match column.shows {
        Shows::Amount => decimal(words).map(Value::Number),
        Shows::Time => {
            let seconds = cells::seconds(&cells.raw(row, column)?)?;
            Some(Value::Number(seconds.into()))
        }
        _ if words == "–" => None,
        _ => Some(Value::Words(words)),
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

/// Rows `new` put between those of `old`, which are in order. Rows with the same key stay as they are listed.
pub(super) fn merge<'a>(
    old: &[u32],
    new: Range<usize>,
    key: impl Fn(usize) -> Key<'a>,
    is_descending: bool,
) -> Vec<u32> {
    let mut new: Vec<(Key<'a>, u32)> = new
        .filter_map(|row| Some((key(row), u32::try_from(row).ok()?)))
        .collect();
    new.sort_by(|(one, _), (other, _)| compare(*one, *other, is_descending));
    if old.is_empty() {
        return new.into_iter().map(|(_, row)| row).collect();
    }
    let mut merged = Vec::with_capacity(old.len() + new.len());
    let mut rest = old;
    for (value, row) in new {
        let is_before =
            |old: &u32| compare(key(*old as usize), value, is_descending) != Ordering::Greater;
        let (before, after) = rest.split_at(rest.partition_point(is_before));
        merged.extend_from_slice(before);
        merged.push(row);
        rest = after;
    }
    merged.extend_from_slice(rest);
    merged
}

/// What is missing comes last either way.
fn compare(one: Key<'_>, other: Key<'_>, is_descending: bool) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) if is_descending => other.cmp(&one),
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
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

    #[test]
    fn rows_that_come_later_take_their_place_and_equals_stay_as_listed() {
        let values = [Some(3), None, Some(1), Some(3), Some(2), None, Some(3)];
        let key = |row: usize| values[row].map(Value::Number);
        for is_descending in [false, true] {
            let whole = merge(&[], 0..7, key, is_descending);
            let expected: &[u32] = match is_descending {
                false => &[2, 4, 0, 3, 6, 1, 5],
                true => &[0, 3, 6, 4, 2, 1, 5],
            };
            assert_eq!(whole, expected);
            let some = merge(&[], 0..3, key, is_descending);
            assert_eq!(merge(&some, 3..7, key, is_descending), expected);
        }
    }
}
