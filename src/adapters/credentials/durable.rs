//! The stores that outlive the session, in the order in which they are asked, and the lock that keeps two instances of the
//! program from writing at the same time. Everything here may wait for a disk or a keyring: never on the thread that draws.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::adapters::credentials::bundle::Bundle;
use crate::adapters::credentials::file::File;
use crate::adapters::credentials::keyring::Keyring;
use crate::adapters::credentials::{Standing, Store};
use crate::adapters::files::lock::Lock;
use crate::domain::{Problem, SecretStore, StoreChoice};

/// Where durable stores are.
#[derive(Clone, Debug)]
pub struct Places {
    /// The folder of the file and of the locks.
    pub folder: PathBuf,
    /// Behind the names of the keyring's entries, where several homes share one keyring.
    pub suffix: String,
}

/// The file with the secrets, in its folder.
pub(super) const FILE: &str = "credentials.json";

/// The stores of the session.
pub(super) struct Durable {
    choice: StoreChoice,
    places: Places,
    /// `None` until they were asked for the first time.
    chain: Mutex<Option<Chain>>,
}

/// Stores that answer, the preferred one first.
struct Chain {
    stores: Vec<Box<dyn Store>>,
    /// Why the preferred one is not among them.
    problem: Option<Problem>,
}

impl Durable {
    pub(super) fn new(choice: StoreChoice, places: Places) -> Self {
        Self {
            choice,
            places,
            chain: Mutex::new(None),
        }
    }

    /// Asks the stores anew: a keyring may have been unlocked meanwhile.
    pub(super) fn reopen(&self) {
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What is kept of `profile`, and how the stores stand.
    pub(super) fn read(&self, profile: &str) -> (Newest, Standing) {
        self.with(profile, |chain| {
            let newest = newest(chain, profile);
            let mut standing = chain.standing();
            standing.problem = newest.unread.clone().or(standing.problem);
            (newest, standing)
        })
    }

    /// Changes what is kept of `profile`, unless another instance does so just now: then after it. What cannot be read stays
    /// as it is: the change knows nothing of what else is in it.
    pub(super) fn change(
        &self,
        profile: &str,
        change: impl FnOnce(&mut Bundle),
        stamp: impl FnOnce(&mut Bundle),
    ) -> Standing {
        let _lock = self.lock("credentials.lock");
        self.with(profile, |chain| {
            if chain.stores.is_empty() {
                return chain.standing();
            }
            let newest = newest(chain, profile);
            if let Some(problem) = newest.unread {
                return not_written(problem);
            }
            let mut bundle = newest.bundle.unwrap_or_default();
            change(&mut bundle);
            stamp(&mut bundle);
            write(chain, profile, &bundle)
        })
    }

    /// Forgets what is kept of `profile`, whether it can be read or not.
    pub(super) fn forget(&self, profile: &str) -> Standing {
        let _lock = self.lock("credentials.lock");
        self.with(profile, |chain| write(chain, profile, &Bundle::default()))
    }

    /// Waits until nobody else holds the lock called `name`.
    pub(super) fn lock(&self, name: &str) -> Lock {
        Lock::wait(&self.places.folder.join(name))
    }

    fn with<T>(&self, profile: &str, work: impl FnOnce(&mut Chain) -> T) -> T {
        let mut chain = self.chain.lock().unwrap_or_else(PoisonError::into_inner);
        work(chain.get_or_insert_with(|| self.probe(profile)))
    }

    /// Finds out which stores answer, by reading: that a keyring can be named proves nothing.
    fn probe(&self, profile: &str) -> Chain {
        let wants_keyring = matches!(self.choice, StoreChoice::Auto | StoreChoice::Keyring);
        let wants_file = matches!(self.choice, StoreChoice::Auto | StoreChoice::File);
        let keyring = wants_keyring.then(|| Keyring::new(self.places.suffix.clone()));
        let file = wants_file.then(|| File::new(self.places.folder.join(FILE)));
        let candidates = [
            keyring.map(|store| Box::new(store) as Box<dyn Store>),
            file.map(|store| Box::new(store) as Box<dyn Store>),
        ];
        let mut chain = Chain {
            stores: Vec::new(),
            problem: None,
        };
        for store in candidates.into_iter().flatten() {
            match store.read(profile) {
                Ok(_) => chain.stores.push(store),
                Err(problem) => chain.problem = Some(problem), // of two, the last resort's is the one to mend
            }
        }
        chain
    }
}

impl Chain {
    fn standing(&self) -> Standing {
        Standing {
            store: self
                .stores
                .first()
                .map_or(SecretStore::Memory, |store| store.kind()),
            problem: self.problem.clone(),
        }
    }
}

/// How it stands where something could not be read, and nothing was written therefore.
fn not_written(problem: Problem) -> Standing {
    let problem = match problem.hint {
        Some(_) => problem,
        None => problem.hint("try again; what is kept has not been touched"),
    };
    Standing {
        store: SecretStore::Memory,
        problem: Some(problem),
    }
}

/// What the stores have kept of a profile.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Newest {
    /// The newest that could be read.
    pub(super) bundle: Option<Bundle>,
    /// Why a store could not be read: it may have a newer one.
    pub(super) unread: Option<Problem>,
}

