//! The command line: reads the arguments, picks the command, sets the exit code.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::engine::Target;
use crate::commands::{self, endpoints, import, replay, send};

/// A full-screen, keyboard-driven explorer for the Astra payments API, with a sandbox built in.
///
/// Without a command it opens a session: on the default profile of config.toml, or on the built-in sandbox.
#[derive(Debug, Parser)]
#[command(name = "astrascope", version, about, max_term_width = 100)]
struct Arguments {
    /// Profile of config.toml to use; "built-in" is the sandbox inside this program
    #[arg(long, global = true, value_name = "NAME")]
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
    /// Send one call and print the body of the answer
    ///
    /// On the built-in sandbox this needs no set-up: a test user is signed in by itself.
    Send {
        /// An endpoint of the catalogue (accounts.list), or a method before a path
        #[arg(value_name = "ID|METHOD")]
        what: String,
        /// The path, after a method: GET /v1/accounts
        path: Option<String>,
        /// A part of the path, a query parameter, or a field of the body
        #[arg(short, long = "param", value_name = "NAME=VALUE")]
        parameters: Vec<String>,
        /// The body: JSON, @FILE, or @- for standard input
        #[arg(long, value_name = "JSON")]
        data: Option<String>,
        /// Test user to act for, by a part of the name; the first one if not given
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
        /// Tell request, status and headers on standard error
        #[arg(short, long)]
        include: bool,
        /// A running "astrascope sandbox" to send to
        #[arg(long, value_name = "URL")]
        sandbox: Option<String>,
    },
    /// Send saved requests again, and tell what is not as expected
    ///
    /// Exits with 0 where all is as expected, 1 where something differs, 2 where something could not be sent.
    Replay {
        /// Names, files or folders of saved requests; all there are, if none is given
        #[arg(value_name = "NAME|FILE|DIR")]
        names: Vec<String>,
        /// Test user to act for, whatever the requests say
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
        /// Report as JSON
        #[arg(long)]
        json: bool,
        /// A running "astrascope sandbox" to send to
        #[arg(long, value_name = "URL")]
        sandbox: Option<String>,
    },
    /// Take requests over from a curl command, an HTTP archive or a Postman collection
    Import {
        /// The file
        file: PathBuf,
    },
    /// List the endpoints that can be called
    Endpoints {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List the test users of the built-in sandbox
    Users,
    /// Run a jq filter over standard input, for the Inspector
    #[command(hide = true)]
    FilterBody {
        /// The filter
        program: String,
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
        Some(Command::Send {
            what,
            path,
            parameters,
            data,
            user,
            include,
            sandbox,
        }) => {
            let target = Target {
                profile: arguments.profile,
                sandbox,
            };
            let request = send::Request {
                what,
                path,
                parameters,
                data,
                user,
                include,
            };
            block_on(send::run(&target, &request))
        }
        Some(Command::Replay {
            names,
            user,
            json,
            sandbox,
        }) => {
            let target = Target {
                profile: arguments.profile,
                sandbox,
            };
            block_on(replay::run(&target, &names, user.as_deref(), json))
        }
        Some(Command::Import { file }) => import::run(&file).map(|()| ExitCode::SUCCESS),
        Some(Command::Endpoints { json }) => endpoints::endpoints(json).map(|()| ExitCode::SUCCESS),
        Some(Command::Users) => endpoints::users().map(|()| ExitCode::SUCCESS),
        Some(Command::FilterBody { program }) => commands::filter_body::run(&program),
        Some(Command::Screens { out }) => block_on(commands::screens::run(&out)),
    };
    result.unwrap_or_else(|error| {
        // With standard error closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "astrascope: {error:#}");
        ExitCode::from(COULD_NOT_RUN)
    })
}

/// Runs a command that waits for sockets.
fn block_on<T: Into<Ended>>(
    command: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(command).map(|ended| ended.into().0)
}

/// How a command ended, for those that tell more than success.
struct Ended(ExitCode);

impl From<()> for Ended {
    fn from((): ()) -> Self {
        Self(ExitCode::SUCCESS)
    }
}

impl From<ExitCode> for Ended {
    fn from(code: ExitCode) -> Self {
        Self(code)
    }
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
