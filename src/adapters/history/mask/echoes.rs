//! Finds known secrets wherever they are repeated: in plain, escaped, percent-encoded or base64.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem;
use zeroize::Zeroizing;

use crate::adapters::history::mask::view::View;

/// From this length on, a secret is searched inside of words; a shorter one, such as a security code, would be found in
/// amounts and times, and is searched as a word of its own.
const LONG: usize = 6;

/// Shorter ones are not searched: they stand everywhere.
const SHORTEST: usize = 3;

/// What to search for.
#[derive(Clone, Default)]
pub(crate) struct Needles {
    anywhere: Vec<Zeroizing<Vec<u8>>>,
    words: Vec<Zeroizing<Vec<u8>>>,
}

impl Needles {
    /// Adds a secret and its encodings.
    pub(crate) fn add(&mut self, secret: &[u8]) {
        if secret.len() < SHORTEST || secret.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let is_long = secret.len() >= LONG;
        let list = if is_long {
            &mut self.anywhere
        } else {
            &mut self.words
        };
        let mut put = |bytes: &[u8]| {
            if !list.iter().any(|known| known.as_slice() == bytes) {
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

    /// Where they stand in `text`; the places may overlap.
    pub(crate) fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if self.anywhere.is_empty() && self.words.is_empty() {
            return found;
        }
        self.search(text, &mut |range| found.push(range));
        for view in [
            View::percent(text, false),
            View::percent(text, true),
            View::escapes(text),
        ]
        .into_iter()
        .flatten()
        {
            self.search(&view.bytes, &mut |range| found.push(view.origin(&range)));
        }
        found
    }

    fn search(&self, text: &[u8], put: &mut impl FnMut(Range<usize>)) {
        for needle in &self.anywhere {
            let finder = memmem::Finder::new(needle.as_slice());
            finder
                .find_iter(text)
                .for_each(|at| put(at..at + needle.len()));
        }
        for needle in &self.words {
            let finder = memmem::Finder::new(needle.as_slice());
            for at in finder.find_iter(text) {
                let end = at + needle.len();
                let before = text[..at].iter().rev();
                if !goes_on(before) && !goes_on(text[end..].iter()) {
                    put(at..end);
                }
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
