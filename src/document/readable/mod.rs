//! Bodies that are read better as something else: text of another encoding, tables of separated values, markup, lines of
//! JSON. What came stays as it came; this makes a second document to look at beside it.

mod charset;
mod lines;
mod markup;
mod separated;

use std::sync::Arc;

use crate::document::{Document, Fault};
use crate::domain::Body;

/// A larger body is shown as it came: to make another of it would take as much memory again.
const LARGEST: usize = 64 << 20;

/// A body made readable, with what suits it.
#[derive(Clone, Debug, PartialEq)]
pub enum Readable {
    /// As lines of text, or as a tree where that text is JSON.
    Text(Arc<Document>),
    /// As an array of objects, each of them a row.
    Table(Arc<Document>),
}

impl Readable {
    /// What is read instead of the body.
    pub fn document(&self) -> &Arc<Document> {
        let (Self::Text(document) | Self::Table(document)) = self;
        document
    }

    /// What `body` is read as, if a `content_type` or its beginning says that it is something that is read better so.
    ///
    /// # Errors
    /// Where it should be JSON on each line: the first line that is none.
    pub(super) fn of(body: &Body, content_type: Option<&str>) -> Result<Option<Self>, Fault> {
        if body.len() > LARGEST {
            return Ok(None);
        }
        let bytes = body.as_bytes();
        let decoded = charset::decoded(bytes, content_type);
        let head = match &decoded {
            Some(text) => text.as_bytes(),
            None => bytes,
        };
        let kind = Kind::of(content_type.unwrap_or_default(), head);
        if kind.is_none() && decoded.is_none() {
            return Ok(None); // JSON and most others, without a look at all of it
        }
        let Ok(text) = std::str::from_utf8(head) else {
            return Ok(None);
        };
        let parse = |text: String| Arc::new(Document::parse(Body::new(text)));
        let made = match kind {
            Some(Kind::Separated(separator)) => separated::as_json(text, separator),
            Some(Kind::Lines) => lines::as_json(text),
            Some(Kind::Markup) => return Ok(Some(Self::Text(parse(markup::indented(text))))),
            None => None,
        };
        if let (None, Some(Kind::Lines), None) = (&made, kind, &decoded)
            && let Some(fault) = lines::fault(text)
        {
            return Err(fault);
        }
        let table = made.map(|json| Self::Table(parse(json)));
        Ok(table.or_else(|| decoded.map(|text| Self::Text(parse(text)))))
    }
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// CSV; the separator if it is known.
    Separated(Option<char>),
    Lines,
    Markup,
}

impl Kind {
    fn of(content_type: &str, text: &[u8]) -> Option<Self> {
        let lower = content_type.to_ascii_lowercase();
        let name = lower.split(';').next().unwrap_or_default().trim();
        let start = text.trim_ascii_start();
        let starts = |with: &str| {
            let head = start.get(..with.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(with.as_bytes()))
        };
        match name {
            "text/csv" | "application/csv" => Some(Self::Separated(None)),
            "text/tab-separated-values" => Some(Self::Separated(Some('\t'))),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
                Some(Self::Lines)
            }
            _ if ["<!doctype", "<html", "<?xml"].into_iter().any(starts) => Some(Self::Markup),
            _ if (name.ends_with("html") || name.ends_with("xml")) && start.starts_with(b"<") => {
                Some(Self::Markup)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str, content_type: &str) -> Option<(bool, String)> {
        let readable = Readable::of(&Body::from(body), Some(content_type)).unwrap()?;
        let bytes = readable.document().body().as_bytes().to_vec();
        let is_table = matches!(readable, Readable::Table(_));
        Some((is_table, String::from_utf8(bytes).unwrap()))
    }

    #[test]
    fn the_header_or_the_beginning_says_what_a_body_is() {
        assert!(read("a,b\n1,2", "text/csv; charset=utf-8").unwrap().0);
        assert!(read("{}\n{}", "application/x-ndjson").unwrap().0);
        assert!(!read(" <!DOCTYPE html><p>", "text/plain").unwrap().0);
        assert!(!read("<a/>", "application/soap+xml").unwrap().0);
        assert_eq!(read("a,b\n1,2", "text/plain"), None);
        assert_eq!(read("{\"a\": 1}", "application/json"), None);
        assert_eq!(read("", "text/html"), None);
    }

    #[test]
    fn text_of_another_encoding_is_made_readable_in_any_form() {
        let latin = Body::new(b"a;b\n\xe9;1\n".to_vec());
        let readable = Readable::of(&latin, Some("text/csv; charset=latin1"))
            .unwrap()
            .unwrap();
        let document = readable.document();
        assert_eq!(
            document.body().as_bytes(),
            "[{\"a\": \"é\", \"b\": 1}]".as_bytes()
        );
    }
}
