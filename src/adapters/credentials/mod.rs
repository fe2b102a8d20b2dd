//! Keeps the client secret and the tokens, so that nobody else has to. Knows no profile, no user and no endpoint.
//!
//! A store is a file beside this one and its line in [`Credentials::from_environment`]. What is kept later wins over
//! what was found: a secret that was typed replaces the one of the environment for this session.

mod environment;
mod memory;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{Secret, UserKey};

pub use environment::CLIENT_SECRET_VARIABLE;
use environment::Environment;
use memory::Memory;

/// The tokens of one test user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The access token: goes with every call on behalf of the user.
    pub access: Secret,
    /// The refresh token: buys the next pair, once. Empty if there is none.
    pub refresh: Secret,
}

/// What a store can keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Entry {
    ClientSecret,
    AccessToken(UserKey),
    RefreshToken(UserKey),
}

/// A place where secrets are kept.
trait Store: Send {
    /// What is kept there.
    fn get(&self, entry: Entry) -> Option<Secret>;
    /// Keeps it; a store that cannot be written hands it back.
    fn keep(&mut self, entry: Entry, secret: Secret) -> Result<(), Secret>;
    /// Forgets it.
    fn forget(&mut self, entry: Entry);
}

/// All stores, the most recent knowledge first; clones share them.
#[derive(Clone)]
pub struct Credentials(Arc<Mutex<Vec<Box<dyn Store>>>>);

impl Credentials {
    /// Nothing but what is set from now on.
    pub fn new() -> Self {
        Self::over(vec![Box::<Memory>::default()])
    }

    /// With the client secret of `ASTRASCOPE_CLIENT_SECRET`, if that is set.
    pub fn from_environment() -> Self {
        Self::over(vec![
            Box::<Memory>::default(),
            Box::new(Environment::read()),
        ])
    }

    fn over(stores: Vec<Box<dyn Store>>) -> Self {
        Self(Arc::new(Mutex::new(stores)))
    }

    /// The application's secret; empty while it is not known.
    pub fn client_secret(&self) -> Secret {
        find(&self.lock(), Entry::ClientSecret).unwrap_or_default()
    }

    /// Keeps the application's secret.
    pub fn set_client_secret(&self, secret: Secret) {
        self.keep(Entry::ClientSecret, secret);
    }

    /// The tokens of `user`.
    pub fn tokens(&self, user: UserKey) -> Option<Tokens> {
        let stores = self.lock();
        Some(Tokens {
            access: find(&stores, Entry::AccessToken(user))?,
            refresh: find(&stores, Entry::RefreshToken(user)).unwrap_or_default(),
        })
    }

    /// Keeps the tokens of `user` in the place of the old ones.
    pub fn set_tokens(&self, user: UserKey, tokens: Tokens) {
        self.keep(Entry::AccessToken(user), tokens.access);
        self.keep(Entry::RefreshToken(user), tokens.refresh);
    }

    /// Forgets the tokens of `user`.
    pub fn forget(&self, user: UserKey) {
        for store in self.lock().iter_mut() {
            store.forget(Entry::AccessToken(user));
            store.forget(Entry::RefreshToken(user));
        }
    }

    /// Keeps `secret` in the first store that takes it.
    fn keep(&self, entry: Entry, mut secret: Secret) {
        for store in self.lock().iter_mut() {
            match store.keep(entry, secret) {
                Ok(()) => return,
                Err(handed_back) => secret = handed_back,
            }
        }
    }

    /// A panic elsewhere leaves no store half-written, so what it held is still good.
    fn lock(&self) -> MutexGuard<'_, Vec<Box<dyn Store>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Credentials {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials")
    }
}

fn find(stores: &[Box<dyn Store>], entry: Entry) -> Option<Secret> {
    stores.iter().find_map(|store| store.get(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: UserKey = UserKey(1);

    fn tokens(access: &str) -> Tokens {
        Tokens {
            access: Secret::new(access),
            refresh: Secret::new("r"),
        }
    }

    #[test]
    fn clones_share_what_is_kept() {
        let (one, other) = {
            let one = Credentials::new();
            (one.clone(), one)
        };
        one.set_tokens(ANNA, tokens("a"));
        assert_eq!(other.tokens(ANNA), Some(tokens("a")));
        assert_eq!(other.tokens(UserKey(2)), None);
        other.forget(ANNA);
        assert_eq!(one.tokens(ANNA), None);
    }

    #[test]
    fn new_tokens_replace_both_old_ones() {
        let credentials = Credentials::new();
        credentials.set_tokens(ANNA, tokens("a"));
        let new = Tokens {
            refresh: Secret::default(),
            ..tokens("b")
        };
        credentials.set_tokens(ANNA, new.clone());
        assert_eq!(credentials.tokens(ANNA), Some(new));
    }

    #[test]
    fn a_typed_secret_wins_over_the_one_of_the_environment() {
        let environment = Environment::holding(Some("from outside".into()));
        let credentials = Credentials::over(vec![Box::<Memory>::default(), Box::new(environment)]);
        assert_eq!(credentials.client_secret(), Secret::new("from outside"));
        credentials.set_client_secret(Secret::new("typed"));
        assert_eq!(credentials.client_secret(), Secret::new("typed"));
    }

    #[test]
    fn debug_tells_nothing() {
        let credentials = Credentials::new();
        credentials.set_client_secret(Secret::new("hunter2"));
        assert_eq!(format!("{credentials:?}"), "Credentials");
        assert!(!format!("{:?}", tokens("hunter2")).contains("hunter2"));
    }
}
