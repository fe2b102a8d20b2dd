//! Turns an entry into rows and back. Opens nothing and decides nothing.

use std::fmt::Write as _;
use std::time::Duration;

use rusqlite::{Connection, Row, ToSql, Transaction, params, params_from_iter};

use crate::adapters::history::{Entry, EntryId, Summary};
use crate::domain::history::CANCELLED;
use crate::domain::{
    Auth, Body, EndpointId, Method, Outcome, Prepared, Problem, Response, Timestamp, Timing,
};

/// The columns of a summary, in the order in which [`summary`] reads them.
pub(super) const SUMMARY: &str = "id, started_at, profile, user, endpoint, method, url, status, failure, request_id, total, size";

/// This much of the start of each body can be searched.
const SEARCHED: usize = 4 * 1024;

/// Entries in one statement; each has two parameters.
const INDEXED_AT_ONCE: usize = 1024;

/// Reads the columns of [`SUMMARY`].
pub(super) fn summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    Ok(Summary {
        id: EntryId(row.get(0)?),
        started_at: Timestamp(row.get(1)?),
        profile: row.get(2)?,
        user: row.get(3)?,
        endpoint: EndpointId::new(row.get::<_, String>(4)?),
        method: Method::parse(row.get_ref(5)?.as_str()?).unwrap_or_default(),
        url: row.get(6)?,
        status: row.get(7)?,
        failure: row.get(8)?,
        request_id: row.get(9)?,
        total: Duration::from_micros(row.get(10)?),
        size: row.get(11)?,
    })
}

/// What the index of words and the total have still to be told of an entry.
pub(super) struct Inserted {
    pub(super) id: EntryId,
    weight: usize,
    words: String,
}

/// Adds `entry` to the tables of entries. [`index`] has to follow.
pub(super) fn insert(transaction: &Transaction<'_>, entry: &Entry) -> rusqlite::Result<Inserted> {
    let line = entry.summary();
    let request_headers = headers_text(&entry.request.headers);
    let response = entry.response();
    let response_headers = response.map(|response| headers_text(&response.headers));
    let request_body = entry.request.body.as_ref().map(Body::as_bytes);
    let response_body = response.map(|response| response.body.as_bytes());
    let weight = line.url.len()
        + request_headers.len()
        + response_headers.as_ref().map_or(0, String::len)
        + request_body.map_or(0, <[u8]>::len)
        + response_body.map_or(0, <[u8]>::len);
    transaction
        .prepare_cached("INSERT INTO entry (started_at, profile, user, endpoint, method, url, status, failure, request_id, total, size, weight) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")?
        .execute(params![
            line.started_at.0,
            line.profile,
            line.user,
            line.endpoint.as_str(),
            line.method.as_str(),
            line.url,
            line.status,
            line.failure,
            line.request_id,
            micros(line.total),
            line.size,
            weight,
        ])?;
    let id = transaction.last_insert_rowid();
    let problem = match &entry.outcome {
        Outcome::Failed(problem) => Some(problem),
        _ => None,
    };
    let timing = response.map(|response| &response.timing);
    transaction
        .prepare_cached("INSERT INTO detail VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)")?
        .execute(params![
            id,
            entry.request.auth.name(),
            request_headers,
            request_body,
            entry.request_size,
            problem.and_then(|problem| problem.why.as_ref()),
            problem.and_then(|problem| problem.hint.as_ref()),
            response.map(|response| &response.version),
            response_headers,
            response_body,
            response.map(|response| response.received_at.0),
            timing.and_then(|timing| timing.dns).map(micros),
            timing.and_then(|timing| timing.connect).map(micros),
            timing.map(|timing| micros(timing.wait)),
            timing.map(|timing| micros(timing.download)),
        ])?;
    Ok(Inserted {
        id: EntryId(id),
        weight,
        words: words(&line, request_body, response_body),
    })
}

