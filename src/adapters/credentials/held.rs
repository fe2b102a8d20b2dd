//! What the session uses, of whom, and which of it no store has taken yet.

use std::sync::Arc;

use crate::adapters::credentials::binding::Binding;
use crate::adapters::credentials::bundle::Keys;
use crate::domain::{Environment, Profile, Secret, Timestamp};

/// Whose secrets: a profile by its name, as it is set up now. They are none of those that were kept when it was for other hosts
/// or another application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Owner {
    pub(super) profile: Arc<str>,
    pub(super) binding: Arc<Binding>,
}

impl Owner {
    pub(super) fn of(profile: &Profile) -> Self {
        let name = match profile.environment {
            Environment::BuiltIn => "",
            _ => profile.name.as_str(),
        };
        Self {
            profile: name.into(),
            binding: Arc::new(Binding::of(profile)),
        }
    }
}

/// What the session uses.
#[derive(Clone, Default)]
pub(super) struct Held {
    /// Typed in this session, or made up by the built-in sandbox.
    pub(super) typed: Option<Secret>,
    pub(super) keys: Keys,
    /// The part of the keys that the stores have refused: it is newer than theirs, and a refresh token buys once.
    pub(super) unkept: Keys,
}

impl Held {
    /// Uses what is `kept`, and whatever is newer because it was refused.
    pub(super) fn take(&mut self, kept: Keys) {
        self.keys = kept;
        self.keys.merge(self.unkept.clone());
    }

    /// Notes whether the stores have taken what was changed `at` this time.
    pub(super) fn note(&mut self, at: Timestamp, is_kept: bool) {
        let changed = self.keys.changed(at);
        match is_kept {
            true => self.unkept.leave_out(&changed),
            false => self.unkept.merge(changed),
        }
    }
}
