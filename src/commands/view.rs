//! `astrascope view FILE|-`: the Inspector over the whole screen, on a file or on standard input; also as a pager in a pipe.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Stdin, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::adapters::credentials::Credentials;
use crate::adapters::http::{Client, Options};
use crate::adapters::intake::{Intake, IntakeError};
use crate::app::{Model, Msg, file};
use crate::catalog::Catalog;
use crate::commands::home::Home;
use crate::commands::output::written;
use crate::commands::tui;
use crate::document::Document;
use crate::domain::{BodyLimits, Problem, Profile, Progress};
use crate::runtime::{Arrivals, Belongings, Effects, EventLoop, Sight, Tty};
use crate::ui::Screen;

/// Messages that may wait for the loop.
const CHANNEL: usize = 16;

/// Bytes that are read at once.
const PIECE: usize = 256 << 10;

/// Shows the file at `path`, or standard input for `-`. Where standard output is no terminal, the bytes go there as they are.
///
/// # Errors
/// When the file cannot be opened or copied, there is no terminal, or the terminal is lost.
pub fn run(path: &str) -> anyhow::Result<ExitCode> {
    let source = open(path)?;
    let limits = Home::open()?.settings.bodies;
    if !io::stdout().is_terminal() {
        return copy(source);
    }
    let screen = Screen::viewing(tui::keymap()?, tui::theme()?);
    let mut model = Model::new(Catalog::default(), Profile::built_in(), Vec::new());
    let kind = kind_of(path);
    let name = if path == "-" { "standard input" } else { path };
    model.file = Some(file::File::named(name));
    // Keys come from the terminal itself where standard input is a pipe.
    let mut event_loop = EventLoop::new(Tty::open()?, model, screen);
    event_loop.draw()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let (sender, messages) = mpsc::channel(CHANNEL);
    let nothing =
        |_: &Profile| Belongings::new(Client::new(Options::default()), Credentials::new());
    let effects = Effects::new(
        &Profile::built_in(),
        Box::new(nothing),
        None,
        sender.clone(),
    );
    runtime.spawn_blocking(move || {
        let result = read(source, kind, limits, &sender);
        // The session may have ended already.
        let _ = sender.blocking_send(Msg::File(file::Msg::Ended(result)));
    });
    let exit = runtime.block_on(event_loop.run(effects, messages));
    drop(event_loop); // the terminal is given back before anything is said
    runtime.shutdown_background();
    Ok(tui::exit_code(exit?))
}

/// Bytes to show.
enum Source {
    File(File),
    /// Whoever writes into it may take their time.
    Pipe(Stdin),
}

fn open(path: &str) -> anyhow::Result<Source> {
    if path == "-" {
        if io::stdin().is_terminal() {
            bail!(
                "standard input is a terminal, and there is nothing to show\nhint: name a file, or pipe something into it"
            );
        }
        return Ok(Source::Pipe(io::stdin()));
    }
    let file = File::open(path).with_context(|| format!("{path} cannot be opened"))?;
    if file.metadata()?.is_dir() {
        bail!("{path} is a directory");
    }
    Ok(Source::File(file))
}

/// The content type that the name of a file tells, where its bytes do not.
fn kind_of(path: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 4] = [
        (".csv", "text/csv"),
        (".tsv", "text/tab-separated-values"),
        (".ndjson", "application/x-ndjson"),
        (".jsonl", "application/x-ndjson"),
    ];
    let path = path.to_ascii_lowercase();
    let kind = KINDS.iter().find(|(ending, _)| path.ends_with(ending));
    kind.map(|(_, kind)| *kind)
}

impl Source {
    /// Number of bytes, where that is known.
    fn len(&self) -> Option<usize> {
        match self {
            Self::File(file) => {
                let len = file.metadata().ok()?.len(); // of a pipe with a name there is none
                usize::try_from(len).ok().filter(|len| *len > 0)
            }
            Self::Pipe(_) => None,
        }
    }

    /// Whether the next piece is there, or comes within a moment. A file on a disk keeps nobody waiting.
    #[cfg(unix)]
    fn is_ready(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        /// When no byte has come for so long, what there is is shown.
        const MOMENT: std::time::Duration = std::time::Duration::from_millis(100);
        let mut ends = [match self {
            Self::File(file) => PollFd::new(file, PollFlags::IN),
            Self::Pipe(pipe) => PollFd::new(pipe, PollFlags::IN),
        }];
        let moment = Timespec::try_from(MOMENT).ok();
        !matches!(poll(&mut ends, moment.as_ref()), Ok(0))
    }

    /// Elsewhere it is waited for: what has come is shown when more comes.
    #[cfg(not(unix))]
    fn is_ready(&self) -> bool {
        true
    }
}

impl Read for Source {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(bytes),
            Self::Pipe(pipe) => pipe.read(bytes),
        }
    }
}

/// All of it, indexed; what has come is shown on the way.
fn read(
    mut source: Source,
    kind: Option<&str>,
    limits: BodyLimits,
    messages: &mpsc::Sender<Msg>,
) -> Result<Arc<Document>, Problem> {
    let began = Instant::now();
    let mut progress = Progress {
        expected: source.len(),
        ..Progress::default()
    };
    let mut intake = Intake::new(progress.expected.unwrap_or(0), limits);
    let mut arrivals = Arrivals::new(limits.memory);
    let mut piece = vec![0; PIECE];
    loop {
        if source.is_ready() {
            let count = match source.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    return Err(Problem::new("it cannot be read").because(error.to_string()));
                }
            };
            let taken = intake.push(piece.get(..count).unwrap_or_default());
            taken.map_err(|error| not_taken(&error))?;
        }
        progress.received = intake.len();
        progress.elapsed = began.elapsed();
        if let Some(Sight(document)) = arrivals.look(progress, &intake, kind) {
            let msg = file::Msg::Read { progress, document };
            // A loop that is too busy to be told will be told more at the next look.
            if let Err(TrySendError::Closed(_)) = messages.try_send(Msg::File(msg)) {
                break; // nobody looks any more
            }
        }
    }
    let body = intake.finish().map_err(|error| not_taken(&error))?;
    Ok(Arc::new(arrivals.finish(body).made_readable(kind)))
}

fn not_taken(error: &IntakeError) -> Problem {
    Problem::new("it is too large to be shown")
        .because(error.to_string())
        .hint("see [bodies] in config.toml; larger than 4 GiB, nothing is shown")
}

fn copy(mut source: Source) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    written(io::copy(&mut source, &mut out).and_then(|_| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}
