//! Checks what a caller asks to be moved, and says what stands against it.

use jiff::civil::Date;
use serde_json::Value;

use crate::domain::{Timestamp, UserStatus};
use crate::sandbox::world::bank::Cents;
use crate::sandbox::world::cards::CardStatus;
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::terms::{
    Door, Frequency, ONE_TIME, Order, Party, PartyKind, Payment, RECURRING, Speed, Wish,
};
use crate::sandbox::world::{World, calendar};

/// The most that one transfer moves. Astra's limits depend on the program and are not published; this one only keeps
/// sums within bounds.
const MOST: Cents = Cents(100_000_000);

/// Characters of a correlation id, at most (Astra's index of 2026): the networks hand on no more.
const LONGEST_FOR_DEBIT: usize = 8;
const LONGEST_FOR_ACH: usize = 80;
const LONGEST_FOR_REAL_TIME: usize = 140;

fn wrong<T>(text: impl Into<String>) -> Result<T, Objection> {
    Err(Objection::wrong(text))
}

impl World {
    /// The order that `wish` comes to, for `user`.
    pub(crate) fn order(&self, user: &str, wish: Wish) -> Result<Order, Objection> {
        self.check_starter(user)?;
        let (source, destination) = self.parties(user, &wish)?;
        let watched = wish.others.get("spending").and_then(Value::as_str);
        if watched.is_some_and(|id| !id.is_empty() && self.account(user, id).is_none()) {
            return Err(Objection::missing(
                "spending: this user has no account with that id",
            ));
        }
        let payment = wish.payment.parse().unwrap_or(Payment::Ach);
        check_ways(wish.door, payment, source.kind, destination.kind)?;
        if source.id == destination.id {
            return wrong("source_id and destination_id must differ");
        }
        if wish.amount <= Cents(0) || wish.amount > MOST {
            return wrong(format!(
                "amount must be more than 0 and at most {} dollars",
                MOST.dollars()
            ));
        }
        let speed = speed(&wish, source.kind)?;
        let frequency = frequency(&wish, payment, source.kind)?;
        check_correlation_id(&wish, payment, speed)?;
        Ok(Order {
            start: start(&wish, payment, self.now())?,
            payment,
            source,
            destination,
            speed,
            frequency,
            wish,
        })
    }

    /// Only users in good standing start routines (Astra's guide "User statuses"): for those whose check is not over
    /// a routine waits, the others are refused.
    fn check_starter(&self, user: &str) -> Result<(), Objection> {
        let status = self
            .user(user)
            .map(|user| user.check.status(self.now()))
            .unwrap_or(UserStatus::Rejected);
        match status {
            UserStatus::Suspended | UserStatus::Rejected => Err(Objection::Forbidden(format!(
                "this user is {} and cannot start routines",
                status.name()
            ))),
            _ => Ok(()),
        }
    }

    /// The ends of a wish, where the user, or the one who is to receive, has them and can use them.
    fn parties(&self, user: &str, wish: &Wish) -> Result<(Party, Party), Objection> {
        let source = self.party(user, &wish.source).ok_or_else(|| {
            Objection::missing("source_id: this user has no account or card with that id")
        })?;
        let receiver = wish.destination_user.as_deref().unwrap_or(user);
        let Some(known) = self.user(receiver) else {
            return Err(Objection::missing(
                "destination_user_id: there is no user with that id",
            ));
        };
        let destination = self.party(receiver, &wish.destination).ok_or_else(|| {
            Objection::missing(match receiver == user {
                true => "destination_id: this user has no account or card with that id; name another owner in destination_user_id",
                false => "destination_id: the user of destination_user_id has no account or card with that id",
            })
        })?;
        let status = known.check.status(self.now());
        if matches!(status, UserStatus::Suspended | UserStatus::Rejected) {
            return Err(Objection::Forbidden(format!(
                "the user of destination_user_id is {} and cannot receive money",
                status.name()
            )));
        }
        self.check_card("source_id", user, &source)?;
        self.check_card("destination_id", receiver, &destination)?;
        Ok((source, destination))
    }

    fn party(&self, owner: &str, id: &str) -> Option<Party> {
        let is_card = |id: &str| {
            self.card(owner, id)
                .is_some_and(|card| card.status != CardStatus::Removed)
        };
        let kind = if self.account(owner, id).is_some() {
            PartyKind::Account
        } else if is_card(id) {
            PartyKind::Card
        } else if self.instrument(id).is_some() {
            PartyKind::Instrument
        } else {
            return None;
        };
        Some(Party {
            kind,
            id: id.to_owned(),
        })
    }

