//! Signing test users in (OAuth authorization code, RFC 6749 section 4.1), and keeping their tokens fresh (section 6).
//!
//! ```text
//! SignedOut ─ Start ─▶ Authorizing ─ Redirected, Pasted, Walked ─▶ Exchanging ─ Exchanged ─▶ SignedIn ◀─▶ Refreshing
//!     ▲                    │ Cancel, time-out, error=                 │ refused                              │ refused
//!     └────────────────────┴──────────────── Failed ◀─────────────────┴───────────────────────────────────────┘
//! ```
//! Tokens never come here: a [`Grant`] says until when they last. The flow itself is in `flow`, what it asks in `prompt`, renewal in `renewal`.

mod flow;
mod parameters;
mod prompt;
mod renewal;
mod vouching;

#[cfg(test)]
mod parameters_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use flow::Flow;
pub use vouching::Word;

use crate::app::{self, Env, Model, Outbox, Recorded};
use crate::domain::{Grant, JobId, Nonce, Problem, Redirect, Secret, Timestamp, UserKey};

/// Who is signed in, and the sign-in that is under way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Auth {
    /// Where each test user stands; signed out if absent.
    pub states: BTreeMap<UserKey, SignIn>,
    /// The sign-in that is under way: one at a time, since there is one redirect URI.
    pub flow: Option<Flow>,
    /// A sign-in that waits for the built-in sandbox to listen, or for the client secret.
    wanted: Option<Option<UserKey>>,
}

/// Where one test user stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SignIn {
    /// No tokens.
    #[default]
    SignedOut,
    /// On the hosted pages: the redirect is awaited.
    Authorizing,
    /// The code is being exchanged.
    Exchanging {
        /// By this job.
        job: JobId,
        /// Whether nothing stays of the user where it fails.
        is_new: bool,
    },
    /// Tokens are there.
    SignedIn {
        /// Until when.
        grant: Grant,
        /// When to renew them without being asked; `None` when they cannot be renewed.
        refresh_at: Option<Timestamp>,
    },
    /// Tokens are there and being renewed.
    Refreshing {
        /// By this job.
        job: JobId,
        /// The old ones.
        grant: Grant,
    },
    /// It did not work.
    Failed(Problem),
}

/// What may happen to sign-ins.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Sign this user in, or somebody new.
    Start(Option<UserKey>),
    /// The profile has hosts and a client secret from now on.
    ProfileReady,
    /// This user has signed in before, and the tokens were kept.
    Kept(UserKey, Grant),
    /// The listener for the redirect is up, or could not be started.
    Listening {
        /// Which sign-in.
        job: JobId,
        /// The random state to expect back.
        state: Nonce,
        /// The redirect URI with the port that is really listened on.
        redirect_uri: String,
        /// Why nothing listens.
        problem: Option<Problem>,
    },
    /// A redirect with a foreign state was turned away; ours is still awaited.
    Forged(JobId),
    /// Show the hosted pages in a browser.
    OpenBrowser,
    /// Copy the URL of the hosted pages.
    CopyUrl,
    /// Set what the hosted pages are told beforehand.
    EditParameters,
    /// This was typed for this user.
    ParametersTyped(UserKey, Vec<Secret>),
    /// It is kept: the URL follows.
    ParametersKept,
    /// Go on with the next of the registered redirect URIs.
    NextRedirect,
    /// The redirect URI has changed.
    ListenAnew,
    /// Walk the hosted pages of the built-in sandbox from here.
    Walk,
    /// Vouch for the person: they need not sign in on the page.
    Vouch,
    /// This word for them was agreed to.
    VouchConfirmed(Word),
    /// The walk ended; with the redirect itself where no listener took it.
    Walked {
        /// Which walk.
        job: JobId,
        /// Where it led.
        result: Result<Option<Redirect>, Problem>,
    },
    /// A redirect URL or a code was pasted.
    Pasted(Secret),
    /// The redirect arrived, told of an error, or was awaited for too long.
    Redirected {
        /// Which sign-in.
        job: JobId,
        /// The code, or why there is none.
        result: Result<Redirect, Problem>,
    },
    /// The token endpoint answered, or did not.
    Tokens {
        /// Which exchange or renewal.
        job: JobId,
        /// What the tokens allow.
        result: Result<Grant, Refusal>,
        /// The exchange as it went, secrets masked.
        recorded: Option<Box<Recorded>>,
    },
    /// Give the sign-in up.
    Cancel,
    /// Ask whether the tokens of this user shall go.
    AskSignOut(UserKey),
    /// Forget the tokens of this user.
    SignOut(UserKey),
    /// Renew the token of this user.
    Refresh(UserKey),
}

