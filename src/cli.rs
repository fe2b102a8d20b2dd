//! The command line: reads the arguments, picks the command, sets the exit code.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands;

/// A full-screen, keyboard-driven explorer for the Astra payments API, with a sandbox built in.
///
/// Without a command it opens a session: on the default profile of config.toml, or on the built-in sandbox.
#[derive(Debug, Parser)]
#[command(name = "astrascope", version, about, max_term_width = 100)]
struct Arguments {
    /// Profile of config.toml to use; "built-in" is the sandbox inside this program
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the built-in sandbox alone, for programs of your own
    Sandbox {
        /// Port to listen on at 127.0.0.1; 0 takes any free one
        #[arg(long, value_name = "N", default_value_t = 0)]
        port: u16,
        /// The same seed makes the same users, accounts and keys
        #[arg(long, value_name = "N", default_value_t = 0)]
        seed: u64,
    },
    /// Show a file, or what is piped in, as the Inspector shows an answer
    View {
        /// File to show; - is standard input
        #[arg(value_name = "FILE")]
        file: String,
    },
    /// Draw the pictures of the README from the running program
    #[command(hide = true)]
    Screens {
        /// Folder to write them to
        #[arg(long, value_name = "DIR", default_value = "assets/screens")]
        out: PathBuf,
    },
}

/// Runs the command that the arguments ask for.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        None => commands::tui::run(arguments.profile.as_deref()),
        Some(Command::Sandbox { port, seed }) => block_on(commands::sandbox::run(port, seed)),
        Some(Command::View { file }) => commands::view::run(&file),
        Some(Command::Screens { out }) => block_on(commands::screens::run(&out)),
    };
    result.unwrap_or_else(|error| {
        // With standard error closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "astrascope: {error:#}");
        ExitCode::from(COULD_NOT_RUN)
    })
}

/// Runs a command that waits for sockets.
fn block_on(command: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(command).map(|()| ExitCode::SUCCESS)
}

/// Exit code of a command that could not run at all: wrong configuration, no terminal, no port.
const COULD_NOT_RUN: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
