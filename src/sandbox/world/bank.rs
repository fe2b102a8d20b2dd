//! Banks of the sandbox and the accounts that people hold there; who may see an account is for the world.

use serde::Deserialize;

use crate::domain::Timestamp;
use crate::sandbox::random::Random;

/// A bank that can be connected on the hosted pages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Institution {
    pub(crate) id: String,
    pub(crate) name: String,
    /// A small PNG in base64.
    pub(crate) logo: String,
}

/// A kind of account that banks offer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Product {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) subtype: String,
    pub(crate) official_name: String,
    pub(crate) name: String,
    /// Least balance of a generated account, in dollars.
    pub(crate) lowest: i64,
    /// Greatest balance of a generated account, in dollars.
    pub(crate) highest: i64,
}

/// US dollars, counted in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cents(pub(crate) i64);

impl Cents {
    /// An amount as the API tells it, to the nearest cent; checks of the catalogue have refused parts of a cent.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "amounts beyond 2^63 cents end there"
    )]
    pub(crate) fn of_dollars(dollars: f64) -> Self {
        Self((dollars * 100.0).round() as i64)
    }

    /// In dollars, as the API tells amounts.
    #[expect(
        clippy::cast_precision_loss,
        reason = "exact below 90 trillion dollars"
    )]
    pub(crate) fn dollars(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

/// A bank account of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// Place in the order of creation, over all users.
    pub(crate) sequence: u64,
    pub(crate) id: String,
    /// Id of the user.
    pub(crate) owner: String,
    pub(crate) official_name: String,
    pub(crate) name: String,
    pub(crate) nickname: Option<String>,
    pub(crate) mask: String,
    pub(crate) institution: Institution,
    pub(crate) kind: String,
    pub(crate) subtype: String,
    /// `None` where the bank has not told it.
    pub(crate) current: Option<Cents>,
    pub(crate) available: Option<Cents>,
    pub(crate) updated_at: Timestamp,
    pub(crate) is_connected: bool,
    /// When the link to the bank was made, or mended.
    pub(crate) connected_at: Timestamp,
}

/// Nicknames that people give their accounts.
const NICKNAMES: [&str; 8] = [
    "Bills",
    "Rainy day",
    "Holiday",
    "Groceries",
    "House",
    "Old one",
    "Shared",
    "Do not touch",
];

/// The part of a generated balance on hold, at most, in per cent.
const MOST_ON_HOLD: i64 = 8;
/// How old the balances of a new account are, at most: an hour.
const OLDEST_BALANCE_MS: i64 = 3_600_000;

/// An id in the form seen in Astra's Postman collection: `astra_generic_<institution>_<40 hex>_<32 hex>`.
pub(crate) fn account_id(institution: &Institution, random: &mut Random) -> String {
    let short = institution.id.trim_start_matches("astra_ins_");
    format!(
        "astra_generic_{short}_{}_{}",
        random.hex(40),
        random.hex(32)
    )
}

/// An account of `owner` at `institution` with drawn balances.
pub(crate) fn generate(
    owner: &str,
    institution: &Institution,
    product: &Product,
    now: Timestamp,
    random: &mut Random,
) -> Account {
    let current = random.between(product.lowest * 100, product.highest * 100);
    let available = match product.kind.as_str() {
        "depository" => Some(current - current * random.between(0, MOST_ON_HOLD) / 100),
        // The rest of the credit line.
        "credit" => Some((product.highest * 100 - current).max(0)),
        _ => None,
    };
    let nickname = match random.below(2) {
        0 => None,
        _ => random.choose(&NICKNAMES).map(|name| (*name).to_owned()),
    };
    Account {
        sequence: 0,
        id: account_id(institution, random),
        owner: owner.to_owned(),
        official_name: product.official_name.clone(),
        name: product.name.clone(),
        nickname,
        mask: random.digits(4),
        institution: institution.clone(),
        kind: product.kind.clone(),
        subtype: product.subtype.clone(),
        current: Some(Cents(current)),
        available: available.map(Cents),
        updated_at: Timestamp(now.0 - random.between(0, OLDEST_BALANCE_MS)),
        is_connected: true,
        connected_at: now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_exact_to_the_cent() {
        assert_eq!(
            serde_json::json!(Cents(125_050).dollars()).to_string(),
            "1250.5"
        );
        assert_eq!(
            serde_json::json!(Cents(-8_520).dollars()).to_string(),
            "-85.2"
        );
        assert_eq!(
            serde_json::json!(Cents(421_050_025).dollars()).to_string(),
            "4210500.25"
        );
    }
}
