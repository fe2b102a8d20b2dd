//! Checks what comes in against the fields that the catalogue describes. What values mean together is for the answers.

mod texts;

use serde_json::{Map, Number, Value};

use crate::catalog::Catalog;
use crate::domain::{Field, Format, Kind};
use crate::sandbox::spelling::Spelling;

/// Shapes within shapes, at most; a catalogue that goes deeper names itself.
const DEEPEST: usize = 8;

/// Part of a cent that is noise of binary fractions: 19.99 dollars are 1998.9999999999998 cents.
const SMALLEST_PART: f64 = 1e-6;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Path of the field: `source.id`.
    pub(crate) field: String,
    /// What is wrong, as the rest of a sentence: `is required`.
    pub(crate) reason: String,
    /// Whether the value is none of a closed list.
    pub(crate) is_unlisted: bool,
}

impl Fault {
    fn new(field: &str, reason: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            reason: reason.into(),
            is_unlisted: false,
        }
    }

    /// The whole sentence.
    pub(crate) fn description(&self) -> String {
        format!("{} {}", self.field, self.reason)
    }
}

/// The rules of one object.
#[derive(Debug, Default)]
pub(crate) struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    field: Field,
    spelling: Spelling,
    inner: Rules,
}

impl Rules {
    /// The rules that `fields` lay down.
    ///
    /// # Errors
    /// When a pattern of the catalogue is no regular expression, or shapes nest without end.
    pub(crate) fn of(fields: &[Field], catalog: &Catalog) -> Result<Self, String> {
        Self::nested(fields, catalog, DEEPEST)
    }

    fn nested(fields: &[Field], catalog: &Catalog, depth: usize) -> Result<Self, String> {
        let depth = depth
            .checked_sub(1)
            .ok_or("catalogue: shapes nest without end")?;
        let rule = |field: &Field| {
            let spelling = Spelling::of(field);
            let shape = field.shape.as_deref().and_then(|id| catalog.shape(id));
            let inner = shape.map_or(Ok(Self::default()), |it| {
                Self::nested(&it.fields, catalog, depth)
            })?;
            Ok(Rule {
                spelling: spelling
                    .map_err(|error| format!("catalogue: {}: {error}", field.name))?,
                field: field.clone(),
                inner,
            })
        };
        fields
            .iter()
            .map(rule)
            .collect::<Result<_, String>>()
            .map(Self)
    }

    /// Whether there is nothing to check.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks a body. Fields that no rule is about are let through.
    pub(crate) fn check(&self, object: &Map<String, Value>) -> Result<(), Fault> {
        self.check_at("", object)
    }

    fn check_at(&self, prefix: &str, object: &Map<String, Value>) -> Result<(), Fault> {
        for rule in &self.0 {
            let path = format!("{prefix}{}", rule.field.name);
            match object.get(&rule.field.name) {
                Some(value) => rule.check(&path, value)?,
                None if rule.field.required => return Err(Fault::new(&path, "is required")),
                None => {}
            }
        }
        Ok(())
    }
}

impl Rule {
    fn check(&self, path: &str, value: &Value) -> Result<(), Fault> {
        let field = &self.field;
        match (field.kind, value) {
            (_, Value::Null) if field.nullable => Ok(()),
            (Kind::String, Value::Null) if !field.required => Err(Fault::new(
                path,
                "must not be null: send \"\" or leave it out",
            )),
            (_, Value::Null) => Err(Fault::new(path, "must not be null")),
            (Kind::String, Value::String(text)) => self.check_text(path, text),
            (Kind::Boolean, Value::Bool(_)) => Ok(()),
            (Kind::Number, Value::Number(number)) => self.check_number(path, number),
            (Kind::Integer, Value::Number(number)) if number.is_i64() || number.is_u64() => {
                self.check_number(path, number)
            }
            (Kind::Object, Value::Object(object)) => {
                self.inner.check_at(&format!("{path}."), object)
            }
            (Kind::Array, Value::Array(items)) => self.check_items(path, items),
            (kind, value) => Err(Fault::new(
                path,
                format!("must be {}, not {}", article(kind), article_of(value)),
            )),
        }
    }

