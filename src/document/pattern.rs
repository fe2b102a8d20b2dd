//! What to search for: text, text of either case, or a regular expression. Where it is found is left to `search`.

use std::fmt;

use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};

use crate::document::folded::Folded;

/// Text or a regular expression that is searched for in the bytes of a document.
#[derive(Clone, Debug)]
pub struct Pattern(Engine);

#[derive(Clone, Debug)]
enum Engine {
    Nothing,
    Text(Box<Finder<'static>>),
    /// ASCII text of either case.
    Folded(Box<Folded>),
    /// Also serves other text of either case.
    Regex(Regex),
}

/// Why a regular expression cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// Byte of the pattern where the mistake is, if it has a place.
    pub offset: Option<usize>,
    /// What is wrong, in plain words.
    pub reason: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Finds `text` as it is spelled.
    pub fn exact(text: &str) -> Self {
        Self(match text {
            "" => Engine::Nothing,
            _ => Engine::Text(Box::new(Finder::new(text).into_owned())),
        })
    }

    /// Finds `text` in either case, unless it has a capital letter: then as it is spelled.
    pub fn smart(text: &str) -> Self {
        if text.is_empty()
            || text.contains(char::is_uppercase)
            || !text.contains(char::is_alphabetic)
        {
            return Self::exact(text);
        }
        if let Some(folded) = Folded::new(text) {
            return Self(Engine::Folded(Box::new(folded)));
        }
        let regex = RegexBuilder::new(&regex::escape(text))
            .case_insensitive(true)
            .build();
        // Text that is too long for a regular expression is found as it is spelled.
        regex.map_or_else(|_| Self::exact(text), |regex| Self(Engine::Regex(regex)))
    }

    /// Finds what a regular expression matches.
    ///
    /// Quotes take the part that line ends have elsewhere: `^` and `$` stand for the beginning and the end of a
    /// string, and `.` does not reach beyond it.
    ///
    /// # Errors
    /// When `text` is no regular expression, or too large a one.
    pub fn regex(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Ok(Self(Engine::Nothing));
        }
        let mut builder = RegexBuilder::new(text);
        match builder.multi_line(true).line_terminator(b'"').build() {
            Ok(regex) => Ok(Self(Engine::Regex(regex))),
            Err(error) => Err(explain(text, &error)),
        }
    }

    /// Whether there is nothing to search for.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Engine::Nothing)
    }

    /// Bounds of the first match that starts at `from` or behind and has any length.
    pub(crate) fn find_at(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        match &self.0 {
            Engine::Nothing => None,
            Engine::Text(finder) => {
                let start = from + finder.find(text.get(from..)?)?;
                Some((start, start + finder.needle().len()))
            }
            Engine::Folded(folded) => folded.find_at(text, from),
            Engine::Regex(regex) => {
                let mut from = from;
                while from <= text.len() {
                    let found = regex.find_at(text, from)?;
                    if !found.is_empty() {
                        return Some((found.start(), found.end()));
                    }
                    from = found.end() + 1;
                }
                None
            }
        }
    }
}

/// Takes place and reason out of a message such as `regex parse error:`, the pattern, a caret below it, `error: …`.
fn explain(pattern: &str, error: &regex::Error) -> PatternError {
    let message = error.to_string();
    let mut lines = message.lines();
    let caret = lines.find(|line| line.trim_start().starts_with('^'));
    let shown = message.lines().nth(1).and_then(|line| line.find(pattern));
    let column = caret.and_then(|line| line.find('^')).zip(shown);
    let reason = message.lines().last().unwrap_or_default();
    PatternError {
        offset: column.and_then(|(caret, indent)| caret.checked_sub(indent)),
        reason: reason.strip_prefix("error: ").unwrap_or(reason).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pattern: &Pattern, text: &str) -> Vec<(usize, usize)> {
        let mut from = 0;
        std::iter::from_fn(|| {
            let found = pattern.find_at(text.as_bytes(), from)?;
            from = found.1;
            Some(found)
        })
        .collect()
    }

    #[test]
    fn smart_patterns_mind_the_case_once_they_have_a_capital() {
        assert_eq!(
            all(&Pattern::smart("ab"), "ab Ab aB"),
            [(0, 2), (3, 5), (6, 8)]
        );
        assert_eq!(all(&Pattern::smart("aB"), "ab Ab aB"), [(6, 8)]);
        assert_eq!(all(&Pattern::smart("é."), "É.é.e."), [(0, 3), (3, 6)]);
        assert_eq!(all(&Pattern::smart(""), "ab"), []);
    }

    #[test]
    fn quotes_bound_a_regular_expression() {
        let pattern = Pattern::regex("^a.*$").unwrap();
        assert_eq!(
            all(&pattern, r#"{"abc":"a c","b":"ca"}"#),
            [(2, 5), (8, 11)]
        );
        assert_eq!(
            all(&Pattern::regex("x*").unwrap(), "axxbx"),
            [(1, 3), (4, 5)]
        );
        assert_eq!(all(&Pattern::regex("$").unwrap(), "\"\""), []);
    }

    #[test]
    fn mistakes_have_a_place_and_a_reason() {
        let error = Pattern::regex("ab(c").unwrap_err();
        assert_eq!(
            (error.offset, error.reason.as_str()),
            (Some(2), "unclosed group")
        );
        let error = Pattern::regex("a{1000}{1000}{1000}").unwrap_err();
        assert_eq!(error.offset, None);
    }
}