/// The newest that any store has kept: one of them may not have been there when a later one was written.
fn newest(chain: &Chain, profile: &str) -> Newest {
    let mut newest = Newest::default();
    for store in &chain.stores {
        let text = store.read(profile);
        match text.and_then(|text| text.as_ref().map(Bundle::parse).transpose()) {
            Ok(Some(bundle))
                if newest
                    .bundle
                    .as_ref()
                    .is_none_or(|best| best.kept_at < bundle.kept_at) =>
            {
                newest.bundle = Some(bundle);
            }
            Ok(_) => {}
            Err(problem) => newest.unread = Some(problem),
        }
    }
    newest
}

/// Writes to the first store that takes it; the others must not keep an older one.
fn write(chain: &Chain, profile: &str, bundle: &Bundle) -> Standing {
    let mut standing = chain.standing();
    let text = match bundle.to_text() {
        Ok(text) => text,
        Err(problem) => {
            standing.problem = Some(problem);
            return standing;
        }
    };
    let mut keeper = None;
    for store in &chain.stores {
        let done = match keeper.is_some() || bundle.is_empty() {
            true => store.remove(profile),
            false => store
                .write(profile, &text)
                .map(|()| keeper = Some(store.kind())),
        };
        if let Err(problem) = done {
            standing.problem = Some(problem);
        }
    }
    if !bundle.is_empty() {
        standing.store = keeper.unwrap_or(SecretStore::Memory);
    }
    standing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Secret, Timestamp};

    /// A store that fails as it is told.
    struct Faulty {
        kind: SecretStore,
        kept: Mutex<Option<Secret>>,
        is_broken: bool,
    }

    impl Store for Faulty {
        fn kind(&self) -> SecretStore {
            self.kind
        }
        fn read(&self, _profile: &str) -> Result<Option<Secret>, Problem> {
            Ok(self.kept.lock().unwrap().clone())
        }
        fn write(&self, _profile: &str, text: &Secret) -> Result<(), Problem> {
            if self.is_broken {
                return Err(Problem::new("it is locked"));
            }
            *self.kept.lock().unwrap() = Some(text.clone());
            Ok(())
        }
        fn remove(&self, _profile: &str) -> Result<(), Problem> {
            *self.kept.lock().unwrap() = None;
            Ok(())
        }
    }

    fn bundle(kept_at: i64, secret: &str) -> Bundle {
        Bundle {
            kept_at: Timestamp(kept_at),
            client_secret: Secret::new(secret),
            ..Bundle::default()
        }
    }

    fn store(kind: SecretStore, kept: Option<Bundle>, is_broken: bool) -> Box<dyn Store> {
        let kept = kept.map(|bundle| bundle.to_text().unwrap());
        Box::new(Faulty {
            kind,
            kept: Mutex::new(kept),
            is_broken,
        })
    }

    fn chain(keyring_is_broken: bool, keyring: Option<Bundle>, file: Option<Bundle>) -> Chain {
        Chain {
            stores: vec![
                store(SecretStore::Keyring, keyring, keyring_is_broken),
                store(SecretStore::File, file, false),
            ],
            problem: None,
        }
    }

    #[test]
    fn what_was_kept_last_counts_wherever_it_is() {
        let chain = chain(false, Some(bundle(1, "old")), Some(bundle(2, "new")));
        let found = newest(&chain, "a").bundle.unwrap();
        assert_eq!(found.client_secret, Secret::new("new"));
    }

    #[test]
    fn the_first_store_that_takes_it_keeps_it_alone() {
        let chain = chain(false, None, Some(bundle(1, "old")));
        let standing = write(&chain, "a", &bundle(2, "new"));
        assert_eq!(
            (standing.store, standing.problem),
            (SecretStore::Keyring, None)
        );
        assert_eq!(chain.stores[1].read("a"), Ok(None));
    }

    #[test]
    fn a_store_that_refuses_is_told_and_the_next_one_taken() {
        let chain = chain(true, None, None);
        let standing = write(&chain, "a", &bundle(2, "new"));
        assert_eq!(standing.store, SecretStore::File);
        assert_eq!(standing.problem, Some(Problem::new("it is locked")));
    }

    #[test]
    fn an_empty_bundle_leaves_nothing_anywhere() {
        let chain = chain(false, Some(bundle(1, "a")), Some(bundle(2, "b")));
        write(&chain, "a", &Bundle::default());
        assert_eq!(newest(&chain, "a").bundle, None);
    }
}
