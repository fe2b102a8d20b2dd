//! Exchanges: sending them, taking their answers in, waiting for a fresh token, cancelling, looking back.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::app::{self, Answer, Env, Model, Outbox, Recorded};
use crate::document::Document;
use crate::domain::{Auth, Draft, Exchange, JobId, Outcome, Prepared, Problem, Timestamp, UserKey};

/// How many exchanges a session keeps; older ones are dropped, so that a session of days stays as small as one of minutes.
const KEPT: usize = 50;

/// How many bytes of bodies a session keeps, the newest exchange excepted.
const KEPT_BYTES: usize = 64 << 20;

/// The exchanges of the session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requests {
    /// Oldest first.
    pub entries: VecDeque<Entry>,
    /// The one in the Inspector; the newest if `None`.
    pub shown: Option<JobId>,
}

/// An exchange and what the session knows around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The exchange.
    pub exchange: Exchange,
    /// What was asked for; none for an exchange that cannot be sent again.
    pub draft: Option<Draft>,
    /// The index over the body of the answer.
    pub document: Option<Arc<Document>>,
    /// When it was handed out last; a token that is newer than that was not tried yet.
    sent_at: Timestamp,
    /// Whether it was sent a second time with a fresh token; there is no third time.
    is_second_try: bool,
}

/// What may happen to exchanges.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Send this.
    Send(Draft),
    /// Send the shown exchange once more, as a new one.
    SendAgain,
    /// A call ended.
    Finished {
        /// Which one.
        job: JobId,
        /// Any HTTP status is `Ok`.
        result: Result<Answer, Problem>,
    },
    /// Calls that wait for this user's token can go on, or not.
    Resume {
        /// Whose token.
        user: UserKey,
        /// Why there is none.
        result: Result<(), Problem>,
    },
    /// Keep an exchange that was carried out elsewhere.
    Record(Box<Recorded>),
    /// Stop the call that is shown, or else the newest one that runs.
    Cancel,
    /// Show the exchange before the shown one.
    ShowOlder,
    /// Show the exchange after the shown one.
    ShowNewer,
}

/// What has to be done for an exchange.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Call the API.
    Call {
        /// Answer with this.
        job: JobId,
        /// The request; its credential is added on the way.
        request: Prepared,
        /// Whose token.
        user: Option<UserKey>,
    },
}

impl Requests {
    /// The exchange that `job` carries out.
    pub fn find(&self, job: JobId) -> Option<&Entry> {
        self.entries
            .iter()
            .rev()
            .find(|entry| entry.exchange.job == job)
    }

    /// The one in the Inspector.
    pub fn current(&self) -> Option<&Entry> {
        match self.shown {
            Some(job) => self.find(job),
            None => self.entries.back(),
        }
    }

    /// Place of the shown exchange among all, counted from 1, and how many there are.
    pub fn position(&self) -> (usize, usize) {
        (
            self.index().map_or(0, |index| index + 1),
            self.entries.len(),
        )
    }

    /// Whether any call is under way.
    pub fn is_busy(&self) -> bool {
        self.entries.iter().any(|entry| entry.exchange.is_busy())
    }

    fn index(&self) -> Option<usize> {
        let shown = self.current()?.exchange.job;
        self.entries
            .iter()
            .position(|entry| entry.exchange.job == shown)
    }

    fn find_mut(&mut self, job: JobId) -> Option<&mut Entry> {
        self.entries
            .iter_mut()
            .rev()
            .find(|entry| entry.exchange.job == job)
    }

