//! Checks what a person types into one field, as it is typed. Whole bodies are `check_body`'s.

use serde_json::{Number, Value};

use crate::catalog::pattern;
use crate::catalog::spelling::{example, fits};
use crate::domain::{Field, Format, Kind};

/// What is said of a required field that is empty.
pub(crate) const NEEDED: &str = "needed";

/// Checks `text` as the value of `field`.
///
/// # Errors
/// What is wanted instead, as a short phrase to stand beside the field: `a date like 2026-03-02`. It never repeats the
/// text, which may be secret.
pub fn check_value(field: &Field, text: &str) -> Result<(), String> {
    if text.is_empty() {
        return if field.required {
            Err(NEEDED.to_owned())
        } else {
            Ok(())
        };
    }
    match field.kind {
        Kind::String => check_text(field, text),
        Kind::Number | Kind::Integer => check_number(field, text),
        Kind::Boolean if matches!(text, "true" | "false") => Ok(()),
        Kind::Boolean => Err("true or false".to_owned()),
        Kind::Object => match serde_json::from_str(text) {
            Ok(Value::Object(_)) => Ok(()),
            _ => Err("a JSON object like {\"a\": 1}".to_owned()),
        },
        Kind::Array => match serde_json::from_str(text) {
            Ok(Value::Array(_)) => Ok(()),
            _ => Err("a JSON array like [1, 2]".to_owned()),
        },
    }
}

/// Checks text that is not empty.
pub(crate) fn check_text(field: &Field, text: &str) -> Result<(), String> {
    check_listed(field, text)?;
    let length = text.chars().count();
    if let Some(least) = field.min_length.filter(|least| length < *least) {
        return Err(format!("at least {least} characters, not {length}"));
    }
    if let Some(most) = field.max_length.filter(|most| length > *most) {
        return Err(format!("at most {most} characters, not {length}"));
    }
    if let Some(format) = field.format
        && !fits(format, text)
    {
        return Err(example(format).to_owned());
    }
    match &field.pattern {
        Some(pattern) if !pattern::matches(pattern, text) => Err(wanted(field, pattern)),
        _ => Ok(()),
    }
}

/// Checks a number as it is spelled in JSON.
pub(crate) fn check_number(field: &Field, text: &str) -> Result<(), String> {
    if field.format == Some(Format::Amount) && !fits(Format::Amount, text) {
        return Err(example(Format::Amount).to_owned());
    }
    if field.kind == Kind::Integer && text.parse::<i64>().is_err() {
        return Err("a whole number".to_owned());
    }
    let number = serde_json::from_str::<Number>(text).ok();
    let Some(number) = number.and_then(|number| number.as_f64()) else {
        return Err("a number".to_owned());
    };
    check_listed(field, text)?;
    let is_too_small = field.minimum.is_some_and(|least| number < least);
    let is_too_great = field.maximum.is_some_and(|most| number > most);
    match (field.minimum, field.maximum) {
        _ if !is_too_small && !is_too_great => Ok(()),
        (Some(least), Some(most)) => Err(format!("from {least} to {most}")),
        (Some(least), None) => Err(format!("{least} or more")),
        (_, most) => Err(format!("{} or less", most.unwrap_or_default())),
    }
}

fn check_listed(field: &Field, text: &str) -> Result<(), String> {
    if field.values.is_empty() || field.values.iter().any(|value| value == text) {
        return Ok(());
    }
    match field.values.as_slice() {
        [only] => Err(only.clone()),
        several => Err(format!("one of {}", several.join(", "))),
    }
}

/// What a value by `pattern` looks like, in words where the pattern is a simple one.
fn wanted(field: &Field, pattern: &str) -> String {
    let words = pattern.split('|').map(|part| {
        let (class, times) = part.strip_suffix('}')?.split_once('{')?;
        let what = match class {
            r"\d" => "digits",
            "[A-Za-z0-9]" => "letters or digits",
            _ => return None,
        };
        Some((times.replace(',', " to "), what))
    });
    let words: Option<Vec<_>> = words.collect();
    if let Some(words) = words
        && let [.., (_, what)] = words.as_slice()
        && words.iter().all(|(_, other)| other == what)
    {
        let times: Vec<_> = words.iter().map(|(times, _)| times.as_str()).collect();
        return format!("{} {what}", times.join(" or "));
    }
    match (&field.sample, pattern) {
        (_, "[A-Za-z0-9]+") => "letters and digits only".to_owned(),
        (Some(sample), _) if !field.secret => format!("something like {sample}"),
        _ => format!("text that matches {pattern}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(line: &str) -> Field {
        toml::from_str(&format!("name = \"x\"\n{line}")).unwrap()
    }

    fn said(line: &str, text: &str) -> String {
        check_value(&field(line), text)
            .err()
            .unwrap_or_else(|| "fine".to_owned())
    }

    #[test]
    fn only_a_required_field_must_be_filled() {
        assert_eq!(said("required = true", ""), "needed");
        assert_eq!(said("format = \"date\"", ""), "fine");
    }

    #[test]
    fn a_value_that_is_not_of_its_format_is_told_one_that_is() {
        assert_eq!(said("format = \"date\"", "today"), "a date like 2026-03-02");
        let amount = "type = \"number\"\nformat = \"amount\"";
        assert_eq!(said(amount, "0"), "dollars like 25 or 25.50, more than 0");
        assert_eq!(said(amount, "007"), "a number");
    }

    #[test]
    fn numbers_keep_their_kind_and_bounds() {
        let size = "type = \"integer\"\nminimum = 10\nmaximum = 100";
        assert_eq!(said(size, "25"), "fine");
        assert_eq!(said(size, "9"), "from 10 to 100");
        assert_eq!(said(size, "101"), "from 10 to 100");
        assert_eq!(said(size, "25.0"), "a whole number");
        let share = "type = \"number\"\nminimum = 0";
        assert_eq!(said(share, "0.5"), "fine");
        assert_eq!(said(share, "-0.5"), "0 or more");
        assert_eq!(said(share, "inf"), "a number");
        assert_eq!(said("type = \"boolean\"", "yes"), "true or false");
        assert_eq!(said("type = \"object\"", "{}"), "fine");
        assert_eq!(
            said("type = \"object\"", "[]"),
            "a JSON object like {\"a\": 1}"
        );
        assert_eq!(said("type = \"array\"", "{"), "a JSON array like [1, 2]");
    }

    #[test]
    fn lists_lengths_and_patterns_speak_in_plain_words() {
        assert_eq!(said("enum = [\"a\", \"b\"]", "c"), "one of a, b");
        assert_eq!(said("enum = [\"debit\"]", "ach"), "debit");
        assert_eq!(said("max_length = 2", "éèà"), "at most 2 characters, not 3");
        assert_eq!(said("min_length = 2", "é"), "at least 2 characters, not 1");
        assert_eq!(said(r"pattern = '\d{4}|\d{9}'", "12345"), "4 or 9 digits");
        assert_eq!(said(r"pattern = '\d{7,17}'", "12345"), "7 to 17 digits");
        assert_eq!(
            said("pattern = '[A-Za-z0-9]{8}'", "A"),
            "8 letters or digits"
        );
        assert_eq!(
            said("pattern = '[A-Za-z0-9]+'", "-"),
            "letters and digits only"
        );
        assert_eq!(
            said("pattern = 'a+'\nsample = \"aaa\"", "b"),
            "something like aaa"
        );
        assert_eq!(
            said("pattern = 'a+'\nsecret = true\nsample = \"aaa\"", "b"),
            "text that matches a+"
        );
    }
}
