//! `astrascope replay`: sends saved requests again and holds the answers against what is expected of them.

mod choose;
mod report;
mod run;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::anyhow;
use clap::{Args, ValueHint};
use clap_complete::{ArgValueCandidates, ArgValueCompleter};
use futures_util::StreamExt as _;

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::saved::SavedRequests;
use crate::commands::complete;
use crate::commands::engine::{Engine, Target};
use crate::commands::output::{Colours, print};
use crate::commands::replay::report::Outcome;
use crate::commands::replay::run::Chosen;
use crate::config::Paths;
use crate::domain::Auth;
use crate::runtime::values::{Values, Who};
use crate::ui::widgets::measure;

/// Exit code where something could not be sent at all.
const COULD_NOT_RUN: u8 = 2;

/// More at once only wait for each other: neither the sandbox nor Astra answers so many faster.
const MOST_JOBS: i64 = 64;

/// The word for every test user there is.
const EVERYBODY: &str = "all";

/// What to send again, and how to report.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Names, files or folders of saved requests; all there are, if none is given
    #[arg(value_name = "NAME|FILE|DIR", add = ArgValueCompleter::new(complete::requests))]
    names: Vec<String>,
    /// Tell only what is not as expected
    #[arg(long, conflicts_with = "update")]
    check: bool,
    /// Take what is answered for what is expected from now on: mends expectations in the files, renews recorded answers
    ///
    /// A recorded answer is the file NAME.answer.json beside NAME.toml, without secrets. A request that expects nothing
    /// gets one. Comments in the files stay.
    #[arg(long)]
    update: bool,
    /// Test user to act for, whatever the requests say, by a part of the name; "all" is everybody, one after the other
    #[arg(short, long, value_name = "NAME", add = ArgValueCandidates::new(complete::users_and_all))]
    user: Option<String>,
    /// How many are sent at once; what another one refers to is sent first all the same
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=MOST_JOBS))]
    jobs: u16,
    /// Report as JSON
    #[arg(long)]
    json: bool,
    /// Also write a report as JUnit's XML, for CI
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    junit: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

/// Sends the saved requests that the options name.
///
/// The exit code is 0 where all is as expected, 1 where something differs, 2 where something could not be sent.
///
/// # Errors
/// When the configuration is wrong, or a named request cannot be read.
pub async fn run(profile: Option<&str>, options: &Options) -> anyhow::Result<ExitCode> {
    let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
    let saved = SavedRequests::find(&paths.config, &env::current_dir()?);
    let chosen = choose::choose(&saved, &options.names)?;
    let engine = Engine::start(&options.target, profile).await?;
    let calls = calls(chosen, &engine, options)?;
    let outcomes = send(Values::new(engine, saved), calls, options).await?;
    if options.json {
        print(format!("{:#}\n", report::json(&outcomes)))?;
    } else {
        print(report::summary(report::count(&outcomes)))?;
    }
    if let Some(file) = &options.junit {
        atomic::write(file, report::junit(&outcomes).as_bytes(), Access::Shared)?;
    }
    let count = report::count(&outcomes);
    Ok(match (count.failed, count.different) {
        (0, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::FAILURE,
        _ => ExitCode::from(COULD_NOT_RUN),
    })
}

/// One request for one user, and what the report calls it.
struct Call {
    name: String,
    chosen: Chosen,
    who: Who,
}

/// Each request for whom the command line says, or else for whom its file says.
fn calls(chosen: Vec<Chosen>, engine: &Engine, options: &Options) -> anyhow::Result<Vec<Call>> {
    if options.user.as_deref() != Some(EVERYBODY) {
        let call = |chosen: Chosen| Call {
            name: chosen.request.name.to_string(),
            who: options.user.clone().or_else(|| chosen.request.user.clone()),
            chosen,
        };
        return Ok(chosen.into_iter().map(call).collect());
    }
    if options.update {
        return Err(anyhow!(
            "--update takes the answers of one test user\nhint: name one with --user"
        ));
    }
    let names: Vec<_> = engine
        .users()
        .iter()
        .map(|user| user.name.clone())
        .collect();
    if names.is_empty() {
        return Err(anyhow!("no test users are known here"));
    }
    let mut calls = Vec::new();
    for chosen in chosen {
        if engine.called(&chosen.request.call)?.auth != Auth::Bearer {
            let name = chosen.request.name.to_string();
            let who = None; // it is nobody's
            calls.push(Call { name, chosen, who });
            continue;
        }
        calls.extend(names.iter().map(|user| Call {
            name: format!("{} ({user})", chosen.request.name),
            chosen: chosen.clone(),
            who: Some(user.clone()),
        }));
    }
    Ok(calls)
}

/// Sends `calls`, some at once, and tells of each in its turn.
async fn send(
    values: Values<Engine>,
    calls: Vec<Call>,
    options: &Options,
) -> anyhow::Result<Vec<Outcome>> {
    let values = Arc::new(values);
    let widths = calls.iter().map(|call| measure::width(&call.name));
    let (columns, colours) = (
        widths.max().unwrap_or_default(),
        Colours::of_standard_output(),
    );
    let is_updating = options.update;
    let started = calls.into_iter().map(|call| {
        let values = Arc::clone(&values);
        async move {
            let Call { name, chosen, who } = call;
            let work = async move { run::run(&values, &chosen, &who, is_updating).await };
            let result = tokio::spawn(work).await;
            let result = result.unwrap_or_else(|error| Err(error.into())); // it panicked
            Outcome { name, result }
        }
    });
    let mut results = futures_util::stream::iter(started).buffered(options.jobs.into());
    let mut outcomes = Vec::new();
    while let Some(outcome) = results.next().await {
        let is_silent = options.json || options.check && outcome.word() == "ok";
        if !is_silent {
            print(report::lines(&outcome, columns, colours))?;
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}
