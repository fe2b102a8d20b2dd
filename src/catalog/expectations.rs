//! Holds an answer against what a saved request expects of it.

use std::fmt;
use std::time::Duration;

use crate::catalog::template::Reference;
use crate::catalog::{Catalog, pattern};
use crate::document::{Document, NodeId, NodeKind};
use crate::domain::{Check, Endpoint, Expectations, JsonType, Response, Scalar};

/// Something that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What was looked at: `status`, `time`, `shape`, or a field by its path, `.accounts[0].id`.
    pub what: String,
    /// What it should be.
    pub expected: String,
    /// What it is; never a whole body.
    pub found: String,
}

/// What a failure of the status is called; a field of that name is `.status`.
const STATUS: &str = "status";
/// What a failure of the time is called.
const TIME: &str = "time";

impl Failure {
    /// Whether the status is another one: what the body lacks then is no news.
    pub(crate) fn is_of_status(&self) -> bool {
        self.what == STATUS
    }

    /// Whether it is about what the body holds.
    pub(crate) fn is_of_body(&self) -> bool {
        self.what != STATUS && self.what != TIME
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            expected,
            found,
        } = self;
        write!(f, "{what}: expected {expected}, found {found}")
    }
}

/// Whole milliseconds, rounded up: what is above a limit never reads like the limit.
fn in_millis(duration: Duration) -> String {
    format!("{} ms", duration.as_nanos().div_ceil(1_000_000))
}

/// An answer to hold against what is expected of it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// As it came.
    pub response: &'a Response,
    /// Over its body: what is compared.
    pub document: &'a Document,
    /// What may be told of the body, in a report or a file: the same without its secrets.
    pub told: &'a Document,
}

/// Everything in which `answer` is not as expected.
pub fn check_expectations(
    expected: &Expectations,
    answer: Answer<'_>,
    endpoint: Option<(&Endpoint, &Catalog)>,
) -> Vec<Failure> {
    let Answer {
        response, document, ..
    } = answer;
    let mut failures = Vec::new();
    let mut fail = |what: &str, expected: String, found: String| {
        failures.push(Failure {
            what: what.to_owned(),
            expected,
            found,
        });
    };
    if let Some(status) = expected.status.filter(|status| *status != response.status) {
        fail(STATUS, status.to_string(), response.status.to_string());
    }
    if let Some(longest) = expected
        .longest
        .filter(|longest| *longest < response.timing.total)
    {
        fail(
            TIME,
            format!("at most {}", in_millis(longest)),
            in_millis(response.timing.total),
        );
    }
    for field in &expected.fields {
        if let Some((expected, found)) = check_field(answer, &field.path, &field.check) {
            fail(&format!(".{}", field.path), expected, found);
        }
    }
    if expected.shape
        && let Some((endpoint, catalog)) = endpoint
    {
        let marks = catalog
            .check_answer(endpoint, document)
            .map_or(0, |marks| marks.counts().total());
        if marks > 0 {
            fail(
                "shape",
                "as documented".into(),
                format!("{marks} differences"),
            );
        }
    }
    failures
}

/// What the field at `path` should be and what it is, if these differ.
pub(super) fn check_field(
    Answer { document, told, .. }: Answer<'_>,
    path: &str,
    check: &Check,
) -> Option<(String, String)> {
    let reference = match Reference::parse(path) {
        Ok(reference) => reference,
        Err(error) => return Some(("a path".into(), error.to_string())),
    };
    let found = at(document, &reference);
    let is_met = match (check, found) {
        (Check::Absent, found) => found.is_none(),
        (_, None) => false,
        (Check::Exists, Some(_)) => true,
        (Check::Type(kind), Some(node)) => is_of(document, node, *kind),
        (Check::Equals(value), Some(node)) => is_equal(document, node, value),
        (Check::Matches(regex), Some(node)) => {
            document.kind(node) == NodeKind::String && pattern::matches(regex, &document.text(node))
        }
        (Check::OneOf(values), Some(node)) => {
            values.iter().any(|value| is_equal(document, node, value))
        }
    };
    if is_met {
        return None;
    }
    let found = match (found, at(told, &reference)) {
        (None, _) => "nothing".to_owned(),
        (Some(_), Some(node)) => excerpt(told, node),
        (Some(_), None) => "a value that is not told".to_owned(),
    };
    Some((words(check), found))
}

/// What `reference` leads to in `document`.
pub(super) fn at(document: &Document, reference: &Reference) -> Option<NodeId> {
    let first = document.get(document.root()?, &reference.root)?;
    document.follow(first, &reference.steps)
}

/// Longest piece of a value that is told: enough to see what is wrong.
const SHOWN: usize = 60;

/// What a value is, in a few words: a whole scalar if it is short, never a whole container.
pub(crate) fn excerpt(document: &Document, node: NodeId) -> String {
    match document.kind(node) {
        NodeKind::Object => "an object".into(),
        NodeKind::Array => "an array".into(),
        _ => String::from_utf8_lossy(document.raw(node))
            .chars()
            .take(SHOWN)
            .collect(),
    }
}

