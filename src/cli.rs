//! The command line: reads the arguments, picks the command, sets the exit code.

use std::env;
use std::path::PathBuf;
use std::process::{self, ExitCode};

use clap::error::ErrorKind;
use clap::{Arg, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueHint};
use clap_complete::{ArgValueCandidates, CompleteEnv};

use crate::commands::output::{note, written};
use crate::commands::target::Target;
use crate::commands::{
    self, complete, doctor, endpoints, export, history, import, listen, login, manual, replay,
    sandbox, send, status, stop,
};

/// A full-screen, keyboard-driven explorer for the Astra payments API, with a sandbox built in.
///
/// Without a command it opens a session: on the default profile of config.toml, on the built-in sandbox, or on a running one.
#[derive(Debug, Parser)]
#[command(name = "astrascope", version, about, max_term_width = 100)]
struct Arguments {
    /// Profile of config.toml to use; "built-in" is the sandbox inside this program
    #[arg(long, global = true, value_name = "NAME", add = ArgValueCandidates::new(complete::profiles))]
    profile: Option<String>,

    #[command(flatten)]
    target: Target,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Send one call and print the body of the answer
    ///
    /// On the built-in sandbox this needs no set-up: a test user is signed in by itself. The body of the answer goes to
    /// standard output, everything else to standard error. Exits with 0 for success, 1 for any other answer, 2 where no
    /// whole answer came.
    #[command(after_help = examples::SEND)]
    Send(send::Options),
    /// Send saved requests again, and tell what is not as expected
    ///
    /// Exits with 0 where all is as expected, 1 where something differs, 2 where something could not be sent.
    #[command(after_help = examples::REPLAY)]
    Replay(replay::Options),
    /// List what was sent, from sessions and commands alike
    #[command(after_help = examples::HISTORY)]
    History(history::Options),
    /// Write exchanges of the history as curl commands, HTTP archive, support bundle and the like
    #[command(after_help = examples::EXPORT)]
    Export(export::Options),
    /// Take requests over from a curl command, an HTTP archive or a Postman collection
    ///
    /// The requests are saved in .astrascope/requests/ of the project, or else beside the settings, in requests/. Their files
    /// are printed. Secrets become {{env.NAME}}.
    #[command(after_help = examples::IMPORT)]
    Import(import::Options),
    /// List the endpoints that can be called
    #[command(after_help = examples::ENDPOINTS)]
    Endpoints {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List the test users of the profile
    #[command(after_help = examples::USERS)]
    Users {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Sign a test user in and keep the tokens, for sessions and commands to come
    ///
    /// Opens Astra's hosted page in a browser and waits for the redirect, or for the redirect URL on standard input.
    #[command(after_help = examples::LOGIN)]
    Login(login::Login),
    /// Forget tokens, or every secret there is
    #[command(after_help = examples::LOGOUT)]
    Logout(login::Logout),
    /// Tell profile, keys and who is signed in
    #[command(after_help = examples::STATUS)]
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Look at everything that the program stands on, and tell what to mend
    ///
    /// Terminal, folders, every file of yours, keyring, hosts, clock. Exits with 1 where something has to be mended.
    #[command(after_help = examples::DOCTOR)]
    Doctor,
    /// Run a jq filter over standard input, for the Inspector
    #[command(hide = true)]
    FilterBody {
        /// The filter
        program: String,
    },
    /// Start the browser, without the secrets of the environment
    #[command(hide = true)]
    OpenPage {
        /// The page
        url: String,
    },
    /// Show a file, or what is piped in, as the Inspector shows an answer
    #[command(after_help = examples::VIEW)]
    View {
        /// File to show; - is standard input
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: String,
    },
    /// Run the built-in sandbox alone, for programs of your own
    #[command(after_help = examples::SANDBOX)]
    Sandbox(sandbox::Options),
    /// Show webhooks as they come, and whether their signature is good
    ///
    /// They are verified with the client secret of the profile, byte by byte as they come, and answered with 200. With --sandbox
    /// a running sandbox sends its own here, and stops at the end; Astra's reach this machine through a tunnel of yours. Ctrl-C
    /// ends it, with exit code 0.
    #[command(after_help = examples::LISTEN)]
    Listen(listen::Options),
    /// Print what makes a shell complete commands, options and names
    ///
    /// Names are those of profiles, test users, operations and saved requests, as they are at that moment.
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell
        #[arg(value_parser = manual::SHELLS)]
        shell: String,
    },
    /// Print the manual page, or write one for each command
    #[command(hide = true)]
    Man {
        /// Folder to write them to
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
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
    CompleteEnv::with_factory(command)
        .var(manual::COMPLETE_VARIABLE)
        .complete();
    let Arguments {
        profile,
        target,
        command: asked,
    } = parse();
    let profile = profile.as_deref();
    let result = match asked {
        None => commands::tui::run(&target, profile),
        Some(Command::Send(options)) => until_stopped(send::run(profile, &options)),
        Some(Command::Replay(options)) => block_on(replay::run(profile, &options)),
        Some(Command::History(options)) => done(history::run(&options)),
        Some(Command::Export(options)) => done(export::run(&options)),
        Some(Command::Import(options)) => done(import::run(&options)),
        Some(Command::Endpoints { json }) => done(endpoints::endpoints(json)),
        Some(Command::Users { json }) => done(status::users(profile, json)),
        Some(Command::Login(options)) => block_on(login::login(profile, &options)),
        Some(Command::Logout(options)) => done(login::logout(profile, &options)),
        Some(Command::Status { json }) => done(status::run(profile, json)),
        Some(Command::Doctor) => block_on(doctor::run(profile)),
        Some(Command::View { file }) => commands::view::run(&file),
        Some(Command::Sandbox(options)) => block_on(sandbox::run(&options)),
        Some(Command::Listen(options)) => block_on(listen::run(profile, &options)),
        Some(Command::FilterBody { program }) => commands::filter_body::run(&program),
        Some(Command::OpenPage { url }) => Ok(commands::open_page::run(&url)),
        Some(Command::Completions { shell }) => done(manual::completions(&shell)),
        Some(Command::Man { out }) => done(manual::man(command(), out.as_deref())),
        Some(Command::Screens { out }) => block_on(commands::screens::run(&out)),
    };
    result.unwrap_or_else(|error| {
        note(format_args!("{error:#}"));
        ExitCode::from(COULD_NOT_RUN)
    })
}

/// Commands that have nothing to do with a profile: it is not offered there, and refused.
const WITHOUT_PROFILE: [&str; 11] = [
    "history",
    "export",
    "import",
    "endpoints",
    "view",
    "sandbox",
    "completions",
    "filter-body",
    "open-page",
    "man",
    "screens",
];

/// All that the command line takes.
fn command() -> clap::Command {
    let hidden = || Arg::new("profile").long("profile").hide(true);
    let without =
        |all: clap::Command, name: &str| all.mut_subcommand(name, |command| command.arg(hidden()));
    WITHOUT_PROFILE
        .into_iter()
        .fold(Arguments::command(), without)
}

/// Reads the arguments, or says what is wrong with them.
fn parse() -> Arguments {
    let mut command = command();
    let matches = command
        .try_get_matches_from_mut(env::args_os())
        .unwrap_or_else(|error| end(&error));
    let name = matches.subcommand_name().unwrap_or_default();
    let is_of_no_use = WITHOUT_PROFILE.contains(&name) && {
        let own = matches.subcommand().map(|(_, own)| own);
        [Some(&matches), own]
            .into_iter()
            .flatten()
            .any(|matches| matches.contains_id("profile"))
    };
    if is_of_no_use {
        let words = format!("{name} has nothing to do with a profile");
        end(&command.error(ErrorKind::ArgumentConflict, words));
    }
    if !name.is_empty() && matches.contains_id("sandbox") {
        let words = format!("--sandbox stands behind a command that takes it: {name} …");
        end(&command.error(ErrorKind::ArgumentConflict, words));
    }
    Arguments::from_arg_matches(&matches).unwrap_or_else(|error| end(&error))
}

/// Ends the program with help, version or what is wrong with the arguments.
fn end(told: &clap::Error) -> ! {
    let code = match written(told.print()) {
        Ok(()) => told.exit_code(),
        Err(error) => {
            note(error);
            COULD_NOT_RUN.into()
        }
    };
    process::exit(code)
}

/// The exit code of a command that tells success only.
fn done(result: anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

/// Runs a command that waits for sockets. One thread does that best: the history has one of its own, and what two would share
/// costs more than they do at the same time.
fn block_on<T: Into<Ended>>(
    command: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(command).map(|ended| ended.into().0)
}

/// Runs a command until it ends, or is told to stop: what it has kept so far is written then.
fn until_stopped(
    command: impl Future<Output = anyhow::Result<ExitCode>>,
) -> anyhow::Result<ExitCode> {
    block_on(async {
        let stopped = stop::signal()?;
        tokio::select! {
            ended = command => ended,
            code = stopped => Ok(ExitCode::from(code)),
        }
    })
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

/// Lines that work, below the help of each command.
mod examples {
    pub(super) const SEND: &str = "\
Examples:
  astrascope send accounts.list --user grace -p limit=10
  astrascope send GET /v1/transfers -i
  astrascope send routines.create --data @routine.json
  jq '.amount = 5' routine.json | astrascope send POST /v1/routines -d - -H 'x-trace: 7'";
    pub(super) const REPLAY: &str = "\
Examples:
  astrascope replay                              all saved requests
  astrascope replay routines --jobs 8            a folder of them, eight at once
  astrascope replay accounts --user all          one request as every test user
  astrascope replay --check --junit report.xml   in CI
  astrascope replay accounts --update            what is answered is expected from now on";
    pub(super) const HISTORY: &str = "\
Examples:
  astrascope history --search grace
  astrascope history -n 1000 --json | jq '.[] | select(.status >= 400) | .url'";
    pub(super) const EXPORT: &str = "\
Examples:
  astrascope export curl                         the newest exchange
  astrascope export bundle --last 5 > ticket.md  to paste in a ticket
  astrascope export har 12 15 > calls.har        by their numbers in the history";
    pub(super) const IMPORT: &str = "\
Examples:
  astrascope import collection.json
  pbpaste | astrascope import -                  a curl command from the clipboard";
    pub(super) const ENDPOINTS: &str = "\
Examples:
  astrascope endpoints | grep routines
  astrascope endpoints --json | jq -r '.[] | select(.method == \"POST\") | .id'";
    pub(super) const LOGIN: &str = "\
Examples:
  astrascope login --profile astra               somebody new, in the browser
  astrascope login --user grace                  again, for who has signed in before
  astrascope login --secret-stdin < secret.txt   keeps the client secret";
    pub(super) const LOGOUT: &str = "\
Examples:
  astrascope logout --user grace
  astrascope logout --all                        and looks whether anything is left";
    pub(super) const STATUS: &str = "\
Examples:
  astrascope status
  astrascope status --json | jq -r .profile";
    pub(super) const USERS: &str = "\
Examples:
  astrascope users --profile astra
  astrascope users --json | jq -r '.[] | select(.is_signed_in) | .name'";
    pub(super) const DOCTOR: &str = "\
Examples:
  astrascope doctor                              files, folders and the default profile
  astrascope doctor --profile astra              and whether its hosts answer";
    pub(super) const VIEW: &str = "\
Examples:
  astrascope view answer.json
  astrascope send accounts.list | astrascope view -";
    pub(super) const SANDBOX: &str = "\
Examples:
  astrascope sandbox --port 8080
  astrascope --sandbox http://127.0.0.1:8080                    a session on it
  astrascope send user.get --sandbox http://127.0.0.1:8080
  astrascope sandbox --webhook-url http://127.0.0.1:9000/astra";
    pub(super) const LISTEN: &str = "\
Examples:
  astrascope listen --sandbox http://127.0.0.1:8080
  astrascope listen --sandbox http://127.0.0.1:8080 --answer 500    and see them come again
  astrascope listen --profile astra --port 9000 --json              behind a tunnel to port 9000";
    pub(super) const COMPLETIONS: &str = "\
Examples:
  astrascope completions bash > ~/.local/share/bash-completion/completions/astrascope
  astrascope completions zsh > \"${fpath[1]}/_astrascope\"
  astrascope completions fish > ~/.config/fish/completions/astrascope.fish";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }
}
