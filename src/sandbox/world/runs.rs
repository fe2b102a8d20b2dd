//! Running routines: each due day makes a transfer, or waits, or passes.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::Timestamp;
use crate::sandbox::world::World;
use crate::sandbox::world::agenda::Event;
use crate::sandbox::world::outbox::Kind;
use crate::sandbox::world::routines::{End, Obstacle, Routine};
use crate::sandbox::world::settlement;
use crate::sandbox::world::transfers::{Transfer, TransferStatus};

/// How long after its start an account may be authorized late (Astra's page "Routine statuses").
const AUTHORIZED_WITHIN: Duration = Duration::from_secs(7 * 24 * 3_600);

impl World {
    /// The routine at `place` is due at `moment`.
    pub(super) fn run(&mut self, place: usize, moment: Timestamp) {
        let Some(routine) = self.routines.get(place) else {
            return;
        };
        if routine.next != Some(moment) || routine.end.is_some() {
            return; // it has changed or ended since it was put on the agenda
        }
        let is_one_time = routine.order.is_one_time();
        match self.obstacle(routine, moment) {
            None => self.send(place, moment),
            Some(_) if is_one_time => self.waiting.push((place, moment)),
            Some(_) => {} // this day of a recurring routine passes
        }
        self.update(place, |routine| routine.days_over += 1);
        self.schedule(place);
    }

    /// Lets one-time routines run that were due before they could; whether any did.
    pub(super) fn retry_waiting(&mut self, now: Timestamp) -> bool {
        let mut has_run = false;
        for (place, due) in std::mem::take(&mut self.waiting) {
            let Some(routine) = self.routines.get(place) else {
                continue;
            };
            match self.obstacle(routine, now) {
                None => {
                    let moment = self.ready(routine, due);
                    self.send(place, moment);
                    has_run = true;
                }
                Some(Obstacle::UserBlocked) => {
                    self.update(place, |routine| routine.end = Some(End::Suspended));
                }
                Some(Obstacle::AccountUnauthorized) if now > due.after(AUTHORIZED_WITHIN) => {
                    self.update(place, |routine| routine.end = Some(End::Failed));
                }
                Some(_) => self.waiting.push((place, due)),
            }
        }
        has_run
    }

    /// When a routine that was due at `due` could run at last.
    fn ready(&self, routine: &Routine, due: Timestamp) -> Timestamp {
        let checked = self.user(&routine.owner).map(|user| user.check.since());
        let connected = self
            .accounts
            .iter()
            .filter(|account| routine.order.touches(&account.id))
            .map(|account| account.connected_at);
        let moments = checked.into_iter().chain(connected);
        moments.fold(due.max(routine.ready_since), Timestamp::max)
    }

    fn send(&mut self, place: usize, moment: Timestamp) {
        let Some(routine) = self.routines.get(place) else {
            return;
        };
        let (owner, order) = (routine.owner.clone(), Arc::clone(&routine.order));
        let arrival = settlement::arrival(&order, moment, self.random.next());
        let transfer = Transfer {
            id: self.random.hex(40),
            routine: place,
            owner,
            amount: order.wish.amount,
            order,
            initiated: moment,
            updated: moment,
            arrival,
            status: TransferStatus::Pending,
            failure: None,
            claim: None,
        };
        let transfer = self.transfers.add(transfer);
        self.agenda.put(arrival, Event::Settle(transfer));
        self.update(place, |routine| routine.transfers.push(transfer));
        self.tell_transfer(Kind::TransferCreated, transfer);
    }
}
