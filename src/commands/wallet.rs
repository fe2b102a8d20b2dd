//! The tokens of test users for commands: a code exchanged, a pair renewed before it is used. The session's own way of doing
//! this is in the runtime, where many calls may wait for one renewal.

use std::env;

use anyhow::bail;
use tokio::task::spawn_blocking;

use crate::adapters::credentials::{ACCESS_TOKEN_VARIABLE, Credentials, Standing, Tokens};
use crate::adapters::http::Client;
use crate::adapters::oauth::{self, TokenReply, TokenRequest};
use crate::commands::output::note;
use crate::domain::{Grant, Problem, Profile, Secret, SecretStore, TestUser, UserKey};
use crate::runtime::now;

/// What is needed to get tokens of a profile.
#[derive(Clone, Debug)]
pub struct Wallet {
    /// Calls the hosts of the profile.
    pub client: Client,
    /// The profile.
    pub profile: Profile,
    /// Its secrets, which have been loaded.
    pub credentials: Credentials,
}

impl Wallet {
    fn request(&self, redirect_uri: String) -> TokenRequest {
        let api = self.profile.hosts.as_ref().map(|hosts| hosts.api.clone());
        TokenRequest {
            url: format!("{}{}", api.unwrap_or_default(), self.profile.token_path),
            client_id: self.profile.client_id.clone(),
            redirect_uri,
        }
    }

    /// Exchanges `code` for the tokens of `user`, and keeps them.
    ///
    /// # Errors
    /// When the token endpoint refuses, or does not answer.
    pub async fn exchange(
        &self,
        user: UserKey,
        code: &Secret,
        redirect_uri: String,
    ) -> Result<(Grant, Standing), Problem> {
        let request = self.request(redirect_uri);
        let secret = self.credentials.client_secret();
        let reply = oauth::exchange(&self.client, &request, code, &secret, now).await;
        self.keep(user, reply, Credentials::set_tokens).await
    }

    /// The tokens of `user`, renewed if they have run out.
    ///
    /// # Errors
    /// When there are none, or they cannot be renewed.
    pub async fn fresh(&self, user: UserKey) -> Result<Tokens, Problem> {
        let signed_out = || {
            Problem::new("this test user is not signed in").hint("run astrascope login --user NAME")
        };
        let grant = self.credentials.grant(user).ok_or_else(signed_out)?;
        if now() >= grant.refresh_at() && grant.can_refresh {
            self.renew(user, &grant).await?;
        }
        self.credentials.tokens(user).ok_or_else(signed_out)
    }

    /// What must not be kept of a call: the client secret, and the tokens of `user`.
    pub(super) fn secrets(&self, user: Option<UserKey>) -> impl Iterator<Item = Secret> + use<> {
        let tokens = user.and_then(|user| self.credentials.tokens(user));
        let tokens = tokens.map(|tokens| [tokens.access, tokens.refresh]);
        let outside = env::var(ACCESS_TOKEN_VARIABLE).ok().map(Secret::new);
        let all = tokens.into_iter().flatten().chain(outside);
        all.chain([self.credentials.client_secret()])
    }

    /// Buys new tokens, unless another instance of the program has just done so.
    ///
    /// # Errors
    /// When the token endpoint refuses, or does not answer.
    pub async fn renew(&self, user: UserKey, grant: &Grant) -> Result<(), Problem> {
        let credentials = self.credentials.clone();
        let alone = spawn_blocking(move || {
            let lock = credentials.lock_renewal();
            (lock, credentials.newer_tokens(user))
        });
        let Ok((_lock, newer)) = alone.await else {
            return Err(Problem::new("the program ends"));
        };
        if newer.is_some_and(|grant| !grant.is_expired(now())) {
            return Ok(());
        }
        let request = self.request(grant.redirect_uri.clone());
        let old = self.credentials.tokens(user).map(|tokens| tokens.refresh);
        let secret = self.credentials.client_secret();
        let old = old.unwrap_or_default(); // refused by the token endpoint
        let reply = oauth::refresh(&self.client, &request, &old, &secret, now).await;
        let (_, standing) = self.keep(user, reply, Credentials::renew_tokens).await?;
        if let (SecretStore::Memory, Some(problem)) = (standing.store, standing.problem) {
            note(format_args!(
                "the renewed tokens are not kept, and the old ones are spent: {problem}"
            ));
        }
        Ok(())
    }

