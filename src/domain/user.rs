//! Test users: the people on whose behalf the API is called.

use serde::{Deserialize, Serialize};

use crate::domain::{Timestamp, UserKey};

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

    /// What it means for a test user.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Approved => "in good standing: can start routines",
            Self::Pending => "the check of the identity runs for a few seconds",
            Self::Retry => "details have to be corrected, and only once",
            Self::Document => "a photo id is needed",
            Self::Suspended => "blocked after a failed check or a breach: no routine runs",
            Self::Rejected => "refused: can link accounts, cannot start routines",
            Self::ConvertedToUser => "the person has authorized: there is a user now",
        }
    }

    /// Path of the hosted page that leads on from it (Astra's guide "OAuth links").
    pub fn page(self) -> Option<&'static str> {
        match self {
            Self::Retry => Some("/verify/personal"),
            Self::Document => Some("/verify/document"),
            _ => None,
        }
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
    /// Astra's id of them; empty until it is known.
    pub id: String,
    /// First and last name; empty until `GET /v1/user` has told it.
    pub name: String,
    /// What the person calls them instead; empty if nothing.
    pub own_name: String,
    /// E-mail address, where known.
    pub email: String,
    /// `+1XXXXXXXXXX`, where known.
    pub phone: String,
    /// `None` until it is known, or when Astra answered a status that is not documented.
    pub status: Option<UserStatus>,
    /// What the person notes about them.
    pub note: String,
    /// Words to find them by.
    pub tags: Vec<String>,
    /// The application's own identifier of them, by which it vouches for them; empty if it does not.
    pub customer_id: String,
    /// What the hosted pages are told of them, where that is not what is known anyway, as it stands in a URL.
    pub sign_in: String,
    /// When a call on their behalf was answered last.
    pub last_used: Option<Timestamp>,
}

impl TestUser {
    /// Somebody of whom nothing is known yet: they are about to authorize.
    pub fn unnamed(key: UserKey) -> Self {
        Self {
            key,
            id: String::new(),
            name: String::new(),
            own_name: String::new(),
            email: String::new(),
            phone: String::new(),
            status: None,
            note: String::new(),
            tags: Vec::new(),
            customer_id: String::new(),
            sign_in: String::new(),
            last_used: None,
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
        [&self.own_name, &self.name, &self.phone]
            .into_iter()
            .find(|text| !text.is_empty())
            .map_or("new test user", String::as_str)
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
