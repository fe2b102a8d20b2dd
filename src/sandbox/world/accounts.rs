//! The bank accounts that users have linked: how they come, and when they may go.

use crate::sandbox::world::World;
use crate::sandbox::world::bank::{self, Account};

/// Accounts that a person has at a bank which they connect on the hosted pages.
const ACCOUNTS_PER_BANK: std::ops::RangeInclusive<i64> = 2..=4;

impl World {
    /// The accounts of all users, in the order of creation.
    pub(crate) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The accounts of `user`, newest first.
    pub(crate) fn accounts_of<'a>(&'a self, user: &'a str) -> impl Iterator<Item = &'a Account> {
        self.accounts
            .iter()
            .rev()
            .filter(move |account| account.owner == user)
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

    pub(super) fn add_account(&mut self, account: Account) {
        let sequence = self.next_place();
        self.accounts.push(Account {
            sequence,
            ..account
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::sandbox::clock::Clock;
    use crate::sandbox::grants::Lifetimes;
    use crate::sandbox::world::Setup;
    use crate::sandbox::world::people::Person;

    fn world() -> World {
        let setup = Setup {
            seed: 1,
            lifetimes: Lifetimes::default(),
            clock: Clock::frozen(Timestamp(1_780_000_000_000)),
            url: String::new(),
        };
        World::new(setup).unwrap()
    }

    #[test]
    fn a_connected_bank_brings_its_accounts_newest_first() {
        let mut world = world();
        let user = world.add_user(Person::default());
        let bank = world.institutions()[1].clone();
        assert!(world.connect_bank(&user, &bank.id).is_some());
        assert!(world.connect_bank(&user, "no such bank").is_none());
        let accounts: Vec<_> = world.accounts_of(&user).collect();
        assert!((2..=4).contains(&accounts.len()));
        assert!(accounts.is_sorted_by(|one, next| one.sequence > next.sequence));
        assert!(accounts.iter().all(|account| account.institution == bank));
    }
}
