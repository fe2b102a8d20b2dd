//! Where the program's files are. Reads and creates none of them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::config::ConfigError;

/// The environment variable that moves all files to one place.
const HOME_VARIABLE: &str = "ASTRASCOPE_HOME";

/// The directories of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Settings, keymap, themes.
    pub config: PathBuf,
    /// What is collected and worth keeping, such as history.
    pub data: PathBuf,
    /// What is written along the way, such as the log.
    pub state: PathBuf,
    /// Where the person has moved everything to.
    home: Option<PathBuf>,
}

impl Paths {
    /// All below `home`, which is the value of `ASTRASCOPE_HOME`; or else where the system wants them. A relative one counts
    /// from the folder that the program was started in.
    ///
    /// # Errors
    /// When there is neither, as for a service without a home directory.
    pub fn from(home: Option<OsString>) -> Result<Self, ConfigError> {
        if let Some(home) = home.filter(|home| !home.is_empty()).map(PathBuf::from) {
            let home = std::path::absolute(&home).unwrap_or(home); // the folder is gone: it stays relative
            return Ok(Self {
                config: home.join("config"),
                data: home.join("data"),
                state: home.join("state"),
                home: Some(home),
            });
        }
        let folders = ProjectDirs::from("", "", "astrascope").ok_or_else(|| {
            ConfigError::Elsewhere(format!(
                "this account has no home directory; set {HOME_VARIABLE} to a directory for astrascope's files"
            ))
        })?;
        Ok(Self {
            config: folders.config_dir().to_owned(),
            data: folders.data_dir().to_owned(),
            // Only Linux has a place for state of its own.
            state: folders
                .state_dir()
                .unwrap_or_else(|| folders.data_local_dir())
                .to_owned(),
            home: None,
        })
    }

    /// The folder that the person has moved everything to, if they have.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_variable_moves_everything() {
        let folder = std::env::temp_dir();
        let paths = Paths::from(Some(folder.clone().into())).unwrap();
        assert_eq!(paths.config, folder.join("config"));
        assert_eq!(paths.data, folder.join("data"));
        assert_eq!(paths.state, folder.join("state"));
    }

    #[test]
    fn a_relative_folder_counts_from_where_the_program_was_started() {
        let paths = Paths::from(Some("a".into())).unwrap();
        let current = std::env::current_dir().unwrap();
        assert_eq!(paths.data, current.join("a/data"));
        assert_eq!(paths.home(), Some(current.join("a").as_path()));
    }

    #[test]
    fn an_empty_variable_is_none() {
        let usual = Paths::from(None);
        assert_eq!(Paths::from(Some("".into())), usual);
        if let Ok(paths) = usual {
            assert!(paths.config.ends_with("astrascope") || cfg!(not(target_os = "linux")));
        }
    }
}
