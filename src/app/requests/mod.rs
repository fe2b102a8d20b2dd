//! Exchanges: those of the session, sending them, looking back. What becomes of one is in `sending`.

mod confirm;
mod opened;
mod patience;
mod sending;
mod unknown;

#[cfg(test)]
mod confirm_tests;
#[cfg(test)]
mod patience_tests;
#[cfg(test)]
mod tests;

pub use confirm::{check_doubled, consequences};
pub(crate) use patience::woke;
pub use patience::{ATTEMPTS, wait_until};
pub use sending::Order;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::app::{self, Answer, Env, Model, Opened, Outbox, Recorded};
use crate::catalog::Marks;
use crate::document::Document;
use crate::domain::{
    Arriving, Draft, EndpointId, Exchange, JobId, Prepared, Problem, Timestamp, UserKey,
};

/// How many exchanges a session keeps; older ones are dropped, so that a session of days stays as small as one of minutes.
const KEPT: usize = 50;

/// How many bytes of bodies a session keeps, the newest exchange excepted.
const KEPT_BYTES: usize = 64 << 20;

/// The exchanges of the session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requests {
    /// Oldest first.
    pub entries: VecDeque<Entry>,
    /// One out of the history, beside those of the session.
    pub opened: Option<Entry>,
    /// The one in the Inspector; the newest if `None`.
    pub shown: Option<JobId>,
    /// Grows each time a person asks to see an exchange.
    pub brought_forward: u64,
    /// What the idempotency keys of this session begin with; none are sent before it is known.
    key_seed: Option<String>,
}

/// An exchange and what the session knows around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The exchange.
    pub exchange: Exchange,
    /// What was asked for; none for an exchange that cannot be sent again.
    pub draft: Option<Draft>,
    /// The index over the body of the answer, or over what had come of it.
    pub document: Option<Arc<Document>>,
    /// Where the answer differs from its documented shape.
    pub marks: Option<Arc<Marks>>,
    /// Where it comes from, if not from this session's own calls.
    pub origin: Option<Origin>,
    /// When it was handed out last; a token that is newer than that was not tried yet.
    sent_at: Timestamp,
    /// Whether it was sent a second time with a fresh token; there is no third time.
    is_second_try: bool,
    /// How often it was sent because the API asked for patience.
    attempts: u8,
    /// Whether nobody asked for it by itself: it brought more of a list, a token, a value. Such ones are dropped first.
    is_in_passing: bool,
}

/// What the history tells of an exchange besides itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Name of the profile.
    pub profile: String,
    /// The test user, as a person knew them.
    pub user: Option<String>,
    /// Size of the whole body of the answer, where only its beginning was kept.
    pub cut_from: Option<usize>,
}

/// What may happen to exchanges.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Send this.
    Send(Draft),
    /// Carry this out; the question whether to was answered with yes.
    SendConfirmed(Order),
    /// Send this, and leave in the Inspector what is there.
    SendQuietly(Draft),
    /// Send this as the exchange of this number.
    SendAs {
        /// Its number.
        job: JobId,
        /// What to send.
        draft: Draft,
        /// Whether what is in the Inspector is left there.
        is_quiet: bool,
    },
    /// Show this exchange.
    Show(JobId),
    /// Send the shown exchange once more, as a new one.
    SendAgain,
    /// Idempotency keys begin with this random text.
    SeedKeys(String),
    /// More of an answer has come.
    Arrived {
        /// Of which call.
        job: JobId,
        /// How it begins, and how far it is.
        arriving: Arriving,
        /// The index over what has come of its body, if that was looked at again.
        document: Option<Arc<Document>>,
    },
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
    /// The same, and leave in the Inspector what is there.
    RecordQuietly(Box<Recorded>),
    /// Show an exchange out of the history.
    ShowOpened(Box<Opened>),
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
        /// The endpoint that it calls: its answer is compared with what is documented for it.
        endpoint: EndpointId,
        /// The request; its credential is added on the way.
        request: Prepared,
        /// Whose credential.
        caller: Caller,
    },
}

/// On whose authority a call is made; names a credential without holding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody's.
    Nobody,
    /// The application's: client id and client secret.
    Application {
        /// Which application.
        client_id: String,
    },
    /// A test user's: their access token.
    User(UserKey),
}

impl Requests {
    /// The requests of another profile: none yet. What makes a second copy of a call known stays unique, and the screen
    /// counts along.
    pub(crate) fn emptied(self) -> Self {
        Self {
            key_seed: self.key_seed,
            brought_forward: self.brought_forward,
            ..Self::default()
        }
    }

