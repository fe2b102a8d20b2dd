//! Opens the file of the history and brings it to the present form. Reads and writes no entries.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::adapters::files::atomic::{self, Access};
use crate::domain::Problem;

/// How long an instance waits for another one's write. A write takes milliseconds; a stopped process may hold it longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is left of the write-ahead log after a checkpoint, in bytes.
const LARGEST_LOG: i64 = 8 * 1024 * 1024;

/// Each takes the file from one version to the next; the version is the number of those that were run. Only ever add to it.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE entry (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at INTEGER NOT NULL,
        profile TEXT NOT NULL,
        user TEXT,
        endpoint TEXT NOT NULL,
        method TEXT NOT NULL,
        url TEXT NOT NULL,
        status INTEGER,
        failure TEXT,
        request_id TEXT,
        total INTEGER NOT NULL,
        size INTEGER NOT NULL,
        weight INTEGER NOT NULL
    );
    -- apart, so that a list or a search does not read past the bodies
    CREATE TABLE detail (
        id INTEGER PRIMARY KEY,
        auth TEXT NOT NULL,
        request_headers TEXT NOT NULL,
        request_body BLOB,
        request_size INTEGER NOT NULL,
        why TEXT,
        hint TEXT,
        version TEXT,
        response_headers TEXT,
        response_body BLOB,
        received_at INTEGER,
        dns INTEGER,
        connect INTEGER,
        wait INTEGER,
        download INTEGER
    );
    -- only the index: the text itself stands in the other tables
    CREATE VIRTUAL TABLE words USING fts5(text, content = '', contentless_delete = 1);
    CREATE TABLE total (entries INTEGER NOT NULL, weight INTEGER NOT NULL);
    INSERT INTO total VALUES (0, 0);
"];

/// Opens the file at `path`, or makes it, readable by the person alone.
pub(super) fn open(path: &Path) -> Result<Connection, Problem> {
    make_file(path).map_err(|error| atomic::explain(path, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connect = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "journal_size_limit", LARGEST_LOG)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        write_ahead(&connection)?;
        Ok(connection)
    };
    let mut connection = connect().map_err(|error| explain(path, &error))?;
    migrate(path, &mut connection)?;
    Ok(connection)
}

fn make_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        atomic::make_folder(folder, Access::Private)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let file = options.mode(0o600).open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    options.open(path)?;
    Ok(())
}

/// SQLite does not wait for others when the log is switched on or recovered after a crash, so this does.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let start = Instant::now();
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if is_busy(&error) && start.elapsed() < PATIENCE => {
                // The other instance is done within milliseconds, and tells nobody when.
                std::thread::sleep(Duration::from_millis(5));
            }
            result => return result,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

fn migrate(path: &Path, connection: &mut Connection) -> Result<(), Problem> {
    let fail = |error: rusqlite::Error| explain(path, &error);
    let version = |connection: &Connection| {
        connection.query_row("PRAGMA user_version", [], |row| row.get::<_, usize>(0))
    };
    if version(connection).map_err(fail)? == MIGRATIONS.len() {
        return Ok(());
    }
    // A second instance that starts at the same time waits here, and then finds everything done.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(fail)?;
    let done = version(&transaction).map_err(fail)?;
    let Some(rest) = MIGRATIONS.get(done..) else {
        return Err(Problem::new(format!("{} cannot be used", path.display()))
            .because("a newer version of astrascope has written it")
            .hint(format!(
                "update astrascope, or move {}* away, its log too",
                path.display()
            )));
    };
    for step in rest {
        transaction.execute_batch(step).map_err(fail)?;
    }
    transaction
        .pragma_update(None, "user_version", MIGRATIONS.len())
        .map_err(fail)?;
    transaction.commit().map_err(fail)
}

/// What went wrong with the history, and what helps.
pub(super) fn explain(path: &Path, error: &rusqlite::Error) -> Problem {
    let name = path.display();
    let problem = Problem::new("the history is not available");
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => problem
            .because(format!(
                "another program has held {name} for {} seconds",
                PATIENCE.as_secs()
            ))
            .hint("look for a stopped astrascope, and end it"),
        Some(ErrorCode::DiskFull) => problem
            .because("there is no space left on the disk")
            .hint("free some, and try again"),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => problem
            .because(format!("{name} cannot be written"))
            .hint(format!(
                "run chmod u+rw {name}, or set ASTRASCOPE_HOME to a folder of your own"
            )),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            problem.because(format!("{name} is damaged")).hint(format!(
                "move {name}* away, its log too; a new one is made at the next start"
            ))
        }
        _ => problem.because(format!("{name}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::history::tests::{entry, ids};
    use crate::adapters::history::{History, Limits};

    /// The first files had indexes of the beginnings of words, too. What is in an index cannot be taken out of it, and making
    /// it anew takes longer than it is worth: searches find the same, and an entry takes a fiftieth of a millisecond more.
    #[test]
    fn a_file_with_indexes_of_beginnings_is_searched_and_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let old = MIGRATIONS[0].replace(
            "contentless_delete = 1)",
            "contentless_delete = 1, prefix = '1 2 3')",
        );
        assert_ne!(old, MIGRATIONS[0]);
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(&old).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        drop(connection);
        let open = |entries| {
            let limits = Limits {
                entries,
                bytes: 1_000_000,
            };
            History::open(&path, limits).unwrap()
        };
        let mut history = open(10);
        for number in 1..=3 {
            let body = "{\"name\":\"Everyday Checking\"}";
            history.append(&entry(number, body)).unwrap();
        }
        let sql = "SELECT sql FROM sqlite_schema WHERE name = 'words'";
        let connection = &history.connection;
        let form: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert!(form.contains("prefix"), "it is still the old form: {form}");
        drop(history);
        let mut history = open(10);
        for (text, found) in [
            ("e", vec![3, 2, 1]),
            ("ev che", vec![3, 2, 1]),
            ("every", vec![3, 2, 1]),
            ("req_000002", vec![2]),
            ("zebra", vec![]),
        ] {
            assert_eq!(ids(&history.search(text, 9).unwrap()), found, "{text}");
        }
        history.append(&entry(4, "zebra")).unwrap();
        assert_eq!(ids(&history.search("zeb", 9).unwrap()), [4]);
        drop(history);
        let mut history = open(2);
        history.append(&entry(5, "x")).unwrap();
        assert_eq!(ids(&history.search("accounts", 9).unwrap()), [5, 4]);
        history.clear().unwrap();
        assert!(history.search("zebra", 9).unwrap().is_empty());
        history.append(&entry(6, "zebra")).unwrap();
        assert_eq!(history.search("z", 9).unwrap().len(), 1);
    }
}
