//! Users and user intents, and how the check of a person's identity settles; who is stored where is for the world.

use std::time::Duration;

use serde_json::Value;

use crate::domain::{Timestamp, UserStatus};
use crate::sandbox::world::changes::Changes;

/// How long a check runs: Astra's guide says "a few seconds".
const CHECK_RUNS: Duration = Duration::from_secs(2);
/// Date of birth that the check refuses (Astra's testing guide).
const REFUSED_BIRTH: &str = "1970-01-01";
/// Phone number that the check refuses (Astra's testing guide).
const REFUSED_PHONE: &str = "+12025551111";

/// What is known of a person, whether or not they are a user yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) preferred_first_name: Option<String>,
    pub(crate) preferred_last_name: Option<String>,
    pub(crate) preferred_pronouns: Option<String>,
    /// Values of the client's own, for the webhooks about this person.
    pub(crate) metadata: Option<Value>,
}

impl Person {
    /// First and last name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// An identity check: it is pending for a while, then it has an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    outcome: UserStatus,
    /// `None` where it never ends.
    settles_at: Option<Timestamp>,
}

impl Check {
    /// A check that begins at `now` and comes to `outcome`.
    pub(crate) fn started(outcome: UserStatus, now: Timestamp) -> Self {
        Self {
            outcome,
            settles_at: Some(now.after(CHECK_RUNS)),
        }
    }

    /// A check that came to `status` long ago; for `Pending`, one that never ends.
    pub(crate) fn settled(status: UserStatus) -> Self {
        Self {
            outcome: status,
            settles_at: (status != UserStatus::Pending).then_some(Timestamp(i64::MIN)),
        }
    }

    /// A check whose outcome was changed at `now`; for `Pending`, to one that never ends.
    pub(crate) fn changed(status: UserStatus, now: Timestamp) -> Self {
        Self {
            settles_at: (status != UserStatus::Pending).then_some(now),
            ..Self::settled(status)
        }
    }

    /// Since when it has its outcome.
    pub(crate) fn since(&self) -> Timestamp {
        self.settles_at.unwrap_or(Timestamp(i64::MAX))
    }

    /// Where it stands at `now`.
    pub(crate) fn status(&self, now: Timestamp) -> UserStatus {
        match self.settles_at {
            Some(moment) if now >= moment => self.outcome,
            _ => UserStatus::Pending,
        }
    }
}

/// What the sandbox's check makes of a person's details (Astra's testing guide).
pub(crate) fn outcome(person: &Person, date_of_birth: Option<&str>) -> UserStatus {
    if date_of_birth == Some(REFUSED_BIRTH) || person.phone == REFUSED_PHONE {
        UserStatus::Rejected
    } else if person.first_name.eq_ignore_ascii_case("retry") {
        UserStatus::Retry
    } else if person.first_name.eq_ignore_ascii_case("document") {
        UserStatus::Document
    } else {
        UserStatus::Approved
    }
}

/// A person who signs in with their phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) person: Person,
    pub(crate) check: Check,
    /// Whether they have accepted the user agreement.
    pub(crate) has_agreed: bool,
    /// Refused before they became a user: they can sign in, but authorize nothing.
    pub(crate) is_barred: bool,
    /// How far they are checked.
    pub(crate) kyc_type: String,
    pub(crate) changes: Changes,
}

/// A person's details, sent ahead of their sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Intent {
    pub(crate) id: String,
    pub(crate) person: Person,
    pub(crate) check: Check,
    pub(crate) kyc_type: String,
    /// The user that it became, once the person has authenticated.
    pub(crate) user_id: Option<String>,
}

impl Intent {
    /// Where it stands at `now`.
    pub(crate) fn status(&self, now: Timestamp) -> UserStatus {
        match self.user_id {
            Some(_) => UserStatus::ConvertedToUser,
            None => self.check.status(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_pending_for_a_while_and_then_settles() {
        let check = Check::started(UserStatus::Approved, Timestamp(1_000));
        assert_eq!(check.status(Timestamp(1_000)), UserStatus::Pending);
        assert_eq!(check.status(Timestamp(2_999)), UserStatus::Pending);
        assert_eq!(check.status(Timestamp(3_000)), UserStatus::Approved);
    }

    #[test]
    fn a_settled_check_stays_as_it_is() {
        for status in UserStatus::ALL {
            assert_eq!(Check::settled(status).status(Timestamp(0)), status);
        }
    }

    #[test]
    fn the_presets_of_the_testing_guide_decide_the_outcome() {
        let person = |first_name: &str, phone: &str| Person {
            first_name: first_name.into(),
            phone: phone.into(),
            ..Person::default()
        };
        let edmund = person("Edmund", "+16505550142");
        assert_eq!(outcome(&edmund, Some("1985-02-03")), UserStatus::Approved);
        assert_eq!(outcome(&edmund, None), UserStatus::Approved);
        assert_eq!(outcome(&edmund, Some("1970-01-01")), UserStatus::Rejected);
        let refused = person("Edmund", "+12025551111");
        assert_eq!(outcome(&refused, Some("1985-02-03")), UserStatus::Rejected);
        assert_eq!(outcome(&person("retry", "+1"), None), UserStatus::Retry);
        assert_eq!(
            outcome(&person("Document", "+1"), None),
            UserStatus::Document
        );
    }
}
