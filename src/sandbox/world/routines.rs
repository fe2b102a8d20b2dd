//! Routines: how they stand, and how they are changed and ended. When they run is for `runs`.

use std::sync::Arc;

use strum::IntoStaticStr;

use crate::domain::{Timestamp, UserStatus};
use crate::sandbox::world::agenda::Event;
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::terms::{Order, PartyKind, RECURRING, Wish};
use crate::sandbox::world::transfers::TransferStatus;
use crate::sandbox::world::{World, calendar};

/// How a routine stands (Astra's page "Routine statuses").
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum RoutineStatus {
    /// It waits for the check of its user.
    RequiresUserVerification,
    /// It waits for an account that is not connected.
    PendingAccountAuthorization,
    /// Its user was blocked.
    UserSuspended,
    /// It runs.
    Active,
    /// It is paused.
    Inactive,
    /// Its one transfer was cancelled.
    Cancelled,
    /// Its one transfer failed, or never came about.
    Failed,
    /// Its one transfer arrived.
    Completed,
}

/// Why a routine makes no further transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It was deleted.
    Deleted,
    /// Its account was not authorized in time.
    Failed,
    /// It was to run once, and its user was blocked before.
    Suspended,
}

/// An order to move money, and what has come of it.
#[derive(Clone, Debug)]
pub(crate) struct Routine {
    pub(crate) id: String,
    pub(crate) owner: String,
    /// Shared with its transfers, which keep the order as it was when they were made.
    pub(crate) order: Arc<Order>,
    pub(crate) created: Timestamp,
    pub(crate) is_paused: bool,
    pub(crate) end: Option<End>,
    /// Since when nothing but a change of its own stands against it: creation, or the last resumption.
    pub(crate) ready_since: Timestamp,
    /// When it runs next; events at other moments are of an order that has changed.
    pub(super) next: Option<Timestamp>,
    /// How many of its days have come.
    pub(super) days_over: i32,
    /// How it stood when it was last looked at for news; `None` before.
    pub(super) told: Option<RoutineStatus>,
    /// Places of its transfers, oldest first.
    pub(crate) transfers: Vec<usize>,
}

/// What stands against a routine's running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    Paused,
    UserBlocked,
    UserUnchecked,
    AccountUnauthorized,
}

impl World {
    /// The routines of all users, in the order of creation; deleted ones with them.
    pub(crate) fn routines(&self) -> &[Routine] {
        &self.routines
    }

    /// The routine of `user` with this id, and its place.
    pub(crate) fn routine(&self, user: &str, id: &str) -> Result<(usize, &Routine), Objection> {
        self.routines
            .iter()
            .enumerate()
            .find(|(_, routine)| {
                routine.id == id && routine.owner == user && routine.end != Some(End::Deleted)
            })
            .ok_or_else(|| Objection::missing("this user has no routine with that id"))
    }

    /// How `routine` stands now.
    pub(crate) fn routine_status(&self, routine: &Routine) -> RoutineStatus {
        if routine.order.is_one_time()
            && let Some(transfer) = routine.transfers.last()
        {
            return match self.transfers.status(*transfer) {
                TransferStatus::Pending => RoutineStatus::Active,
                TransferStatus::Processed => RoutineStatus::Completed,
                TransferStatus::Cancelled => RoutineStatus::Cancelled,
                TransferStatus::Failed => RoutineStatus::Failed,
            };
        }
        match (routine.end, self.obstacle(routine, self.now())) {
            (Some(End::Failed), _) => RoutineStatus::Failed,
            (Some(End::Suspended), _) | (_, Some(Obstacle::UserBlocked)) => {
                RoutineStatus::UserSuspended
            }
            (Some(End::Deleted), _) | (_, Some(Obstacle::Paused)) => RoutineStatus::Inactive,
            (None, Some(Obstacle::UserUnchecked)) => RoutineStatus::RequiresUserVerification,
            (None, Some(Obstacle::AccountUnauthorized)) => {
                RoutineStatus::PendingAccountAuthorization
            }
            (None, None) => RoutineStatus::Active,
        }
    }

    /// What stands against `routine`'s running at `moment`.
    pub(super) fn obstacle(&self, routine: &Routine, moment: Timestamp) -> Option<Obstacle> {
        let user = self.user(&routine.owner);
        let status = user.map(|user| user.check.status(moment));
        match status {
            Some(UserStatus::Approved) => {}
            Some(UserStatus::Pending | UserStatus::Retry | UserStatus::Document) => {
                return Some(Obstacle::UserUnchecked);
            }
            _ => return Some(Obstacle::UserBlocked),
        }
        if routine.is_paused {
            return Some(Obstacle::Paused);
        }
        let order = &routine.order;
        let is_severed = |id: &str| {
            self.accounts
                .iter()
                .any(|account| account.id == id && !account.is_connected)
        };
        let is_authorized = [&order.source, &order.destination]
            .into_iter()
            .filter(|party| party.kind == PartyKind::Account)
            .all(|party| !is_severed(&party.id));
        (!is_authorized).then_some(Obstacle::AccountUnauthorized)
    }

