//! Keeps the client secret and the tokens, so that nobody else has to. Knows no user by name and no endpoint.
//!
//! What the session uses is held in memory and never waited for. Beside it there may be durable stores (`durable`): the
//! keyring, a file, in this order; a store is a file beside this one and its line in `Durable::probe`. What was typed in
//! the session wins over the environment, and that over what a store has kept.

mod bundle;
mod durable;
mod environment;
mod file;
mod keyring;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::adapters::credentials::bundle::Bundle;
use crate::adapters::credentials::durable::Durable;
use crate::adapters::files::lock::Lock;
use crate::domain::{
    Environment, Found, Grant, Kept, Problem, Profile, Secret, SecretStore, StoreChoice, Timestamp,
    UserKey,
};

/// The profiles of which the file in `folder` keeps something; none where it cannot be read.
pub fn names_in_file(folder: &Path) -> Vec<String> {
    file::File::new(folder.join(durable::FILE)).names()
}

pub use durable::Places;
pub use environment::{ACCESS_TOKEN_VARIABLE, CLIENT_SECRET_VARIABLE, hide_secrets};

/// The tokens of one test user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The access token: goes with every call on behalf of the user.
    pub access: Secret,
    /// The refresh token: buys the next pair, once. Empty if there is none.
    pub refresh: Secret,
}

/// A place that outlives the session and keeps one text for each profile.
trait Store: Send {
    /// Which one it is.
    fn kind(&self) -> SecretStore;
    /// What is kept there.
    fn read(&self, profile: &str) -> Result<Option<Secret>, Problem>;
    /// Keeps it in the place of what was kept.
    fn write(&self, profile: &str, text: &Secret) -> Result<(), Problem>;
    /// Forgets it.
    fn remove(&self, profile: &str) -> Result<(), Problem>;
}

/// Where something was kept, and why not where it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Where.
    pub store: SecretStore,
    /// Why it is not kept in a better place.
    pub problem: Option<Problem>,
}

/// The secrets of one profile. Clones, and those of other profiles made by [`Credentials::of`], share the stores.
#[derive(Clone)]
pub struct Credentials {
    profile: Arc<str>,
    shared: Arc<Shared>,
}

struct Shared {
    /// The client secret of the environment, and the profile that it is for: no other host is told it.
    environment: Option<(Arc<str>, Secret)>,
    held: Mutex<HashMap<Arc<str>, Held>>,
    durable: Option<Durable>,
}

/// What the session uses.
#[derive(Default)]
struct Held {
    /// Typed in this session, or made up by the built-in sandbox.
    typed: Option<Secret>,
    bundle: Bundle,
}

/// Under what the secrets of `profile` are held.
fn name_of(profile: &Profile) -> Arc<str> {
    Arc::from(match profile.environment {
        Environment::BuiltIn => "",
        _ => profile.name.as_str(),
    })
}

impl Credentials {
    /// Nothing but what is set from now on, and in memory only: for the built-in sandbox and for tests.
    pub fn new() -> Self {
        Self::over(None, None)
    }

    /// With the client secret of the environment, which is that of `profile` and of no other one, and the stores of `choice`,
    /// which are not asked for anything yet.
    pub fn open(profile: &Profile, choice: StoreChoice, places: Places) -> Self {
        let durable = (choice != StoreChoice::Memory).then(|| Durable::new(choice, places));
        let secret = environment::client_secret();
        let environment = secret.map(|secret| (name_of(profile), secret));
        Self::over(environment, durable).of(profile)
    }

    fn over(environment: Option<(Arc<str>, Secret)>, durable: Option<Durable>) -> Self {
        Self {
            profile: Arc::from(""),
            shared: Arc::new(Shared {
                environment,
                held: Mutex::default(),
                durable,
            }),
        }
    }

    /// The secrets of another profile. Those of the built-in sandbox have no name: they end with its world.
    #[must_use]
    pub fn of(&self, profile: &Profile) -> Self {
        Self {
            profile: name_of(profile),
            shared: Arc::clone(&self.shared),
        }
    }

    /// The client secret of the environment, if it is for this profile.
    fn environment(&self) -> Option<&Secret> {
        let (profile, secret) = self.shared.environment.as_ref()?;
        (*profile == self.profile).then_some(secret)
    }

    /// Reads everything that is kept of the profile, and tells what there is. Waits for disk and keyring.
    pub fn load(&self) -> Kept {
        let (newest, standing) = match self.durable() {
            Some(durable) => {
                durable.reopen();
                durable.read(&self.profile)
            }
            None => Default::default(),
        };
        let mut held = self.lock();
        let held = held.entry(Arc::clone(&self.profile)).or_default();
        if let Some(bundle) = newest.bundle {
            held.bundle = bundle;
        }
        let grant = |(user, (_, grant)): (&UserKey, &(Tokens, Grant))| (*user, grant.clone());
        Kept {
            store: standing.store,
            problem: standing.problem,
            client_secret: match (&held.typed, self.environment()) {
                (Some(_), _) => Some(Found::Store(SecretStore::Memory)),
                (None, Some(_)) => Some(Found::Environment),
                (None, None) if held.bundle.client_secret.is_empty() => None,
                (None, None) => Some(Found::Store(standing.store)),
            },
            grants: held.bundle.users.iter().map(grant).collect(),
        }
    }

    /// The application's secret; empty while it is not known.
    pub fn client_secret(&self) -> Secret {
        let held = self.lock();
        let held = held.get(&self.profile);
        let typed = held.and_then(|held| held.typed.clone());
        typed
            .or_else(|| self.environment().cloned())
            .or_else(|| held.map(|held| held.bundle.client_secret.clone()))
            .unwrap_or_default()
    }

