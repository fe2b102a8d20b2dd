//! Finds the values of secret names in text: JSON at any depth, JSON inside strings of JSON, forms, URLs, XML, plain words.
//!
//! It goes by the shape of the text around a name and needs no sound document: a body that is cut or broken is searched all
//! the same.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr3_iter};

use crate::adapters::history::mask::view::View;
use crate::adapters::history::mask::{Marks, card_numbers, is_bare};

/// A secret that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Where its text stands, without quotes.
    pub(crate) range: Range<usize>,
    /// The name that gave it away.
    pub(crate) name: String,
    /// The secret itself, decoded as often as it is encoded there.
    pub(crate) value: Vec<u8>,
    /// Whether it is a number of JSON, in whose place a quoted text has to stand.
    pub(crate) is_bare: bool,
    /// Whether no name gave it away, only what it looks like.
    pub(super) is_guess: bool,
}

/// Longest name that is looked at; those of the API have 25 characters at most.
const LONGEST_NAME: usize = 64;

/// How often JSON may be wrapped in a string of JSON.
const DEEPEST_LEVEL: u32 = 3;

/// All secrets with a name in `text`; of a form, a value ends at the next `&` only. A "form" that begins as JSON does is
/// JSON: `curl -d '{…}'` sends it by the name of a form.
pub(crate) fn find(text: &[u8], marks: &Marks, is_form: bool) -> Vec<Found> {
    let is_form = is_form && !matches!(text.trim_ascii_start().first(), Some(b'{' | b'['));
    let mut found = scan(text, marks, is_form);
    // A URL in a form or in another URL.
    if let Some(view) = View::percent(text, false) {
        found.extend(
            scan(&view.bytes, marks, false)
                .into_iter()
                .map(|found| Found {
                    range: view.origin(&found.range),
                    ..found
                }),
        );
    }
    found
}

/// The values of ids in `text` that look like the number of a card.
pub(super) fn ids(text: &[u8], marks: &Marks) -> Vec<Vec<u8>> {
    let scan = Scan {
        text,
        marks,
        found: Vec::new(),
    };
    let all = card_numbers::find(text).into_iter();
    let ids = all.filter(|range| scan.is_id(range.start));
    ids.map(|range| scan.slice(range).to_vec()).collect()
}

fn scan(text: &[u8], marks: &Marks, is_form: bool) -> Vec<Found> {
    let mut scan = Scan {
        text,
        marks,
        found: Vec::new(),
    };
    if !is_form {
        scan.members();
        scan.credentials();
    }
    scan.assignments(is_form);
    scan.card_numbers();
    scan.found
}

struct Scan<'a> {
    text: &'a [u8],
    marks: &'a Marks,
    found: Vec<Found>,
}

/// A string of JSON in the text: the place of its content, and of what follows its closing quote.
struct Quoted {
    content: Range<usize>,
    after: usize,
}

