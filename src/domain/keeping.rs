//! Where secrets are kept from one session to the next.

use crate::domain::{Grant, Problem, UserKey};

/// A place that keeps secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretStore {
    /// The keyring of the desktop: Secret Service, Keychain, Credential Manager.
    Keyring,
    /// A file that only the person can read.
    File,
    /// The memory of this process.
    #[default]
    Memory,
}

impl SecretStore {
    /// In a few words: `in the keyring`.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Keyring => "in the keyring",
            Self::File => "in a file of yours",
            Self::Memory => "in memory only",
        }
    }

    /// As status tells it to scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::File => "file",
            Self::Memory => "memory",
        }
    }
}

/// Which places may keep secrets: `credential_store` of `config.toml`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoreChoice {
    /// The keyring, and a file where there is none.
    #[default]
    Auto,
    /// The keyring and nothing else.
    Keyring,
    /// A file, although there may be a keyring.
    File,
    /// Nothing outlives the session.
    Memory,
}

impl StoreChoice {
    /// Every choice, the usual one first.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Keyring, Self::File, Self::Memory];

    /// As it is written in `config.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Keyring => "keyring",
            Self::File => "file",
            Self::Memory => "memory",
        }
    }
}

/// What was found of a profile's secrets, without the secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Where secrets are kept now.
    pub store: SecretStore,
    /// Why they are not kept where they should be.
    pub problem: Option<Problem>,
    /// Where the client secret was found.
    pub client_secret: Option<Found>,
    /// Who is still signed in.
    pub grants: Vec<(UserKey, Grant)>,
}

/// Where a secret was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// In an environment variable.
    Environment,
    /// In this place.
    Store(SecretStore),
}
