//! Runs effects as cancellable jobs that report over the channel; decides nothing.

mod calls;
mod children;
mod exports;
mod histories;
mod identities;
mod keeper;
mod own_secrets;
mod replays;
mod savings;
mod searches;
mod signing;
mod sorts;
mod transforms;

pub use identities::client_options;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::adapters::browser;
use crate::adapters::credentials::Credentials;
use crate::adapters::files::saved::SavedRequests;
use crate::adapters::http::{Client, Credential};
use crate::adapters::vault::Vault;
use crate::app::auth;
use crate::app::requests::{self, Caller};
use crate::app::{Desktop, Effect, Msg, profiles};
use crate::app::{export, search, sorting, transform};
use crate::catalog::Catalog;
use crate::config::Paths;
use crate::domain::{JobId, Problem, Profile, Secret, TestUser, UserKey};
use crate::runtime::Files;
use crate::runtime::effects::histories::Histories;
use crate::runtime::effects::keeper::Keeper;
use crate::runtime::jobs::Jobs;
use crate::runtime::values::Concealed;

pub use transforms::FILTER_COMMAND;

/// Everything that effects need, and the jobs that carry them out.
pub struct Effects {
    tools: Tools,
    jobs: Jobs,
    open: Opener,
    /// What answers are compared with.
    catalog: Arc<Catalog>,
    /// What is kept over sessions; none where the session has no files.
    histories: Option<Histories>,
    /// Where saved requests are.
    saved: Option<SavedRequests>,
    /// The person's own rules of comparing.
    rules: Option<PathBuf>,
}

/// What belongs to a profile. A job works to its end with what it has started with.
#[derive(Clone, Debug)]
pub struct Belongings {
    /// Calls its hosts.
    pub client: Client,
    /// Its secrets.
    pub credentials: Credentials,
    /// Test users that are known without a vault.
    pub users: Vec<TestUser>,
    /// Where its test users are kept; nowhere for the built-in sandbox, whose world ends with the session.
    pub vault: Option<Vault>,
}

impl Belongings {
    /// Nothing that outlives the session.
    pub fn new(client: Client, credentials: Credentials) -> Self {
        Self {
            client,
            credentials,
            users: Vec::new(),
            vault: None,
        }
    }
}

/// Gets what belongs to a profile ready, and starts the built-in sandbox where the profile is that one.
pub type Opener = Box<dyn Fn(&Profile) -> Belongings + Send>;

/// What a job may use.
#[derive(Clone)]
struct Tools {
    client: Client,
    credentials: Credentials,
    vault: Option<Vault>,
    home: Option<Paths>,
    keeper: Keeper,
    messages: mpsc::Sender<Msg>,
    concealed: Concealed,
}

impl Effects {
    /// Effects for `profile` and those that the session goes over to, each got ready by `open`; they report to `messages`.
    /// Profiles are written at `home`, and not at all without one.
    pub fn new(
        profile: &Profile,
        open: Opener,
        home: Option<Paths>,
        messages: mpsc::Sender<Msg>,
    ) -> Self {
        let Belongings {
            client,
            credentials,
            vault,
            ..
        } = open(profile);
        Self {
            tools: Tools {
                client,
                credentials,
                vault,
                home,
                keeper: Keeper::start(),
                messages,
                concealed: Concealed::default(),
            },
            jobs: Jobs::default(),
            open,
            catalog: Arc::default(),
            histories: None,
            saved: None,
            rules: None,
        }
    }

    /// Reads and writes these files.
    #[must_use]
    pub fn with_files(mut self, files: Files) -> Self {
        self.histories = files.history.map(Histories::at);
        self.saved = files.saved;
        self.rules = files.rules;
        self
    }

    /// Compares answers with what `catalog` says of them from now on.
    pub(crate) fn know(&mut self, catalog: &Catalog) {
        self.catalog = Arc::new(catalog.clone());
    }

