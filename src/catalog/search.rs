//! Finds endpoints, or anything else that has texts, by a few letters. Grouping and drawing are the picker's.

use crate::catalog::Catalog;

/// A letter that begins a word is worth this much more.
const WORD_START: i32 = 12;
/// A letter right after the one matched before.
const CONSECUTIVE: i32 = 10;
/// Every matched letter.
const LETTER: i32 = 2;
/// The very first letter of the text.
const TEXT_START: i32 = 4;
/// Each letter that is skipped between two matched ones, at most `LONGEST_GAP` of them.
const SKIPPED: i32 = 1;
/// Further skipped letters cost nothing: far is far.
const LONGEST_GAP: usize = 8;
/// What a match is worth more in one text than in the next: in the id than in the path, in the path than in the summary.
const NEARER: i32 = 3;
/// Letters of one word of a query that are looked at; nobody types more.
const LONGEST_WORD: usize = 32;

/// One endpoint that a query finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its place in [`Catalog::endpoints`].
    pub index: usize,
    /// How well it fits; more is better.
    pub score: i32,
    /// Where the letters stand, to be shown brighter.
    pub positions: Positions,
}

/// Matched letters as sorted byte offsets into each text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the endpoint's own fields")]
pub struct Positions {
    pub id: Vec<usize>,
    pub path: Vec<usize>,
    pub summary: Vec<usize>,
}

impl Catalog {
    /// The endpoints that fit `query`, the best first and equals in the order of the catalogue.
    ///
    /// Each word of the query must be found, letter by letter and in order, in the id, the path or the summary, whichever
    /// fits it best. Case does not count. An empty query finds everything in the order of the catalogue.
    pub fn search(&self, query: &str) -> Vec<Match> {
        let words: Vec<Vec<char>> = query.split_whitespace().map(letters).collect();
        let mut table = Table::default();
        let endpoints = self.endpoints().iter().enumerate();
        let mut found: Vec<Match> = endpoints
            .filter_map(|(index, endpoint)| {
                let texts = [endpoint.id.as_str(), &endpoint.path, &endpoint.summary];
                let (score, [id, path, summary]) = find(&words, texts, &mut table)?;
                Some(Match {
                    index,
                    score,
                    positions: Positions { id, path, summary },
                })
            })
            .collect();
        found.sort_by_key(|it| std::cmp::Reverse(it.score)); // stable
        found
    }
}

/// How well `texts` fit `query`, the first of them counting most, and the sorted byte offsets of the matched letters in each.
///
/// `None` where a word of the query is in none of them; an empty query fits everything.
pub fn rank<const N: usize>(query: &str, texts: [&str; N]) -> Option<(i32, [Vec<usize>; N])> {
    let words: Vec<Vec<char>> = query.split_whitespace().map(letters).collect();
    find(&words, texts, &mut Table::default())
}

fn letters(word: &str) -> Vec<char> {
    word.chars().map(lower).take(LONGEST_WORD).collect()
}

/// One letter for one letter, so that places stay what they are.
fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn find<const N: usize>(
    words: &[Vec<char>],
    texts: [&str; N],
    table: &mut Table,
) -> Option<(i32, [Vec<usize>; N])> {
    let mut total = 0;
    let mut places = [const { Vec::new() }; N];
    for word in words {
        let mut best: Option<(i32, usize, Vec<usize>)> = None;
        let mut bonus = NEARER * i32::try_from(N).unwrap_or_default();
        for (i, text) in texts.iter().enumerate() {
            if let Some((score, at)) = table.fit(word, text) {
                let score = score + bonus;
                if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                    best = Some((score, i, at));
                }
            }
            bonus -= NEARER;
        }
        let (score, i, at) = best?;
        total += score;
        places[i].extend(at);
    }
    for place in &mut places {
        place.sort_unstable();
        place.dedup();
    }
    Some((total, places))
}

/// Room for the scores of one word in one text, reused from text to text.
#[derive(Default)]
struct Table {
    /// Letters of the text: byte offset, lower case, whether a word begins.
    text: Vec<(usize, char, bool)>,
    /// For letter `i` of the word matched at letter `j` of the text: the best score, and where letter `i - 1` stood.
    cells: Vec<(i32, usize)>,
}

/// The score of what cannot be.
const NEVER: i32 = i32::MIN / 2;

impl Table {
    /// The best way to find `word` in `text`: its score and the byte offsets of its letters.
    fn fit(&mut self, word: &[char], text: &str) -> Option<(i32, Vec<usize>)> {
        self.read(text);
        if !self.holds(word) {
            return None;
        }
        let width = self.text.len();
        self.cells.clear();
        self.cells.resize(width * word.len(), (NEVER, 0));
        for (i, letter) in word.iter().enumerate() {
            for j in i..width {
                let (_, c, is_start) = self.text[j];
                if c != *letter {
                    continue;
                }
                let mut own = LETTER;
                own += if is_start { WORD_START } else { 0 };
                own += if j == 0 { TEXT_START } else { 0 };
                let (before, from) = match i {
                    0 => (0, 0),
                    _ => self.best_before(i - 1, j),
                };
                if before > NEVER {
                    self.cells[i * width + j] = (before + own, from);
                }
            }
        }
        let last = &self.cells[(word.len() - 1) * width..];
        let best = (0..width).max_by_key(|j| (last[*j].0, std::cmp::Reverse(*j)))?;
        let score = last[best].0;
        Some((score, self.trace(word.len(), best)))
    }

