//! What will happen when: nothing in the sandbox runs by itself, the world catches up with its clock when it is looked at.

use std::collections::BTreeSet;

use crate::domain::Timestamp;
use crate::sandbox::world::World;

/// Something that happens at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// The check of the intent at this place comes to its outcome.
    IntentChecked(usize),
    /// The check of the user at this place comes to its outcome.
    UserChecked(usize),
    /// The routine at this place is due.
    Due(usize),
    /// The transfer at this place arrives, or fails.
    Settle(usize),
    /// The transfer at this place is claimed back.
    ClaimBack(usize),
}

/// Events to come, in the order of their moments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda(BTreeSet<(Timestamp, Event)>);

impl Agenda {
    /// Notes an event.
    pub(crate) fn put(&mut self, moment: Timestamp, event: Event) {
        self.0.insert((moment, event));
    }

    /// The moment of the earliest event.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.0.first().map(|(moment, _)| *moment)
    }

    /// Takes the earliest event out, if its moment has come.
    fn pop(&mut self, now: Timestamp) -> Option<(Timestamp, Event)> {
        match self.0.first() {
            Some((moment, _)) if *moment <= now => self.0.pop_first(),
            _ => None,
        }
    }
}

impl World {
    /// Lets everything happen that was to happen by now, each at its own moment: the outcome is the same however often
    /// the world is looked at in between.
    pub(crate) fn catch_up(&mut self) {
        let now = self.now();
        loop {
            while let Some((moment, event)) = self.agenda.pop(now) {
                match event {
                    Event::IntentChecked(intent) => self.intent_checked(intent, moment),
                    Event::UserChecked(user) => self.user_checked(user, moment),
                    Event::Due(routine) => self.run(routine, moment),
                    Event::Settle(transfer) => self.settle(transfer, moment),
                    Event::ClaimBack(transfer) => self.claim_back(transfer, moment),
                }
            }
            // What is freed now may be due at once.
            if !self.retry_waiting(now) {
                return;
            }
        }
    }
}
