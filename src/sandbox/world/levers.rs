//! What goes wrong on purpose, read from `assets/sandbox/levers.toml`.

use serde::Deserialize;

use crate::sandbox::world::bank::Cents;
use crate::sandbox::world::cards::CardStatus;
use crate::sandbox::world::terms::Payment;

const LEVERS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/assets/sandbox/levers.toml"
));

/// How a lever ends a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ending {
    /// It fails.
    Failed,
    /// It is processed, and claimed back later.
    Chargeback,
    /// It never ends.
    Stuck,
}

/// Decides how transfers of some amounts end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferLever {
    /// The cents of the amount, without its dollars.
    cents: i64,
    pub(crate) end: Ending,
    /// Code and words for transfers between accounts and within a ledger.
    ach: String,
    /// Code and words for transfers with cards.
    debit: String,
}

impl TransferLever {
    /// What is told of a transfer that takes this way: code and words.
    pub(crate) fn reason(&self, payment: Payment) -> &str {
        match payment {
            Payment::Ach | Payment::Ledger => &self.ach,
            Payment::Debit => &self.debit,
        }
    }
}

/// Decides how the review of some cards ends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardLever {
    security_code: String,
    pub(crate) status: CardStatus,
    /// Astra's codes for the outcome of reviews.
    pub(crate) reasons: Vec<String>,
}

/// All levers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Levers {
    transfer: Vec<TransferLever>,
    card: Vec<CardLever>,
}

impl Levers {
    /// The built-in levers.
    ///
    /// # Errors
    /// When the file is wrong; a test keeps that from being shipped.
    pub(crate) fn load() -> Result<Self, String> {
        toml::from_str(LEVERS).map_err(|error| format!("levers.toml: {error}"))
    }

    /// The lever that an amount pulls.
    pub(crate) fn of_amount(&self, amount: Cents) -> Option<&TransferLever> {
        let cents = amount.0 % 100;
        self.transfer.iter().find(|lever| lever.cents == cents)
    }

    /// The lever that a security code pulls.
    pub(crate) fn of_security_code(&self, code: &str) -> Option<&CardLever> {
        self.card.iter().find(|lever| lever.security_code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cents_of_an_amount_pull_a_lever() {
        let levers = Levers::load().unwrap();
        let lever = levers.of_amount(Cents(2_513)).unwrap();
        assert_eq!(lever.end, Ending::Failed);
        assert!(lever.reason(Payment::Ach).starts_with("R01"));
        assert_eq!(levers.of_amount(Cents(1_300)), None);
    }

    #[test]
    fn each_way_of_paying_has_codes_of_its_own() {
        let levers = Levers::load().unwrap();
        for lever in levers.transfer.iter().filter(|it| it.end != Ending::Stuck) {
            let is_return = |reason: &str| {
                let code = reason.split_once(' ').unwrap().0.strip_prefix('R');
                code.is_some_and(|digits| digits.len() == 2 && digits.parse::<u8>().is_ok())
            };
            assert!(is_return(lever.reason(Payment::Ach)), "{lever:?}");
            assert!(!is_return(lever.reason(Payment::Debit)), "{lever:?}");
        }
    }

    #[test]
    fn samples_of_the_catalogue_pull_no_lever() {
        let levers = Levers::load().unwrap();
        for cents in [2_500, 4_000, 3_000, 10_000, 100] {
            assert_eq!(levers.of_amount(Cents(cents)), None);
        }
        assert_eq!(levers.of_security_code("123"), None);
    }
}
