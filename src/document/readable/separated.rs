//! Separated values (RFC 4180, and what programs make of it) as an array of objects, one for each row below the first.

use std::collections::HashSet;

use crate::document::Document;
use crate::document::NodeKind;
use crate::domain::Body;

/// What values may be separated by, the more usual first.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// All rows as JSON; `None` if there is no row but the names. Numbers stay numbers where JSON spells them so.
pub(super) fn as_json(text: &str, separator: Option<char>) -> Option<String> {
    let text = text.trim_start_matches('\u{feff}');
    let separator = separator.unwrap_or_else(|| most_used(text));
    let mut rest = text;
    let names = names(row(&mut rest, separator)?);
    let mut json = String::with_capacity(text.len() * 2);
    while let Some(values) = row(&mut rest, separator) {
        if values == [""] {
            continue; // an empty line
        }
        json.push_str(if json.is_empty() { "[" } else { ",\n" });
        let mut gap = "{";
        for (index, value) in values.iter().enumerate() {
            let name = names.get(index);
            let name = name
                .cloned()
                .unwrap_or_else(|| format!("column {}", index + 1));
            json.push_str(gap);
            json.push_str(&quoted(&name));
            json.push_str(": ");
            json.push_str(&spelled(value));
            gap = ", ";
        }
        json.push('}');
    }
    json.push(']');
    (json.len() > 1).then_some(json)
}

/// The separator that the first line has most of.
fn most_used(text: &str) -> char {
    let line = text.lines().next().unwrap_or_default();
    let count = |separator: &char| line.matches(*separator).count();
    let most = SEPARATORS
        .iter()
        .rev()
        .max_by_key(|separator| count(separator));
    most.copied().unwrap_or(',')
}

/// Names of the columns, none of them empty and none twice.
fn names(values: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let named = values.into_iter().enumerate().map(|(index, name)| {
        let is_usable = !name.trim().is_empty() && !seen.contains(&name);
        let name = match is_usable {
            true => name,
            false => format!("{name} column {}", index + 1).trim().to_owned(),
        };
        seen.insert(name.clone());
        name
    });
    named.collect()
}

/// Takes the next row off `rest`. A quoted value may hold separators, line breaks and doubled quotes.
fn row(rest: &mut &str, separator: char) -> Option<Vec<String>> {
    if rest.is_empty() {
        return None;
    }
    let mut values = Vec::new();
    loop {
        let (value, behind) = match rest.strip_prefix('"') {
            Some(inside) => quoted_value(inside, separator),
            None => plain_value(rest, separator),
        };
        values.push(value);
        *rest = behind;
        if let Some(next) = rest.strip_prefix(separator) {
            *rest = next;
            continue;
        }
        *rest = rest.strip_prefix('\r').unwrap_or(rest);
        *rest = rest.strip_prefix('\n').unwrap_or(rest);
        return Some(values);
    }
}

/// A value up to the next separator or line break, and what follows.
fn plain_value(text: &str, separator: char) -> (String, &str) {
    let end = text.find([separator, '\n', '\r']).unwrap_or(text.len());
    let (value, rest) = text.split_at(end);
    (value.to_owned(), rest)
}

/// The value behind an opening quote, and what follows the closing one.
fn quoted_value(mut text: &str, separator: char) -> (String, &str) {
    let mut value = String::new();
    while let Some((before, behind)) = text.split_once('"') {
        value.push_str(before);
        text = behind;
        match text.strip_prefix('"') {
            Some(behind) => {
                value.push('"');
                text = behind;
            }
            None => {
                // What stands between the quote and the separator belongs to the value all the same.
                let (more, rest) = plain_value(text, separator);
                return (value + &more, rest);
            }
        }
    }
    (value + text, "")
}

fn spelled(value: &str) -> String {
    let may_be_number = value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let is_number = may_be_number && {
        let document = Document::parse(Body::from(value));
        let kind = document.root().map(|root| document.kind(root));
        document.fault().is_none() && kind == Some(NodeKind::Number)
    };
    match is_number {
        true => value.trim().to_owned(),
        false => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            letter if letter < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => json.push(letter),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_become_objects_with_the_names_of_the_first() {
        let text = "id,name,amount\r\n1,Ada,10.50\r\n2,\"a \"\"b\"\", c\nd\",007\r\n\r\n3\r\n";
        let json = as_json(text, None).unwrap();
        let rows = [
            r#"[{"id": 1, "name": "Ada", "amount": 10.50}"#,
            r#"{"id": 2, "name": "a \"b\", c\nd", "amount": "007"}"#,
            r#"{"id": 3}]"#,
        ];
        assert_eq!(json, rows.join(",\n"));
    }

    #[test]
    fn the_separator_is_found_in_the_first_line() {
        let both = [as_json("a;b\n1;2", None), as_json("a\tb\n1\t2", None)];
        let expected = Some(r#"[{"a": 1, "b": 2}]"#.to_owned());
        assert_eq!(both, [expected.clone(), expected]);
        assert_eq!(as_json("a,b\n", None), None);
        assert_eq!(as_json("", None), None);
    }

    #[test]
    fn columns_without_a_name_of_their_own_are_numbered() {
        assert_eq!(
            as_json("a,,a\n1,2,3,4", None).unwrap(),
            r#"[{"a": 1, "column 2": 2, "a column 3": 3, "column 4": 4}]"#
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_comes_is_json_then(text in "[a,;\"\n\r\t 1\\\\\u{1}é-]{0,60}") {
            if let Some(json) = as_json(&text, None) {
                prop_assert!(Document::parse(Body::new(json)).fault().is_none());
            }
        }
    }
}