/// Makes what was inserted findable, and counts it.
pub(super) fn index(transaction: &Transaction<'_>, inserted: &[Inserted]) -> rusqlite::Result<()> {
    // The index writes a part of its own for each statement, which later have to be merged: so one for many entries.
    for part in inserted.chunks(INDEXED_AT_ONCE) {
        let sql = format!(
            "INSERT INTO words (rowid, text) VALUES (?, ?){}",
            ", (?, ?)".repeat(part.len() - 1)
        );
        let values = part
            .iter()
            .flat_map(|row| [&row.id.0 as &dyn ToSql, &row.words as &dyn ToSql]);
        transaction
            .prepare_cached(&sql)?
            .execute(params_from_iter(values))?;
    }
    let weight: usize = inserted.iter().map(|row| row.weight).sum();
    transaction
        .prepare_cached("UPDATE total SET entries = entries + ?1, weight = weight + ?2")?
        .execute(params![inserted.len(), weight])?;
    Ok(())
}

/// Reads a whole entry.
pub(super) fn get(connection: &Connection, id: EntryId) -> rusqlite::Result<Entry> {
    let line = connection
        .prepare_cached(&format!("SELECT {SUMMARY} FROM entry WHERE id = ?1"))?
        .query_row([id.0], summary)?;
    connection
        .prepare_cached("SELECT auth, request_headers, request_body, request_size, why, hint, version, response_headers, response_body, received_at, dns, connect, wait, download FROM detail WHERE id = ?1")?
        .query_row([id.0], |row| detail(line, row))
}

fn detail(line: Summary, row: &Row<'_>) -> rusqlite::Result<Entry> {
    let body = |bytes: Vec<u8>| Body::new(bytes);
    let duration = |at: usize| {
        Ok::<_, rusqlite::Error>(row.get::<_, Option<u64>>(at)?.map(Duration::from_micros))
    };
    let outcome = match (line.status, line.failure) {
        (Some(status), _) => Outcome::Done(Response {
            status,
            version: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
            headers: headers(row.get::<_, Option<String>>(7)?),
            body: body(row.get::<_, Option<Vec<u8>>>(8)?.unwrap_or_default()),
            timing: Timing {
                dns: duration(10)?,
                connect: duration(11)?,
                wait: duration(12)?.unwrap_or_default(),
                download: duration(13)?.unwrap_or_default(),
                total: line.total,
            },
            received_at: Timestamp(row.get::<_, Option<i64>>(9)?.unwrap_or_default()),
        }),
        (None, Some(what)) if what != CANCELLED => Outcome::Failed(Problem {
            is_outcome_unknown: false, // nothing is asked about what is over
            what,
            why: row.get(4)?,
            hint: row.get(5)?,
        }),
        (None, _) => Outcome::Cancelled,
    };
    Ok(Entry {
        id: line.id,
        started_at: line.started_at,
        profile: line.profile,
        user: line.user,
        endpoint: line.endpoint,
        request: Prepared {
            method: line.method,
            url: line.url,
            headers: headers(row.get(1)?),
            body: row.get::<_, Option<Vec<u8>>>(2)?.map(body),
            auth: auth(row.get_ref(0)?.as_str()?),
        },
        request_size: row.get(3)?,
        outcome,
        response_size: line.size,
    })
}

fn auth(name: &str) -> Auth {
    let all = [Auth::Bearer, Auth::Basic, Auth::None];
    all.into_iter()
        .find(|auth| auth.name() == name)
        .unwrap_or_default()
}

fn headers_text(headers: &[(String, String)]) -> String {
    serde_json::to_string(headers).unwrap_or_default() // texts always are JSON
}

fn headers(text: Option<String>) -> Vec<(String, String)> {
    // Written by `headers_text`; of a file that somebody else has changed, no headers are better than no entry.
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The text that is searched.
fn words(line: &Summary, sent: Option<&[u8]>, answered: Option<&[u8]>) -> String {
    let url = line
        .url
        .split_once("://")
        .map_or(line.url.as_str(), |(_, rest)| rest);
    let mut words = format!(
        "{} {url} {} {}",
        line.method.as_str(),
        line.endpoint,
        line.profile
    );
    for text in [&line.user, &line.failure, &line.request_id]
        .into_iter()
        .flatten()
    {
        words.push(' ');
        words.push_str(text);
    }
    if let Some(status) = line.status {
        let _ = write!(words, " {status}"); // a String takes everything
    }
    for body in [sent, answered].into_iter().flatten() {
        words.push(' ');
        words.push_str(&String::from_utf8_lossy(
            body.get(..SEARCHED).unwrap_or(body),
        ));
    }
    words
}
