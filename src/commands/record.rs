//! Keeps in the history what commands send, on a thread of its own. A history that cannot be written stops no call.

use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::adapters::history::mask::{Marks, Masking};
use crate::adapters::history::{Entry, History};
use crate::commands::output::note;
use crate::domain::{Exchange, Problem, Secret};
use crate::runtime::HistoryFile;

/// How long others are waited for that can be written along: many at once take a fraction of the time. A kill loses no more
/// than what has come meanwhile.
const GATHERING: Duration = Duration::from_millis(5);

/// An exchange on its way into the history.
pub(super) struct Sent {
    pub(super) exchange: Arc<Exchange>,
    pub(super) profile: String,
    pub(super) user: Option<String>,
    /// The secrets that went with it, which the server may have repeated.
    pub(super) secrets: Arc<[Secret]>,
}

/// The thread that writes. Dropping it waits until everything is kept.
pub(super) struct Recorder {
    mailbox: Arc<Mailbox>,
    thread: Option<JoinHandle<Result<(), Problem>>>,
}

impl Recorder {
    /// Keeps exchanges in `file`, without what `marks` calls secret.
    pub(super) fn start(file: HistoryFile, marks: Marks) -> Self {
        let mailbox = Arc::<Mailbox>::default();
        let own = Arc::clone(&mailbox);
        let write = move || {
            let mailbox = Closing(&own);
            write(&file, &marks, mailbox.0)
        };
        Self {
            mailbox,
            thread: Some(thread::spawn(write)),
        }
    }

    /// Hands one over. It is kept at the latest when the recorder is dropped.
    pub(super) fn keep(&self, sent: Sent) {
        self.mailbox.put(sent);
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.mailbox.close();
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(Err(problem))) => note(format_args!("not kept in the history: {problem}")),
            Some(Err(_)) => note("not all is kept in the history: writing it broke off"),
            Some(Ok(Ok(()))) | None => {}
        }
    }
}

/// Closes the mailbox at the end, also that by a panic: nothing piles up for nobody.
struct Closing<'a>(&'a Mailbox);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// What waits to be written. Only the first of several wakes the thread that writes: waking it for each takes those who send
/// as long as all the rest of handing over.
#[derive(Default)]
struct Mailbox {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    sent: Vec<Sent>,
    is_closed: bool,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner) // nothing is half done in it
    }

    fn put(&self, sent: Sent) {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return; // the thread has ended with a problem, which is told in the end
        }
        waiting.sent.push(sent);
        if waiting.sent.len() == 1 {
            self.changed.notify_one();
        }
    }

    fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_one();
    }

    /// What has come until a while after the first; nothing once it is closed and empty.
    fn take(&self) -> Vec<Sent> {
        let is_idle = |waiting: &mut Waiting| waiting.sent.is_empty() && !waiting.is_closed;
        let waiting = self.changed.wait_while(self.lock(), is_idle);
        let waiting = waiting.unwrap_or_else(PoisonError::into_inner);
        let is_open = |waiting: &mut Waiting| !waiting.is_closed;
        let waited = self.changed.wait_timeout_while(waiting, GATHERING, is_open);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        mem::take(&mut waiting.sent)
    }
}

fn write(file: &HistoryFile, marks: &Marks, mailbox: &Mailbox) -> Result<(), Problem> {
    let mut history = History::open(&file.path, file.limits)?;
    history.leave_log()?;
    let mut masking = Masking::new(marks);
    loop {
        let batch = mailbox.take();
        if batch.is_empty() {
            return Ok(());
        }
        let entries: Vec<Entry> = batch
            .iter()
            .filter_map(|sent| entry(sent, &mut masking))
            .collect();
        history.append_all(&entries)?;
    }
}

fn entry(sent: &Sent, masking: &mut Masking<'_>) -> Option<Entry> {
    let masked = masking.mask(&sent.exchange, &sent.secrets);
    Entry::of(masked, &sent.profile, sent.user.as_deref())
}
