//! What is wrong with a catalogue file, and where: file, line and key.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::catalog::Catalog;
use crate::catalog::load::File;
use crate::catalog::pattern;
use crate::domain::{Endpoint, Field, Shape};

/// A mistake in a file of the catalogue: `mine.toml:3: method: unknown variant …`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}: {reason}")]
pub struct LoadError {
    /// Name of the file.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// The key and what is wrong with it, on one line.
    pub reason: String,
}

impl LoadError {
    /// A mistake that the parser found.
    pub(crate) fn of_syntax(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let message = error.message().replace('\n', ", ").replace('`', "\"");
        let before = text.get(..start).unwrap_or_default();
        Self {
            file: file.to_owned(),
            line: line_at(text, start),
            reason: match key_before(before) {
                Some(key) => format!("{key}: {message}"),
                None => message,
            },
        }
    }
}

/// The line on which the byte at `offset` stands, counted from 1.
fn line_at(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    before.filter(|byte| *byte == b'\n').count() + 1
}

/// The key whose value begins right after `before`; none when it is a key itself, or a table, that is wrong.
fn key_before(before: &str) -> Option<&str> {
    let before = before
        .trim_end()
        .trim_end_matches(['[', '"', '\''])
        .trim_end();
    let before = before.strip_suffix('=')?.trim_end();
    let is_key = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let start = before.rfind(|c| !is_key(c)).map_or(0, |at| {
        at + before[at..].chars().next().map_or(1, char::len_utf8)
    });
    Some(&before[start..]).filter(|key| !key.is_empty())
}

/// A place in a file to look for, and what is wrong there.
struct Mistake {
    /// The `id` of the endpoint or shape that holds it.
    owner: String,
    /// Key and value as they are spelled, wherever they stand below the owner; the owner's own line when not found.
    key: &'static str,
    value: String,
    reason: String,
}

impl Mistake {
    fn new(owner: &str, key: &'static str, value: &str, reason: impl Into<String>) -> Self {
        Self {
            owner: owner.to_owned(),
            key,
            value: value.to_owned(),
            reason: reason.into(),
        }
    }

    /// Finds the line again: the parsed values have none, which keeps reading fast and the form free of positions.
    fn locate(self, file: &str, text: &str) -> LoadError {
        let owner = find_entry(text, "id", &self.owner).unwrap_or(0);
        let rest = text.get(owner..).unwrap_or_default();
        let found = find_entry(rest, self.key, &self.value).map_or(owner, |at| owner + at);
        LoadError {
            file: file.to_owned(),
            line: line_at(text, found),
            reason: format!("{}: {}", self.key, self.reason),
        }
    }
}

/// Where `key = "value"` or `key = 'value'` stands in `text`, however it is spaced.
fn find_entry(text: &str, key: &str, value: &str) -> Option<usize> {
    text.match_indices(key).map(|(at, _)| at).find(|at| {
        let is_start = !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let rest = text[at + key.len()..].trim_start().strip_prefix('=');
        let rest = rest.map(str::trim_start).unwrap_or_default();
        let quoted = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        let after = quoted.strip_prefix(value);
        is_start && after.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric()))
    })
}

impl File {
    /// Everything that only shows when the file is used, found when it is read.
    pub(crate) fn check(&self, file: &str, text: &str, known: &Catalog) -> Result<(), LoadError> {
        self.find_mistake(known)
            .map_or(Ok(()), |mistake| Err(mistake.locate(file, text)))
    }

    fn find_mistake(&self, known: &Catalog) -> Option<Mistake> {
        let mut ids = BTreeSet::new();
        let all_ids = self.endpoint.iter().map(|endpoint| endpoint.id.as_str());
        for id in all_ids.chain(self.shape.iter().map(|shape| shape.id.as_str())) {
            if !ids.insert(id) {
                return Some(Mistake::new(
                    id,
                    "id",
                    id,
                    format!("\"{id}\" stands twice in this file"),
                ));
            }
        }
        let shape = |id: &str| {
            let own = self.shape.iter().find(|shape| shape.id == id);
            own.or_else(|| known.shape(id))
        };
        let is_known = |id: &str| shape(id).is_some();
        let of_endpoints = self
            .endpoint
            .iter()
            .find_map(|endpoint| endpoint_mistake(endpoint, &is_known));
        let mut of_shapes = self.shape.iter().filter_map(|own| {
            field_mistake(&own.id, &own.fields, &is_known).or_else(|| {
                let reason = "the shape is within itself, so that no form for it would end";
                let is_endless = is_within_itself(own, &shape);
                is_endless.then(|| Mistake::new(&own.id, "id", &own.id, reason))
            })
        });
        of_endpoints.or_else(|| of_shapes.next())
    }
}

/// Whether `shape` is found again by following the shapes of its fields.
fn is_within_itself<'a>(shape: &'a Shape, find: &impl Fn(&str) -> Option<&'a Shape>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![shape];
    while let Some(next) = open.pop() {
        for inner in next
            .fields
            .iter()
            .filter_map(|field| field.shape.as_deref())
        {
            if inner == shape.id {
                return true;
            }
            if seen.insert(inner) {
                open.extend(find(inner));
            }
        }
    }
    false
}

