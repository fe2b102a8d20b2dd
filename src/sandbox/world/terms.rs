//! The words in which money is moved: what is moved from where to where, how, how fast and how often.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Map, Value};
use strum::{EnumString, IntoStaticStr};

use crate::sandbox::world::bank::Cents;

/// The way the money takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub(crate) enum Payment {
    /// Between accounts, over the clearing houses.
    Ach,
    /// To or from cards, over their networks.
    Debit,
    /// From one line of the same book to another.
    Ledger,
}

/// How fast an ACH payment shall be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, IntoStaticStr)]
pub(crate) enum Speed {
    /// Over RTP or FedNow.
    #[strum(serialize = "real-time")]
    RealTime,
    /// The same day.
    #[strum(serialize = "T+0")]
    SameDay,
    /// The next banking day. It is taken where none is asked for; Astra's own choice is not documented.
    #[default]
    #[strum(serialize = "T+1")]
    NextDay,
    /// The second banking day.
    #[strum(serialize = "T+2")]
    TwoDays,
    /// The fourth banking day.
    #[strum(serialize = "T+4")]
    FourDays,
}

/// How often a recurring routine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum Frequency {
    /// Every seven days.
    Weekly,
    /// Every fourteen days.
    BiWeekly,
    /// On the same day of each month, or its last one.
    Monthly,
}

impl Frequency {
    /// The day of the run with this number; the one with number 0 is at `start`.
    pub(crate) fn day(self, start: Date, number: i32) -> Option<Date> {
        let span = match self {
            Self::Weekly => number.weeks(),
            Self::BiWeekly => number.checked_mul(2)?.weeks(),
            Self::Monthly => number.months(),
        };
        start.checked_add(span).ok()
    }
}

/// What an end of a routine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartyKind {
    /// A bank account.
    Account,
    /// A debit card.
    Card,
    /// A settlement account of the client.
    Instrument,
}

impl PartyKind {
    /// With its article, for sentences.
    pub(crate) fn article(self) -> &'static str {
        match self {
            Self::Account => "an account",
            Self::Card => "a card",
            Self::Instrument => "a payment instrument",
        }
    }
}

/// One end of a routine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Party {
    pub(crate) kind: PartyKind,
    pub(crate) id: String,
}

/// By which endpoint a routine comes, which decides what its ends may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Door {
    /// Between two accounts, or two cards.
    #[default]
    General,
    /// From an account to a card.
    AccountToCard,
    /// From a card to an account.
    CardToAccount,
    /// Between two payment instruments.
    Book,
}

/// What a caller asks to be moved, not checked yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wish {
    pub(crate) door: Door,
    /// `one-time`, `recurring`, or one of the types that watch balances and purchases.
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) payment: String,
    pub(crate) source: String,
    pub(crate) destination: String,
    /// Whose the destination is, if not the caller's.
    pub(crate) destination_user: Option<String>,
    pub(crate) amount: Cents,
    pub(crate) start: Option<String>,
    pub(crate) speed: Option<String>,
    pub(crate) frequency: Option<String>,
    pub(crate) correlation_id: Option<String>,
    /// The share of the amount that the customer pays, in per cent.
    pub(crate) fee_percent: Option<f64>,
    /// The way over the card networks, in the words of the endpoints between account and card.
    pub(crate) card_route: Option<String>,
    /// Fields of the types that the sandbox does not simulate, as they came.
    pub(crate) others: Map<String, Value>,
}

/// What is moved: a wish that has passed the checks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order {
    /// As it was asked for, to be shown and to be changed.
    pub(crate) wish: Wish,
    pub(crate) payment: Payment,
    pub(crate) source: Party,
    pub(crate) destination: Party,
    pub(crate) start: Date,
    pub(crate) speed: Speed,
    /// Of a recurring routine.
    pub(crate) frequency: Option<Frequency>,
}

/// The type that moves money once.
pub(crate) const ONE_TIME: &str = "one-time";
/// The type that moves the same amount again and again.
pub(crate) const RECURRING: &str = "recurring";

impl Order {
    /// Whether it moves money once.
    pub(crate) fn is_one_time(&self) -> bool {
        self.wish.kind == ONE_TIME
    }

    /// Whether `id` is one of its ends.
    pub(crate) fn touches(&self, id: &str) -> bool {
        self.source.id == id || self.destination.id == id
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn words_read_back() {
        assert_eq!("T+4".parse(), Ok(Speed::FourDays));
        assert_eq!(<&str>::from(Speed::RealTime), "real-time");
        assert_eq!("bi-weekly".parse(), Ok(Frequency::BiWeekly));
        assert_eq!(<&str>::from(Payment::Ach), "ach");
    }

    #[test]
    fn a_month_that_is_too_short_ends_early_and_the_next_is_whole_again() {
        let start = date(2026, 1, 31);
        let day = |number| Frequency::Monthly.day(start, number);
        assert_eq!(day(1), Some(date(2026, 2, 28)));
        assert_eq!(day(2), Some(date(2026, 3, 31)));
        assert_eq!(Frequency::BiWeekly.day(start, 1), Some(date(2026, 2, 14)));
        assert_eq!(Frequency::Weekly.day(Date::MAX, 1), None);
    }
}
