//! Reads a keymap file; a mistake in it names file, line and key. What applies where is the business of the keymap.

use std::borrow::Cow;
use std::ops::Range;

use strum::IntoEnumIterator;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::keymap::{Binding, KeymapError};
use crate::config::{Action, Chord};

/// One table as it is written.
pub(super) struct Written {
    pub(super) name: String,
    pub(super) orders: Vec<Order>,
}

/// One line of it: an action and its keys.
pub(super) struct Order {
    pub(super) action: Action,
    /// Where it stands, counted from 1.
    pub(super) line: usize,
    keys: Vec<Vec<Chord>>,
}

impl Order {
    /// The same as bindings.
    pub(super) fn bindings(&self) -> Vec<Binding> {
        let action = self.action;
        let binding = |keys: &Vec<Chord>| Binding {
            keys: keys.clone(),
            action,
        };
        self.keys.iter().map(binding).collect()
    }
}

/// Reads a keymap; with `names`, other contexts are refused.
pub(super) fn read(
    file: &str,
    text: &str,
    names: Option<&[String]>,
) -> Result<Vec<Written>, KeymapError> {
    let fail = |span: Range<usize>, reason: String| KeymapError {
        file: file.to_owned(),
        line: line_of(text, span.start),
        reason,
    };
    let root = DeTable::parse(text)
        .map_err(|error| fail(error.span().unwrap_or_default(), error.message().to_owned()))?;
    let mut tables = Vec::new();
    for (name, table) in in_order(root.get_ref()) {
        let context = name.get_ref();
        if names.is_some_and(|names| !names.iter().any(|known| known == context)) {
            return Err(fail(name.span(), format!("unknown context [{context}]")));
        }
        let DeValue::Table(actions) = table.get_ref() else {
            return Err(fail(
                name.span(),
                format!("\"{context}\" is not in a table"),
            ));
        };
        let mut orders = Vec::new();
        for (name, value) in in_order(actions) {
            let action = name.get_ref().parse().map_err(|_| {
                let reason = format!("unknown action \"{}\" in [{context}]", name.get_ref());
                fail(name.span(), reason + &suggestion(name.get_ref()))
            })?;
            let keys = chords(value).map_err(|key| {
                let reason = format!("{key} of \"{}\" in [{context}] is no key", name.get_ref());
                fail(value.span(), reason)
            })?;
            let line = line_of(text, name.span().start);
            orders.push(Order { action, line, keys });
        }
        tables.push(Written {
            name: context.to_string(),
            orders,
        });
    }
    Ok(tables)
}

type Entry<'a, 'b> = (&'a Spanned<Cow<'b, str>>, &'a Spanned<DeValue<'b>>);

/// The entries of a table as they are written; the parser hands them out by name.
fn in_order<'a, 'b>(table: &'a DeTable<'b>) -> Vec<Entry<'a, 'b>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

/// The keys of one action: a text, or a list of texts.
fn chords(value: &Spanned<DeValue<'_>>) -> Result<Vec<Vec<Chord>>, String> {
    let sequence = |value: &DeValue<'_>| {
        let text = value.as_str().ok_or_else(|| value.type_str().to_owned())?;
        let chords: Option<Vec<_>> = text.split_whitespace().map(Chord::parse).collect();
        chords
            .filter(|chords| !chords.is_empty())
            .ok_or_else(|| format!("\"{text}\""))
    };
    match value.get_ref() {
        DeValue::Array(values) => values
            .iter()
            .map(|value| sequence(value.get_ref()))
            .collect(),
        value => Ok(vec![sequence(value)?]),
    }
}

/// Which action may have been meant.
fn suggestion(name: &str) -> String {
    let near = Action::iter().map(Action::name).find(|known| {
        let (verb, wanted) = (known.split('-').next(), name.split(['-', '_']).next());
        name.replace('_', "-") == *known || (verb == wanted && known.len() > name.len())
    });
    near.map_or_else(String::new, |near| format!("; is \"{near}\" meant?"))
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}
