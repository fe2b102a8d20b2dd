//! The form and the text of a JSON body, kept in step: numbers stay as they were typed, and a member that the form does not
//! know survives.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::domain::{Field, Kind};

/// Typed in a text field to send an empty text; an empty field is left out of the body.
const EMPTY_TEXT: &str = "\"\"";

/// Spaces for each level of the body's text.
const INDENT: usize = 2;

/// Where a body's text breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1.
    pub column: usize,
    /// In the parser's words.
    pub reason: String,
}

impl Fault {
    fn of(error: &serde_json::Error) -> Self {
        Self {
            line: error.line(),
            column: error.column(),
            reason: reason(error),
        }
    }
}

/// One member of a body: a value as JSON text, or an object of members.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Value(String),
    Object(Vec<(String, Node)>),
}

/// The JSON text for what was typed into `field`; `None` where it is left out.
fn value(field: &Field, text: &str) -> Option<String> {
    let text_value = |text: &str| serde_json::Value::from(text).to_string();
    match (field.kind, text.trim()) {
        (_, "") => None,
        (_, "null") if field.nullable => Some("null".into()),
        (Kind::String, EMPTY_TEXT) => Some(EMPTY_TEXT.into()),
        (Kind::String, _) => Some(text_value(text)),
        // As typed where it is JSON, so that 10.50 stays 10.50; else as a text, which the check refuses.
        (_, typed) => Some(match serde_json::from_str::<&RawValue>(typed) {
            Ok(raw) => raw.get().to_owned(),
            Err(_) => text_value(typed),
        }),
    }
}

/// What stands in a form's field for a member's JSON text.
fn typed(field: &Field, json: &str) -> String {
    match serde_json::from_str::<String>(json) {
        Ok(text) if text.is_empty() => EMPTY_TEXT.into(),
        Ok(text) if field.kind == Kind::String => text,
        _ => json.to_owned(),
    }
}

/// The body's text for the `fields` of a form, each with its path and what was typed, followed by the members that the form
/// does not know.
pub(super) fn write<'a>(
    fields: impl Iterator<Item = (&'a [String], &'a Field, &'a str)>,
    unknown: &[(Vec<String>, String)],
) -> String {
    let mut members = Vec::new();
    for (path, field, text) in fields {
        if let Some(json) = value(field, text) {
            insert(&mut members, path, json);
        }
    }
    for (path, json) in unknown {
        insert(&mut members, path, json.clone());
    }
    let mut text = String::new();
    print(&Node::Object(members), 0, &mut text);
    text
}

fn insert(members: &mut Vec<(String, Node)>, path: &[String], json: String) {
    let Some((name, rest)) = path.split_first() else {
        return; // every field has a name
    };
    if rest.is_empty() {
        members.push((name.clone(), Node::Value(json)));
        return;
    }
    let index = members
        .iter()
        .position(|(member, _)| member == name)
        .unwrap_or_else(|| {
            members.push((name.clone(), Node::Object(Vec::new())));
            members.len() - 1
        });
    if let Some((_, Node::Object(inner))) = members.get_mut(index) {
        insert(inner, rest, json);
    }
}

fn print(node: &Node, level: usize, text: &mut String) {
    let members = match node {
        Node::Value(json) => return text.push_str(json),
        Node::Object(members) if members.is_empty() => return text.push_str("{}"),
        Node::Object(members) => members,
    };
    text.push('{');
    for (index, (name, node)) in members.iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.extend(std::iter::repeat_n(' ', (level + 1) * INDENT));
        text.push_str(&serde_json::Value::from(name.as_str()).to_string());
        text.push_str(": ");
        print(node, level + 1, text);
    }
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', level * INDENT));
    text.push('}');
}

/// Checks a body that no form is in step with.
///
/// # Errors
/// When it is no JSON; nothing at all is none that breaks.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let read = serde_json::from_str::<serde::de::IgnoredAny>(text);
    read.map(drop).map_err(|error| Fault::of(&error))
}

/// What a body's text says: the typed text for each known path, and the members that the form does not know.
pub(super) struct Read {
    pub(super) known: BTreeMap<Vec<String>, String>,
    pub(super) unknown: Vec<(Vec<String>, String)>,
}

