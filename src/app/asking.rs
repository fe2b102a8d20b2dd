//! How features ask each other for something without importing each other: a constructor of a message for each.

use crate::app::{
    Baseline, Modal, Msg, Opened, Recorded, Subject, auth, composer, export, history, modals,
    notices, profiles, replay, requests, resources, reveal, runs, saved, saving, users,
};
use crate::domain::{
    Draft, Grant, JobId, Problem, SavedKey, SavedRequest, Secret, TestUser, UserKey, UserStatus,
};
impl Msg {
    /// Send `draft`.
    pub fn send(draft: Draft) -> Self {
        Self::Requests(requests::Msg::Send(draft))
    }

    /// Send `draft` without showing it in the Inspector.
    pub fn send_quietly(draft: Draft) -> Self {
        Self::Requests(requests::Msg::SendQuietly(draft))
    }

    /// Compose a call of `endpoint`, with these values filled in.
    pub fn compose(endpoint: &str, values: Vec<(String, String)>) -> Self {
        let endpoint = crate::domain::EndpointId::new(endpoint);
        Self::Composer(composer::Msg::Open { endpoint, values })
    }

    /// List what `endpoint` lists for `user`.
    pub fn list(user: UserKey, endpoint: crate::domain::EndpointId) -> Self {
        Self::Resources(resources::Msg::Load {
            user,
            endpoint,
            filter: Vec::new(),
        })
    }

    /// Compose a call of `endpoint` instead of answering the prompt about `subject`.
    pub fn compose_instead(endpoint: &str, subject: Subject) -> Self {
        Self::Modals(modals::Msg::ComposeInstead(
            subject,
            crate::domain::EndpointId::new(endpoint),
        ))
    }

    /// The body that is composed was edited elsewhere: this is its text now.
    pub fn body_edited(text: String) -> Self {
        Self::Composer(composer::Msg::TypedRaw(text))
    }

    /// Keep an exchange that was carried out elsewhere, such as the token exchange; `is_quiet` where it is not shown.
    pub fn record(recorded: Box<Recorded>, is_quiet: bool) -> Self {
        Self::Requests(match is_quiet {
            true => requests::Msg::RecordQuietly(recorded),
            false => requests::Msg::Record(recorded),
        })
    }

    /// Keep the exchange of `job` in the history.
    pub fn keep(job: JobId) -> Self {
        Self::History(history::Msg::Keep(job))
    }

    /// Send `draft` as the exchange `job`; `is_quiet` where it is not shown in the Inspector.
    pub fn send_as(job: JobId, draft: Draft, is_quiet: bool) -> Self {
        Self::Requests(requests::Msg::SendAs {
            job,
            draft,
            is_quiet,
        })
    }

    /// Show the exchange `job`, if it is still there.
    pub fn show_exchange(job: JobId) -> Self {
        Self::Requests(requests::Msg::Show(job))
    }

    /// Show what the comparison of the exchange `job` came to.
    pub fn show_comparison(job: JobId) -> Self {
        Self::Replay(replay::Msg::Show(job))
    }

    /// Send `draft` as the exchange `job`, and compare its answer with `baseline`.
    pub fn replay_draft(
        job: JobId,
        draft: Box<Draft>,
        user: Option<UserKey>,
        baseline: Option<Baseline>,
    ) -> Self {
        Self::Replay(replay::Msg::Quietly {
            job,
            what: replay::What::Draft(draft),
            user,
            baseline,
        })
    }

    /// Fill this saved request in, send it as the exchange `job`, and compare.
    pub fn replay_saved(
        job: JobId,
        (key, request): (SavedKey, SavedRequest),
        user: Option<UserKey>,
        baseline: Option<Baseline>,
    ) -> Self {
        Self::Replay(replay::Msg::Quietly {
            job,
            what: replay::What::Saved(key, Box::new(request)),
            user,
            baseline,
        })
    }

    /// Send what this one out of the history asked for again, and compare.
    pub fn replay_opened(opened: Opened) -> Self {
        Self::Replay(replay::Msg::Opened(Box::new(opened)))
    }

    /// Send `draft` as every test user who is signed in.
    pub fn send_as_all(draft: Draft) -> Self {
        Self::Runs(runs::Msg::AsAll(runs::Source::Draft(Box::new(draft))))
    }

    /// Send no more of the run.
    pub fn stop_run() -> Self {
        Self::Runs(runs::Msg::Stop)
    }

    /// Save the request of the exchange that is shown.
    pub fn save_shown() -> Self {
        Self::Saving(saving::Msg::Shown)
    }

    /// Read the saved requests, unless they were.
    pub fn visit_saved() -> Self {
        Self::Saved(saved::Msg::Visit)
    }

    /// Something was done with the files of saved requests.
    pub fn saved_done(result: Result<String, Problem>) -> Self {
        Self::Saved(saved::Msg::Done(result))
    }

    /// Close the form in which a request is saved.
    pub fn close_saving() -> Self {
        Self::Modals(modals::Msg::CloseSaving)
    }

    /// Show an exchange out of the history.
    pub fn show_opened(opened: Opened) -> Self {
        Self::Requests(requests::Msg::ShowOpened(Box::new(opened)))
    }

    /// Compose a request like `draft`.
    pub fn compose_draft(draft: Draft) -> Self {
        Self::Composer(composer::Msg::OpenDraft(draft))
    }

    /// Calls that wait for `user`'s token can go on.
    pub fn resume(user: UserKey, result: Result<(), Problem>) -> Self {
        Self::Requests(requests::Msg::Resume { user, result })
    }

