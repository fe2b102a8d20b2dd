//! How dates, phone numbers, amounts and the like are spelled, and how to say so.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use url::Url;

use crate::domain::Format;

/// Digits of a phone number, the country's 1 included.
const PHONE_DIGITS: usize = 11;
/// Most characters of an e-mail address (RFC 5321, section 4.5.3.1.3, without the angle brackets).
const LONGEST_EMAIL: usize = 254;
/// Digits of an amount after the point: cents.
const CENTS: usize = 2;

/// What a value of `format` looks like, in words.
pub(crate) fn example(format: Format) -> &'static str {
    match format {
        Format::Date => "a date like 2026-03-02",
        Format::DateTime => "a date like 2026-03-02, or with a time like 2026-03-02T17:04:05",
        Format::Phone => "a phone number like +16505550142",
        Format::Email => "an e-mail address like ada@example.com",
        Format::Amount => "dollars like 25 or 25.50, more than 0",
        Format::Ip => "an IP address like 192.0.2.0",
        Format::Url => "a whole URL like https://example.com/",
        Format::Base64 => "bytes in base64",
    }
}

/// Whether `text` is spelled as `format` wants it.
pub(crate) fn fits(format: Format, text: &str) -> bool {
    match format {
        Format::Date => is_date(text),
        Format::DateTime => is_date(text) || is_moment(text),
        Format::Phone => text.strip_prefix('+').is_some_and(|digits| {
            digits.len() == PHONE_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())
        }),
        Format::Email => is_email(text),
        Format::Amount => is_amount(text),
        Format::Ip => text.parse::<IpAddr>().is_ok(),
        Format::Url => Url::parse(text).is_ok_and(|url| !url.cannot_be_a_base()),
        Format::Base64 => STANDARD.decode(text).is_ok(),
    }
}

/// Whether `text` is spelled `2026-03-02` and there is such a day.
fn is_date(text: &str) -> bool {
    let is_spelled = text.len() == "2026-03-02".len()
        && text.bytes().enumerate().all(|(i, byte)| match i {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    is_spelled && text.parse::<Date>().is_ok()
}

/// Whether `text` is a day, `T` and a time, with or without a zone.
fn is_moment(text: &str) -> bool {
    text.split_once('T').is_some_and(|(day, _)| is_date(day))
        && (text.parse::<DateTime>().is_ok() || text.parse::<Timestamp>().is_ok())
}

fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control();
    text.chars().count() <= LONGEST_EMAIL
        && text.chars().all(is_plain)
        && !name.is_empty()
        && !name.contains('@')
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
}

/// Whether `text` is a positive number with cents at most, without an exponent.
fn is_amount(text: &str) -> bool {
    let (dollars, cents) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number(dollars)
        && is_number(cents)
        && cents.len() <= CENTS
        && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: Format, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(fits(format, text), "{format:?} {text}");
        }
        for text in bad {
            assert!(!fits(format, text), "{format:?} {text}");
        }
    }

    #[test]
    fn days_are_days_of_the_calendar() {
        let bad = [
            "2023-02-29",
            "2026-3-2",
            "20260302",
            "2026-03-02T00:00:00",
            "02.03.2026",
        ];
        check(Format::Date, &["2024-02-29", "1985-02-03"], &bad);
        let good = [
            "2026-03-02",
            "2026-03-02T17:04:05",
            "2026-03-02T17:04:05.120000",
            "2026-03-02T17:04:05Z",
            "2026-03-02T17:04:05-08:00",
        ];
        check(
            Format::DateTime,
            &good,
            &[
                "2026-02-30T17:04:05",
                "2026-03-02T25:00:00",
                "17:04:05",
                "T",
            ],
        );
    }

    #[test]
    fn amounts_are_positive_with_cents_at_most() {
        let bad = [
            "0", "0.00", "-1", "25.505", "1e3", "$25", "25.", ".5", "1,000", "٢٥", "nan",
        ];
        check(
            Format::Amount,
            &["25", "25.5", "25.50", "0.01", "1000000"],
            &bad,
        );
    }

    #[test]
    fn ways_to_reach_someone_are_whole() {
        check(
            Format::Phone,
            &["+16505550142"],
            &[
                "16505550142",
                "+1650555014",
                "+1 650 555 0142",
                "+165055501é",
            ],
        );
        let bad = [
            "ada",
            "ada@example",
            "@example.com",
            "a@b@c.com",
            "a b@c.com",
            "a@.com",
        ];
        check(Format::Email, &["ada@example.com", "a.b+c@d.co.uk"], &bad);
        check(
            Format::Ip,
            &["192.0.2.0", "2001:db8::1"],
            &["192.0.2", "192.0.2.256", "host"],
        );
        let good = [
            "https://example.com",
            "http://127.0.0.1:0/callback",
            "app://done/x",
        ];
        check(Format::Url, &good, &["example.com", "/x", "mailto:a@b.c"]);
        check(Format::Base64, &["aGk="], &["aGk", "h i"]);
    }
}
