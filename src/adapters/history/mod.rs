//! What was sent and answered, kept over sessions and without its secrets. Decides neither what is kept nor what is shown.
//!
//! Everything here waits for the disk: it belongs on a thread of its own.

mod entry;
#[cfg(test)]
mod kill_tests;
pub mod mask;
mod open;
mod row;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use crate::adapters::history::row::{SUMMARY, summary};
pub use crate::domain::history::{Entry, EntryId, Summary};
use crate::domain::{Body, Prepared, Problem, Timestamp};

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most entries.
    pub entries: usize,
    /// Most bytes of requests and answers together; the file is larger by its index.
    pub bytes: usize,
}

impl Default for Limits {
    /// Weeks of work by hand: a page of accounts has about 10 kB.
    fn default() -> Self {
        Self {
            entries: 100_000,
            bytes: 512 * 1024 * 1024,
        }
    }
}

/// When there is too much, this part of the limit is freed at once, so that not every append has to.
const SLACK: i64 = 64;

/// The name of the file, in the folder of what is worth keeping.
pub const FILE: &str = "history.db";

/// The history of all sessions, in one file. Several instances may have it open.
#[derive(Debug)]
pub struct History {
    connection: Connection,
    path: PathBuf,
    limits: Limits,
}

impl History {
    /// Opens the file at `path`, or makes it.
    ///
    /// # Errors
    /// When it cannot be read and written, is damaged, or comes from a newer version.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, Problem> {
        let connection = open::open(path)?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            limits,
        })
    }

    /// Leaves the log of what was written beside the file when this is closed. To move it into the file waits for the disk
    /// twice; whoever opens the history next goes on with the log, and moves it when it has grown.
    ///
    /// # Errors
    /// When SQLite was built without it.
    pub fn leave_log(&self) -> Result<(), Problem> {
        let set = self
            .connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        self.fail(set.map(|_| ()))
    }

    /// Keeps `entry`, and forgets the oldest ones if there are too many. Once this returns, no crash of the program loses it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn append(&mut self, entry: &Entry) -> Result<EntryId, Problem> {
        self.append_all(std::slice::from_ref(entry))
    }

    /// Keeps `entries` in their order, all or none; answers where the last one is. One transaction for many takes a fraction
    /// of the time of one for each.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn append_all(&mut self, entries: &[Entry]) -> Result<EntryId, Problem> {
        let limits = self.limits;
        self.change(|transaction| {
            let inserted = entries.iter().map(|entry| row::insert(transaction, entry));
            let inserted: Vec<row::Inserted> = inserted.collect::<Result<_, _>>()?;
            row::index(transaction, &inserted)?;
            prune(transaction, limits)?;
            Ok(inserted.last().map_or(EntryId::default(), |row| row.id))
        })
    }

    /// The newest `count` entries, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn newest(&self, count: usize) -> Result<Vec<Summary>, Problem> {
        self.before(EntryId(i64::MAX), count)
    }

    /// The `count` entries before `id`, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn before(&self, id: EntryId, count: usize) -> Result<Vec<Summary>, Problem> {
        let sql = format!("SELECT {SUMMARY} FROM entry WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
        self.list(&sql, params![id.0, limit(count)])
    }

    /// The newest `count` entries with words that begin with each word of `text`, in any order: of method, URL, endpoint,
    /// user, profile, status, request-id, failure, and the first kilobytes of both bodies.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn search(&self, text: &str, count: usize) -> Result<Vec<Summary>, Problem> {
        self.search_before(text, EntryId(i64::MAX), count)
    }

    /// The same among the entries before `id`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn search_before(
        &self,
        text: &str,
        id: EntryId,
        count: usize,
    ) -> Result<Vec<Summary>, Problem> {
        let query = query(text);
        if query.is_empty() {
            return self.before(id, count);
        }
        let sql = format!(
            "SELECT {SUMMARY} FROM entry WHERE id IN (SELECT rowid FROM words WHERE words MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3) ORDER BY id DESC"
        );
        self.list(&sql, params![query, id.0, limit(count)])
    }

    /// Number of entries from `id` on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn count_from(&self, id: EntryId) -> Result<usize, Problem> {
        let sql = "SELECT count(*) FROM entry WHERE id >= ?1";
        self.fail(self.connection.query_row(sql, [id.0], |row| row.get(0)))
    }

    /// The newest entry that was answered to the same request on the same profile: to that test user, or to anybody if none
    /// is named.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn latest(
        &self,
        (profile, user): (&str, Option<&str>),
        request: &Prepared,
    ) -> Result<Option<Entry>, Problem> {
        let sql = "SELECT id FROM entry WHERE url = ?1 AND method = ?2 AND profile = ?3 AND (?4 IS NULL OR user = ?4) AND status IS NOT NULL ORDER BY id DESC LIMIT 1";
        let id = self.fail(
            self.connection
                .prepare_cached(sql)
                .and_then(|mut statement| {
                    statement
                        .query_row(
                            params![request.url, request.method.as_str(), profile, user],
                            |row| row.get(0).map(EntryId),
                        )
                        .optional()
                }),
        )?;
        id.map_or(Ok(None), |id| self.get(id))
    }

    /// What was answered to the same request of the same test user, no longer than `age` before `now`; none where not all of
    /// it was kept, or it was no success.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn fresh(
        &self,
        (profile, user): (&str, Option<&str>),
        request: &Prepared,
        (age, now): (Duration, Timestamp),
    ) -> Result<Option<Body>, Problem> {
        let Some(entry) = self.latest((profile, user), request)? else {
            return Ok(None);
        };
        let is_same = entry.user.as_deref() == user && entry.request.body == request.body;
        let is_whole = !entry.is_cut() && now.since(entry.started_at) <= age;
        let response = entry.response().filter(|response| response.is_success());
        Ok(response
            .filter(|_| is_same && is_whole)
            .map(|response| response.body.clone()))
    }

    /// The whole entry `id`; `None` if it is not there any more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn get(&self, id: EntryId) -> Result<Option<Entry>, Problem> {
        self.fail(row::get(&self.connection, id).optional())
    }

    /// Number of entries.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn count(&self) -> Result<usize, Problem> {
        self.fail(
            self.connection
                .query_row("SELECT entries FROM total", [], |row| row.get(0)),
        )
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn clear(&mut self) -> Result<(), Problem> {
        self.change(|transaction| forget(transaction, i64::MAX))?;
        // What was forgotten must not stay readable in free pages.
        self.fail(
            self.connection
                .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);"),
        )
    }

    fn list(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<Summary>, Problem> {
        let list = || {
            self.connection
                .prepare_cached(sql)?
                .query_map(parameters, summary)?
                .collect()
        };
        self.fail(list())
    }

    fn change<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Problem> {
        let result = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|transaction| {
                let value = change(&transaction)?;
                transaction.commit()?;
                Ok(value)
            });
        self.fail(result)
    }

    fn fail<T>(&self, result: rusqlite::Result<T>) -> Result<T, Problem> {
        result.map_err(|error| open::explain(&self.path, &error))
    }
}

fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The words of `text` in the language of the index, each as the beginning of a word; a word with punctuation in it, such as
/// a request-id, has to come in one piece.
fn query(text: &str) -> String {
    let words = text
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric));
    let words: Vec<String> = words
        .map(|word| format!("\"{}\" *", word.replace(['"', '\0'], " ")))
        .collect();
    words.join(" AND ")
}

/// Forgets the oldest entries that are too many or too heavy.
fn prune(transaction: &Transaction<'_>, limits: Limits) -> rusqlite::Result<()> {
    let (entries, weight): (i64, i64) =
        transaction.query_row("SELECT entries, weight FROM total", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let (most, heaviest) = (limit(limits.entries), limit(limits.bytes));
    if entries <= most && weight <= heaviest {
        return Ok(());
    }
    let surplus = |value: i64, limit: i64| {
        if value > limit {
            value - limit + limit / SLACK
        } else {
            0
        }
    };
    let (mut entries, mut weight) = (surplus(entries, most), surplus(weight, heaviest));
    let mut statement = transaction.prepare_cached("SELECT id, weight FROM entry ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut last = 0;
    while let (true, Some(row)) = (entries > 0 || weight > 0, rows.next()?) {
        last = row.get(0)?;
        weight -= row.get::<_, i64>(1)?;
        entries -= 1;
    }
    forget(transaction, last)
}

/// Forgets all entries up to `last`.
fn forget(transaction: &Transaction<'_>, last: i64) -> rusqlite::Result<()> {
    let (entries, weight): (i64, i64) = transaction.query_row(
        "SELECT count(*), coalesce(sum(weight), 0) FROM entry WHERE id <= ?1",
        [last],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    transaction.execute(
        "UPDATE total SET entries = entries - ?1, weight = weight - ?2",
        [entries, weight],
    )?;
    transaction.execute("DELETE FROM words WHERE rowid <= ?1", [last])?;
    transaction.execute("DELETE FROM detail WHERE id <= ?1", [last])?;
    transaction.execute("DELETE FROM entry WHERE id <= ?1", [last])?;
    Ok(())
}
