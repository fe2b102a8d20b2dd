//! Gives a profile another name, in steps that a kill may part: at any time the name that stands in `config.toml` has all that
//! belongs to it. What such an end leaves over is taken away at the next start.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::adapters::credentials::Credentials;
use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::lock::Lock;
use crate::adapters::files::read_optional;
use crate::adapters::profile_file::ProfileFile;
use crate::adapters::vault::Vault;
use crate::config::{Paths, ProfileText};
use crate::domain::{Environment, Problem, Profile};

/// A renaming that is under way.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    from: String,
    to: String,
}

/// Whether one was cut off, or is under way in another instance.
pub fn is_unsettled(data: &Path) -> bool {
    note(data).exists()
}

/// Puts `new` into `config.toml` in the place of `old`, and answers with all there are. Everything that is kept of `old` goes on
/// under the new name; `credentials` are those of any profile. Waits for disk and keyring.
///
/// # Errors
/// When `config.toml` stays as it was.
pub fn rename(
    home: &Paths,
    credentials: &Credentials,
    old: &Profile,
    new: &ProfileText,
) -> Result<Vec<Profile>, Problem> {
    let file = ProfileFile::new(&home.config);
    let _lock = lock(home);
    settle_alone(home, credentials)?;
    let put = || file.put(Some(&old.name), new);
    if file.names()?.contains(&new.name) {
        return put(); // which refuses: the other one has secrets of its own
    }
    refuse_leftovers(home, credentials, &new.name)?;
    let renamed = copy(home, credentials, old, &new.name).and_then(|()| put());
    // What cannot be taken away now is at the next start.
    drop(settle_alone(home, credentials));
    renamed
}

/// Ends a renaming that was cut off. Waits for disk and keyring, and for another instance that renames just now.
///
/// # Errors
/// When something cannot be taken away; it is tried again at the next start.
pub fn settle(home: &Paths, credentials: &Credentials) -> Result<(), Problem> {
    let _lock = lock(home);
    settle_alone(home, credentials)
}

fn settle_alone(home: &Paths, credentials: &Credentials) -> Result<(), Problem> {
    let path = note(&home.data);
    let Some(text) = read_optional(&path)? else {
        return Ok(());
    };
    // A note is there as a whole or not at all; what is none tells nothing of what to take away.
    if let Ok(Note { from, to }) = serde_json::from_str(&text) {
        let names = ProfileFile::new(&home.config).names()?;
        match (names.contains(&from), names.contains(&to)) {
            (true, false) => forget(home, credentials, to)?,
            (false, true) => forget(home, credentials, from)?,
            _ => {} // somebody has written config.toml by hand since: both may be meant
        }
    }
    fs::remove_file(&path).map_err(|error| atomic::explain(&path, &error))
}

/// What a profile has left behind that was taken out of `config.toml` by hand is nobody else's, and may be wanted again.
fn refuse_leftovers(home: &Paths, credentials: &Credentials, to: &str) -> Result<(), Problem> {
    let of_old = |what| Problem::new(format!("a profile called {to} has left {what} behind"));
    if credentials.of(&named(to.to_owned())).keeps_anything()? {
        return Err(of_old("secrets")
            .because("config.toml does not name it any more")
            .hint("choose another name, or run astrascope logout --all"));
    }
    match Vault::new(&home.data, to).found() {
        Some(path) => Err(of_old("test users")
            .because("config.toml does not name it any more")
            .hint(format!(
                "choose another name, or move {} away",
                path.display()
            ))),
        None => Ok(()),
    }
}

/// Keeps what is kept of `old` under the name `to`, too, having noted what for.
fn copy(home: &Paths, credentials: &Credentials, old: &Profile, to: &str) -> Result<(), Problem> {
    let text = Note {
        from: old.name.clone(),
        to: to.to_owned(),
    };
    let text = serde_json::to_vec(&text)
        .map_err(|error| Problem::new("nothing was renamed").because(error.to_string()))?;
    atomic::write(&note(&home.data), &text, Access::Private)?;
    Vault::new(&home.data, &old.name).copy_to(&Vault::new(&home.data, to))?;
    let old = credentials.of(old);
    credentials.of(&named(to.to_owned())).copy(&old)
}

fn forget(home: &Paths, credentials: &Credentials, name: String) -> Result<(), Problem> {
    Vault::new(&home.data, &name).clear()?;
    credentials.of(&named(name)).forget_all()
}

/// A profile of which no more is known.
fn named(name: String) -> Profile {
    Profile {
        name,
        environment: Environment::Custom,
        ..Profile::built_in()
    }
}

fn note(data: &Path) -> PathBuf {
    data.join("renaming.json")
}

