//! Builds the index while the bytes arrive, in pieces of any size; looking at it is left to `index`.

use crate::document::fault::{Expect, Notice, Reason};
use crate::document::index::{Document, Index};
use crate::document::node::{Container, Node, Shape};
use crate::document::scan::{self, Number};
use crate::document::tokens::{Pending, Word};
use crate::domain::Body;

/// Offsets have 32 bits.
const MOST_BYTES: usize = u32::MAX as usize;

/// Values of API answers take this much text and more.
const BYTES_PER_VALUE: usize = 16;

/// Expecting more than this is not believed before it comes. Memory that is not written to costs nothing.
const MOST_EXPECTED: usize = 1 << 30;

/// Reads JSON text piece by piece. The index is the same however the text was cut into pieces.
///
/// [`Builder::snapshot`] shows what has arrived so far. It copies the index (eight bytes a value, about half the
/// text's size), not the text, so take snapshots at growing distances: when each comes after twice the bytes of
/// the one before, all of them together cost no more than one copy of the final index. Sharing parts of the index
/// instead would cost every look at it a detour. Values keep their [`NodeId`](crate::document::NodeId) from one
/// snapshot to the next, so that what is selected or folded stays so.
#[derive(Clone, Debug)]
pub struct Builder {
    pub(crate) nodes: Vec<Node>,
    pub(crate) containers: Vec<Container>,
    /// The innermost open container.
    pub(crate) current: Option<usize>,
    /// Its members or items so far.
    pub(crate) children: u32,
    /// What follows a value in it.
    pub(crate) separator: Expect,
    pub(crate) expect: Expect,
    pub(crate) pending: Option<Pending>,
    /// Bytes read so far.
    pub(crate) read: usize,
    limit: usize,
    /// First fault that did not end the reading.
    flaw: Option<Notice>,
    /// The fault that ended it.
    pub(crate) stop: Option<Notice>,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// Starts with no text.
    pub fn new() -> Self {
        Self {
            nodes: Vec::new(),
            containers: Vec::new(),
            current: None,
            children: 0,
            separator: Expect::End,
            expect: Expect::Value,
            pending: None,
            read: 0,
            limit: MOST_BYTES,
            flaw: None,
            stop: None,
        }
    }

    /// Starts with no text, of which `bytes` are expected, so that the index need not be moved as it grows.
    pub fn expecting(bytes: usize) -> Self {
        let values = bytes.min(MOST_EXPECTED) / BYTES_PER_VALUE;
        Self {
            nodes: Vec::with_capacity(values),
            ..Self::new()
        }
    }

    /// Reads no more than the first `bytes` of the text.
    #[must_use]
    pub fn up_to(mut self, bytes: usize) -> Self {
        self.limit = bytes.min(MOST_BYTES);
        self
    }

    /// Number of bytes read so far.
    pub fn read(&self) -> usize {
        self.read
    }

    /// Number of values found so far.
    pub fn values(&self) -> usize {
        self.nodes.len()
    }

