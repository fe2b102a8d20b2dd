//! Turns the content of a JSON string into text, and text into a JSON string. Never fails.

use std::borrow::Cow;
use std::fmt::Write as _;

use memchr::memchr;

/// Text of a string's content, the quotes left out.
///
/// A lone surrogate and bytes that are no UTF-8 become U+FFFD; what is no escape stays as it was written.
pub(crate) fn unescape(content: &[u8]) -> Cow<'_, str> {
    let Some(first) = memchr(b'\\', content) else {
        return String::from_utf8_lossy(content);
    };
    let mut text = String::with_capacity(content.len());
    let (mut rest, mut next) = (content, Some(first));
    while let Some((before, from)) = next.and_then(|at| rest.split_at_checked(at)) {
        text.push_str(&String::from_utf8_lossy(before));
        let (character, length) = escape(from);
        text.push(character);
        rest = from.get(length..).unwrap_or_default();
        next = memchr(b'\\', rest);
    }
    text.push_str(&String::from_utf8_lossy(rest));
    Cow::Owned(text)
}

/// The character of the escape that `from` starts with, and the length of the escape.
fn escape(from: &[u8]) -> (char, usize) {
    let character = match from.get(1) {
        Some(b'u') => return unicode(from),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        _ => return ('\\', 1),
    };
    (character, 2)
}

fn unicode(from: &[u8]) -> (char, usize) {
    let Some(first) = unit(from) else {
        return ('\\', 1);
    };
    let pair = from.get(6..).and_then(unit).map(|second| [first, second]);
    let pair = pair.and_then(|pair| char::decode_utf16(pair).next()?.ok());
    match char::from_u32(u32::from(first)) {
        Some(character) => (character, 6),
        None => pair.map_or((char::REPLACEMENT_CHARACTER, 6), |character| {
            (character, 12)
        }),
    }
}

/// The UTF-16 unit of an escape such as `\u00E9`.
fn unit(from: &[u8]) -> Option<u16> {
    let digits = from.get(..6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit: u16, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(digit).ok()?)
    })
}

/// Writes `text` as a JSON string, control characters escaped.
pub(crate) fn quote(text: &str, to: &mut String) {
    to.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => to.extend(['\\', character]),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            _ if character.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(to, "\\u{:04x}", u32::from(character));
            }
            _ => to.push(character),
        }
    }
    to.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_characters() {
        for (content, text) in [
            (r"plain", "plain"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"),
            (r"\u00e9\u00E9\u0000", "éé\0"),
            (r"a\ud83d\ude00z", "a😀z"),
            (r"\ud83d", "\u{FFFD}"),
            (r"\ude00x", "\u{FFFD}x"),
            (r"\ud83dA", "\u{FFFD}A"),
            (r"\ud83d\u0041", "\u{FFFD}A"),
            (r"\ud83d\ud83d\ude00", "\u{FFFD}😀"),
            (r"\x\u12", r"\x\u12"),
            ("end\\", "end\\"),
        ] {
            assert_eq!(unescape(content.as_bytes()), text, "{content}");
        }
        assert_eq!(unescape(b"a\xFF\\nb\xC3"), "a\u{FFFD}\nb\u{FFFD}");
    }

    #[test]
    fn quoting_is_undone_by_unescaping() {
        for text in ["", "a b", "\"\\\n\t\r\u{7F}\u{9B}\0é😀"] {
            let mut quoted = String::new();
            quote(text, &mut quoted);
            let content = &quoted[1..quoted.len() - 1];
            assert_eq!(unescape(content.as_bytes()), text);
            assert!(!content.contains(char::is_control));
        }
    }
}
