//! Checks a whole request against its endpoint before it is sent. What the form does not know is let through.

use serde_json::{Map, Value};

use crate::catalog::Catalog;
use crate::catalog::prepare::check_header;
use crate::catalog::validate::{NEEDED, check_number, check_text, check_value};
use crate::domain::{Draft, Endpoint, Field, Kind};

/// One thing that is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyProblem {
    /// Path of the field: `source.id`, `beneficial_owners[0].email`; empty for the body itself.
    pub path: String,
    /// What is wanted instead, or what is wrong; a short phrase that never repeats the value.
    pub message: String,
}

impl BodyProblem {
    /// Whether a needed field is empty, or not there.
    pub fn is_missing(&self) -> bool {
        self.message == NEEDED
    }
}

/// Where in a request a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A `{part}` of the path.
    Path,
    /// A query parameter.
    Query,
    /// A header field.
    Header,
    /// A field of the body.
    Body,
}

/// One thing that is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftProblem {
    /// Where it stands.
    pub part: Part,
    /// Which field, and what is wanted.
    pub problem: BodyProblem,
}

/// Checks a draft as a whole, in the order of the form: path, query, headers, body.
pub fn check_draft(endpoint: &Endpoint, shapes: &Catalog, draft: &Draft) -> Vec<DraftProblem> {
    let mut problems = Vec::new();
    let mut check = |part: Part, field: &Field, text: &str| {
        if let Err(message) = check_value(field, text) {
            let path = field.name.clone();
            let problem = BodyProblem { path, message };
            problems.push(DraftProblem { part, problem });
        }
    };
    for field in &endpoint.parameters {
        let text = draft.path.get(&field.name).map_or("", String::as_str);
        check(Part::Path, field, text);
    }
    for field in &endpoint.query {
        let given = draft.query.iter().find(|(name, _)| *name == field.name);
        check(Part::Query, field, given.map_or("", |(_, text)| text));
    }
    for (name, _) in &draft.headers {
        if let Err(message) = check_header(name, endpoint.auth) {
            let path = name.clone();
            let problem = BodyProblem { path, message };
            let part = Part::Header;
            problems.push(DraftProblem { part, problem });
        }
    }
    let bytes = draft.body.as_ref().map_or(&[][..], |body| body.as_bytes());
    let of_body = check_bytes(endpoint, shapes, bytes);
    problems.extend(of_body.into_iter().map(|problem| DraftProblem {
        part: Part::Body,
        problem,
    }));
    problems
}

fn check_bytes(endpoint: &Endpoint, shapes: &Catalog, bytes: &[u8]) -> Vec<BodyProblem> {
    if endpoint.body.is_empty() {
        return Vec::new(); // none is described, which does not mean that none is taken
    }
    let body = if endpoint.form {
        let pairs = url::form_urlencoded::parse(bytes);
        let pairs = pairs.map(|(name, text)| (name.into_owned(), Value::from(text.into_owned())));
        Ok(Value::Object(pairs.collect()))
    } else if bytes.is_empty() {
        Ok(Value::Object(Map::new())) // no body is a body without fields
    } else {
        serde_json::from_slice(bytes)
    };
    match body {
        Ok(body) => check_body(endpoint, shapes, &body),
        Err(error) => vec![BodyProblem {
            path: String::new(),
            message: format!("not JSON: {error}"),
        }],
    }
}

/// Checks a whole body, read as JSON; one of a form is an object of texts.
pub fn check_body(endpoint: &Endpoint, shapes: &Catalog, body: &Value) -> Vec<BodyProblem> {
    if endpoint.body.is_empty() {
        return Vec::new();
    }
    let mut check = Check {
        shapes,
        is_form: endpoint.form,
        path: String::new(),
        problems: Vec::new(),
    };
    match body {
        Value::Object(object) => {
            check.object(&endpoint.body, object);
            check.one_of(&endpoint.one_of, object);
        }
        _ => check.report("a JSON object"),
    }
    check.problems
}

