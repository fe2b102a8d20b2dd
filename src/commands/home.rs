//! The program's home: which profiles there are, and where what belongs to them is kept.

use std::env;

use anyhow::{Context, bail};

use crate::adapters::credentials::{self, CLIENT_ID_VARIABLE, Credentials, Places, client_id};
use crate::adapters::files;
use crate::adapters::renaming;
use crate::adapters::vault::Vault;
use crate::config::{Paths, Settings, with_client_id};
use crate::domain::{Environment, Profile};

/// The environment variable that moves all files to one place.
const HOME_VARIABLE: &str = "ASTRASCOPE_HOME";

/// What stands in `config.toml`, and the folders around it.
#[derive(Clone, Debug)]
pub struct Home {
    /// The folders.
    pub paths: Paths,
    /// What `config.toml` says.
    pub settings: Settings,
}

impl Home {
    /// Reads `config.toml`, if there is one.
    ///
    /// # Errors
    /// When it is wrong, or there is no place for it.
    pub fn open() -> anyhow::Result<Self> {
        let paths = Paths::from(env::var_os(HOME_VARIABLE))?;
        let home = Self::read(paths)?;
        if !renaming::is_unsettled(&home.paths.data) {
            return Ok(home);
        }
        // What cannot be taken away now is at the next start, and the name that stands in the file has everything.
        drop(renaming::settle(
            &home.paths,
            &home.credentials(&Profile::built_in()),
        ));
        Self::read(home.paths)
    }

    fn read(paths: Paths) -> anyhow::Result<Self> {
        let settings = match files::read_optional(&paths.config.join("config.toml"))? {
            Some(text) => Settings::parse("config.toml", &text)
                .with_context(|| format!("in {}", paths.config.display()))?,
            None => Settings::default(),
        };
        Ok(Self { paths, settings })
    }

    /// The profile called `name`, or the default one. `ASTRASCOPE_CLIENT_ID` wins over its client id.
    ///
    /// # Errors
    /// When there is none of that name, or none with a client id.
    pub fn profile(&self, name: Option<&str>) -> anyhow::Result<Profile> {
        let profile = with_client_id(self.settings.choose(name)?, client_id());
        if profile.client_id.is_empty() && profile.environment != Environment::BuiltIn {
            bail!(
                "the profile {} has no client_id\nhint: add it to config.toml, or set {CLIENT_ID_VARIABLE}",
                profile.name
            );
        }
        Ok(profile)
    }

    /// The secrets of `profile`; nothing is read yet.
    pub fn credentials(&self, profile: &Profile) -> Credentials {
        let home = self.paths.home();
        let suffix = home.map_or_else(String::new, |home| format!(" in {}", home.display()));
        let places = Places {
            folder: self.paths.data.clone(),
            suffix,
        };
        Credentials::open(profile, self.settings.credential_store, places)
    }

    /// The test users of `profile`; none for the built-in sandbox, whose world ends with the session.
    pub fn vault(&self, profile: &Profile) -> Option<Vault> {
        let is_kept = profile.environment != Environment::BuiltIn;
        is_kept.then(|| Vault::new(&self.paths.data, &profile.name))
    }

    /// Every profile of which something may be kept: those of `config.toml`, and those that it does not name any more but that
    /// have left a secret, a list of test users or a lock behind. The built-in sandbox keeps nothing.
    pub fn known(&self) -> Vec<Profile> {
        let is_kept = |profile: &Profile| profile.environment != Environment::BuiltIn;
        let mut all: Vec<_> = self.settings.all().into_iter().filter(is_kept).collect();
        let data = &self.paths.data;
        let mut left = credentials::names_in_file(data);
        left.extend(files::names(&data.join("users"), "", ".json"));
        left.extend(files::names(data, "renewal-", ".lock"));
        left.sort();
        left.dedup();
        for name in left {
            if all.iter().all(|known| known.name != name) && name != Profile::built_in().name {
                all.push(Profile {
                    name,
                    environment: Environment::Custom,
                    ..Profile::built_in()
                });
            }
        }
        all
    }

    /// Every profile there is; `ASTRASCOPE_CLIENT_ID` stands in where one has no client id.
    pub fn profiles(&self) -> Vec<Profile> {
        let stand_in = |profile: Profile| match profile.client_id.is_empty() {
            true => with_client_id(profile, client_id()),
            false => profile,
        };
        self.settings.all().into_iter().map(stand_in).collect()
    }
}
