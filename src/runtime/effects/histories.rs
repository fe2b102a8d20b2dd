//! The history on threads of its own: a writer that keeps exchanges one after the other, a reader that lists and searches.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::task::spawn_blocking;

use crate::adapters::history::{Entry, EntryId, History, mask};
use crate::app::history::{self, Effect, PAGE, Page};
use crate::app::{Msg, Opened};
use crate::catalog::Catalog;
use crate::domain::{Exchange, Problem, Secret};
use crate::runtime::effects::calls::index;
use crate::runtime::effects::{Effects, Tools};
use crate::runtime::files::HistoryFile;

/// An exchange to keep.
struct Order {
    exchange: Box<Exchange>,
    profile: String,
    user: Option<String>,
    /// What must not be kept.
    known: Vec<Secret>,
}

/// The history file, opened where it is needed first.
pub(super) struct Histories {
    file: HistoryFile,
    writer: Option<(Sender<Order>, JoinHandle<()>)>,
    reader: Reader,
}

/// A connection for reading: what is written meanwhile does not keep it waiting.
#[derive(Clone, Default)]
pub(super) struct Reader(Arc<Mutex<Option<History>>>);

impl Histories {
    pub(super) fn at(file: HistoryFile) -> Self {
        Self {
            file,
            writer: None,
            reader: Reader::default(),
        }
    }

    /// Gives `order` to the writer, which is started by the first one.
    fn keep(&mut self, order: Order, tools: &Tools, catalog: &Arc<Catalog>) {
        if self.writer.is_none() {
            let (sender, orders) = channel::<Order>();
            let (file, tools, catalog) = (self.file.clone(), tools.clone(), Arc::clone(catalog));
            let started = thread::Builder::new()
                .name("history".into())
                .spawn(move || {
                    let marks = mask::Marks::of(&catalog);
                    let mut history = None;
                    for order in orders {
                        let kept = keep(&mut history, &file, &marks, &order);
                        // A session that is over does not listen any more.
                        let _ = tools
                            .messages
                            .blocking_send(Msg::History(history::Msg::Kept(kept)));
                    }
                });
            match started {
                Ok(thread) => self.writer = Some((sender, thread)),
                Err(error) => tracing::error!(%error, "no thread for the history"),
            }
        }
        if let Some((sender, _)) = &self.writer {
            let _ = sender.send(order); // it listens until the sender is dropped
        }
    }

    /// Lets the writer finish what it was given.
    pub(super) fn close(&mut self) -> Option<JoinHandle<()>> {
        self.writer.take().map(|(_, thread)| thread)
    }
}

/// Masks and keeps one exchange.
fn keep(
    history: &mut Option<History>,
    file: &HistoryFile,
    marks: &mask::Marks,
    order: &Order,
) -> Result<crate::domain::history::Summary, Problem> {
    let masked = mask::mask(&order.exchange, marks, &order.known);
    let mut entry = Entry::of(masked, &order.profile, order.user.as_deref())
        .ok_or_else(|| Problem::new("this exchange is still under way"))?;
    let history = match history {
        Some(history) => history,
        None => history.insert(History::open(&file.path, file.limits)?),
    };
    entry.id = history.append(&entry)?;
    Ok(entry.summary())
}

impl Reader {
    /// What `read` finds in the file, which is opened if it was not yet.
    pub(super) fn with<T>(
        &self,
        file: &HistoryFile,
        read: impl FnOnce(&History) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        // A panic while reading leaves nothing half-written.
        let mut history = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let history = match &*history {
            Some(history) => history,
            None => history.insert(History::open(&file.path, file.limits)?),
        };
        read(history)
    }
}

impl Effects {
    pub(super) fn start_history(&mut self, tools: Tools, effect: Effect) {
        let Some(histories) = &mut self.histories else {
            return nothing(&mut self.jobs, tools, effect);
        };
        let (reader, file) = (histories.reader.clone(), histories.file.clone());
        match effect {
            Effect::Keep {
                exchange,
                profile,
                user,
            } => {
                let known = tools.secrets(exchange.user);
                let order = Order {
                    exchange,
                    profile,
                    user,
                    known,
                };
                histories.keep(order, &tools, &self.catalog);
            }
            Effect::List { job, query, before } => {
                self.jobs.start(job, async move {
                    let read = spawn_blocking(move || {
                        reader.with(&file, |history| list(history, &query, before))
                    });
                    let result = read.await.unwrap_or_else(|_| Ok(Page::default())); // only cancelled when the program ends
                    tools
                        .report(Msg::History(history::Msg::Listed { job, result }))
                        .await;
                });
            }
            Effect::Read { job, id } => {
                let catalog = Arc::clone(&self.catalog);
                self.jobs.start(job, async move {
                    let read =
                        spawn_blocking(move || reader.with(&file, |history| history.get(id)));
                    let result = match read.await {
                        Ok(Ok(Some(entry))) => Ok(Some(Box::new(opened(entry, catalog).await))),
                        Ok(Err(problem)) => Err(problem),
                        Ok(Ok(None)) | Err(_) => Ok(None),
                    };
                    tools
                        .report(Msg::History(history::Msg::Read { job, result }))
                        .await;
                });
            }
        }
    }
}

fn list(history: &History, query: &str, before: Option<EntryId>) -> Result<Page, Problem> {
    let before = before.unwrap_or(EntryId(i64::MAX));
    Ok(Page {
        lines: history.search_before(query, before, PAGE)?,
        total: history.count()?,
    })
}

/// A session without files keeps nothing, and finds nothing.
fn nothing(jobs: &mut crate::runtime::jobs::Jobs, tools: Tools, effect: Effect) {
    let (job, msg) = match effect {
        Effect::Keep { .. } => return,
        Effect::List { job, .. } => {
            let result = Ok(Page::default());
            (job, history::Msg::Listed { job, result })
        }
        Effect::Read { job, .. } => (
            job,
            history::Msg::Read {
                job,
                result: Ok(None),
            },
        ),
    };
    jobs.start(job, async move { tools.report(Msg::History(msg)).await });
}

/// `entry` with the index over its answer.
pub(super) async fn opened(entry: Entry, catalog: Arc<Catalog>) -> Opened {
    let endpoint = catalog.endpoint(&entry.endpoint).cloned();
    let response = entry.response().cloned();
    let (document, marks) = match response {
        Some(response) => {
            let is_whole = response.is_success() && !entry.is_cut();
            let documented = endpoint
                .filter(|_| is_whole)
                .map(|endpoint| (catalog, endpoint));
            let (document, marks) = index(response.body, documented).await;
            (Some(document), marks)
        }
        None => (None, None),
    };
    Opened {
        entry,
        document,
        marks,
    }
}