    /// Starts what `wish` asks for; answers the place of the routine.
    pub(crate) fn start_routine(&mut self, user: &str, wish: Wish) -> Result<usize, Objection> {
        let order = self.order(user, wish)?;
        let place = self.add_routine(user, order);
        self.catch_up();
        Ok(place)
    }

    pub(super) fn add_routine(&mut self, user: &str, order: Order) -> usize {
        let (place, now) = (self.routines.len(), self.now());
        let routine = Routine {
            id: self.random.hex(40),
            owner: user.to_owned(),
            order: Arc::new(order),
            created: now,
            is_paused: false,
            end: None,
            ready_since: now,
            next: None,
            days_over: 0,
            told: None,
            transfers: Vec::new(),
        };
        self.routines.push(routine);
        self.notice_routine(place);
        self.schedule(place);
        place
    }

    /// Changes a routine of `user` to what `change` makes of its wish, and pauses or resumes it.
    pub(crate) fn change_routine(
        &mut self,
        user: &str,
        id: &str,
        is_active: Option<bool>,
        change: impl FnOnce(&mut Wish),
    ) -> Result<usize, Objection> {
        let (place, routine) = self.routine(user, id)?;
        if routine.order.is_one_time() && (!routine.transfers.is_empty() || routine.end.is_some()) {
            return Err(Objection::wrong(
                "a one-time routine that has run cannot be changed",
            ));
        }
        let mut wish = routine.order.wish.clone();
        change(&mut wish);
        let old = &routine.order.wish;
        let is_fixed =
            (wish.amount, &wish.start, &wish.frequency) != (old.amount, &old.start, &old.frequency);
        if wish.kind == RECURRING && is_fixed {
            return Err(Objection::wrong(
                "amount, start_date and frequency of a recurring routine are fixed: delete it and create another",
            ));
        }
        // What it uses may have gone while it was paused.
        let is_resumed = is_active == Some(true) && routine.is_paused;
        if wish != *old || is_resumed {
            let started = (wish.start == old.start).then_some(routine.order.start);
            // The day that was agreed may be over by now; it is not asked for again.
            let day = wish.start.take_if(|_| started.is_some());
            let mut order = self.order(user, wish)?;
            order.start = started.unwrap_or(order.start);
            order.wish.start = day.or(order.wish.start);
            self.update(place, |routine| routine.order = Arc::new(order));
        }
        let now = self.now();
        if let Some(is_active) = is_active {
            self.update(place, |routine| {
                if is_resumed {
                    routine.ready_since = now;
                }
                routine.is_paused = !is_active;
            });
        }
        self.schedule(place);
        self.catch_up();
        Ok(place)
    }

    /// Deletes a routine of `user`. What is on its way already is not stopped.
    pub(crate) fn delete_routine(&mut self, user: &str, id: &str) -> Result<(), Objection> {
        let (place, routine) = self.routine(user, id)?;
        if routine.order.is_one_time() {
            return Err(Objection::wrong(
                "a one-time routine cannot be deleted: cancel its transfer instead",
            ));
        }
        self.update(place, |routine| {
            routine.end = Some(End::Deleted);
            routine.next = None;
        });
        Ok(())
    }

    pub(super) fn update(&mut self, place: usize, change: impl FnOnce(&mut Routine)) {
        if let Some(routine) = self.routines.get_mut(place) {
            change(routine);
            self.notice_routine(place);
        }
    }

    /// Notes when the routine at `place` runs next.
    pub(super) fn schedule(&mut self, place: usize) {
        let Some(routine) = self.routines.get(place) else {
            return;
        };
        let order = &routine.order;
        let day = match (order.frequency, order.is_one_time()) {
            (Some(frequency), false) if order.wish.kind == RECURRING => {
                frequency.day(order.start, routine.days_over)
            }
            (_, true) if routine.days_over == 0 => Some(order.start),
            // The other types watch balances and purchases, which the sandbox does not simulate.
            _ => None,
        };
        let moment = day.and_then(calendar::start_of_pacific);
        let moment = moment.map(|moment| moment.max(routine.created));
        if let Some(moment) = moment {
            self.agenda.put(moment, Event::Due(place));
        }
        self.update(place, |routine| routine.next = moment);
    }

    /// Refuses to let go of an account or card that money is still to move with.
    pub(super) fn check_free(&self, id: &str, what: &str) -> Result<(), Objection> {
        let is_running = |routine: &&Routine| {
            routine.order.touches(id)
                && routine.end.is_none()
                && !matches!(
                    self.routine_status(routine),
                    RoutineStatus::Inactive
                        | RoutineStatus::Cancelled
                        | RoutineStatus::Failed
                        | RoutineStatus::Completed
                )
        };
        if let Some(transfer) = self.transfers.pending_with(id) {
            return Err(Objection::wrong(format!(
                "the {what} has a pending transfer, {}: cancel it, or wait until it is over",
                transfer.id
            )));
        }
        match self.routines.iter().find(is_running) {
            Some(routine) => Err(Objection::wrong(format!(
                "the {what} is used by the routine {} ({}): delete or pause it first",
                routine.order.wish.name, routine.id
            ))),
            None => Ok(()),
        }
    }
}