/// Reads a body's text against the paths of a form.
///
/// # Errors
/// When it is no JSON object.
pub(super) fn read(text: &str, fields: &[(Vec<String>, Field)]) -> Result<Read, Fault> {
    let mut read = Read {
        known: BTreeMap::new(),
        unknown: Vec::new(),
    };
    if !text.trim().is_empty() {
        visit(text, &mut Vec::new(), fields, &mut read)?;
    }
    Ok(read)
}

fn visit(
    json: &str,
    path: &mut Vec<String>,
    fields: &[(Vec<String>, Field)],
    read: &mut Read,
) -> Result<(), Fault> {
    let members: Members = serde_json::from_str(json).map_err(|error| Fault::of(&error))?;
    for (name, raw) in members.0 {
        path.push(name);
        let is_above = fields
            .iter()
            .any(|(field, _)| field.len() > path.len() && field.starts_with(path));
        if let Some((_, field)) = fields.iter().find(|(field, _)| field == path) {
            read.known.insert(path.clone(), typed(field, raw.get()));
        } else if !is_above || visit(raw.get(), path, fields, read).is_err() {
            read.unknown.push((path.clone(), raw.get().to_owned()));
        }
        path.pop();
    }
    Ok(())
}

/// The parser's words without the place, which is told apart.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// The members of an object in order, each value as it is spelled.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn field(kind: Kind) -> Field {
        Field {
            kind,
            ..Field::default()
        }
    }

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(ToOwned::to_owned).collect()
    }

    fn form() -> Vec<(Vec<String>, Field)> {
        vec![
            (path("name"), field(Kind::String)),
            (path("amount"), field(Kind::Number)),
            (path("source.id"), field(Kind::String)),
            (path("source.user_id"), field(Kind::String)),
        ]
    }

    fn write_all(texts: &[&str]) -> String {
        let form = form();
        let fields = form
            .iter()
            .zip(texts)
            .map(|((path, field), text)| (path.as_slice(), field, *text));
        write(fields, &[])
    }

    #[test]
    fn numbers_stay_as_typed_and_empty_fields_are_left_out() {
        let text = write_all(&["Rent", "10.50", "a1", ""]);
        assert_eq!(
            text,
            "{\n  \"name\": \"Rent\",\n  \"amount\": 10.50,\n  \"source\": {\n    \"id\": \"a1\"\n  }\n}"
        );
    }

    #[test]
    fn an_empty_text_can_be_sent_on_purpose() {
        assert_eq!(write_all(&["\"\"", "", "", ""]), "{\n  \"name\": \"\"\n}");
    }

    #[test]
    fn members_that_the_form_does_not_know_survive() {
        let read = read(
            r#"{"x":[1.0,2],"amount":1e3,"source":{"id":"a","y":null}}"#,
            &form(),
        )
        .unwrap();
        assert_eq!(read.known[&path("amount")], "1e3");
        assert_eq!(read.known[&path("source.id")], "a");
        assert_eq!(
            read.unknown,
            [
                (path("x"), "[1.0,2]".to_owned()),
                (path("source.y"), "null".to_owned())
            ]
        );
    }

    #[test]
    fn a_broken_text_names_line_and_column() {
        let fault = read("{\n  \"name\": }", &form()).err().unwrap();
        assert_eq!((fault.line, fault.column), (2, 11));
        assert_eq!(fault.reason, "expected value");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_reads_back(name in "[^\u{0}]{0,12}", amount in "-?[1-9][0-9]{0,5}(\\.[0-9]{1,4})?", id in "[a-z]{1,8}") {
            let text = write_all(&[&name, &amount, &id, ""]);
            let read = read(&text, &form()).unwrap();
            prop_assert_eq!(read.known.get(&path("amount")), Some(&amount));
            prop_assert_eq!(read.known.get(&path("source.id")), Some(&id));
            if !name.trim().is_empty() && name.trim() != EMPTY_TEXT {
                prop_assert_eq!(read.known.get(&path("name")), Some(&name));
            }
            prop_assert!(read.unknown.is_empty());
        }
    }
}
