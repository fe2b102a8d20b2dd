//! Builds the flat index in one pass over the bytes, without recursion, strictly by RFC 8259. Keeps what is whole.

use memchr::memchr2;

use crate::document::{Fault, Node, NodeId, NodeKind, NONE};

/// What the scanner expects next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A value; in an array that was just opened, also its end.
    Value { or_end: bool },
    /// A member's name; in an object that was just opened, also its end.
    Name { or_end: bool },
    /// A comma or the end of the container.
    Comma,
    /// Nothing but blanks.
    End,
}

/// The index as it grows.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
    /// The open container; its ancestors follow from `parent`.
    open: u32,
    depth: u32,
    /// The newest child of each open container: where the next sibling is linked.
    last: Vec<u32>,
    /// Start of the name of the member that is read; `NONE` in arrays.
    name: u32,
}

/// A rough number of bytes for a node, so that the list of nodes seldom has to grow.
const BYTES_PER_NODE: usize = 16;

type Scan<T> = Result<T, (usize, &'static str)>;

/// Indexes `bytes`: the nodes, and where and why the text breaks, if it does.
pub(super) fn scan(bytes: &[u8]) -> (Vec<Node>, Option<Fault>) {
    if u32::try_from(bytes.len()).map_or(true, |length| length == NONE) {
        let fault = Fault::at(bytes, 0, "larger than 4 GiB: too large to be shown as JSON");
        return (Vec::new(), Some(fault));
    }
    let mut scanner = Scanner {
        bytes,
        at: 0,
        nodes: Vec::with_capacity(bytes.len() / BYTES_PER_NODE + 1),
        open: NONE,
        depth: 0,
        last: vec![NONE],
        name: NONE,
    };
    let fault = scanner.run().err().map(|(offset, reason)| Fault::at(bytes, offset, reason));
    scanner.close_all();
    scanner.nodes.shrink_to_fit();
    (scanner.nodes, fault)
}

impl Scanner<'_> {
    fn run(&mut self) -> Scan<()> {
        if self.bytes.starts_with(b"\xEF\xBB\xBF") {
            self.at = 3; // a byte order mark may be ignored (RFC 8259, section 8.1)
        }
        let mut expect = Expect::Value { or_end: false };
        loop {
            self.skip_blanks();
            let Some(&byte) = self.bytes.get(self.at) else {
                return match expect {
                    Expect::End => Ok(()),
                    _ if self.nodes.is_empty() => Err((self.at, "there is nothing but blanks")),
                    _ => Err((self.at, "the text ends in the middle")),
                };
            };
            expect = match (expect, byte) {
                (Expect::End, _) => return Err((self.at, "there is more after the end of the value")),
                (Expect::Value { or_end: true }, b']') | (Expect::Name { or_end: true }, b'}') => self.close(byte)?,
                (Expect::Comma, b',') => {
                    self.at += 1;
                    self.after_comma()
                }
                (Expect::Comma, b']' | b'}') => self.close(byte)?,
                (Expect::Comma, _) => return Err((self.at, "expected a comma or the end of the list")),
                (Expect::Name { .. }, b'"') => {
                    self.member_name()?;
                    Expect::Value { or_end: false }
                }
                (Expect::Name { .. }, _) => return Err((self.at, "expected a name in double quotes")),
                (Expect::Value { .. }, _) => self.value(byte)?,
            };
        }
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn after_comma(&self) -> Expect {
        match self.kind_of_open() {
            Some(NodeKind::Object) => Expect::Name { or_end: false },
            _ => Expect::Value { or_end: false },
        }
    }

    fn kind_of_open(&self) -> Option<NodeKind> {
        self.nodes.get(self.open as usize).map(|node| node.kind())
    }

    fn after_value(&self) -> Expect {
        if self.open == NONE { Expect::End } else { Expect::Comma }
    }

    fn value(&mut self, byte: u8) -> Scan<Expect> {
        let start = self.at;
        let kind = match byte {
            b'{' => {
                self.open(NodeKind::Object);
                return Ok(Expect::Name { or_end: true });
            }
            b'[' => {
                self.open(NodeKind::Array);
                return Ok(Expect::Value { or_end: true });
            }
            b'"' => {
                self.string()?;
                NodeKind::String
            }
            b'-' | b'0'..=b'9' => {
                self.number()?;
                NodeKind::Number
            }
            b't' => self.word(b"true", NodeKind::Bool)?,
            b'f' => self.word(b"false", NodeKind::Bool)?,
            b'n' => self.word(b"null", NodeKind::Null)?,
            _ => return Err((start, "expected a value")),
        };
        self.push(kind, start, self.at);
        Ok(self.after_value())
    }

    fn word(&mut self, word: &'static [u8], kind: NodeKind) -> Scan<NodeKind> {
        if !self.bytes[self.at..].starts_with(word) {
            return Err((self.at, "expected true, false or null"));
        }
        self.at += word.len();
        Ok(kind)
    }

    fn member_name(&mut self) -> Scan<()> {
        let start = self.at;
        self.string()?;
        self.skip_blanks();
        if self.bytes.get(self.at) != Some(&b':') {
            return Err((self.at, "expected a colon after the name"));
        }
        self.at += 1;
        self.name = offset(start);
        Ok(())
    }

    /// Passes over a string, from its opening to behind its closing quote.
    fn string(&mut self) -> Scan<()> {
        let start = self.at;
        let mut at = start + 1;
        loop {
            let Some(found) = memchr2(b'"', b'\\', &self.bytes[at..]) else {
                return Err((self.bytes.len(), "a string is not closed"));
            };
            let end = at + found;
            if let Some(control) = self.bytes[at..end].iter().position(|byte| *byte < 0x20) {
                return Err((at + control, "a control character in a string must be escaped"));
            }
            at = end + 1;
            if self.bytes[end] == b'"' {
                break;
            }
            match self.bytes.get(at) {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 1,
                Some(b'u') => {
                    let digits = self.bytes.get(at + 1..at + 5).unwrap_or_default();
                    if digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                        return Err((at, "\\u needs four hexadecimal digits"));
                    }
                    at += 5;
                }
                _ => return Err((at, "an escape that JSON does not know")),
            }
        }
        if let Err(error) = std::str::from_utf8(&self.bytes[start..at]) {
            return Err((start + error.valid_up_to(), "bytes that are not UTF-8"));
        }
        self.at = at;
        Ok(())
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at > start
    }

    fn number(&mut self) -> Scan<()> {
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
            if self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
                return Err((self.at, "a number must not start with 0 and go on"));
            }
        } else if !self.digits() {
            return Err((self.at, "a number needs a digit here"));
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if !self.digits() {
                return Err((self.at, "a number needs a digit here"));
            }
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            if !self.digits() {
                return Err((self.at, "a number needs a digit here"));
            }
        }
        Ok(())
    }

    fn push(&mut self, kind: NodeKind, start: usize, end: usize) -> u32 {
        let id = offset(self.nodes.len());
        if let Some(last) = self.last.last_mut() {
            if let Some(before) = self.nodes.get_mut(*last as usize) {
                before.next = id;
            }
            *last = id;
        }
        self.nodes.push(Node::new(kind, offset(start), offset(end), self.open, self.depth, self.name));
        self.name = NONE;
        id
    }

    fn open(&mut self, kind: NodeKind) {
        let start = self.at;
        self.at += 1;
        self.open = self.push(kind, start, start);
        self.depth += 1;
        self.last.push(NONE);
    }

    fn close(&mut self, byte: u8) -> Scan<Expect> {
        let wanted = if self.kind_of_open() == Some(NodeKind::Object) { b'}' } else { b']' };
        if byte != wanted {
            return Err((self.at, "the wrong bracket closes here"));
        }
        self.at += 1;
        self.leave();
        Ok(self.after_value())
    }

    fn leave(&mut self) {
        let end = offset(self.at);
        if let Some(node) = self.nodes.get_mut(self.open as usize) {
            node.end = end;
            self.open = node.parent;
        }
        self.depth = self.depth.saturating_sub(1);
        self.last.pop();
    }

    /// Closes what a break left open, so that everything before it can be looked at.
    fn close_all(&mut self) {
        while self.open != NONE {
            self.leave();
        }
    }
}

/// Offsets and counts fit: the text is shorter than 4 GiB, and a node takes a byte at least.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

impl NodeId {
    pub(super) fn new(index: u32) -> Option<Self> {
        (index != NONE).then_some(Self(index))
    }
}