    /// Starts one.
    pub(crate) fn start(&mut self, effect: Effect) {
        let tools = self.tools.clone();
        match effect {
            Effect::Requests(requests::Effect::Call {
                job,
                endpoint,
                request,
                caller,
            }) => {
                let endpoint = self.catalog.endpoint(&endpoint).cloned();
                let catalog = endpoint.map(|endpoint| (Arc::clone(&self.catalog), endpoint));
                let work = calls::call(tools, job, catalog, request, caller);
                self.jobs.start(job, work);
            }
            Effect::Search(search::Effect::Search {
                job,
                document,
                query,
            }) => self
                .jobs
                .start(job, searches::look(tools, job, document, query)),
            Effect::Sorting(sorting::Effect::Sort {
                job,
                document,
                sorting,
            }) => self
                .jobs
                .start(job, sorts::sort(tools, job, document, sorting)),
            Effect::Transform(transform::Effect::Run {
                job,
                source,
                program,
            }) => self
                .jobs
                .start(job, transforms::run(tools, job, source, program)),
            Effect::Export(effect) => self.start_export(tools, effect),
            Effect::Auth(effect) => self.start_auth(tools, effect),
            Effect::History(effect) => self.start_history(tools, effect),
            Effect::Saved(effect) => self.start_saved(tools, effect),
            Effect::Saving(effect) => self.start_saving(tools, effect),
            Effect::Replay(effect) => self.start_replay(tools, effect),
            Effect::Profiles(profiles::Effect::Open(profile)) => {
                let belongings = (self.open)(&profile);
                Arc::make_mut(&mut self.catalog).adapt(profile.environment);
                self.tools.client = belongings.client;
                self.tools.credentials = belongings.credentials;
                self.tools.vault = belongings.vault;
                identities::list(self.tools.clone(), belongings.users);
            }
            Effect::Profiles(effect) => identities::start(tools, effect),
            Effect::Users(effect) => identities::keep(tools, effect),
            Effect::Reveal(effect) => identities::reveal(tools, effect),
            Effect::Desktop(Desktop::OpenBrowser(url)) => {
                spawn_blocking(move || open_browser(&tools, &url));
            }
            // The loop's own: it has the terminal.
            Effect::Desktop(Desktop::Copy { .. } | Desktop::EditBody(_) | Desktop::Suspend) => {}
            Effect::Cancel(job) => self.jobs.cancel(job),
            Effect::CancelAll => self.jobs.cancel_all(),
        }
    }

    fn start_export(&mut self, tools: Tools, effect: export::Effect) {
        let catalog = Arc::clone(&self.catalog);
        match effect {
            export::Effect::Format { job, outgoing } => {
                self.jobs
                    .start(job, exports::format(tools, catalog, outgoing));
            }
            export::Effect::FormatKept { job, kept } => {
                let work = exports::format_kept(tools, catalog, self.histories.clone(), kept);
                self.jobs.start(job, work);
            }
            export::Effect::Write { job, order } => {
                let work = exports::write(tools, catalog, self.histories.clone(), job, order);
                self.jobs.start(job, work);
            }
        }
    }

    /// Waits until what shall outlive the session is written.
    pub(crate) async fn finish(&self) {
        self.tools.keeper.finish().await;
    }

    /// Waits for a job that ends by a panic.
    pub(crate) async fn next_crash(&mut self) -> (JobId, Problem) {
        self.jobs.next_crash().await
    }
}

impl Tools {
    /// Reports to the loop; once the session is over there is nobody to report to.
    async fn report(&self, msg: Msg) {
        let _ = self.messages.send(msg).await;
    }

    async fn report_auth(&self, msg: auth::Msg) {
        self.report(Msg::Auth(msg)).await;
    }

    /// What must not be kept: the application's secret, the tokens of `user`, and what came from the environment.
    fn secrets(&self, user: Option<UserKey>) -> Vec<Secret> {
        let tokens = user.and_then(|user| self.credentials.tokens(user));
        let tokens = tokens.map(|tokens| [tokens.access, tokens.refresh]);
        let all = tokens
            .into_iter()
            .flatten()
            .chain([self.credentials.client_secret()])
            .chain(self.concealed.all());
        all.filter(|secret| !secret.is_empty()).collect()
    }

    fn credential(&self, caller: Caller) -> Result<Credential, Problem> {
        match caller {
            Caller::Nobody => Ok(Credential::None),
            Caller::Application { client_id } => Ok(Credential::Basic {
                client_id,
                client_secret: self.credentials.client_secret(),
            }),
            Caller::User(user) => self
                .credentials
                .tokens(user)
                .map(|tokens| Credential::Bearer(tokens.access))
                .ok_or_else(|| {
                    Problem::new("there is no token for this test user").hint("press a to sign in")
                }),
        }
    }
}

fn open_browser(tools: &Tools, url: &str) {
    let msg = match browser::open(url) {
        Ok(()) => Msg::notice("opened in the browser"),
        Err(problem) => Msg::warning(format!("{}: copy the URL instead", problem.what)),
    };
    // Nobody waits for it once the session is over.
    let _ = tools.messages.blocking_send(msg);
}
