//! The loop: waits, updates, starts effects, draws once. Decides nothing.

use std::io;
use std::time::Duration;

use crossterm::event::Event;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;

use crate::adapters::editor::Editing;
use crate::app::{Desktop, Effect, Env, Model, Msg, update, wakeup};
use crate::catalog::Catalog;
use crate::domain::{Body, Problem, Timestamp};
use crate::runtime::signals::{Request, Signals};
use crate::runtime::{Console, Effects, clock};
use crate::ui::Screen;

/// Longest piece of a message in the log.
const LONGEST_KIND: usize = 40;

/// Messages taken from jobs at once, between two frames.
const BATCH: usize = 256;

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By the person.
    Quit,
    /// By a signal, of this number.
    Signal(u8),
}

/// A session in a console.
pub struct EventLoop<C> {
    console: C,
    model: Model,
    screen: Screen,
    zone: TimeZone,
    now: fn() -> Timestamp,
    /// Whether another program had the keys since the last look at the signals.
    has_lent_terminal: bool,
}

impl<C: Console> EventLoop<C> {
    /// A session that shows `model`.
    pub fn new(console: C, model: Model, screen: Screen) -> Self {
        Self {
            console,
            model,
            screen,
            zone: TimeZone::UTC,
            now: clock::now,
            has_lent_terminal: false,
        }
    }

    /// Tells of something that went wrong before the session began.
    pub fn warn(&mut self, problem: &Problem) {
        let env = Env { now: (self.now)() };
        update(&mut self.model, Msg::warning(problem.to_string()), env);
    }

    /// Tells the session which endpoints there are.
    pub fn set_catalog(&mut self, catalog: Catalog) {
        self.model.catalog = catalog;
        let environment = self.model.profiles.current.environment;
        self.model.catalog.adapt(environment);
    }

    /// Shows the present state.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self) -> io::Result<()> {
        let Self {
            console,
            model,
            screen,
            zone,
            now,
            ..
        } = self;
        console.draw(|frame| screen.draw(frame, model, now(), zone))
    }

    /// Runs until the person or a signal ends the session.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub async fn run(
        &mut self,
        mut effects: Effects,
        mut messages: mpsc::Receiver<Msg>,
    ) -> io::Result<Exit> {
        self.zone = clock::zone();
        effects.know(&self.model.catalog);
        let exit = self.turn(&mut effects, &mut messages).await;
        effects.finish().await;
        exit
    }

    async fn turn(
        &mut self,
        effects: &mut Effects,
        messages: &mut mpsc::Receiver<Msg>,
    ) -> io::Result<Exit> {
        let mut signals = Signals::open()?;
        let mut batch = Vec::new();
        while !self.model.quit {
            let sleep = wakeup::next(&self.model, (self.now)()).map(|due| due.since((self.now)()));
            let msgs = tokio::select! {
                _ = messages.recv_many(&mut batch, BATCH) => std::mem::take(&mut batch),
                event = self.console.next_event() => match event {
                    Some(event) => self.input(&event?),
                    None => return Ok(Exit::Signal(1)), // the terminal hung up
                },
                signal = signals.next() => match signal {
                    Request::End(number) => return Ok(Exit::Signal(number)),
                    Request::Suspend => vec![Msg::Desktop(Desktop::Suspend)],
                },
                (job, problem) = effects.next_crash() => vec![Msg::Crashed { job, problem }],
                () = due(sleep) => vec![Msg::Woke],
            };
            for msg in msgs {
                self.carry_out(msg, effects)?;
            }
            if std::mem::take(&mut self.has_lent_terminal) {
                signals.forget_keys()?;
            }
            for msg in self.screen.follow(&self.model) {
                self.carry_out(msg, effects)?;
            }
            self.draw()?;
        }
        Ok(Exit::Quit)
    }

    fn input(&mut self, event: &Event) -> Vec<Msg> {
        self.screen.input(event, &self.model)
    }

    fn carry_out(&mut self, msg: Msg, effects: &mut Effects) -> io::Result<()> {
        tracing::debug!(msg = kind(&msg));
        let env = Env { now: (self.now)() };
        for effect in update(&mut self.model, msg, env) {
            match effect {
                Effect::Desktop(Desktop::Suspend) => {
                    if !self.console.suspend()? {
                        let notice = Msg::warning("No shell could continue this program: q quits");
                        update(&mut self.model, notice, env);
                    }
                }
                Effect::Desktop(Desktop::Copy { text, what }) => {
                    self.console.copy(&text)?;
                    let notice = Msg::notice(format!("{what} sent to the terminal's clipboard"));
                    update(&mut self.model, notice, env);
                }
                Effect::Desktop(Desktop::EditBody(text)) => {
                    let msg = self.edit(&text)?;
                    let now = (self.now)(); // editing may have taken hours
                    update(&mut self.model, msg, Env { now });
                }
                effect => effects.start(effect),
            }
        }
        Ok(())
    }

    /// Gives the terminal to the person's editor, and tells what became of `text`.
    fn edit(&mut self, text: &Body) -> io::Result<Msg> {
        let editing = match Editing::start(text) {
            Ok(editing) => editing,
            Err(problem) => return Ok(Msg::warning(problem.to_string())),
        };
        let ended = self.console.run(&mut editing.command())?;
        self.has_lent_terminal = true;
        Ok(match editing.finish(ended) {
            Ok(text) => Msg::body_edited(text),
            Err(problem) => Msg::warning(problem.to_string()),
        })
    }
}

/// The words of a message without what it carries: an answer may repeat a secret in any place.
fn kind(msg: &Msg) -> String {
    let text = format!("{msg:?}");
    let is_word = |c: char| c.is_alphanumeric() || c == '(';
    text.chars()
        .take_while(|c| is_word(*c))
        .take(LONGEST_KIND)
        .collect()
}

async fn due(sleep: Option<Duration>) {
    match sleep {
        Some(sleep) => tokio::time::sleep(sleep).await,
        None => std::future::pending().await,
    }
}
