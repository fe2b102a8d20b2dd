//! What a program makes of a body: a jq filter, or a command of the shell. Asked for, running, ended, stopped; and the
//! programs that were used before.

use std::sync::Arc;

use crate::app::{self, Model, Outbox};
use crate::document::Document;
use crate::domain::{JobId, Problem};

/// Programs of each kind that are remembered.
const REMEMBERED: usize = 20;

/// What a body is put through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// A program of the language jq.
    Filter(String),
    /// A line for the shell.
    Command(String),
}

/// A body on its way through a program, or through it.
#[derive(Clone, Debug, PartialEq)]
pub struct Transform {
    /// The job that carries it out.
    pub job: JobId,
    /// The body.
    pub source: Arc<Document>,
    /// The program.
    pub program: Program,
    /// What it came to, once it has ended.
    pub ended: Option<Result<Made, Problem>>,
}

/// What came out of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// What it wrote.
    pub document: Arc<Document>,
    /// How it ended.
    pub ending: Ending,
    /// What it complained of.
    pub said: String,
    /// Whether it wrote more than is kept, and was ended for that.
    pub is_cut: bool,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A filter, with so many results.
    Results(usize),
    /// A command, with this status; none if it was killed.
    Exit(Option<i32>),
}

/// The body that is on its way, and what was used before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transforms {
    /// The newest one.
    pub current: Option<Transform>,
    /// Filters that were used, the newest last.
    pub filters: Vec<String>,
    /// Commands that were used, the newest last.
    pub commands: Vec<String>,
}

/// What may happen to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Put this body through this program; what runs is stopped.
    Start {
        /// The body.
        source: Arc<Document>,
        /// The program.
        program: Program,
    },
    /// Offer this program again.
    Remember(Program),
    /// A program ended.
    Ended {
        /// Which one.
        job: JobId,
        /// What it came to.
        result: Result<Made, Problem>,
    },
    /// Nobody wants to see it any more.
    Stop,
}

/// What has to be done for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Put this body through this program.
    Run {
        /// Answer with this.
        job: JobId,
        /// The body.
        source: Arc<Document>,
        /// The program.
        program: Program,
    },
}

impl Program {
    /// As it was typed.
    pub fn text(&self) -> &str {
        match self {
            Self::Filter(text) | Self::Command(text) => text,
        }
    }
}

impl Transforms {
    /// Whether a program runs.
    pub fn is_busy(&self) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|transform| transform.ended.is_none())
    }

    /// What came, or will come, of putting `source` through `program`.
    pub fn of(&self, source: &Arc<Document>, program: &Program) -> Option<&Transform> {
        let is_it = |it: &&Transform| Arc::ptr_eq(&it.source, source) && it.program == *program;
        self.current.as_ref().filter(is_it)
    }

    fn remember(&mut self, program: Program) {
        let (list, text) = match program {
            Program::Filter(text) => (&mut self.filters, text),
            Program::Command(text) => (&mut self.commands, text),
        };
        list.retain(|known| *known != text);
        list.push(text);
        let surplus = list.len().saturating_sub(REMEMBERED);
        list.drain(..surplus);
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    match msg {
        Msg::Start { source, program } => {
            stop(model, out);
            let job = model.new_job();
            model.transforms.current = Some(Transform {
                job,
                source: Arc::clone(&source),
                program: program.clone(),
                ended: None,
            });
            out.effect(app::Effect::Transform(Effect::Run {
                job,
                source,
                program,
            }));
        }
        Msg::Remember(program) => model.transforms.remember(program),
        Msg::Ended { job, result } => ended(model, job, result),
        Msg::Stop => {
            stop(model, out);
            model.transforms.current = None;
        }
    }
}

/// A program ended by a defect of this one.
pub(crate) fn crashed(model: &mut Model, job: JobId, problem: &Problem) {
    ended(model, job, Err(problem.clone()));
}

fn ended(model: &mut Model, job: JobId, result: Result<Made, Problem>) {
    let current = model.transforms.current.as_mut();
    // The result of one that was stopped meanwhile belongs to nothing.
    if let Some(transform) = current.filter(|transform| transform.job == job) {
        transform.ended = Some(result);
    }
}

fn stop(model: &Model, out: &mut Outbox) {
    let current = model.transforms.current.as_ref();
    if let Some(transform) = current.filter(|transform| transform.ended.is_none()) {
        out.effect(app::Effect::Cancel(transform.job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Session;

    fn filter(text: &str) -> Program {
        Program::Filter(text.into())
    }

    fn start(session: &mut Session, text: &str) -> JobId {
        let source = Arc::new(Document::parse("[1]".into()));
        let program = filter(text);
        session.send(app::Msg::Transform(Msg::Start { source, program }));
        session.model.transforms.current.as_ref().unwrap().job
    }

    #[test]
    fn a_new_program_stops_the_one_that_runs_and_its_late_result_is_ignored() {
        let mut session = Session::new();
        let first = start(&mut session, ".a");
        let second = start(&mut session, ".b");
        assert!(session.effects.contains(&app::Effect::Cancel(first)));
        let end = |job| {
            let result = Err(Problem::new("no"));
            app::Msg::Transform(Msg::Ended { job, result })
        };
        session.send(end(first));
        assert!(session.model.transforms.is_busy());
        session.send(end(second));
        assert!(!session.model.transforms.is_busy());
        session.effects.clear();
        session.send(app::Msg::Transform(Msg::Stop));
        assert!(session.effects.is_empty(), "there is nothing to stop");
        assert_eq!(session.model.transforms.current, None);
    }

    #[test]
    fn programs_are_remembered_once_and_not_for_ever() {
        let mut session = Session::new();
        for number in 0..REMEMBERED + 5 {
            let program = filter(&format!(".a{number}"));
            session.send(app::Msg::Transform(Msg::Remember(program)));
        }
        session.send(app::Msg::Transform(Msg::Remember(filter(".a9"))));
        let filters = &session.model.transforms.filters;
        assert_eq!((filters.len(), filters[0].as_str()), (REMEMBERED, ".a5"));
        assert_eq!(filters.last().unwrap(), ".a9");
        assert!(session.model.transforms.commands.is_empty());
    }
}
