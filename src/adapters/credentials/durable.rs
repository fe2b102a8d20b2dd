//! The stores that outlive the session, in the order in which they are asked, and the lock that keeps two instances of the
//! program from writing at the same time. Everything here may wait for a disk or a keyring: never on the thread that draws.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::adapters::credentials::Standing;
use crate::adapters::credentials::bundle::Bundle;
use crate::adapters::credentials::file::File;
use crate::adapters::credentials::keyring::Keyring;
use crate::adapters::credentials::store::{Store, Unread};
use crate::adapters::files::lock::Lock;
use crate::domain::{Problem, SecretStore, StoreChoice, Timestamp};

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
    /// Whoever asks the keyring has it: what was given up there must not come after what was asked for later.
    turn: Arc<Mutex<()>>,
    /// `None` until they were asked for the first time.
    pub(super) chain: Mutex<Option<Chain>>,
}

/// Stores that answer, the preferred one first.
pub(super) struct Chain {
    pub(super) stores: Vec<Box<dyn Store>>,
    /// Why one is not among them.
    pub(super) unread: Option<Unread>,
}

impl Durable {
    pub(super) fn new(choice: StoreChoice, places: Places) -> Self {
        Self {
            choice,
            places,
            turn: Arc::default(),
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
    /// as it is: the change knows nothing of what else is in it. The change happens at `now`, or after all that was kept
    /// before: a clock that was set back makes nothing older.
    pub(super) fn change(
        &self,
        profile: &str,
        now: Timestamp,
        change: impl FnOnce(&mut Bundle, Timestamp),
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
            let is_alone = newest.is_alone;
            let mut bundle = newest.bundle.unwrap_or_default();
            let at = now.max(Timestamp(bundle.latest().0.saturating_add(1)));
            change(&mut bundle, at);
            if is_alone && chain.unread.is_none() {
                bundle.bury();
            }
            write(chain, profile, &bundle)
        })
    }

    /// Whether anything is kept of `profile`, whatever it is for.
    ///
    /// # Errors
    /// When a store cannot be asked.
    pub(super) fn keeps(&self, profile: &str) -> Result<bool, Problem> {
        self.reopen();
        let found = self.with(profile, |chain| newest(chain, profile).whole(chain))?;
        Ok(found.is_some_and(|bundle| !bundle.is_empty()))
    }

    /// Keeps for the profile `new`, of which nothing is kept, what is kept of `old`, too.
    ///
    /// # Errors
    /// When not all of it can be read, or it cannot be written.
    pub(super) fn copy(&self, old: &str, new: &str) -> Result<(), Problem> {
        let found = {
            let _lock = self.lock("credentials.lock");
            self.with(old, |chain| newest(chain, old).whole(chain))?
        };
        let Some(bundle) = found.filter(|bundle| !bundle.is_empty()) else {
            return Ok(());
        };
        let standing = self.change(new, Timestamp::default(), |own, _| *own = bundle);
        match (standing.store, standing.problem) {
            (SecretStore::Memory, Some(problem)) => Err(problem),
            _ => Ok(()),
        }
    }

    /// Forgets what is kept of `profile`, whether it can be read or not, and looks whether anything is left.
    ///
    /// # Errors
    /// When a store does not forget, or cannot be asked whether it did.
    pub(super) fn forget(&self, profile: &str) -> Result<(), Problem> {
        self.reopen(); // a store that was left out may answer by now
        let standing = {
            let _lock = self.lock("credentials.lock");
            self.with(profile, |chain| write(chain, profile, &Bundle::default()))
        };
        let left = self.with(profile, |chain| newest(chain, profile).whole(chain))?;
        match left {
            None => Ok(()),
            Some(_) => Err(standing.problem.unwrap_or_else(|| {
                Problem::new("something of the profile is still kept")
                    .because("another instance of the program has written it meanwhile")
                    .hint("end that one, then try again")
            })),
        }
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
        let turn = Arc::clone(&self.turn);
        let keyring = wants_keyring.then(|| Keyring::new(self.places.suffix.clone(), turn));
        let file = wants_file.then(|| File::new(self.places.folder.join(FILE)));
        let candidates = [
            keyring.map(|store| Box::new(store) as Box<dyn Store>),
            file.map(|store| Box::new(store) as Box<dyn Store>),
        ];
        let mut chain = Chain {
            stores: Vec::new(),
            unread: None,
        };
        for store in candidates.into_iter().flatten() {
            match store.read(profile) {
                Ok(_) => chain.stores.push(store),
                // Of two that refuse, the last resort is the one to mend.
                Err(unread @ Unread::Refused(_)) => chain.unread = Some(unread),
                Err(unread @ Unread::Absent(_)) => drop(chain.unread.get_or_insert(unread)),
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
            problem: self.unread.as_ref().map(Unread::problem).cloned(),
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
    /// The newest that could be read, of each part.
    pub(super) bundle: Option<Bundle>,
    /// Why a store could not be read: it may have a newer one.
    pub(super) unread: Option<Problem>,
    /// Whether no store but the first has anything.
    pub(super) is_alone: bool,
}

impl Newest {
    /// All of it.
    ///
    /// # Errors
    /// When a store may have more: one that could not be read, or that is there and did not answer.
    fn whole(self, chain: &Chain) -> Result<Option<Bundle>, Problem> {
        match (self.unread, &chain.unread) {
            (Some(problem), _) => Err(problem),
            (None, Some(Unread::Refused(problem))) => Err(problem.clone()),
            (None, Some(Unread::Absent(_)) | None) => Ok(self.bundle),
        }
    }
}

/// The newest of each part that any store has kept: one of them may not have been there when a later one was written.
pub(super) fn newest(chain: &Chain, profile: &str) -> Newest {
    let mut newest = Newest {
        is_alone: true,
        ..Newest::default()
    };
    for (place, store) in chain.stores.iter().enumerate() {
        let text = store.read(profile).map_err(Problem::from);
        match text.and_then(|text| text.as_ref().map(Bundle::parse).transpose()) {
            Ok(Some(bundle)) => {
                newest.is_alone &= place == 0;
                newest.bundle.get_or_insert_default().merge(bundle);
            }
            Ok(None) => {}
            Err(problem) => newest.unread = Some(problem),
        }
    }
    newest
}

/// Writes to the first store that takes it; the others must not keep an older one.
pub(super) fn write(chain: &Chain, profile: &str, bundle: &Bundle) -> Standing {
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
