//! Debit cards: how they are added and reviewed. When one may be deleted is asked of the routines.

use jiff::civil::Date;
use serde::Deserialize;
use strum::IntoStaticStr;

use crate::domain::Timestamp;
use crate::sandbox::world::card_numbers::{self, Bin};
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::outbox::{Kind, News};
use crate::sandbox::world::{World, calendar};

/// Where the review of a card stands (Astra's page "Card review statuses").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub(crate) enum CardStatus {
    /// It can be used.
    Approved,
    /// The client has to decide, in the Dashboard.
    Flagged,
    /// It cannot be used.
    Rejected,
    /// It was deleted.
    Removed,
}

impl CardStatus {
    /// As the API spells it.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }
}

/// Name and address on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) street_line_1: Option<String>,
    pub(crate) street_line_2: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) zip_code: String,
}

/// A card as it is handed in.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewCard {
    pub(crate) number: String,
    pub(crate) security_code: String,
    /// `MM/YY`
    pub(crate) expiration: String,
    pub(crate) holder: Holder,
    /// Whether the person typed it in, and not the client for them.
    pub(crate) is_added_by_user: bool,
    /// Whether it comes by a call of the API, and not on the hosted pages.
    pub(crate) is_from_client: bool,
}

/// A debit card of one user. Its number is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Card {
    /// Place in the order of creation, over all users.
    pub(crate) sequence: u64,
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) company: String,
    pub(crate) kind: String,
    pub(crate) first_six: String,
    pub(crate) last_four: String,
    pub(crate) expiration: String,
    pub(crate) holder: Holder,
    pub(crate) status: CardStatus,
    /// Astra's codes for the outcome of the review.
    pub(crate) reasons: Vec<String>,
    pub(crate) is_address_known: bool,
    pub(crate) is_from_client: bool,
    pub(crate) created: Timestamp,
}

impl Card {
    /// Whether money can be moved with it.
    pub(crate) fn is_usable(&self) -> bool {
        self.status == CardStatus::Approved
    }
}

/// The last day on which a card works; the pattern of the catalogue has been checked before.
pub(crate) fn last_day(expiration: &str) -> Option<Date> {
    let (month, year) = expiration.split_once('/')?;
    let year = 2_000 + year.parse::<i16>().ok()?;
    let first = Date::new(year, month.parse().ok()?, 1).ok()?;
    Some(first.last_of_month())
}

impl World {
    /// The cards of all users, in the order of creation; removed ones with them.
    pub(crate) fn cards(&self) -> &[Card] {
        &self.cards
    }

    /// The card of `user` with this id, even after it was removed.
    pub(crate) fn card(&self, user: &str, id: &str) -> Option<&Card> {
        self.cards
            .iter()
            .find(|card| card.id == id && card.owner == user)
    }

    /// What is known of the numbers that begin with these six digits.
    pub(crate) fn bin(&self, bin: &str) -> Option<&Bin> {
        self.bins.iter().find(|known| known.bin == bin)
    }

    /// Takes a card in and reviews it at once; answers its id.
    pub(crate) fn add_card(&mut self, user: &str, new: NewCard) -> Result<String, Objection> {
        let wrong = |text: &str| Err(Objection::wrong(text));
        if !card_numbers::is_sound(&new.number) {
            return wrong("card_number is not a card number: its check digit is wrong");
        }
        let today = calendar::pacific_date(self.now()).unwrap_or(Date::MAX);
        if last_day(&new.expiration).is_none_or(|day| day < today) {
            return wrong("expiration_date is over");
        }
        let first_six: String = new.number.chars().take(6).collect();
        let bin = self.bin(&first_six);
        if bin.is_none() && !new.is_added_by_user {
            return wrong(
                "card_number begins with digits that are not registered for this client: send added_by_user if the person typed it in",
            );
        }
        let kind = bin.map_or("debit", |bin| &bin.card_type).to_owned();
        let count = new.number.len();
        let lever = self.levers.of_security_code(&new.security_code);
        let status = lever.map_or(CardStatus::Approved, |lever| lever.status);
        let reasons = lever.map(|lever| lever.reasons.clone()).unwrap_or_default();
        let id = self.random.uuid();
        let card = Card {
            sequence: self.next_place(),
            id: id.clone(),
            owner: user.to_owned(),
            company: card_numbers::company(&new.number).to_owned(),
            kind,
            last_four: new.number.get(count - 4..).unwrap_or_default().to_owned(),
            first_six,
            expiration: new.expiration,
            is_address_known: !reasons.iter().any(|reason| reason == ADDRESS_UNKNOWN),
            holder: new.holder,
            status,
            reasons,
            is_from_client: new.is_from_client,
            created: self.now(),
        };
        self.cards.push(card);
        self.outbox.put(|| News::new(Kind::CardCreated, user, &id));
        Ok(id)
    }

    /// Deletes a card of `user`.
    pub(crate) fn remove_card(&mut self, user: &str, id: &str) -> Result<(), Objection> {
        let card = self
            .card(user, id)
            .filter(|card| card.status != CardStatus::Removed)
            .ok_or_else(|| Objection::missing("this user has no card with that id"))?;
        if !card.is_from_client {
            return Err(Objection::wrong(
                "the card was added by its owner on the hosted pages: only cards that this client added can be deleted",
            ));
        }
        self.check_free(id, "card")?;
        if let Some(card) = self.cards.iter_mut().find(|card| card.id == id) {
            card.status = CardStatus::Removed;
        }
        self.outbox.put(|| News::new(Kind::CardUpdated, user, id));
        Ok(())
    }

    pub(super) fn seed_card(&mut self, card: Card) {
        let sequence = self.next_place();
        self.cards.push(Card { sequence, ..card });
    }
}

/// The review's code for an address that the issuer does not know.
pub(crate) const ADDRESS_UNKNOWN: &str = "C2001";
