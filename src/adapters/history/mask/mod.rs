//! Takes secrets out of an exchange before it is kept or exported. Everything else stays as it was sent, to the byte.
//!
//! Two things are looked for: values with a secret name, wherever they stand, and then these very values again wherever
//! they are repeated, in plain or encoded.

mod card_numbers;
mod echoes;
mod ids;
mod marks;
mod named;
#[cfg(test)]
mod tests;
mod view;

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use echoes::{Needles, Search};
use ids::Ids;
pub use marks::{Marks, is_secret_variable};
pub(crate) use named::find;
use named::{Found, ends_value};

use crate::domain::{Body, Exchange, MASK, Outcome, Problem, Secret};

/// Bodies are kept up to this size; a larger one belongs into a file.
pub const LARGEST_BODY: usize = 1024 * 1024;

/// A secret that crosses the cut is still seen whole if it is no longer than this.
const MARGIN: usize = 64 * 1024;

/// An exchange without its secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct Masked {
    /// The exchange; the bodies are cut to [`LARGEST_BODY`].
    pub exchange: Exchange,
    /// Size of the request's body before the cut.
    pub request_size: usize,
    /// Size of the answer's body before the cut.
    pub response_size: usize,
}

/// `exchange` without what `marks` calls secret, and without the secrets in `known`: tokens and client secrets that the
/// session holds.
pub fn mask(exchange: &Exchange, marks: &Marks, known: &[Secret]) -> Masked {
    Masking::new(marks).mask(exchange, known)
}

/// Masks one exchange after another; a search for the same secrets as the last time is got ready once.
pub struct Masking<'a> {
    marks: &'a Marks,
    last: Option<(Needles, Option<Search>)>,
}

impl<'a> Masking<'a> {
    /// Takes out what `marks` calls secret.
    pub fn new(marks: &'a Marks) -> Self {
        Self { marks, last: None }
    }

    /// As [`mask`].
    pub fn mask(&mut self, exchange: &Exchange, known: &[Secret]) -> Masked {
        let ids = Ids::new(exchange, self.marks);
        let (needles, named) = collect(exchange, self.marks, &ids, known);
        let last = self.last.take().filter(|(last, _)| *last == needles);
        let (needles, search) = last.unwrap_or_else(|| {
            let search = needles.search();
            (needles, search)
        });
        let masker = Masker {
            marks: self.marks,
            is_blind: search.is_none() && !needles.is_empty(),
            search: search.as_ref(),
            ids: &ids,
        };
        let masked = masker.exchange(exchange, named);
        self.last = Some((needles, search));
        masked
    }
}

/// Whether the header fields announce a form.
pub(crate) fn is_form(headers: &[(String, String)]) -> bool {
    headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type")
            && value.starts_with("application/x-www-form-urlencoded")
    })
}

/// The secrets with a name in the body of a request, and in that of an answer.
struct Named {
    sent: Vec<Found>,
    answered: Vec<Found>,
}

/// The secrets of an exchange, from all its parts.
fn collect(
    exchange: &Exchange,
    marks: &Marks,
    ids: &Ids<'_>,
    known: &[Secret],
) -> (Needles, Named) {
    let mut needles = Needles::default();
    let mut add = |value: &[u8]| {
        if !String::from_utf8_lossy(value).contains(MASK) {
            needles.add(value);
        }
    };
    for secret in known {
        add(secret.reveal().as_bytes());
    }
    let request = &exchange.request;
    let sent = request.body.as_ref();
    let answer = exchange.response();
    let mut text = |text: &[u8], is_form: bool| {
        let named = ids.find(text, is_form);
        for found in &named {
            add(&found.value);
            add(text.get(found.range.clone()).unwrap_or_default());
        }
        named
    };
    text(request.url.as_bytes(), false);
    let sent = sent.map_or_else(Vec::new, |body| {
        text(body.as_bytes(), is_form(&request.headers))
    });
    let answered = answer.map_or_else(Vec::new, |answer| {
        text(answer.body.as_bytes(), is_form(&answer.headers))
    });
    let headers = request
        .headers
        .iter()
        .chain(answer.iter().flat_map(|answer| &answer.headers));
    for (name, value) in headers.clone() {
        if !marks.is_secret_header(name) {
            text(value.as_bytes(), false);
        }
    }
    for (name, value) in headers {
        if marks.is_secret_header(name) {
            of_header(value, &mut add);
        }
    }
    (needles, Named { sent, answered })
}

/// The secrets in a header field that is secret: a token behind its scheme, a password in base64, values of cookies.
fn of_header(value: &str, add: &mut impl FnMut(&[u8])) {
    if !value.contains(' ') {
        add(value.as_bytes());
    }
    for part in value.split([' ', ';', ',']) {
        let part = part.split_once('=').map_or(
            part,
            |(_, value)| if value.is_empty() { part } else { value },
        );
        if part.len() >= 8 {
            add(part.as_bytes());
        }
    }
    let encoded = value
        .split_once(' ')
        .map_or("", |(_, encoded)| encoded.trim());
    if let Ok(pair) = STANDARD.decode(encoded)
        && let Some(colon) = memchr::memchr(b':', &pair)
    {
        add(&pair[colon + 1..]);
    }
}

struct Masker<'a> {
    marks: &'a Marks,
    search: Option<&'a Search>,
    /// Whether secrets are known that cannot be searched: nothing is shown then.
    is_blind: bool,
    ids: &'a Ids<'a>,
}

