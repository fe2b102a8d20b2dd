//! Signing in and renewing: listens for the redirect, walks the pages of the sandbox, exchanges codes and refresh tokens.

use tokio::task::spawn_blocking;

use crate::adapters::browser;
use crate::adapters::credentials::{Credentials, Standing, Tokens};
use crate::adapters::oauth::{self, Handover, Listener, TokenReply, TokenRequest, Vouch};
use crate::app::auth::{self, Refusal, TokenCall};
use crate::app::{Msg, Recorded};
use crate::domain::{
    EndpointId, Exchange, Grant, JobId, Outcome, Problem, Secret, SecretStore, UserKey,
};
use crate::runtime::clock;
use crate::runtime::effects::calls::index;
use crate::runtime::effects::{Effects, Tools};

/// The catalogue's name for the token endpoint.
const TOKEN_ENDPOINT: &str = "oauth.token";

impl Effects {
    pub(super) fn start_auth(&mut self, tools: Tools, effect: auth::Effect) {
        match effect {
            auth::Effect::Listen { job, redirect_uri } => {
                self.jobs.start(job, listen(tools, job, redirect_uri));
            }
            auth::Effect::Vouch {
                job,
                page,
                url,
                body,
                client_id,
                is_walked,
            } => {
                let request = Vouch {
                    url,
                    body,
                    client_id,
                };
                self.jobs
                    .start(job, vouch(tools, job, request, page, is_walked));
            }
            auth::Effect::Walk { job, url } => self.jobs.start(job, walk(tools, job, url)),
            auth::Effect::Exchange { call, code } => self.jobs.start(call.job, async move {
                let (request, secret) = (token_request(&call), tools.credentials.client_secret());
                let reply =
                    oauth::exchange(&tools.client, &request, &code, &secret, clock::now).await;
                tokens(&tools, &call, reply, Credentials::set_tokens).await;
            }),
            auth::Effect::Refresh { call } => self.jobs.start(call.job, renew(tools, call)),
            auth::Effect::Forget(user) => {
                let credentials = tools.credentials.clone();
                drop(tools.keeper.keep(move || credentials.forget(user)));
            }
        }
    }
}

/// Buys new tokens with the refresh token, unless another instance of the program has just done so: it works once.
async fn renew(tools: Tools, call: TokenCall) {
    let (credentials, user) = (tools.credentials.clone(), call.user);
    let alone = spawn_blocking(move || {
        let lock = credentials.lock_renewal();
        (lock, credentials.newer_tokens(user))
    });
    let Ok((_lock, newer)) = alone.await else {
        return; // only cancelled when the program ends
    };
    if let Some(grant) = newer.filter(|grant| !grant.is_expired(clock::now())) {
        let msg = auth::Msg::Tokens {
            job: call.job,
            result: Ok(grant),
            recorded: None,
        };
        return tools.report_auth(msg).await;
    }
    let (request, secret) = (token_request(&call), tools.credentials.client_secret());
    let old = tools.credentials.tokens(call.user);
    let old = old.map(|tokens| tokens.refresh).unwrap_or_default(); // the core asks only where one was granted
    let reply = oauth::refresh(&tools.client, &request, &old, &secret, clock::now).await;
    tokens(&tools, &call, reply, Credentials::renew_tokens).await;
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

/// Gets the application's word for the person taken, and shows the page that follows from it.
async fn vouch(tools: Tools, job: JobId, request: Vouch, page: String, is_walked: bool) {
    let secret = tools.credentials.client_secret();
    let result = match oauth::vouch(&tools.client, &request, &secret, &page).await {
        Ok(page) if is_walked => return walk(tools, job, page.reveal().to_owned()).await,
        Ok(page) => show(page).await.map(|()| None),
        Err(problem) => Err(problem),
    };
    tools.report_auth(auth::Msg::Walked { job, result }).await;
}

/// Opens `page`, which has a token in its URL, without telling the launcher of the browser what it is.
async fn show(page: Secret) -> Result<(), Problem> {
    let handover = Handover::start(page).await?;
    let address = handover.address().to_owned();
    spawn_blocking(move || browser::open(&address))
        .await
        .unwrap_or_else(|error| Err(Problem::new(error.to_string())))?;
    handover.wait().await
}

async fn walk(tools: Tools, job: JobId, url: String) {
    let redirect_uri = url::Url::parse(&url).ok().and_then(|url| {
        let mut pairs = url.query_pairs();
        pairs
            .find(|(name, _)| name == "redirect_uri")
            .map(|(_, value)| value.into_owned())
    });
    let result = oauth::walk(&tools.client, &url, &redirect_uri.unwrap_or_default()).await;
    let result = result.map_err(|problem| match problem.hint {
        Some(_) => problem,
        None => problem.hint("press o to open the pages in the browser"),
    });
    tools.report_auth(auth::Msg::Walked { job, result }).await;
}

fn token_request(call: &TokenCall) -> TokenRequest {
    TokenRequest {
        url: call.url.clone(),
        client_id: call.client_id.clone(),
        redirect_uri: call.redirect_uri.clone(),
    }
}

/// How tokens are kept: those of a code as they are, those of a renewal in the place of old ones only.
type Set = fn(&Credentials, UserKey, Tokens, Grant) -> Standing;

/// Keeps new tokens before anything can use them, then reports what they allow.
async fn tokens(tools: &Tools, call: &TokenCall, reply: TokenReply, set: Set) {
    let recorded = record(call, &reply).await;
    let result = match reply.result {
        Ok((tokens, grant)) => {
            keep(tools, call.user, tokens, grant.clone(), set).await;
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

/// Keeps tokens where they outlive the session, or tells why not.
async fn keep(tools: &Tools, user: UserKey, tokens: Tokens, grant: Grant, set: Set) {
    let credentials = tools.credentials.clone();
    let kept = tools
        .keeper
        .keep(move || set(&credentials, user, tokens, grant));
    if let Some(Standing {
        problem: Some(problem),
        store: SecretStore::Memory,
    }) = kept.await
    {
        let warning = format!("the tokens last as long as this session: {problem}");
        tools.report(Msg::warning(warning)).await;
    }
}

/// The token exchange as the Inspector shows it; the adapter has masked its secrets.
async fn record(call: &TokenCall, reply: &TokenReply) -> Recorded {
    let document = match &reply.response {
        Some(response) => {
            let kind = response.header("content-type").map(ToOwned::to_owned);
            Some(index(response.body.clone(), kind, None).await.0)
        }
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
    Recorded {
        exchange,
        draft: None,
        document,
    }
}
