//! What the secrets of a profile are for. A profile is a name, and what stands under it can be changed: secrets that were kept for
//! other hosts or another application are not sent to those that stand there now.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::{Environment, Profile};

/// The hosts that secrets are sent to, and the application that they belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Binding {
    api: String,
    secure: String,
    client_id: String,
}

impl Binding {
    /// What those of `profile` are for. The built-in sandbox makes its own, and ends with them.
    pub(super) fn of(profile: &Profile) -> Self {
        match (&profile.hosts, profile.environment) {
            (_, Environment::BuiltIn) | (None, _) => Self::default(),
            (Some(hosts), _) => Self {
                api: origin(&hosts.api),
                secure: origin(&hosts.secure),
                client_id: profile.client_id.clone(),
            },
        }
    }

    /// Whether the application is the one called `client_id`.
    pub(super) fn is_of(&self, client_id: &str) -> bool {
        self.client_id == client_id
    }

    /// Whether both send secrets to the same hosts.
    pub(super) fn has_hosts_of(&self, other: &Self) -> bool {
        (&self.api, &self.secure) == (&other.api, &other.secure)
    }

    /// Whether this is for the hosts of `whole` and for no application yet: its client id was typed later.
    pub(super) fn is_begun(&self, whole: &Self) -> bool {
        self.client_id.is_empty() && !whole.client_id.is_empty() && self.has_hosts_of(whole)
    }

    /// In words, as far as it is not `present`.
    pub(super) fn words(&self, present: &Self) -> String {
        let host = |url: &str| url.split("://").last().unwrap_or_default().to_owned();
        let mut words = Vec::new();
        if self.api != present.api {
            words.push(host(&self.api));
        } else if self.secure != present.secure {
            words.push(host(&self.secure));
        }
        if self.client_id != present.client_id {
            words.push(match self.client_id.as_str() {
                "" => "no client id".into(),
                id => format!("client id {id}"),
            });
        }
        words.join(", ")
    }
}

/// Scheme, host and port: whatever path is in front of the calls there, the same server gets them.
fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Hosts;

    fn binding(url: &str, client_id: &str) -> Binding {
        Binding::of(&Profile {
            environment: Environment::Custom,
            hosts: Some(Hosts::single(url)),
            client_id: client_id.into(),
            ..Profile::built_in()
        })
    }

    #[test]
    fn a_path_or_a_spelling_makes_no_other_host_and_a_port_does() {
        let one = binding("https://Gate.Example/astra", "a");
        assert_eq!(one, binding("https://gate.example:443", "a"));
        assert_ne!(one, binding("https://gate.example:8443", "a"));
        assert_ne!(one, binding("https://gate.example", "b"));
    }

    #[test]
    fn what_differs_is_told() {
        let one = binding("https://gate.example", "a");
        let other = binding("https://other.example:8443", "b");
        assert_eq!(other.words(&one), "other.example:8443, client id b");
        let elsewhere = binding("https://gate.example", "b");
        assert_eq!(elsewhere.words(&one), "client id b");
        let begun = binding("https://gate.example", "");
        assert_eq!(begun.words(&one), "no client id");
        assert!(begun.is_begun(&one) && !elsewhere.is_begun(&one));
    }
}
