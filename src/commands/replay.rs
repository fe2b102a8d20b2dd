//! `astrascope replay`: sends saved requests again and holds the answers against what is expected of them.

use std::env;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::anyhow;
use serde_json::json;

use crate::adapters::files::read_optional;
use crate::adapters::files::saved::{SavedRequests, read};
use crate::catalog::{Failure, check_expectations};
use crate::commands::engine::{Engine, Target};
use crate::commands::values::Values;
use crate::config::Paths;
use crate::document::Document;
use crate::domain::{RequestName, SavedRequest};

/// Exit code where something could not be sent at all.
const COULD_NOT_RUN: u8 = 2;

/// The status to expect of what nothing is known of.
const OK: u16 = 200;

/// What became of one request.
struct Outcome {
    name: String,
    result: anyhow::Result<Run>,
}

/// An answer, held against its expectations.
struct Run {
    status: u16,
    milliseconds: u128,
    request_id: Option<String>,
    failures: Vec<Failure>,
}

/// Sends the saved requests that `names` name: by name, by file, or all in a folder; all there are, if none is named.
///
/// The exit code is 0 where all is as expected, 1 where something differs, 2 where something could not be sent.
///
/// # Errors
/// When the configuration is wrong, or a named request cannot be read.
pub async fn run(
    target: &Target,
    names: &[String],
    user: Option<&str>,
    as_json: bool,
) -> anyhow::Result<ExitCode> {
    let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
    let saved = SavedRequests::find(&paths.config, &env::current_dir()?);
    let requests = choose(&saved, names)?;
    let engine = Engine::start(target).await?;
    let mut outcomes = Vec::new();
    for request in requests {
        let name = request.name.to_string();
        let result = replay(&engine, &saved, &request, user).await;
        outcomes.push(Outcome { name, result });
        if !as_json && let Some(outcome) = outcomes.last() {
            tell(&mut io::stdout().lock(), outcome).or_else(ignore_closed_pipe)?;
        }
    }
    if as_json {
        writeln!(io::stdout().lock(), "{:#}", report(&outcomes)).or_else(ignore_closed_pipe)?;
    }
    let differs = |outcome: &Outcome| {
        outcome
            .result
            .as_ref()
            .is_ok_and(|run| !run.failures.is_empty())
    };
    Ok(
        match (
            outcomes.iter().any(|outcome| outcome.result.is_err()),
            outcomes.iter().any(differs),
        ) {
            (true, _) => ExitCode::from(COULD_NOT_RUN),
            (false, true) => ExitCode::FAILURE,
            (false, false) => ExitCode::SUCCESS,
        },
    )
}

/// Whoever reads has read enough.
fn ignore_closed_pipe(error: io::Error) -> io::Result<()> {
    match error.kind() {
        ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    }
}

fn choose(saved: &SavedRequests, names: &[String]) -> anyhow::Result<Vec<SavedRequest>> {
    let listing = saved.list();
    if let Some(broken) = listing.broken.first() {
        return Err(broken.problem.clone().into());
    }
    let all: Vec<_> = listing
        .requests
        .into_iter()
        .map(|(_, request)| request)
        .collect();
    if names.is_empty() {
        return match all.is_empty() {
            false => Ok(all),
            true => Err(anyhow!(
                "there are no saved requests\nhint: write one into .astrascope/requests/, see the README"
            )),
        };
    }
    let mut chosen = Vec::new();
    for name in names {
        let path = Path::new(name);
        let folder = format!("{}/", name.trim_end_matches('/'));
        let inside: Vec<_> = all
            .iter()
            .filter(|request| {
                request.name.as_str() == name || request.name.as_str().starts_with(&folder)
            })
            .cloned()
            .collect();
        if !inside.is_empty() {
            chosen.extend(inside);
        } else if let Some(text) = read_optional(path)? {
            let base = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or("request");
            chosen.push(read(name, RequestName::from_words([base]), &text)?);
        } else {
            return Err(anyhow!("no saved request, file or folder is called {name}"));
        }
    }
    Ok(chosen)
}

async fn replay(
    engine: &Engine,
    saved: &SavedRequests,
    request: &SavedRequest,
    user: Option<&str>,
) -> anyhow::Result<Run> {
    let user = user.or(request.user.as_deref());
    let mut values = Values::new(engine, saved, user.map(ToOwned::to_owned));
    let filled = values.fill(request).await?;
    let draft = filled.to_draft();
    let endpoint = engine.called(&draft.call)?;
    let response = engine.send(draft, user).await?.response;
    let document = Document::parse(response.body.clone());
    let mut expected = request.expect.clone();
    if expected.is_empty() {
        // What the documentation promises is the least; where there is none, any success will do.
        expected.status = Some(match endpoint.success {
            0 if response.is_success() => response.status,
            0 => OK,
            documented => documented,
        });
    }
    Ok(Run {
        status: response.status,
        milliseconds: response.timing.total.as_millis(),
        request_id: response.request_id().map(ToOwned::to_owned),
        failures: check_expectations(
            &expected,
            &response,
            &document,
            Some((&endpoint, engine.catalog())),
        ),
    })
}

fn tell(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let name = &outcome.name;
    match &outcome.result {
        Ok(run) => {
            let word = if run.failures.is_empty() {
                "ok"
            } else {
                "differs"
            };
            writeln!(
                out,
                "{word:8} {name}  {} in {} ms",
                run.status, run.milliseconds
            )?;
            for failure in &run.failures {
                writeln!(out, "         {failure}")?;
            }
            match (&run.request_id, run.failures.is_empty()) {
                (Some(id), false) => writeln!(out, "         request-id {id}"),
                _ => Ok(()),
            }
        }
        Err(error) => writeln!(out, "{:8} {name}  {error:#}", "failed"),
    }
}

fn report(outcomes: &[Outcome]) -> serde_json::Value {
    let entry = |outcome: &Outcome| match &outcome.result {
        Ok(run) => json!({
            "name": outcome.name,
            "ok": run.failures.is_empty(),
            "status": run.status,
            "milliseconds": u64::try_from(run.milliseconds).unwrap_or(u64::MAX),
            "request_id": run.request_id,
            "failures": run.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }),
        Err(error) => json!({ "name": outcome.name, "ok": false, "error": format!("{error:#}") }),
    };
    outcomes.iter().map(entry).collect()
}
