//! Finds where strings, numbers and white space end, also when the text comes in pieces; builds nothing.

/// Bytes looked at in one step.
const STEP: usize = 8;
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES << 7;

/// Where a stretch of ordinary bytes in a string ends.
pub(crate) struct Stretch {
    /// First byte that is a quote, a backslash or a control character, or the end of the bytes.
    pub(crate) end: usize,
    /// Whether a byte before it is not ASCII.
    pub(crate) is_wide: bool,
}

/// Marks in the high bits the bytes that are a quote, a backslash or a control character. The lowest mark is exact;
/// a borrow can only set marks above a true one.
#[inline]
fn marks(word: u64) -> u64 {
    let quote = word ^ (ONES * u64::from(b'"'));
    let backslash = word ^ (ONES * u64::from(b'\\'));
    ((quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * 0x20) & !word))
        & HIGHS
}

#[inline]
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let step = bytes.get(at..)?.first_chunk::<STEP>()?;
    Some(u64::from_le_bytes(*step))
}

/// Skips what may stand in a string as it is. Looks at eight bytes at once: strings of API answers are short,
/// so that setting up a vectorised search for each costs more than it saves.
#[inline]
pub(crate) fn ordinary(bytes: &[u8], from: usize) -> Stretch {
    let mut at = from;
    let mut wide = 0;
    while let Some(word) = word_at(bytes, at) {
        let marks = marks(word);
        if marks != 0 {
            let below = (marks & marks.wrapping_neg()) - 1;
            return Stretch {
                end: at + (marks.trailing_zeros() >> 3) as usize,
                is_wide: (wide | word & below) & HIGHS != 0,
            };
        }
        wide |= word;
        at += STEP;
    }
    let mut is_wide = wide & HIGHS != 0;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            break;
        }
        is_wide |= byte >= 0x80;
        at += 1;
    }
    Stretch { end: at, is_wide }
}

/// End of the string that starts at `at`, if it is all ASCII, has no escapes, and does not end near the end of the
/// bytes: that is most strings, and there is nothing more to check in them.
#[inline]
pub(crate) fn plain_string(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        let word = word_at(bytes, at)?;
        let marks = marks(word) | word & HIGHS;
        if marks != 0 {
            let end = at + (marks.trailing_zeros() >> 3) as usize;
            return (bytes.get(end) == Some(&b'"')).then_some(end + 1);
        }
        at += STEP;
    }
}

/// End of the number that starts at `at`, if it is valid, has no exponent and does not end with the bytes.
#[inline]
pub(crate) fn plain_number(bytes: &[u8], at: usize) -> Option<usize> {
    let first = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut end = digits(bytes, first);
    if end == first || bytes.get(first) == Some(&b'0') && end > first + 1 {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        let fraction = end + 1;
        end = digits(bytes, fraction);
        if end == fraction {
            return None;
        }
    }
    (!matches!(bytes.get(end), None | Some(b'e' | b'E'))).then_some(end)
}

#[inline]
fn digits(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// First byte from `at` on that is no white space.
#[inline]
pub(crate) fn skip_white_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
        // Indentation comes in runs of spaces.
        while let Some(b"        ") = bytes.get(at..).and_then(|rest| rest.first_chunk::<STEP>()) {
            at += STEP;
        }
    }
    at
}

/// How far a number has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Start,
    Minus,
    Zero,
    Whole,
    Dot,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
}

impl Number {
    /// Takes as many bytes as belong to the number.
    #[inline]
    pub(crate) fn advance(mut self, bytes: &[u8], mut at: usize) -> (Self, usize) {
        while let Some(&byte) = bytes.get(at) {
            self = match (self, byte) {
                (Self::Whole | Self::Fraction | Self::ExponentDigits, b'0'..=b'9') => self,
                (Self::Start | Self::Minus, b'1'..=b'9') => Self::Whole,
                (Self::Zero | Self::Whole, b'.') => Self::Dot,
                (Self::Dot, b'0'..=b'9') => Self::Fraction,
                (Self::Start | Self::Minus, b'0') => Self::Zero,
                (Self::Start, b'-') => Self::Minus,
                (Self::Zero | Self::Whole | Self::Fraction, b'e' | b'E') => Self::Exponent,
                (Self::Exponent, b'+' | b'-') => Self::ExponentSign,
                (Self::Exponent | Self::ExponentSign, b'0'..=b'9') => Self::ExponentDigits,
                _ => return (self, at),
            };
            at += 1;
        }
        (self, at)
    }

    /// Whether it may end here.
    pub(crate) fn is_whole(self) -> bool {
        matches!(
            self,
            Self::Zero | Self::Whole | Self::Fraction | Self::ExponentDigits
        )
    }
}

/// Checks UTF-8 that comes in pieces.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Encoding {
    /// A character that has not come to its end.
    open: [u8; 4],
    open_length: usize,
}

