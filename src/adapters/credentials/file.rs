//! A file that only the person can read, for machines without a keyring. It is not encrypted, and it says so nowhere but
//! in its permissions: whoever can read them can read the browser's cookies too.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::adapters::credentials::store::{Store, Unread};
use crate::adapters::files::atomic::{self, Access};
use crate::domain::{Problem, Secret, SecretStore};

/// The file with all profiles in it.
#[derive(Debug)]
pub(super) struct File(PathBuf);

/// Each profile with what is kept of it.
type Profiles = BTreeMap<String, Zeroizing<String>>;

impl File {
    /// The one at `path`, which need not be there yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Whose secrets it holds; nobody's, where it cannot be read.
    pub(super) fn names(&self) -> Vec<String> {
        let profiles = self.load().unwrap_or_default(); // whoever wants the secrets is told why
        profiles.into_keys().collect()
    }

    fn load(&self) -> Result<Profiles, Problem> {
        let path = &self.0;
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(Profiles::new());
            }
            Err(error) => {
                return Err(unreadable(path, &error));
            }
        };
        guard(path, &metadata)?;
        let bytes = Zeroizing::new(fs::read(path).map_err(|error| unreadable(path, &error))?);
        serde_json::from_slice(&bytes).map_err(|error| {
            refused(path)
                .because(format!(
                    "line {} is not as this program writes it",
                    error.line()
                ))
                .hint(format!("mend it, or remove it: rm {}", path.display()))
        })
    }

    fn save(&self, profiles: &Profiles) -> Result<(), Problem> {
        let text = serde_json::to_vec_pretty(profiles)
            .map_err(|error| refused(&self.0).because(error.to_string()))?;
        atomic::write(&self.0, &Zeroizing::new(text), Access::Private)
    }
}

impl Store for File {
    fn kind(&self) -> SecretStore {
        SecretStore::File
    }

    fn read(&self, profile: &str) -> Result<Option<Secret>, Unread> {
        let found = self.load().map_err(Unread::Refused)?; // one that is not there is read as empty
        Ok(found.get(profile).map(|text| Secret::new(text.as_str())))
    }

    fn write(&self, profile: &str, text: &Secret) -> Result<(), Problem> {
        let mut profiles = self.load()?;
        profiles.insert(profile.to_owned(), Zeroizing::new(text.reveal().to_owned()));
        self.save(&profiles)
    }

    fn remove(&self, profile: &str) -> Result<(), Problem> {
        let mut profiles = self.load()?;
        match (profiles.remove(profile), profiles.is_empty()) {
            (None, _) => Ok(()),
            (Some(_), false) => self.save(&profiles),
            (Some(_), true) => {
                fs::remove_file(&self.0).map_err(|error| atomic::explain(&self.0, &error))
            }
        }
    }
}

fn refused(path: &Path) -> Problem {
    Problem::new(format!("{} is not read", path.display()))
}

/// The system does not let the person read it.
fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    refused(path)
        .because(error.to_string())
        .hint("see who owns it and its folder; make both your own")
}

/// Others must not have read it, nor have put it there.
fn guard(path: &Path, metadata: &fs::Metadata) -> Result<(), Problem> {
    let name = path.display();
    if metadata.is_symlink() {
        return Err(refused(path)
            .because("it is a symbolic link, and somebody else may own what it leads to")
            .hint(format!("remove it: rm {name}")));
    }
    if !metadata.is_file() {
        return Err(refused(path)
            .because("it is no file")
            .hint("move it away; a file is expected there"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(refused(path)
                .because(format!("others may read it: its mode is {mode:o}"))
                .hint(format!("run chmod 600 {name}")));
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn store() -> (tempfile::TempDir, File) {
        let folder = tempfile::tempdir().unwrap();
        let file = File::new(folder.path().join("data/credentials.json"));
        (folder, file)
    }

    #[test]
    fn what_is_kept_is_read_back_and_the_persons_alone() {
        let (_folder, file) = store();
        assert_eq!(file.read("a"), Ok(None));
        file.write("a", &Secret::new("one")).unwrap();
        file.write("b", &Secret::new("two")).unwrap();
        assert_eq!(file.read("a"), Ok(Some(Secret::new("one"))));
        let mode = fs::metadata(&file.0).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn nothing_is_left_of_the_last_profile() {
        let (_folder, file) = store();
        for profile in ["a", "b"] {
            file.write(profile, &Secret::new("x")).unwrap();
        }
        file.remove("a").unwrap();
        assert_eq!(file.read("b"), Ok(Some(Secret::new("x"))));
        file.remove("b").unwrap();
        file.remove("b").unwrap();
        assert!(!file.0.exists());
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_command_that_mends_it() {
        let (_folder, file) = store();
        file.write("a", &Secret::new("hunter2")).unwrap();
        for mode in [0o640, 0o604, 0o660, 0o644] {
            fs::set_permissions(&file.0, fs::Permissions::from_mode(mode)).unwrap();
            let problem = Problem::from(file.read("a").unwrap_err());
            let command = format!("run chmod 600 {}", file.0.display());
            assert_eq!(problem.hint, Some(command));
            assert_eq!(file.write("a", &Secret::new("x")).unwrap_err(), problem);
        }
    }

    #[test]
    fn a_link_is_refused() {
        let (folder, file) = store();
        let target = folder.path().join("target");
        fs::write(&target, "{}").unwrap();
        fs::create_dir_all(file.0.parent().unwrap()).unwrap();
        symlink(&target, &file.0).unwrap();
        let problem = Problem::from(file.read("a").unwrap_err());
        assert!(problem.why.unwrap().starts_with("it is a symbolic link"));
    }

    #[test]
    fn a_broken_file_is_told_without_what_is_in_it() {
        let (_folder, file) = store();
        atomic::write(&file.0, b"{\"a\": hunter2", Access::Private).unwrap();
        let problem = Problem::from(file.read("a").unwrap_err()).to_string();
        assert!(!problem.contains("hunter2"), "{problem}");
        assert!(problem.contains("line 1"), "{problem}");
    }
}