/// A walk over a body: the path so far and what was found.
struct Check<'a> {
    shapes: &'a Catalog,
    is_form: bool,
    path: String,
    problems: Vec<BodyProblem>,
}

impl Check<'_> {
    fn report(&mut self, message: impl Into<String>) {
        self.problems.push(BodyProblem {
            path: self.path.clone(),
            message: message.into(),
        });
    }

    /// Runs `check` one step further down the path.
    fn below(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 && !step.starts_with('[') {
            self.path.push('.');
        }
        self.path.push_str(step);
        check(self);
        self.path.truncate(length);
    }

    fn object(&mut self, fields: &[Field], object: &Map<String, Value>) {
        for field in fields {
            let value = object.get(&field.name);
            self.below(&field.name, |check| match value {
                Some(value) => check.value(field, value),
                None if field.required => check.report(NEEDED),
                None => {}
            });
        }
    }

    fn one_of(&mut self, names: &[String], object: &Map<String, Value>) {
        let is_given = |name: &&String| {
            let value = object.get(*name);
            value.is_some_and(|value| !value.is_null() && value != "")
        };
        let mut given = names.iter().filter(is_given);
        let culprit = match (given.next(), given.next()) {
            (None, _) => names.first(),
            (Some(_), second) => second,
        };
        if let Some(name) = culprit {
            let message = format!("exactly one of {}", names.join(", "));
            self.below(name, |check| check.report(message));
        }
    }

    fn value(&mut self, field: &Field, value: &Value) {
        let result = match (field.kind, value) {
            (_, Value::Null) if field.nullable => Ok(()),
            (_, Value::Null) if field.required => Err(format!("{NEEDED}, not null")),
            (Kind::String, Value::Null) => Err("not null: leave it out, or send \"\"".to_owned()),
            (_, Value::Null) => Err("not null: leave it out".to_owned()),
            (_, Value::String(text)) if self.is_form => check_value(field, text),
            (_, Value::String(text)) if text.is_empty() && field.required => Err(NEEDED.to_owned()),
            (Kind::String, Value::String(text)) if text.is_empty() => Ok(()),
            (Kind::String, Value::String(text)) => check_text(field, text),
            (Kind::Number | Kind::Integer, Value::Number(number)) => {
                check_number(field, &number.to_string())
            }
            (Kind::Boolean, Value::Bool(_)) => Ok(()),
            (Kind::Object, Value::Object(object)) => {
                if let Some(shape) = self.shape(field) {
                    self.object(shape, object);
                }
                Ok(())
            }
            (Kind::Array, Value::Array(items)) => {
                if let Some(shape) = self.shape(field) {
                    self.items(shape, items);
                }
                Ok(())
            }
            (kind, _) => Err(format!("{}, not {}", of_kind(kind), of_value(value))),
        };
        if let Err(message) = result {
            self.report(message);
        }
    }

    fn items(&mut self, shape: &[Field], items: &[Value]) {
        for (i, item) in items.iter().enumerate() {
            self.below(&format!("[{i}]"), |check| match item {
                Value::Object(object) => check.object(shape, object),
                other => check.report(format!("an object, not {}", of_value(other))),
            });
        }
    }
}

impl<'a> Check<'a> {
    fn shape(&self, field: &Field) -> Option<&'a [Field]> {
        let shape = self.shapes.shape(field.shape.as_deref()?)?;
        Some(&shape.fields)
    }
}

fn of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "text in quotes",
        Kind::Number => "a number without quotes",
        Kind::Integer => "a whole number without quotes",
        Kind::Boolean => "true or false without quotes",
        Kind::Object => "an object",
        Kind::Array => "an array",
    }
}