    /// The exchange that `job` carries out.
    pub fn find(&self, job: JobId) -> Option<&Entry> {
        self.entries
            .iter()
            .rev()
            .chain(&self.opened)
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

    /// Keeps the shown exchange in the Inspector whatever is newest.
    fn hold(&mut self) -> Option<JobId> {
        self.shown = self.current().map(|entry| entry.exchange.job);
        self.shown
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

    /// Adds the newest exchange and drops what is too old or too much; a running call is never dropped, nor what is looked at.
    fn push(&mut self, entry: Entry) {
        let shown = self.shown.take();
        self.entries.push_back(entry);
        let size = |entry: &Entry| {
            let document = entry.document.as_ref();
            document.map_or(0, |document| document.body().len())
        };
        let mut bytes: usize = self.entries.iter().map(size).sum();
        while self.entries.len() > 1 && (self.entries.len() > KEPT || bytes > KEPT_BYTES) {
            let newest = self.entries.len() - 1;
            let is_over =
                |entry: &Entry| !entry.exchange.is_busy() && Some(entry.exchange.job) != shown;
            let mut old = self.entries.iter().take(newest);
            let in_passing = old.clone().position(|it| it.is_in_passing && is_over(it));
            let Some(index) = in_passing.or_else(|| old.position(is_over)) else {
                return; // all of them still run
            };
            bytes -= self.entries.remove(index).as_ref().map_or(0, size);
        }
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, env: Env, out: &mut Outbox) {
    match msg {
        Msg::Send(draft) => {
            let order = Order {
                job: None,
                draft,
                is_quiet: false,
            };
            unsent(None, sending::ask_or_send(model, order, env, out), out);
        }
        Msg::SendConfirmed(order) => {
            let job = order.job;
            unsent(job, sending::carry_out(model, order, env, out), out);
        }
        Msg::SendAs {
            job,
            draft,
            is_quiet,
        } => {
            model.requests.brought_forward += u64::from(!is_quiet);
            let order = Order {
                job: Some(job),
                draft,
                is_quiet,
            };
            let result = sending::ask_or_send(model, order, env, out);
            unsent(Some(job), result, out);
        }
        Msg::Show(job) => match model.requests.find(job) {
            Some(_) => {
                model.requests.shown = Some(job);
                model.requests.brought_forward += 1;
            }
            None => out.message(app::Msg::warning(
                "this one is no longer in the session: see the history",
            )),
        },
        Msg::SendQuietly(draft) => {
            let shown = model.requests.hold();
            let sent = sending::send(model, None, draft, env, out);
            if let (Ok(()), Some(entry)) = (&sent, model.requests.entries.back_mut()) {
                entry.is_in_passing = true;
            }
            unsent(None, sent, out);
            model.requests.shown = shown;
        }
        Msg::SendAgain => match model.requests.current().map(|entry| entry.draft.clone()) {
            Some(Some(draft)) => out.message(app::Msg::send(draft)),
            Some(None) => out.message(app::Msg::warning(
                "a token exchange cannot be sent again: its code is spent",
            )),
            None => out.message(app::Msg::warning("there is no exchange to send again")),
        },
        Msg::Arrived {
            job,
            arriving,
            document,
        } => sending::arrived(model, job, arriving, document),
        Msg::SeedKeys(seed) => model.requests.key_seed = Some(seed),
        Msg::Finished { job, result } => sending::finished(model, job, result, env, out),
        Msg::Resume { user, result } => sending::resume(model, user, &result, env, out),
        Msg::RecordQuietly(recorded) => {
            let shown = model.requests.hold();
            update(model, Msg::Record(recorded), env, out);
            if let Some(entry) = model.requests.entries.back_mut() {
                entry.is_in_passing = true;
            }
            model.requests.shown = shown;
        }
        Msg::Record(recorded) => {
            let Recorded {
                mut exchange,
                draft,
                document,
            } = *recorded;
            if exchange.job == JobId::default() {
                exchange.job = model.new_job();
            }
            let sent_at = exchange.started_at;
            let entry = Entry {
                exchange,
                draft,
                document,
                marks: None,
                origin: None,
                sent_at,
                is_second_try: false,
                attempts: 1,
                is_in_passing: false,
            };
            out.message(app::Msg::keep(entry.exchange.job));
            model.requests.push(entry);
        }
        Msg::ShowOpened(opened) => opened::show(model, *opened),
        Msg::Cancel => sending::cancel(model, out),
        Msg::ShowOlder | Msg::ShowNewer if model.requests.entries.is_empty() => out.message(
            app::Msg::warning("nothing was sent in this session yet: 6 lists the history"),
        ),
        Msg::ShowOlder => show(&mut model.requests, |index| index.checked_sub(1)),
        Msg::ShowNewer => show(&mut model.requests, |index| index.checked_add(1)),
    }
}

/// Tells why nothing was sent: whoever waits for `job`, or else the person.
fn unsent(job: Option<JobId>, result: Result<(), Problem>, out: &mut Outbox) {
    if let Err(problem) = result {
        out.message(match job {
            Some(job) => app::Msg::Unsent { job, problem },
            None => app::Msg::warning(problem.to_string()),
        });
    }
}

fn show(requests: &mut Requests, step: impl Fn(usize) -> Option<usize>) {
    let index = match requests.index() {
        Some(index) => step(index),
        None => requests.entries.len().checked_sub(1), // back from one out of the history
    };
    if let Some(entry) = index.and_then(|index| requests.entries.get(index)) {
        requests.shown = Some(entry.exchange.job);
    }
}

/// A job ended by a defect of this program: its exchange says so.
pub(crate) fn crashed(
    model: &mut Model,
    job: JobId,
    problem: &Problem,
    env: Env,
    out: &mut Outbox,
) {
    sending::finished(model, job, Err(problem.clone()), env, out);
}
