//! Authorization codes, access tokens and refresh tokens: what each is worth, and when it ends (RFC 6749).

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use crate::domain::{Secret, Timestamp};
use crate::sandbox::random;

/// How long codes and tokens live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// An authorization code.
    pub code: Duration,
    /// An access token.
    pub access: Duration,
    /// A refresh token.
    pub refresh: Duration,
}

impl Default for Lifetimes {
    /// Five minutes, two hours and ten days, as clients of Astra plan for.
    fn default() -> Self {
        Self {
            code: Duration::from_secs(5 * 60),
            access: Duration::from_secs(2 * 3_600),
            refresh: Duration::from_secs(10 * 24 * 3_600),
        }
    }
}

/// What has run out this long ago is forgotten; until then a refusal can say what was wrong with it.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// Why a code or token is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worthless {
    /// It was never issued, or long ago.
    Unknown,
    /// Its time is over.
    Expired,
    /// It has bought its tokens already.
    Used,
    /// A newer access token of the same user has taken its place.
    Replaced,
    /// The code behind it was presented twice.
    Revoked,
    /// The redirect URI is not the one of the authorization.
    OtherRedirect,
}

/// A pair of tokens, just issued.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) access: Secret,
    pub(crate) refresh: Secret,
    pub(crate) expires_in: Duration,
}

/// All tokens that come from one code belong to one family: they are revoked together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Family(u64);

#[derive(Clone)]
struct Entry {
    user: String,
    redirect_uri: String,
    family: Family,
    expires_at: Timestamp,
    fault: Option<Worthless>,
}

impl Entry {
    fn fault_at(&self, now: Timestamp) -> Option<Worthless> {
        self.fault
            .or((now >= self.expires_at).then_some(Worthless::Expired))
    }
}

/// Every code and token that was issued.
#[derive(Default)]
pub(crate) struct Grants {
    lifetimes: Lifetimes,
    families: u64,
    codes: HashMap<String, Entry>,
    access: HashMap<String, Entry>,
    refresh: HashMap<String, Entry>,
}

impl Grants {
    /// None issued yet.
    pub(crate) fn new(lifetimes: Lifetimes) -> Self {
        Self {
            lifetimes,
            ..Self::default()
        }
    }

    /// A code with which `user` lets the application act.
    pub(crate) fn issue_code(
        &mut self,
        user: &str,
        redirect_uri: &str,
        now: Timestamp,
    ) -> io::Result<Secret> {
        self.forget(now);
        let code = random::secret("ac_")?;
        self.families += 1;
        let entry = Entry {
            user: user.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            family: Family(self.families),
            expires_at: now.after(self.lifetimes.code),
            fault: None,
        };
        self.codes.insert(code.reveal().to_owned(), entry);
        Ok(code)
    }

    /// Exchanges a code for tokens. A code that comes twice was stolen or leaked: its tokens are revoked
    /// (RFC 6749, section 4.1.2).
    pub(crate) fn exchange(
        &mut self,
        code: &str,
        redirect_uri: &str,
        now: Timestamp,
    ) -> io::Result<Result<Issued, Worthless>> {
        let Some(entry) = self.codes.get_mut(code) else {
            return Ok(Err(Worthless::Unknown));
        };
        if entry.fault == Some(Worthless::Used) {
            let family = entry.family;
            self.revoke(family);
            return Ok(Err(Worthless::Used));
        }
        Self::spend(entry, redirect_uri, now).map_or_else(
            |fault| Ok(Err(fault)),
            |entry| self.issue(&entry, now).map(Ok),
        )
    }