fn of_value(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Body, EndpointId};

    /// Every problem on a line of its own: path and message.
    #[expect(clippy::needless_pass_by_value, reason = "json!() makes a value")]
    fn said(id: &str, body: Value) -> String {
        let catalog = Catalog::built_in().unwrap();
        let endpoint = catalog.endpoint(&EndpointId::new(id)).unwrap();
        let found = check_body(endpoint, &catalog, &body).into_iter();
        let lines = found.map(|problem| format!("{}: {}", problem.path, problem.message));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_good_body_passes_and_unknown_fields_with_it() {
        let body = json!({"name": "Payout", "amount": 40.5, "source": {"id": "a"}, "destination": {"id": "b", "more": 1},
            "settlement_mode": "net_debit", "extra": null});
        assert_eq!(said("routines.account_to_card", body), "");
    }

    #[test]
    fn problems_come_in_the_order_of_the_form_with_their_paths() {
        let body = json!({"name": "", "amount": 40.505, "source": {}, "destination": [], "settlement_mode": "none"});
        assert_eq!(
            said("routines.account_to_card", body),
            "name: needed\namount: dollars like 25 or 25.50, more than 0\nsource.id: needed\n\
             destination: an object, not an array\nsettlement_mode: one of net_debit, gross_debit"
        );
    }

    #[test]
    fn items_of_arrays_are_counted() {
        let body = json!({"beneficial_owners": [{"email": "a@example.com"}, {"email": "a"}, 3]});
        assert_eq!(
            said("business_profiles.create", body),
            "beneficial_owners[1].email: an e-mail address like ada@example.com\nbeneficial_owners[2]: an object, not a number"
        );
    }

    #[test]
    fn null_and_quoted_numbers_are_told() {
        assert_eq!(
            said(
                "routines.update",
                json!({"amount": "30", "active": 1, "name": null, "threshold": null})
            ),
            "active: true or false without quotes, not a number\nname: not null: leave it out, or send \"\"\n\
             amount: a number without quotes, not text\nthreshold: not null: leave it out"
        );
        assert_eq!(said("routines.update", json!([])), ": a JSON object");
    }

    #[test]
    fn exactly_one_of_several_is_wanted() {
        let body = |rest: &str| {
            let text =
                format!(r#"{{"provider": "x", "provider_data": {{"customer_id": "c"}}{rest}}}"#);
            said("identity.verify", serde_json::from_str(&text).unwrap())
        };
        let wanted = "exactly one of user_id, user_intent_id, business_profile_id";
        assert_eq!(body(""), format!("user_id: {wanted}"));
        assert_eq!(body(r#", "user_intent_id": "i""#), "");
        assert_eq!(
            body(r#", "user_id": "u", "user_intent_id": "i""#),
            format!("user_intent_id: {wanted}")
        );
    }

    #[test]
    fn a_draft_is_checked_in_all_its_parts() {
        let catalog = Catalog::built_in().unwrap();
        let check = |draft: &Draft| {
            let endpoint = catalog.called(&draft.call).unwrap();
            let found = check_draft(&endpoint, &catalog, draft).into_iter();
            found
                .map(|it| (it.part, it.problem.path, it.problem.message))
                .collect::<Vec<_>>()
        };
        let mut draft = Draft::new("routines.transfers");
        draft.query.push(("limit".into(), "5".into()));
        assert_eq!(
            check(&draft),
            [
                (Part::Path, "id".into(), "needed".into()),
                (Part::Query, "limit".into(), "from 10 to 100".into())
            ]
        );
        let mut draft = Draft::new("documents.create_upload_url");
        assert_eq!(check(&draft).len(), 2);
        draft.body = Some(Body::from("{\n  \"a\":"));
        assert_eq!(
            check(&draft),
            [(
                Part::Body,
                String::new(),
                "not JSON: EOF while parsing a value at line 2 column 6".into()
            )]
        );
        let mut draft = Draft::new("identity.exchange");
        draft.body = Some(Body::from("token=t&user_consent_captured=perhaps"));
        assert_eq!(
            check(&draft),
            [(
                Part::Body,
                "user_consent_captured".into(),
                "true or false".into()
            )]
        );
    }
}