impl Scan<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    fn slice(&self, range: Range<usize>) -> &[u8] {
        self.text.get(range).unwrap_or_default()
    }

    /// Names in quotes with a colon behind them.
    fn members(&mut self) {
        for quote in memchr_iter(b'"', self.text) {
            // Inside a string of JSON, a quote is spelled with 1 backslash; inside a string in that one with 3, then 7.
            let level = self
                .backslashes(quote, 0)
                .trailing_ones()
                .min(DEEPEST_LEVEL);
            let limit = quote + 1 + LONGEST_NAME * (1 << level);
            let Some(name) = self.quoted(quote, level, limit) else {
                continue;
            };
            let colon = self.skip_blanks(name.after);
            if self.byte(colon) != Some(b':') {
                continue;
            }
            let spelled = self.slice(name.content.clone());
            let is_secret = match memchr(b'\\', spelled) {
                None => self.marks.is_secret_name(spelled),
                Some(_) => self.marks.is_secret_name(&decode(spelled, level)),
            };
            if is_secret {
                let text = decode(self.slice(name.content), level);
                let text = String::from_utf8_lossy(&text).into_owned();
                let value = self.skip_blanks(colon + 1);
                self.value(value, level, &text);
            }
        }
    }

    /// How many backslashes stand before `at`, not going back beyond `floor`.
    fn backslashes(&self, at: usize, floor: usize) -> usize {
        let before = self.slice(floor..at);
        before
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count()
    }

    /// The string that the quote at `quote` opens, if it closes before `limit`.
    fn quoted(&self, quote: usize, level: u32, limit: usize) -> Option<Quoted> {
        let (start, width) = (quote + 1, (1_usize << level) - 1);
        let end = limit.min(self.text.len());
        for at in memchr_iter(b'"', self.slice(start..end)).map(|at| start + at) {
            let count = self.backslashes(at, start);
            let more = count.checked_sub(width)?; // fewer: a string further outside ends here
            if more % (1 << (level + 1)) == 0 {
                return Some(Quoted {
                    content: start..at - width,
                    after: at + 1,
                });
            }
        }
        None
    }

    /// Blanks, also those that are escaped because they stand in a string.
    fn skip_blanks(&self, mut at: usize) -> usize {
        while let Some(byte) = self.byte(at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => at += 1,
                b'\\' => {
                    let letter = at
                        + self
                            .slice(at..self.text.len())
                            .iter()
                            .take_while(|byte| **byte == b'\\')
                            .count();
                    match self.byte(letter) {
                        Some(b'n' | b'r' | b't') => at = letter + 1,
                        _ => return at,
                    }
                }
                _ => return at,
            }
        }
        at
    }

    /// Where the quote is if a string starts at `at`.
    fn opening(&self, at: usize, level: u32) -> Option<usize> {
        let quote = at + (1 << level) - 1;
        (self.byte(quote) == Some(b'"') && self.slice(at..quote).iter().all(|byte| *byte == b'\\'))
            .then_some(quote)
    }

    /// The value of a secret member; of a container, everything in it.
    fn value(&mut self, start: usize, level: u32, name: &str) {
        let (mut at, mut depth) = (start, 0_usize);
        loop {
            at = self.skip_blanks(at);
            if let Some(quote) = self.opening(at, level) {
                let end = self.text.len();
                let string = self.quoted(quote, level, end).unwrap_or(Quoted {
                    content: quote + 1..end,
                    after: end,
                });
                at = string.after;
                let is_name = depth > 0 && self.byte(self.skip_blanks(at)) == Some(b':');
                if !is_name {
                    let value = decode(self.slice(string.content.clone()), level);
                    self.push(string.content, name, value, false);
                }
            } else {
                match self.byte(at) {
                    None => return,
                    Some(b'{' | b'[') => (at, depth) = (at + 1, depth + 1),
                    Some(b'}' | b']') => (at, depth) = (at + 1, depth.saturating_sub(1)),
                    Some(b',' | b':') if depth > 0 => at += 1,
                    Some(_) => {
                        let is_end = |byte: &u8| b",]}:\"\\ \t\r\n".contains(byte);
                        let rest = self.slice(at..self.text.len());
                        let length = rest.iter().position(is_end).unwrap_or(rest.len());
                        self.scalar(at..at + length, name);
                        at += length.max(1);
                    }
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn scalar(&mut self, range: Range<usize>, name: &str) {
        let text = self.slice(range.clone());
        if !matches!(text, b"null" | b"true" | b"false") && !is_status(name, text) {
            let value = text.to_vec();
            self.push(range, name, value, true);
        }
    }

    fn push(&mut self, range: Range<usize>, name: &str, value: Vec<u8>, is_bare: bool) {
        if !range.is_empty() && !self.marks.is_known(name, &value) {
            self.found.push(Found {
                range,
                name: name.to_owned(),
                value,
                is_bare,
                is_guess: false,
            });
        }
    }

    /// `name=value`, `name: value` and `<name>value`.
    fn assignments(&mut self, is_form: bool) {
        for at in memchr3_iter(b'=', b':', b'>', self.text) {
            let sign = self.byte(at);
            if is_form && sign != Some(b'=') {
                continue;
            }
            let before = self.slice(at.saturating_sub(LONGEST_NAME)..at);
            let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
            // A name may stand in brackets: `user[ssn]=`.
            let before = before.strip_suffix(b"]").unwrap_or(before);
            let length = before.iter().rev().take_while(|byte| is_part(byte)).count();
            let (rest, name) = before.split_at(before.len() - length);
            let is_element = rest.last() == Some(&b'<');
            if !self.marks.is_secret_name(name) || (sign == Some(b'>') && !is_element) {
                continue;
            }
            let name = String::from_utf8_lossy(name).into_owned();
            self.assigned(at, &name, is_form);
        }
    }

    fn assigned(&mut self, sign: usize, name: &str, is_form: bool) {
        let mut start = sign + 1;
        if self.byte(sign) == Some(b':') {
            start += self
                .slice(start..self.text.len())
                .iter()
                .take_while(|byte| **byte == b' ')
                .count();
        }
        let is_end = |byte: &u8| match is_form {
            true => *byte == b'&',
            false => ends_value(*byte),
        };
        let rest = self.slice(start..self.text.len());
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let text = self.slice(start..start + length);
        if !is_status(name, text) && !matches!(text, b"null" | b"true" | b"false") {
            let value = url::form_urlencoded::parse(&[b"=", text].concat())
                .next()
                .map(|(_, value)| value.into_owned().into_bytes())
                .filter(|_| !text.contains(&b'&'))
                .unwrap_or_else(|| text.to_vec());
            self.push(start..start + length, name, value, false);
        }
    }

    /// Numbers that look like those of cards, whatever their name, unless it is that of an id.
    fn card_numbers(&mut self) {
        for range in card_numbers::find(self.text) {
            if !self.is_id(range.start) {
                let value = self.slice(range.clone()).to_vec();
                let is_bare = is_bare(self.text, &range);
                let count = self.found.len();
                self.push(range, "card_number", value, is_bare);
                let guessed = self.found.iter_mut().skip(count);
                guessed.for_each(|found| found.is_guess = true);
            }
        }
    }

    /// Whether the value that begins at `start` has the name of an id: `"account_id": "4…`, `?account_id=4…`.
    fn is_id(&self, start: usize) -> bool {
        let is_between = |byte: &u8| b" \t\r\n\"\\".contains(byte);
        let trimmed = |end: usize| {
            let text = self.slice(0..end);
            let length = text
                .iter()
                .rev()
                .take_while(|byte| is_between(byte))
                .count();
            (end - length, length)
        };
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let (sign, _) = trimmed(start);
        let Some(sign) = sign.checked_sub(1) else {
            return false;
        };
        let end = match self.byte(sign) {
            Some(b':') => match trimmed(sign) {
                (_, 0) => return false, // a word of a sentence
                (end, _) => end,
            },
            Some(b'=') => sign,
            _ => return false,
        };
        let before = self.slice(0..end);
        let length = before.iter().rev().take_while(is_part).count();
        let (rest, name) = before.split_at(before.len() - length);
        let is_whole = rest.last().is_none_or(|byte| b"\"?&".contains(byte));
        is_whole && self.marks.is_id_name(name)
    }

    /// `Bearer …` and `Basic …`, wherever a server quotes them.
    fn credentials(&mut self) {
        for at in memchr_iter(b' ', self.text) {
            let ends_with = |word: &[u8]| {
                let before = at
                    .checked_sub(word.len())
                    .map(|start| self.slice(start..at));
                before.is_some_and(|before| before.eq_ignore_ascii_case(word))
            };
            if !ends_with(b"bearer") && !ends_with(b"basic") {
                continue;
            }
            let rest = self.slice(at + 1..self.text.len());
            let is_token = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte);
            let length = rest.iter().take_while(is_token).count();
            let token = rest.get(..length).unwrap_or_default();
            // Short and without a digit, it is a word of a sentence: "basic auth", "bearer of".
            if length >= 8 || token.iter().any(u8::is_ascii_digit) {
                let value = token.to_vec();
                self.push(at + 1..at + 1 + length, "token", value, false);
            }
        }
    }
}

/// Whether a value without quotes ends before `byte`.
pub(super) fn ends_value(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"&\"'<>\\,;)]}#".contains(&byte)
}

/// `code` is an authorization code, but also the HTTP status in Astra's errors.
fn is_status(name: &str, text: &[u8]) -> bool {
    name.eq_ignore_ascii_case("code")
        && text.len() == 3
        && matches!(text[0], b'1'..=b'5')
        && text.iter().all(u8::is_ascii_digit)
}

/// The text of a string that is `level` strings deep.
fn decode(content: &[u8], level: u32) -> Vec<u8> {
    let mut text = content.to_vec();
    for _ in 0..=level {
        if !text.contains(&b'\\') {
            break;
        }
        let quoted = [b"\"", text.as_slice(), b"\""].concat();
        match serde_json::from_slice::<String>(&quoted) {
            Ok(decoded) => text = decoded.into_bytes(),
            Err(_) => break, // cut or broken: as it is spelled
        }
    }
    text
}
