//! Several stores: which of them counts, part by part, and what happens while one does not answer.

use std::sync::Mutex;

use crate::adapters::credentials::Tokens;
use crate::adapters::credentials::bundle::Bundle;
use crate::adapters::credentials::bundle::{Keys, Part};
use crate::adapters::credentials::durable::{Chain, Durable, Places, newest, write};
use crate::adapters::credentials::store::{Store, Unread};
use crate::domain::{Grant, Secret, UserKey};
use crate::domain::{Problem, SecretStore, StoreChoice, Timestamp};

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
    fn read(&self, _profile: &str) -> Result<Option<Secret>, Unread> {
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
        unbound: Keys {
            client_secret: Part::new(Some(Secret::new(secret)), Timestamp(kept_at)),
            ..Keys::default()
        },
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
        unread: None,
    }
}

#[test]
fn what_was_kept_last_counts_wherever_it_is() {
    let chain = chain(false, Some(bundle(1, "old")), Some(bundle(2, "new")));
    let found = newest(&chain, "a").bundle.unwrap();
    assert_eq!(found, bundle(2, "new"));
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

/// The stores of a start; those of the one before are in `stores`.
fn started(
    folder: &tempfile::TempDir,
    stores: Vec<Box<dyn Store>>,
    unread: Option<Unread>,
) -> Durable {
    let places = Places {
        folder: folder.path().to_owned(),
        suffix: String::new(),
    };
    let durable = Durable::new(StoreChoice::Auto, places);
    *durable.chain.lock().unwrap() = Some(Chain { stores, unread });
    durable
}

fn kept(durable: &Durable) -> Vec<Option<Bundle>> {
    let chain = durable.chain.lock().unwrap();
    let stores = chain.as_ref().unwrap().stores.iter();
    let parse = |text: Secret| Bundle::parse(&text).unwrap();
    stores
        .map(|store| store.read("a").unwrap().map(parse))
        .collect()
}

#[test]
fn what_was_kept_while_the_keyring_was_silent_loses_nothing_of_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let (anna, ben) = (UserKey(1), UserKey(2));
    let user = |text: &str| {
        let tokens = Tokens {
            access: Secret::new(text),
            refresh: Secret::default(),
        };
        let grant = Grant {
            obtained_at: Timestamp(0),
            expires_at: Timestamp(0),
            can_refresh: false,
            redirect_uri: String::new(),
        };
        Some((tokens, grant))
    };
    let mut in_keyring = bundle(10, "s");
    in_keyring.unbound.set(anna, user("a"), Timestamp(20));
    in_keyring.unbound.set(ben, user("b"), Timestamp(20));
    // The keyring does not answer: a file takes what happens.
    let silent = Unread::Refused(Problem::new("the keyring does not answer"));
    let file = vec![store(SecretStore::File, Some(bundle(5, "older")), false)];
    let without = started(&folder, file, Some(silent.clone()));
    without.change("a", Timestamp(30), |bundle, at| {
        bundle.unbound.set(anna, None, at);
    });
    let in_file = kept(&without).remove(0);
    // It answers again.
    let stores = vec![
        store(SecretStore::Keyring, Some(in_keyring), false),
        store(SecretStore::File, in_file, false),
    ];
    let with = started(&folder, stores, None);
    let (newest, _) = with.read("a");
    let keys = newest.bundle.unwrap().unbound;
    assert_eq!(keys.client_secret.value, Some(Secret::new("s")));
    assert_eq!(keys.user(anna), None, "who has signed out meanwhile");
    assert_eq!(keys.user(ben), user("b").as_ref());
    with.change("a", Timestamp(0), |bundle, at| {
        assert_eq!(at, Timestamp(31), "a clock that was set back");
        bundle.unbound.set(anna, user("new"), at);
    });
    let [Some(kept), None] = &kept(&with)[..] else {
        panic!("both keep something");
    };
    assert_eq!(kept.unbound.user(anna), user("new").as_ref());
    assert_eq!(kept.unbound.user(ben), user("b").as_ref());
}

#[test]
fn a_profile_is_not_copied_while_the_keyring_is_silent_and_it_is_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let silent = Unread::Refused(Problem::new("the keyring does not answer"));
    let none = Unread::Absent(Problem::new("there is no keyring here").hint("install one"));
    for (unread, is_done) in [(silent, false), (none, true)] {
        let file = vec![store(SecretStore::File, Some(bundle(5, "s")), false)];
        let durable = started(&folder, file, Some(unread));
        assert_eq!(durable.copy("a", "b").is_ok(), is_done);
    }
}

#[test]
fn an_empty_bundle_leaves_nothing_anywhere() {
    let chain = chain(false, Some(bundle(1, "a")), Some(bundle(2, "b")));
    write(&chain, "a", &Bundle::default());
    assert_eq!(newest(&chain, "a").bundle, None);
}
