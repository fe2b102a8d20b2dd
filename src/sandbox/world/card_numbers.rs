//! What a card number tells by itself: whether it can be one, and which network and issuer it belongs to.

use serde::Deserialize;

/// What is known of the numbers that begin alike.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Bin {
    /// The first six digits.
    pub(crate) bin: String,
    pub(crate) card_brand: String,
    pub(crate) card_type: String,
    pub(crate) interchange_category: String,
    pub(crate) issuer_name: String,
    pub(crate) settlement_network: String,
}

/// Whether the last digit checks the others (ISO/IEC 7812-1, annex B: Luhn's formula).
pub(crate) fn is_sound(number: &str) -> bool {
    let digits = number.bytes().rev().map(|byte| byte.wrapping_sub(b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(i, digit)| {
            let digit = u32::from(digit);
            match i % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    !number.is_empty() && sum.is_multiple_of(10)
}

/// The last digit that makes `digits` a sound number.
pub(crate) fn completed(digits: &str) -> String {
    let all = (0..10).map(|last| format!("{digits}{last}"));
    all.into_iter()
        .find(|number| is_sound(number))
        .unwrap_or_default()
}

/// The network that issues such numbers.
pub(crate) fn company(number: &str) -> &'static str {
    let first = |count: usize| -> u32 {
        let digits = number.get(..count).unwrap_or_default();
        digits.parse().unwrap_or(0)
    };
    match (first(1), first(2), first(4)) {
        (4, ..) => "visa",
        (_, 51..=55, _) | (_, _, 2221..=2720) => "mastercard",
        (_, 34 | 37, _) => "amex",
        (_, 65, _) | (_, _, 6011) => "discover",
        _ => "other",
    }
}

/// Whether a routing number checks itself (ABA: the digits weigh 3, 7 and 1 in turn).
pub(crate) fn is_routing_number(number: &str) -> bool {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let weighed = digits.iter().zip([3, 7, 1].into_iter().cycle());
    let sum: u32 = weighed.map(|(digit, weight)| digit * weight).sum();
    digits.len() == 9 && number.len() == 9 && sum > 0 && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_checks_the_others() {
        for number in ["4242424242424242", "5555555555554444", "378282246310005"] {
            assert!(is_sound(number), "{number}");
            assert_eq!(completed(&number[..number.len() - 1]), number);
        }
        assert!(!is_sound("4242424242424241"));
        assert!(!is_sound(""));
    }

    #[test]
    fn networks_are_told_by_the_first_digits() {
        for (number, expected) in [
            ("4242", "visa"),
            ("5555", "mastercard"),
            ("2221", "mastercard"),
            ("3782", "amex"),
            ("6011", "discover"),
            ("9", "other"),
        ] {
            assert_eq!(company(number), expected, "{number}");
        }
    }

    #[test]
    fn routing_numbers_check_themselves() {
        for number in ["222222226", "021000021", "011401533"] {
            assert!(is_routing_number(number), "{number}");
        }
        for number in ["222222225", "000000000", "22222222", "2222222260"] {
            assert!(!is_routing_number(number), "{number}");
        }
    }
}
