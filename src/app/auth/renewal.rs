//! What the token endpoint answered, and renewing tokens: once, however many calls wait.

use std::time::Duration;

use crate::app::auth::{Effect, Refusal, SignIn, flow};
use crate::app::{self, Env, Model, Outbox};
use crate::domain::{Grant, JobId, Problem, UserKey};

/// How long to leave a token endpoint alone that could not be reached.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(30);

pub(super) fn refresh(model: &mut Model, user: UserKey, out: &mut Outbox) {
    let grant = match model.auth.state(user) {
        SignIn::Refreshing { .. } => return, // the calls that wait are resumed when it ends
        SignIn::SignedIn { grant, .. } if grant.can_refresh => grant.clone(),
        _ => {
            let problem = Problem::new("there is no refresh token for this test user")
                .hint("press a to sign in again");
            out.message(app::Msg::resume(user, Err(problem)));
            return;
        }
    };
    let Some(call) = flow::token_call(model, user, grant.redirect_uri.clone()) else {
        return; // a profile without hosts has no grants
    };
    model.auth.states.insert(
        user,
        SignIn::Refreshing {
            job: call.job,
            grant,
        },
    );
    out.effect(app::Effect::Auth(Effect::Refresh { call }));
}

/// Takes over what was kept from an earlier session. Tokens that have run out are renewed by the next call, not all at once
/// at the start.
pub(super) fn kept(model: &mut Model, user: UserKey, grant: Grant, env: Env) {
    if model.users.get(user).is_none() || *model.auth.state(user) != SignIn::SignedOut {
        return; // removed from the list meanwhile, or further than what was kept
    }
    let is_good = grant.can_refresh && !grant.is_expired(env.now);
    let refresh_at = is_good.then(|| grant.refresh_at());
    model
        .auth
        .states
        .insert(user, SignIn::SignedIn { grant, refresh_at });
}

pub(super) fn tokens(
    model: &mut Model,
    job: JobId,
    result: Result<Grant, Refusal>,
    env: Env,
    out: &mut Outbox,
) {
    let Some(user) = model.auth.user_of(job) else {
        return; // signed out meanwhile
    };
    let before = model.auth.states.remove(&user);
    let is_new = matches!(before, Some(SignIn::Exchanging { is_new: true, .. }));
    let old = match before {
        Some(SignIn::Refreshing { grant, .. }) => Some(grant),
        _ => None,
    };
    let state = match result {
        Ok(grant) => {
            if old.is_some() {
                out.message(app::Msg::resume(user, Ok(())));
            } else {
                welcome(model, user, out);
            }
            // One that has run out on arrival is left to the next call: by the clock it would be renewed for ever.
            let is_good = grant.can_refresh && !grant.is_expired(env.now);
            let refresh_at = is_good.then(|| grant.refresh_at());
            SignIn::SignedIn { grant, refresh_at }
        }
        Err(refusal) => {
            out.message(app::Msg::resume(user, Err(refusal.problem.clone())));
            match old {
                // Not refused, only unreachable: the old tokens may still be good.
                Some(grant) if !refusal.is_final && !grant.is_expired(env.now) => {
                    let refresh_at = Some(env.now.after(TRY_AGAIN_AFTER));
                    SignIn::SignedIn { grant, refresh_at }
                }
                // Expired and unreachable: kept, so that the next call tries again, but not by the clock.
                Some(grant) if !refusal.is_final => SignIn::SignedIn {
                    grant,
                    refresh_at: None,
                },
                None if is_new => return flow::forget(model, user, refusal.problem, out),
                _ => {
                    out.message(app::Msg::warning(refusal.problem.what.clone()));
                    SignIn::Failed(refusal.problem)
                }
            }
        }
    };
    model.auth.states.insert(user, state);
}

/// Somebody has just signed in: learn who they are, and show what they have.
fn welcome(model: &Model, user: UserKey, out: &mut Outbox) {
    let who = model
        .users
        .get(user)
        .map_or("test user", |user| user.label());
    out.message(app::Msg::notice(format!("{who} is signed in")));
    out.message(app::Msg::identify(user));
    out.message(app::Msg::load_accounts(user));
}
