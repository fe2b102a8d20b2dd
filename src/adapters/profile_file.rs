//! `config.toml` on disk: put a profile in, take one out. What it looks like inside is the business of `config`.

use std::path::{Path, PathBuf};

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::lock::Lock;
use crate::adapters::files::read_optional;
use crate::config::{ConfigError, ProfileText, Settings, put_profile, remove_profile};
use crate::domain::{Problem, Profile};

/// The file.
#[derive(Clone, Debug)]
pub struct ProfileFile(PathBuf);

impl ProfileFile {
    /// The one in the config folder; it need not be there.
    pub fn new(config: &Path) -> Self {
        Self(config.join("config.toml"))
    }

    /// Puts `profile` in, in the place of the one called `original`, and answers with all there are.
    ///
    /// # Errors
    /// When the file cannot be read or written; it stays as it is then.
    pub fn put(
        &self,
        original: Option<&str>,
        profile: &ProfileText,
    ) -> Result<Vec<Profile>, Problem> {
        self.change(|text| put_profile(text, original, profile), || Ok(()))
    }

    /// Takes the profile called `name` out, and answers with those that are left. `first` is done before, if the file can be
    /// read and written: what it does cannot be undone.
    ///
    /// # Errors
    /// When the file cannot be read or written, or `first` fails; it stays as it is then.
    pub fn remove(
        &self,
        name: &str,
        first: impl FnOnce() -> Result<(), Problem>,
    ) -> Result<Vec<Profile>, Problem> {
        self.change(|text| remove_profile(text, name), first)
    }

    /// What the profiles in it are called.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn names(&self) -> Result<Vec<String>, Problem> {
        let text = read_optional(&self.0)?.unwrap_or_default();
        let settings = Settings::parse("config.toml", &text).map_err(|error| {
            Problem::new("config.toml cannot be read").because(error.to_string())
        })?;
        let all = settings.all().into_iter();
        Ok(all.map(|profile| profile.name).collect())
    }

    fn change(
        &self,
        change: impl FnOnce(&str) -> Result<String, ConfigError>,
        first: impl FnOnce() -> Result<(), Problem>,
    ) -> Result<Vec<Profile>, Problem> {
        let _lock = Lock::wait(&self.0.with_extension("lock"));
        let text = read_optional(&self.0)?.unwrap_or_default();
        let wrong = |error: ConfigError| {
            Problem::new("config.toml was not written")
                .because(error.to_string())
                .hint(format!("edit {} by hand", self.0.display()))
        };
        let text = change(&text).map_err(wrong)?;
        let settings = Settings::parse("config.toml", &text).map_err(wrong)?;
        let written = atomic::prepare(&self.0, text.as_bytes(), Access::Shared)?;
        first()?;
        written.put()?;
        Ok(settings.all())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_goes_in_and_out_and_a_wrong_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = ProfileFile::new(folder.path());
        let profile = ProfileText {
            name: "mine".into(),
            values: vec![("environment", "built-in".into())],
        };
        let names = |all: Vec<Profile>| all.into_iter().map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(
            names(file.put(None, &profile).unwrap()),
            ["built-in", "mine"]
        );
        assert_eq!(names(file.remove("mine", || Ok(())).unwrap()), ["built-in"]);
        std::fs::write(&file.0, "nonsense").unwrap();
        assert!(file.put(None, &profile).unwrap_err().hint.is_some());
        assert_eq!(std::fs::read(&file.0).unwrap(), b"nonsense");
    }
}
