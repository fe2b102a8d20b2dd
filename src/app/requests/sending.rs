//! Sending a draft, and what becomes of it: answered, parked for a fresh token, sent once more, cancelled.

use std::sync::Arc;

use crate::app::requests::{Caller, Effect, Entry, confirm, patience, unknown};
use crate::app::{self, Answer, Env, Modal, Model, Outbox};
use crate::document::Document;
use crate::domain::{
    Arriving, Auth, Draft, Exchange, Grant, IDEMPOTENCY_KEY, JobId, Outcome, Problem, UserKey,
};

/// A call that somebody wants to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The number of its exchange, where somebody waits for it.
    pub job: Option<JobId>,
    /// What to send.
    pub draft: Draft,
    /// Whether what is in the Inspector is left there.
    pub is_quiet: bool,
}

/// Carries `order` out, or asks first where money may move.
pub(super) fn ask_or_send(
    model: &mut Model,
    order: Order,
    env: Env,
    out: &mut Outbox,
) -> Result<(), Problem> {
    check_whole(&order.draft)?;
    let endpoint = model.catalog.called(&order.draft.call)?;
    if !model.profiles.current.asks_before(&endpoint) {
        return carry_out(model, order, env, out);
    }
    confirm::check_doubled(&order.draft)?;
    // Not over something that has the keys and knows of no question: what is typed there would answer it.
    if order.is_quiet && !matches!(model.modals.top(), Some(Modal::Run)) {
        return Err(
            Problem::new("not sent: it needs a yes, and the run was left")
                .hint("press v in Requests to see the run"),
        );
    }
    let request = endpoint.prepare(&order.draft, model.profiles.hosts()?)?;
    let question = confirm::question(model, &endpoint, &request, order);
    out.message(app::Msg::open(Modal::Confirm(question)));
    Ok(())
}

/// Carries `order` out, which was agreed to or needs no yes.
pub(super) fn carry_out(
    model: &mut Model,
    order: Order,
    env: Env,
    out: &mut Outbox,
) -> Result<(), Problem> {
    let Order {
        job,
        draft,
        is_quiet,
    } = order;
    let shown = is_quiet.then(|| model.requests.hold()).flatten();
    let result = send(model, job, draft, env, out);
    model.requests.shown = shown.or(model.requests.shown);
    result
}

/// What was masked before it was kept is not sent.
fn check_whole(draft: &Draft) -> Result<(), Problem> {
    match draft.is_masked() {
        false => Ok(()),
        true => Err(
            Problem::new("this request had secrets, and they are not kept")
                .hint("press e to compose it, and fill them in again"),
        ),
    }
}

/// Sends `draft`, as the exchange of this number if one is given.
pub(super) fn send(
    model: &mut Model,
    job: Option<JobId>,
    draft: Draft,
    env: Env,
    out: &mut Outbox,
) -> Result<(), Problem> {
    check_whole(&draft)?;
    let endpoint = model.catalog.called(&draft.call)?;
    let mut request = endpoint.prepare(&draft, model.profiles.hosts()?)?;
    // A path of a person's own is sent as it was typed.
    let takes_key = endpoint.idempotent && draft.call.endpoint().is_some();
    let endpoint = endpoint.id.clone();
    let user = draft.user.filter(|_| request.auth == Auth::Bearer);
    let outcome = match (request.auth, user) {
        (Auth::Bearer, None) => {
            return Err(Problem::new("no test user is selected").hint("press a to sign one in"));
        }
        (Auth::Bearer, Some(user)) => match model.auth.grant(user) {
            None => {
                return Err(
                    Problem::new("this test user is not signed in").hint("press a to sign in")
                );
            }
            Some(grant) if grant.is_expired(env.now) && grant.can_refresh => Outcome::Waiting,
            Some(_) => Outcome::Sending,
        },
        _ => Outcome::Sending,
    };
    let job = job.unwrap_or_else(|| model.new_job());
    if takes_key
        && request.idempotency_key().is_none()
        && let Some(seed) = &model.requests.key_seed
    {
        // One for each intention: it stays the same if a fresh token makes a second try of it.
        let key = format!("{seed}-{}", job.0);
        request.headers.push((IDEMPOTENCY_KEY.to_owned(), key));
    }
    let exchange = Exchange {
        job,
        endpoint,
        user,
        request,
        started_at: env.now,
        outcome,
    };
    match (&exchange.outcome, user) {
        (Outcome::Waiting, Some(user)) => out.message(app::Msg::refresh(user)),
        _ => out.effect(call(&exchange, &model.profiles.current.client_id)),
    }
    model.requests.push(Entry {
        exchange,
        draft: Some(draft),
        document: None,
        marks: None,
        origin: None,
        sent_at: env.now,
        is_second_try: false,
        attempts: 1,
        is_in_passing: false,
    });
    Ok(())
}