    /// Whether a fault has ended the reading, so that more bytes change nothing.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// Reads the next piece of the text.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.stop.is_none() {
            let room = self.limit - self.read.min(self.limit);
            self.go_on(bytes.get(..room).unwrap_or(bytes));
            if bytes.len() > room && self.stop.is_none() {
                self.read = self.limit;
                self.settle();
                self.stop = self.stop.or(Some(Notice {
                    offset: self.limit,
                    reason: Reason::TooLong(self.limit),
                }));
            }
        }
        self.read += bytes.len();
    }

    /// What has been read so far as a document whose text has been cut there. `body` holds those bytes at least: it
    /// may be a file that is all there and still being read.
    pub fn snapshot(&self, body: Body) -> Document {
        self.clone().finish(body)
    }

    /// The document of the whole text. `body` holds the bytes that were fed.
    pub fn finish(mut self, body: Body) -> Document {
        if self.stop.is_none() {
            self.settle();
        }
        if self.stop.is_none() && self.expect != Expect::End {
            let reason = match self.expect {
                Expect::Value => Reason::Empty,
                expect => Reason::Expected(expect),
            };
            self.stop = Some(Notice {
                offset: self.read,
                reason,
            });
        }
        let open = self.close_all();
        self.nodes.shrink_to_fit();
        self.containers.shrink_to_fit();
        let all = body.as_bytes();
        let text = all.get(..self.read).unwrap_or(all);
        let notices = self.flaw.into_iter().chain(self.stop);
        let mut faults: Vec<_> = notices.map(|notice| notice.into_fault(text)).collect();
        faults.sort_by_key(|fault| fault.offset);
        Document::new(
            body,
            Index {
                nodes: self.nodes,
                containers: self.containers,
                faults,
                open,
            },
        )
    }

    fn go_on(&mut self, bytes: &[u8]) {
        let resumed = match self.pending.take() {
            Some(pending) => self.resume(bytes, pending),
            None if self.read == 0 => self.first(bytes),
            None => Some(0),
        };
        if let Some(at) = resumed {
            self.run(bytes, at);
        }
    }

    fn run(&mut self, bytes: &[u8], mut at: usize) {
        loop {
            at = scan::skip_white_space(bytes, at);
            let Some(&byte) = bytes.get(at) else { return };
            let next = match self.expect {
                Expect::ObjectSeparator if byte == b',' => self.go(at, Expect::Member),
                Expect::MemberOrEnd | Expect::Member if byte == b'"' => self.name(bytes, at),
                Expect::Colon if byte == b':' => self.go(at, Expect::MemberValue),
                Expect::ArraySeparator if byte == b',' => self.go(at, Expect::Item),
                Expect::MemberOrEnd | Expect::ObjectSeparator if byte == b'}' => self.end(at),
                Expect::ItemOrEnd | Expect::ArraySeparator if byte == b']' => self.end(at),
                Expect::Value | Expect::Item | Expect::ItemOrEnd | Expect::MemberValue => {
                    self.value(bytes, at, byte)
                }
                expect => self.stopped(at, Reason::Expected(expect)),
            };
            let Some(next) = next else { return };
            at = next;
        }
    }

    #[inline]
    fn name(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        match scan::plain_string(bytes, at) {
            Some(end) => self.named(bytes, end),
            None => self.open_string(bytes, at, true),
        }
    }

    #[inline]
    fn value(&mut self, bytes: &[u8], at: usize, byte: u8) -> Option<usize> {
        let start = self.read + at;
        match byte {
            b'"' => match scan::plain_string(bytes, at) {
                Some(end) => self.scalar(start, end, Shape::String),
                None => self.open_string(bytes, at, false),
            },
            b'-' | b'0'..=b'9' => match scan::plain_number(bytes, at) {
                Some(end) => self.scalar(start, end, Shape::Number),
                None => self.number(bytes, start, at, Number::Start),
            },
            b'{' => self.open(at, Shape::Object, Expect::MemberOrEnd),
            b'[' => self.open(at, Shape::Array, Expect::ItemOrEnd),
            b't' => self.word(bytes, at, Word::new(start, "true", Shape::Bool)),
            b'f' => self.word(bytes, at, Word::new(start, "false", Shape::Bool)),
            b'n' => self.word(bytes, at, Word::new(start, "null", Shape::Null)),
            _ => self.stopped(at, Reason::Expected(self.expect)),
        }
    }

    fn go(&mut self, at: usize, expect: Expect) -> Option<usize> {
        self.expect = expect;
        Some(at + 1)
    }

    /// Notes a fault that the reading goes on after; the first in the text is kept.
    pub(crate) fn flawed(&mut self, offset: usize, reason: Reason) {
        if self.flaw.is_none_or(|flaw| offset < flaw.offset) {
            self.flaw = Some(Notice { offset, reason });
        }
    }

    /// Ends the reading at a byte of the current piece.
    pub(crate) fn stopped(&mut self, at: usize, reason: Reason) -> Option<usize> {
        self.stop_at(self.read + at, reason);
        None
    }

    pub(crate) fn stop_at(&mut self, offset: usize, reason: Reason) {
        self.stop = Some(Notice { offset, reason });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::NodeId;

    fn fault(text: &str) -> String {
        let document = Document::parse(text.into());
        let fault = document.fault().expect(text);
        format!("{}: {}", fault.offset, fault.reason)
    }

    #[test]
    fn faults_say_what_was_expected() {
        for (text, words) in [
            ("", "0: there is no text"),
            (" \n", "2: there is no text"),
            ("[1}", "2: expected a comma or ], found }"),
            ("[1,]", "3: expected a value, found ]"),
            ("[,", "1: expected a value or ], found ,"),
            ("{\"a\":1,}", "7: expected a name in quotes, found }"),
            ("{a", "1: expected a name in quotes or }, found a"),
            ("{\"a\" 1", "5: expected a colon, found 1"),
            ("{\"a\":}", "5: expected a value, found }"),
            ("[1] x", "4: expected the end, found x"),
            ("[01]", "2: a number must not go on after a leading 0"),
            ("[1.]", "3: expected a digit, found ]"),
            ("[tru]", "4: expected true, found ]"),
            ("[\"a", "3: the text ends inside a string"),
            ("[\"a\nb\"]", "3: a line break must be escaped in a string"),
            (
                "[\"\\x\"]",
                "3: a backslash must be followed by one of \" \\ / b f n r t u",
            ),
            (
                "[\"\\u12\"]",
                "6: \\u must be followed by four hexadecimal digits",
            ),
            ("\u{FEFF}[]", "0: a byte order mark stands before the text"),
        ] {
            assert_eq!(fault(text), words);
        }
    }

    #[test]
    fn what_is_whole_before_a_fault_stays_and_what_is_open_is_closed() {
        let document = Document::parse("{\"a\":[1,{\"b\":[2] !".into());
        assert_eq!(document.len(), 6);
        let cut: Vec<_> = (0..6).map(|n| document.is_cut(NodeId::new(n))).collect();
        assert_eq!(cut, [true, true, false, true, false, false]);
        assert_eq!(document.raw(NodeId::new(3)), b"{\"b\":[2] ");
        let document = Document::parse("[[".into());
        assert_eq!(
            (document.len(), document.child_count(NodeId::new(0))),
            (2, 1)
        );
        assert!(document.is_cut(NodeId::new(0)) && document.is_cut(NodeId::new(1)));
    }

    #[test]
    fn a_flaw_does_not_hide_what_follows_nor_the_fault_that_ends_the_reading() {
        let document = Document::parse("[\"a\tb\", 2, ?".into());
        let offsets: Vec<_> = document.faults().iter().map(|fault| fault.offset).collect();
        assert_eq!((offsets, document.len()), (vec![3, 11], 3));
    }

    #[test]
    fn a_snapshot_ends_where_the_reading_is_however_much_there_is_of_the_body() {
        let mut builder = Builder::new();
        builder.feed(b"[1,{\"a\":2");
        let document = builder.snapshot("[1,{\"a\":2},3]".into());
        let reason = document.fault().map(|fault| fault.reason.as_str());
        assert_eq!(reason, Some("expected a comma or }, found the end"));
        assert_eq!(document.raw(NodeId::new(2)), b"{\"a\":2");
        builder.feed(b"},3]");
        assert_eq!(builder.finish("[1,{\"a\":2},3]".into()).fault(), None);
    }

    #[test]
    fn text_beyond_the_limit_is_a_fault() {
        let mut builder = Builder {
            limit: 6,
            ..Builder::new()
        };
        builder.feed(b"[1,");
        builder.feed(b"22,33]");
        let document = builder.finish("[1,22,33]".into());
        assert_eq!(document.len(), 3);
        let fault = document.fault().unwrap();
        assert_eq!((fault.offset, document.is_cut(NodeId::new(0))), (6, true));
        assert_eq!(fault.reason, "only the first 6 bytes are read as JSON");
        assert!(fault.is_limit);
    }
}
