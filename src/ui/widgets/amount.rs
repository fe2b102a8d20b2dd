//! Amounts of money from the text of a JSON number, digit by digit: nothing is rounded, nothing goes through a float.

use std::borrow::Cow;

/// `1234567.5` as `1,234,567.50`. At least two decimals, never fewer than were sent; what is no plain number stays as it is.
pub(crate) fn amount(number: &str) -> Cow<'_, str> {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", number),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let has_decimals = !digits.contains('.') || !decimals.is_empty();
    if whole.is_empty() || !has_decimals || !is_number(whole) || !is_number(decimals) {
        return Cow::Borrowed(number);
    }
    let mut shown = String::with_capacity(number.len() + whole.len() / 3 + 3);
    shown.push_str(sign);
    push_grouped(&mut shown, whole);
    shown.push('.');
    shown.push_str(decimals);
    for _ in decimals.len()..2 {
        shown.push('0');
    }
    Cow::Owned(shown)
}

/// A count with its thousands apart: `100,000`.
pub(crate) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    push_grouped(&mut shown, &digits);
    shown
}

/// Appends `digits` with their thousands apart.
fn push_grouped(shown: &mut String, digits: &str) {
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_never_rounded() {
        for (number, expected) in [
            ("0", "0.00"),
            ("-0.5", "-0.50"),
            ("999", "999.00"),
            ("1000", "1,000.00"),
            ("1234567.5", "1,234,567.50"),
            ("-12345.67", "-12,345.67"),
            ("0.125", "0.125"),
            ("9007199254740993.10", "9,007,199,254,740,993.10"),
            ("1e400", "1e400"),
            ("1.5E-3", "1.5E-3"),
            ("", ""),
            ("-", "-"),
            ("1.", "1."),
            (".5", ".5"),
            ("n/a", "n/a"),
        ] {
            assert_eq!(amount(number), expected);
        }
    }
    #[test]
    fn counts_are_grouped() {
        for (count, expected) in [
            (0, "0"),
            (999, "999"),
            (1250, "1,250"),
            (100_000, "100,000"),
        ] {
            assert_eq!(grouped(count), expected);
        }
    }
}