/// The order to carry `exchange` out, on whose authority its endpoint asks for.
pub(super) fn call(exchange: &Exchange, client_id: &str) -> app::Effect {
    let caller = match (exchange.request.auth, exchange.user) {
        (Auth::Bearer, Some(user)) => Caller::User(user),
        (Auth::Basic, _) => Caller::Application {
            client_id: client_id.to_owned(),
        },
        _ => Caller::Nobody,
    };
    app::Effect::Requests(Effect::Call {
        job: exchange.job,
        endpoint: exchange.endpoint.clone(),
        request: exchange.request.clone(),
        caller,
    })
}

pub(super) fn arrived(
    model: &mut Model,
    job: JobId,
    arriving: Arriving,
    document: Option<Arc<Document>>,
) {
    let entry = model.requests.find_mut(job);
    let Some(entry) = entry.filter(|entry| entry.exchange.is_busy()) else {
        return; // of a call that was cancelled or dropped
    };
    entry.exchange.outcome = Outcome::Arriving(arriving);
    entry.document = document.or(entry.document.take());
}

pub(super) fn finished(
    model: &mut Model,
    job: JobId,
    result: Result<Answer, Problem>,
    env: Env,
    out: &mut Outbox,
) {
    let auth = &model.auth;
    let Some(entry) = model
        .requests
        .find_mut(job)
        .filter(|entry| entry.exchange.is_busy())
    else {
        return; // a late answer of a call that was cancelled or dropped
    };
    match result {
        Ok(Answer {
            response,
            document,
            marks,
        }) => {
            let user = entry
                .exchange
                .user
                .filter(|_| response.status == 401 && !entry.is_second_try);
            let grant = user
                .and_then(|user| auth.grant(user))
                .filter(|grant| grant.can_refresh);
            if let (Some(user), Some(grant)) = (user, grant) {
                out.message(try_again(entry, user, grant));
                return;
            }
            if let Some(postponed) = patience::postponed(entry, &response, env.now) {
                entry.exchange.outcome = postponed;
                return;
            }
            entry.exchange.outcome = Outcome::Done(response);
            entry.document = Some(document);
            entry.marks = marks;
        }
        Err(problem) => entry.exchange.outcome = Outcome::Failed(problem),
    }
    out.message(app::Msg::Answered(job));
    let entry = model.requests.find(job);
    let question = entry.and_then(|entry| unknown::question(model, entry));
    // Not over something that has the keys: what is typed there would answer it.
    if let (Some(question), None) = (question, model.modals.top()) {
        out.message(app::Msg::open(Modal::Confirm(question)));
    }
}

/// Parks a call that was refused with 401 until there is a token that it was not tried with: at once, where the token was
/// renewed while the call was on its way. A refused call had no effect, so that even a write may be sent again.
fn try_again(entry: &mut Entry, user: UserKey, grant: &Grant) -> app::Msg {
    entry.is_second_try = true;
    entry.document = None;
    entry.exchange.outcome = Outcome::Waiting;
    if grant.obtained_at > entry.sent_at {
        app::Msg::resume(user, Ok(()))
    } else {
        app::Msg::refresh(user)
    }
}

pub(super) fn resume(
    model: &mut Model,
    user: UserKey,
    result: &Result<(), Problem>,
    env: Env,
    out: &mut Outbox,
) {
    let client_id = &model.profiles.current.client_id;
    for entry in &mut model.requests.entries {
        if entry.exchange.user != Some(user) || entry.exchange.outcome != Outcome::Waiting {
            continue;
        }
        match result {
            Ok(()) => {
                entry.exchange.outcome = Outcome::Sending;
                entry.sent_at = env.now;
                out.effect(call(&entry.exchange, client_id));
            }
            Err(problem) => {
                entry.exchange.outcome = Outcome::Failed(problem.clone());
                out.message(app::Msg::Answered(entry.exchange.job));
            }
        }
    }
}

pub(super) fn cancel(model: &mut Model, out: &mut Outbox) {
    let shown = model
        .requests
        .current()
        .filter(|entry| entry.exchange.is_busy());
    let newest = || {
        model
            .requests
            .entries
            .iter()
            .rev()
            .find(|entry| entry.exchange.is_busy())
    };
    let Some(job) = shown.or_else(newest).map(|entry| entry.exchange.job) else {
        out.message(app::Msg::warning("no call is running"));
        return;
    };
    if let Some(entry) = model.requests.find_mut(job) {
        entry.exchange.outcome = Outcome::Cancelled;
    }
    out.effect(app::Effect::Cancel(job));
    out.message(app::Msg::Answered(job));
}
