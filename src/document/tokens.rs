//! Reads one string, number or word, which a piece of text may end in; where it stands is left to `builder`.

use crate::document::builder::Builder;
use crate::document::fault::{Expect, Reason};
use crate::document::node::Shape;
use crate::document::scan::{self, Encoding, Number};

const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A token that the last piece ended in, with the offset of its first byte.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pending {
    Mark { matched: usize },
    String { start: usize, string: StringState },
    Number { start: usize, number: Number },
    Word(Word),
}

/// How far `true`, `false` or `null` has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) spelling: &'static str,
    pub(crate) shape: Shape,
    pub(crate) matched: usize,
}

impl Word {
    pub(crate) fn new(start: usize, spelling: &'static str, shape: Shape) -> Self {
        Self {
            start,
            spelling,
            shape,
            matched: 0,
        }
    }
}

/// How far a string has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StringState {
    is_name: bool,
    escape: Escape,
    encoding: Encoding,
    /// Whether its encoding is known to be wrong.
    is_broken: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    None,
    Backslash,
    /// Hexadecimal digits that are missing.
    Unicode(u8),
}

impl Builder {
    /// Goes on with the token that the piece before ended in; `None` when there is no more to read.
    pub(crate) fn resume(&mut self, bytes: &[u8], pending: Pending) -> Option<usize> {
        match pending {
            Pending::Mark { matched } => self.mark(bytes, matched),
            Pending::String { start, string } => self.string(bytes, start, 0, string),
            Pending::Number { start, number } => self.number(bytes, start, 0, number),
            Pending::Word(word) => self.word(bytes, 0, word),
        }
    }

    /// Begins with the first piece.
    pub(crate) fn first(&mut self, bytes: &[u8]) -> Option<usize> {
        match bytes.first() == MARK.first() {
            true => self.mark(bytes, 0),
            false => Some(0),
        }
    }

    /// Reads a string from its opening quote on.
    pub(crate) fn open_string(&mut self, bytes: &[u8], at: usize, is_name: bool) -> Option<usize> {
        let state = StringState {
            is_name,
            escape: Escape::None,
            encoding: Encoding::default(),
            is_broken: false,
        };
        self.string(bytes, self.read + at, at + 1, state)
    }

