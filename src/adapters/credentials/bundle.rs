//! All that is kept of one profile, as one text for a store: whatever keeps it needs to know nothing of what is in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::adapters::credentials::Tokens;
use crate::domain::{Grant, Problem, Secret, Timestamp, UserKey};

/// The secrets of one profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Bundle {
    /// When it was kept: of two stores that have one, the newer one counts.
    pub(super) kept_at: Timestamp,
    pub(super) client_secret: Secret,
    pub(super) users: BTreeMap<UserKey, (Tokens, Grant)>,
}

/// A text that is wiped when it is dropped.
type Wiped = Zeroizing<String>;

/// A bundle as it is written. Fields that a later version adds are no mistake.
#[derive(Serialize, Deserialize)]
struct Written {
    kept_at: i64,
    #[serde(default)]
    client_secret: Wiped,
    #[serde(default)]
    users: BTreeMap<String, WrittenUser>,
}

#[derive(Serialize, Deserialize)]
struct WrittenUser {
    access_token: Wiped,
    #[serde(default)]
    refresh_token: Wiped,
    obtained_at: i64,
    expires_at: i64,
    redirect_uri: String,
}

impl Bundle {
    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.client_secret.is_empty() && self.users.is_empty()
    }

    /// As a store keeps it.
    pub(super) fn to_text(&self) -> Result<Secret, Problem> {
        let wiped = |secret: &Secret| Zeroizing::new(secret.reveal().to_owned());
        let user = |(key, (tokens, grant)): (&UserKey, &(Tokens, Grant))| {
            let user = WrittenUser {
                access_token: wiped(&tokens.access),
                refresh_token: wiped(&tokens.refresh),
                obtained_at: grant.obtained_at.0,
                expires_at: grant.expires_at.0,
                redirect_uri: grant.redirect_uri.clone(),
            };
            (key.0.to_string(), user)
        };
        let written = Written {
            kept_at: self.kept_at.0,
            client_secret: wiped(&self.client_secret),
            users: self.users.iter().map(user).collect(),
        };
        serde_json::to_string(&written)
            .map(Secret::new)
            .map_err(|error| {
                Problem::new("the secrets could not be written").because(error.to_string())
            })
    }

    /// Reads what a store has kept. The text is never repeated in a problem: it is all secret.
    pub(super) fn parse(text: &Secret) -> Result<Self, Problem> {
        let written: Written = serde_json::from_str(text.reveal()).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            Problem::new("what is kept of the profile cannot be read")
                .because(format!("{place} is not as this program writes it"))
                .hint("run astrascope logout --all, then sign in again")
        })?;
        let secret = |text: &Wiped| Secret::new(text.as_str());
        let user = |(key, user): (&String, &WrittenUser)| {
            let tokens = Tokens {
                access: secret(&user.access_token),
                refresh: secret(&user.refresh_token),
            };
            let grant = Grant {
                obtained_at: Timestamp(user.obtained_at),
                expires_at: Timestamp(user.expires_at),
                can_refresh: !tokens.refresh.is_empty(),
                redirect_uri: user.redirect_uri.clone(),
            };
            Some((UserKey(key.parse().ok()?), (tokens, grant)))
        };
        Ok(Self {
            kept_at: Timestamp(written.kept_at),
            client_secret: secret(&written.client_secret),
            users: written.users.iter().filter_map(user).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_reads_back() {
        let grant = Grant {
            obtained_at: Timestamp(1),
            expires_at: Timestamp(2),
            can_refresh: true,
            redirect_uri: "http://127.0.0.1:1/cb".into(),
        };
        let tokens = Tokens {
            access: Secret::new("a\"b"),
            refresh: Secret::new("r"),
        };
        let bundle = Bundle {
            kept_at: Timestamp(3),
            client_secret: Secret::new("s"),
            users: BTreeMap::from([(UserKey(u64::MAX), (tokens, grant))]),
        };
        assert_eq!(Bundle::parse(&bundle.to_text().unwrap()), Ok(bundle));
    }

    #[test]
    fn a_problem_repeats_nothing_of_what_was_kept() {
        let text = Secret::new(r#"{"kept_at":1,"client_secret":["hunter2"]}"#);
        let problem = Bundle::parse(&text).unwrap_err();
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
    }
}
