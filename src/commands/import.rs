//! `astrascope import`: takes requests over from curl commands, HTTP archives and Postman collections.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueHint};

use crate::adapters::files;
use crate::adapters::files::saved::{PROJECT, SavedRequests};
use crate::adapters::formats::{Import, curl_import, har_import, postman};
use crate::adapters::history::mask::Marks;
use crate::catalog::{Catalog, Template, check_draft};
use crate::commands::catalogue;
use crate::commands::output::{aside, print};
use crate::config::Paths;
use crate::document::Step;
use crate::domain::{Place, Problem, RequestName, SavedRequest};
use crate::ui::widgets::visible::visible_lines;

/// What to take over.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The file; - is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
}

/// Saves the requests of the file among those of the project, or else among the person's own, and says what could not be
/// taken over.
///
/// # Errors
/// When the file cannot be read, is of no known form, or a request cannot be saved.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let (name, bytes) = given(&options.file)?;
    let text = files::text(&name, bytes)?;
    if text.trim().is_empty() {
        bail!("{name} is empty: there is nothing to take over\nhint: {KNOWN}");
    }
    let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
    let catalog = catalogue::read_and_tell(&paths.config)?;
    let import = read(&name, &text, &catalog, &options.file)?;
    for note in &import.notes {
        aside(format_args!("{note}\n"));
    }
    if import.requests.is_empty() {
        bail!("{name} has no request that can be taken over\nhint: {KNOWN}");
    }
    let saved = SavedRequests::find(&paths.config, &env::current_dir()?);
    let variables = variables(&import.requests);
    let mut written = String::new();
    let result = save(&saved, import, &catalog, &mut written);
    print(visible_lines(&written).as_ref())?;
    if first_place(&saved) == Place::Personal && !written.is_empty() {
        aside(format_args!(
            "saved among your own requests, as there is no project here: mkdir {PROJECT} makes one, to import into\n"
        ));
    }
    if !variables.is_empty() {
        let names = Vec::from_iter(variables).join(", ");
        aside(format_args!(
            "to be set in the environment before they are sent: {names}\n"
        ));
    }
    result
}

/// The variables of the environment that `requests` refer to.
fn variables(requests: &[SavedRequest]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in requests
        .to_vec()
        .iter_mut()
        .flat_map(SavedRequest::texts_mut)
    {
        let Ok(template) = Template::parse(text) else {
            continue; // saving it tells what is wrong
        };
        names.extend(template.references().filter_map(|reference| {
            match (reference.root.as_str(), reference.steps.first()) {
                ("env", Some(Step::Name(name))) => Some(name.clone()),
                _ => None,
            }
        }));
    }
    names
}

/// What can be taken over.
const KNOWN: &str = "a curl command, an HTTP archive (HAR) or a Postman collection (v2.1)";

/// The bytes to take over, and what they are called.
fn given(file: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    if file == Path::new("-") {
        let (name, mut bytes) = ("standard input", Vec::new());
        io::stdin().read_to_end(&mut bytes).context(name)?;
        return Ok((name.to_owned(), bytes));
    }
    let bytes = files::read_named(file).map_err(|problem| match problem.hint {
        None => problem.hint("name a file, or - for standard input"),
        Some(_) => problem,
    })?;
    Ok((file.display().to_string(), bytes))
}

/// Where this person's requests are looked for first.
fn first_place(saved: &SavedRequests) -> Place {
    let place = saved.folders().first();
    place.map_or(Place::Personal, |(place, _)| *place)
}

/// Saves all of `import` where this person's requests are looked for first, and lists the files in `written`.
fn save(
    saved: &SavedRequests,
    import: Import,
    catalog: &Catalog,
    written: &mut String,
) -> anyhow::Result<()> {
    let (place, marks) = (first_place(saved), &Marks::of(catalog));
    for mut request in import.requests {
        let wanted = request.name.clone();
        request.name = free(saved, place, &request)?;
        let name = request.name.clone();
        if name != wanted {
            aside(format_args!("{wanted} is there already: saved as {name}\n"));
        }
        let lacking = lacking(&request, catalog);
        if !lacking.is_empty() {
            aside(format_args!(
                "{name}: {} needed before it can be sent\n",
                lacking.join(", ")
            ));
        }
        for note in saved.save(place, request, marks)? {
            aside(format_args!("{name}: {note}\n"));
        }
        let path = saved.path(place, &name)?;
        *written += &format!("{}\n", path.display());
    }
    Ok(())
}

/// The fields that `request` needs and does not have, unless it is meant to be refused.
fn lacking(request: &SavedRequest, catalog: &Catalog) -> Vec<String> {
    let Ok(endpoint) = catalog.called(&request.call) else {
        return Vec::new(); // nothing is known of it
    };
    if request.expect.is_refusal() {
        return Vec::new();
    }
    let problems = check_draft(&endpoint, catalog, &request.to_draft()).into_iter();
    let needed = problems.filter(|wrong| wrong.problem.is_missing());
    needed.map(|wrong| wrong.problem.path).collect()
}

/// The name of `request`, numbered where another request has it already.
fn free(
    saved: &SavedRequests,
    place: Place,
    request: &SavedRequest,
) -> Result<RequestName, Problem> {
    let mut name = request.name.clone();
    let mut number = 1;
    while saved.path(place, &name)?.exists() {
        let same = SavedRequest {
            name: name.clone(),
            ..request.clone()
        };
        if saved.load(Some(place), &name).is_ok_and(|old| old == same) {
            break; // it was taken over before
        }
        number += 1;
        name = request.name.numbered(number);
    }
    Ok(name)
}

/// Tells the forms apart by what they start with, and by the members that only one of them has.
fn read(name: &str, text: &str, catalog: &Catalog, file: &Path) -> Result<Import, Problem> {
    if !text.trim_start().starts_with(['{', '[']) {
        return Ok(curl_import::import(text, catalog, file.parent()));
    }
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        return Err(Problem::new(format!("{name}:{}: not JSON", error.line()))
            .because(error.to_string())
            .hint(match error.is_eof() {
                true => "it is cut off: export it again",
                false => "export it again, or mend it there",
            }));
    }
    let import = match text.contains("\"entries\"") {
        true => har_import::import(text, catalog),
        false => postman::import(text, catalog),
    };
    import.map_err(|problem| Problem {
        what: format!("{name}: {}", problem.what),
        hint: problem.hint.or(Some(KNOWN.into())),
        ..problem
    })
}
