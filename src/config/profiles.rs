//! The profiles of `config.toml`: which there are, and which one is used. Opens no file.
//!
//! ```toml
//! default_profile = "astra"
//! credential_store = "auto"      # auto | keyring | file | memory
//!
//! [profiles.astra]
//! environment = "sandbox"        # built-in | sandbox | production | custom
//! client_id = "…"
//! redirect_uri = "http://127.0.0.1:8765/callback"
//! # optional: redirect_uris = ["…"] (also registered), authorize_query = "scope=cards" (for the hosted pages),
//! # trusted_provider = "…" (Astra lets the application vouch for people it has signed in itself),
//! # ca_file = "/path/to/ca.pem" (trusted beside the system's)
//! # custom only: api_url, secure_url, app_url; all but built-in: authorize_path, token_path
//!
//! [history]
//! entries = 100000               # so many exchanges are kept
//! size = "512 MiB"               # and so much of their texts
//!
//! [bodies]                       # see `bodies`
//! memory = "512 MiB"
//! ```

mod bodies;
mod edit;
mod table;
mod urls;

#[cfg(test)]
mod tests;

pub use edit::{ProfileText, check_value, put as put_profile, remove as remove_profile};

use thiserror::Error;

use crate::config::profiles::table::{Place, Table};
use crate::domain::{BodyLimits, Environment, Hosts, Profile, StoreChoice};

/// A mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// In a file.
    #[error("{file}:{line}:{column}: {reason}")]
    At {
        /// Name of the file.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// Character within the line, counted from 1.
        column: usize,
        /// What is wrong, with the key and what would be right.
        reason: String,
    },
    /// In an argument or the environment.
    #[error("{0}")]
    Elsewhere(String),
}

/// What `config.toml` says. Without the file: nothing, and the built-in sandbox is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The profile to use when none is asked for.
    pub default_profile: Option<String>,
    /// Where secrets are kept.
    pub credential_store: StoreChoice,
    /// How large a body may become.
    pub bodies: BodyLimits,
    /// In the order of the file.
    pub profiles: Vec<Profile>,
    /// How much of what was sent and answered is kept.
    pub history: HistorySettings,
}

/// How much of what was sent and answered is kept; what is not said is as usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistorySettings {
    /// Most exchanges.
    pub entries: Option<usize>,
    /// Most bytes of their texts.
    pub bytes: Option<usize>,
}

/// The name of the profile that is always there.
const BUILT_IN: &str = "built-in";
/// The keys of a profile, in the order in which they are written.
pub(crate) const PROFILE_KEYS: [&str; 12] = [
    "environment",
    "client_id",
    "redirect_uri",
    "redirect_uris",
    "authorize_query",
    "trusted_provider",
    "ca_file",
    "api_url",
    "secure_url",
    "app_url",
    "authorize_path",
    "token_path",
];
/// Those of an environment whose hosts are not known.
const HOST_KEYS: [&str; 3] = ["api_url", "secure_url", "app_url"];
/// Those that the built-in sandbox decides for itself.
const OWN_KEYS: [&str; 6] = [
    "ca_file",
    "api_url",
    "secure_url",
    "app_url",
    "authorize_path",
    "token_path",
];

impl Settings {
    /// Reads the text of `file`.
    ///
    /// # Errors
    /// At the first mistake: no TOML, an unknown or missing key, a URL that would carry secrets in clear.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        read(text).map_err(|(place, reason)| {
            let (line, column) = table::line_and_column(text, place);
            ConfigError::At {
                file: file.to_owned(),
                line,
                column,
                reason,
            }
        })
    }

    /// The profile called `name`; without a name the default one, and without that the built-in sandbox.
    ///
    /// # Errors
    /// When there is no such profile.
    pub fn choose(&self, name: Option<&str>) -> Result<Profile, ConfigError> {
        let name = name.or(self.default_profile.as_deref()).unwrap_or(BUILT_IN);
        let named = self.profiles.iter().find(|profile| profile.name == name);
        match named {
            Some(profile) => Ok(profile.clone()),
            None if name == BUILT_IN => Ok(Profile::built_in()),
            None => Err(ConfigError::Elsewhere(self.unknown(name))),
        }
    }

    /// Every profile, the built-in sandbox among them.
    pub fn all(&self) -> Vec<Profile> {
        let is_named = self.profiles.iter().any(|profile| profile.name == BUILT_IN);
        let built_in = (!is_named).then(Profile::built_in);
        built_in
            .into_iter()
            .chain(self.profiles.iter().cloned())
            .collect()
    }

    fn unknown(&self, name: &str) -> String {
        let names = self.profiles.iter().map(|profile| profile.name.as_str());
        let others = names.filter(|name| *name != BUILT_IN);
        let known: Vec<&str> = std::iter::once(BUILT_IN).chain(others).collect();
        let name = name.escape_debug();
        format!(
            "there is no profile \"{name}\"; there are: {}",
            known.join(", ")
        )
    }
}

/// `profile` with the client id of `ASTRASCOPE_CLIENT_ID`, if that is set. The built-in sandbox makes up its own.
pub fn with_client_id(profile: Profile, client_id: Option<String>) -> Profile {
    match client_id.filter(|id| !id.is_empty() && profile.environment != Environment::BuiltIn) {
        Some(client_id) => Profile {
            client_id,
            ..profile
        },
        None => profile,
    }
}

/// A mistake and where it is.
type Mistake = (Place, String);

