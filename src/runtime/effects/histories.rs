//! The history: exchanges are kept one after the other, listed, searched and read beside that.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::task::spawn_blocking;

use crate::adapters::history::{Entry, EntryId, History, Summary, mask};
use crate::app::history::{self, Effect, PAGE, Page};
use crate::app::{Msg, Opened};
use crate::catalog::Catalog;
use crate::domain::{Body, Exchange, Prepared, Problem, Secret};
use crate::runtime::effects::calls::index;
use crate::runtime::effects::{Effects, Tools};
use crate::runtime::jobs::Jobs;
use crate::runtime::{HistoryFile, clock};

/// An entry behind so many newer ones is not listed among all: that would take longer than a person waits for a key.
const FURTHEST: usize = 20_000;

/// The history file. What is being written does not keep waiting what is read: each has a connection of its own.
#[derive(Clone)]
pub(super) struct Histories {
    writer: Connection,
    reader: Connection,
    /// What is secret, found when the first exchange is kept.
    marks: Arc<OnceLock<mask::Marks>>,
}

/// The file, opened where it is needed first.
#[derive(Clone)]
struct Connection {
    file: HistoryFile,
    history: Arc<Mutex<Option<History>>>,
}

impl Connection {
    fn to(file: &HistoryFile) -> Self {
        Self {
            file: file.clone(),
            history: Arc::default(),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut History) -> Result<T, Problem>) -> Result<T, Problem> {
        // A panic leaves no transaction half done.
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *history {
            Some(history) => work(history),
            none => work(none.insert(History::open(&self.file.path, self.file.limits)?)),
        }
    }
}

impl Histories {
    pub(super) fn at(file: HistoryFile) -> Self {
        Self {
            writer: Connection::to(&file),
            reader: Connection::to(&file),
            marks: Arc::default(),
        }
    }

    /// Masks and keeps one exchange.
    fn keep(
        &self,
        exchange: &Exchange,
        (profile, user): (&str, Option<&str>),
        (catalog, known): (&Catalog, &[Secret]),
    ) -> Result<Summary, Problem> {
        let marks = self.marks.get_or_init(|| mask::Marks::of(catalog));
        let masked = mask::mask(exchange, marks, known);
        let mut entry = Entry::of(masked, profile, user)
            .ok_or_else(|| Problem::new("this exchange is still under way"))?;
        entry.id = self.writer.with(|history| history.append(&entry))?;
        Ok(entry.summary())
    }

    fn list(
        &self,
        query: &str,
        before: Option<EntryId>,
        down_to: Option<EntryId>,
    ) -> Result<Page, Problem> {
        let before = before.unwrap_or(EntryId(i64::MAX));
        self.reader.with(|history| {
            let newer = down_to.map_or(Ok(0), |id| history.count_from(id))?;
            let count = if newer > FURTHEST { PAGE } else { newer + PAGE };
            Ok(Page {
                lines: history.search_before(query, before, count)?,
                total: history.count()?,
            })
        })
    }

    /// The newest answer to the same request on the same profile: to that test user or, where there is none, to anybody.
    pub(super) fn latest(
        &self,
        (profile, user): (&str, Option<&str>),
        request: &Prepared,
    ) -> Result<Option<Entry>, Problem> {
        self.reader.with(|history| {
            let own = history.latest((profile, user), request)?;
            own.map_or_else(
                || history.latest((profile, None), request),
                |own| Ok(Some(own)),
            )
        })
    }

    /// What was answered to the same request of the same test user, no longer than `age` ago.
    pub(super) fn fresh(
        &self,
        whose: (&str, Option<&str>),
        request: &Prepared,
        age: Duration,
    ) -> Result<Option<Body>, Problem> {
        let now = clock::now();
        self.reader
            .with(|history| history.fresh(whose, request, (age, now)))
    }

    /// The entry `id`; none if it is not there any more.
    pub(super) fn read(&self, id: EntryId) -> Result<Option<Entry>, Problem> {
        self.reader.with(|history| history.get(id))
    }
}

impl Effects {
    pub(super) fn start_history(&mut self, tools: Tools, effect: Effect) {
        let Some(histories) = self.histories.clone() else {
            return nothing(&mut self.jobs, tools, effect);
        };
        let catalog = Arc::clone(&self.catalog);
        match effect {
            Effect::Keep {
                exchange,
                profile,
                user,
            } => {
                let known = tools.secrets(exchange.user);
                let kept = tools.keeper.keep(move || {
                    let whose = (profile.as_str(), user.as_deref());
                    histories.keep(&exchange, whose, (&catalog, &known))
                });
                tokio::spawn(async move {
                    if let Some(kept) = kept.await {
                        tools.report(Msg::History(history::Msg::Kept(kept))).await;
                    }
                });
            }
            Effect::List {
                job,
                query,
                before,
                down_to,
            } => self.jobs.start(job, async move {
                let listed = spawn_blocking(move || histories.list(&query, before, down_to));
                let result = listed.await.unwrap_or_else(|_| Ok(Page::default())); // only cancelled when the program ends
                tools
                    .report(Msg::History(history::Msg::Listed { job, result }))
                    .await;
            }),
            Effect::Read { job, id } => self.jobs.start(job, async move {
                let result = match spawn_blocking(move || histories.read(id)).await {
                    Ok(Ok(Some(entry))) => Ok(Some(Box::new(opened(entry, catalog).await))),
                    Ok(Err(problem)) => Err(problem),
                    Ok(Ok(None)) | Err(_) => Ok(None),
                };
                tools
                    .report(Msg::History(history::Msg::Read { job, result }))
                    .await;
            }),
        }
    }
}

/// A session without files keeps nothing, and finds nothing.
fn nothing(jobs: &mut Jobs, tools: Tools, effect: Effect) {
    let (job, msg) = match effect {
        Effect::Keep { .. } => return,
        Effect::List { job, .. } => {
            let result = Ok(Page::default());
            (job, history::Msg::Listed { job, result })
        }
        Effect::Read { job, .. } => {
            let result = Ok(None);
            (job, history::Msg::Read { job, result })
        }
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
            let kind = response.header("content-type").map(ToOwned::to_owned);
            let (document, marks) = index(response.body, kind, documented).await;
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