    fn string(
        &mut self,
        bytes: &[u8],
        start: usize,
        from: usize,
        mut state: StringState,
    ) -> Option<usize> {
        let mut at = from;
        let mut is_wide = state.encoding.is_open();
        loop {
            if state.escape != Escape::None {
                at = self.escape(bytes, at, &mut state.escape);
            }
            let stretch = scan::ordinary(bytes, at);
            at = stretch.end;
            is_wide |= stretch.is_wide;
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    state.escape = Escape::Backslash;
                    at += 1;
                }
                Some(_) => {
                    self.flawed(self.read + at, Reason::Control);
                    at += 1;
                }
                None => {
                    self.check_encoding(bytes, from, at, is_wide, &mut state);
                    self.pending = Some(Pending::String {
                        start,
                        string: state,
                    });
                    return None;
                }
            }
        }
        self.check_encoding(bytes, from, at, is_wide, &mut state);
        if state.encoding.is_open() && !state.is_broken {
            self.flawed(
                self.read + at - state.encoding.open_length(),
                Reason::Encoding,
            );
        }
        at += 1;
        if state.is_name {
            return self.named(bytes, at);
        }
        self.leaf(start, self.read + at, Shape::String);
        Some(at)
    }

    /// Goes on behind a name, and behind its colon if it stands right there.
    #[inline]
    pub(crate) fn named(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let has_colon = bytes.get(at) == Some(&b':');
        self.expect = match has_colon {
            true => Expect::MemberValue,
            false => Expect::Colon,
        };
        Some(at + usize::from(has_colon))
    }

    fn check_encoding(
        &mut self,
        bytes: &[u8],
        from: usize,
        to: usize,
        is_wide: bool,
        state: &mut StringState,
    ) {
        if is_wide && !state.is_broken {
            let piece = bytes.get(from..to).unwrap_or_default();
            if let Err(offset) = state.encoding.check(piece, self.read + from) {
                self.flawed(offset, Reason::Encoding);
                state.is_broken = true;
            }
        }
    }

    /// Reads what follows a backslash. What is no escape is left to be read as ordinary text.
    fn escape(&mut self, bytes: &[u8], mut at: usize, escape: &mut Escape) -> usize {
        while let (Some(&byte), true) = (bytes.get(at), *escape != Escape::None) {
            *escape = match (*escape, byte) {
                (Escape::Backslash, b'u') => Escape::Unicode(4),
                (Escape::Unicode(left @ 2..), _) if byte.is_ascii_hexdigit() => {
                    Escape::Unicode(left - 1)
                }
                (Escape::Unicode(_), _) if byte.is_ascii_hexdigit() => Escape::None,
                (Escape::Backslash, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                    Escape::None
                }
                (wrong, _) => {
                    let is_unicode = matches!(wrong, Escape::Unicode(_));
                    let reason = if is_unicode {
                        Reason::UnicodeEscape
                    } else {
                        Reason::Escape
                    };
                    self.flawed(self.read + at, reason);
                    *escape = Escape::None;
                    return at;
                }
            };
            at += 1;
        }
        at
    }

    pub(crate) fn number(
        &mut self,
        bytes: &[u8],
        start: usize,
        at: usize,
        number: Number,
    ) -> Option<usize> {
        let (number, at) = number.advance(bytes, at);
        match bytes.get(at) {
            None => {
                self.pending = Some(Pending::Number { start, number });
                None
            }
            Some(_) if !number.is_whole() => self.stopped(at, Reason::ExpectedDigit),
            Some(b'0'..=b'9') => self.stopped(at, Reason::LeadingZero),
            Some(_) => {
                self.leaf(start, self.read + at, Shape::Number);
                Some(at)
            }
        }
    }

    pub(crate) fn word(&mut self, bytes: &[u8], mut at: usize, mut word: Word) -> Option<usize> {
        while let Some(expected) = word.spelling.as_bytes().get(word.matched) {
            match bytes.get(at) {
                None => {
                    self.pending = Some(Pending::Word(word));
                    return None;
                }
                Some(byte) if byte == expected => (at, word.matched) = (at + 1, word.matched + 1),
                Some(_) => return self.stopped(at, Reason::Word(word.spelling)),
            }
        }
        self.leaf(word.start, self.read + at, word.shape);
        Some(at)
    }

    /// Reads the byte order mark that some programs put first.
    fn mark(&mut self, bytes: &[u8], mut matched: usize) -> Option<usize> {
        let mut at = 0;
        while let Some(expected) = MARK.get(matched) {
            match bytes.get(at) {
                None => {
                    self.pending = Some(Pending::Mark { matched });
                    return None;
                }
                Some(byte) if byte == expected => (at, matched) = (at + 1, matched + 1),
                Some(_) => {
                    self.stop_at(0, Reason::Expected(self.expect));
                    return None;
                }
            }
        }
        self.flawed(0, Reason::ByteOrderMark);
        Some(at)
    }

    /// Ends the token that the text ends in.
    pub(crate) fn settle(&mut self) {
        let offset = self.read;
        let reason = match self.pending.take() {
            None => return,
            Some(Pending::Number { start, number }) if number.is_whole() => {
                return self.leaf(start, offset, Shape::Number);
            }
            Some(Pending::Mark { .. }) => return self.stop_at(0, Reason::Expected(self.expect)),
            Some(Pending::String { .. }) => Reason::OpenString,
            Some(Pending::Number { .. }) => Reason::ExpectedDigit,
            Some(Pending::Word(word)) => Reason::Word(word.spelling),
        };
        self.stop_at(offset, reason);
    }
}
