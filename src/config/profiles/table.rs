//! A table of TOML whose values know where they stand. Checks their form; what they mean is checked by the caller.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A place in the text: its offset in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(usize);

impl From<Range<usize>> for Place {
    fn from(span: Range<usize>) -> Self {
        Self(span.start)
    }
}

/// Line and column of `place`, both counted from 1.
pub(super) fn line_and_column(text: &str, place: Place) -> (usize, usize) {
    let before = text.get(..place.0).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

type Mistake = (Place, String);

/// A table, and where it begins.
pub(super) struct Table<'a> {
    /// Empty for the file itself.
    name: String,
    place: Place,
    entries: DeTable<'a>,
}

impl<'a> Table<'a> {
    /// Reads a whole file.
    pub(super) fn parse(text: &'a str) -> Result<Self, Mistake> {
        // `DeTable::parse` tells of the last mistake, which often only follows from the first.
        let (entries, errors) = DeTable::parse_recoverable(text);
        let place = |error: &toml::de::Error| Place::from(error.span().unwrap_or_default());
        if let Some(first) = errors.iter().min_by_key(|error| place(error)) {
            let mut reason = first.message().trim().replace('\n', ", ");
            if reason == "duplicate key" {
                let key = first.span().and_then(|span| text.get(span));
                reason = format!("{reason} {}", key.unwrap_or_default());
            }
            return Err((place(first), reason));
        }
        Ok(Self {
            name: String::new(),
            place: Place(0),
            entries: entries.into_inner(),
        })
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// What the table is called in messages.
    fn title(&self) -> String {
        if self.name.is_empty() {
            "the file".into()
        } else {
            format!("[{}]", self.name)
        }
    }

    fn entry(&self, key: &str) -> Option<(Place, &Spanned<DeValue<'a>>)> {
        let (found, value) = self
            .entries
            .iter()
            .find(|(known, _)| known.get_ref() == key)?;
        Some((found.span().into(), value))
    }

    /// Where `key` stands, if it is there.
    pub(super) fn key_place(&self, key: &str) -> Option<Place> {
        self.entry(key).map(|(place, _)| place)
    }

    /// Every key must be one of `known`. The first that is not, in the order of the file, is told.
    pub(super) fn allow(&self, known: &[&str]) -> Result<(), Mistake> {
        let foreign = self
            .entries
            .keys()
            .filter(|key| !known.contains(&key.get_ref().as_ref()));
        match foreign.min_by_key(|key| key.span().start) {
            Some(key) => Err((
                key.span().into(),
                format!(
                    "unknown key \"{}\" in {}; there are: {}",
                    key.get_ref().escape_debug(),
                    self.title(),
                    known.join(", ")
                ),
            )),
            None => Ok(()),
        }
    }

    /// The text under `key`, and where it stands.
    pub(super) fn text(&self, key: &str) -> Result<Option<(String, Place)>, Mistake> {
        match self.entry(key) {
            None => Ok(None),
            Some((_, value)) => match value.get_ref() {
                DeValue::String(text) => Ok(Some((text.to_string(), value.span().into()))),
                other => Err((
                    value.span().into(),
                    format!("{key}: this is not a text but of type {}", other.type_str()),
                )),
            },
        }
    }

    /// What `check` makes of the text under `key`.
    pub(super) fn checked<T>(
        &self,
        key: &str,
        check: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Mistake> {
        let Some((text, place)) = self.text(key)? else {
            return Ok(None);
        };
        check(&text)
            .map(Some)
            .map_err(|reason| (place, format!("{key}: {reason}")))
    }

    /// The texts of the list under `key`, each checked; none if it is not there.
    pub(super) fn list(
        &self,
        key: &str,
        check: impl Fn(&str) -> Result<String, String>,
    ) -> Result<Vec<String>, Mistake> {
        let Some((_, value)) = self.entry(key) else {
            return Ok(Vec::new());
        };
        let mistake =
            |span: Range<usize>, reason: String| (span.into(), format!("{key}: {reason}"));
        let DeValue::Array(items) = value.get_ref() else {
            let kind = value.get_ref().type_str();
            return Err(mistake(
                value.span(),
                format!("this is not a list but of type {kind}"),
            ));
        };
        let text = |item: &Spanned<DeValue<'a>>| match item.get_ref() {
            DeValue::String(text) => check(text).map_err(|reason| mistake(item.span(), reason)),
            other => {
                let kind = other.type_str();
                Err(mistake(
                    item.span(),
                    format!("this is not a text but of type {kind}"),
                ))
            }
        };
        items.iter().map(text).collect()
    }

    /// What `check` makes of the text or number under `key`.
    pub(super) fn plain<T>(
        &self,
        key: &str,
        check: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Mistake> {
        let Some((place, DeValue::Integer(number))) = self
            .entry(key)
            .map(|(_, value)| (value.span().into(), value.get_ref()))
        else {
            return self.checked(key, check);
        };
        check(number.as_str())
            .map(Some)
            .map_err(|reason| (place, format!("{key}: {reason}")))
    }

    /// As `checked`, where the key must be there.
    pub(super) fn required<T>(
        &self,
        key: &str,
        check: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Mistake> {
        let missing = || (self.place, format!("{} has no {key}", self.title()));
        self.checked(key, check)?.ok_or_else(missing)
    }

    /// The table under `key`.
    pub(super) fn table(&self, key: &str) -> Result<Option<Table<'a>>, Mistake> {
        let Some((place, value)) = self.entry(key) else {
            return Ok(None);
        };
        Ok(Some(Self {
            entries: table_of(key, value)?.clone(),
            place,
            name: key.to_owned(),
        }))
    }

    /// The tables under `key`, in the order of the file.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<(String, Table<'a>)>, Mistake> {
        let Some((_, value)) = self.entry(key) else {
            return Ok(Vec::new());
        };
        let mut tables = Vec::new();
        for (name, value) in table_of(key, value)? {
            let full = format!("{key}.{}", name.get_ref());
            tables.push((
                name.get_ref().to_string(),
                Table {
                    entries: table_of(&full, value)?.clone(),
                    place: name.span().into(),
                    name: full,
                },
            ));
        }
        tables.sort_by_key(|(_, table)| table.place);
        Ok(tables)
    }
}

fn table_of<'t, 'a>(
    name: &str,
    value: &'t Spanned<DeValue<'a>>,
) -> Result<&'t DeTable<'a>, Mistake> {
    match value.get_ref() {
        DeValue::Table(entries) => Ok(entries),
        other => Err((
            value.span().into(),
            format!(
                "{}: this is not a table but of type {}",
                name.escape_debug(),
                other.type_str()
            ),
        )),
    }
}
