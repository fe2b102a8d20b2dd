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
        self.notice_routines();
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
            self.notice_routines();
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::sandbox::clock::Clock;
    use crate::sandbox::world::Setup;
    use crate::sandbox::world::outbox::Kind;
    use crate::sandbox::world::people::Person;

    fn world() -> World {
        let setup = Setup::of_tests(Clock::frozen(Timestamp(1_780_000_000_000)));
        let mut world = World::new(setup).unwrap();
        world.tell_news(true);
        world
    }

    fn person() -> Person {
        Person {
            phone: "+16505550199".into(),
            ..Person::default()
        }
    }

    /// What is told after some seconds.
    fn told(world: &mut World, seconds: u64) -> Vec<Kind> {
        world.pass(Duration::from_secs(seconds));
        world
            .take_news()
            .into_iter()
            .map(|news| news.kind)
            .collect()
    }

    #[test]
    fn the_outcome_of_a_check_is_told_once_and_each_change_by_hand() {
        let mut world = world();
        let user = world.add_user(person());
        assert_eq!(told(&mut world, 1), []);
        assert_eq!(told(&mut world, 1), [Kind::UserUpdated]);
        assert_eq!(told(&mut world, 100), []);
        world.set_status(&user, UserStatus::Document).unwrap();
        world.set_status(&user, UserStatus::Document).unwrap();
        assert_eq!(told(&mut world, 1), [Kind::UserUpdated]);
        world.take_document(&user);
        assert_eq!(told(&mut world, 2), [Kind::UserUpdated; 2]);
    }

    #[test]
    fn a_check_that_has_been_replaced_tells_nothing() {
        let mut world = world();
        let user = world.add_user(person());
        world.pass(Duration::from_secs(1));
        world.set_status(&user, UserStatus::Suspended).unwrap();
        assert_eq!(told(&mut world, 100), [Kind::UserUpdated]);
        world.set_status(&user, UserStatus::Pending).unwrap();
        assert_eq!(told(&mut world, 100), [Kind::UserUpdated]);
    }

    #[test]
    fn an_intent_that_becomes_a_user_hands_its_check_on() {
        let mut world = world();
        let intent = world.add_intent(person(), None, "verified").unwrap();
        world.convert(&intent);
        world.convert(&intent);
        assert_eq!(told(&mut world, 1), [Kind::UserIntentUpdated]);
        assert_eq!(told(&mut world, 1), [Kind::UserUpdated]);
    }

    #[test]
    fn being_told_changes_nothing_in_the_world() {
        let play = |is_told| {
            let mut world = world();
            world.tell_news(is_told);
            let user = world.add_user(person());
            let bank = world.institutions()[0].id.clone();
            world.connect_bank(&user, &bank);
            world.pass(Duration::from_secs(5));
            assert_eq!(world.take_news().is_empty(), !is_told);
            world.new_id()
        };
        assert_eq!(play(true), play(false));
    }
}
