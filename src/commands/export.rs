//! `astrascope export`: exchanges of the history in the form that another program, or Astra's support, takes.

use std::env;
use std::env::consts::{ARCH, OS};

use anyhow::anyhow;
use clap::{Args, ValueEnum};

use crate::adapters::formats::{bundle, curl, har, raw_http};
use crate::adapters::history::mask::Marks;
use crate::adapters::history::{Entry, EntryId, History};
use crate::commands::output::{note, print};
use crate::commands::{catalogue, history};
use crate::config::Paths;

/// Which exchanges, and in which form.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Form to write
    format: Format,
    /// Numbers of entries, as astrascope history lists them; the newest one if none is given
    #[arg(value_name = "ID", conflicts_with = "last")]
    ids: Vec<i64>,
    /// How many, of the newest
    #[arg(short = 'n', long, value_name = "N", value_parser = history::count)]
    last: Option<usize>,
}

/// A form of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A curl command that runs in a shell; secrets are variables
    Curl,
    /// Request and answer as they go over the wire, in HTTP/1.1
    Raw,
    /// An HTTP archive, HAR 1.2
    Har,
    /// What Astra's support needs, in Markdown
    Bundle,
    /// The body of the answer
    Body,
}

/// Writes the chosen exchanges to standard output, the oldest first.
///
/// # Errors
/// When an entry is not there, the history cannot be read, or standard output cannot be written.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let entries = choose(&history::open()?, options)?;
    for entry in &entries {
        warn(entry, options.format);
    }
    Ok(print(write(options.format, &entries)?)?)
}

fn choose(history: &History, options: &Options) -> anyhow::Result<Vec<Entry>> {
    let ids: Vec<EntryId> = match options.ids.is_empty() {
        false => options.ids.iter().copied().map(EntryId).collect(),
        true => {
            let newest = history.newest(options.last.unwrap_or(1))?;
            newest.iter().rev().map(|line| line.id).collect()
        }
    };
    if ids.is_empty() {
        return Err(anyhow!(
            "there is nothing to export: the history is empty\nhint: astrascope send accounts.list"
        ));
    }
    let get = |id: EntryId| {
        history.get(id)?.ok_or_else(|| {
            anyhow!("the history has no entry {id}\nhint: astrascope history lists them")
        })
    };
    ids.into_iter().map(get).collect()
}

/// Says what an export cannot hold.
fn warn(entry: &Entry, format: Format) {
    let id = entry.id;
    let body = entry.request.body.as_ref();
    if entry.is_cut() && format != Format::Bundle && format != Format::Curl {
        let kept = entry.response().map_or(0, |response| response.body.len());
        note(format_args!(
            "entry {id}: only the first {kept} of {} bytes of its answer were kept",
            entry.response_size
        ));
    }
    if body.is_some_and(|body| body.len() < entry.request_size) && format != Format::Body {
        note(format_args!(
            "entry {id}: not all of what was sent was kept"
        ));
    }
    if format == Format::Curl
        && body.is_some_and(|body| std::str::from_utf8(body.as_bytes()).is_err())
    {
        note(format_args!(
            "entry {id}: its body is no text, and is taken from the file body.bin"
        ));
    }
    if format == Format::Body && entry.response().is_none() {
        note(format_args!("entry {id} was not answered"));
    }
}

fn write(format: Format, entries: &[Entry]) -> anyhow::Result<Vec<u8>> {
    let version = env!("CARGO_PKG_VERSION");
    Ok(match format {
        Format::Curl => {
            let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
            let marks = Marks::of(&catalogue::read_and_tell(&paths.config)?);
            let commands: Vec<_> = entries
                .iter()
                .map(|entry| curl::curl(entry, &marks))
                .collect();
            format!("{}\n", commands.join("\n\n")).into_bytes()
        }
        Format::Raw => entries.iter().map(raw).collect::<Vec<_>>().join(&b"\n"[..]),
        Format::Har => har::har(entries, version).into_bytes(),
        Format::Bundle => {
            let versions = [
                ("astrascope", version.to_owned()),
                ("system", format!("{OS} {ARCH}")),
            ];
            bundle::bundle(entries, &versions).into_bytes()
        }
        Format::Body => entries
            .iter()
            .filter_map(Entry::response)
            .flat_map(|response| ended(response.body.as_bytes().to_vec()))
            .collect(),
    })
}

/// Request and answer, each ended by a new line.
fn raw(entry: &Entry) -> Vec<u8> {
    let mut text = ended(raw_http::request(entry));
    if let Some(response) = entry.response() {
        text.push(b'\n');
        text.extend(ended(raw_http::response(response)));
    }
    text
}

/// `bytes` with a new line at the end, which a terminal needs.
fn ended(mut bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    bytes
}
