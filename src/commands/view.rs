//! `astrascope view FILE|-`: the Inspector over the whole screen, on a file or on standard input; also as a pager in a pipe.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use tokio::sync::mpsc;

use crate::adapters::credentials::Credentials;
use crate::adapters::http::{Client, Options};
use crate::app::{Model, Msg, file};
use crate::catalog::Catalog;
use crate::commands::tui;
use crate::document::Document;
use crate::domain::{Body, Problem, Profile};
use crate::runtime::{Belongings, Effects, EventLoop, Tty};
use crate::ui::Screen;

/// Messages that may wait for the loop.
const CHANNEL: usize = 16;

/// Shows the file at `path`, or standard input for `-`. Where standard output is no terminal, the bytes go there as they are.
///
/// # Errors
/// When the file cannot be opened or copied, there is no terminal, or the terminal is lost.
pub fn run(path: &str) -> anyhow::Result<ExitCode> {
    let source = open(path)?;
    if !io::stdout().is_terminal() {
        return copy(source);
    }
    let screen = Screen::viewing(tui::keymap()?, tui::theme()?);
    let mut model = Model::new(Catalog::default(), Profile::built_in(), Vec::new());
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
        let msg = Msg::File(file::Msg::Ended(read(source)));
        // The session may have ended already.
        let _ = sender.blocking_send(msg);
    });
    let exit = runtime.block_on(event_loop.run(effects, messages));
    drop(event_loop); // the terminal is given back before anything is said
    runtime.shutdown_background();
    Ok(tui::exit_code(exit?))
}

type Source = Box<dyn Read + Send>;

fn open(path: &str) -> anyhow::Result<(Source, usize)> {
    if path == "-" {
        if io::stdin().is_terminal() {
            bail!(
                "standard input is a terminal, and there is nothing to show\nhint: name a file, or pipe something into it"
            );
        }
        return Ok((Box::new(io::stdin()), 0));
    }
    let file = File::open(path).with_context(|| format!("{path} cannot be opened"))?;
    let facts = file.metadata()?;
    if facts.is_dir() {
        bail!("{path} is a directory");
    }
    Ok((
        Box::new(file),
        usize::try_from(facts.len()).unwrap_or_default(),
    ))
}

/// All of it, indexed.
fn read((mut source, size): (Source, usize)) -> Result<Arc<Document>, Problem> {
    let mut bytes = Vec::with_capacity(size + 1);
    match source.read_to_end(&mut bytes) {
        Ok(_) => Ok(Arc::new(Document::parse(Body::new(bytes)))),
        Err(error) => Err(Problem::new("it cannot be read").because(error.to_string())),
    }
}

fn copy((mut source, _): (Source, usize)) -> anyhow::Result<ExitCode> {
    match io::copy(&mut source, &mut io::stdout().lock()) {
        Ok(_) => Ok(ExitCode::SUCCESS),
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.into()),
    }
}
