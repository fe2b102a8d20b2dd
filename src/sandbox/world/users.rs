//! The users: found by id or phone, and taken in.

use crate::sandbox::world::World;
use crate::sandbox::world::agenda::Event;
use crate::sandbox::world::changes::Changes;
use crate::sandbox::world::people::{self, Check, Person, User};

/// The kind of check that is run where none is asked for.
pub(crate) const FULL_CHECK: &str = "verified";

impl World {
    /// All users, those of the seed world first.
    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    /// The user with this id.
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The user with this id, to be changed.
    pub(crate) fn user_mut(&mut self, id: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.id == id)
    }

    /// The user who signs in with `phone`.
    pub(crate) fn user_by_phone(&self, phone: &str) -> Option<&User> {
        self.users.iter().find(|user| user.person.phone == phone)
    }

    /// Takes a new user in, whose check starts now; answers their id.
    pub(crate) fn add_user(&mut self, person: Person) -> String {
        let check = Check::started(people::outcome(&person, None), self.now());
        self.insert_user(person, check, FULL_CHECK)
    }

    pub(super) fn insert_user(&mut self, person: Person, check: Check, kyc_type: &str) -> String {
        let id = self.random.hex(32);
        self.await_outcome(check, Event::UserChecked(self.users.len()));
        self.users.push(User {
            id: id.clone(),
            person,
            check,
            has_agreed: false,
            is_barred: false,
            kyc_type: kyc_type.to_owned(),
            changes: Changes::default(),
        });
        id
    }
}
