//! Everything that exists in one sandbox, and the rules that hold between its parts. Knows no HTTP.

pub(crate) mod accounts;
mod agenda;
pub(crate) mod bank;
pub(crate) mod businesses;
pub(crate) mod calendar;
pub(crate) mod card_numbers;
pub(crate) mod cards;
pub(crate) mod changes;
mod checks;
pub(crate) mod documents;
pub(crate) mod entries;
pub(crate) mod fees;
mod history;
pub(crate) mod instruments;
pub(crate) mod intents;
mod levers;
pub(crate) mod objection;
mod orders;
pub(crate) mod outbox;
#[cfg(test)]
mod outbox_tests;
pub(crate) mod people;
pub(crate) mod routines;
mod runs;
pub(crate) mod seed;
mod seed_cards;
mod settlement;
pub(crate) mod terms;
pub(crate) mod transfers;
pub(crate) mod users;
pub(crate) mod vouchers;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use intents::NotTaken;

use crate::domain::{Secret, Timestamp};
use crate::sandbox::clock::Clock;
use crate::sandbox::grants::{Grants, Lifetimes};
use crate::sandbox::random::Random;
use crate::sandbox::replays::Replays;
use crate::sandbox::world::agenda::Agenda;
use crate::sandbox::world::bank::{Account, Institution, Product};
use crate::sandbox::world::businesses::Business;
use crate::sandbox::world::card_numbers::Bin;
use crate::sandbox::world::cards::Card;
use crate::sandbox::world::documents::Uploads;
use crate::sandbox::world::entries::Merchant;
use crate::sandbox::world::instruments::Instrument;
use crate::sandbox::world::levers::Levers;
use crate::sandbox::world::outbox::Outbox;
use crate::sandbox::world::people::{Intent, User};
use crate::sandbox::world::routines::Routine;
use crate::sandbox::world::transfers::Ledger;
use crate::sandbox::world::vouchers::Vouchers;

/// The world behind its lock: held for the length of one answer, never across an await.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<World>>);

impl Shared {
    /// Shares `world`.
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    /// The world, alone, with everything done that was to happen by now.
    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        // A panic in one answer leaves whole records behind; the other answers can go on with them.
        let mut world = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        world.catch_up();
        world
    }
}

/// What a world is made from; the same again after a reset.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// Decides ids, keys and amounts.
    pub(crate) seed: u64,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) clock: Clock,
    /// Where the sandbox listens.
    pub(crate) url: String,
}

#[cfg(test)]
impl Setup {
    /// A world without an address, whose time is that of `clock`.
    pub(crate) fn of_tests(clock: Clock) -> Self {
        Self {
            seed: 1,
            lifetimes: Lifetimes::default(),
            clock,
            url: String::new(),
        }
    }
}

/// The one registered application.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
}

impl Application {
    /// The one that every sandbox with this seed has.
    pub(crate) fn of(seed: u64) -> Self {
        let mut random = Random::new(seed, "application");
        Self {
            client_id: random.hex(32),
            client_secret: Secret::new(random.hex(64)),
        }
    }
}

/// All of a sandbox's state.
pub(crate) struct World {
    pub(crate) application: Application,
    pub(crate) grants: Grants,
    pub(crate) replays: Replays,
    setup: Setup,
    random: Random,
    institutions: Vec<Institution>,
    products: Vec<Product>,
    users: Vec<User>,
    intents: Vec<Intent>,
    /// In the order of creation.
    accounts: Vec<Account>,
    /// In the order of creation.
    cards: Vec<Card>,
    bins: Vec<Bin>,
    instruments: Vec<Instrument>,
    /// In the order of creation.
    routines: Vec<Routine>,
    transfers: Ledger,
    agenda: Agenda,
    outbox: Outbox,
    /// One-time routines that could not run when they were due: their places, and when that was.
    waiting: Vec<(usize, Timestamp)>,
    levers: Levers,
    merchants: Vec<Merchant>,
    businesses: Vec<Business>,
    uploads: Uploads,
    vouchers: Vouchers,
    /// Tokens of aggregators that have been used.
    processor_tokens: HashSet<String>,
    created: u64,
}

impl World {
    /// The world that `setup` decides.
    ///
    /// # Errors
    /// When the built-in seed world is wrong.
    pub(crate) fn new(setup: Setup) -> Result<Self, String> {
        let application = Application::of(setup.seed);
        let seeded = seed::load(setup.seed, setup.clock.now())?;
        let mut world = Self {
            application,
            grants: Grants::new(setup.lifetimes),
            replays: Replays::default(),
            random: Random::new(setup.seed, "world"),
            setup,
            institutions: seeded.institutions,
            products: seeded.products,
            users: seeded.users,
            intents: Vec::new(),
            accounts: Vec::new(),
            cards: Vec::new(),
            bins: seeded.bins,
            instruments: seeded.instruments,
            routines: Vec::new(),
            transfers: Ledger::default(),
            agenda: Agenda::default(),
            outbox: Outbox::default(),
            waiting: Vec::new(),
            levers: Levers::load()?,
            merchants: seeded.merchants,
            businesses: Vec::new(),
            uploads: Uploads::default(),
            vouchers: Vouchers::default(),
            processor_tokens: HashSet::new(),
            created: 0,
        };
        for account in seeded.accounts {
            world.add_account(account);
        }
        for card in seeded.cards {
            world.seed_card(card);
        }
        Ok(world)
    }

    /// The time in the sandbox.
    pub(crate) fn now(&self) -> Timestamp {
        self.setup.clock.now()
    }

    /// Lets time pass at once, and everything happen that was to happen in it.
    pub(crate) fn pass(&mut self, duration: Duration) {
        self.setup.clock.advance(duration);
        self.catch_up();
    }

    /// Makes the world anew, at the clock's own time.
    ///
    /// # Errors
    /// As `new`.
    pub(crate) fn reset(&mut self) -> Result<(), String> {
        self.setup.clock.reset();
        let outbox = self.outbox.emptied();
        *self = Self::new(self.setup.clone())?;
        self.outbox = outbox;
        Ok(())
    }

    /// All banks, in the order of the seed world.
    pub(crate) fn institutions(&self) -> &[Institution] {
        &self.institutions
    }

    /// A code that a person would get by text message.
    pub(crate) fn one_time_code(&mut self) -> String {
        self.random.digits(6)
    }

    /// An id that nothing else has.
    pub(crate) fn new_id(&mut self) -> String {
        self.random.uuid()
    }

    /// The next place in the order of creation.
    fn next_place(&mut self) -> u64 {
        self.created += 1;
        self.created
    }
}
