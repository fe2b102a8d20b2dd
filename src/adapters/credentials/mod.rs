//! Keeps the client secret and the tokens, so that nobody else has to. Knows no user by name and no endpoint.
//!
//! What the session uses is held in memory and never waited for. Beside it there may be durable stores (`durable`): the
//! keyring, a file, in this order; a store is a file beside this one and its line in `Durable::probe`. What was typed in
//! the session wins over the environment, and that over what a store has kept.

mod binding;
mod bundle;
mod durable;
mod environment;
mod file;
mod held;
mod keyring;
mod store;
mod written;

#[cfg(test)]
mod durable_tests;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::adapters::credentials::bundle::{Bundle, Keys, Part};
use crate::adapters::credentials::durable::{Durable, Newest};
use crate::adapters::credentials::held::{Held, Owner};
use crate::adapters::files::lock::Lock;
use crate::domain::{
    Found, Grant, Kept, Problem, Profile, Secret, SecretStore, StoreChoice, Timestamp, UserKey,
};

/// The profiles of which the file in `folder` keeps something; none where it cannot be read.
pub fn names_in_file(folder: &Path) -> Vec<String> {
    file::File::new(folder.join(durable::FILE)).names()
}

pub use bundle::Tokens;
pub use durable::Places;
pub use environment::{
    ACCESS_TOKEN_VARIABLE, CLIENT_ID_VARIABLE, CLIENT_SECRET_VARIABLE, client_id, hide_secrets,
};
pub use store::Standing;

/// The secrets of one profile. Clones, and those of other profiles made by [`Credentials::of`], share the stores.
#[derive(Clone)]
pub struct Credentials {
    owner: Owner,
    shared: Arc<Shared>,
}

