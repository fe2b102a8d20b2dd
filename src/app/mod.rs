//! The pure core: the facts of a session, what may happen to them, and what has to be done about it.
//!
//! [`update`] changes the [`Model`] and answers with [`Effect`]s as data. It performs no I/O and reads no clock; time comes in
//! [`Env`]. One file is one feature; features talk by [`Msg`] and never import each other.

pub mod auth;
pub mod composer;
pub mod export;
pub mod file;
pub mod guide;
pub mod history;
pub mod intents;
pub mod modals;
pub mod notices;
pub mod profiles;
pub mod replay;
pub mod requests;
pub mod resources;
pub mod reveal;
pub mod runs;
pub mod saved;
pub mod saving;
pub mod search;
pub mod sorting;
pub mod transform;
pub mod users;
pub mod wakeup;

mod answer;
mod asking;
#[cfg(test)]
pub(crate) mod fixture;
mod message;
mod modal;
mod outbox;

pub use answer::{Answer, Baseline, BaselineOrigin, Opened, Recorded};
pub use message::{Desktop, Effect, Msg};
pub use modal::{
    Choice, Confirm, FieldKind, Form, FormField, FormSubject, Input, Menu, Modal, Picker, Prompt,
    Subject,
};
pub use outbox::Outbox;

use crate::catalog::Catalog;
use crate::domain::{JobId, Profile, TestUser, Timestamp, UserKey};

/// The facts of a session. How they are looked at (selection, scroll, cursor) lives in the panes.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Every endpoint that the program knows.
    pub catalog: Catalog,
    /// Which application of which environment, and whether its secret is known.
    pub profiles: profiles::Profiles,
    /// The test users, and which one the session acts for.
    pub users: users::Users,
    /// Who is signed in, and the sign-in that is under way.
    pub auth: auth::Auth,
    /// Exchanges, newest last.
    pub requests: requests::Requests,
    /// The exchanges of all sessions.
    pub history: history::History,
    /// Saved requests.
    pub saved: saved::Saved,
    /// The request that is about to be saved.
    pub saving: Option<saving::Saving>,
    /// What was sent again and compared.
    pub replay: replay::Replay,
    /// The newest run of several requests.
    pub run: Option<runs::Run>,
    /// User intents that were created, and when to ask about them.
    pub intents: intents::Intents,
    /// The request that is being composed.
    pub composer: composer::Composer,
    /// The file that is shown instead of a session.
    pub file: Option<file::File>,
    /// The search in a long body.
    pub search: Option<search::Search>,
    /// The sort of a long table.
    pub sort: Option<sorting::Sort>,
    /// What a program makes of a body.
    pub transforms: transform::Transforms,
    /// What is on its way out of the session.
    pub exports: export::Exports,
    /// What the API has listed.
    pub resources: resources::Resources,
    /// The secret that is shown for a moment.
    pub revealed: Option<reveal::Revealed>,
    /// Questions and help that lie over the panes, topmost last.
    pub modals: modals::Modals,
    /// The one line that tells what just happened.
    pub notices: notices::Notices,
    /// Set once the session shall end.
    pub quit: bool,
    last_id: u64,
    last_user: u64,
}

/// What the core sees of the outside: the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Env {
    /// Now.
    pub now: Timestamp,
}

impl Model {
    /// A session that has not done anything yet.
    pub fn new(catalog: Catalog, profile: Profile, users: Vec<TestUser>) -> Self {
        let last_id = users.iter().map(|user| user.key.0).max().unwrap_or(0);
        Self {
            catalog,
            profiles: profiles::Profiles::new(profile),
            users: users::Users::new(users),
            auth: auth::Auth::default(),
            requests: requests::Requests::default(),
            history: history::History::default(),
            saved: saved::Saved::default(),
            saving: None,
            replay: replay::Replay::default(),
            run: None,
            intents: intents::Intents::default(),
            composer: composer::Composer::default(),
            file: None,
            search: None,
            sort: None,
            transforms: transform::Transforms::default(),
            exports: export::Exports::default(),
            resources: resources::Resources::default(),
            revealed: None,
            modals: modals::Modals::default(),
            notices: notices::Notices::default(),
            quit: false,
            last_id,
            last_user: last_id,
        }
    }