/// Why there are no tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// In words.
    pub problem: Problem,
    /// Whether Astra has decided; otherwise it may work later, and the old tokens are still good.
    pub is_final: bool,
}

/// What has to be done for a sign-in.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Draw a random state, and listen for the redirect.
    Listen {
        /// Answer with this.
        job: JobId,
        /// Port and path to listen on.
        redirect_uri: String,
    },
    /// Walk the hosted pages that start at `url` as a browser would.
    Walk {
        /// Answer with this.
        job: JobId,
        /// The authorization URL.
        url: String,
    },
    /// Have the person vouched for, then show them the page: by a walk on the built-in sandbox, else in the browser.
    Vouch {
        /// Answer as a walk with this.
        job: JobId,
        /// The authorization URL.
        page: String,
        /// The endpoint that takes the application's word.
        url: String,
        /// Who says so, about whom, as JSON.
        body: String,
        /// Identifies the application.
        client_id: String,
        /// Whether the pages are walked from here.
        is_walked: bool,
    },
    /// Exchange the code for tokens.
    Exchange {
        /// The request.
        call: TokenCall,
        /// The authorization code.
        code: Secret,
    },
    /// Renew the tokens.
    Refresh {
        /// The request.
        call: TokenCall,
    },
    /// Forget the tokens of this user.
    Forget(UserKey),
}

/// A request to the token endpoint, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCall {
    /// Answer with this.
    pub job: JobId,
    /// Whose tokens.
    pub user: UserKey,
    /// The token endpoint.
    pub url: String,
    /// Identifies the application.
    pub client_id: String,
    /// The redirect URI of the authorization.
    pub redirect_uri: String,
}

impl Auth {
    /// What `user` allowed, while there are tokens.
    pub fn grant(&self, user: UserKey) -> Option<&Grant> {
        match self.state(user) {
            SignIn::SignedIn { grant, .. } | SignIn::Refreshing { grant, .. } => Some(grant),
            _ => None,
        }
    }

    /// Where `user` stands.
    pub fn state(&self, user: UserKey) -> &SignIn {
        const SIGNED_OUT: &SignIn = &SignIn::SignedOut;
        self.states.get(&user).unwrap_or(SIGNED_OUT)
    }

    /// Whether something is under way that a spinner should tell of. Waiting for a person is not.
    pub fn is_busy(&self) -> bool {
        self.flow.as_ref().is_some_and(|flow| flow.walk.is_some())
            || self
                .states
                .values()
                .any(|state| matches!(state, SignIn::Exchanging { .. } | SignIn::Refreshing { .. }))
    }

    /// When the next token has to be renewed.
    pub fn next_refresh(&self) -> Option<Timestamp> {
        let due = self.states.values().filter_map(|state| match state {
            SignIn::SignedIn { refresh_at, .. } => *refresh_at,
            _ => None,
        });
        due.min()
    }

    /// Whether `job` renews tokens.
    fn is_renewed_by(&self, job: JobId) -> bool {
        let is_its =
            |state: &SignIn| matches!(state, SignIn::Refreshing { job: of, .. } if *of == job);
        self.states.values().any(is_its)
    }

