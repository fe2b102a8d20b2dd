//! The exchanges of all sessions, as far as they are listed: kept, listed page by page, searched, read again.

#[cfg(test)]
mod tests;

use crate::app::{self, Model, Opened, Outbox};
use crate::domain::history::{EntryId, Summary};
use crate::domain::{Exchange, JobId, Problem};

/// Lines that are read at once: more than any screen shows, and a fraction of a millisecond to read.
pub const PAGE: usize = 200;

/// What is known of the history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// What is listed, newest first.
    pub lines: Vec<Summary>,
    /// What these were searched by; all, if empty.
    pub query: String,
    /// Whether nothing older is left to list.
    pub is_complete: bool,
    /// How many there are altogether, once that is known.
    pub total: Option<usize>,
    /// Why the last reading or keeping failed.
    pub problem: Option<Problem>,
    /// Whether anything was ever listed.
    pub is_loaded: bool,
    listing: Option<Listing>,
    reading: Option<(JobId, Purpose)>,
    /// Whether it was told that nothing can be kept: once is enough.
    has_warned: bool,
}

/// A page that is on its way.
#[derive(Clone, Debug, PartialEq)]
struct Listing {
    job: JobId,
    query: String,
    /// Whether it goes below what is listed.
    is_more: bool,
}

/// Why an entry is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To look at it.
    Show,
    /// To compose it again.
    Compose,
    /// To send it again.
    Send,
    /// To send it again and compare.
    Replay,
    /// To save its request.
    Save,
    /// To send it as every test user who is signed in.
    SendAsAll,
}

/// A part of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Newest first.
    pub lines: Vec<Summary>,
    /// How many entries there are altogether.
    pub total: usize,
}

/// What may happen to the history.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Somebody wants to see it: list the newest, unless something is listed.
    Visit,
    /// List what this finds.
    Search(String),
    /// List everything, down to this entry at the least: somebody has found it and wants to see what is around it.
    ShowAround(EntryId),
    /// List the next page.
    More,
    /// A page came.
    Listed {
        /// Which one.
        job: JobId,
        /// The page.
        result: Result<Page, Problem>,
    },
    /// Keep the exchange of this job.
    Keep(JobId),
    /// An exchange was kept.
    Kept(Result<Summary, Problem>),
    /// Read this entry.
    Open(EntryId, Purpose),
    /// An entry was read.
    Read {
        /// Which reading.
        job: JobId,
        /// The entry; none if it is not there any more.
        result: Result<Option<Box<Opened>>, Problem>,
    },
}

/// What has to be done for the history.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Keep this, without its secrets.
    Keep {
        /// What was sent and answered.
        exchange: Box<Exchange>,
        /// Name of the profile.
        profile: String,
        /// The test user, as a person knows them.
        user: Option<String>,
    },
    /// List a page.
    List {
        /// Answer with this.
        job: JobId,
        /// What to search by.
        query: String,
        /// Below this one; from the newest, if none.
        before: Option<EntryId>,
        /// Down to this one at the least, unless too many newer ones are before it.
        down_to: Option<EntryId>,
    },
    /// Read an entry.
    Read {
        /// Answer with this.
        job: JobId,
        /// Which one.
        id: EntryId,
    },
}