fn read(text: &str) -> Result<Settings, Mistake> {
    let file = Table::parse(text)?;
    file.allow(&[
        "default_profile",
        "credential_store",
        "bodies",
        "history",
        "profiles",
    ])?;
    let mut settings = Settings {
        credential_store: file
            .checked("credential_store", credential_store)?
            .unwrap_or_default(),
        ..Settings::default()
    };
    if let Some(table) = file.table("history")? {
        settings.history = history(&table)?;
    }
    if let Some(table) = file.table("bodies")? {
        settings.bodies = bodies::read(&table)?;
    }
    for (name, table) in file.tables("profiles")? {
        settings.profiles.push(profile(&name, &table)?);
    }
    if let Some((name, place)) = file.text("default_profile")? {
        if let Err(error) = settings.choose(Some(&name)) {
            return Err((place, format!("default_profile: {error}")));
        }
        settings.default_profile = Some(name);
    }
    Ok(settings)
}

fn history(table: &Table<'_>) -> Result<HistorySettings, Mistake> {
    table.allow(&["entries", "size"])?;
    Ok(HistorySettings {
        entries: table.plain("entries", bodies::times)?,
        bytes: table.plain("size", bodies::size)?,
    })
}

fn profile(name: &str, table: &Table<'_>) -> Result<Profile, Mistake> {
    if !is_name(name) {
        let reason = "the name of a profile has letters, digits, \"-\", \"_\" and \".\" only";
        return Err((table.place(), reason.into()));
    }
    table.allow(&PROFILE_KEYS)?;
    let environment = environment(table)?;
    if name == BUILT_IN && environment != Environment::BuiltIn {
        let reason =
            format!("the name \"{BUILT_IN}\" belongs to the built-in sandbox; choose another one");
        return Err((table.place(), reason));
    }
    let usual = Profile::built_in();
    let query = table
        .checked("authorize_query", urls::query)?
        .unwrap_or_default();
    let trusted_provider = table.checked("trusted_provider", |text| Ok(text.to_owned()))?;
    let or = |value: Option<String>, other: &str| value.unwrap_or_else(|| other.to_owned());
    if environment == Environment::BuiltIn {
        refuse(
            table,
            &["client_id"],
            "the built-in sandbox makes up its own",
        )?;
        refuse(table, &OWN_KEYS, "the built-in sandbox has its own")?;
        let redirect_uri = table.checked("redirect_uri", urls::built_in_redirect_uri)?;
        return Ok(Profile {
            name: name.to_owned(),
            redirect_uri: or(redirect_uri, &usual.redirect_uri),
            redirect_uris: table.list("redirect_uris", urls::built_in_redirect_uri)?,
            authorize_query: query,
            trusted_provider,
            ..usual
        });
    }
    let hosts = match Hosts::of(environment) {
        Some(hosts) => {
            let reason = "only environment = \"custom\" takes it";
            refuse(table, &HOST_KEYS, reason)?;
            hosts
        }
        None => custom_hosts(table)?,
    };
    Ok(Profile {
        name: name.to_owned(),
        environment,
        // Without one, ASTRASCOPE_CLIENT_ID has to stand in.
        client_id: table.checked("client_id", client_id)?.unwrap_or_default(),
        redirect_uri: table.required("redirect_uri", urls::redirect_uri)?,
        redirect_uris: table.list("redirect_uris", urls::redirect_uri)?,
        authorize_query: query,
        trusted_provider,
        ca_file: table.checked("ca_file", |text| Ok(text.to_owned()))?,
        hosts: Some(hosts),
        authorize_path: or(
            table.checked("authorize_path", urls::path)?,
            &usual.authorize_path,
        ),
        token_path: or(table.checked("token_path", urls::path)?, &usual.token_path),
    })
}

/// Whether `name` can be the name of a profile: it is also the name of its files.
fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !name.is_empty() && name.chars().all(is_plain) && name.chars().any(|c| c != '.')
}

fn environment(table: &Table<'_>) -> Result<Environment, Mistake> {
    let named = |name: &str| {
        Environment::ALL
            .into_iter()
            .find(|environment| environment.name() == name)
            .ok_or_else(|| {
                let known = Environment::ALL.map(Environment::name).join(", ");
                format!("\"{}\" is none of: {known}", name.escape_debug())
            })
    };
    table.required("environment", named)
}

fn credential_store(name: &str) -> Result<StoreChoice, String> {
    let found = StoreChoice::ALL
        .into_iter()
        .find(|choice| choice.name() == name);
    found.ok_or_else(|| {
        let known = StoreChoice::ALL.map(StoreChoice::name).join(", ");
        format!("\"{}\" is none of: {known}", name.escape_debug())
    })
}

fn custom_hosts(table: &Table<'_>) -> Result<Hosts, Mistake> {
    let api = table.required("api_url", urls::base)?;
    let secure = table.checked("secure_url", urls::base)?;
    let app = table.checked("app_url", urls::base)?;
    Ok(Hosts {
        secure: secure.unwrap_or_else(|| api.clone()),
        app: app.unwrap_or_else(|| api.clone()),
        api,
    })
}

fn refuse(table: &Table<'_>, keys: &[&str], reason: &str) -> Result<(), Mistake> {
    match keys
        .iter()
        .find_map(|key| Some((key, table.key_place(key)?)))
    {
        Some((key, place)) => Err((place, format!("{key}: {reason}"))),
        None => Ok(()),
    }
}

/// A colon would end it early (RFC 7617, section 2).
fn client_id(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("it is empty; copy it from Astra's dashboard".into());
    }
    if text.contains(|c: char| c == ':' || c.is_control() || c.is_whitespace()) {
        return Err("a client id has no spaces and no colon in it".into());
    }
    Ok(text.to_owned())
}
