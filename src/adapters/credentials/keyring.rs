//! The keyring of the desktop: Secret Service, Keychain, Credential Manager. It may be locked, slow or absent; nobody
//! waits for it for longer than a moment.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};

use crate::adapters::credentials::Store;
use crate::domain::{Problem, Secret, SecretStore};

/// A locked keyring asks the person for a password; whoever has not typed it by now does not look at the screen.
const PATIENCE: Duration = Duration::from_secs(3);
/// What the entries are filed under.
const SERVICE: &str = "astrascope";

/// The keyring of the desktop.
#[derive(Debug)]
pub(super) struct Keyring {
    /// Behind the name of a profile, to tell one home of the program from another.
    suffix: String,
    patience: Duration,
}

impl Keyring {
    /// The entries that end in `suffix`. Nothing is asked yet.
    pub(super) fn new(suffix: String) -> Self {
        Self {
            suffix,
            patience: PATIENCE,
        }
    }

    /// Does `work` with the entry of `profile` on a thread of its own, which is left behind if it takes too long: the
    /// library cannot be interrupted.
    fn with<T: Send + 'static>(
        &self,
        profile: &str,
        work: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let account = format!("{profile}{}", self.suffix);
        let (sender, receiver) = channel();
        let thread = thread::Builder::new().name("keyring".into());
        let started = thread.spawn(move || {
            let done = system_store()
                .and_then(|store| Entry::new_in_store(&store, SERVICE, &account))
                .and_then(work);
            let _ = sender.send(done); // nobody listens any more after the time limit
        });
        started.map_err(|error| {
            Problem::new("the keyring cannot be asked").because(error.to_string())
        })?;
        match receiver.recv_timeout(self.patience) {
            Ok(done) => done.map_err(|error| explain(&error)),
            Err(_elapsed) => Err(Problem::new("the keyring does not answer")
                .because(format!(
                    "it was asked for {} seconds",
                    self.patience.as_secs()
                ))
                .hint("unlock it, then press r in Credentials")),
        }
    }
}

impl Store for Keyring {
    fn kind(&self) -> SecretStore {
        SecretStore::Keyring
    }

    fn read(&self, profile: &str) -> Result<Option<Secret>, Problem> {
        self.with(profile, |entry| match entry.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Error::NoEntry) => Ok(None), // the keyring is well, and knows of nothing
            Err(error) => Err(error),
        })
    }

    fn write(&self, profile: &str, text: &Secret) -> Result<(), Problem> {
        let text = text.clone();
        self.with(profile, move |entry| entry.set_password(text.reveal()))
    }

    fn remove(&self, profile: &str) -> Result<(), Problem> {
        self.with(profile, |entry| match entry.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            done => done,
        })
    }
}

#[cfg(target_os = "linux")]
fn system_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(dbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn system_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn system_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn system_store() -> Result<Arc<CredentialStore>, Error> {
    Err(Error::NotSupportedByStore("this system has none".into()))
}

/// Why the keyring did not do it. What was read or written is never repeated.
fn explain(error: &Error) -> Problem {
    let cause = |error: &dyn std::error::Error| {
        let text = error.to_string();
        text.trim_start_matches("DBus error: ").to_owned()
    };
    match error {
        Error::PlatformFailure(error) => {
            Problem::new("there is no keyring here").because(cause(error.as_ref()))
        }
        Error::NoStorageAccess(error) => Problem::new("the keyring cannot be opened")
            .because(cause(error.as_ref()))
            .hint("unlock it, then press r in Credentials"),
        Error::TooLong(what, limit) => Problem::new("the keyring does not take it")
            .because(format!("its {what} is limited to {limit} bytes")),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            Problem::new("what the keyring has kept is no text")
                .hint("run astrascope logout --all, then sign in again")
        }
        Error::Ambiguous(_) => Problem::new("the keyring has kept the profile twice")
            .hint("run astrascope logout --all, then sign in again"),
        _ => Problem::new("the keyring does not do it").because(error.to_string()),
    }
}
