//! Identity checks: how a user gets another one, and how it becomes known that one has come to its outcome.

use crate::domain::{Timestamp, UserStatus};
use crate::sandbox::world::World;
use crate::sandbox::world::agenda::Event;
use crate::sandbox::world::people::{Check, Intent};

impl World {
    /// Gives a user another check.
    pub(super) fn set_check(&mut self, id: &str, check: Check) {
        let now = self.now();
        let mut users = self.users.iter_mut().enumerate();
        let Some((place, user)) = users.find(|(_, user)| user.id == id) else {
            return;
        };
        let before = std::mem::replace(&mut user.check, check);
        if check.status(now) != before.status(now) {
            self.tell_user(id);
        }
        self.await_outcome(check, Event::UserChecked(place));
    }

    /// Puts the outcome of `check` on the agenda, if it is still to come.
    pub(super) fn await_outcome(&mut self, check: Check, event: Event) {
        if self.now() < check.since() && check.since() < Timestamp(i64::MAX) {
            self.agenda.put(check.since(), event);
        }
    }

    /// The check of the user at `place` was to come to its outcome at `moment`; by now it may be another check.
    pub(super) fn user_checked(&mut self, place: usize, moment: Timestamp) {
        let user = self.users.get(place);
        if let Some(user) = user.filter(|user| user.check.since() == moment) {
            let id = user.id.clone();
            self.tell_user(&id);
        }
    }

    /// The check of the intent at `place` has come to its outcome, which is told unless it has become a user.
    pub(super) fn intent_checked(&mut self, place: usize, moment: Timestamp) {
        let intent = self.intents.get(place);
        let is_one = |intent: &&Intent| intent.status(moment) != UserStatus::ConvertedToUser;
        if let Some(intent) = intent.filter(is_one) {
            let id = intent.id.clone();
            self.tell_intent(&id);
        }
    }
}
