//! The keyring of the desktop: Secret Service, Keychain, Credential Manager. It may be locked, slow or absent; nobody
//! waits for it for longer than a moment.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};

use crate::adapters::credentials::store::{Store, Unread};
use crate::domain::{Problem, Secret, SecretStore};

/// A locked keyring asks the person for a password; whoever has not typed it by now does not look at the screen.
const PATIENCE: Duration = Duration::from_secs(3);
/// What helps where it fails for a reason of its own.
const WITHOUT: &str = "to do without it, set credential_store = \"file\"";
/// What helps where it is locked.
const UNLOCK: &str = "unlock it, then press r in Credentials";
/// What the entries are filed under.
const SERVICE: &str = "astrascope";

/// The keyring of the desktop.
#[derive(Debug)]
pub(super) struct Keyring {
    /// Behind the name of a profile, to tell one home of the program from another.
    suffix: String,
    patience: Duration,
    /// Whoever asks has it, even if nobody waits for the answer any more.
    turn: Arc<Mutex<()>>,
}

impl Keyring {
    /// The entries that end in `suffix`, asked one after the other by `turn`. Nothing is asked yet.
    pub(super) fn new(suffix: String, turn: Arc<Mutex<()>>) -> Self {
        Self {
            suffix,
            patience: PATIENCE,
            turn,
        }
    }

    /// Does `work` with the entry of `profile`.
    fn with<T: Send + 'static>(
        &self,
        profile: &str,
        work: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Unread> {
        let account = format!("{profile}{}", self.suffix);
        self.ask(move || {
            system_store()
                .and_then(|store| Entry::new_in_store(&store, SERVICE, &account))
                .and_then(work)
        })
    }

    /// Does `work` on a thread of its own, which is left behind if it takes too long: the library cannot be interrupted. What
    /// comes after it waits for it, and what was given up before it began is not done: a late writing replaces no newer one.
    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Unread> {
        let turn = Arc::clone(&self.turn);
        let wanted = Arc::new(());
        let is_wanted = Arc::downgrade(&wanted);
        let (sender, receiver) = channel();
        let thread = thread::Builder::new().name("keyring".into());
        let started = thread.spawn(move || {
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            if is_wanted.upgrade().is_some() {
                let _ = sender.send(work()); // nobody listens any more after the time limit
            }
        });
        started.map_err(|error| {
            let problem = Problem::new("the keyring cannot be asked").because(error.to_string());
            Unread::Refused(problem.hint("press r in Credentials to ask it again"))
        })?;
        match receiver.recv_timeout(self.patience) {
            Ok(done) => done.map_err(|error| explain(&error)),
            Err(_elapsed) => Err(Unread::Refused(
                Problem::new("the keyring does not answer")
                    .because(format!(
                        "it was asked for {} seconds",
                        self.patience.as_secs()
                    ))
                    .hint(UNLOCK),
            )),
        }
    }
}

impl Store for Keyring {
    fn kind(&self) -> SecretStore {
        SecretStore::Keyring
    }

    fn read(&self, profile: &str) -> Result<Option<Secret>, Unread> {
        self.with(profile, |entry| match entry.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Error::NoEntry) => Ok(None), // the keyring is well, and knows of nothing
            Err(error) => Err(error),
        })
    }

    fn write(&self, profile: &str, text: &Secret) -> Result<(), Problem> {
        let text = text.clone();
        Ok(self.with(profile, move |entry| entry.set_password(text.reveal()))?)
    }

    fn remove(&self, profile: &str) -> Result<(), Problem> {
        Ok(self.with(profile, |entry| match entry.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            done => done,
        })?)
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
fn explain(error: &Error) -> Unread {
    let cause = |error: &dyn std::error::Error| {
        let text = error.to_string();
        text.trim_start_matches("DBus error: ").to_owned()
    };
    Unread::Refused(match error {
        Error::PlatformFailure(error) if is_absent(error.as_ref()) => {
            let problem = Problem::new("there is no keyring here").because(cause(error.as_ref()));
            return Unread::Absent(problem);
        }
        Error::NotSupportedByStore(why) => {
            return Unread::Absent(Problem::new("there is no keyring here").because(why));
        }
        Error::PlatformFailure(error) => Problem::new("the keyring does not do it")
            .because(cause(error.as_ref()))
            .hint(WITHOUT),
        Error::NoStorageAccess(error) => Problem::new("the keyring cannot be opened")
            .because(cause(error.as_ref()))
            .hint(UNLOCK),
        Error::TooLong(what, limit) => Problem::new("the keyring does not take it")
            .because(format!("its {what} is limited to {limit} bytes")),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            Problem::new("what the keyring has kept is no text")
                .hint("run astrascope logout --all, then sign in again")
        }
        Error::Ambiguous(_) => Problem::new("the keyring has kept the profile twice")
            .hint("run astrascope logout --all, then sign in again"),
        _ => Problem::new("the keyring does not do it")
            .because(error.to_string())
            .hint(WITHOUT),
    })
}