impl Encoding {
    /// Checks `piece`, which stands at `offset`; fails with the offset of the first wrong byte.
    pub(crate) fn check(&mut self, mut piece: &[u8], mut offset: usize) -> Result<(), usize> {
        while let (1.., [byte, rest @ ..]) = (self.open_length, piece) {
            let start = offset - self.open_length;
            if let Some(place) = self.open.get_mut(self.open_length) {
                *place = *byte;
            }
            self.open_length += 1;
            (piece, offset) = (rest, offset + 1);
            match std::str::from_utf8(self.open.get(..self.open_length).unwrap_or_default()) {
                Ok(_) => self.open_length = 0,
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(start),
            }
        }
        if let Err(error) = std::str::from_utf8(piece) {
            let (_, wrong) = piece.split_at(error.valid_up_to());
            if error.error_len().is_some() {
                return Err(offset + error.valid_up_to());
            }
            self.open_length = wrong.len();
            self.open
                .iter_mut()
                .zip(wrong)
                .for_each(|(to, from)| *to = *from);
        }
        Ok(())
    }

    /// Whether a character has begun and not ended.
    pub(crate) fn is_open(&self) -> bool {
        self.open_length > 0
    }

    /// Bytes of the character that has begun and not ended.
    pub(crate) fn open_length(&self) -> usize {
        self.open_length
    }
}

/// Offset behind a scalar that starts at `start`, for those too long to keep their length, and for empty
/// containers that are full of white space.
pub(crate) fn end_of_value(text: &[u8], start: usize) -> usize {
    match text.get(start) {
        Some(b'"') => end_of_string(text, start),
        Some(b'{' | b'[') => (skip_white_space(text, start + 1) + 1).min(text.len()),
        _ => Number::Start.advance(text, start).1,
    }
}

fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        at = ordinary(text, at).end;
        at += match text.get(at) {
            None => return text.len(),
            Some(b'"') => return at + 1,
            Some(b'\\') if text.get(at + 1).is_some_and(|next| *next >= 0x20) => 2,
            Some(_) => 1,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_ends_at_the_first_byte_that_matters_wherever_it_stands() {
        for length in 0..40 {
            for mark in [b'"', b'\\', 0x1F, 0] {
                let mut text = vec![b'!'; length];
                text.push(mark);
                text.extend_from_slice(b"\x1F\"\\ and more");
                let stretch = ordinary(&text, 0);
                assert_eq!((stretch.end, stretch.is_wide), (length, false));
            }
        }
    }

    #[test]
    fn wide_characters_count_only_before_the_end() {
        assert!(!ordinary("ab\"é      ".as_bytes(), 0).is_wide);
        assert!(ordinary("é\"        ".as_bytes(), 0).is_wide);
        assert!(ordinary("0123456789é".as_bytes(), 0).is_wide);
        assert!(!ordinary(b"\x7F\x7F\x7F\x7F\x7F\x7F\x7F\x7F\"", 0).is_wide);
        assert_eq!(
            ordinary("\u{FFFD}\u{FFFD}\u{FFFD}x\"".as_bytes(), 0).end,
            10
        );
    }

    #[test]
    fn numbers_end_where_the_grammar_says() {
        for (text, end, is_whole) in [
            ("0", 1, true),
            ("01", 1, true),
            ("-", 1, false),
            ("-0.50e+12,", 9, true),
            ("1.", 2, false),
            ("1e", 2, false),
            ("1e-", 3, false),
            ("12345678901234567890]", 20, true),
            ("1-2", 1, true),
            ("+1", 0, false),
        ] {
            let (number, at) = Number::Start.advance(text.as_bytes(), 0);
            assert_eq!((at, number.is_whole()), (end, is_whole), "{text}");
        }
    }

    #[test]
    fn encoding_faults_are_found_at_the_same_place_in_pieces() {
        for text in [
            &b"a\xC3\xA9b"[..],
            b"ab\xE2\x82",
            b"a\xE2A",
            b"\xF0\x9F\x98\x80\xFF",
            b"\xED\xA0\x80",
        ] {
            let whole = std::str::from_utf8(text).map_err(|error| error.valid_up_to());
            for cut in 0..=text.len() {
                let mut encoding = Encoding::default();
                let result = encoding
                    .check(&text[..cut], 0)
                    .and_then(|()| encoding.check(&text[cut..], cut))
                    .and_then(|()| match encoding.open_length() {
                        0 => Ok(()),
                        open => Err(text.len() - open),
                    });
                assert_eq!(result, whole.map(drop));
            }
        }
    }

    #[test]
    fn long_values_are_measured_again() {
        assert_eq!(end_of_value(br#" "a\"b" "#, 1), 7);
        assert_eq!(end_of_value(b"-12.5,", 0), 5);
        assert_eq!(end_of_value(b"[   ]x", 0), 5);
        assert_eq!(end_of_value(br#""open\"#, 0), 6);
    }
}
