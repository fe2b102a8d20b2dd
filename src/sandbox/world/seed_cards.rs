//! The cards with which people of the seed world start.

use jiff::civil::Date;
use serde::Deserialize;

use crate::domain::Timestamp;
use crate::sandbox::random::Random;
use crate::sandbox::world::calendar;
use crate::sandbox::world::card_numbers::{self, Bin};
use crate::sandbox::world::cards::{ADDRESS_UNKNOWN, Card, CardStatus, Holder};
use crate::sandbox::world::people::Person;

/// How many years a card of the seed world still works.
const YEARS_LEFT: std::ops::RangeInclusive<i64> = 1..=4;
/// Digits of a card number without those of its bin and the check digit.
const OWN_DIGITS: usize = 9;
/// How old a card is at the start, at most: 90 days.
const OLDEST_CARD_MS: i64 = 90 * 24 * 3_600_000;

/// A card as the seed world describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenCard {
    bin: String,
    #[serde(default = "approved")]
    status: CardStatus,
    #[serde(default)]
    reasons: Vec<String>,
    /// Whether its owner added it on the hosted pages.
    #[serde(default)]
    is_added_by_owner: bool,
}

fn approved() -> CardStatus {
    CardStatus::Approved
}

impl WrittenCard {
    /// The card itself, of `owner`; not numbered yet.
    ///
    /// # Errors
    /// When the seed world does not list its bin.
    pub(super) fn card(
        &self,
        owner: &str,
        person: &Person,
        bins: &[Bin],
        now: Timestamp,
        random: &mut Random,
    ) -> Result<Card, String> {
        let bin = bins.iter().find(|bin| bin.bin == self.bin);
        let bin = bin.ok_or_else(|| format!("world.json: no bin is called \"{}\"", self.bin))?;
        let number = card_numbers::completed(&format!("{}{}", bin.bin, random.digits(OWN_DIGITS)));
        let year = calendar::pacific_date(now).map_or(0, Date::year);
        let year = i64::from(year) + random.between(*YEARS_LEFT.start(), *YEARS_LEFT.end());
        Ok(Card {
            sequence: 0,
            id: random.uuid(),
            owner: owner.to_owned(),
            company: card_numbers::company(&number).to_owned(),
            kind: bin.card_type.clone(),
            first_six: bin.bin.clone(),
            last_four: number.chars().skip(number.len() - 4).collect(),
            expiration: format!("{:02}/{:02}", random.between(1, 12), year % 100),
            holder: Holder {
                first_name: person.first_name.clone(),
                last_name: person.last_name.clone(),
                street_line_1: Some("123 Astra Ave".into()),
                street_line_2: None,
                city: Some("Palo Alto".into()),
                state: Some("CA".into()),
                zip_code: "94304".into(),
            },
            status: self.status,
            is_address_known: !self.reasons.iter().any(|reason| reason == ADDRESS_UNKNOWN),
            reasons: self.reasons.clone(),
            is_from_client: !self.is_added_by_owner,
            created: Timestamp(now.0 - random.between(0, OLDEST_CARD_MS)),
        })
    }
}
