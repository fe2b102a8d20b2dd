//! Puts bodies through programs. A jq filter runs in a process of its own, too: it may take for ever, or all memory.

use std::io;

use tokio::process::Command;

use crate::adapters::credentials::hide_secrets;
use crate::adapters::this_program;
use crate::app::Msg;
use crate::app::transform::{self, Ending, Made, Program};
use crate::document::Document;
use crate::domain::{Body, JobId, Problem};
use crate::runtime::effects::Tools;
use crate::runtime::effects::calls::index;
use crate::runtime::effects::children::{self, Finished};

use std::sync::Arc;

/// The command of this program that runs a filter.
pub const FILTER_COMMAND: &str = "filter-body";

/// Runs `program` on the bytes of `source`.
pub(super) async fn run(tools: Tools, job: JobId, source: Arc<Document>, program: Program) {
    let body = source.body().clone();
    let result = match program {
        Program::Filter(text) => filter(&text, body).await,
        Program::Command(line) => command(&line, body).await,
    };
    tools
        .report(Msg::Transform(transform::Msg::Ended { job, result }))
        .await;
}

async fn command(line: &str, body: Body) -> Result<Made, Problem> {
    let command = shell(line);
    let done = children::run(command, body).await.map_err(|error| {
        Problem::new("the command could not be started").because(error.to_string())
    })?;
    let ending = Ending::Exit(done.status.code());
    Ok(made(done, ending).await)
}

/// The shell with `line`, and without the secrets of the environment.
fn shell(line: &str) -> Command {
    let (program, option) = match cfg!(windows) {
        true => ("cmd", "/C"),
        false => ("sh", "-c"),
    };
    let mut command = Command::new(program);
    command.args([option, line]);
    hide_secrets(command.as_std_mut());
    command
}

async fn filter(text: &str, body: Body) -> Result<Made, Problem> {
    let mut command = Command::new(this_program::path().map_err(|error| not_run(&error))?);
    command.args([FILTER_COMMAND, "--", text]).env_clear();
    #[cfg(windows)]
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    let done = children::run(command, body)
        .await
        .map_err(|error| not_run(&error))?;
    // Its first line tells how many results there are, the rest why there are no more.
    let (count, said) = done.said.split_once('\n').unwrap_or_default();
    let (count, said) = (count.parse(), said.trim_end().to_owned());
    match count {
        Ok(count) => {
            let ending = Ending::Results(count);
            Ok(made(Finished { said, ..done }, ending).await)
        }
        Err(_) if done.is_cut => Ok(made(
            Finished {
                said: String::new(),
                ..done
            },
            Ending::Results(0),
        )
        .await),
        Err(_) => Err(Problem::new("the filter was ended before it was done")
            .because("it took too much memory, or called itself without end")),
    }
}

fn not_run(error: &io::Error) -> Problem {
    Problem::new("the filter could not be run").because(error.to_string())
}

async fn made(done: Finished, ending: Ending) -> Made {
    let (document, _) = index(Body::new(done.output), None, None).await;
    Made {
        document,
        ending,
        said: done.said.trim_end().to_owned(),
        is_cut: done.is_cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_gets_no_secret_of_the_environment() {
        let command = shell("true");
        let removed = command
            .as_std()
            .get_envs()
            .filter(|(_, value)| value.is_none());
        let removed: Vec<_> = removed.map(|(name, _)| name).collect();
        for name in ["ASTRASCOPE_CLIENT_SECRET", "ASTRASCOPE_ACCESS_TOKEN"] {
            assert!(removed.contains(&name.as_ref()), "{name}");
        }
    }
}
