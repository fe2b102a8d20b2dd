//! Business profiles: details of a business, sent ahead of its sign-up.

use serde_json::{Map, Value};

use crate::domain::{Timestamp, UserStatus};
use crate::sandbox::world::World;
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::people::{Check, Person};

/// Profiles that one phone number can be used for (Astra's guides).
const PROFILES_PER_PHONE: usize = 3;

/// A business on the way to becoming a user.
#[derive(Clone, Debug)]
pub(crate) struct Business {
    pub(crate) id: String,
    /// Its details, as they were sent.
    pub(crate) details: Map<String, Value>,
    pub(crate) check: Check,
    pub(crate) created: Timestamp,
    /// The user that it became.
    pub(crate) user_id: Option<String>,
}

impl Business {
    /// The number of the person who signs it up.
    pub(crate) fn phone(&self) -> &str {
        self.text("phone")
    }

    fn text(&self, name: &str) -> &str {
        self.details.get(name).and_then(Value::as_str).unwrap_or("")
    }

    fn person(&self) -> Person {
        let text = |name: &str| self.text(name).to_owned();
        Person {
            email: text("email"),
            phone: text("phone"),
            first_name: text("first_name"),
            last_name: text("last_name"),
            ..Person::default()
        }
    }
}

impl World {
    /// The business profile with this id.
    pub(crate) fn business(&self, id: &str) -> Option<&Business> {
        self.businesses.iter().find(|business| business.id == id)
    }

    /// Takes a business profile in; answers its id.
    pub(crate) fn add_business(
        &mut self,
        details: Map<String, Value>,
    ) -> Result<String, Objection> {
        let phone = details.get("phone").and_then(Value::as_str).unwrap_or("");
        let is_same = |business: &&Business| !phone.is_empty() && business.text("phone") == phone;
        if self.businesses.iter().filter(is_same).count() >= PROFILES_PER_PHONE {
            return Err(Objection::wrong(
                "phone has been used for three business profiles, which is the most for one number",
            ));
        }
        let id = self.random.hex(32);
        self.businesses.push(Business {
            id: id.clone(),
            details,
            check: Check::started(UserStatus::Approved, self.now()),
            created: self.now(),
            user_id: None,
        });
        Ok(id)
    }

    /// The user that a business profile is, or becomes now that its person has signed in.
    pub(crate) fn convert_business(&mut self, id: &str) -> Option<String> {
        let business = self.business(id)?.clone();
        if business.user_id.is_some() {
            return business.user_id;
        }
        let person = business.person();
        let known = self
            .user_by_phone(&person.phone)
            .map(|user| user.id.clone());
        let user = known.unwrap_or_else(|| self.insert_user(person, business.check, "verified"));
        let mut all = self.businesses.iter_mut();
        all.find(|business| business.id == id)?.user_id = Some(user.clone());
        Some(user)
    }
}
