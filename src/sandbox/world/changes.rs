//! What a user may change about themselves, and how often.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::{Timestamp, UserStatus};
use crate::sandbox::world::World;
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::people::{Check, User};

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// One new phone number in this time (Astra's index of 2026).
const PHONE_EVERY: Duration = DAY.saturating_mul(30);
/// Two new addresses in this time (the same).
const ADDRESSES_WITHIN: Duration = DAY.saturating_mul(120);
const MOST_ADDRESSES: usize = 2;
/// A third new e-mail address in this time lowers what a user may do (the same).
const EMAILS_WITHIN: Duration = DAY.saturating_mul(365);
const HARMLESS_EMAILS: usize = 2;

/// A phone number that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhoneChange {
    pub(crate) id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) moment: Timestamp,
}

/// What a user has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) phones: Vec<PhoneChange>,
    addresses: Vec<Timestamp>,
    emails: Vec<Timestamp>,
    /// The address as far as it was changed, by the names of its parts.
    pub(crate) address: BTreeMap<String, String>,
}

/// How many of `moments` lie within `span` before `now`.
fn recent(moments: &[Timestamp], span: Duration, now: Timestamp) -> usize {
    let is_recent = |moment: &&Timestamp| now < moment.after(span);
    moments.iter().filter(is_recent).count()
}

impl Changes {
    /// Whether too many new e-mail addresses have lowered what the user may do.
    pub(crate) fn are_suspicious(&self, now: Timestamp) -> bool {
        recent(&self.emails, EMAILS_WITHIN, now) > HARMLESS_EMAILS
    }
}

/// How far each kind of check reaches.
fn rank(kyc_type: &str) -> u8 {
    match kyc_type {
        "verified" => 2,
        "unverified" => 1,
        _ => 0,
    }
}

impl World {
    /// The user with this id, whose token has been checked before.
    fn own(&mut self, id: &str) -> Result<&mut User, Objection> {
        self.user_mut(id)
            .ok_or_else(|| Objection::missing("the user of this access token is gone"))
    }

    /// Changes a phone number, at once: the sandbox sends no message that could confirm it.
    pub(crate) fn change_phone(&mut self, user: &str, phone: &str) -> Result<(), Objection> {
        let (now, id) = (self.now(), self.random.uuid());
        if self.user_by_phone(phone).is_some() {
            return Err(Objection::wrong("proposed_phone belongs to a user already"));
        }
        let user = self.own(user)?;
        let last = user.changes.phones.last();
        if last.is_some_and(|change| now < change.moment.after(PHONE_EVERY)) {
            return Err(Objection::wrong(
                "the phone number was changed within the last 30 days",
            ));
        }
        let from = std::mem::replace(&mut user.person.phone, phone.to_owned());
        user.changes.phones.push(PhoneChange {
            id,
            from,
            to: phone.to_owned(),
            moment: now,
        });
        Ok(())
    }

    /// Changes the parts of an address that are given.
    pub(crate) fn change_address(
        &mut self,
        user: &str,
        parts: BTreeMap<String, String>,
    ) -> Result<(), Objection> {
        let now = self.now();
        let changes = &mut self.own(user)?.changes;
        if recent(&changes.addresses, ADDRESSES_WITHIN, now) >= MOST_ADDRESSES {
            return Err(Objection::wrong(
                "the address was changed twice within the last 120 days",
            ));
        }
        changes.addresses.push(now);
        changes.address.extend(parts);
        Ok(())
    }

    /// Changes an e-mail address.
    pub(crate) fn change_email(&mut self, user: &str, email: &str) -> Result<(), Objection> {
        let now = self.now();
        let user = self.own(user)?;
        user.changes.emails.push(now);
        user.person.email = email.to_owned();
        let id = user.id.clone();
        self.tell_user(&id);
        Ok(())
    }

    /// Starts a fuller check of a user; never a lesser one.
    pub(crate) fn upgrade(&mut self, user: &str, kyc_type: &str) -> Result<(), Objection> {
        let now = self.now();
        let user = self.own(user)?;
        if rank(kyc_type) <= rank(&user.kyc_type) {
            return Err(Objection::wrong(format!(
                "kyc_type is {} already: it can only be raised",
                user.kyc_type
            )));
        }
        user.kyc_type = kyc_type.to_owned();
        if user.check.status(now) == UserStatus::Approved {
            let id = user.id.clone();
            self.set_check(&id, Check::started(UserStatus::Approved, now));
        }
        Ok(())
    }

    /// Sets where a user stands, as an operator of Astra could.
    pub(crate) fn set_status(&mut self, user: &str, status: UserStatus) -> Result<(), Objection> {
        let now = self.now();
        self.own(user)?;
        self.set_check(user, Check::changed(status, now));
        self.catch_up();
        Ok(())
    }
}
