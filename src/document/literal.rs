//! String literals: how long one is, and the text it stands for.

use std::borrow::Cow;

/// Length of the string that `text` starts with, quotes included.
pub(super) fn string_length(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        at += found + 1;
        if text[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// The text of a string literal. The index has let only sound ones pass, so that half a surrogate pair is the only thing
/// that has no character.
pub(super) fn unescape(literal: &[u8]) -> Cow<'_, str> {
    let inner = literal
        .get(1..literal.len().saturating_sub(1))
        .unwrap_or_default();
    if memchr::memchr(b'\\', inner).is_none() {
        return String::from_utf8_lossy(inner);
    }
    let text = String::from_utf8_lossy(inner);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = escape(&rest[at + 1..], &mut out);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Adds what the escape at the start of `rest` (behind the backslash) stands for, and answers with what follows it.
fn escape<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let mut chars = rest.chars();
    match chars.next() {
        Some('b') => out.push('\u{8}'),
        Some('f') => out.push('\u{c}'),
        Some('n') => out.push('\n'),
        Some('r') => out.push('\r'),
        Some('t') => out.push('\t'),
        Some('u') => {
            let unit = |text: &str| {
                text.get(..4)
                    .and_then(|digits| u16::from_str_radix(digits, 16).ok())
            };
            let after = rest.get(5..).unwrap_or_default();
            let first = unit(&rest[1..]).unwrap_or(0xFFFD);
            let second = after.strip_prefix("\\u").and_then(unit);
            if let Some(second) = second
                && let Some(Ok(c)) = char::decode_utf16([first, second]).next()
                && u32::from(c) > 0xFFFF
            {
                out.push(c);
                return &after[6..];
            }
            out.push(char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER));
            return after;
        }
        Some(other) => out.push(other),
        None => {}
    }
    chars.as_str()
}