    /// Keeps what was answered before anything uses it.
    async fn keep(
        &self,
        user: UserKey,
        reply: TokenReply,
        set: fn(&Credentials, UserKey, Tokens, Grant) -> Standing,
    ) -> Result<(Grant, Standing), Problem> {
        let (tokens, grant) = reply.result.map_err(|(problem, _)| problem)?;
        let (credentials, kept) = (self.credentials.clone(), grant.clone());
        let kept = spawn_blocking(move || set(&credentials, user, tokens, kept));
        let standing = kept
            .await
            .map_err(|error| Problem::new("the tokens were not kept").because(error.to_string()))?;
        Ok((grant, standing))
    }
}

/// Tells why something is not kept where it should be, if that can be mended.
pub(super) fn tell(standing: Standing) {
    if let Some(problem) = standing.problem.filter(|problem| problem.hint.is_some()) {
        note(problem);
    }
}

/// Reads what is kept, and tells why no client secret was found, if that can be mended.
pub(super) fn load(credentials: &Credentials) {
    let kept = credentials.load();
    if kept.client_secret.is_none() {
        tell(Standing {
            store: kept.store,
            problem: kept.problem,
        });
    }
}

/// The user of `users` that is called `name`: by a part of the name, e-mail address, phone or a tag.
///
/// # Errors
/// When nobody is, or more than one.
pub fn find<'a>(users: &'a [TestUser], name: &str) -> anyhow::Result<&'a TestUser> {
    let wanted = name.to_lowercase();
    let is_wanted = |user: &&TestUser| {
        user.name.to_lowercase().contains(&wanted)
            || user.own_name.to_lowercase().contains(&wanted)
            || user.email.eq_ignore_ascii_case(name)
            || user.phone == name
            || user.tags.iter().any(|tag| tag.eq_ignore_ascii_case(name))
    };
    let found: Vec<_> = users.iter().filter(is_wanted).collect();
    match found.as_slice() {
        [user] => Ok(user),
        [] if users.is_empty() => bail!(
            "no test user is called {name:?}: there are none yet\nhint: astrascope login signs one in"
        ),
        [] => bail!(
            "no test user is called {name:?}\nhint: there {} {}; astrascope users lists all",
            if users.len() == 1 { "is" } else { "are" },
            some(users)
        ),
        several => bail!(
            "{name:?} may be {}\nhint: say more of the name",
            some(several.iter().copied())
        ),
    }
}

/// So many are named where there are more.
const NAMED: usize = 5;

/// The names of the first ones of `users`, and how many more there are.
fn some<'a>(users: impl IntoIterator<Item = &'a TestUser>) -> String {
    let labels: Vec<_> = users.into_iter().map(TestUser::label).collect();
    let (named, rest) = labels.split_at(labels.len().min(NAMED));
    match rest.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(count: u64) -> Vec<TestUser> {
        let user = |number| TestUser {
            name: format!("Ada {number}"),
            ..TestUser::unnamed(UserKey(number))
        };
        (1..=count).map(user).collect()
    }

    fn refused(count: u64, name: &str) -> String {
        find(&users(count), name).unwrap_err().to_string()
    }

    #[test]
    fn several_or_none_are_told_by_some_names() {
        assert_eq!(find(&users(9), "ada 7").unwrap().key, UserKey(7));
        assert_eq!(
            refused(9, "ada"),
            "\"ada\" may be Ada 1, Ada 2, Ada 3, Ada 4, Ada 5 and 4 more\nhint: say more of the name"
        );
        assert_eq!(
            refused(2, "eve"),
            "no test user is called \"eve\"\nhint: there are Ada 1, Ada 2; astrascope users lists all"
        );
        assert!(refused(0, "eve").ends_with("hint: astrascope login signs one in"));
    }
}
