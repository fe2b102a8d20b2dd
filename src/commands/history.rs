//! `astrascope history`: what was sent, from sessions and commands alike, newest last as a shell's history.

use std::env;

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::adapters::formats::milliseconds;
use crate::adapters::history::{FILE, History, Limits, Summary};
use crate::commands::output::{Colours, Tone, note, print, print_coloured};
use crate::config::Paths;
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::visible;

/// Which entries, and in which form.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// How many, of the newest
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = count)]
    last: usize,
    /// Only those with words that begin like these: of the URL, the user, the status, the bodies
    #[arg(short, long, value_name = "TEXT")]
    search: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// A count of exchanges.
///
/// # Errors
/// For none at all, which is a slip.
pub(super) fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be 1 or more".to_owned()),
        Ok(count) => Ok(count),
        Err(error) => Err(error.to_string()),
    }
}

/// Opens the history of this person.
///
/// # Errors
/// When there is no place for it, or it cannot be read.
pub(super) fn open() -> anyhow::Result<History> {
    let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
    Ok(History::open(&paths.data.join(FILE), Limits::default())?)
}

/// Lists entries, the newest last.
///
/// # Errors
/// When the history cannot be read, or standard output cannot be written.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let history = open()?;
    let mut found = match &options.search {
        Some(text) => history.search(text, options.last)?,
        None => history.newest(options.last)?,
    };
    found.reverse();
    if options.json {
        let entries: Value = found.iter().map(entry).collect();
        return Ok(print(format!("{entries:#}\n"))?);
    }
    if found.is_empty() {
        note(match &options.search {
            Some(text) => format!("nothing in the history has {text:?}"),
            None => "nothing was sent yet\nhint: astrascope send accounts.list".to_owned(),
        });
    }
    Ok(print_coloured(table(
        &found,
        &TimeZone::system(),
        Colours::of_standard_output(),
    ))?)
}

fn entry(line: &Summary) -> Value {
    json!({
        "id": line.id.0,
        "sent_at": jiff::Timestamp::from_millisecond(line.started_at.0).unwrap_or_default().to_string(),
        "method": line.method.as_str(),
        "url": line.url,
        "endpoint": Some(line.endpoint.as_str()).filter(|id| !id.is_empty()),
        "profile": line.profile,
        "user": line.user,
        "status": line.status,
        "error": line.failure,
        "request_id": line.request_id,
        "milliseconds": milliseconds(line.total),
        "bytes": line.size,
    })
}

fn table(lines: &[Summary], zone: &TimeZone, colours: Colours) -> String {
    let row = |line: &Summary| {
        let at = jiff::Timestamp::from_millisecond(line.started_at.0).unwrap_or_default();
        let path = line
            .url
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)))
            .unwrap_or(&line.url);
        [
            line.id.to_string(),
            zone.to_datetime(at).strftime("%F %T").to_string(),
            line.status
                .map_or_else(|| "failed".to_owned(), |status| status.to_string()),
            line.status
                .map_or_else(String::new, |_| measure::duration(line.total)),
            format!("{} {}", line.method.as_str(), visible(path)),
            visible(line.user.as_deref().unwrap_or_default()).into_owned(),
            visible(line.failure.as_deref().unwrap_or_default()).into_owned(),
        ]
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    let widest = |column: usize| {
        let widths = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| measure::width(cell));
        widths.max().unwrap_or_default()
    };
    let (id, status, took, call) = (widest(0), widest(2), widest(3), widest(4));
    let mut text = String::new();
    for (row, line) in rows.iter().zip(lines) {
        let tone = match line.status {
            Some(200..300) => Tone::Good,
            _ => Tone::Wrong,
        };
        let cells = [
            measure::pad_left(&row[0], id),
            colours.paint(Tone::Faint, &row[1]),
            colours.paint(tone, &measure::pad(&row[2], status)),
            measure::pad_left(&row[3], took),
            measure::pad(&row[4], call),
            format!("{}  {}", row[5], row[6]),
        ];
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}
