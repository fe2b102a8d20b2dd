//! Everything that exists in one sandbox, and the rules that hold between its parts. Knows no HTTP.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{Secret, Timestamp, UserStatus};
use crate::sandbox::bank::{self, Account, Institution, Product};
use crate::sandbox::clock::Clock;
use crate::sandbox::grants::{Grants, Lifetimes};
use crate::sandbox::people::{self, Check, Intent, Person, User};
use crate::sandbox::random::Random;
use crate::sandbox::seed;

/// Intents that one e-mail address can be used for (Astra's guide "User intents").
const INTENTS_PER_EMAIL: usize = 3;
/// Accounts that a person has at a bank which they connect on the hosted pages.
const ACCOUNTS_PER_BANK: std::ops::RangeInclusive<i64> = 2..=4;

/// The world behind its lock: held for the length of one answer, never across an await.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<World>>);

impl Shared {
    /// Shares `world`.
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    /// The world, alone.
    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        // A panic in one answer leaves whole records behind; the other answers can go on with them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one registered application.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
}

/// Why a user intent is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// The same e-mail address and phone number were refused before.
    RefusedBefore,
    /// The e-mail address has been used too often.
    TooMany,
}

/// All of a sandbox's state.
pub(crate) struct World {
    pub(crate) application: Application,
    pub(crate) grants: Grants,
    clock: Clock,
    random: Random,
    institutions: Vec<Institution>,
    products: Vec<Product>,
    users: Vec<User>,
    intents: Vec<Intent>,
    accounts: Vec<Account>,
    created: u64,
}

impl World {
    /// The world that `seed` decides.
    ///
    /// # Errors
    /// When the built-in seed world is wrong.
    pub(crate) fn new(seed: u64, lifetimes: Lifetimes, clock: Clock) -> Result<Self, String> {
        let mut random = Random::new(seed, "application");
        let application = Application {
            client_id: random.hex(32),
            client_secret: Secret::new(random.hex(64)),
        };
        let seeded = seed::load(seed, clock.now())?;
        let mut world = Self {
            application,
            grants: Grants::new(lifetimes),
            random: Random::new(seed, "world"),
            institutions: seeded.institutions,
            products: seeded.products,
            users: seeded.users,
            intents: Vec::new(),
            accounts: Vec::new(),
            created: 0,
            clock,
        };
        for account in seeded.accounts {
            world.add_account(account);
        }
        Ok(world)
    }

    /// The time in the sandbox.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// All banks, in the order of the seed world.
    pub(crate) fn institutions(&self) -> &[Institution] {
        &self.institutions
    }

