//! Reads a path such as `.accounts[3].name` or `$['odd key'][-1]` and follows it through a document.

use std::fmt;

use crate::document::index::Document;
use crate::document::node::{NodeId, NodeKind};
use crate::document::unescape::unescape;

/// The way from the root of a document to one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    steps: Vec<(usize, Step)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    /// Counted from the end if it is below zero.
    Item(i64),
}

/// Why a path cannot be read or followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// Byte of the path where the mistake is.
    pub offset: usize,
    /// What is wrong, in plain words.
    pub reason: String,
}

impl PathError {
    fn new(offset: usize, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { offset, reason }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for PathError {}

impl Path {
    /// Reads a path as jq or JSONPath spells it. Without a dot or `$` in front it is read as if it had one.
    ///
    /// # Errors
    /// When `text` is no path, or one that leads to many values.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut reader = Reader {
            text,
            at: text.len() - text.trim_start().len(),
        };
        let mut steps = Vec::new();
        reader.take("$");
        let first = reader.at;
        while !reader.rest().trim_end().is_empty() {
            let at = reader.at;
            let has_dot = reader.take(".");
            let step = match reader.rest().chars().next() {
                Some('[') => reader.bracket()?,
                Some('"') if has_dot => reader.quoted('"')?,
                Some(_) if has_dot || at == first => match reader.name() {
                    Some(name) => Step::Name(name),
                    // The root by itself.
                    None if at == first && reader.rest().trim_end().is_empty() => break,
                    None => return Err(reader.unexpected("a name")),
                },
                None if at == first => break,
                None => return Err(reader.unexpected("a name")),
                Some(_) => return Err(reader.unexpected("a dot or [")),
            };
            steps.push((at, step));
        }
        Ok(Self { steps })
    }

    /// The value that the path leads to.
    ///
    /// # Errors
    /// When the document has no such value; the place is that of the first step that leads nowhere.
    pub fn follow(&self, document: &Document) -> Result<NodeId, PathError> {
        let mut n = document
            .root()
            .ok_or_else(|| PathError::new(0, "there is no value"))?;
        for (offset, step) in &self.steps {
            let next = match step {
                Step::Name(name) => document.get(n, name),
                Step::Item(item) => item_of(document, n, *item),
            };
            n = next.ok_or_else(|| PathError::new(*offset, missing(document, n, step)))?;
        }
        Ok(n)
    }
}

impl Document {
    /// The value that a path leads to, see [`Path`].
    ///
    /// # Errors
    /// When `path` is none, or leads nowhere.
    pub fn find(&self, path: &str) -> Result<NodeId, PathError> {
        Path::parse(path)?.follow(self)
    }
}

fn item_of(document: &Document, array: NodeId, item: i64) -> Option<NodeId> {
    if document.kind(array) != NodeKind::Array {
        return None;
    }
    let count = i64::try_from(document.child_count(array)).ok()?;
    let item = if item < 0 {
        count.checked_add(item)?
    } else {
        item
    };
    document.item(array, usize::try_from(item).ok()?)
}

