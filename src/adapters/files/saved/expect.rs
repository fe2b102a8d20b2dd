//! Reads what a saved request expects of its answer.

use std::time::Duration;

use toml_edit::{Item, Value};

use crate::adapters::files::saved::read::Reader;
use crate::domain::{Check, Expectations, FieldCheck, JsonType, Problem, Scalar};

const EXPECT_KEYS: [&str; 4] = ["status", "max_ms", "shape", "fields"];
const CHECK_KEYS: [&str; 6] = ["exists", "absent", "type", "equals", "matches", "one_of"];

impl Reader<'_> {
    /// The table `[expect]`.
    pub(super) fn expectations(&self, item: &Item) -> Result<Expectations, Problem> {
        let table = self.table("expect", item)?;
        self.known(table, &EXPECT_KEYS, " in [expect]")?;
        let number = |key: &str, limit: i64| match table.get(key) {
            None => Ok(None),
            Some(item) => match item
                .as_integer()
                .filter(|number| (0..=limit).contains(number))
            {
                Some(number) => Ok(Some(number)),
                None => Err(self.wrong(
                    item.span(),
                    format!("\"{key}\" is not a whole number from 0 to {limit}"),
                )),
            },
        };
        let shape = match table.get("shape") {
            None => false,
            Some(item) => item
                .as_bool()
                .ok_or_else(|| self.wrong(item.span(), "\"shape\" is neither true nor false"))?,
        };
        let mut expect = Expectations {
            status: number("status", 999)?.and_then(|status| u16::try_from(status).ok()),
            longest: number("max_ms", i64::MAX)?.map(|ms| Duration::from_millis(ms.unsigned_abs())),
            shape,
            fields: Vec::new(),
        };
        if let Some(item) = table.get("fields") {
            for (path, checks) in self.table("fields", item)?.iter() {
                if let Some(value) = checks.as_value().and_then(scalar) {
                    expect.fields.push(FieldCheck {
                        path: path.to_owned(),
                        check: Check::Equals(value),
                    });
                    continue;
                }
                let checks = self.table(path, checks).map_err(|wrong| {
                    wrong.hint(format!(
                        "write the value itself, or {{ CHECK = … }} with one of {}",
                        CHECK_KEYS.join(", ")
                    ))
                })?;
                self.known(checks, &CHECK_KEYS, &format!(" for the field \"{path}\""))?;
                for (kind, value) in checks.iter() {
                    let check = self.check(kind, value)?;
                    expect.fields.push(FieldCheck {
                        path: path.to_owned(),
                        check,
                    });
                }
            }
        }
        Ok(expect)
    }

    fn check(&self, kind: &str, item: &Item) -> Result<Check, Problem> {
        let wrong = |wanted: &str| self.wrong(item.span(), format!("\"{kind}\" is not {wanted}"));
        let scalar =
            |value: &Value| scalar(value).ok_or_else(|| wrong("a text, a number, true or false"));
        match kind {
            "exists" | "absent" if item.as_bool() != Some(true) => {
                Err(wrong("true").hint("leave the line out instead"))
            }
            "exists" => Ok(Check::Exists),
            "absent" => Ok(Check::Absent),
            "type" => JsonType::parse(&self.text(kind, item)?)
                .map(Check::Type)
                .ok_or_else(|| {
                    wrong(&format!(
                        "one of {}",
                        JsonType::ALL.map(JsonType::name).join(", ")
                    ))
                }),
            "matches" => {
                let pattern = self.text(kind, item)?;
                match regex::Regex::new(&pattern) {
                    Ok(_) => Ok(Check::Matches(pattern)),
                    Err(error) => Err(wrong(&format!(
                        "a regular expression: {}",
                        last_line(&error.to_string())
                    ))),
                }
            }
            "one_of" => {
                let values = item.as_array().ok_or_else(|| wrong("a list"))?;
                values
                    .iter()
                    .map(scalar)
                    .collect::<Result<_, _>>()
                    .map(Check::OneOf)
            }
            _ => scalar(item.as_value().ok_or_else(|| wrong("a value"))?).map(Check::Equals),
        }
    }
}

fn scalar(value: &Value) -> Option<Scalar> {
    Some(match value {
        Value::String(text) => Scalar::Text(text.value().clone()),
        Value::Integer(number) => Scalar::Integer(*number.value()),
        Value::Float(number) if number.value().is_finite() => Scalar::Float(*number.value()),
        Value::Boolean(flag) => Scalar::Boolean(*flag.value()),
        _ => return None,
    })
}

fn last_line(text: &str) -> &str {
    text.lines()
        .last()
        .unwrap_or_default()
        .trim_start_matches("error: ")
}
