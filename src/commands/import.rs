//! `astrascope import`: takes requests over from curl commands, HTTP archives and Postman collections.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;

use crate::adapters::files::saved::SavedRequests;
use crate::adapters::formats::{Import, curl_import, har_import, postman};
use crate::adapters::history::mask::Marks;
use crate::catalog::Catalog;
use crate::config::Paths;
use crate::domain::Place;

/// Saves the requests of `file` among the person's own, and says what could not be taken over.
///
/// # Errors
/// When the file cannot be read, is of no known form, or a request cannot be saved.
pub fn run(file: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let catalog = Catalog::built_in()?;
    let import = read(&text, &catalog, file)?;
    let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
    let saved = SavedRequests::find(&paths.config, &env::current_dir()?);
    let marks = Marks::of(&catalog);
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    for note in &import.notes {
        writeln!(err, "{note}")?;
    }
    for request in import.requests {
        let name = request.name.clone();
        for note in saved.save(Place::Personal, request, &marks)? {
            writeln!(err, "{name}: {note}")?;
        }
        writeln!(out, "{}", saved.path(Place::Personal, &name)?.display())?;
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