impl History {
    /// Whether a page is on its way.
    pub fn is_busy(&self) -> bool {
        self.listing.is_some() || self.reading.is_some()
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    let history = &mut model.history;
    match msg {
        Msg::Visit if history.is_loaded || history.listing.is_some() => {}
        Msg::Visit => list(model, String::new(), (None, None), out),
        Msg::Search(query) => {
            let newest = history.listing.as_ref();
            let wanted = newest.map_or(&history.query, |listing| &listing.query);
            if *wanted != query || !history.is_loaded {
                list(model, query, (None, None), out);
            }
        }
        Msg::ShowAround(id) => list(model, String::new(), (None, Some(id)), out),
        Msg::More => {
            let can_go_on = !history.is_complete && history.listing.is_none();
            let last = history.lines.last().map(|line| line.id);
            if let Some(last) = last.filter(|_| can_go_on) {
                let query = history.query.clone();
                list(model, query, (Some(last), None), out);
            }
        }
        Msg::Listed { job, result } => listed(history, job, result),
        Msg::Keep(job) => keep(model, job, out),
        Msg::Kept(Ok(line)) => kept(history, line),
        Msg::Kept(Err(problem)) => {
            if !std::mem::replace(&mut history.has_warned, true) {
                let why = problem.why.clone().unwrap_or_default();
                out.message(app::Msg::warning(format!(
                    "history is not kept: {} {why}",
                    problem.what
                )));
            }
            history.problem = Some(problem);
        }
        Msg::Open(id, purpose) => {
            let job = model.new_job();
            if let Some((old, _)) = model.history.reading.replace((job, purpose)) {
                out.effect(app::Effect::Cancel(old));
            }
            out.effect(app::Effect::History(Effect::Read { job, id }));
        }
        Msg::Read { job, result } => {
            let reading = history.reading.take_if(|(reading, _)| *reading == job);
            let Some((_, purpose)) = reading else {
                return; // something else was asked for meanwhile
            };
            match result {
                Ok(Some(opened)) => opened_for(model, purpose, *opened, out),
                Ok(None) => out.message(app::Msg::warning("this entry was cleared meanwhile")),
                Err(problem) => out.message(app::Msg::warning(problem.to_string())),
            }
        }
    }
}

/// A job ended by a defect of this program.
pub(crate) fn crashed(model: &mut Model, job: JobId) {
    let history = &mut model.history;
    history.listing.take_if(|listing| listing.job == job);
    history.reading.take_if(|(reading, _)| *reading == job);
}

/// An exchange has come to its end.
pub(crate) fn answered(model: &Model, job: JobId, out: &mut Outbox) {
    keep(model, job, out);
}

fn keep(model: &Model, job: JobId, out: &mut Outbox) {
    let Some(entry) = model.requests.find(job) else {
        return; // dropped meanwhile
    };
    if entry.exchange.is_busy() {
        return; // it waits for another try
    }
    let user = entry.exchange.user.and_then(|user| model.users.get(user));
    out.effect(app::Effect::History(Effect::Keep {
        exchange: Box::new(entry.exchange.clone()),
        profile: model.profiles.current.name.clone(),
        user: user.map(|user| user.label().to_owned()),
    }));
}

fn list(
    model: &mut Model,
    query: String,
    (before, down_to): (Option<EntryId>, Option<EntryId>),
    out: &mut Outbox,
) {
    let job = model.new_job();
    let listing = Listing {
        job,
        query: query.clone(),
        is_more: before.is_some(),
    };
    if let Some(old) = model.history.listing.replace(listing) {
        out.effect(app::Effect::Cancel(old.job));
    }
    out.effect(app::Effect::History(Effect::List {
        job,
        query,
        before,
        down_to,
    }));
}

fn listed(history: &mut History, job: JobId, result: Result<Page, Problem>) {
    let listing = history.listing.take_if(|listing| listing.job == job);
    let Some(listing) = listing else {
        return; // a newer search is on its way
    };
    history.is_loaded = true;
    match result {
        Ok(page) => {
            if !listing.is_more {
                history.lines.clear();
            }
            history.is_complete = page.lines.len() < PAGE;
            history.lines.extend(page.lines);
            history.query = listing.query;
            history.total = Some(page.total);
            history.problem = None;
        }
        Err(problem) => history.problem = Some(problem),
    }
}

/// What was just kept stands on top of the list, unless that shows what a search found.
fn kept(history: &mut History, line: Summary) {
    history.problem = None;
    if let Some(total) = &mut history.total {
        *total += 1;
    }
    let is_newest = history.lines.first().is_none_or(|first| first.id < line.id);
    if history.is_loaded && history.query.is_empty() && is_newest {
        history.lines.insert(0, line);
    }
}

fn opened_for(model: &Model, purpose: Purpose, opened: Opened, out: &mut Outbox) {
    match purpose {
        Purpose::Show => return out.message(app::Msg::show_opened(opened)),
        Purpose::Replay => return out.message(app::Msg::replay_opened(opened)),
        Purpose::Save => {
            out.message(app::Msg::show_opened(opened));
            return out.message(app::Msg::save_shown());
        }
        Purpose::Compose | Purpose::Send | Purpose::SendAsAll => {}
    }
    match opened.draft(model) {
        Ok(draft) => out.message(match purpose {
            Purpose::Send => app::Msg::send(draft),
            Purpose::SendAsAll => app::Msg::send_as_all(draft),
            _ => app::Msg::compose_draft(draft),
        }),
        Err(problem) => out.message(app::Msg::warning(problem.to_string())),
    }
}
