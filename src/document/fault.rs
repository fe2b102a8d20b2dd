//! What is wrong with a text and where, in plain words; noticing it is left to `builder`.

use memchr::{memchr_iter, memrchr};

/// A place where a text departs from RFC 8259.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Byte at which it was noticed.
    pub offset: usize,
    /// Line of that byte, from 1.
    pub line: usize,
    /// Column of that byte in characters, from 1.
    pub column: usize,
    /// What is wrong, in plain words.
    pub reason: String,
    /// Whether the text is sound as far as it was read, and only more than an index can take.
    pub is_limit: bool,
}

/// What is wrong with white space alone.
const NOTHING: &str = "there is no text";

impl Fault {
    /// Whether there was nothing to read.
    pub(crate) fn is_of_nothing(&self) -> bool {
        self.reason == NOTHING
    }
}

/// What the text may go on with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Expect {
    #[default]
    Value,
    Item,
    ItemOrEnd,
    MemberOrEnd,
    Member,
    Colon,
    MemberValue,
    ArraySeparator,
    ObjectSeparator,
    End,
}

impl Expect {
    fn words(self) -> &'static str {
        match self {
            Self::Value | Self::Item | Self::MemberValue => "a value",
            Self::ItemOrEnd => "a value or ]",
            Self::MemberOrEnd => "a name in quotes or }",
            Self::Member => "a name in quotes",
            Self::Colon => "a colon",
            Self::ArraySeparator => "a comma or ]",
            Self::ObjectSeparator => "a comma or }",
            Self::End => "the end",
        }
    }
}

/// What is wrong, before it is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Empty,
    Expected(Expect),
    ExpectedDigit,
    LeadingZero,
    Word(&'static str),
    OpenString,
    Control,
    Escape,
    UnicodeEscape,
    Encoding,
    ByteOrderMark,
    TooLong(usize),
    TooMany(usize),
}

/// A fault as the builder notes it; line, column and words are found when the text is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) offset: usize,
    pub(crate) reason: Reason,
}

impl Notice {
    pub(crate) fn into_fault(self, text: &[u8]) -> Fault {
        let before = text.get(..self.offset).unwrap_or(text);
        let line_start = memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let column = &before[line_start..];
        Fault {
            offset: self.offset,
            line: memchr_iter(b'\n', before).count() + 1,
            column: column.iter().filter(|byte| *byte & 0xC0 != 0x80).count() + 1,
            reason: self.words(text),
            is_limit: matches!(self.reason, Reason::TooLong(_) | Reason::TooMany(_)),
        }
    }

    fn words(self, text: &[u8]) -> String {
        let found = || found(text, self.offset);
        match self.reason {
            Reason::Empty => NOTHING.into(),
            Reason::Expected(expect) => format!("expected {}, found {}", expect.words(), found()),
            Reason::ExpectedDigit => format!("expected a digit, found {}", found()),
            Reason::LeadingZero => "a number must not go on after a leading 0".into(),
            Reason::Word(word) => format!("expected {word}, found {}", found()),
            Reason::OpenString => "the text ends inside a string".into(),
            Reason::Control => format!("{} must be escaped in a string", found()),
            Reason::Escape => "a backslash must be followed by one of \" \\ / b f n r t u".into(),
            Reason::UnicodeEscape => "\\u must be followed by four hexadecimal digits".into(),
            Reason::Encoding => format!("{} in a string is not valid UTF-8", found()),
            Reason::ByteOrderMark => "a byte order mark stands before the text".into(),
            Reason::TooLong(limit) => format!("only the first {limit} bytes are read as JSON"),
            Reason::TooMany(limit) => {
                format!("only the first {limit} arrays and objects are read as JSON")
            }
        }
    }
}

/// The character at `offset` as it can be shown in a sentence.
fn found(text: &[u8], offset: usize) -> String {
    let Some(rest @ [first, ..]) = text.get(offset..) else {
        return "the end".into();
    };
    let character = rest
        .get(..rest.len().min(4))
        .and_then(|head| head.utf8_chunks().next())
        .and_then(|chunk| chunk.valid().chars().next());
    match character {
        Some('\n') => "a line break".into(),
        Some('\t') => "a tab".into(),
        Some(' ') => "a space".into(),
        Some(character) if is_unseen(character) => {
            format!("the character U+{:04X}", u32::from(character))
        }
        Some(character) => character.into(),
        None => format!("the byte {first:#04X}"),
    }
}

/// Whether `character` would leave no mark of its own, or turn the text around it.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || character.is_whitespace()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(character, '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &[u8], offset: usize, reason: Reason) -> Fault {
        Notice { offset, reason }.into_fault(text)
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let fault = fault("{\n \"é\" x".as_bytes(), 8, Reason::Expected(Expect::Colon));
        assert_eq!((fault.line, fault.column), (2, 6));
        assert_eq!(fault.reason, "expected a colon, found x");
    }

    #[test]
    fn what_cannot_be_shown_is_named() {
        let words = |text: &[u8]| fault(text, 0, Reason::Expected(Expect::Value)).reason;
        assert_eq!(words(b""), "expected a value, found the end");
        assert_eq!(words(b"\xFF"), "expected a value, found the byte 0xFF");
        assert_eq!(
            words(b"\x1B[2J"),
            "expected a value, found the character U+001B"
        );
        assert_eq!(words("é".as_bytes()), "expected a value, found é");
        assert_eq!(
            words("\u{202E}".as_bytes()),
            "expected a value, found the character U+202E"
        );
    }
}