fn endpoint_mistake(endpoint: &Endpoint, is_known: &impl Fn(&str) -> bool) -> Option<Mistake> {
    let id = endpoint.id.as_str();
    if endpoint.id.resource().is_empty() || !id.contains('.') {
        return Some(Mistake::new(
            id,
            "id",
            id,
            format!("\"{id}\" is not of the form resource.verb"),
        ));
    }
    let path = endpoint.path.as_str();
    if !path.starts_with('/') {
        return Some(Mistake::new(id, "path", path, "it begins with /"));
    }
    if let Some(part) = endpoint
        .path_parts()
        .find(|part| !endpoint.parameters.iter().any(|field| field.name == *part))
    {
        let reason = format!("no [[endpoint.parameter]] describes {{{part}}}");
        return Some(Mistake::new(id, "path", path, reason));
    }
    if let Some(answer) = endpoint.answer.as_deref().filter(|shape| !is_known(shape)) {
        let reason = format!("no shape is called \"{answer}\"");
        return Some(Mistake::new(id, "answer", answer, reason));
    }
    [&endpoint.parameters, &endpoint.query, &endpoint.body]
        .into_iter()
        .find_map(|fields| field_mistake(id, fields, is_known))
}

fn field_mistake(
    owner: &str,
    fields: &[Field],
    is_known: &impl Fn(&str) -> bool,
) -> Option<Mistake> {
    fields.iter().find_map(|field| {
        if let Some(shape) = field.shape.as_deref().filter(|shape| !is_known(shape)) {
            let reason = format!("no shape is called \"{shape}\"");
            return Some(Mistake::new(owner, "shape", shape, reason));
        }
        let text = field.pattern.as_deref()?;
        let error = pattern::compile(text).err()?;
        let reason = format!("of {}: {error}", field.name);
        Some(Mistake::new(owner, "pattern", text, reason))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of `[[endpoint]]`, five good lines, and then `rest`.
    fn said(rest: &str) -> String {
        let text = format!(
            "[[endpoint]]\nid = \"a.b\"\nmethod = \"GET\"\nsummary = \"s\"\nauth = \"none\"\nsuccess = 200\n{rest}"
        );
        let mut catalog = Catalog::built_in().unwrap();
        catalog.overlay("mine.toml", &text).unwrap_err().to_string()
    }

    #[test]
    fn every_mistake_names_file_line_and_key() {
        let path = "path = \"/a\"\n";
        for (rest, expected) in [
            ("", "mine.toml:1: missing field \"path\""),
            ("path = \"a\"\n", "mine.toml:7: path: it begins with /"),
            (
                "path = \"/a/{id}\"\n",
                "mine.toml:7: path: no [[endpoint.parameter]] describes {id}",
            ),
            ("path = /a\n", "mine.toml:7: path: "),
            (
                &format!("{path}host = \"moon\"\n"),
                "mine.toml:8: host: unknown variant \"moon\", expected \"api\" or \"secure\"",
            ),
            (
                &format!("{path}writes = \"yes\"\n"),
                "mine.toml:8: writes: invalid type: string \"yes\", expected a boolean",
            ),
            (
                &format!("{path}sumary = \"s\"\n"),
                "mine.toml:8: unknown field \"sumary\", expected one of",
            ),
            (
                &format!("{path}answer = \"moon\"\n"),
                "mine.toml:8: answer: no shape is called \"moon\"",
            ),
            (
                &format!(
                    "{path}body = [\n  {{ name = \"x\" }},\n  {{ name = \"y\", type = \"object\", shape = \"moon\" }},\n]\n"
                ),
                "mine.toml:10: shape: no shape is called \"moon\"",
            ),
            (
                &format!("{path}body = [\n  {{ name = \"x\", type = \"text\" }},\n]\n"),
                "mine.toml:9: type: unknown variant \"text\"",
            ),
            (
                &format!("{path}body = [\n  {{ name = \"x\", pattern = '(' }},\n]\n"),
                "mine.toml:9: pattern: of x: ",
            ),
            (
                &format!(
                    "{path}[[endpoint]]\nid = \"a.b\"\nmethod = \"GET\"\npath = \"/b\"\nsummary = \"s\"\nauth = \"none\"\nsuccess = 200\n"
                ),
                "mine.toml:2: id: \"a.b\" stands twice in this file",
            ),
            (
                &format!(
                    "{path}[[shape]]\nid = \"x\"\nfield = [\n  {{ name = \"x\", shape = \"moon\" }},\n]\n"
                ),
                "mine.toml:11: shape: no shape is called \"moon\"",
            ),
        ] {
            let said = said(rest);
            assert!(said.starts_with(expected), "{said}\n is not\n{expected}");
            assert!(!said.contains('\n'), "{said}");
        }
    }

    #[test]
    fn a_shape_within_itself_is_refused() {
        let shape = |id: &str, inner: &str| {
            format!(
                "[[shape]]\nid = \"{id}\"\nfield = [{{ name = \"x\", type = \"object\", shape = \"{inner}\" }}]\n"
            )
        };
        let mut catalog = Catalog::default();
        let text = shape("a", "b") + &shape("b", "c") + &shape("c", "b");
        let error = catalog.overlay("mine.toml", &text).unwrap_err();
        let said = error.to_string();
        assert!(
            said.starts_with("mine.toml:5: id: the shape is within itself"),
            "{said}"
        );
        catalog
            .overlay("mine.toml", "[[shape]]\nid = \"a\"\n")
            .unwrap();
        catalog.overlay("mine.toml", &shape("b", "a")).unwrap();
        catalog.overlay("mine.toml", &shape("a", "b")).unwrap_err();
    }

    #[test]
    fn an_id_without_a_verb_is_refused() {
        let text = "\n[[endpoint]]\nid = \"a\"\nmethod = \"GET\"\npath = \"/a\"\nsummary = \"s\"\nauth = \"none\"\nsuccess = 200\n";
        let error = Catalog::default().overlay("mine.toml", text).unwrap_err();
        assert_eq!(
            error.to_string(),
            "mine.toml:3: id: \"a\" is not of the form resource.verb"
        );
    }
}