    /// Uses `secret` as the application's, for this session only.
    pub fn hold_client_secret(&self, secret: Secret) {
        self.lock()
            .entry(Arc::clone(&self.profile))
            .or_default()
            .typed = Some(secret);
    }

    /// Uses and keeps the application's secret. Waits for disk and keyring.
    pub fn set_client_secret(&self, secret: Secret) -> Standing {
        self.hold_client_secret(secret.clone());
        self.change(|bundle| bundle.client_secret = secret.clone())
    }

    /// The tokens of `user`.
    pub fn tokens(&self, user: UserKey) -> Option<Tokens> {
        let held = self.lock();
        let (tokens, _) = held.get(&self.profile)?.bundle.users.get(&user)?;
        Some(tokens.clone())
    }

    /// What the tokens of `user` allow.
    pub fn grant(&self, user: UserKey) -> Option<Grant> {
        let held = self.lock();
        let (_, grant) = held.get(&self.profile)?.bundle.users.get(&user)?;
        Some(grant.clone())
    }

    /// Uses and keeps the tokens of `user` in the place of the old ones. Waits for disk and keyring.
    pub fn set_tokens(&self, user: UserKey, tokens: Tokens, grant: Grant) -> Standing {
        self.change(|bundle| drop(bundle.users.insert(user, (tokens.clone(), grant.clone()))))
    }

    /// Uses and keeps the tokens that a renewal has brought, unless `user` was signed out meanwhile, here or by another
    /// instance: then nothing comes back. Waits for disk and keyring.
    pub fn renew_tokens(&self, user: UserKey, tokens: Tokens, grant: Grant) -> Standing {
        self.change(|bundle| {
            if let Some(old) = bundle.users.get_mut(&user) {
                *old = (tokens.clone(), grant.clone());
            }
        })
    }

    /// Forgets the tokens of `user`. Waits for disk and keyring.
    pub fn forget(&self, user: UserKey) -> Standing {
        self.change(|bundle| drop(bundle.users.remove(&user)))
    }

    /// Forgets everything of the profile, and looks whether anything is left. Waits for disk and keyring.
    ///
    /// # Errors
    /// When a store does not forget, or cannot be asked whether it did.
    pub fn forget_all(&self) -> Result<(), Problem> {
        self.lock().remove(&self.profile);
        let Some(durable) = self.durable() else {
            return Ok(());
        };
        let standing = durable.forget(&self.profile);
        durable.reopen();
        let (left, _) = durable.read(&self.profile);
        if let Some(unread) = left.unread {
            return Err(unread);
        }
        match (standing.problem, left.bundle) {
            (problem, Some(_)) => Err(problem.unwrap_or_else(|| {
                Problem::new("something of the profile is still kept")
                    .because("another instance of the program has written it meanwhile")
                    .hint("end that one, then try again")
            })),
            (_, None) => Ok(()),
        }
    }

    /// Takes over everything of `old`, which is the same profile under another name. Waits for disk and keyring.
    ///
    /// # Errors
    /// When the old cannot be read or the new not be written, where all stays as it was; or when a store does not forget the
    /// old name.
    pub fn take_over(&self, old: &Self) -> Result<(), Problem> {
        let unread = old.durable().and_then(|durable| {
            durable.reopen();
            durable.read(&old.profile).0.unread
        });
        if let Some(unread) = unread {
            return Err(unread);
        }
        old.load();
        let bundle = old.lock().get(&old.profile).map(|held| held.bundle.clone());
        if let Some(bundle) = bundle.filter(|bundle| !bundle.is_empty()) {
            let standing = self.change(|own| own.clone_from(&bundle));
            if let (SecretStore::Memory, Some(problem)) = (standing.store, standing.problem) {
                return Err(problem);
            }
        }
        old.forget_all()
    }

    /// Waits until no other instance renews tokens of the profile. Whoever has waited asks for [`Self::newer_tokens`] first.
    pub fn lock_renewal(&self) -> Option<Lock> {
        let name = format!("renewal-{}.lock", self.profile);
        Some(self.durable()?.lock(&name))
    }

    /// What another instance has renewed since `user`'s tokens were read here; a refresh token buys once.
    pub fn newer_tokens(&self, user: UserKey) -> Option<Grant> {
        let (newest, _) = self.durable()?.read(&self.profile);
        let (tokens, grant) = newest.bundle?.users.remove(&user)?;
        let mut held = self.lock();
        let held = held.entry(Arc::clone(&self.profile)).or_default();
        let is_newer = match held.bundle.users.get(&user) {
            Some((ours, old)) => {
                ours.refresh != tokens.refresh && old.obtained_at <= grant.obtained_at
            }
            None => true,
        };
        is_newer.then(|| {
            held.bundle.users.insert(user, (tokens, grant.clone()));
            grant
        })
    }

    /// Changes what the session uses, and then what the stores keep.
    fn change(&self, change: impl Fn(&mut Bundle)) -> Standing {
        {
            let mut held = self.lock();
            let held = held.entry(Arc::clone(&self.profile)).or_default();
            change(&mut held.bundle);
        }
        match self.durable() {
            Some(durable) => durable.change(&self.profile, change, |bundle| bundle.kept_at = now()),
            None => Standing::default(),
        }
    }

    /// The stores; none for the built-in sandbox, whose world ends with the session.
    fn durable(&self) -> Option<&Durable> {
        self.shared
            .durable
            .as_ref()
            .filter(|_| !self.profile.is_empty())
    }

    /// A panic elsewhere leaves nothing half-written, so what was held is still good.
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Held>> {
        self.shared
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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

fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default(); // a clock before 1970 makes everything equally old
    Timestamp::default().after(since)
}
