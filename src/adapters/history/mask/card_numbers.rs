//! Finds the numbers of payment cards by how they look: they begin as one of the large networks' does, are as long as those are,
//! and end with their check digit (ISO/IEC 7812). What else a name says is left to whoever asks.

use std::ops::Range;

/// Digits of the longest.
const LONGEST: usize = 19;

/// How people and cards group the digits.
const GROUPS: [&[usize]; 6] = [
    &[4, 4, 4, 4],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 3],
    &[4, 6, 5],
    &[4, 6, 4],
];

/// Where they stand in `text`, each a number of its own: no part of a word, of an id or of a fraction, and no telephone number.
pub(super) fn find(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let length = digits(rest);
        let number = match length {
            4 => in_groups(rest),
            _ => {
                Some(length).filter(|length| is_of_a_card(rest.get(..*length).unwrap_or_default()))
            }
        };
        let before = text.get(..at).unwrap_or_default();
        match number {
            Some(number) if stands_alone(before, rest.get(number..).unwrap_or_default()) => {
                let is_telephone = number <= LONGEST_TELEPHONE && begins_with_plus(before);
                if !is_telephone {
                    found.push(at..at + number);
                }
                at += number + 1;
            }
            _ => at += length + 1,
        }
    }
    found
}

/// How many digits `text` begins with.
fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The length of the number in groups that `text` begins with: blanks between them, hyphens, or what a form makes of blanks.
fn in_groups(text: &[u8]) -> Option<usize> {
    let joint = text.get(4).filter(|byte| b" -+".contains(byte))?;
    let of_groups = |groups: &&[usize]| {
        let mut number = Vec::with_capacity(LONGEST);
        let mut at = 0;
        for (place, size) in groups.iter().enumerate() {
            if place > 0 {
                (text.get(at) == Some(joint)).then_some(())?;
                at += 1;
            }
            let rest = text.get(at..).unwrap_or_default();
            (digits(rest) == *size).then_some(())?;
            number.extend_from_slice(rest.get(..*size)?);
            at += size;
        }
        is_of_a_card(&number).then_some(at)
    };
    GROUPS.iter().filter_map(of_groups).max()
}

/// Digits of the longest telephone number (ITU-T E.164).
const LONGEST_TELEPHONE: usize = 15;

/// Whether a value begins with a plus sign and goes on behind `before`. Elsewhere a plus may stand for a blank.
fn begins_with_plus(before: &[u8]) -> bool {
    let Some(before) = before.strip_suffix(b"+") else {
        return false;
    };
    before
        .last()
        .is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

fn stands_alone(before: &[u8], behind: &[u8]) -> bool {
    !goes_on(before.iter().rev()) && !goes_on(behind.iter())
}

fn is_of_a_card(digits: &[u8]) -> bool {
    is_issued(digits) && has_check_digit(digits)
}

/// Whether a large network issues numbers that begin so and are so long (its issuer identification numbers).
fn is_issued(digits: &[u8]) -> bool {
    let first = |count: usize| {
        let begin = digits.get(..count).unwrap_or_default();
        begin
            .iter()
            .fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    };
    match digits.len() {
        13 => first(1) == 4 || is_maestro(first(4)),
        14 => matches!(first(2), 36 | 38 | 39) || is_diners(first(4)) || is_maestro(first(4)),
        15 => matches!(first(2), 34 | 37) || first(2) == 36 || is_maestro(first(4)),
        // Visa, Mastercard, Discover, UnionPay, RuPay, JCB, Diners, Mir
        16..=LONGEST => {
            first(1) == 4
                || matches!(first(2), 36 | 38 | 39 | 50..=58 | 60..=69 | 81 | 82)
                || matches!(first(4), 2200..=2204 | 2221..=2720 | 3528..=3589)
                || is_diners(first(4))
        }
        _ => false,
    }
}

fn is_diners(first_four: u32) -> bool {
    matches!(first_four, 3000..=3059 | 3095)
}

fn is_maestro(first_four: u32) -> bool {
    matches!(
        first_four,
        5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763
    )
}

fn has_check_digit(digits: &[u8]) -> bool {
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

    fn found(text: &str) -> Vec<&str> {
        let found = find(text.as_bytes()).into_iter();
        found.map(|range| &text[range]).collect()
    }

    #[test]
    fn a_number_of_a_card_is_found_wherever_it_stands() {
        for text in [
            "/v1/cards/4242424242424242/x",
            "{\"a\":5555555555554444}",
            "note: 378282246310005.",
            "4242424242424242",
            "+4242424242424242",
            "note=my+378282246310005",
        ] {
            assert_eq!(find(text.as_bytes()).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_test_numbers_of_all_large_networks_are_found() {
        for number in [
            "4111111111111111",
            "4222222222222",
            "4000000000000000006",
            "5105105105105100",
            "2223003122003222",
            "2720990000000007",
            "371449635398431",
            "6011111111111117",
            "6445644564456445",
            "30569309025904",
            "36227206271667",
            "3566002020360505",
            "6200000000000005",
            "6205500000000000004",
            "6759649826438453",
            "2201382000000013",
        ] {
            assert_eq!(found(number), [number]);
        }
    }

    #[test]
    fn a_number_in_groups_is_found_as_one() {
        for text in [
            "4242 4242 4242 4242",
            "4242-4242-4242-4242",
            "4242+4242+4242+4242",
            "3782 822463 10005",
            "3056 930902 5904",
            "6205 5000 0000 0000 004",
        ] {
            assert_eq!(found(text), [text]);
            let sentence = format!("paid 2 {text}, thanks");
            assert_eq!(found(&sentence), [text]);
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
            "\"+4412345678903\"",
            "7992739871300008",
            "9111111111111111116",
            "4242-4242 4242-4242",
            "4242 4242 4242 4241",
            "0d4f8a20-4242-4242-4242-424242424242",
            "2026-03-02 1234 5678",
        ] {
            assert!(find(text.as_bytes()).is_empty(), "{text}");
        }
    }
}
