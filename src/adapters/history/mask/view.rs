//! A text decoded, with the way back to how it is spelled. Searches nothing.

use std::ops::Range;

use zeroize::Zeroizing;

/// A text decoded, and where each of its bytes starts in the text itself; one more for the end.
pub(super) struct View {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    starts: Vec<usize>,
}

impl View {
    /// Where `range` of the decoded text stands in the text itself.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let at = |at: usize| self.starts.get(at).copied().unwrap_or_default();
        at(range.start)..at(range.end)
    }

    fn decode(text: &[u8], mut one: impl FnMut(&[u8]) -> Option<(Vec<u8>, usize)>) -> Self {
        let (mut bytes, mut starts) = (
            Vec::with_capacity(text.len()),
            Vec::with_capacity(text.len() + 1),
        );
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            let (decoded, length) = one(&text[at..]).unwrap_or_else(|| (vec![byte], 1));
            starts.extend(decoded.iter().map(|_| at));
            bytes.extend(decoded);
            at += length;
        }
        starts.push(text.len());
        Self {
            bytes: Zeroizing::new(bytes),
            starts,
        }
    }

    /// `%41` and, in forms, `+`.
    pub(super) fn percent(text: &[u8], is_form: bool) -> Option<Self> {
        let sign = if is_form { b'+' } else { b'%' };
        memchr::memchr(sign, text)?;
        Some(Self::decode(text, |rest| match rest {
            [b'%', high, low, ..] => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let value = digit(*high)? * 16 + digit(*low)?;
                Some((vec![u8::try_from(value).ok()?], 3))
            }
            [b'+', ..] if is_form => Some((vec![b' '], 1)),
            _ => None,
        }))
    }

    /// The escapes of JSON.
    pub(super) fn escapes(text: &[u8]) -> Option<Self> {
        memchr::memchr(b'\\', text)?;
        Some(Self::decode(text, |rest| {
            let [b'\\', letter, ..] = rest else {
                return None;
            };
            let byte = match letter {
                b'n' => b'\n',
                b't' => b'\t',
                b'r' => b'\r',
                b'b' => 8,
                b'f' => 12,
                b'u' => return unicode(rest),
                other => *other,
            };
            Some((vec![byte], 2))
        }))
    }
}

/// `\u0041`, or two of them for one character.
fn unicode(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let unit = |at: usize| {
        let digits = rest.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let first = unit(0)?;
    let (c, length) = match char::from_u32(first.into()) {
        Some(c) => (c, 6),
        None => (char::decode_utf16([first, unit(6)?]).next()?.ok()?, 12),
    };
    Some((c.to_string().into_bytes(), length))
}