    /// All users, those of the seed world first.
    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    /// The user with this id.
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The user with this id, to be changed.
    pub(crate) fn user_mut(&mut self, id: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.id == id)
    }

    /// The user who signs in with `phone`.
    pub(crate) fn user_by_phone(&self, phone: &str) -> Option<&User> {
        self.users.iter().find(|user| user.person.phone == phone)
    }

    /// The accounts of `user`, newest first.
    pub(crate) fn accounts_of<'a>(&'a self, user: &'a str) -> impl Iterator<Item = &'a Account> {
        self.accounts
            .iter()
            .rev()
            .filter(move |account| account.owner == user)
    }

    /// The intent with this id.
    pub(crate) fn intent(&self, id: &str) -> Option<&Intent> {
        self.intents.iter().find(|intent| intent.id == id)
    }

    /// A code that a person would get by text message.
    pub(crate) fn one_time_code(&mut self) -> String {
        self.random.digits(6)
    }

    /// Takes a new user in, whose check starts now; answers their id.
    pub(crate) fn add_user(&mut self, person: Person) -> String {
        let check = Check::started(people::outcome(&person, None), self.now());
        self.insert_user(person, check)
    }

    fn insert_user(&mut self, person: Person, check: Check) -> String {
        let id = self.random.hex(32);
        self.users.push(User {
            id: id.clone(),
            person,
            check,
            has_agreed: false,
            is_barred: false,
        });
        id
    }

    /// Takes a new intent in and starts its check; answers its id.
    pub(crate) fn add_intent(
        &mut self,
        person: Person,
        date_of_birth: Option<&str>,
        kyc_type: &str,
    ) -> Result<String, NotTaken> {
        let now = self.now();
        let is_same_address = |other: &Person| other.email.eq_ignore_ascii_case(&person.email);
        let is_refused = |other: &Person, check: &Check| {
            is_same_address(other)
                && other.phone == person.phone
                && check.status(now) == UserStatus::Rejected
        };
        let refused_intent = self
            .intents
            .iter()
            .any(|intent| is_refused(&intent.person, &intent.check));
        let refused_user = self
            .users
            .iter()
            .any(|user| is_refused(&user.person, &user.check));
        if refused_intent || refused_user {
            return Err(NotTaken::RefusedBefore);
        }
        let used = self
            .intents
            .iter()
            .filter(|intent| is_same_address(&intent.person))
            .count();
        if used >= INTENTS_PER_EMAIL {
            return Err(NotTaken::TooMany);
        }
        let id = self.random.hex(32);
        self.intents.push(Intent {
            id: id.clone(),
            check: Check::started(people::outcome(&person, date_of_birth), now),
            person,
            kyc_type: kyc_type.to_owned(),
            user_id: None,
        });
        Ok(id)
    }

    /// The person behind an intent has signed in: makes it their user, whatever its status, and answers the user's id.
    ///
    /// A phone number belongs to one user: where there is one already, the intent becomes that user.
    pub(crate) fn convert(&mut self, intent_id: &str) -> Option<String> {
        let now = self.now();
        let intent = self.intent(intent_id)?.clone();
        if let Some(user_id) = intent.user_id {
            return Some(user_id);
        }
        let known = self
            .user_by_phone(&intent.person.phone)
            .map(|user| user.id.clone());
        let user_id = known.unwrap_or_else(|| {
            let id = self.insert_user(intent.person.clone(), intent.check);
            if let Some(user) = self.user_mut(&id) {
                user.is_barred = intent.check.status(now) == UserStatus::Rejected;
            }
            id
        });
        let intent = self
            .intents
            .iter_mut()
            .find(|intent| intent.id == intent_id)?;
        intent.user_id = Some(user_id.clone());
        Some(user_id)
    }

    /// Links the accounts that `user` has at the bank `institution_id`; `None` where there is no such bank.
    pub(crate) fn connect_bank(&mut self, user: &str, institution_id: &str) -> Option<()> {
        let institution = self
            .institutions
            .iter()
            .find(|it| it.id == institution_id)?
            .clone();
        let count = self
            .random
            .between(*ACCOUNTS_PER_BANK.start(), *ACCOUNTS_PER_BANK.end());
        let now = self.now();
        for number in 0..usize::try_from(count).unwrap_or_default() {
            // The first products are those that everybody has: checking and savings.
            let product = match number {
                0 | 1 => self.products.get(number),
                _ => self.random.choose(&self.products),
            };
            let Some(product) = product.cloned() else {
                continue;
            };
            let account = bank::generate(user, &institution, &product, now, &mut self.random);
            self.add_account(account);
        }
        Some(())
    }

    fn add_account(&mut self, account: Account) {
        self.created += 1;
        self.accounts.push(Account {
            sequence: self.created,
            ..account
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn world() -> (World, Clock) {
        let clock = Clock::frozen(Timestamp(1_780_000_000_000));
        (
            World::new(1, Lifetimes::default(), clock.clone()).unwrap(),
            clock,
        )
    }

    fn person(email: &str, phone: &str) -> Person {
        Person {
            email: email.into(),
            phone: phone.into(),
            ..Person::default()
        }
    }

    #[test]
    fn an_address_is_good_for_three_intents() {
        let (mut world, _) = world();
        for phone in ["+1", "+2", "+3"] {
            assert!(
                world
                    .add_intent(person("e@example.com", phone), None, "verified")
                    .is_ok()
            );
        }
        let fourth = world.add_intent(person("E@example.com", "+4"), None, "verified");
        assert_eq!(fourth, Err(NotTaken::TooMany));
    }

    #[test]
    fn a_refused_pair_of_address_and_phone_is_not_taken_again() {
        let (mut world, clock) = world();
        let refused = || person("e@example.com", "+12025551111");
        world.add_intent(refused(), None, "verified").unwrap();
        clock.advance(Duration::from_secs(3));
        assert_eq!(
            world.add_intent(refused(), None, "verified"),
            Err(NotTaken::RefusedBefore)
        );
        assert!(
            world
                .add_intent(person("e@example.com", "+5"), None, "verified")
                .is_ok()
        );
    }

    #[test]
    fn a_converted_intent_hands_its_status_on() {
        let (mut world, clock) = world();
        let intent = world
            .add_intent(person("e@example.com", "+12025551111"), None, "verified")
            .unwrap();
        clock.advance(Duration::from_secs(3));
        let user_id = world.convert(&intent).unwrap();
        let user = world.user(&user_id).unwrap();
        assert_eq!(user.check.status(world.now()), UserStatus::Rejected);
        assert!(user.is_barred);
        assert_eq!(
            world.intent(&intent).unwrap().status(world.now()),
            UserStatus::ConvertedToUser
        );
        assert_eq!(world.convert(&intent), Some(user_id));
    }

    #[test]
    fn an_intent_with_a_known_phone_becomes_that_user() {
        let (mut world, _) = world();
        let ada = world.users()[0].id.clone();
        let intent = world
            .add_intent(
                person("other@example.com", "+16505550100"),
                None,
                "verified",
            )
            .unwrap();
        assert_eq!(world.convert(&intent), Some(ada));
    }

    #[test]
    fn a_connected_bank_brings_its_accounts_newest_first() {
        let (mut world, _) = world();
        let user = world.add_user(person("n@example.com", "+7"));
        let bank = world.institutions()[1].clone();
        assert!(world.connect_bank(&user, &bank.id).is_some());
        assert!(world.connect_bank(&user, "no such bank").is_none());
        let accounts: Vec<_> = world.accounts_of(&user).collect();
        assert!((2..=4).contains(&accounts.len()));
        assert!(accounts.is_sorted_by(|one, next| one.sequence > next.sequence));
        assert!(accounts.iter().all(|account| account.institution == bank));
    }
}
