//! User intents: which are taken, and how one becomes a user.

use crate::domain::UserStatus;
use crate::sandbox::world::World;
use crate::sandbox::world::agenda::Event;
use crate::sandbox::world::people::{self, Check, Intent, Person};

/// Intents that one e-mail address can be used for (Astra's guide "User intents").
const INTENTS_PER_EMAIL: usize = 3;

/// Why a user intent is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// The same e-mail address and phone number were refused before.
    RefusedBefore,
    /// The e-mail address has been used too often.
    TooMany,
}

impl World {
    /// The intent with this id.
    pub(crate) fn intent(&self, id: &str) -> Option<&Intent> {
        self.intents.iter().find(|intent| intent.id == id)
    }

    /// Takes a new intent in and starts its check; answers its id.
    pub(crate) fn add_intent(
        &mut self,
        person: Person,
        date_of_birth: Option<&str>,
        kyc_type: &str,
    ) -> Result<String, NotTaken> {
        let now = self.now();
        let is_same_address = |other: &Person| other.email.eq_ignore_ascii_case(&person.email);
        let is_refused = |other: &Person, check: &Check| {
            is_same_address(other)
                && other.phone == person.phone
                && check.status(now) == UserStatus::Rejected
        };
        let refused_intent = self
            .intents
            .iter()
            .any(|intent| is_refused(&intent.person, &intent.check));
        let refused_user = self
            .users
            .iter()
            .any(|user| is_refused(&user.person, &user.check));
        if refused_intent || refused_user {
            return Err(NotTaken::RefusedBefore);
        }
        let used = self
            .intents
            .iter()
            .filter(|intent| is_same_address(&intent.person))
            .count();
        if used >= INTENTS_PER_EMAIL {
            return Err(NotTaken::TooMany);
        }
        let id = self.random.hex(32);
        let check = Check::started(people::outcome(&person, date_of_birth), now);
        self.await_outcome(check, Event::IntentChecked(self.intents.len()));
        self.intents.push(Intent {
            id: id.clone(),
            check,
            person,
            kyc_type: kyc_type.to_owned(),
            user_id: None,
        });
        Ok(id)
    }

    /// The person behind an intent has signed in: makes it their user, whatever its status, and answers the user's id.
    ///
    /// A phone number belongs to one user: where there is one already, the intent becomes that user.
    pub(crate) fn convert(&mut self, intent_id: &str) -> Option<String> {
        let now = self.now();
        let intent = self.intent(intent_id)?.clone();
        if let Some(user_id) = intent.user_id {
            return Some(user_id);
        }
        let known = self
            .user_by_phone(&intent.person.phone)
            .map(|user| user.id.clone());
        let user_id = known.unwrap_or_else(|| {
            let id = self.insert_user(intent.person.clone(), intent.check, &intent.kyc_type);
            if let Some(user) = self.user_mut(&id) {
                user.is_barred = intent.check.status(now) == UserStatus::Rejected;
            }
            id
        });
        let intent = self
            .intents
            .iter_mut()
            .find(|intent| intent.id == intent_id)?;
        intent.user_id = Some(user_id.clone());
        self.tell_intent(intent_id);
        Some(user_id)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::Timestamp;
    use crate::sandbox::clock::Clock;
    use crate::sandbox::world::Setup;

    fn world() -> (World, Clock) {
        let clock = Clock::frozen(Timestamp(1_780_000_000_000));
        let setup = Setup::of_tests(clock.clone());
        (World::new(setup).unwrap(), clock)
    }

    fn person(email: &str, phone: &str) -> Person {
        Person {
            email: email.into(),
            phone: phone.into(),
            ..Person::default()
        }
    }

    #[test]
    fn an_address_is_good_for_three_intents() {
        let (mut world, _) = world();
        for phone in ["+1", "+2", "+3"] {
            assert!(
                world
                    .add_intent(person("e@example.com", phone), None, "verified")
                    .is_ok()
            );
        }
        let fourth = world.add_intent(person("E@example.com", "+4"), None, "verified");
        assert_eq!(fourth, Err(NotTaken::TooMany));
    }

    #[test]
    fn a_refused_pair_of_address_and_phone_is_not_taken_again() {
        let (mut world, clock) = world();
        let refused = || person("e@example.com", "+12025551111");
        world.add_intent(refused(), None, "verified").unwrap();
        clock.advance(Duration::from_secs(3));
        assert_eq!(
            world.add_intent(refused(), None, "verified"),
            Err(NotTaken::RefusedBefore)
        );
        assert!(
            world
                .add_intent(person("e@example.com", "+5"), None, "verified")
                .is_ok()
        );
    }

    #[test]
    fn a_converted_intent_hands_its_status_on() {
        let (mut world, clock) = world();
        let intent = world
            .add_intent(person("e@example.com", "+12025551111"), None, "verified")
            .unwrap();
        clock.advance(Duration::from_secs(3));
        let user_id = world.convert(&intent).unwrap();
        let user = world.user(&user_id).unwrap();
        assert_eq!(user.check.status(world.now()), UserStatus::Rejected);
        assert!(user.is_barred);
        assert_eq!(
            world.intent(&intent).unwrap().status(world.now()),
            UserStatus::ConvertedToUser
        );
        assert_eq!(world.convert(&intent), Some(user_id));
    }

    #[test]
    fn an_intent_with_a_known_phone_becomes_that_user() {
        let (mut world, _) = world();
        let ada = world.users()[0].id.clone();
        let intent = world
            .add_intent(
                person("other@example.com", "+16505550100"),
                None,
                "verified",
            )
            .unwrap();
        assert_eq!(world.convert(&intent), Some(ada));
    }
}
