//! A store that was filled before the program started, and cannot be written.

use std::ffi::OsString;

use crate::adapters::credentials::{Entry, Store};
use crate::domain::Secret;

/// The environment variable with the client secret.
pub const CLIENT_SECRET_VARIABLE: &str = "ASTRASCOPE_CLIENT_SECRET";

/// The client secret of the environment.
#[derive(Debug)]
pub(super) struct Environment(Option<Secret>);

impl Environment {
    /// Reads the variable.
    pub(super) fn read() -> Self {
        Self::holding(std::env::var_os(CLIENT_SECRET_VARIABLE))
    }

    /// An empty value, or one that is no text, is none: shells set variables to nothing where unsetting was meant.
    pub(super) fn holding(value: Option<OsString>) -> Self {
        let text = value.and_then(|value| value.into_string().ok());
        Self(text.map(Secret::new).filter(|secret| !secret.is_empty()))
    }
}

impl Store for Environment {
    fn get(&self, entry: Entry) -> Option<Secret> {
        match entry {
            Entry::ClientSecret => self.0.clone(),
            Entry::AccessToken(_) | Entry::RefreshToken(_) => None,
        }
    }

    fn keep(&mut self, _entry: Entry, secret: Secret) -> Result<(), Secret> {
        Err(secret)
    }

    fn forget(&mut self, _entry: Entry) {} // the environment is not ours to change
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_none() {
        for value in [None, Some("".into())] {
            assert_eq!(Environment::holding(value).get(Entry::ClientSecret), None);
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let environment = Environment::holding(Some("hunter2".into()));
        assert!(!format!("{environment:?}").contains("hunter2"));
    }
}