    /// Adds the newest exchange and drops what is too old or too much; a running call is never dropped.
    fn push(&mut self, entry: Entry) {
        self.shown = None;
        self.entries.push_back(entry);
        let size = |entry: &Entry| {
            entry
                .exchange
                .response()
                .map_or(0, |response| response.body.len())
        };
        let mut bytes: usize = self.entries.iter().map(size).sum();
        while self.entries.len() > 1 && (self.entries.len() > KEPT || bytes > KEPT_BYTES) {
            let newest = self.entries.len() - 1;
            let is_over = |(_, entry): &(usize, &Entry)| !entry.exchange.is_busy();
            let Some((index, _)) = self.entries.iter().enumerate().take(newest).find(is_over)
            else {
                return; // all of them still run
            };
            bytes -= self.entries.remove(index).as_ref().map_or(0, size);
        }
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, env: Env, out: &mut Outbox) {
    match msg {
        Msg::Send(draft) => {
            if let Err(problem) = send(model, draft, env, out) {
                out.message(app::Msg::warning(problem.to_string()));
            }
        }
        Msg::SendAgain => match model.requests.current().map(|entry| entry.draft.clone()) {
            Some(Some(draft)) => out.message(app::Msg::send(draft)),
            Some(None) => out.message(app::Msg::warning(
                "a token exchange cannot be sent again: its code is spent",
            )),
            None => out.message(app::Msg::warning("there is no exchange to send again")),
        },
        Msg::Finished { job, result } => finished(model, job, result, out),
        Msg::Resume { user, result } => resume(model, user, &result, env, out),
        Msg::Record(recorded) => {
            let Recorded { exchange, document } = *recorded;
            let sent_at = exchange.started_at;
            let entry = Entry {
                exchange,
                draft: None,
                document,
                sent_at,
                is_second_try: false,
            };
            model.requests.push(entry);
        }
        Msg::Cancel => cancel(model, out),
        Msg::ShowOlder => show(&mut model.requests, |index| index.checked_sub(1)),
        Msg::ShowNewer => show(&mut model.requests, |index| index.checked_add(1)),
    }
}

fn show(requests: &mut Requests, step: impl Fn(usize) -> Option<usize>) {
    let index = requests.index().and_then(step);
    if let Some(entry) = index.and_then(|index| requests.entries.get(index)) {
        requests.shown = Some(entry.exchange.job);
    }
}

fn send(model: &mut Model, draft: Draft, env: Env, out: &mut Outbox) -> Result<(), Problem> {
    let endpoint = model
        .catalog
        .endpoint(&draft.endpoint)
        .ok_or_else(|| Problem::new(format!("no endpoint is called {}", draft.endpoint)))?;
    let request = endpoint.prepare(&draft, model.profiles.hosts()?)?;
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
    let job = model.new_job();
    match (&outcome, user) {
        (Outcome::Waiting, Some(user)) => out.message(app::Msg::refresh(user)),
        _ => out.effect(call(job, &request, user)),
    }
    let exchange = Exchange {
        job,
        endpoint: draft.endpoint.clone(),
        user,
        request,
        started_at: env.now,
        outcome,
    };
    model.requests.push(Entry {
        exchange,
        draft: Some(draft),
        document: None,
        sent_at: env.now,
        is_second_try: false,
    });
    Ok(())
}

fn call(job: JobId, request: &Prepared, user: Option<UserKey>) -> app::Effect {
    app::Effect::Requests(Effect::Call {
        job,
        request: request.clone(),
        user,
    })
}

fn finished(model: &mut Model, job: JobId, result: Result<Answer, Problem>, out: &mut Outbox) {
    let auth = &model.auth;
    let Some(entry) = model
        .requests
        .find_mut(job)
        .filter(|entry| entry.exchange.is_busy())
    else {
        return; // a late answer of a call that was cancelled or dropped
    };
    match result {
        Ok(Answer { response, .. })
            if response.status == 401 && !entry.is_second_try && can_retry(entry, auth) =>
        {
            let Some(user) = entry.exchange.user else {
                return;
            };
            entry.is_second_try = true;
            entry.exchange.outcome = Outcome::Waiting;
            let is_token_newer = auth
                .grant(user)
                .is_some_and(|grant| grant.obtained_at > entry.sent_at);
            out.message(match is_token_newer {
                true => app::Msg::resume(user, Ok(())),
                false => app::Msg::refresh(user),
            });
            return;
        }
        Ok(Answer { response, document }) => {
            entry.exchange.outcome = Outcome::Done(response);
            entry.document = Some(document);
        }
        Err(problem) => entry.exchange.outcome = Outcome::Failed(problem),
    }
    out.message(app::Msg::Answered(job));
}

/// Whether a fresh token may help a call that was refused with 401.
fn can_retry(entry: &Entry, auth: &app::auth::Auth) -> bool {
    entry.exchange.request.auth == Auth::Bearer
        && entry
            .exchange
            .user
            .and_then(|user| auth.grant(user))
            .is_some_and(|grant| grant.can_refresh)
}

fn resume(
    model: &mut Model,
    user: UserKey,
    result: &Result<(), Problem>,
    env: Env,
    out: &mut Outbox,
) {
    for entry in &mut model.requests.entries {
        if entry.exchange.user != Some(user) || entry.exchange.outcome != Outcome::Waiting {
            continue;
        }
        match result {
            Ok(()) => {
                entry.exchange.outcome = Outcome::Sending;
                entry.sent_at = env.now;
                out.effect(call(
                    entry.exchange.job,
                    &entry.exchange.request,
                    Some(user),
                ));
            }
            Err(problem) => {
                entry.exchange.outcome = Outcome::Failed(problem.clone());
                out.message(app::Msg::Answered(entry.exchange.job));
            }
        }
    }
}

fn cancel(model: &mut Model, out: &mut Outbox) {
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
        out.message(app::Msg::notice("no call is running"));
        return;
    };
    if let Some(entry) = model.requests.find_mut(job) {
        entry.exchange.outcome = Outcome::Cancelled;
    }
    out.effect(app::Effect::Cancel(job));
    out.message(app::Msg::Answered(job));
}

/// A job ended by a defect of this program: its exchange says so.
pub(crate) fn crashed(model: &mut Model, job: JobId, problem: &Problem, out: &mut Outbox) {
    finished(model, job, Err(problem.clone()), out);
}
