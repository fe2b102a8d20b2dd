//! Reads the seed world: the people, banks and accounts with which every sandbox starts.

use serde::Deserialize;

use crate::domain::{TestUser, Timestamp, UserKey, UserStatus};
use crate::sandbox::random::Random;
use crate::sandbox::world::bank::{self, Account, Cents, Institution, Product};
use crate::sandbox::world::card_numbers::Bin;
use crate::sandbox::world::cards::Card;
use crate::sandbox::world::changes::Changes;
use crate::sandbox::world::entries::Merchant;
use crate::sandbox::world::instruments::{Instrument, WrittenInstrument};
use crate::sandbox::world::people::{Check, Person, User};
use crate::sandbox::world::seed_cards::WrittenCard;
use crate::sandbox::world::users::FULL_CHECK;

const WORLD: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/assets/sandbox/world.json"
));

/// The seed moves a written balance by up to this many hundredths of a per cent.
const BALANCE_SPREAD: i64 = 500;
/// How old the balances are at the start, at most: two days.
const OLDEST_BALANCE_MS: i64 = 2 * 24 * 3_600_000;

#[derive(Deserialize)]
struct Written {
    institutions: Vec<Institution>,
    products: Vec<Product>,
    users: Vec<WrittenUser>,
    merchants: Vec<Merchant>,
    bins: Vec<Bin>,
    payment_instruments: Vec<WrittenInstrument>,
}

#[derive(Deserialize)]
struct WrittenUser {
    #[serde(flatten)]
    row: Row,
    preferred_first_name: Option<String>,
    preferred_last_name: Option<String>,
    preferred_pronouns: Option<String>,
    #[serde(default)]
    accounts: Vec<WrittenAccount>,
    #[serde(default)]
    generated_accounts: usize,
    #[serde(default)]
    cards: Vec<WrittenCard>,
}

#[derive(Deserialize)]
struct Row {
    first_name: String,
    last_name: String,
    email: String,
    phone: String,
    status: UserStatus,
}

#[derive(Deserialize)]
struct WrittenAccount {
    institution: String,
    subtype: String,
    official_name: Option<String>,
    name: Option<String>,
    nickname: Option<String>,
    current: f64,
    available: Option<f64>,
    connection_status: Option<String>,
}

/// The test users that every sandbox starts with, in the order of the seed world.
///
/// The seed decides ids and amounts, not who there is: the list is the same for every `seed`.
pub fn test_users(_seed: u64) -> Vec<TestUser> {
    #[derive(Deserialize)]
    struct Roster {
        users: Vec<Row>,
    }
    let Ok(roster) = serde_json::from_str::<Roster>(WORLD) else {
        return Vec::new(); // the file is built in, and a test reads it
    };
    let keys = (1..).map(UserKey);
    let users = keys.zip(roster.users);
    users
        .map(|(key, row)| TestUser {
            name: format!("{} {}", row.first_name, row.last_name),
            email: row.email,
            phone: row.phone,
            status: Some(row.status),
            ..TestUser::unnamed(key)
        })
        .collect()
}

/// What the world starts with.
pub(crate) struct Seeded {
    pub(crate) institutions: Vec<Institution>,
    pub(crate) products: Vec<Product>,
    pub(crate) users: Vec<User>,
    /// In the order of creation; not numbered yet.
    pub(crate) accounts: Vec<Account>,
    /// In the order of creation; not numbered yet.
    pub(crate) cards: Vec<Card>,
    pub(crate) bins: Vec<Bin>,
    pub(crate) merchants: Vec<Merchant>,
    pub(crate) instruments: Vec<Instrument>,
}

/// The seed world as `seed` makes it at `now`.
///
/// # Errors
/// When the built-in file is wrong; a test keeps that from being shipped.
pub(crate) fn load(seed: u64, now: Timestamp) -> Result<Seeded, String> {
    let written: Written =
        serde_json::from_str(WORLD).map_err(|error| format!("world.json: {error}"))?;
    let mut users = Vec::new();
    let mut accounts = Vec::new();
    let mut cards = Vec::new();
    for user in &written.users {
        // One stream for each person, so that a new person in the file leaves the others as they are.
        let mut random = Random::new(seed, &user.row.phone);
        let id = random.hex(32);
        for account in &user.accounts {
            accounts.push(written.account(&id, account, now, &mut random)?);
        }
        for number in 0..user.generated_accounts {
            let product = written.products.get(number % written.products.len().max(1));
            let institution = random.choose(&written.institutions);
            if let (Some(product), Some(institution)) = (product, institution) {
                accounts.push(bank::generate(&id, institution, product, now, &mut random));
            }
        }
        let user_row = user.to_user(id.clone());
        for card in &user.cards {
            let person = &user_row.person;
            cards.push(card.card(&id, person, &written.bins, now, &mut random)?);
        }
        users.push(user_row);
    }
    let mut random = Random::new(seed, "payment instruments");
    let instruments = written.payment_instruments.iter().map(|it| Instrument {
        id: random.uuid(),
        account_number: random.digits(12),
        routing_number: it.routing_number.clone(),
        available: Cents(it.available * 100),
    });
    Ok(Seeded {
        instruments: instruments.collect(),
        cards,
        bins: written.bins,
        merchants: written.merchants,
        institutions: written.institutions,
        products: written.products,
        users,
        accounts,
    })
}

impl WrittenUser {
    fn to_user(&self, id: String) -> User {
        User {
            id,
            person: Person {
                email: self.row.email.clone(),
                phone: self.row.phone.clone(),
                first_name: self.row.first_name.clone(),
                last_name: self.row.last_name.clone(),
                preferred_first_name: self.preferred_first_name.clone(),
                preferred_last_name: self.preferred_last_name.clone(),
                preferred_pronouns: self.preferred_pronouns.clone(),
                metadata: None,
            },
            check: Check::settled(self.row.status),
            has_agreed: true,
            is_barred: false,
            kyc_type: FULL_CHECK.into(),
            changes: Changes::default(),
        }
    }
}