impl Masker<'_> {
    fn exchange(&self, exchange: &Exchange, named: Named) -> Masked {
        let mut masked = exchange.clone();
        let request = &mut masked.request;
        request.url = self.text(&request.url);
        self.headers(&mut request.headers);
        let request_size = request.body.as_ref().map_or(0, Body::len);
        if let Some(body) = &mut request.body {
            *body = self.body(body, named.sent);
        }
        let mut response_size = 0;
        match &mut masked.outcome {
            Outcome::Done(response) => {
                response_size = response.body.len();
                self.headers(&mut response.headers);
                response.body = self.body(&response.body, named.answered);
            }
            Outcome::Failed(problem) => self.problem(problem),
            Outcome::Sending
            | Outcome::Arriving(_)
            | Outcome::Waiting
            | Outcome::Postponed { .. }
            | Outcome::Cancelled => {}
        }
        Masked {
            exchange: masked,
            request_size,
            response_size,
        }
    }

    fn text(&self, text: &str) -> String {
        let found = self.ids.find(text.as_bytes(), false);
        match self.bytes(text.as_bytes(), found) {
            Some(masked) => String::from_utf8_lossy(&masked).into_owned(),
            None => text.to_owned(),
        }
    }

    fn problem(&self, problem: &mut Problem) {
        problem.what = self.text(&problem.what);
        problem.why = problem.why.as_deref().map(|why| self.text(why));
    }

    fn headers(&self, headers: &mut [(String, String)]) {
        for (name, value) in headers {
            *value = match (self.marks.is_secret_header(name), value.split_once(' ')) {
                (true, Some((scheme, _))) if ["Bearer", "Basic"].contains(&scheme) => {
                    format!("{scheme} {MASK}")
                }
                (true, _) => MASK.to_owned(),
                (false, _) => self.text(value),
            };
        }
    }

    fn body(&self, body: &Body, mut named: Vec<Found>) -> Body {
        let bytes = body.as_bytes();
        let seen = bytes.get(..LARGEST_BODY + MARGIN).unwrap_or(bytes);
        named.retain_mut(|found| {
            found.range.end = found.range.end.min(seen.len());
            !found.range.is_empty()
        });
        let masked = self.bytes(seen, named);
        if masked.is_none() && bytes.len() <= LARGEST_BODY {
            return body.clone();
        }
        let mut masked = masked.unwrap_or_else(|| seen.to_vec());
        masked.truncate(LARGEST_BODY);
        Body::new(masked)
    }

    /// `text` with [`MASK`] in the place of each secret, of those in `named` and of those that are repeated; `None` if there is
    /// none.
    fn bytes(&self, text: &[u8], named: Vec<Found>) -> Option<Vec<u8>> {
        if self.is_blind {
            return Some(MASK.into());
        }
        let mut spots: Vec<(Range<usize>, bool)> = named
            .into_iter()
            .map(|found| (found.range, found.is_bare))
            .collect();
        let echoes = self.search.iter().flat_map(|search| search.find(text));
        spots.extend(echoes.map(|range| {
            let is_bare = is_bare(text, &range);
            (range, is_bare)
        }));
        spots.retain(|(range, _)| !is_masked(&text[range.clone()]));
        if spots.is_empty() {
            return None;
        }
        spots.sort_by_key(|(range, _)| (range.start, usize::MAX - range.end));
        let mut masked = Vec::with_capacity(text.len());
        let mut at = 0;
        for (range, is_bare) in spots {
            if range.start < at {
                // It overlaps the last one, whose mask stands for both, and for what would be glued to it.
                if range.end > at {
                    let rest = text.get(range.end..).unwrap_or_default();
                    at = range.end + rest.iter().take_while(|byte| !ends_value(**byte)).count();
                }
                continue;
            }
            masked.extend_from_slice(&text[at..range.start]);
            let quote: &[u8] = if is_bare { b"\"" } else { b"" };
            masked.extend_from_slice(&[quote, MASK.as_bytes(), quote].concat());
            at = range.end;
        }
        masked.extend_from_slice(text.get(at..).unwrap_or_default());
        Some(masked)
    }
}

/// Whether `value` is a mask, or several with nothing but punctuation between them: what was masked once stays as it is.
fn is_masked(value: &[u8]) -> bool {
    let text = String::from_utf8_lossy(value);
    let is_punctuation = |c: char| c.is_ascii_punctuation() || c.is_ascii_whitespace();
    text.contains(MASK) && text.replace(MASK, "").chars().all(is_punctuation)
}

/// Whether `range` is a whole number of JSON, so that a mask has to bring its own quotes.
fn is_bare(text: &[u8], range: &Range<usize>) -> bool {
    let is_blank = |byte: &&u8| !byte.is_ascii_whitespace();
    let before = text[..range.start].iter().rev().find(is_blank);
    let after = text[range.end..].iter().find(is_blank);
    let is_json = text
        .iter()
        .find(is_blank)
        .is_some_and(|byte| matches!(byte, b'{' | b'['));
    is_json
        && text[range.clone()].iter().all(u8::is_ascii_digit)
        && before.is_some_and(|byte| b":,[".contains(byte))
        && after.is_none_or(|byte| b",]}".contains(byte))
        && !is_in_string(text, range.start)
}

/// Whether a string is open at `end`: an odd number of quotes without a backslash before it.
fn is_in_string(text: &[u8], end: usize) -> bool {
    let text = &text[..end];
    let quotes = memchr::memchr_iter(b'"', text);
    let count = quotes
        .filter(|at| {
            text[..*at]
                .iter()
                .rev()
                .take_while(|byte| **byte == b'\\')
                .count()
                % 2
                == 0
        })
        .count();
    count % 2 == 1
}
