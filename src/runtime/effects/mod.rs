//! Runs effects as cancellable jobs that report over the channel; decides nothing.

mod calls;
mod children;
mod exports;
mod keeper;
mod searches;
mod secrets;
mod signing;
mod transforms;

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::adapters::browser;
use crate::adapters::credentials::Credentials;
use crate::adapters::http::{Client, Credential};
use crate::app::auth;
use crate::app::requests::{self, Caller};
use crate::app::{Desktop, Effect, Msg};
use crate::app::{export, search, transform};
use crate::catalog::Catalog;
use crate::domain::{JobId, Problem};
use crate::runtime::effects::keeper::Keeper;
use crate::runtime::jobs::Jobs;

pub use transforms::FILTER_COMMAND;

/// Everything that effects need, and the jobs that carry them out.
pub struct Effects {
    tools: Tools,
    jobs: Jobs,
    /// What answers are compared with.
    catalog: Arc<Catalog>,
}

/// What a job may use.
#[derive(Clone)]
struct Tools {
    client: Client,
    credentials: Credentials,
    keeper: Keeper,
    messages: mpsc::Sender<Msg>,
}

impl Effects {
    /// Effects that call by `client` with `credentials` and report to `messages`.
    pub fn new(client: Client, credentials: Credentials, messages: mpsc::Sender<Msg>) -> Self {
        Self {
            tools: Tools {
                client,
                credentials,
                keeper: Keeper::start(),
                messages,
            },
            jobs: Jobs::default(),
            catalog: Arc::default(),
        }
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
            Effect::Transform(transform::Effect::Run {
                job,
                source,
                program,
            }) => self
                .jobs
                .start(job, transforms::run(tools, job, source, program)),
            Effect::Export(effect) => self.start_export(tools, effect),
            Effect::Auth(effect) => self.start_auth(tools, effect),
            Effect::Profiles(effect) => secrets::start(tools, effect),
            Effect::Desktop(Desktop::OpenBrowser(url)) => {
                spawn_blocking(move || open_browser(&tools, &url));
            }
            // The loop's own: it has the terminal.
            Effect::Desktop(Desktop::Copy { .. } | Desktop::EditBody(_) | Desktop::Suspend) => {}
            Effect::Cancel(job) => self.jobs.cancel(job),
        }
    }

    fn start_export(&mut self, tools: Tools, effect: export::Effect) {
        let catalog = Arc::clone(&self.catalog);
        match effect {
            export::Effect::Format { job, outgoing } => {
                self.jobs
                    .start(job, exports::format(tools, catalog, outgoing));
            }
            export::Effect::Write { job, order } => {
                self.jobs
                    .start(job, exports::write(tools, catalog, job, order));
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