    fn check_card(&self, field: &str, owner: &str, party: &Party) -> Result<(), Objection> {
        match self.card(owner, &party.id) {
            Some(card) if !card.is_usable() => wrong(format!(
                "{field}: the card is {}: only approved cards can be used",
                card.status.name()
            )),
            _ => Ok(()),
        }
    }
}

/// Which ends may be joined by which endpoint and which way of payment.
fn check_ways(
    door: Door,
    payment: Payment,
    source: PartyKind,
    destination: PartyKind,
) -> Result<(), Objection> {
    use PartyKind::{Account, Card, Instrument};
    let (is_joined, expected) = match (door, payment) {
        (Door::AccountToCard, _) => (
            (source, destination) == (Account, Card),
            "an account to a card",
        ),
        (Door::CardToAccount, _) => (
            (source, destination) == (Card, Account),
            "a card to an account",
        ),
        (Door::Book, _) => (
            (source, destination) == (Instrument, Instrument),
            "a payment instrument to another",
        ),
        (Door::General, Payment::Debit) => {
            ((source, destination) == (Card, Card), "a card to a card")
        }
        (Door::General, Payment::Ach) => (
            source != Card && destination == Account,
            "an account or a payment instrument to an account",
        ),
        (Door::General, Payment::Ledger) => (
            source != Card && destination != Card,
            "an account or a payment instrument to another",
        ),
    };
    if is_joined {
        return Ok(());
    }
    let way: &str = payment.into();
    let hint = match (door, source, destination) {
        (Door::General, Account, Card) => ": use POST /v1/routines/account-to-card",
        (Door::General, Card, Account) => ": use POST /v1/routines/card-to-account",
        _ => "",
    };
    wrong(format!(
        "{way} moves money here from {expected}, not from {} to {}{hint}",
        source.article(),
        destination.article()
    ))
}

fn speed(wish: &Wish, source: PartyKind) -> Result<Speed, Objection> {
    let speed = wish.speed.as_deref().map(str::parse).and_then(Result::ok);
    let speed = speed.unwrap_or_default();
    // Documented for real-time; for T+0 alone nothing is said, and it is let through.
    match speed == Speed::RealTime && source != PartyKind::Instrument {
        true => {
            wrong("preferred_settlement_speed real-time needs a payment instrument as source_id")
        }
        false => Ok(speed),
    }
}

/// Recurring is for ACH between accounts only (Astra's help pages).
fn frequency(
    wish: &Wish,
    payment: Payment,
    source: PartyKind,
) -> Result<Option<Frequency>, Objection> {
    let frequency = wish
        .frequency
        .as_deref()
        .map(str::parse)
        .and_then(Result::ok);
    match (wish.kind.as_str(), frequency) {
        (ONE_TIME, Some(_)) => wrong("frequency is for recurring routines only"),
        (RECURRING, None) => wrong("frequency is required for a recurring routine"),
        (RECURRING, _) if payment != Payment::Ach || source != PartyKind::Account => {
            wrong("recurring routines run over ach between accounts only")
        }
        (_, frequency) => Ok(frequency),
    }
}

fn check_correlation_id(wish: &Wish, payment: Payment, speed: Speed) -> Result<(), Objection> {
    let most = match (payment, speed) {
        (Payment::Debit, _) => LONGEST_FOR_DEBIT,
        (_, Speed::RealTime) => LONGEST_FOR_REAL_TIME,
        _ => LONGEST_FOR_ACH,
    };
    let way: &str = payment.into();
    match wish.correlation_id.as_deref() {
        Some(id) if id.len() > most => wrong(format!(
            "client_correlation_id must have at most {most} characters for {way}, it has {}",
            id.len()
        )),
        _ => Ok(()),
    }
}

/// The day on which it starts: today in California unless said otherwise. The past is refused, since the sandbox cannot
/// go there; what Astra does with it is not documented.
fn start(wish: &Wish, payment: Payment, now: Timestamp) -> Result<Date, Objection> {
    let Some(today) = calendar::pacific_date(now) else {
        return wrong("the clock of the sandbox is beyond the end of time");
    };
    let Some(text) = wish.start.as_deref() else {
        return Ok(today);
    };
    let Some(day) = calendar::day(text) else {
        return wrong(format!(
            "start_date must be a date such as {today}, or a date and time"
        ));
    };
    if day < today {
        return wrong(format!("start_date {day} is over: today is {today}"));
    }
    if payment == Payment::Debit && day > today {
        return wrong(format!(
            "start_date of a debit must not be in the future: today is {today}"
        ));
    }
    Ok(day)
}
