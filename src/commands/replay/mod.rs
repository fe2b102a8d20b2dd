//! `astrascope replay`: sends saved requests again and holds the answers against what is expected of them.

mod choose;
mod report;
mod run;

use std::collections::HashSet;
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::anyhow;
use clap::{Args, ValueHint};
use clap_complete::{ArgValueCandidates, ArgValueCompleter};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::Semaphore;

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::rules;
use crate::adapters::files::saved::SavedRequests;
use crate::commands::complete;
use crate::commands::consent::Agreed;
use crate::commands::engine::Engine;
use crate::commands::files::RULES;
use crate::commands::output::{Colours, note, print, print_coloured};
use crate::commands::replay::choose::Found;
use crate::commands::replay::report::{Outcome, Stopped};
use crate::commands::replay::run::{Chosen, Terms};
use crate::commands::stop;
use crate::commands::target::Target;
use crate::config::Paths;
use crate::document::Rules;
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
    /// Test user to act for, whatever the requests say, by a part of the name; "all" is everybody, each with an answer of their own
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
    /// Agree beforehand to what this saved request writes on production, which asks otherwise; it may come more than once
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::requests))]
    yes: Vec<String>,
    #[command(flatten)]
    target: Target,
}

/// Sends the saved requests that the options name.
///
/// The exit code is 0 where all is as expected, 1 where something differs, 2 where something could not be sent, and that of
/// the signal where it was told to stop: what was answered until then is reported.
///
/// # Errors
/// When the configuration is wrong, or a name means nothing.
pub async fn run(profile: Option<&str>, options: &Options) -> anyhow::Result<ExitCode> {
    let paths = Paths::from(env::var_os("ASTRASCOPE_HOME"))?;
    let saved = SavedRequests::find(&paths.config, &env::current_dir()?);
    let found = choose::choose(&saved, &options.names)?;
    let agreed = Agreed::Named(choose::named(&saved, &found, &options.yes)?);
    let engine = Engine::start(&options.target, profile, agreed).await?;
    let mut calls = calls(found, &engine, options)?;
    let values = Values::new(engine, saved);
    let terms = Terms {
        rules: rules(&paths),
        is_updating: options.update,
        referred: referred(&mut calls, &values),
    };
    // On a thread that also sends: the one that called would have to be woken for each answer.
    let sending = send(values, calls, terms, options.clone());
    let (outcomes, stopped) = tokio::spawn(sending).await??;
    if options.json {
        print(format!("{:#}\n", report::json(&outcomes)))?;
    } else {
        print(report::summary(report::count(&outcomes)))?;
    }
    if let Some(file) = &options.junit {
        atomic::write(file, report::junit(&outcomes).as_bytes(), Access::Shared)?;
    }
    if let Some(code) = stopped {
        return Ok(ExitCode::from(code));
    }
    let count = report::count(&outcomes);
    Ok(match (count.failed, count.different) {
        (0, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::FAILURE,
        _ => ExitCode::from(COULD_NOT_RUN),
    })
}

/// One request for one user, and what the report calls it; or why it cannot be sent.
struct Call {
    name: String,
    chosen: anyhow::Result<Chosen>,
    who: Who,
}

/// Each request for whom the command line says, or else for whom its file says.
fn calls(found: Vec<Found>, engine: &Engine, options: &Options) -> anyhow::Result<Vec<Call>> {
    if options.user.as_deref() != Some(EVERYBODY) {
        let call = |found: Found| {
            let name = found.name.clone();
            let chosen = found.chosen().map_err(Into::into);
            let by_file = chosen.as_ref().ok().map(|chosen| &chosen.request.user);
            let who = options.user.clone().or_else(|| by_file.cloned().flatten());
            Call { name, chosen, who }
        };
        return Ok(found.into_iter().map(call).collect());
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
    let is_of_a_user = |chosen: &Chosen| {
        let endpoint = engine.called(&chosen.request.call);
        endpoint.is_ok_and(|endpoint| endpoint.auth == Auth::Bearer)
    };
    let mut calls = Vec::new();
    for found in found {
        let name = found.name.clone();
        match found.chosen() {
            Ok(chosen) if is_of_a_user(&chosen) => calls.extend(names.iter().map(|user| Call {
                name: format!("{name} ({user})"),
                chosen: Ok(chosen.clone()),
                who: Some(user.clone()),
            })),
            chosen => calls.push(Call {
                name,
                chosen: chosen.map_err(Into::into),
                who: None, // it is nobody's, or cannot be sent
            }),
        }
    }
    Ok(calls)
}

/// The names of the requests that `calls` refer to. A call that refers to itself by way of others cannot be sent.
fn referred(calls: &mut [Call], values: &Values<Engine>) -> HashSet<String> {
    let mut all = HashSet::new();
    for call in calls {
        let Ok(chosen) = &call.chosen else {
            continue; // there is nothing to send
        };
        if let Err(circle) = values.follow(&chosen.request, &mut all) {
            call.chosen = Err(circle);
        }
    }
    all
}

/// The rules of the program and the person's own; theirs are left out where they cannot be read, and that is told.
fn rules(paths: &Paths) -> Rules {
    let mut all = Rules::default();
    match rules::read(&paths.config.join(RULES)) {
        Ok(own) => own.into_iter().for_each(|rule| all.add(rule)),
        Err(problem) => note(format_args!(
            "your rules of comparing are left out: {problem}"
        )),
    }
    all
}

/// Sends `calls`, some at once, and tells of each in its turn; the exit code of the signal, where one stopped it.
async fn send(
    values: Values<Engine>,
    calls: Vec<Call>,
    terms: Terms,
    options: Options,
) -> anyhow::Result<(Vec<Outcome>, Option<u8>)> {
    let (values, terms) = (Arc::new(values), Arc::new(terms));
    let stop = stop::signal()?.boxed().shared();
    let widths = calls.iter().map(|call| measure::width(&call.name));
    let (columns, colours) = (
        widths.max().unwrap_or_default(),
        Colours::of_standard_output(),
    );
    // One that takes long keeps its turn, but not the others from theirs: they wait to be told of only.
    let (count, turns) = (calls.len(), Arc::new(Semaphore::new(options.jobs.into())));
    let started = calls.into_iter().map(|call| {
        let (values, terms, stop) = (Arc::clone(&values), Arc::clone(&terms), stop.clone());
        let turns = Arc::clone(&turns);
        async move {
            let _turn = turns.acquire().await;
            let Call { name, chosen, who } = call;
            if stop.peek().is_some() {
                let result = Err(Stopped.into());
                return Outcome { name, result };
            }
            let work = async move { run::run(&values, &chosen?, &who, &terms).await };
            let mut task = tokio::spawn(work);
            let result = tokio::select! {
                biased;
                result = &mut task => result.unwrap_or_else(|error| Err(error.into())), // it panicked
                _ = stop => {
                    task.abort();
                    Err(Stopped.into())
                }
            };
            Outcome { name, result }
        }
    });
    let mut results = futures_util::stream::iter(started).buffered(count);
    let mut outcomes = Vec::new();
    while let Some(outcome) = results.next().await {
        let is_silent = match outcome.word() {
            "stopped" => true, // the last line counts them
            "ok" => options.json || options.check,
            _ => options.json,
        };
        if !is_silent {
            print_coloured(report::lines(&outcome, columns, colours))?;
        }
        outcomes.push(outcome);
    }
    Ok((outcomes, stop.peek().copied()))
}