struct Shared {
    /// The client secret of the environment, and the profile that it is for: no other host is told it.
    environment: Option<(Owner, Secret)>,
    /// The client id of the environment.
    borrowed: Option<String>,
    held: Mutex<HashMap<Owner, Held>>,
    durable: Option<Durable>,
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
        let environment = secret.map(|secret| (Owner::of(profile), secret));
        Self::over(environment, durable).of(profile)
    }

    fn over(environment: Option<(Owner, Secret)>, durable: Option<Durable>) -> Self {
        Self {
            owner: Owner::default(),
            shared: Arc::new(Shared {
                environment,
                borrowed: client_id(),
                held: Mutex::default(),
                durable,
            }),
        }
    }

    /// The secrets of another profile. Those of the built-in sandbox have no name: they end with its world.
    #[must_use]
    pub fn of(&self, profile: &Profile) -> Self {
        Self {
            owner: Owner::of(profile),
            shared: Arc::clone(&self.shared),
        }
    }

    /// The client secret of the environment, if it is for this profile.
    fn environment(&self) -> Option<&Secret> {
        let (owner, secret) = self.shared.environment.as_ref()?;
        let is_its =
            owner.profile == self.owner.profile && owner.binding.has_hosts_of(&self.owner.binding);
        is_its.then_some(secret)
    }

    /// Reads everything that is kept of the profile as it is set up, and tells what there is. What an earlier version has kept
    /// without noting what it is for is for this from now on, unless its client id is borrowed. Waits for disk and keyring.
    pub fn load(&self) -> Kept {
        self.keep_refused();
        self.claim(!self.is_borrowed())
    }

    /// The same for those who only look: for the stores nothing is for this what was not before.
    pub fn peek(&self) -> Kept {
        self.claim(false)
    }

    fn claim(&self, is_for_good: bool) -> Kept {
        let binding = &self.owner.binding;
        let (mut newest, standing) = self.read();
        if let (Some(bundle), Some(durable)) = (&mut newest.bundle, self.durable()) {
            let is_bound = is_for_good && bundle.is_claimed_by(binding);
            bundle.claim(binding);
            if is_bound || !newest.is_alone {
                // Where it cannot be written, it is done again at the next start.
                durable.change(&self.owner.profile, now(), |own, _| {
                    if is_bound {
                        own.claim(binding);
                    }
                });
            }
        }
        self.found(newest, standing)
    }

    /// Whether the client id is that of the environment, which may be there for one run only.
    fn is_borrowed(&self) -> bool {
        let borrowed = self.shared.borrowed.as_deref();
        borrowed.is_some_and(|id| self.owner.binding.is_of(id))
    }

    /// The same of a profile that is only tried out: what is for nothing in particular is not for it.
    pub fn look(&self) -> Kept {
        let (newest, standing) = self.read();
        self.found(newest, standing)
    }

    /// Gives the stores what they have refused before: they may have been mended.
    fn keep_refused(&self) {
        let held = self.lock().get(&self.owner).cloned().unwrap_or_default();
        let unkept = held.unkept;
        let Some(durable) = self.durable().filter(|_| !unkept.is_blank()) else {
            return;
        };
        durable.reopen();
        let change = |bundle: &mut Bundle, _| {
            bundle.claim(&self.owner.binding);
            bundle.keys_mut(&self.owner.binding).merge(unkept.clone());
        };
        let standing = durable.change(&self.owner.profile, now(), change);
        if standing.store != SecretStore::Memory {
            let mut held = self.lock();
            let held = held.entry(self.owner.clone()).or_default();
            held.unkept.leave_out(&unkept);
        }
    }

    fn read(&self) -> (Newest, Standing) {
        let Some(durable) = self.durable() else {
            return Default::default();
        };
        durable.reopen();
        durable.read(&self.owner.profile)
    }

    fn found(&self, newest: Newest, standing: Standing) -> Kept {
        let binding = &self.owner.binding;
        let mut held = self.lock();
        let held = held.entry(self.owner.clone()).or_default();
        let mut left_out = None;
        if let Some(bundle) = newest.bundle {
            held.take(bundle.keys(binding));
            let other = bundle.other(binding).filter(|_| held.keys.is_empty());
            left_out = other.map(|other| {
                let differs = match other.has_hosts_of(binding) {
                    true => "client id",
                    false => "host",
                };
                Problem::new(format!("what is kept is for another {differs}"))
                    .because(format!("for {}", other.words(binding)))
                    .hint("change the profile back to use it, or sign in anew")
            });
        }
        let grant = |(user, (_, grant)): (UserKey, &(Tokens, Grant))| (user, grant.clone());
        Kept {
            store: standing.store,
            problem: newest.unread.or(left_out).or(standing.problem),
            client_secret: match (&held.typed, self.environment()) {
                (Some(_), _) => Some(Found::Store(SecretStore::Memory)),
                (None, Some(_)) => Some(Found::Environment),
                (None, None) if held.keys.client_secret.value.is_none() => None,
                (None, None) => Some(Found::Store(standing.store)),
            },
            grants: held.keys.users().map(grant).collect(),
        }
    }

    /// The application's secret; empty while it is not known.
    pub fn client_secret(&self) -> Secret {
        let held = self.lock();
        let held = held.get(&self.owner);
        let typed = held.and_then(|held| held.typed.clone());
        typed
            .or_else(|| self.environment().cloned())
            .or_else(|| held?.keys.client_secret.value.clone())
            .unwrap_or_default()
    }

    /// Uses `secret` as the application's, for this session only.
    pub fn hold_client_secret(&self, secret: Secret) {
        self.lock().entry(self.owner.clone()).or_default().typed = Some(secret);
    }

    /// Uses and keeps the application's secret. Waits for disk and keyring.
    pub fn set_client_secret(&self, secret: Secret) -> Standing {
        self.hold_client_secret(secret.clone());
        self.change(|keys, at| keys.client_secret = Part::new(Some(secret.clone()), at))
    }

    /// The tokens of `user`.
    pub fn tokens(&self, user: UserKey) -> Option<Tokens> {
        let held = self.lock();
        let (tokens, _) = held.get(&self.owner)?.keys.user(user)?;
        Some(tokens.clone())
    }

    /// What the tokens of `user` allow.
    pub fn grant(&self, user: UserKey) -> Option<Grant> {
        let held = self.lock();
        let (_, grant) = held.get(&self.owner)?.keys.user(user)?;
        Some(grant.clone())
    }

    /// Uses and keeps the tokens of `user` in the place of the old ones. Waits for disk and keyring.
    pub fn set_tokens(&self, user: UserKey, tokens: Tokens, grant: Grant) -> Standing {
        self.change(|keys, at| keys.set(user, Some((tokens.clone(), grant.clone())), at))
    }

    /// Uses and keeps the tokens that a renewal has brought, unless `user` was signed out meanwhile, here or by another
    /// instance: then nothing comes back. Waits for disk and keyring.
    pub fn renew_tokens(&self, user: UserKey, tokens: Tokens, grant: Grant) -> Standing {
        self.change(|keys, at| {
            if keys.user(user).is_some() {
                keys.set(user, Some((tokens.clone(), grant.clone())), at);
            }
        })
    }

    /// Forgets the tokens of `user`. Waits for disk and keyring.
    pub fn forget(&self, user: UserKey) -> Standing {
        self.change(|keys, at| keys.set(user, None, at))
    }

    /// Forgets everything of the profile, whatever it is for, and looks whether anything is left. Waits for disk and keyring.
    ///
    /// # Errors
    /// When a store does not forget, or cannot be asked whether it did.
    pub fn forget_all(&self) -> Result<(), Problem> {
        let profile = &self.owner.profile;
        self.lock().retain(|owner, _| owner.profile != *profile);
        let durable = self.durable();
        durable.map_or(Ok(()), |durable| durable.forget(profile))
    }

    /// Whether anything is kept under the name of the profile, whatever it is for. Waits for disk and keyring.
    ///
    /// # Errors
    /// When a store cannot be asked.
    pub fn keeps_anything(&self) -> Result<bool, Problem> {
        let durable = self.durable();
        durable.map_or(Ok(false), |durable| durable.keeps(&self.owner.profile))
    }

    /// Keeps under this name, under which nothing is kept, everything of `old`, too, which is the same profile under another one.
    /// Waits for disk and keyring.
    ///
    /// # Errors
    /// When the old cannot be read or the new not be written, where all stays as it was.
    pub fn copy(&self, old: &Self) -> Result<(), Problem> {
        old.load(); // what is bound to nothing yet is bound to what the old one was
        if let Some(durable) = self.durable() {
            durable.copy(&old.owner.profile, &self.owner.profile)?;
        }
        let mut held = self.lock();
        let of_old = held
            .iter()
            .filter(|(owner, _)| owner.profile == old.owner.profile);
        let of_old = of_old.map(|(owner, held)| (Arc::clone(&owner.binding), held.clone()));
        for (binding, copy) in of_old.collect::<Vec<_>>() {
            let profile = Arc::clone(&self.owner.profile);
            held.insert(Owner { profile, binding }, copy);
        }
        Ok(())
    }

    /// Waits until no other instance renews tokens of the profile. Whoever has waited asks for [`Self::newer_tokens`] first.
    pub fn lock_renewal(&self) -> Option<Lock> {
        let name = format!("renewal-{}.lock", self.owner.profile);
        Some(self.durable()?.lock(&name))
    }

    /// What another instance has renewed since `user`'s tokens were read here; a refresh token buys once.
    pub fn newer_tokens(&self, user: UserKey) -> Option<Grant> {
        let (newest, _) = self.durable()?.read(&self.owner.profile);
        let part = newest
            .bundle?
            .keys(&self.owner.binding)
            .users
            .remove(&user)?;
        let (tokens, grant) = part.value?;
        let mut held = self.lock();
        let held = held.entry(self.owner.clone()).or_default();
        let is_newer = match held.keys.user(user) {
            Some((ours, old)) => {
                ours.refresh != tokens.refresh && old.obtained_at <= grant.obtained_at
            }
            None => true,
        };
        is_newer.then(|| {
            held.keys
                .set(user, Some((tokens, grant.clone())), part.kept_at);
            grant
        })
    }

    /// Changes what the session uses, and then what the stores keep.
    fn change(&self, change: impl Fn(&mut Keys, Timestamp)) -> Standing {
        let at = {
            let mut held = self.lock();
            let held = held.entry(self.owner.clone()).or_default();
            let at = held.keys.next(now());
            change(&mut held.keys, at);
            at
        };
        let binding = &self.owner.binding;
        let change = |bundle: &mut Bundle, at| {
            bundle.claim(binding);
            change(bundle.keys_mut(binding), at);
        };
        let Some(durable) = self.durable() else {
            return Standing::default();
        };
        let standing = durable.change(&self.owner.profile, at, change);
        let is_kept = standing.store != SecretStore::Memory;
        let mut held = self.lock();
        let held = held.entry(self.owner.clone()).or_default();
        held.note(at, is_kept);
        standing
    }

    /// The stores; none for the built-in sandbox, whose world ends with the session.
    fn durable(&self) -> Option<&Durable> {
        self.shared
            .durable
            .as_ref()
            .filter(|_| !self.owner.profile.is_empty())
    }

    /// A panic elsewhere leaves nothing half-written, so what was held is still good.
    fn lock(&self) -> MutexGuard<'_, HashMap<Owner, Held>> {
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