fn words(check: &Check) -> String {
    match check {
        Check::Exists => "a value".into(),
        Check::Absent => "no such field".into(),
        Check::Type(kind) => format!("a value of type {}", kind.name()),
        Check::Equals(value) => scalar(value),
        Check::Matches(regex) => format!("a text that matches {regex}"),
        Check::OneOf(values) => format!(
            "one of {}",
            values.iter().map(scalar).collect::<Vec<_>>().join(", ")
        ),
    }
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
        Scalar::Integer(number) => number.to_string(),
        Scalar::Float(number) => number.to_string(),
        Scalar::Boolean(value) => value.to_string(),
    }
}

fn is_of(document: &Document, node: NodeId, kind: JsonType) -> bool {
    match (document.kind(node), kind) {
        (NodeKind::Number, JsonType::Integer) => !document.text(node).contains(['.', 'e', 'E']),
        (found, wanted) => matches!(
            (found, wanted),
            (NodeKind::String, JsonType::String)
                | (NodeKind::Number, JsonType::Number)
                | (NodeKind::Bool, JsonType::Boolean)
                | (NodeKind::Object, JsonType::Object)
                | (NodeKind::Array, JsonType::Array)
                | (NodeKind::Null, JsonType::Null)
        ),
    }
}

/// Whether a value of an answer is `value`; numbers by what they are, not by how they are spelled.
fn is_equal(document: &Document, node: NodeId, value: &Scalar) -> bool {
    let text = document.text(node);
    match (document.kind(node), value) {
        (NodeKind::String, Scalar::Text(wanted)) => text == wanted.as_str(),
        (NodeKind::Bool, Scalar::Boolean(wanted)) => text == if *wanted { "true" } else { "false" },
        (NodeKind::Number, Scalar::Integer(wanted)) => match text.parse::<i64>() {
            Ok(found) => found == *wanted,
            Err(_) => text.parse() == Ok(wanted.to_string().parse::<f64>().unwrap_or(f64::NAN)),
        },
        (NodeKind::Number, Scalar::Float(wanted)) => text.parse() == Ok(*wanted),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, FieldCheck, Timestamp, Timing};

    fn failures(expected: &Expectations, body: &str) -> Vec<String> {
        let body = Body::from(body);
        let response = Response {
            status: 200,
            version: "HTTP/1.1".into(),
            headers: Vec::new(),
            body: body.clone(),
            timing: Timing {
                total: Duration::from_millis(5),
                ..Timing::default()
            },
            received_at: Timestamp(0),
        };
        let document = Document::parse(body);
        let answer = Answer {
            response: &response,
            document: &document,
            told: &document,
        };
        let failures = check_expectations(expected, answer, None);
        failures.iter().map(ToString::to_string).collect()
    }

    fn field(path: &str, check: Check) -> Expectations {
        let fields = vec![FieldCheck {
            path: path.into(),
            check,
        }];
        Expectations {
            fields,
            ..Expectations::default()
        }
    }

    const BODY: &str =
        r#"{"count":2,"amount":10.50,"items":[{"id":"a","ok":true},{"id":"b","ok":null}]}"#;

    #[test]
    fn what_is_met_is_silent() {
        for expected in [
            Expectations {
                status: Some(200),
                longest: Some(Duration::from_secs(1)),
                ..Expectations::default()
            },
            field("count", Check::Equals(Scalar::Integer(2))),
            field("amount", Check::Equals(Scalar::Float(10.5))),
            field("items[id=b].ok", Check::Type(JsonType::Null)),
            field(
                "items[-1].id",
                Check::OneOf(vec![Scalar::Text("a".into()), Scalar::Text("b".into())]),
            ),
            field("items[0].id", Check::Matches("[a-z]".into())),
            field("nothing", Check::Absent),
            field("count", Check::Type(JsonType::Integer)),
        ] {
            assert_eq!(
                failures(&expected, BODY),
                Vec::<String>::new(),
                "{expected:?}"
            );
        }
    }

    #[test]
    fn what_is_not_met_names_place_wish_and_finding() {
        let cases = [
            (
                Expectations {
                    status: Some(201),
                    ..Expectations::default()
                },
                "status: expected 201, found 200",
            ),
            (
                field("items[0].id", Check::Equals(Scalar::Text("z".into()))),
                ".items[0].id: expected \"z\", found \"a\"",
            ),
            (
                field("items[5].id", Check::Exists),
                ".items[5].id: expected a value, found nothing",
            ),
            (
                field("amount", Check::Type(JsonType::Integer)),
                ".amount: expected a value of type integer, found 10.50",
            ),
            (
                field("items", Check::Absent),
                ".items: expected no such field, found an array",
            ),
        ];
        for (expected, told) in cases {
            assert_eq!(failures(&expected, BODY), [told]);
        }
    }
}
