//! Writes profiles into the text of `config.toml`, and takes them out. Comments, order and everything else stay as the person
//! wrote them.

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::config::profiles::{ConfigError, PROFILE_KEYS, Settings, client_id, is_name, urls};
use crate::domain::{Environment, Profile};

/// A profile as it is typed: a text for each key of `config.toml`, empty where the key is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileText {
    /// Its name.
    pub name: String,
    /// Keys and what stands behind them; keys that are not named stay as they are in the file.
    pub values: Vec<(&'static str, String)>,
}

/// The key with several values, which are typed with blanks between them.
const LIST: &str = "redirect_uris";

impl ProfileText {
    /// What is typed for `key`.
    pub fn get(&self, key: &str) -> &str {
        let found = self.values.iter().find(|(known, _)| *known == key);
        found.map_or("", |(_, text)| text.as_str())
    }

    /// The profile that it makes.
    ///
    /// # Errors
    /// At the first mistake.
    pub fn to_profile(&self) -> Result<Profile, ConfigError> {
        let text = put("", None, self)?;
        Settings::parse("config.toml", &text)?.choose(Some(&self.name))
    }

    /// The environment, as far as it is a known one.
    pub fn environment(&self) -> Option<Environment> {
        let name = self.get("environment");
        Environment::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// Why `text` cannot stand behind `key`; nothing is said of an empty one, which is left out.
///
/// # Errors
/// In words for the person who types.
pub fn check_value(key: &str, text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    match key {
        "name" if !is_name(text) => Err("letters, digits, \"-\", \"_\" and \".\" only".into()),
        "client_id" => client_id(text).map(drop),
        "redirect_uri" => urls::redirect_uri(text).map(drop),
        LIST => text
            .split_whitespace()
            .try_for_each(|uri| urls::redirect_uri(uri).map(drop)),
        "api_url" | "secure_url" | "app_url" => urls::base(text).map(drop),
        "authorize_path" | "token_path" => urls::path(text).map(drop),
        "authorize_query" => urls::query(text).map(drop),
        _ => Ok(()),
    }
}

/// `text` with `profile` in it, in the place of the one called `original` if that is given. The first profile of all becomes
/// the default one.
///
/// # Errors
/// When `text` cannot be read, or could not be afterwards, and when another profile has that name.
pub fn put(
    text: &str,
    original: Option<&str>,
    profile: &ProfileText,
) -> Result<String, ConfigError> {
    let mut file = parse(text)?;
    let is_first = file.get("profiles").is_none() && file.get("default_profile").is_none();
    if is_first {
        file["default_profile"] = value(profile.name.as_str());
    }
    let profiles = file.entry("profiles").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let profiles = profiles
        .as_table_like_mut()
        .ok_or_else(|| ConfigError::Elsewhere("profiles in config.toml is no table".into()))?;
    let is_taken = profiles.contains_key(&profile.name) && original != Some(&profile.name);
    if is_taken {
        let name = &profile.name;
        return Err(ConfigError::Elsewhere(format!(
            "there is a profile {name} already"
        )));
    }
    let old = original.and_then(|name| profiles.remove(name));
    let mut table = match old {
        Some(Item::Table(table)) => table,
        Some(Item::Value(toml_edit::Value::InlineTable(table))) => table.into_table(),
        _ => Table::new(),
    };
    for key in PROFILE_KEYS {
        if let Some((_, text)) = profile.values.iter().find(|(known, _)| *known == key) {
            write(&mut table, key, text);
        }
    }
    profiles.insert(&profile.name, Item::Table(table));
    if let Some(original) = original.filter(|original| *original != profile.name)
        && file.get("default_profile").and_then(Item::as_str) == Some(original)
    {
        file["default_profile"] = value(profile.name.as_str());
    }
    checked(file)
}

/// `text` without the profile called `name`.
///
/// # Errors
/// When `text` cannot be read.
pub fn remove(text: &str, name: &str) -> Result<String, ConfigError> {
    let mut file = parse(text)?;
    if let Some(profiles) = file.get_mut("profiles").and_then(Item::as_table_like_mut) {
        profiles.remove(name);
    }
    if file.get("default_profile").and_then(Item::as_str) == Some(name) {
        file.remove("default_profile");
    }
    checked(file)
}

fn parse(text: &str) -> Result<DocumentMut, ConfigError> {
    Settings::parse("config.toml", text)?; // its messages are the better ones
    text.parse()
        .map_err(|error: toml_edit::TomlError| ConfigError::Elsewhere(error.to_string()))
}

/// What would not be read at the next start is never written.
fn checked(file: DocumentMut) -> Result<String, ConfigError> {
    let text = file.to_string();
    Settings::parse("config.toml", &text)?;
    Ok(text)
}

/// A value keeps the comment behind it.
fn write(table: &mut Table, key: &str, text: &str) {
    if text.is_empty() {
        table.remove(key);
        return;
    }
    let mut new = match key {
        LIST => toml_edit::Value::from(text.split_whitespace().collect::<Array>()),
        _ => toml_edit::Value::from(text),
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => drop(table.insert(key, Item::Value(new))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, values: &[(&'static str, &str)]) -> ProfileText {
        let value = |(key, text): &(&'static str, &str)| (*key, (*text).to_owned());
        ProfileText {
            name: name.into(),
            values: values.iter().map(value).collect(),
        }
    }

    const WRITTEN: &str = "# mine\ndefault_profile = \"a\" # the usual one\n\n# of Ada\n[profiles.a]\nenvironment = \"sandbox\" # not the real one\nclient_id = \"old\"\nredirect_uri = \"http://127.0.0.1:1/cb\"\n\n[profiles.b] # the other\nenvironment = \"built-in\"\n";

    #[test]
    fn an_edited_profile_keeps_the_comments_around_it() {
        let edited = profile(
            "a",
            &[
                ("client_id", "new"),
                ("redirect_uris", "http://127.0.0.1:2/x https://h/cb"),
            ],
        );
        let text = put(WRITTEN, Some("a"), &edited).unwrap();
        assert!(text.starts_with("# mine\ndefault_profile = \"a\" # the usual one\n\n# of Ada\n[profiles.a]\nenvironment = \"sandbox\" # not the real one\nclient_id = \"new\"\n"), "{text}");
        assert!(text.contains("[profiles.b] # the other"), "{text}");
        let read = Settings::parse("config.toml", &text).unwrap();
        assert_eq!(read.profiles[0].client_id, "new");
        assert_eq!(read.profiles[0].redirect_uris.len(), 2);
    }

    #[test]
    fn a_new_name_moves_the_default_along_and_a_removed_one_takes_it_away() {
        let text = put(WRITTEN, Some("a"), &profile("c", &[])).unwrap();
        let read = Settings::parse("config.toml", &text).unwrap();
        assert_eq!(read.default_profile.as_deref(), Some("c"));
        assert_eq!(read.profiles.len(), 2);
        let text = remove(&text, "c").unwrap();
        let read = Settings::parse("config.toml", &text).unwrap();
        assert_eq!((read.default_profile, read.profiles.len()), (None, 1));
        assert!(text.contains("# the other"), "{text}");
    }

    #[test]
    fn the_first_profile_becomes_the_default_and_a_bad_one_is_not_written() {
        let keys = [
            ("environment", "sandbox"),
            ("client_id", "x"),
            ("redirect_uri", "http://127.0.0.1:1/cb"),
        ];
        let text = put("", None, &profile("a", &keys)).unwrap();
        assert_eq!(
            text,
            "default_profile = \"a\"\n\n[profiles.a]\nenvironment = \"sandbox\"\nclient_id = \"x\"\nredirect_uri = \"http://127.0.0.1:1/cb\"\n"
        );
        assert!(put("", None, &profile("a", &keys[..1])).is_err());
        assert!(put("profiles = 1", None, &profile("a", &keys)).is_err());
    }

    #[test]
    fn values_are_checked_as_they_are_typed() {
        for (key, good, bad) in [
            ("name", "my-app", "my app"),
            ("client_id", "abc", "a:b"),
            ("redirect_uri", "http://127.0.0.1:1/cb", "http://h/cb"),
            (
                "redirect_uris",
                "http://127.0.0.1:1/cb https://h/cb",
                "https://h/cb h",
            ),
            ("api_url", "https://h", "ftp://h"),
            ("token_path", "/t", "t"),
            (
                "authorize_query",
                "scope=cards&debit_direct=true",
                "state=1",
            ),
        ] {
            assert_eq!(check_value(key, good), Ok(()), "{key}");
            assert!(check_value(key, bad).is_err(), "{key}");
            assert_eq!(check_value(key, ""), Ok(()), "{key}");
        }
    }
}
