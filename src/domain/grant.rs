//! What a signed-in test user allowed, without the tokens themselves.

use std::time::Duration;

use crate::domain::Timestamp;

/// Refresh this long before a grant runs out, so that a call started now is not refused on its way.
const REFRESH_AHEAD: Duration = Duration::from_secs(60);

/// A test user's permission as the session sees it. The tokens stay in the credentials store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// When the tokens arrived.
    pub obtained_at: Timestamp,
    /// When the access token runs out, by this machine's clock.
    pub expires_at: Timestamp,
    /// Whether a refresh token came with it.
    pub can_refresh: bool,
    /// The redirect URI of the flow: Astra asks for the same one on refresh.
    pub redirect_uri: String,
}

impl Grant {
    /// When to refresh without being asked: a minute ahead, or halfway for tokens that live shorter than two minutes.
    pub fn refresh_at(&self) -> Timestamp {
        let life = self.expires_at.since(self.obtained_at);
        self.expires_at.before(REFRESH_AHEAD.min(life / 2))
    }

    /// Whether the access token has run out at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(seconds: u64) -> Grant {
        Grant {
            obtained_at: Timestamp(0),
            expires_at: Timestamp(0).after(Duration::from_secs(seconds)),
            can_refresh: true,
            redirect_uri: String::new(),
        }
    }

    #[test]
    fn a_long_grant_is_refreshed_a_minute_ahead_and_a_short_one_halfway() {
        assert_eq!(grant(7200).refresh_at(), Timestamp(7_140_000));
        assert_eq!(grant(10).refresh_at(), Timestamp(5_000));
    }

    #[test]
    fn a_grant_ends_at_its_second() {
        assert!(!grant(10).is_expired(Timestamp(9_999)));
        assert!(grant(10).is_expired(Timestamp(10_000)));
    }
}