impl Written {
    fn account(
        &self,
        owner: &str,
        account: &WrittenAccount,
        now: Timestamp,
        random: &mut Random,
    ) -> Result<Account, String> {
        let institution = self
            .institutions
            .iter()
            .find(|it| it.id == account.institution);
        let institution = institution.ok_or_else(|| {
            format!(
                "world.json: no institution is called \"{}\"",
                account.institution
            )
        })?;
        let product = self
            .products
            .iter()
            .find(|it| it.subtype == account.subtype);
        let product = product
            .ok_or_else(|| format!("world.json: no product is called \"{}\"", account.subtype))?;
        let per_myriad = random.between(10_000 - BALANCE_SPREAD, 10_000 + BALANCE_SPREAD);
        Ok(Account {
            sequence: 0,
            id: bank::account_id(institution, random),
            owner: owner.to_owned(),
            official_name: account
                .official_name
                .as_ref()
                .unwrap_or(&product.official_name)
                .clone(),
            name: account.name.as_ref().unwrap_or(&product.name).clone(),
            nickname: account.nickname.clone(),
            mask: random.digits(4),
            institution: institution.clone(),
            kind: product.kind.clone(),
            subtype: product.subtype.clone(),
            current: Some(scaled(account.current, per_myriad)),
            available: account.available.map(|dollars| scaled(dollars, per_myriad)),
            updated_at: Timestamp(now.0 - random.between(0, OLDEST_BALANCE_MS)),
            is_connected: account.connection_status.as_deref() != Some("error"),
            connected_at: now,
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "balances of the seed world are far below 2^63 cents"
)]
fn scaled(dollars: f64, per_myriad: i64) -> Cents {
    Cents((dollars * 100.0).round() as i64 * per_myriad / 10_000)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use base64::Engine as _;

    use super::*;
    use crate::sandbox::world::cards::CardStatus;

    const NOW: Timestamp = Timestamp(1_780_000_000_000);

    #[test]
    fn a_seed_makes_the_same_world_every_time() {
        let (one, again, other) = (
            load(1, NOW).unwrap(),
            load(1, NOW).unwrap(),
            load(2, NOW).unwrap(),
        );
        assert_eq!(one.accounts, again.accounts);
        assert_eq!(one.users, again.users);
        assert_ne!(one.users[0].id, other.users[0].id);
        assert_ne!(one.accounts[0].id, other.accounts[0].id);
        assert_ne!(one.accounts[0].current, other.accounts[0].current);
    }

    #[test]
    fn the_list_of_users_is_that_of_the_world() {
        let users = test_users(1);
        let seeded = load(1, NOW).unwrap();
        assert_eq!(users.len(), seeded.users.len());
        assert!(users.len() >= 8);
        assert_eq!(users[0].key, UserKey(1));
        assert_eq!(users[0].name, "Ada Byron");
        for (user, seeded) in users.iter().zip(&seeded.users) {
            assert_eq!(user.phone, seeded.person.phone);
            assert_eq!(user.status, Some(seeded.check.status(NOW)));
        }
        let statuses: BTreeSet<_> = users
            .iter()
            .filter_map(|user| user.status)
            .map(UserStatus::name)
            .collect();
        assert_eq!(statuses.len(), 6);
    }

    #[test]
    fn the_world_has_every_kind_of_account_and_every_oddity() {
        let Seeded {
            users,
            accounts,
            products,
            ..
        } = load(9, NOW).unwrap();
        let count = |user: &User| {
            accounts
                .iter()
                .filter(|account| account.owner == user.id)
                .count()
        };
        assert!((5..=7).contains(&count(&users[0])));
        assert_eq!(count(&users[1]), 60);
        assert!(users.iter().all(|user| (1..=60).contains(&count(user))));
        let subtypes: BTreeSet<_> = accounts.iter().map(|account| &account.subtype).collect();
        assert_eq!(subtypes.len(), products.len());
        assert!(accounts.iter().any(|account| !account.is_connected));
        assert!(accounts.iter().any(|account| account.nickname.is_none()));
        assert!(
            accounts
                .iter()
                .any(|account| account.current < Some(Cents(0)))
        );
        assert!(
            accounts
                .iter()
                .any(|account| account.current > Some(Cents(100_000_000)))
        );
        assert!(users.iter().any(|user| !user.person.name().is_ascii()));
        let ids: BTreeSet<_> = accounts.iter().map(|account| &account.id).collect();
        assert_eq!(ids.len(), accounts.len());
    }

    #[test]
    fn everybody_in_good_standing_has_cards_and_some_cards_cannot_be_used() {
        let Seeded { users, cards, .. } = load(3, NOW).unwrap();
        for user in &users {
            let count = cards.iter().filter(|card| card.owner == user.id).count();
            let is_approved = user.check.status(NOW) == UserStatus::Approved;
            assert_eq!(
                (2..=4).contains(&count),
                is_approved,
                "{}",
                user.person.name()
            );
        }
        for status in [
            CardStatus::Approved,
            CardStatus::Flagged,
            CardStatus::Rejected,
        ] {
            assert!(cards.iter().any(|card| card.status == status));
        }
        let ada = cards.iter().filter(|card| card.owner == users[0].id);
        assert!(ada.filter(|card| card.is_usable()).count() >= 2);
    }

    #[test]
    fn logos_are_pictures() {
        for institution in load(1, NOW).unwrap().institutions {
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(&institution.logo)
                .unwrap();
            assert!(
                bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
                "{}",
                institution.name
            );
        }
    }
}
