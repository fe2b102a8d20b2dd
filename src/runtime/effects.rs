//! Runs effects as cancellable jobs that report over the channel; decides nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::adapters::browser;
use crate::adapters::credentials::Credentials;
use crate::adapters::http::{Client, Credential};
use crate::adapters::oauth::{self, Listener, TokenReply, TokenRequest};
use crate::app::auth::{self, Refusal, TokenCall};
use crate::app::requests::{self, Caller};
use crate::app::search::{self, Query};
use crate::app::{Answer, Desktop, Effect, Msg, Recorded, profiles};
use crate::catalog::{Catalog, Marks};
use crate::document::{Document, Search};
use crate::domain::{Body, Endpoint, EndpointId, Exchange, JobId, Outcome, Prepared, Problem};
use crate::runtime::clock;
use crate::runtime::jobs::Jobs;

/// The catalogue's name for the token endpoint.
const TOKEN_ENDPOINT: &str = "oauth.token";

/// A body up to this size is indexed where it arrived: handing it to another thread would take longer.
const INDEXED_IN_PLACE: usize = 256 << 10;

/// Everything that effects need, and the jobs that carry them out.
pub struct Effects {
    tools: Tools,
    jobs: Jobs,
    /// What answers are compared with.
    catalog: Arc<Catalog>,
}

/// An endpoint and the catalogue that its shapes stand in; none where nothing is known of an answer.
type Documented = Option<(Arc<Catalog>, Endpoint)>;

/// What a job may use.
#[derive(Clone)]
struct Tools {
    client: Client,
    credentials: Credentials,
    messages: mpsc::Sender<Msg>,
}

impl Effects {
    /// Effects that call by `client` with `credentials` and report to `messages`.
    pub fn new(client: Client, credentials: Credentials, messages: mpsc::Sender<Msg>) -> Self {
        Self {
            tools: Tools {
                client,
                credentials,
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
                let work = call(tools, job, catalog, request, caller);
                self.jobs.start(job, work);
            }
            Effect::Search(search::Effect::Search {
                job,
                document,
                query,
            }) => self.jobs.start(job, look(tools, job, document, query)),
            Effect::Auth(effect) => self.start_auth(tools, effect),
            Effect::Profiles(profiles::Effect::KeepSecret(secret)) => {
                tools.credentials.set_client_secret(secret);
            }
            Effect::Desktop(Desktop::OpenBrowser(url)) => {
                spawn_blocking(move || open_browser(&tools, &url));
            }
            Effect::Desktop(Desktop::Copy { .. } | Desktop::Suspend) => {} // the loop's own: it has the terminal
            Effect::Cancel(job) => self.jobs.cancel(job),
        }
    }

