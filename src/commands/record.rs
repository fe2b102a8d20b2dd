//! Keeps in the history what commands send, on a thread of its own. A history that cannot be written stops no call.

use std::iter;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::adapters::history::mask::{Marks, Masking};
use crate::adapters::history::{Entry, History};
use crate::commands::output::note;
use crate::domain::{Exchange, Problem, Secret};
use crate::runtime::HistoryFile;

/// Entries that are written at once, at most.
const BATCH: usize = 512;

/// How long others are waited for that can be written along: many at once take a fraction of the time. A kill loses no more
/// than what has come meanwhile.
const GATHERING: Duration = Duration::from_millis(20);

/// An exchange on its way into the history.
pub(super) struct Sent {
    pub(super) exchange: Exchange,
    pub(super) profile: String,
    pub(super) user: Option<String>,
    /// The secrets that went with it, which the server may have repeated.
    pub(super) secrets: Vec<Secret>,
}

/// The thread that writes. Dropping it waits until everything is kept.
pub(super) struct Recorder {
    sender: Option<Sender<Sent>>,
    thread: Option<JoinHandle<Result<(), Problem>>>,
}

impl Recorder {
    /// Keeps exchanges in `file`, without what `marks` calls secret.
    pub(super) fn start(file: HistoryFile, marks: Marks) -> Self {
        let (sender, receiver) = mpsc::channel();
        Self {
            sender: Some(sender),
            thread: Some(thread::spawn(move || write(&file, &marks, &receiver))),
        }
    }

    /// Hands one over. It is kept at the latest when the recorder is dropped.
    pub(super) fn keep(&self, sent: Sent) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(sent); // the thread has ended with a problem, which is told in the end
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.sender = None;
        let ended = self.thread.take().map(JoinHandle::join);
        if let Some(Ok(Err(problem))) = ended {
            note(format_args!("not kept in the history: {problem}"));
        }
    }
}

fn write(file: &HistoryFile, marks: &Marks, sent: &Receiver<Sent>) -> Result<(), Problem> {
    let mut history = History::open(&file.path, file.limits)?;
    let mut masking = Masking::new(marks);
    while let Ok(first) = sent.recv() {
        let until = Instant::now() + GATHERING;
        let next = || {
            let left = until.saturating_duration_since(Instant::now());
            sent.recv_timeout(left).ok() // nobody sends any more, or it is time
        };
        let batch = iter::once(first).chain(iter::from_fn(next)).take(BATCH);
        let entries: Vec<Entry> = batch
            .filter_map(|sent| entry(&sent, &mut masking))
            .collect();
        history.append_all(&entries)?;
    }
    Ok(())
}

fn entry(sent: &Sent, masking: &mut Masking<'_>) -> Option<Entry> {
    let masked = masking.mask(&sent.exchange, &sent.secrets);
    Entry::of(masked, &sent.profile, sent.user.as_deref())
}