    /// Start signing in `user`, or somebody new.
    pub fn sign_in(user: Option<UserKey>) -> Self {
        Self::Auth(auth::Msg::Start(user))
    }

    /// Renew `user`'s token.
    pub fn refresh(user: UserKey) -> Self {
        Self::Auth(auth::Msg::Refresh(user))
    }

    /// This was typed about `user`: own name, note, tags, customer id.
    pub fn user_edited(user: UserKey, values: &[Secret]) -> Self {
        let text = |index: usize| {
            let text = values.get(index).map(Secret::reveal).unwrap_or_default();
            text.trim().to_owned()
        };
        Self::Users(users::Msg::Edited {
            user,
            own_name: text(0),
            note: text(1),
            tags: text(2).split_whitespace().map(ToOwned::to_owned).collect(),
            customer_id: text(3),
        })
    }

    /// Ask who `user` is.
    pub fn identify(user: UserKey) -> Self {
        Self::Users(users::Msg::Identify(user))
    }

    /// Add somebody new to the list, and act for them.
    pub fn add_user(user: UserKey) -> Self {
        Self::Users(users::Msg::Add(user))
    }

    /// Add somebody of whom something is known, and act for them.
    pub fn add_known_user(user: TestUser) -> Self {
        Self::Users(users::Msg::AddKnown(user))
    }

    /// These are the test users of the profile.
    pub fn known_users(users: Vec<TestUser>) -> Self {
        Self::Users(users::Msg::Known(users))
    }

    /// Astra says that `user` is of this status.
    pub fn status_of(user: UserKey, status: UserStatus) -> Self {
        Self::Users(users::Msg::Status(user, status))
    }

    /// Take somebody new off the list again.
    pub fn forget_user(user: UserKey) -> Self {
        Self::Users(users::Msg::Forget(user))
    }

    /// Load the list that `endpoint` answers to `user`.
    pub fn load_list(user: UserKey, endpoint: crate::domain::EndpointId) -> Self {
        Self::Resources(resources::Msg::Load {
            user,
            endpoint,
            filter: Vec::new(),
        })
    }

    /// Load the accounts of `user`, and bring them to the front.
    pub fn load_accounts(user: UserKey) -> Self {
        Self::Resources(resources::Msg::Welcome(user))
    }

    /// Forget the accounts of `user`.
    pub fn drop_accounts(user: UserKey) -> Self {
        Self::Resources(resources::Msg::Drop(user))
    }

    /// `user` has signed in before, and the tokens were kept.
    pub fn still_signed_in(user: UserKey, grant: Grant) -> Self {
        Self::Auth(auth::Msg::Kept(user, grant))
    }

    /// Ask for the client secret.
    pub fn ask_secret() -> Self {
        Self::Profiles(profiles::Msg::AskSecret)
    }

    /// The fields of a profile were filled.
    pub fn profile_written(values: Vec<Secret>) -> Self {
        Self::Profiles(profiles::Msg::Written(values))
    }

    /// A person typed the client secret.
    pub fn secret_typed(secret: Secret) -> Self {
        Self::Profiles(profiles::Msg::SecretTyped(secret))
    }

    /// The profile has hosts and a client secret from now on.
    pub fn profile_ready() -> Self {
        Self::Auth(auth::Msg::ProfileReady)
    }

    /// A person named the file to write to.
    pub fn file_named(path: Secret) -> Self {
        Self::Export(export::Msg::Named(path))
    }

    /// A person pasted a redirect URL or a code.
    pub fn pasted(text: Secret) -> Self {
        Self::Auth(auth::Msg::Pasted(text))
    }

    /// Give the sign-in up.
    pub fn cancel_sign_in() -> Self {
        Self::Auth(auth::Msg::Cancel)
    }

    /// Ask whether the tokens of `user` shall go.
    pub fn ask_sign_out(user: UserKey) -> Self {
        Self::Auth(auth::Msg::AskSignOut(user))
    }

    /// Forget the tokens of `user`.
    pub fn sign_out(user: UserKey) -> Self {
        Self::Auth(auth::Msg::SignOut(user))
    }

    /// The hosted pages are told this of `user` from now on.
    pub fn sign_in_told(user: UserKey, query: String) -> Self {
        Self::Users(users::Msg::SignInTold(user, query))
    }

    /// What the hosted pages are told of `user` was typed.
    pub fn sign_in_edited(user: UserKey, values: Vec<Secret>) -> Self {
        Self::Auth(auth::Msg::ParametersTyped(user, values))
    }

    /// Use the next of the registered redirect URIs.
    pub fn next_redirect() -> Self {
        Self::Profiles(profiles::Msg::NextRedirect)
    }

    /// Hide the secret that is shown, if one is.
    pub fn hide_secret() -> Self {
        Self::Reveal(reveal::Msg::Hide)
    }

    /// Tell what just happened.
    pub fn notice(text: impl Into<String>) -> Self {
        Self::Notices(notices::Msg::Say(text.into()))
    }

    /// Tell what just went wrong.
    pub fn warning(text: impl Into<String>) -> Self {
        Self::Notices(notices::Msg::Warn(text.into()))
    }

    /// Lay `modal` over the panes.
    pub fn open(modal: Modal) -> Self {
        Self::Modals(modals::Msg::Open(Box::new(modal)))
    }

    /// Put the composer away.
    pub fn close_composer() -> Self {
        Self::Modals(modals::Msg::CloseComposer)
    }

    /// Take away the prompt that asks for `subject`, if it is there.
    pub fn dismiss(subject: Subject) -> Self {
        Self::Modals(modals::Msg::Dismiss(subject))
    }
}