/// Whether no keyring can have kept anything: there is no bus, or nobody on it who keeps secrets. Whatever else has failed, a
/// keyring may be behind it.
#[cfg(target_os = "linux")]
fn is_absent(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    use dbus_secret_service::Error;
    match error.downcast_ref::<Error>() {
        Some(Error::Unavailable) => true,
        Some(Error::Dbus(error)) => error.name().is_some_and(names_nobody),
        _ => false,
    }
}

#[cfg(not(target_os = "linux"))]
fn is_absent(_: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    false
}

/// Whether that is what D-Bus calls it when nobody is there to be asked.
#[cfg(target_os = "linux")]
fn names_nobody(name: &str) -> bool {
    let name = name.strip_prefix("org.freedesktop.DBus.Error.");
    matches!(
        name,
        Some(
            "ServiceUnknown" // nobody on the bus keeps secrets, and nobody can be started who does
                | "NameHasNoOwner"
                | "FileNotFound" // the bus has no socket
                | "NoServer" // nobody listens on it
                | "NotSupported" // there is no bus, and none can be started
                | "Spawn.ExecFailed"
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_late_waits_for_what_was_given_up_and_what_was_given_up_before_it_began_is_not_done()
     {
        let keyring = Keyring {
            patience: Duration::from_millis(20),
            ..Keyring::new(String::new(), Arc::default())
        };
        let done = Arc::new(Mutex::new(Vec::new()));
        let note = |what: &'static str| {
            let done = Arc::clone(&done);
            move || {
                done.lock().unwrap().push(what);
                Ok(())
            }
        };
        let (unlock, locked) = channel::<()>();
        let first = note("first");
        let late = keyring.ask(move || {
            let _ = locked.recv(); // the person types the password of the keyring
            first()
        });
        assert!(late.is_err());
        assert!(
            keyring.ask(note("second")).is_err(),
            "the first has the turn"
        );
        let patient = Keyring {
            patience: Duration::from_secs(20),
            ..Keyring::new(String::new(), Arc::clone(&keyring.turn))
        };
        unlock.send(()).unwrap();
        assert_eq!(patient.ask(note("third")), Ok(()));
        assert_eq!(*done.lock().unwrap(), ["first", "third"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_where_nobody_can_be_asked_there_is_no_keyring() {
        for (name, is_there) in [
            ("org.freedesktop.DBus.Error.ServiceUnknown", false),
            ("org.freedesktop.DBus.Error.NotSupported", false),
            ("org.freedesktop.DBus.Error.NoReply", true),
            ("org.freedesktop.DBus.Error.AccessDenied", true),
            ("org.freedesktop.Secret.Error.NoSession", true),
        ] {
            assert_eq!(names_nobody(name), !is_there, "{name}");
        }
        let refused = explain(&Error::PlatformFailure("out of memory".into()));
        assert!(
            matches!(&refused, Unread::Refused(problem) if problem.hint.is_some()),
            "{refused:?}"
        );
        let unsupported = explain(&Error::NotSupportedByStore("this system has none".into()));
        assert!(matches!(unsupported, Unread::Absent(_)));
    }
}