fn lock(home: &Paths) -> Lock {
    Lock::wait(&home.data.join("renaming.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::credentials::Places;
    use crate::domain::{Secret, StoreChoice, TestUser, UserKey};

    struct Home {
        _folder: tempfile::TempDir,
        paths: Paths,
    }

    fn text(name: &str) -> ProfileText {
        let values = [
            ("environment", "custom"),
            ("client_id", "a"),
            ("redirect_uri", "http://127.0.0.1:0/callback"),
            ("api_url", "https://gate.example"),
        ];
        ProfileText {
            name: name.into(),
            values: values.map(|(key, value)| (key, value.into())).into(),
        }
    }

    fn profile(name: &str) -> Profile {
        text(name).to_profile().unwrap()
    }

    impl Home {
        /// With a profile called `old`, its secret and a test user.
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let paths = Paths::from(Some(folder.path().into())).unwrap();
            let home = Self {
                _folder: folder,
                paths,
            };
            home.file().put(None, &text("old")).unwrap();
            let secret = Secret::new("s");
            home.credentials()
                .of(&profile("old"))
                .set_client_secret(secret);
            let user = TestUser::unnamed(UserKey(1));
            Vault::new(&home.paths.data, "old").save(&user).unwrap();
            home
        }

        fn file(&self) -> ProfileFile {
            ProfileFile::new(&self.paths.config)
        }

        /// Those of another start of the program.
        fn credentials(&self) -> Credentials {
            let places = Places {
                folder: self.paths.data.clone(),
                suffix: String::new(),
            };
            Credentials::open(&Profile::built_in(), StoreChoice::File, places)
        }

        fn settle(&self) {
            settle(&self.paths, &self.credentials()).unwrap();
        }

        #[track_caller]
        fn assert_has_all(&self, name: &str) {
            assert!(self.file().names().unwrap().contains(&name.to_owned()));
            let credentials = self.credentials().of(&profile(name));
            assert!(credentials.load().client_secret.is_some(), "{name}");
            assert_eq!(credentials.client_secret(), Secret::new("s"));
            let users = Vault::new(&self.paths.data, name).read().unwrap();
            assert_eq!(users.len(), 1, "{name}");
        }

        #[track_caller]
        fn assert_has_nothing(&self, name: &str) {
            assert!(!is_unsettled(&self.paths.data));
            let credentials = self.credentials().of(&profile(name));
            assert_eq!(credentials.load().client_secret, None, "{name}");
            let users = Vault::new(&self.paths.data, name).read().unwrap();
            assert_eq!(users.len(), 0, "{name}");
        }
    }

    #[test]
    fn a_profile_goes_on_under_its_new_name() {
        let home = Home::new();
        let all = rename(
            &home.paths,
            &home.credentials(),
            &profile("old"),
            &text("new"),
        );
        assert!(all.unwrap().iter().any(|profile| profile.name == "new"));
        home.assert_has_all("new");
        home.assert_has_nothing("old");
    }

    #[test]
    fn a_kill_after_the_copy_leaves_the_old_name_with_everything() {
        let home = Home::new();
        copy(&home.paths, &home.credentials(), &profile("old"), "new").unwrap();
        home.assert_has_all("old");
        home.settle();
        home.assert_has_all("old");
        home.assert_has_nothing("new");
    }

    #[test]
    fn a_kill_before_the_secrets_are_copied_leaves_the_old_name_with_everything() {
        let home = Home::new();
        let vault = |name| Vault::new(&home.paths.data, name);
        let text = br#"{"from":"old","to":"new"}"#;
        atomic::write(&note(&home.paths.data), text, Access::Private).unwrap();
        vault("old").copy_to(&vault("new")).unwrap();
        home.assert_has_all("old");
        home.settle();
        home.assert_has_all("old");
        home.assert_has_nothing("new");
    }

    #[test]
    fn a_kill_after_the_new_name_is_written_leaves_it_with_everything() {
        let home = Home::new();
        copy(&home.paths, &home.credentials(), &profile("old"), "new").unwrap();
        home.file().put(Some("old"), &text("new")).unwrap();
        home.assert_has_all("new");
        home.settle();
        home.assert_has_all("new");
        home.assert_has_nothing("old");
    }

    #[test]
    fn a_name_that_is_taken_loses_nothing_to_a_renaming() {
        let home = Home::new();
        home.file().put(None, &text("new")).unwrap();
        let credentials = home.credentials().of(&profile("new"));
        credentials.set_client_secret(Secret::new("another"));
        let refused = rename(
            &home.paths,
            &home.credentials(),
            &profile("old"),
            &text("new"),
        );
        assert!(refused.is_err());
        home.assert_has_all("old");
        let credentials = home.credentials().of(&profile("new"));
        credentials.load();
        assert_eq!(credentials.client_secret(), Secret::new("another"));
    }

    #[test]
    fn a_name_that_has_left_something_behind_is_refused_and_nobody_loses_anything() {
        let home = Home::new();
        let left = |secret: &str| {
            let credentials = home.credentials().of(&profile("new"));
            credentials.set_client_secret(Secret::new(secret));
        };
        let refused = || {
            let credentials = home.credentials();
            rename(&home.paths, &credentials, &profile("old"), &text("new")).unwrap_err()
        };
        left("another");
        assert!(refused().hint.unwrap().contains("astrascope logout --all"));
        home.assert_has_all("old");
        let credentials = home.credentials().of(&profile("new"));
        credentials.load();
        assert_eq!(credentials.client_secret(), Secret::new("another"));
        credentials.forget_all().unwrap();
        let vault = Vault::new(&home.paths.data, "new");
        for key in [2, 3] {
            vault.save(&TestUser::unnamed(UserKey(key))).unwrap();
        }
        assert!(refused().hint.unwrap().contains("users/new.json"));
        home.assert_has_all("old");
        assert_eq!(vault.read().unwrap().len(), 2);
        vault.clear().unwrap();
        rename(
            &home.paths,
            &home.credentials(),
            &profile("old"),
            &text("new"),
        )
        .unwrap();
        home.assert_has_all("new");
    }
}
