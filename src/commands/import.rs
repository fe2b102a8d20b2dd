//! `astrascope import`: takes requests over from curl commands, HTTP archives and Postman collections.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueHint};

use crate::adapters::files::saved::SavedRequests;
use crate::adapters::formats::{Import, curl_import, har_import, postman};
use crate::adapters::history::mask::Marks;
use crate::catalog::Catalog;
use crate::commands::catalogue;
use crate::commands::output::print;
use crate::config::Paths;
use crate::domain::Place;

/// What to take over.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The file; - is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
}

/// Saves the requests of the file among the person's own, and says what could not be taken over.
///
/// # Errors
/// When the file cannot be read, is of no known form, or a request cannot be saved.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let (name, text) = match options.file.to_str() {
        Some("-") => ("standard input".to_owned(), io::read_to_string(io::stdin())),
        _ => (
            options.file.display().to_string(),
            fs::read_to_string(&options.file),
        ),
    };
    let text = text.with_context(|| name.clone())?;
    if text.trim().is_empty() {
        bail!(
            "{name} is empty: there is nothing to take over\nhint: a curl command, an HTTP archive (HAR) or a Postman collection (v2.1)"
        );
    }
    let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
    let catalog = catalogue::read_and_tell(&paths.config)?;
    let import = read(&text, &catalog, &options.file)?;
    let saved = SavedRequests::find(&paths.config, &env::current_dir()?);
    let marks = Marks::of(&catalog);
    let mut err = io::stderr().lock();
    for note in &import.notes {
        writeln!(err, "{note}")?;
    }
    if import.requests.is_empty() {
        bail!("{name} has no request that can be taken over");
    }
    for request in import.requests {
        let name = request.name.clone();
        for note in saved.save(Place::Personal, request, &marks)? {
            writeln!(err, "{name}: {note}")?;
        }
        let path = saved.path(Place::Personal, &name)?;
        print(format!("{}\n", path.display()))?; // saving goes on when nobody reads
    }
    Ok(())
}

/// Tells the forms apart by what they start with, and by the members that only one of them has.
fn read(text: &str, catalog: &Catalog, file: &Path) -> anyhow::Result<Import> {
    let is_json = text.trim_start().starts_with('{');
    Ok(match (is_json, text.contains("\"entries\"")) {
        (false, _) => curl_import::import(text, catalog, file.parent()),
        (true, true) => har_import::import(text, catalog)?,
        (true, false) => postman::import(text, catalog)?,
    })
}