fn missing(document: &Document, n: NodeId, step: &Step) -> String {
    let path = document.path(n);
    match (step, document.kind(n)) {
        (Step::Name(name), NodeKind::Object) => format!("{path} has no member {name:?}"),
        (Step::Name(_), _) => format!("{path} is no object"),
        (Step::Item(_), NodeKind::Array) => {
            format!("{path} has only {} items", document.child_count(n))
        }
        (Step::Item(_), _) => format!("{path} is no array"),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, word: &str) -> bool {
        let has = self.rest().starts_with(word);
        self.at += if has { word.len() } else { 0 };
        has
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn unexpected(&self, expected: &str) -> PathError {
        let rest = self.rest();
        let reason = match rest.chars().next() {
            None => format!("expected {expected}, found the end"),
            Some('.' | '*' | ':' | '?' | ',') => {
                format!("expected {expected}; a path leads to one value")
            }
            Some(found) => format!("expected {expected}, found {}", found.escape_debug()),
        };
        PathError::new(self.at, reason)
    }

    /// A name that needs no quotes. More may stand in it than jq allows, as long as it is clear where it ends.
    fn name(&mut self) -> Option<String> {
        let is_odd =
            |c: char| c.is_whitespace() || c.is_control() || ".[]{}()'\"|,:;?*\\".contains(c);
        let rest = self.rest();
        let name = rest.get(..rest.find(is_odd).unwrap_or(rest.len()))?;
        self.at += name.len();
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn bracket(&mut self) -> Result<Step, PathError> {
        self.take("[");
        self.skip_space();
        let step = match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote)?,
            _ => self.item()?,
        };
        self.skip_space();
        if !self.take("]") {
            return Err(self.unexpected("]"));
        }
        Ok(step)
    }

    fn item(&mut self) -> Result<Step, PathError> {
        let rest = self.rest();
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest.get(sign..).unwrap_or_default();
        let digits = digits.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Err(self.unexpected("a number or a name in quotes"));
        }
        let number = rest
            .get(..sign + digits)
            .and_then(|number| number.parse().ok());
        let number = number.ok_or_else(|| PathError::new(self.at, "the number is too large"))?;
        self.at += sign + digits;
        Ok(Step::Item(number))
    }

    /// A name in quotes, with the escapes of JSON and `\'`.
    fn quoted(&mut self, quote: char) -> Result<Step, PathError> {
        let open = self.at;
        self.at += quote.len_utf8();
        let mut content = String::new();
        let mut is_escaped = false;
        for (at, character) in self.rest().char_indices() {
            match character {
                '\'' if is_escaped => {
                    content.pop();
                    content.push('\'');
                }
                _ if character == quote && !is_escaped => {
                    self.at += at + quote.len_utf8();
                    return Ok(Step::Name(unescape(content.as_bytes()).into_owned()));
                }
                _ => content.push(character),
            }
            is_escaped = character == '\\' && !is_escaped;
        }
        Err(PathError::new(open, "the quote is not closed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"accounts":[{"name":1,"odd key":2},{"a'b\"c\\":[3,4]}],"é-x":5}"#;

    #[test]
    fn paths_lead_to_values() {
        let document = Document::parse(TEXT.into());
        for (path, text) in [
            (".accounts[0].name", "1"),
            ("$.accounts[0]['odd key']", "2"),
            ("accounts[0].\"odd key\"", "2"),
            (" .accounts.[0][ \"odd key\" ] ", "2"),
            ("accounts[-2].name", "1"),
            (r#"$["accounts"][1]['a\'b"c\\'][-1]"#, "4"),
            (r#".accounts[1]."a'b\"c\\"[0]"#, "3"),
            ("é-x", "5"),
            (r#"."\u00e9-x""#, "5"),
        ] {
            let n = document.find(path).expect(path);
            assert_eq!(document.text(n), text);
        }
        for root in ["", ".", "$", " $ ", " . "] {
            assert_eq!(document.find(root), Ok(NodeId::default()), "{root:?}");
        }
    }

    #[test]
    fn the_path_of_every_value_leads_to_it() {
        let document = Document::parse(TEXT.into());
        for n in (0..document.len()).map(NodeId::new) {
            assert_eq!(
                document.find(&document.path(n)),
                Ok(n),
                "{}",
                document.path(n)
            );
        }
    }

    #[test]
    fn mistakes_have_a_place_and_a_reason() {
        let document = Document::parse(TEXT.into());
        for (path, offset, reason) in [
            (
                "accounts[",
                9,
                "expected a number or a name in quotes, found the end",
            ),
            ("accounts[0", 10, "expected ], found the end"),
            (
                "accounts[*]",
                9,
                "expected a number or a name in quotes; a path leads to one value",
            ),
            ("..name", 1, "expected a name; a path leads to one value"),
            (".accounts.", 10, "expected a name, found the end"),
            (".accounts[0]name", 12, "expected a dot or [, found n"),
            (".accounts['x", 10, "the quote is not closed"),
            (
                ".accounts[99999999999999999999]",
                10,
                "the number is too large",
            ),
            (".accounts[2]", 9, ".accounts has only 2 items"),
            (".accounts[-3]", 9, ".accounts has only 2 items"),
            (".accounts.name", 9, ".accounts is no object"),
            ("accounts[0].nam", 11, ".accounts[0] has no member \"nam\""),
            (".[0]", 0, ". is no array"),
        ] {
            let error = document.find(path).expect_err(path);
            assert_eq!(
                (error.offset, error.reason.as_str()),
                (offset, reason),
                "{path}"
            );
        }
        assert_eq!(
            Document::parse("".into()).find("."),
            Err(PathError::new(0, "there is no value"))
        );
    }
}