    /// Gives new users keys beyond `first`: keys of users that are kept must not meet those of another instance.
    pub fn number_users_from(&mut self, first: u64) {
        self.last_user = self.last_user.max(first);
    }

    /// A job number that was never given out before.
    pub(crate) fn new_job(&mut self) -> JobId {
        self.last_id += 1;
        JobId(self.last_id)
    }

    /// A user key that was never given out before.
    pub(crate) fn new_user_key(&mut self) -> UserKey {
        self.last_user += 1;
        UserKey(self.last_user)
    }
}

/// Carries `msg` out on `model`, with everything that follows from it inside the core, and answers with what the runtime
/// has to do.
pub fn update(model: &mut Model, msg: Msg, env: Env) -> Vec<Effect> {
    if let Msg::Users(users::Msg::Select(_)) | Msg::Auth(auth::Msg::Start(_)) = &msg {
        model.notices = notices::Notices::default(); // it speaks of what was before
    }
    let mut out = Outbox::new(msg);
    while let Some(msg) = out.next_message() {
        if let Msg::Modals(modals::Msg::Open(_)) = &msg {
            model.notices = notices::Notices::default(); // it would hide the keys of what is opened
        }
        match msg {
            Msg::Profiles(msg) => profiles::update(model, msg, &mut out),
            Msg::Users(msg) => users::update(model, msg, &mut out),
            Msg::Auth(msg) => auth::update(model, msg, env, &mut out),
            Msg::Requests(msg) => {
                let shown = |model: &Model| model.requests.current().map(|it| it.exchange.job);
                let before = shown(model);
                if let requests::Msg::Resume { user, result } = &msg {
                    replay::resume(model, *user, result, &mut out);
                }
                requests::update(model, msg, env, &mut out);
                if shown(model) != before && model.transforms.is_busy() {
                    out.message(Msg::Transform(transform::Msg::Stop)); // its body is out of sight
                }
            }
            Msg::History(msg) => history::update(model, msg, &mut out),
            Msg::Saved(msg) => saved::update(model, msg, &mut out),
            Msg::Saving(msg) => saving::update(model, msg, &mut out),
            Msg::Replay(msg) => replay::update(model, msg, &mut out),
            Msg::Runs(msg) => runs::update(model, msg, &mut out),
            Msg::Replayed(job) => runs::replayed(model, job, &mut out),
            Msg::Unsent { job, problem } => replay::unsent(model, job, &problem, &mut out),
            Msg::Intents(msg) => intents::update(model, msg, env, &mut out),
            Msg::Composer(msg) => composer::update(model, msg, &mut out),
            Msg::File(msg) => file::update(model, msg),
            Msg::Search(msg) => search::update(model, msg, &mut out),
            Msg::Sorting(msg) => sorting::update(model, msg, &mut out),
            Msg::Transform(msg) => transform::update(model, msg, &mut out),
            Msg::Export(msg) => export::update(model, msg, &mut out),
            Msg::Resources(msg) => resources::update(model, msg, env, &mut out),
            Msg::Modals(msg) => modals::update(model, msg, &mut out),
            Msg::Notices(msg) => notices::update(model, msg, env),
            Msg::Reveal(msg) => reveal::update(model, msg, env, &mut out),
            Msg::Answered(job) => {
                users::answered(model, job, env, &mut out);
                intents::answered(model, job, env, &mut out);
                resources::answered(model, job, env, &mut out);
                composer::answered(model);
                history::answered(model, job, &mut out);
                replay::answered(model, job, &mut out);
            }
            Msg::Woke => {
                notices::woke(model, env);
                reveal::woke(model, env);
                auth::woke(model, env, &mut out);
                intents::woke(model, env, &mut out);
                requests::woke(model, env, &mut out);
            }
            Msg::Desktop(desktop) => out.effect(Effect::Desktop(desktop)),
            Msg::Crashed { job, problem } => {
                search::crashed(model, job);
                sorting::crashed(model, job);
                transform::crashed(model, job, &problem);
                export::crashed(model, job, &problem, &mut out);
                history::crashed(model, job);
                saved::crashed(model, job);
                replay::crashed(model, job, &problem, &mut out);
                requests::crashed(model, job, &problem, env, &mut out);
                auth::crashed(model, job, problem, env, &mut out);
            }
            Msg::Quit => model.quit = true,
        }
    }
    reveal::settle(model);
    out.into_effects()
}