    /// The user whose code is exchanged, or whose tokens are renewed, by `job`.
    fn user_of(&self, job: JobId) -> Option<UserKey> {
        let is_of = |state: &SignIn| matches!(state, SignIn::Exchanging { job: of, .. } | SignIn::Refreshing { job: of, .. } if *of == job);
        self.states
            .iter()
            .find(|(_, state)| is_of(state))
            .map(|(user, _)| *user)
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, env: Env, out: &mut Outbox) {
    match msg {
        Msg::Start(user) => flow::start(model, user, out),
        Msg::ProfileReady => {
            if let Some(user) = model.auth.wanted.take() {
                flow::start(model, user, out);
            }
        }
        Msg::Kept(user, grant) => renewal::kept(model, user, grant, env),
        Msg::Listening {
            job,
            state,
            redirect_uri,
            problem,
        } => {
            flow::listening(model, job, state, redirect_uri, problem, out);
        }
        Msg::Forged(job) => flow::forged(model, job, out),
        Msg::OpenBrowser => {
            if let Some(url) = model.auth.flow_url() {
                out.message(app::Msg::Desktop(app::Desktop::OpenBrowser(url)));
            }
        }
        Msg::CopyUrl => {
            if let Some(text) = model.auth.flow_url() {
                out.message(app::Msg::Desktop(app::Desktop::Copy { text, what: "URL" }));
            }
        }
        Msg::EditParameters => {
            if let Some(user) = model.auth.flow.as_ref().map(|flow| flow.user) {
                parameters::edit(model, user, out);
            }
        }
        Msg::ParametersTyped(user, values) => {
            let query = parameters::query(model, user, &values);
            out.message(app::Msg::sign_in_told(user, query));
            out.message(app::Msg::Auth(Msg::ParametersKept));
        }
        Msg::ParametersKept => flow::tell_anew(model, out),
        Msg::NextRedirect => {
            out.message(app::Msg::next_redirect());
            out.message(app::Msg::Auth(Msg::ListenAnew));
        }
        Msg::ListenAnew => flow::listen_anew(model, out),
        Msg::Walk => flow::walk(model, out),
        Msg::Vouch => vouching::vouch(model, out),
        Msg::VouchConfirmed(word) => vouching::give(model, word, out),
        Msg::Walked { job, result } => flow::walked(model, job, result, out),
        Msg::Pasted(text) => flow::pasted(model, &text, out),
        Msg::Redirected { job, result } => flow::redirected(model, job, result, out),
        Msg::Tokens {
            job,
            result,
            recorded,
        } => {
            if let Some(recorded) = recorded {
                // A renewal by itself must not take away what is read.
                let is_renewal = model.auth.is_renewed_by(job);
                out.message(app::Msg::record(recorded, is_renewal));
            }
            renewal::tokens(model, job, result, env, out);
        }
        Msg::Cancel => flow::cancel(model, out),
        Msg::AskSignOut(user) => prompt::ask_sign_out(model, user, out),
        Msg::SignOut(user) => {
            if model
                .auth
                .flow
                .as_ref()
                .is_some_and(|flow| flow.is_of(user))
            {
                flow::cancel(model, out);
            }
            if let Some(SignIn::Exchanging { job, .. } | SignIn::Refreshing { job, .. }) =
                model.auth.states.remove(&user)
            {
                out.effect(app::Effect::Cancel(job)); // what it brings is not wanted any more
            }
            out.effect(app::Effect::Auth(Effect::Forget(user)));
            out.message(app::Msg::drop_accounts(user));
        }
        Msg::Refresh(user) => renewal::refresh(model, user, out),
    }
}

/// Renews what is due.
pub(crate) fn woke(model: &mut Model, env: Env, out: &mut Outbox) {
    let is_due = |state: &SignIn| matches!(state, SignIn::SignedIn { refresh_at: Some(at), .. } if *at <= env.now);
    for (user, _) in model.auth.states.iter().filter(|(_, state)| is_due(state)) {
        out.message(app::Msg::refresh(*user));
    }
}

/// A job of a sign-in ended by a defect of this program.
pub(crate) fn crashed(model: &mut Model, job: JobId, problem: Problem, env: Env, out: &mut Outbox) {
    if model.auth.user_of(job).is_some() {
        let refusal = Refusal {
            problem,
            is_final: false,
        };
        renewal::tokens(model, job, Err(refusal), env, out);
    } else if model
        .auth
        .flow
        .as_ref()
        .is_some_and(|flow| flow.walk == Some(job))
    {
        flow::walked(model, job, Err(problem), out);
    } else {
        flow::redirected(model, job, Err(problem), out);
    }
}