    fn start_auth(&mut self, tools: Tools, effect: auth::Effect) {
        match effect {
            auth::Effect::Listen { job, redirect_uri } => {
                self.jobs.start(job, listen(tools, job, redirect_uri));
            }
            auth::Effect::Walk { job, url } => self.jobs.start(job, walk(tools, job, url)),
            auth::Effect::Exchange { call, code } => self.jobs.start(call.job, async move {
                let (request, secret) = (token_request(&call), tools.credentials.client_secret());
                let reply =
                    oauth::exchange(&tools.client, &request, &code, &secret, clock::now).await;
                tokens(&tools, &call, reply).await;
            }),
            auth::Effect::Refresh { call } => self.jobs.start(call.job, async move {
                let (request, secret) = (token_request(&call), tools.credentials.client_secret());
                let old = tools
                    .credentials
                    .tokens(call.user)
                    .map(|tokens| tokens.refresh);
                let old = old.unwrap_or_default(); // the core asks only where one was granted
                let reply =
                    oauth::refresh(&tools.client, &request, &old, &secret, clock::now).await;
                tokens(&tools, &call, reply).await;
            }),
            auth::Effect::Forget(user) => tools.credentials.forget(user),
        }
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

async fn call(tools: Tools, job: JobId, documented: Documented, request: Prepared, caller: Caller) {
    let result = match tools.credential(caller) {
        Ok(credential) => tools.client.call(&request, credential).await,
        Err(problem) => Err(problem),
    };
    let result = match result {
        Ok(response) => {
            let documented = documented.filter(|_| response.is_success());
            let (document, marks) = index(response.body.clone(), documented).await;
            Ok(Answer {
                response,
                document,
                marks,
            })
        }
        Err(problem) => Err(problem),
    };
    tools
        .report(Msg::Requests(requests::Msg::Finished { job, result }))
        .await;
}

/// The index over `body`, built off the threads that wait for sockets when that takes long.
async fn index(body: Body, documented: Documented) -> (Arc<Document>, Option<Arc<Marks>>) {
    if body.len() <= INDEXED_IN_PLACE {
        return read(body, &documented);
    }
    let kept = body.clone();
    let read_there = spawn_blocking(move || read(body, &documented)).await;
    read_there.unwrap_or_else(|_| read(kept, &None)) // only cancelled when the program ends
}

fn read(body: Body, documented: &Documented) -> (Arc<Document>, Option<Arc<Marks>>) {
    let document = Document::parse(body);
    let marks = documented
        .as_ref()
        .and_then(|(catalog, endpoint)| catalog.check_answer(endpoint, &document));
    (Arc::new(document), marks.map(Arc::new))
}

/// Ends work on another thread when the job that waits for it is stopped: that work looks at the flag now and then.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Goes through all of `document`, which takes up to a second for a regular expression.
async fn look(tools: Tools, job: JobId, document: Arc<Document>, query: Query) {
    let Ok(pattern) = query.pattern() else {
        return; // nobody asks for a pattern that cannot be read
    };
    let stop = StopOnDrop(Arc::default());
    let is_stopped = Arc::clone(&stop.0);
    let work = spawn_blocking(move || Search::find(&document, &pattern, query.scope, &is_stopped));
    if let Ok(matches) = work.await {
        let matches = Arc::new(matches);
        tools
            .report(Msg::Search(search::Msg::Found { job, matches }))
            .await;
    }
}

async fn listen(tools: Tools, job: JobId, redirect_uri: String) {
    let state = oauth::new_nonce();
    let (listener, redirect_uri, problem) = match Listener::bind(&redirect_uri) {
        Ok(listener) => {
            let uri = listener.redirect_uri().to_owned();
            (Some(listener), uri, None)
        }
        Err(problem) => (None, redirect_uri, Some(problem)),
    };
    let nonce = state.clone();
    tools
        .report_auth(auth::Msg::Listening {
            job,
            state,
            redirect_uri,
            problem,
        })
        .await;
    let Some(listener) = listener else {
        return; // the redirect has to be pasted
    };
    let messages = tools.messages.clone();
    // A forged redirect that cannot be told because the loop is busy is turned away all the same.
    let on_forged = move || drop(messages.try_send(Msg::Auth(auth::Msg::Forged(job))));
    let result = listener.wait(&nonce, on_forged).await;
    tools
        .report_auth(auth::Msg::Redirected { job, result })
        .await;
}

async fn walk(tools: Tools, job: JobId, url: String) {
    let redirect_uri = url::Url::parse(&url).ok().and_then(|url| {
        let mut pairs = url.query_pairs();
        pairs
            .find(|(name, _)| name == "redirect_uri")
            .map(|(_, value)| value.into_owned())
    });
    let result = oauth::walk(&tools.client, &url, &redirect_uri.unwrap_or_default()).await;
    tools.report_auth(auth::Msg::Walked { job, result }).await;
}

fn token_request(call: &TokenCall) -> TokenRequest {
    TokenRequest {
        url: call.url.clone(),
        client_id: call.client_id.clone(),
        redirect_uri: call.redirect_uri.clone(),
    }
}

/// Keeps new tokens before anything can use them, then reports what they allow.
async fn tokens(tools: &Tools, call: &TokenCall, reply: TokenReply) {
    let recorded = record(call, &reply).await;
    let result = match reply.result {
        Ok((tokens, grant)) => {
            tools.credentials.set_tokens(call.user, tokens);
            Ok(grant)
        }
        Err((problem, is_final)) => Err(Refusal { problem, is_final }),
    };
    tools
        .report_auth(auth::Msg::Tokens {
            job: call.job,
            result,
            recorded: Some(Box::new(recorded)),
        })
        .await;
}

/// The token exchange as the Inspector shows it; the adapter has masked its secrets.
async fn record(call: &TokenCall, reply: &TokenReply) -> Recorded {
    let document = match &reply.response {
        Some(response) => Some(index(response.body.clone(), None).await.0),
        None => None,
    };
    let outcome = match (&reply.response, &reply.result) {
        (Some(response), _) => Outcome::Done(response.clone()),
        (None, Err((problem, _))) => Outcome::Failed(problem.clone()),
        (None, Ok(_)) => Outcome::Cancelled, // tokens never come without an answer
    };
    let exchange = Exchange {
        job: call.job,
        endpoint: EndpointId::new(TOKEN_ENDPOINT),
        user: Some(call.user),
        request: reply.request.clone(),
        started_at: reply.started_at,
        outcome,
    };
    Recorded { exchange, document }
}

fn open_browser(tools: &Tools, url: &str) {
    let msg = match browser::open(url) {
        Ok(()) => Msg::notice("opened in the browser"),
        Err(problem) => Msg::warning(format!("{}: copy the URL instead", problem.what)),
    };
    // Nobody waits for it once the session is over.
    let _ = tools.messages.blocking_send(msg);
}
