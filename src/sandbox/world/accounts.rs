//! The bank accounts that users have linked: how they come, and when they may go.

use crate::sandbox::world::World;
use crate::sandbox::world::bank::{self, Account, Institution};
use crate::sandbox::world::card_numbers;
use crate::sandbox::world::objection::Objection;

/// Accounts that a person has at a bank which they connect on the hosted pages.
const ACCOUNTS_PER_BANK: std::ops::RangeInclusive<i64> = 2..=4;
/// Cents by which a balance moves, at most, when its bank tells a new one.
const BALANCE_MOVES: i64 = 5_000;

/// An account as its numbers describe it. They are not kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewAccount {
    pub(crate) institution_id: String,
    pub(crate) name: String,
    /// `checking` or `savings`.
    pub(crate) subtype: String,
    pub(crate) account_number: String,
    pub(crate) routing_number: String,
}

impl World {
    /// The accounts of all users, in the order of creation.
    pub(crate) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The account of `user` with this id.
    pub(crate) fn account(&self, user: &str, id: &str) -> Option<&Account> {
        self.accounts
            .iter()
            .find(|account| account.id == id && account.owner == user)
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
        let has_some =
            |account: &Account| account.owner == user && account.institution.id == institution_id;
        if self.accounts.iter().any(has_some) {
            self.reconnect(user, institution_id);
            return Some(()); // the same accounts as before
        }
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

    /// Links an account of `user` by its numbers; answers its id. Of such an account no balances are known.
    pub(crate) fn create_account(
        &mut self,
        user: &str,
        new: &NewAccount,
    ) -> Result<String, Objection> {
        if !card_numbers::is_routing_number(&new.routing_number) {
            return Err(Objection::wrong(
                "routing_number is not a routing number: its check digit is wrong; 222222226 is one",
            ));
        }
        let institution = self.institution(&new.institution_id)?;
        let product = self.products.iter().find(|it| it.subtype == new.subtype);
        let official_name = product.map_or(new.name.clone(), |it| it.official_name.clone());
        let count = new.account_number.len();
        let mask = new.account_number.get(count.saturating_sub(4)..);
        let account = Account {
            sequence: 0,
            id: bank::account_id(&institution, &mut self.random),
            owner: user.to_owned(),
            official_name,
            name: new.name.clone(),
            nickname: None,
            mask: mask.unwrap_or_default().to_owned(),
            institution,
            kind: "depository".into(),
            subtype: new.subtype.clone(),
            current: None,
            available: None,
            updated_at: self.now(),
            is_connected: true,
            connected_at: self.now(),
        };
        let id = account.id.clone();
        self.add_account(account);
        Ok(id)
    }

    /// Links a checking account of `user` by an aggregator's token, which works once; answers the account's id.
    pub(crate) fn link_account(
        &mut self,
        user: &str,
        token: &str,
        institution_id: Option<&str>,
    ) -> Result<&Account, Objection> {
        if self.processor_tokens.contains(token) {
            return Err(Objection::wrong(
                "an account already exists for this processor_token",
            ));
        }
        let first = self.institutions.first().map(|it| it.id.clone());
        let named = institution_id.map(str::to_owned).or(first);
        let institution = self.institution(&named.unwrap_or_default())?;
        let Some(product) = self.products.first().cloned() else {
            return Err(Objection::wrong("the sandbox knows no product"));
        };
        let now = self.now();
        let account = bank::generate(user, &institution, &product, now, &mut self.random);
        self.processor_tokens.insert(token.to_owned());
        self.add_account(account);
        self.accounts
            .last()
            .ok_or_else(|| Objection::wrong("the account is gone"))
    }

    fn institution(&self, id: &str) -> Result<Institution, Objection> {
        self.institutions
            .iter()
            .find(|it| it.id == id)
            .cloned()
            .ok_or_else(|| {
                let known: Vec<_> = self.institutions.iter().map(|it| it.id.as_str()).collect();
                Objection::wrong(format!(
                    "institution_id must be one of {}",
                    known.join(", ")
                ))
            })
    }

    /// Unlinks an account of `user`.
    pub(crate) fn remove_account(&mut self, user: &str, id: &str) -> Result<(), Objection> {
        if self.account(user, id).is_none() {
            return Err(Objection::missing("this user has no account with that id"));
        }
        self.check_free(id, "account")?;
        self.accounts.retain(|account| account.id != id);
        Ok(())
    }

    /// A bank tells a new balance of an account, whoever's it is.
    pub(crate) fn refresh_balance(
        &mut self,
        id: &str,
        institution_id: &str,
    ) -> Result<(), Objection> {
        let institution = self.institution(institution_id)?;
        let now = self.now();
        let change = self.random.between(-BALANCE_MOVES, BALANCE_MOVES);
        let account = self
            .accounts
            .iter_mut()
            .find(|account| account.id == id && account.institution == institution)
            .ok_or_else(|| {
                Objection::missing("resource_id: this institution has no account with that id")
            })?;
        for balance in [&mut account.current, &mut account.available]
            .into_iter()
            .flatten()
        {
            balance.0 += change;
        }
        account.updated_at = now;
        Ok(())
    }

    /// Mends the links of `user`'s accounts at a bank.
    pub(crate) fn reconnect(&mut self, user: &str, institution_id: &str) {
        let now = self.now();
        let severed = self.accounts.iter_mut().filter(|account| {
            account.owner == user
                && account.institution.id == institution_id
                && !account.is_connected
        });
        for account in severed {
            account.is_connected = true;
            account.connected_at = now;
        }
        self.notice_routines();
        self.catch_up();
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
    use crate::sandbox::world::Setup;
    use crate::sandbox::world::people::Person;

    fn world() -> World {
        let setup = Setup::of_tests(Clock::frozen(Timestamp(1_780_000_000_000)));
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
