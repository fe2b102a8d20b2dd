//! Takes an answer for what is expected from now on. Compares nothing with it and writes no file.

use crate::catalog::expectations::{Answer, at, check_field};
use crate::catalog::template::Reference;
use crate::document::NodeKind;
use crate::domain::{Check, Expectations, JsonType, MASK, Scalar};

/// `expected`, changed only where `answer` does not meet it.
///
/// A check keeps its kind where the answer has a value of that kind: a time limit grows, another value is expected, one more is
/// allowed. What is there no more is expected to be absent. Of a value that is not told, a secret, only its type is taken.
pub fn renew_expectations(expected: &Expectations, answer: Answer<'_>) -> Expectations {
    let response = answer.response;
    let mut renewed = expected.clone();
    if renewed.status.is_some() {
        renewed.status = Some(response.status);
    }
    if let Some(longest) = &mut renewed.longest
        && *longest < response.timing.total
    {
        // Twice as long, so that the next answer does not miss it by a hair.
        *longest = std::time::Duration::from_millis(
            u64::try_from(response.timing.total.as_millis() * 2).unwrap_or(u64::MAX),
        );
    }
    for field in &mut renewed.fields {
        if check_field(answer, &field.path, &field.check).is_some()
            && let Ok(path) = Reference::parse(&field.path)
        {
            field.check = renewed_check(&field.check, answer, &path);
        }
    }
    renewed.fields.dedup_by(|a, b| a == b);
    renewed
}

