//! Finds known secrets wherever they are repeated: in plain, escaped, percent-encoded or base64.

use std::collections::HashSet;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::{Zeroize as _, Zeroizing};

use crate::adapters::history::mask::view::View;

/// From this length on, a secret is searched inside of words; a shorter one, such as a security code, would be found in
/// amounts and times, and is searched as a word of its own.
const LONG: usize = 6;

/// Shorter ones are not searched: they stand everywhere.
const SHORTEST: usize = 3;

/// What to search for.
#[derive(Default, PartialEq)]
pub(crate) struct Needles(HashSet<Vec<u8>>);

impl Drop for Needles {
    fn drop(&mut self) {
        self.0.drain().for_each(|mut secret| secret.zeroize());
    }
}

/// So many needles are looked for with the vector instructions of the processor, many times as fast as they are found.
const FEW: usize = 64;

/// All needles at once: an answer may list ten thousand account numbers, each in seven encodings.
pub(crate) struct Search {
    anywhere: Needed,
    words: Needed,
}

/// Some needles.
struct Needed {
    all: AhoCorasick,
    /// Tells whether there is any, which mostly there is not.
    any: Option<AhoCorasick>,
}

impl Needed {
    fn of(needles: &[Zeroizing<Vec<u8>>]) -> Option<Self> {
        let texts = || needles.iter().map(|needle| needle.as_slice());
        // A full table would search faster, and take longer to build than most answers take to be searched.
        let mut builder = AhoCorasick::builder();
        builder.kind(Some(AhoCorasickKind::ContiguousNFA));
        let all = builder.build(texts()).ok()?;
        let any = (needles.len() <= FEW).then(|| {
            builder.match_kind(MatchKind::LeftmostFirst);
            builder.build(texts())
        });
        Some(Self {
            all,
            any: any.and_then(Result::ok),
        })
    }

    /// Where they stand in `text`; the places may overlap.
    fn find(&self, text: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let is_there =
            self.all.patterns_len() > 0 && self.any.as_ref().is_none_or(|any| any.is_match(text));
        let text = if is_there { text } else { &[] };
        self.all.find_overlapping_iter(text).map(|hit| hit.range())
    }
}

impl Needles {
    /// Adds a secret.
    pub(crate) fn add(&mut self, secret: &[u8]) {
        let is_blank = secret.iter().all(u8::is_ascii_whitespace);
        if secret.len() >= SHORTEST && !is_blank && !self.0.contains(secret) {
            self.0.insert(secret.to_vec());
        }
    }

    /// Whether there is nothing to search for.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gets ready to search; `None` if there is more than a search can hold, some gigabytes.
    pub(crate) fn search(&self) -> Option<Search> {
        let (mut anywhere, mut words) = (Vec::new(), Vec::new());
        for secret in &self.0 {
            encode(
                secret,
                match secret.len() >= LONG {
                    true => &mut anywhere,
                    false => &mut words,
                },
            );
        }
        Some(Search {
            anywhere: Needed::of(&anywhere)?,
            words: Needed::of(&words)?,
        })
    }
}

/// Adds `secret` and its encodings to `list`.
fn encode(secret: &[u8], list: &mut Vec<Zeroizing<Vec<u8>>>) {
    let is_long = secret.len() >= LONG;
    let mut put = |bytes: &[u8]| {
        if list.last().is_none_or(|last| last.as_slice() != bytes) {
            list.push(Zeroizing::new(bytes.to_vec()));
        }
    };
    put(secret);
    // Base64 of a text that contains the secret depends on where in it the secret starts, modulo 3. What depends on the
    // neighbours is cut off at both ends.
    for shift in 0..if is_long { 3 } else { 1 } {
        let padded = Zeroizing::new([&vec![0; shift], secret].concat());
        for encoded in [
            STANDARD_NO_PAD.encode(&padded),
            URL_SAFE_NO_PAD.encode(&padded),
        ] {
            let encoded = Zeroizing::new(encoded.into_bytes());
            let start = [0, 2, 3][shift];
            let end = if is_long {
                padded.len() * 8 / 6
            } else {
                encoded.len()
            };
            put(&encoded[start..end]);
        }
    }
}

impl Search {
    /// Where the needles stand in `text`; the places may overlap.
    pub(crate) fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        self.in_view(text, &mut |range| found.push(range));
        let views = [
            View::percent(text, false),
            View::percent(text, true),
            View::escapes(text),
        ];
        for view in views.into_iter().flatten() {
            self.in_view(&view.bytes, &mut |range| found.push(view.origin(&range)));
        }
        found
    }

    fn in_view(&self, text: &[u8], put: &mut impl FnMut(Range<usize>)) {
        self.anywhere.find(text).for_each(&mut *put);
        for range in self.words.find(text) {
            let before = text[..range.start].iter().rev();
            if !goes_on(before) && !goes_on(text[range.end..].iter()) {
                put(range);
            }
        }
    }
}

/// Whether a word or a number goes on with `bytes`, which lead away from it.
fn goes_on<'a>(mut bytes: impl Iterator<Item = &'a u8>) -> bool {
    match bytes.next() {
        Some(b'.') => bytes.next().is_some_and(u8::is_ascii_digit),
        next => next.is_some_and(u8::is_ascii_alphanumeric),
    }
}