    fn check_items(&self, path: &str, items: &[Value]) -> Result<(), Fault> {
        if self.inner.is_empty() {
            return Ok(());
        }
        for (i, item) in items.iter().enumerate() {
            let path = format!("{path}[{i}]");
            match item {
                Value::Object(object) => self.inner.check_at(&format!("{path}."), object)?,
                other => {
                    return Err(Fault::new(
                        &path,
                        format!("must be an object, not {}", article_of(other)),
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_number(&self, path: &str, number: &Number) -> Result<(), Fault> {
        let Some(value) = number.as_f64().filter(|value| value.is_finite()) else {
            return Err(Fault::new(path, "is no number that the API can hold"));
        };
        if let Some(least) = self.field.minimum.filter(|least| value < *least) {
            return Err(Fault::new(path, format!("must be at least {least}")));
        }
        if let Some(most) = self.field.maximum.filter(|most| value > *most) {
            return Err(Fault::new(path, format!("must be at most {most}")));
        }
        if self.field.format == Some(Format::Amount) && !has_whole_cents(value) {
            let reason = "must be US dollars with at most two decimals";
            return Err(Fault::new(path, reason));
        }
        Ok(())
    }

    fn check_text(&self, path: &str, text: &str) -> Result<(), Fault> {
        self.spelling.check(text).map_err(|wrong| Fault {
            field: path.to_owned(),
            reason: wrong.reason,
            is_unlisted: wrong.is_unlisted,
        })
    }
}

/// Whether an amount in dollars has no part of a cent.
fn has_whole_cents(dollars: f64) -> bool {
    let cents = dollars * 100.0;
    (cents - cents.round()).abs() < SMALLEST_PART
}

fn article(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "a string",
        Kind::Number => "a number",
        Kind::Integer => "an integer",
        Kind::Boolean => "true or false",
        Kind::Object => "an object",
        Kind::Array => "an array",
    }
}

fn article_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const EXAMPLE: &str = r#"
[[shape]]
id = "part"
field = [{ name = "id", required = true }]

[[endpoint]]
id = "a.b"
method = "POST"
path = "/a"
summary = "s"
auth = "none"
success = 200
body = [
  { name = "name", required = true, min_length = 2, max_length = 4 },
  { name = "note" },
  { name = "maybe", nullable = true },
  { name = "colour", enum = ["red", "blue"] },
  { name = "pin", secret = true, pattern = '\d{4}|\d{9}' },
  { name = "day", format = "date" },
  { name = "mail", format = "email" },
  { name = "count", type = "integer" },
  { name = "amount", type = "number", format = "amount" },
  { name = "share", type = "number", minimum = 0, maximum = 100 },
  { name = "source", type = "object", shape = "part" },
  { name = "parts", type = "array", shape = "part" },
]
"#;

    fn rules() -> Rules {
        let mut catalog = Catalog::default();
        catalog.add("example.toml", EXAMPLE).unwrap();
        Rules::of(&catalog.endpoints()[0].body, &catalog).unwrap()
    }

    fn fault(body: Value) -> String {
        let result = rules().check(body.as_object().unwrap());
        result.map_or_else(|fault| fault.description(), |()| String::new())
    }

    #[test]
    fn a_good_body_passes_and_unknown_fields_with_it() {
        let body = json!({"name": "Adä", "note": "", "maybe": null, "colour": "red", "pin": "1234", "day": "2024-02-29",
            "mail": "a@example.com", "count": 3, "amount": 19.99, "source": {"id": "x"}, "parts": [{"id": "x"}], "more": 1});
        assert_eq!(fault(body), "");
    }

    #[test]
    fn each_rule_names_the_field_and_what_is_wrong() {
        for (body, expected) in [
            (json!({}), "name is required"),
            (json!({"name": ""}), "name must not be empty"),
            (json!({"name": null}), "name must not be null"),
            (json!({"name": 5}), "name must be a string, not a number"),
            (
                json!({"name": "A"}),
                "name must have at least 2 characters, it has 1",
            ),
            (
                json!({"name": "Abcde"}),
                "name must have at most 4 characters, it has 5",
            ),
            (
                json!({"name": "Ada", "note": null}),
                "note must not be null: send \"\" or leave it out",
            ),
            (
                json!({"name": "Ada", "colour": "green"}),
                "colour must be one of red, blue, not \"green\"",
            ),
            (
                json!({"name": "Ada", "pin": "12345"}),
                "pin must match \\d{4}|\\d{9}",
            ),
            (
                json!({"name": "Ada", "pin": "١٢٣٤"}),
                "pin must match \\d{4}|\\d{9}",
            ),
            (
                json!({"name": "Ada", "day": "2023-02-29"}),
                "day must be a date such as 1985-02-03, not \"2023-02-29\"",
            ),
            (
                json!({"name": "Ada", "mail": "a@b"}),
                "mail must be an e-mail address, not \"a@b\"",
            ),
            (
                json!({"name": "Ada", "count": 1.5}),
                "count must be an integer, not a number",
            ),
            (
                json!({"name": "Ada", "amount": "1"}),
                "amount must be a number, not a string",
            ),
            (
                json!({"name": "Ada", "amount": 1.005}),
                "amount must be US dollars with at most two decimals",
            ),
            (
                json!({"name": "Ada", "share": -1}),
                "share must be at least 0",
            ),
            (
                json!({"name": "Ada", "share": 100.5}),
                "share must be at most 100",
            ),
            (
                json!({"name": "Ada", "source": {}}),
                "source.id is required",
            ),
            (
                json!({"name": "Ada", "parts": [{"id": "x"}, {"id": 1}]}),
                "parts[1].id must be a string, not a number",
            ),
            (
                json!({"name": "Ada", "parts": ["x"]}),
                "parts[0] must be an object, not a string",
            ),
        ] {
            assert_eq!(fault(body), expected);
        }
    }

    #[test]
    fn a_shape_within_itself_is_a_mistake_of_the_catalogue() {
        let mut catalog = Catalog::default();
        let text =
            "[[shape]]\nid = \"a\"\nfield = [{ name = \"a\", type = \"object\", shape = \"a\" }]\n";
        catalog.add("example.toml", text).unwrap();
        let fields = &catalog.shape("a").unwrap().fields;
        assert!(Rules::of(fields, &catalog).is_err());
    }
}