fn renewed_check(check: &Check, answer: Answer<'_>, path: &Reference) -> Check {
    let Answer { document, told, .. } = answer;
    let Some(node) = at(document, path) else {
        return Check::Absent;
    };
    let text = at(told, path).map(|node| told.text(node).into_owned());
    let text = text.filter(|text| !text.contains(MASK));
    let scalar = text.and_then(|text| match document.kind(node) {
        NodeKind::String => Some(Scalar::Text(text)),
        NodeKind::Bool => Some(Scalar::Boolean(text == "true")),
        NodeKind::Number => text
            .parse()
            .map(Scalar::Integer)
            .ok()
            .or_else(|| text.parse().map(Scalar::Float).ok()),
        _ => None,
    });
    let kind = match document.kind(node) {
        NodeKind::String => JsonType::String,
        NodeKind::Bool => JsonType::Boolean,
        NodeKind::Number => JsonType::Number,
        NodeKind::Object => JsonType::Object,
        NodeKind::Array => JsonType::Array,
        NodeKind::Null => JsonType::Null,
    };
    match (check, scalar) {
        (Check::OneOf(values), Some(scalar)) => {
            Check::OneOf(values.iter().cloned().chain([scalar]).collect())
        }
        (Check::Equals(_) | Check::Matches(_), Some(scalar)) => Check::Equals(scalar),
        (Check::Absent, _) => Check::Exists,
        _ => Check::Type(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::check_expectations;
    use crate::document::Document;
    use crate::domain::{Body, FieldCheck, Response, Timestamp, Timing};
    use proptest::prelude::*;
    use std::time::Duration;

    const BODY: &str =
        r#"{"count":2,"amount":10.5,"name":"Ada","items":[{"id":"a","ok":true}],"none":null}"#;

    fn response(body: &str) -> Response {
        Response {
            status: 201,
            version: "HTTP/1.1".into(),
            headers: Vec::new(),
            body: Body::from(body),
            timing: Timing {
                total: Duration::from_millis(40),
                ..Timing::default()
            },
            received_at: Timestamp(0),
        }
    }

    fn renewed(path: &str, check: Check) -> Check {
        let fields = vec![FieldCheck {
            path: path.into(),
            check,
        }];
        let expected = Expectations {
            fields,
            ..Expectations::default()
        };
        let (response, document) = answered();
        let answer = all_told(&response, &document);
        renew_expectations(&expected, answer).fields[0]
            .check
            .clone()
    }

    fn answered() -> (Response, Document) {
        let response = response(BODY);
        let document = Document::parse(response.body.clone());
        (response, document)
    }

    fn all_told<'a>(response: &'a Response, document: &'a Document) -> Answer<'a> {
        Answer {
            response,
            document,
            told: document,
        }
    }

    #[test]
    fn of_a_secret_nothing_is_told_and_only_the_type_is_taken() {
        let (response, document) = answered();
        let masked = BODY
            .replace("Ada", MASK)
            .replace("10.5", &format!("\"{MASK}\""));
        let told = Document::parse(Body::from(masked.as_str()));
        let answer = Answer {
            told: &told,
            ..all_told(&response, &document)
        };
        let text = Scalar::Text("tok".into());
        for (path, check, renewed) in [
            ("name", Check::Matches("[0-9]".into()), JsonType::String),
            ("name", Check::OneOf(vec![text]), JsonType::String),
            (
                "amount",
                Check::Equals(Scalar::Integer(1)),
                JsonType::Number,
            ),
        ] {
            let fields = vec![FieldCheck {
                path: path.into(),
                check,
            }];
            let expected = Expectations {
                fields,
                ..Expectations::default()
            };
            let failures = check_expectations(&expected, answer, None);
            assert_eq!(failures[0].found, format!("\"{MASK}\""));
            let after = renew_expectations(&expected, answer);
            assert_eq!(after.fields[0].check, Check::Type(renewed), "{path}");
        }
    }

    #[test]
    fn a_check_keeps_its_kind_where_it_can() {
        let text = |text: &str| Scalar::Text(text.into());
        for (path, before, after) in [
            (
                "count",
                Check::Equals(Scalar::Integer(1)),
                Check::Equals(Scalar::Integer(2)),
            ),
            (
                "count",
                Check::Type(JsonType::Integer),
                Check::Type(JsonType::Integer),
            ),
            (
                "name",
                Check::OneOf(vec![text("Ben")]),
                Check::OneOf(vec![text("Ben"), text("Ada")]),
            ),
            (
                "name",
                Check::Matches("[0-9]+".into()),
                Check::Equals(text("Ada")),
            ),
            (
                "items",
                Check::Equals(text("x")),
                Check::Type(JsonType::Array),
            ),
            ("gone", Check::Exists, Check::Absent),
            ("none", Check::Absent, Check::Exists),
        ] {
            assert_eq!(renewed(path, before), after, "{path}");
        }
    }

    #[test]
    fn status_and_time_are_taken_over_only_where_they_are_expected() {
        let (response, document) = answered();
        let answer = all_told(&response, &document);
        let none = Expectations::default();
        assert_eq!(renew_expectations(&none, answer), none);
        let some = Expectations {
            status: Some(200),
            longest: Some(Duration::from_millis(10)),
            ..none
        };
        let renewed = renew_expectations(&some, answer);
        assert_eq!(
            (renewed.status, renewed.longest),
            (Some(201), Some(Duration::from_millis(80)))
        );
    }

    fn check() -> impl Strategy<Value = Check> {
        let scalar = prop_oneof![
            "[a-z]{0,2}".prop_map(Scalar::Text),
            (-3..3_i64).prop_map(Scalar::Integer),
            any::<bool>().prop_map(Scalar::Boolean),
        ];
        let kind = prop::sample::select(JsonType::ALL.to_vec());
        prop_oneof![
            Just(Check::Exists),
            Just(Check::Absent),
            kind.prop_map(Check::Type),
            scalar.clone().prop_map(Check::Equals),
            prop::collection::vec(scalar, 0..3).prop_map(Check::OneOf),
            Just(Check::Matches("[a-z]".into())),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_renewed_is_met_by_the_answer_it_was_renewed_from(
            path in prop::sample::select(vec!["count", "amount", "name", "items[0].id", "items[0]", "items", "none", "gone.on"]),
            check in check(),
        ) {
            let fields = vec![FieldCheck { path: path.into(), check }];
            let expected = Expectations { status: Some(400), fields, ..Expectations::default() };
            let (response, document) = answered();
            let answer = all_told(&response, &document);
            let renewed = renew_expectations(&expected, answer);
            prop_assert_eq!(check_expectations(&renewed, answer, None), Vec::new());
        }
    }
}
