//! Finds ASCII text in either case. Looks for what is rare in it first: in 200 MB of accounts this takes a third of the time
//! of a regular expression where each account has a match, which pays for every one of them.

use aho_corasick::Span;
use aho_corasick::packed::{Config, MatchKind, Searcher};
use memchr::memchr2_iter;

/// What stands in JSON, the most frequent first; anything else is rarer.
const FREQUENT: &[u8] = b"\" ,:_etanoirscldumph0123456789gbyfvwkjxqz";
/// Letters that are so rare that each of their places can be looked at.
const RARE: &[u8] = b"mphgbyfvwkjxqz";
/// Letters of a piece: more of them have more spellings than are looked for at once.
const PIECE: usize = 3;

/// ASCII text that is looked for in either case.
#[derive(Clone, Debug)]
pub(super) struct Folded {
    text: Vec<u8>,
    scan: Scan,
    /// Where in the text that stands which is looked for first.
    offset: usize,
}

#[derive(Clone, Debug)]
enum Scan {
    /// A rare letter, small and capital.
    Letter(u8, u8),
    /// All spellings of a few letters.
    Piece(Searcher),
}

impl Folded {
    /// `None` if the text is empty or not ASCII, or this machine has no fast search for pieces.
    pub(super) fn new(text: &str) -> Option<Self> {
        if text.is_empty() || !text.is_ascii() {
            return None;
        }
        let text = text.to_ascii_lowercase().into_bytes();
        let rarest = (0..text.len()).max_by_key(|at| rarity(text.get(*at..=*at)));
        let letter = rarest.and_then(|at| Some((at, *text.get(at)?)));
        if let Some((offset, letter)) = letter.filter(|(_, letter)| RARE.contains(letter)) {
            let scan = Scan::Letter(letter, letter.to_ascii_uppercase());
            return Some(Self { text, scan, offset });
        }
        let width = text.len().min(PIECE);
        let starts = 0..=text.len() - width;
        let offset = starts.max_by_key(|at| rarity(text.get(*at..*at + width)))?;
        let piece = text.get(offset..offset + width)?;
        let mut config = Config::new();
        let builder = config.match_kind(MatchKind::LeftmostFirst).builder();
        let searcher = builder.clone().extend(spellings(piece)).build()?;
        let scan = Scan::Piece(searcher);
        Some(Self { text, scan, offset })
    }

    /// Bounds of the first match in `text` that starts at `from` or behind.
    pub(super) fn find_at(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        let match_at = |start: usize| {
            let end = start + self.text.len();
            let found = text.get(start..end)?;
            found
                .eq_ignore_ascii_case(&self.text)
                .then_some((start, end))
        };
        match &self.scan {
            Scan::Letter(small, capital) => {
                let rest = text.get(from + self.offset..)?;
                memchr2_iter(*small, *capital, rest).find_map(|at| match_at(from + at))
            }
            Scan::Piece(searcher) => {
                let mut start = from + self.offset;
                loop {
                    let end = text.len();
                    let rest = (start < end).then_some(Span { start, end })?;
                    let at = searcher.find_in(text, rest)?.start();
                    match match_at(at - self.offset) {
                        Some(found) => return Some(found),
                        None => start = at + 1,
                    }
                }
            }
        }
    }
}

/// The greater, the less often a text of JSON has such bytes.
fn rarity(bytes: Option<&[u8]>) -> usize {
    let rank = |byte: &u8| {
        let rank = FREQUENT.iter().position(|frequent| frequent == byte);
        rank.unwrap_or(FREQUENT.len())
    };
    bytes.unwrap_or_default().iter().map(rank).sum()
}

/// `piece` with each of its letters small and capital.
fn spellings(piece: &[u8]) -> Vec<Vec<u8>> {
    piece.iter().fold(vec![Vec::new()], |all, letter| {
        let mut cases = vec![letter.to_ascii_lowercase(), letter.to_ascii_uppercase()];
        cases.dedup();
        let with = |case: u8| all.iter().map(move |text| [text, &[case][..]].concat());
        cases.into_iter().flat_map(with).collect()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::bytes::RegexBuilder;

    use super::*;

    #[test]
    fn a_letter_of_all_spellings_is_spelled_twice() {
        assert_eq!(spellings(b"a_b").len(), 4);
        assert!(spellings(b"a_b").contains(&b"A_b".to_vec()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_finds_what_a_regular_expression_finds(
            text in "[aAbBeEnN_\" é]{0,200}",
            sought in "[abden_ ]{1,5}",
        ) {
            let text = text.as_bytes();
            let regex = RegexBuilder::new(&regex::escape(&sought))
                .case_insensitive(true)
                .build()
                .unwrap();
            let expected: Vec<_> = regex.find_iter(text).map(|it| (it.start(), it.end())).collect();
            let folded = Folded::new(&sought).unwrap();
            let mut from = 0;
            let found: Vec<_> = std::iter::from_fn(|| {
                let found = folded.find_at(text, from)?;
                from = found.1;
                Some(found)
            })
            .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
