//! A bundle as one text for a store: whatever keeps it needs to know nothing of what is in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::adapters::credentials::Tokens;
use crate::adapters::credentials::binding::Binding;
use crate::adapters::credentials::bundle::{Bundle, Keys, Part};
use crate::domain::{Grant, Problem, Secret, Timestamp, UserKey};

/// A text that is wiped when it is dropped.
type Wiped = Zeroizing<String>;

/// A bundle as it is written. Fields that a later version adds are no mistake.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(default)]
    bound: Vec<WrittenBound>,
    // What is bound to nothing stands here, as the first versions wrote everything.
    kept_at: i64,
    #[serde(default, skip_serializing_if = "is_empty")]
    client_secret: Wiped,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    users: BTreeMap<String, WrittenUser>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    signed_out: BTreeMap<String, i64>,
}

#[derive(Serialize, Deserialize)]
struct WrittenBound {
    to: Binding,
    keys: WrittenKeys,
}

#[derive(Serialize, Deserialize)]
struct WrittenKeys {
    /// When the client secret was kept; and each user who says nothing else.
    kept_at: i64,
    #[serde(default)]
    client_secret: Wiped,
    #[serde(default)]
    users: BTreeMap<String, WrittenUser>,
    /// Who has signed out, and when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    signed_out: BTreeMap<String, i64>,
}

fn is_empty(text: &Wiped) -> bool {
    text.is_empty()
}

#[derive(Serialize, Deserialize)]
struct WrittenUser {
    #[serde(default)]
    kept_at: Option<i64>,
    access_token: Wiped,
    #[serde(default)]
    refresh_token: Wiped,
    obtained_at: i64,
    expires_at: i64,
    redirect_uri: String,
}

impl Bundle {
    /// As a store keeps it.
    pub(super) fn to_text(&self) -> Result<Secret, Problem> {
        let bound = |(to, keys): (&Binding, &Keys)| WrittenBound {
            to: to.clone(),
            keys: keys.into(),
        };
        let unbound = WrittenKeys::from(&self.unbound);
        let written = Written {
            bound: self.bound.iter().map(bound).collect(),
            kept_at: unbound.kept_at,
            client_secret: unbound.client_secret,
            users: unbound.users,
            signed_out: unbound.signed_out,
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
        let unbound = WrittenKeys {
            kept_at: written.kept_at,
            client_secret: written.client_secret,
            users: written.users,
            signed_out: written.signed_out,
        };
        let bound = written.bound.into_iter();
        Ok(Self {
            unbound: unbound.into(),
            bound: bound.map(|one| (one.to, one.keys.into())).collect(),
        })
    }
}

impl From<&Keys> for WrittenKeys {
    fn from(keys: &Keys) -> Self {
        let wiped = |secret: &Secret| Zeroizing::new(secret.reveal().to_owned());
        let user = |(key, part): (&UserKey, &Part<(Tokens, Grant)>)| {
            let (tokens, grant) = part.value.as_ref()?;
            let user = WrittenUser {
                kept_at: Some(part.kept_at.0),
                access_token: wiped(&tokens.access),
                refresh_token: wiped(&tokens.refresh),
                obtained_at: grant.obtained_at.0,
                expires_at: grant.expires_at.0,
                redirect_uri: grant.redirect_uri.clone(),
            };
            Some((key.0.to_string(), user))
        };
        let out = keys.users.iter().filter(|(_, part)| part.value.is_none());
        Self {
            kept_at: keys.client_secret.kept_at.0,
            client_secret: keys
                .client_secret
                .value
                .as_ref()
                .map(wiped)
                .unwrap_or_default(),
            users: keys.users.iter().filter_map(user).collect(),
            signed_out: out
                .map(|(key, part)| (key.0.to_string(), part.kept_at.0))
                .collect(),
        }
    }
}

impl From<WrittenKeys> for Keys {
    fn from(written: WrittenKeys) -> Self {
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
            let kept_at = Timestamp(user.kept_at.unwrap_or(written.kept_at));
            let part = Part::new(Some((tokens, grant)), kept_at);
            Some((UserKey(key.parse().ok()?), part))
        };
        let out = |(key, at): (&String, &i64)| {
            Some((UserKey(key.parse().ok()?), Part::new(None, Timestamp(*at))))
        };
        let users = written.users.iter().filter_map(user);
        let client_secret = secret(&written.client_secret);
        let client_secret = (!client_secret.is_empty()).then_some(client_secret);
        Self {
            client_secret: Part::new(client_secret, Timestamp(written.kept_at)),
            users: users
                .chain(written.signed_out.iter().filter_map(out))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Environment, Hosts, Profile};

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
        let mut keys = Keys {
            client_secret: Part::new(Some(Secret::new("s")), Timestamp(3)),
            ..Keys::default()
        };
        keys.set(UserKey(u64::MAX), Some((tokens, grant)), Timestamp(4));
        keys.set(UserKey(2), None, Timestamp(5));
        let binding = Binding::of(&Profile {
            environment: Environment::Custom,
            hosts: Some(Hosts::single("https://gate.example")),
            client_id: "a".into(),
            ..Profile::built_in()
        });
        let bundle = Bundle {
            bound: BTreeMap::from([(binding, keys.clone()), (Binding::default(), keys.clone())]),
            unbound: keys,
        };
        assert_eq!(Bundle::parse(&bundle.to_text().unwrap()), Ok(bundle));
    }

    #[test]
    fn what_the_first_versions_have_kept_is_bound_to_nothing() {
        let text = r#"{"kept_at":7,"client_secret":"s","users":{"1":{"access_token":"a","refresh_token":"r",
            "obtained_at":1,"expires_at":2,"redirect_uri":"x"}}}"#;
        let bundle = Bundle::parse(&Secret::new(text)).unwrap();
        assert_eq!(bundle.unbound.client_secret.value, Some(Secret::new("s")));
        let (tokens, _) = bundle.unbound.user(UserKey(1)).unwrap();
        assert_eq!(tokens.refresh, Secret::new("r"));
        assert_eq!(bundle.unbound.users[&UserKey(1)].kept_at, Timestamp(7));
        assert!(bundle.bound.is_empty());
    }

    #[test]
    fn a_problem_repeats_nothing_of_what_was_kept() {
        let text = Secret::new(r#"{"kept_at":1,"client_secret":["hunter2"]}"#);
        let problem = Bundle::parse(&text).unwrap_err();
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
    }
}
