//! Finds the numbers of payment cards by their length, their first digit and their check digit.

use std::ops::Range;

/// Digits of the shortest and of the longest.
const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;

/// Where they stand in `text`, each a number of its own: no part of a word, of an id or of a fraction.
pub(super) fn find(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (before, behind) = (text.get(..at).unwrap_or_default(), rest.get(length..));
        let digits = rest.get(..length).unwrap_or_default();
        if LENGTHS.contains(&length)
            && is_of_a_card(digits)
            && !goes_on(before.iter().rev())
            && !goes_on(behind.unwrap_or_default().iter())
        {
            found.push(at..at + length);
        }
        at += length + 1;
    }
    found
}

/// Whether the digits begin as those of a card do, and end with their check digit (ISO/IEC 7812). Times in milliseconds,
/// which are as long, begin with a 1.
fn is_of_a_card(digits: &[u8]) -> bool {
    if !matches!(digits.first(), Some(b'2'..=b'6')) {
        return false;
    }
    let value = |(place, digit): (usize, &u8)| {
        let digit = u32::from(digit - b'0');
        match (place % 2, digit) {
            (0, _) => digit,
            (_, 0..=4) => digit * 2,
            (_, _) => digit * 2 - 9,
        }
    };
    digits.iter().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

/// Whether a word, an id or a number goes on with `bytes`, which lead away from it.
fn goes_on<'a>(mut bytes: impl Iterator<Item = &'a u8>) -> bool {
    match bytes.next() {
        Some(b'.') => bytes.next().is_some_and(u8::is_ascii_digit),
        Some(b'_' | b'-') => true,
        next => next.is_some_and(u8::is_ascii_alphanumeric),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_card_is_found_wherever_it_stands() {
        for text in [
            "/v1/cards/4242424242424242/x",
            "{\"a\":5555555555554444}",
            "note: 378282246310005.",
            "4242424242424242",
        ] {
            assert_eq!(find(text.as_bytes()).len(), 1, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        for text in [
            "4242424242424241",
            "0.4242424242424242",
            "id_4242424242424242",
            "a4242424242424242",
            "1780000000006",
            "42424242424242424242",
            "424242424242",
        ] {
            assert!(find(text.as_bytes()).is_empty(), "{text}");
        }
    }
}
