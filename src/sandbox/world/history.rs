//! Transfers of the past that a user is given at once. They have moved their money long ago: no balance changes.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;

use crate::domain::Timestamp;
use crate::sandbox::world::agenda::Event;
use crate::sandbox::world::bank::Cents;
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::settlement;
use crate::sandbox::world::terms::{Order, Party, PartyKind, Payment, Speed, Wish};
use crate::sandbox::world::transfers::{Transfer, TransferStatus};
use crate::sandbox::world::{World, calendar};

/// How far back the history of a user begins who had none.
const REACHES_BACK: Duration = Duration::from_secs(730 * 24 * 3_600);
/// Amounts, in dollars. They are whole, so that they pull no lever.
const AMOUNTS: std::ops::RangeInclusive<i64> = 1..=400;
/// Of a hundred transfers, so many failed and were cancelled.
const FAILED: u64 = 4;
const CANCELLED: u64 = 2;

impl World {
    /// Gives `user` `count` transfers between their accounts, spread evenly up to now.
    pub(crate) fn add_history(&mut self, user: &str, count: u64) -> Result<(), Objection> {
        let ids: Vec<_> = self.accounts_of(user).map(|it| it.id.clone()).collect();
        if ids.len() < 2 {
            return Err(Objection::wrong(
                "a user needs two accounts to have a history",
            ));
        }
        let now = self.now();
        let ledger = self.transfers();
        let newest = ledger
            .of_owner(user)
            .last()
            .and_then(|place| ledger.at(*place));
        let start = now.before(REACHES_BACK);
        let start = newest.map_or(start, |transfer| transfer.initiated.max(start));
        let places: Vec<_> = ids
            .iter()
            .zip(ids.iter().cycle().skip(1))
            .map(|(source, destination)| self.past_routine(user, source, destination, start))
            .collect();
        let step = now.since(start) / u32::try_from(count).unwrap_or(u32::MAX);
        for number in 0..count {
            let moment =
                start.after(step.saturating_mul(u32::try_from(number).unwrap_or(u32::MAX)));
            if let Some(place) = self.random.choose(&places).copied() {
                self.past_transfer(place, moment, now);
            }
        }
        Ok(())
    }

    /// A routine without runs of its own, to which transfers of the past belong.
    fn past_routine(
        &mut self,
        user: &str,
        source: &str,
        destination: &str,
        start: Timestamp,
    ) -> usize {
        let party = |id: &str| Party {
            kind: PartyKind::Account,
            id: id.to_owned(),
        };
        let order = Order {
            wish: Wish {
                // A type that runs by what the sandbox does not simulate: nothing follows by itself.
                kind: "round-up".into(),
                name: "History".into(),
                payment: "ach".into(),
                source: source.to_owned(),
                destination: destination.to_owned(),
                ..Wish::default()
            },
            payment: Payment::Ach,
            source: party(source),
            destination: party(destination),
            start: calendar::pacific_date(start).unwrap_or(Date::MAX),
            speed: Speed::default(),
            frequency: None,
        };
        self.add_routine(user, order)
    }

    fn past_transfer(&mut self, place: usize, moment: Timestamp, now: Timestamp) {
        let Some(routine) = self.routines.get(place) else {
            return;
        };
        let (owner, order) = (routine.owner.clone(), Arc::clone(&routine.order));
        let arrival = settlement::arrival(&order, moment, self.random.next());
        let status = match (arrival <= now, self.random.below(100)) {
            (false, _) => TransferStatus::Pending,
            (true, draw) if draw < FAILED => TransferStatus::Failed,
            (true, draw) if draw < FAILED + CANCELLED => TransferStatus::Cancelled,
            (true, _) => TransferStatus::Processed,
        };
        let transfer = Transfer {
            id: self.random.hex(40),
            routine: place,
            owner,
            amount: Cents(self.random.between(*AMOUNTS.start(), *AMOUNTS.end()) * 100),
            order,
            initiated: moment,
            updated: arrival.min(now),
            arrival,
            status,
            failure: (status == TransferStatus::Failed).then(|| "R01 insufficient funds".into()),
            claim: None,
        };
        let transfer = self.transfers.add(transfer);
        if status == TransferStatus::Pending {
            self.agenda.put(arrival, Event::Settle(transfer));
        }
        self.update(place, |routine| routine.transfers.push(transfer));
    }
}
