//! The secrets of the environment: there before the program started, and not to be written.

use std::ffi::OsString;
use std::process::Command;

use crate::domain::Secret;

/// The environment variable with the client secret.
pub const CLIENT_SECRET_VARIABLE: &str = "ASTRASCOPE_CLIENT_SECRET";

/// The environment variable with the access token of a user whose pages cannot be walked from a command.
pub const ACCESS_TOKEN_VARIABLE: &str = "ASTRASCOPE_ACCESS_TOKEN";

/// The environment variable with a client id.
pub const CLIENT_ID_VARIABLE: &str = "ASTRASCOPE_CLIENT_ID";

/// All that are secret.
const SECRET_VARIABLES: [&str; 2] = [CLIENT_SECRET_VARIABLE, ACCESS_TOKEN_VARIABLE];

/// Keeps them from a program that is started from here: they are none of its business.
pub fn hide_secrets(command: &mut Command) {
    for name in SECRET_VARIABLES {
        command.env_remove(name);
    }
}

/// The client id of the environment, which wins over that of a profile.
pub fn client_id() -> Option<String> {
    let id = std::env::var(CLIENT_ID_VARIABLE).ok();
    id.filter(|id| !id.is_empty())
}

/// Reads the variable.
pub(super) fn client_secret() -> Option<Secret> {
    meant(std::env::var_os(CLIENT_SECRET_VARIABLE))
}

/// An empty value, or one that is no text, is none: shells set variables to nothing where unsetting was meant.
fn meant(value: Option<OsString>) -> Option<Secret> {
    let text = value.and_then(|value| value.into_string().ok());
    text.map(Secret::new).filter(|secret| !secret.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_left_to_a_program_that_is_started_from_here() {
        let mut command = Command::new("true");
        hide_secrets(&mut command);
        let hidden: Vec<_> = command.get_envs().collect();
        assert_eq!(hidden.len(), SECRET_VARIABLES.len());
        for name in SECRET_VARIABLES {
            assert!(hidden.contains(&(name.as_ref(), None)), "{name}");
        }
    }

    #[test]
    fn an_empty_variable_is_none() {
        for value in [None, Some("".into())] {
            assert_eq!(meant(value), None);
        }
        assert_eq!(meant(Some("x".into())), Some(Secret::new("x")));
    }
}