    fn read(&mut self, text: &str) {
        self.text.clear();
        let mut is_start = true;
        for (at, c) in text.char_indices() {
            self.text
                .push((at, lower(c), is_start && c.is_alphanumeric()));
            is_start = !c.is_alphanumeric();
        }
    }

    /// Whether all letters of `word` occur in order: most texts are told apart by this alone.
    fn holds(&self, word: &[char]) -> bool {
        let mut text = self.text.iter();
        !word.is_empty() && word.iter().all(|letter| text.any(|(_, c, _)| c == letter))
    }

    /// The best place for letter `i` before `j`, with what the way from there to `j` is worth.
    fn best_before(&self, i: usize, j: usize) -> (i32, usize) {
        let row = &self.cells[i * self.text.len()..];
        let mut best = (NEVER, 0);
        for k in (i..j).rev() {
            let (score, _) = row[k];
            let skipped = j - k - 1;
            let way = match skipped {
                0 => CONSECUTIVE,
                _ => -SKIPPED * i32::try_from(skipped.min(LONGEST_GAP)).unwrap_or_default(),
            };
            if score > NEVER && score + way > best.0 {
                best = (score + way, k);
            }
        }
        best
    }

    fn trace(&self, letters: usize, mut at: usize) -> Vec<usize> {
        let mut places = vec![0; letters];
        for i in (0..letters).rev() {
            places[i] = self.text[at].0;
            at = self.cells[i * self.text.len() + at].1;
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ids(query: &str) -> Vec<String> {
        let catalog = Catalog::built_in().unwrap();
        let found = catalog.search(query).into_iter();
        found
            .map(|it| catalog.endpoints()[it.index].id.to_string())
            .collect()
    }

    #[test]
    fn an_empty_query_finds_everything_in_order() {
        let catalog = Catalog::built_in().unwrap();
        for query in ["", "  "] {
            let places: Vec<_> = catalog.search(query).iter().map(|it| it.index).collect();
            assert_eq!(places, (0..catalog.endpoints().len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_obvious_query_finds_its_endpoint_first() {
        for (query, id) in [
            ("accounts.list", "accounts.list"),
            ("acl", "accounts.list"),
            ("rcreate", "routines.create"),
            ("list transfers", "transfers.list"),
            ("transfers list", "transfers.list"),
            ("cancel", "transfers.cancel"),
            ("card del", "cards.delete"),
            ("account-to-card", "routines.account_to_card"),
            ("kyc", "kyc.upgrade"),
            ("bin", "bins.get"),
            ("user_intent", "user_intents.create"),
            ("TOKEN", "oauth.token"),
            ("auth_details", "cards.assess"),
            ("pause", "routines.update"),
        ] {
            let found = ids(query);
            assert_eq!(
                found.first().map(String::as_str),
                Some(id),
                "{query}: {found:?}"
            );
        }
        assert!(ids("zzz").is_empty());
        assert!(ids("cards zzz").is_empty());
    }

    #[test]
    fn positions_are_of_the_text_that_fits_best() {
        let catalog = Catalog::built_in().unwrap();
        let found = &catalog.search("cards.get risk")[..];
        assert!(found.is_empty());
        let found = &catalog.search("cards.a risk")[0];
        assert_eq!(found.positions.id, [0, 1, 2, 3, 4, 5, 6]);
        let summary = &catalog.endpoints()[found.index].summary;
        let at = summary.find("risk").unwrap();
        assert_eq!(found.positions.summary, [at, at + 1, at + 2, at + 3]);
        assert!(found.positions.path.is_empty());
    }

    #[test]
    fn the_best_way_is_found_not_the_first() {
        let (_, places) = Table::default()
            .fit(&letters("tr"), "routines.transfers")
            .unwrap();
        assert_eq!(places, [9, 10]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn places_spell_the_word_in_order(word in "[a-cé]{1,4}", text in "[a-cAéÉİ. ]{0,24}") {
            if let Some((_, places)) = Table::default().fit(&letters(&word), &text) {
                let spelled: Vec<char> = places.iter().map(|at| lower(text[*at..].chars().next().unwrap())).collect();
                prop_assert_eq!(spelled, letters(&word));
                prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
            } else {
                let mut rest = text.chars().map(lower);
                prop_assert!(!letters(&word).iter().all(|letter| rest.any(|c| c == *letter)));
            }
        }
    }
}