    /// Exchanges a refresh token for new tokens; the old ones end at once.
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        redirect_uri: &str,
        now: Timestamp,
    ) -> io::Result<Result<Issued, Worthless>> {
        let Some(entry) = self.refresh.get_mut(token) else {
            return Ok(Err(Worthless::Unknown));
        };
        Self::spend(entry, redirect_uri, now).map_or_else(
            |fault| Ok(Err(fault)),
            |entry| self.issue(&entry, now).map(Ok),
        )
    }

    /// The user behind an access token.
    pub(crate) fn user_of(&self, access: &str, now: Timestamp) -> Result<&str, Worthless> {
        let entry = self.access.get(access).ok_or(Worthless::Unknown)?;
        match entry.fault_at(now) {
            Some(fault) => Err(fault),
            None => Ok(&entry.user),
        }
    }

    /// Marks `entry` as used, unless it is worthless. A wrong redirect URI does not use it up.
    fn spend(entry: &mut Entry, redirect_uri: &str, now: Timestamp) -> Result<Entry, Worthless> {
        if let Some(fault) = entry.fault_at(now) {
            return Err(fault);
        }
        // Without a browser there was no redirect, and nothing that a later one could differ from.
        if !entry.redirect_uri.is_empty() && entry.redirect_uri != redirect_uri {
            return Err(Worthless::OtherRedirect);
        }
        let unused = entry.clone();
        entry.fault = Some(Worthless::Used);
        Ok(unused)
    }

    fn issue(&mut self, from: &Entry, now: Timestamp) -> io::Result<Issued> {
        let (access, refresh) = (random::secret("at_")?, random::secret("rt_")?);
        // One access token per user is valid at a time (Astra's guide on the authorization life cycle).
        for entry in self
            .access
            .values_mut()
            .filter(|entry| entry.user == from.user)
        {
            entry.fault.get_or_insert(Worthless::Replaced);
        }
        let lasting = |lifetime| Entry {
            expires_at: now.after(lifetime),
            ..from.clone()
        };
        let expires_in = self.lifetimes.access;
        self.access
            .insert(access.reveal().to_owned(), lasting(expires_in));
        self.refresh
            .insert(refresh.reveal().to_owned(), lasting(self.lifetimes.refresh));
        Ok(Issued {
            access,
            refresh,
            expires_in,
        })
    }

    fn revoke(&mut self, family: Family) {
        let tokens = self.access.values_mut().chain(self.refresh.values_mut());
        for entry in tokens.filter(|entry| entry.family == family) {
            entry.fault = Some(Worthless::Revoked);
        }
    }

    fn forget(&mut self, now: Timestamp) {
        for entries in [&mut self.codes, &mut self.access, &mut self.refresh] {
            entries.retain(|_, entry| now < entry.expires_at.after(FORGOTTEN_AFTER));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "http://127.0.0.1/callback";
    const START: Timestamp = Timestamp(0);

    fn after(seconds: u64) -> Timestamp {
        START.after(Duration::from_secs(seconds))
    }

    fn code(grants: &mut Grants) -> Secret {
        grants.issue_code("ada", HERE, START).unwrap()
    }

    fn exchange(grants: &mut Grants, code: &Secret, now: Timestamp) -> Result<Issued, Worthless> {
        grants.exchange(code.reveal(), HERE, now).unwrap()
    }

    fn refresh(grants: &mut Grants, token: &Secret, now: Timestamp) -> Result<Issued, Worthless> {
        grants.refresh(token.reveal(), HERE, now).unwrap()
    }

    #[test]
    fn a_code_buys_tokens_once_and_a_second_try_revokes_them() {
        let mut grants = Grants::default();
        let code = code(&mut grants);
        let first = exchange(&mut grants, &code, START).unwrap();
        let renewed = refresh(&mut grants, &first.refresh, START).unwrap();
        assert_eq!(grants.user_of(renewed.access.reveal(), START), Ok("ada"));
        assert_eq!(
            exchange(&mut grants, &code, START).unwrap_err(),
            Worthless::Used
        );
        assert_eq!(
            grants.user_of(renewed.access.reveal(), START),
            Err(Worthless::Revoked)
        );
        assert_eq!(
            refresh(&mut grants, &renewed.refresh, START).unwrap_err(),
            Worthless::Revoked
        );
    }

    #[test]
    fn codes_and_tokens_run_out() {
        let mut grants = Grants::default();
        let late = code(&mut grants);
        assert_eq!(
            exchange(&mut grants, &late, after(300)).unwrap_err(),
            Worthless::Expired
        );
        let code = code(&mut grants);
        let tokens = exchange(&mut grants, &code, after(299)).unwrap();
        assert!(
            grants
                .user_of(tokens.access.reveal(), after(299 + 7_199))
                .is_ok()
        );
        assert_eq!(
            grants.user_of(tokens.access.reveal(), after(299 + 7_200)),
            Err(Worthless::Expired)
        );
        assert_eq!(
            refresh(&mut grants, &tokens.refresh, after(299 + 864_000)).unwrap_err(),
            Worthless::Expired
        );
    }

    #[test]
    fn another_redirect_uri_is_refused_and_uses_nothing_up() {
        let mut grants = Grants::default();
        let code = code(&mut grants);
        let other = grants
            .exchange(code.reveal(), "http://localhost/callback", START)
            .unwrap();
        assert_eq!(other.unwrap_err(), Worthless::OtherRedirect);
        let tokens = exchange(&mut grants, &code, START).unwrap();
        let other = grants.refresh(tokens.refresh.reveal(), "", START).unwrap();
        assert_eq!(other.unwrap_err(), Worthless::OtherRedirect);
        assert!(refresh(&mut grants, &tokens.refresh, START).is_ok());
    }

    #[test]
    fn a_new_access_token_kills_the_last_of_the_same_user_only() {
        let mut grants = Grants::default();
        let (one, two) = (code(&mut grants), code(&mut grants));
        let eve = grants.issue_code("eve", HERE, START).unwrap();
        let eve = exchange(&mut grants, &eve, START).unwrap();
        let old = exchange(&mut grants, &one, START).unwrap();
        let new = exchange(&mut grants, &two, START).unwrap();
        assert_eq!(
            grants.user_of(old.access.reveal(), START),
            Err(Worthless::Replaced)
        );
        assert_eq!(grants.user_of(new.access.reveal(), START), Ok("ada"));
        assert_eq!(grants.user_of(eve.access.reveal(), START), Ok("eve"));
    }

    #[test]
    fn a_refresh_token_works_once() {
        let mut grants = Grants::default();
        let code = code(&mut grants);
        let tokens = exchange(&mut grants, &code, START).unwrap();
        refresh(&mut grants, &tokens.refresh, START).unwrap();
        assert_eq!(
            refresh(&mut grants, &tokens.refresh, START).unwrap_err(),
            Worthless::Used
        );
    }

    #[test]
    fn old_ones_are_forgotten() {
        let mut grants = Grants::default();
        let old = code(&mut grants);
        grants.issue_code("ada", HERE, after(300 + 86_400)).unwrap();
        assert_eq!(
            exchange(&mut grants, &old, after(300 + 86_400)).unwrap_err(),
            Worthless::Unknown
        );
    }
}
