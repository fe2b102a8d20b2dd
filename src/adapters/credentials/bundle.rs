//! All that is kept of one profile, and which of two bundles is the newer one, part by part: a store that answered too late to be
//! written may come back with its own.

use std::collections::BTreeMap;

use crate::adapters::credentials::binding::Binding;
use crate::domain::{Grant, Secret, Timestamp, UserKey};

/// The secrets of one profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Bundle {
    /// Those that are known to be for these hosts and this application.
    pub(super) bound: BTreeMap<Binding, Keys>,
    /// Those of a version that did not note what they are for.
    pub(super) unbound: Keys,
}

/// The tokens of one test user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The access token: goes with every call on behalf of the user.
    pub access: Secret,
    /// The refresh token: buys the next pair, once. Empty if there is none.
    pub refresh: Secret,
}

/// A client secret, and the tokens that were got with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Keys {
    pub(super) client_secret: Part<Secret>,
    pub(super) users: BTreeMap<UserKey, Part<(Tokens, Grant)>>,
}

/// Something that is kept, or that was taken away; and when.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part<T> {
    pub(super) kept_at: Timestamp,
    pub(super) value: Option<T>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self {
            kept_at: Timestamp::default(),
            value: None,
        }
    }
}

impl<T> Part<T> {
    pub(super) fn new(value: Option<T>, kept_at: Timestamp) -> Self {
        Self { kept_at, value }
    }

    fn merge(&mut self, other: Self) {
        if other.kept_at > self.kept_at {
            *self = other;
        }
    }
}

impl Keys {
    /// Whether nothing can be used.
    pub(super) fn is_empty(&self) -> bool {
        self.client_secret.value.is_none() && self.users().next().is_none()
    }

    /// Whether nothing is to be remembered either.
    pub(super) fn is_blank(&self) -> bool {
        self.client_secret.value.is_none() && self.users.is_empty()
    }

    /// Who is signed in.
    pub(super) fn users(&self) -> impl Iterator<Item = (UserKey, &(Tokens, Grant))> {
        let users = self.users.iter();
        users.filter_map(|(user, part)| Some((*user, part.value.as_ref()?)))
    }

    /// What `user` has.
    pub(super) fn user(&self, user: UserKey) -> Option<&(Tokens, Grant)> {
        self.users.get(&user)?.value.as_ref()
    }

    /// Keeps this of `user`, or that they have signed out.
    pub(super) fn set(&mut self, user: UserKey, has: Option<(Tokens, Grant)>, at: Timestamp) {
        self.users.insert(user, Part::new(has, at));
    }

    /// What was changed `at` this time.
    pub(super) fn changed(&self, at: Timestamp) -> Self {
        let mut changed = self.clone();
        changed.users.retain(|_, part| part.kept_at == at);
        if changed.client_secret.kept_at != at {
            changed.client_secret = Part::default();
        }
        changed
    }

    /// Leaves out every part that `other` has, as it is there or older.
    pub(super) fn leave_out(&mut self, other: &Self) {
        self.users.retain(|user, part| {
            let their = other.users.get(user);
            their.is_none_or(|their| their.kept_at < part.kept_at)
        });
        if other.client_secret.kept_at >= self.client_secret.kept_at {
            self.client_secret = Part::default();
        }
    }

    /// Now, or after all that was changed before, where a clock was set back.
    pub(super) fn next(&self, now: Timestamp) -> Timestamp {
        now.max(Timestamp(self.latest().0.saturating_add(1)))
    }

    /// Takes over what is newer in `other`.
    pub(super) fn merge(&mut self, other: Self) {
        self.client_secret.merge(other.client_secret);
        for (user, part) in other.users {
            match self.users.get_mut(&user) {
                Some(own) => own.merge(part),
                None => drop(self.users.insert(user, part)),
            }
        }
    }

    fn latest(&self) -> Timestamp {
        let users = self.users.values().map(|part| part.kept_at);
        users
            .max()
            .max(Some(self.client_secret.kept_at))
            .unwrap_or_default()
    }
}

