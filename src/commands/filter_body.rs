//! `astrascope filter-body PROGRAM`: runs a jq program over standard input, for the session, which can end it at any time.

use std::io::{self, BufWriter, Read, Write};
use std::process;

use anyhow::{Context, anyhow};

use crate::document::{Filter, Ran, RunError, with_stack};

/// A document of a hundred thousand levels is read by recursion. Of a stack only what is used takes memory.
const STACK: usize = 1 << 30;
/// A filter that takes more memory is ended, before the machine is.
#[cfg(unix)]
const MOST_MEMORY: u64 = 8 << 30;

/// Runs `program`. Tells on standard error how many results there are, and on the next line why there are no more.
///
/// # Errors
/// When standard input cannot be read, or `program` is none.
pub fn run(program: &str) -> anyhow::Result<process::ExitCode> {
    limit();
    let mut text = Vec::new();
    io::stdin()
        .read_to_end(&mut text)
        .context("standard input cannot be read")?;
    let ended = with_stack(STACK, || {
        let filter = Filter::parse(program)?;
        let mut out = BufWriter::new(io::stdout());
        let (ran, ended) = filter.run(&text, &mut out);
        let ended = ended.and(out.flush().map_err(RunError::from));
        tell(ran, ended);
        // Freeing what was read takes as long as reading it, and may need the stack once more.
        process::exit(0)
    });
    match ended {
        Some(result) => result,
        None => Err(anyhow!("there is not enough memory to run the filter")),
    }
}

fn tell(ran: Ran, ended: Result<(), RunError>) {
    let reason = match ended {
        Ok(()) => String::new(),
        Err(RunError::Failed(reason)) => reason,
        Err(RunError::Output(error)) => error.to_string(),
    };
    // Whoever asked is gone.
    let _ = writeln!(io::stderr(), "{}\n{reason}", ran.results);
}

#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::As);
    let most = limit.maximum.unwrap_or(MOST_MEMORY).min(MOST_MEMORY);
    limit.current = Some(most);
    let _ = setrlimit(Resource::As, limit); // without a limit it can still be ended by hand
}

#[cfg(not(unix))]
fn limit() {}
