//! Test users: the people on whose behalf the API is called.

use serde::{Deserialize, Serialize};

use crate::domain::UserKey;

/// Where Astra's identity check of a user or user intent stands (Astra's guide "User statuses").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// In good standing; the only one that can start routines.
    Approved,
    /// The check is running; it lasts a few seconds.
    Pending,
    /// Details have to be corrected, once.
    Retry,
    /// A photo id is needed.
    Document,
    /// Blocked after a failed check or a breach.
    Suspended,
    /// Refused.
    Rejected,
    /// A user intent whose person has authenticated: there is a user now.
    ConvertedToUser,
}

impl UserStatus {
    /// As the API spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Retry => "retry",
            Self::Document => "document",
            Self::Suspended => "suspended",
            Self::Rejected => "rejected",
            Self::ConvertedToUser => "converted_to_user",
        }
    }

    /// Reads the API's spelling; `None` for a status that this program does not know.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Every status, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Approved,
        Self::Pending,
        Self::Retry,
        Self::Document,
        Self::Suspended,
        Self::Rejected,
        Self::ConvertedToUser,
    ];
}

/// A person of the sandbox, as the session knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestUser {
    /// The session's own name for them.
    pub key: UserKey,
    /// First and last name; empty until `GET /v1/user` has told it.
    pub name: String,
    /// E-mail address, where known.
    pub email: String,
    /// `+1XXXXXXXXXX`, where known.
    pub phone: String,
    /// `None` until it is known, or when Astra answered a status that is not documented.
    pub status: Option<UserStatus>,
}

impl TestUser {
    /// Somebody of whom nothing is known yet: they are about to authorize.
    pub fn unnamed(key: UserKey) -> Self {
        Self {
            key,
            name: String::new(),
            email: String::new(),
            phone: String::new(),
            status: None,
        }
    }

    /// The phone as the hosted pages take it: ten digits, where the API has `+1` in front of them (Astra's guide to the SDK).
    pub fn short_phone(&self) -> Option<&str> {
        self.phone
            .strip_prefix("+1")
            .filter(|phone| phone.len() == 10)
    }

    /// The name to show.
    pub fn label(&self) -> &str {
        match (self.name.is_empty(), self.phone.is_empty()) {
            (false, _) => &self.name,
            (true, false) => &self.phone,
            (true, true) => "new test user",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_reads_back() {
        for status in UserStatus::ALL {
            assert_eq!(UserStatus::parse(status.name()), Some(status));
        }
        assert_eq!(UserStatus::parse("frozen"), None);
    }
}