impl Bundle {
    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.unbound.is_blank() && self.bound.values().all(Keys::is_blank)
    }

    /// What is for `binding`.
    pub(super) fn keys(&self, binding: &Binding) -> Keys {
        self.bound.get(binding).cloned().unwrap_or_default()
    }

    /// The same, to be changed.
    pub(super) fn keys_mut(&mut self, binding: &Binding) -> &mut Keys {
        self.bound.entry(binding.clone()).or_default()
    }

    /// For what else something is kept, most like `binding` and last.
    pub(super) fn other(&self, binding: &Binding) -> Option<&Binding> {
        let others = self.bound.iter();
        let others = others.filter(|(other, keys)| *other != binding && !keys.is_empty());
        let like = |(other, keys): &(&Binding, &Keys)| (other.has_hosts_of(binding), keys.latest());
        others.max_by_key(like).map(|(other, _)| other)
    }

    /// Whether something in it waits for `binding`.
    pub(super) fn is_claimed_by(&self, binding: &Binding) -> bool {
        let is_begun =
            |(other, keys): (&Binding, &Keys)| other.is_begun(binding) && !keys.is_empty();
        !self.unbound.is_blank() || self.bound.iter().any(is_begun)
    }

    /// Binds to `binding` what is bound to nothing yet. It is for nothing else from then on.
    pub(super) fn claim(&mut self, binding: &Binding) {
        let mut claimed = std::mem::take(&mut self.unbound);
        let all = std::mem::take(&mut self.bound).into_iter();
        let (begun, bound): (BTreeMap<_, _>, _) =
            all.partition(|(other, _)| other.is_begun(binding));
        self.bound = bound;
        begun.into_values().for_each(|keys| claimed.merge(keys));
        if !claimed.is_blank() {
            self.keys_mut(binding).merge(claimed);
        }
    }

    /// Takes over what is newer in `other`.
    pub(super) fn merge(&mut self, other: Self) {
        self.unbound.merge(other.unbound);
        for (binding, keys) in other.bound {
            self.keys_mut(&binding).merge(keys);
        }
    }

    /// Leaves out what was taken away: no store can bring it back.
    pub(super) fn bury(&mut self) {
        let keys = self.bound.values_mut().chain([&mut self.unbound]);
        keys.for_each(|keys| keys.users.retain(|_, part| part.value.is_some()));
        self.bound.retain(|_, keys| !keys.is_blank());
    }

    /// When it was last changed.
    pub(super) fn latest(&self) -> Timestamp {
        let keys = self.bound.values().chain([&self.unbound]);
        keys.map(Keys::latest).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Environment, Hosts, Profile};

    fn binding(client_id: &str) -> Binding {
        Binding::of(&Profile {
            environment: Environment::Custom,
            hosts: Some(Hosts::single("https://gate.example")),
            client_id: client_id.into(),
            ..Profile::built_in()
        })
    }

    fn secret(text: &str, at: i64) -> Keys {
        Keys {
            client_secret: Part::new(Some(Secret::new(text)), Timestamp(at)),
            ..Keys::default()
        }
    }

    fn user(access: &str) -> (Tokens, Grant) {
        let grant = Grant {
            obtained_at: Timestamp(1),
            expires_at: Timestamp(2),
            can_refresh: false,
            redirect_uri: String::new(),
        };
        let tokens = Tokens {
            access: Secret::new(access),
            refresh: Secret::default(),
        };
        (tokens, grant)
    }

    #[test]
    fn each_part_of_two_bundles_is_the_newer_one_in_either_order() {
        let (anna, ben, cleo) = (UserKey(1), UserKey(2), UserKey(3));
        let mut one = secret("old", 1);
        one.set(anna, Some(user("older")), Timestamp(2));
        one.set(ben, Some(user("gone")), Timestamp(2));
        let mut other = secret("new", 3);
        other.set(anna, Some(user("old")), Timestamp(1));
        other.set(ben, None, Timestamp(3));
        other.set(cleo, Some(user("only")), Timestamp(1));
        let bundle = |keys: &Keys| Bundle {
            bound: BTreeMap::from([(binding("a"), keys.clone())]),
            ..Bundle::default()
        };
        let (mut there, mut back) = (bundle(&one), bundle(&other));
        there.merge(bundle(&other));
        back.merge(bundle(&one));
        assert_eq!(there, back);
        let keys = there.keys(&binding("a"));
        assert_eq!(keys.client_secret.value, Some(Secret::new("new")));
        assert_eq!(keys.user(anna), Some(&user("older")));
        assert_eq!(keys.user(ben), None, "whoever has signed out stays out");
        assert_eq!(keys.user(cleo), Some(&user("only")));
        assert_eq!(there.latest(), Timestamp(3));
        there.bury();
        assert_eq!(there.keys(&binding("a")).users.len(), 2);
    }

    #[test]
    fn what_is_bound_to_nothing_is_claimed_once() {
        let mut bundle = Bundle {
            unbound: secret("s", 1),
            ..Bundle::default()
        };
        assert!(bundle.is_claimed_by(&binding("a")));
        bundle.claim(&binding("a"));
        assert!(!bundle.is_claimed_by(&binding("b")));
        bundle.claim(&binding("b"));
        assert_eq!(bundle.keys(&binding("b")), Keys::default());
        assert_eq!(bundle.keys(&binding("a")), secret("s", 1));
        assert_eq!(bundle.other(&binding("b")), Some(&binding("a")));
        assert_eq!(bundle.other(&binding("a")), None);
    }

    #[test]
    fn a_client_id_that_is_typed_after_the_secret_takes_it() {
        let mut bundle = Bundle::default();
        *bundle.keys_mut(&binding("")) = secret("s", 1);
        assert!(bundle.is_claimed_by(&binding("a")));
        bundle.claim(&binding("a"));
        assert_eq!(bundle.keys(&binding("a")), secret("s", 1));
        assert_eq!(bundle.keys(&binding("")), Keys::default());
    }
}
