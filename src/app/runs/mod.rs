//! Several requests one after the other, or one request as several test users: what is sent, how far it is, what came of each.

mod leg;
#[cfg(test)]
mod tests;

pub use leg::{Leg, Outcome, Source, State};

use crate::app::{self, Baseline, BaselineOrigin, Modal, Model, Outbox};
use crate::domain::{JobId, Problem, SavedKey};

/// The newest run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What it is, in a line.
    pub title: String,
    /// Whether it is one request as several users, each compared with the first of them.
    pub is_matrix: bool,
    /// In the order in which they are sent.
    pub legs: Vec<Leg>,
    /// Whether it was stopped.
    pub is_stopped: bool,
    /// The answer that somebody left it for.
    pub left_for: Option<JobId>,
}

/// What may happen to a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Send these saved requests one after the other.
    Start(Vec<SavedKey>),
    /// Send this as every user who is signed in.
    AsAll(Source),
    /// Send no more after the one on its way.
    Stop,
    /// Send the rest; all of them anew, if nothing is left.
    GoOn,
    /// Look at this answer of it.
    Leave(JobId),
    /// Come back from the answer that is looked at.
    ComeBack,
}

impl Run {
    /// How many legs have come to their end.
    pub fn done(&self) -> usize {
        let is_done = |leg: &&Leg| matches!(leg.state, State::Done(_) | State::Failed(_));
        self.legs.iter().filter(is_done).count()
    }

    /// Whether it was left for the answer that is looked at.
    pub fn is_left(&self, model: &Model) -> bool {
        let shown = model.requests.current().map(|entry| entry.exchange.job);
        self.left_for.is_some() && self.left_for == shown
    }

    /// Which leg `job` carries out, in words.
    pub(crate) fn place(&self, job: JobId) -> Option<String> {
        let is_its = |leg: &Leg| leg.state == State::Running(job);
        let index = self.legs.iter().position(is_its)?;
        let label = &self.legs[index].label;
        Some(format!("{} of {}: {label}", index + 1, self.legs.len()))
    }

    /// The exchange of the first user, if the others are compared with it: it was answered.
    fn first(&self) -> Option<JobId> {
        match self.legs.first().map(|leg| &leg.state) {
            Some(State::Done(done)) if self.is_matrix => Some(done.job),
            _ => None,
        }
    }

    /// Whether something is on its way.
    pub fn is_busy(&self) -> bool {
        self.legs
            .iter()
            .any(|leg| matches!(leg.state, State::Running(_)))
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    match msg {
        Msg::Start(keys) => {
            let leg = |key: SavedKey| Leg::new(&key.name.clone(), Source::Saved(key), None);
            let legs: Vec<Leg> = keys.into_iter().map(leg).collect();
            let title = match legs.len() {
                1 => "1 saved request".to_owned(),
                count => format!("{count} saved requests"),
            };
            begin(model, title, false, legs, out);
        }
        Msg::AsAll(source) => as_all(model, source, out),
        Msg::Stop => {
            let Some(run) = &mut model.run else { return };
            run.is_stopped = true;
        }
        Msg::Leave(job) => {
            let Some(run) = &mut model.run else { return };
            run.left_for = Some(job);
        }
        Msg::ComeBack => {
            let is_left = model.run.as_ref().is_some_and(|run| run.is_left(model));
            if let Some(run) = model.run.as_mut().filter(|_| is_left) {
                run.left_for = None;
                out.message(app::Msg::open(Modal::Run));
            }
        }
        Msg::GoOn => go_on(model, out),
    }
}

fn go_on(model: &mut Model, out: &mut Outbox) {
    let Some(run) = &mut model.run else { return };
    run.is_stopped = false;
    if run.is_busy() {
        return; // the rest follows what is on its way
    }
    if run.done() == run.legs.len() {
        for leg in &mut run.legs {
            leg.state = State::Waiting;
        }
    }
    next(model, out);
}

fn as_all(model: &mut Model, source: Source, out: &mut Outbox) {
    let signed_in = model
        .users
        .all
        .iter()
        .filter(|user| model.auth.grant(user.key).is_some());
    let legs: Vec<Leg> = signed_in
        .map(|user| Leg::new(user.label(), source.clone(), Some(user.key)))
        .collect();
    if legs.len() < 2 {
        let words = "sign a second test user in first";
        return out.message(app::Msg::warning(words));
    }
    let what = match &source {
        Source::Saved(key) => key.name.clone(),
        Source::Draft(draft) => draft.call.to_string(),
    };
    begin(
        model,
        format!("{what} as {} test users", legs.len()),
        true,
        legs,
        out,
    );
}

fn begin(model: &mut Model, title: String, is_matrix: bool, legs: Vec<Leg>, out: &mut Outbox) {
    if legs.is_empty() {
        return out.message(app::Msg::warning(
            "nothing is marked: mark saved requests with Space",
        ));
    }
    let run = Run {
        title,
        is_matrix,
        legs,
        is_stopped: false,
        left_for: None,
    };
    model.run = Some(run);
    out.message(app::Msg::open(Modal::Run));
    out.message(app::Msg::Runs(Msg::GoOn));
}

/// Whether `source` will ask for a yes before it is sent.
fn asks(model: &Model, source: &Source) -> bool {
    let call = match source {
        Source::Draft(draft) => Some(&draft.call),
        Source::Saved(key) => model
            .saved
            .get(key)
            .and_then(|item| item.request.as_ref().ok())
            .map(|request| &request.call),
    };
    call.is_some_and(|call| {
        model
            .catalog
            .called(call)
            .is_ok_and(|endpoint| model.profiles.current.asks_before(&endpoint))
    })
}

/// Sends the next one, if there is one and nobody has stopped it.
fn next(model: &mut Model, out: &mut Outbox) {
    let job = model.new_job();
    let waiting = |run: &Run| {
        let mut legs = run.legs.iter();
        legs.find(|leg| leg.state == State::Waiting).cloned()
    };
    let asks = model
        .run
        .as_ref()
        .and_then(waiting)
        .is_some_and(|leg| asks(model, &leg.source));
    let is_here = matches!(model.modals.top(), Some(Modal::Run));
    let Some(run) = model.run.as_mut().filter(|run| !run.is_stopped) else {
        return;
    };
    if asks && !is_here {
        // A question would be answered by keys that were meant for something else.
        run.is_stopped = true;
        return out.message(app::Msg::warning(
            "the run waits for your yes: v in Requests shows it",
        ));
    }
    let first = run.first();
    let Some(leg) = run.legs.iter_mut().find(|leg| leg.state == State::Waiting) else {
        return; // all were sent
    };
    leg.state = State::Running(job);
    let (source, user) = (leg.source.clone(), leg.user);
    let baseline = first.and_then(|job| baseline(model, job));
    out.message(match source {
        Source::Draft(draft) => app::Msg::replay_draft(job, draft, user, baseline),
        Source::Saved(key) => {
            let item = model.saved.get(&key).map(|item| item.request.clone());
            match item {
                Some(Ok(request)) => app::Msg::replay_saved(job, (key, request), user, baseline),
                Some(Err(problem)) => return ended(model, job, State::Failed(problem), out),
                None => {
                    let problem = Problem::new("its file is not there any more");
                    return ended(model, job, State::Failed(problem), out);
                }
            }
        }
    });
}

/// The answer of the first user, which the others are compared with.
fn baseline(model: &Model, job: JobId) -> Option<Baseline> {
    let entry = model.requests.find(job)?;
    let response = entry.exchange.response()?;
    let user = entry.exchange.user.and_then(|user| model.users.get(user));
    Some(Baseline {
        origin: BaselineOrigin::Exchange {
            at: entry.exchange.started_at,
            user: user.map(|user| user.label().to_owned()),
            status: response.status,
            total: response.timing.total,
        },
        document: entry.document.clone()?,
    })
}

/// Something was sent again and compared, or not; if it is part of the run, that goes on.
pub(crate) fn replayed(model: &mut Model, job: JobId, out: &mut Outbox) {
    let is_its = |leg: &Leg| leg.state == State::Running(job);
    if !model
        .run
        .as_ref()
        .is_some_and(|run| run.legs.iter().any(is_its))
    {
        return; // somebody else's
    }
    let state = match model.replay.result(job) {
        Some(Ok(found)) => match model
            .requests
            .find(job)
            .and_then(|entry| entry.exchange.response())
        {
            Some(response) => {
                let comparison = model.replay.of(job);
                let expected = comparison.and_then(|comparison| comparison.expect.status);
                let baseline = comparison.and_then(|comparison| comparison.baseline.as_ref());
                let first = model.run.as_ref().and_then(Run::first);
                let first = first.and_then(|first| self::baseline(model, first));
                State::Done(Outcome {
                    is_beside_first: first.is_some_and(|first| Some(&first) == baseline),
                    failures: found.failures.iter().map(ToString::to_string).collect(),
                    differences: baseline.map(|_| found.real().count()),
                    ..Outcome::of(job, response, (expected, baseline))
                })
            }
            None => State::Failed(Problem::new("no answer came")),
        },
        Some(Err(problem)) => State::Failed(problem),
        None => State::Failed(Problem::new("it was lost")),
    };
    ended(model, job, state, out);
}

fn ended(model: &mut Model, job: JobId, state: State, out: &mut Outbox) {
    let is_its = |leg: &Leg| leg.state == State::Running(job);
    let leg = model
        .run
        .iter()
        .flat_map(|run| &run.legs)
        .find(|leg| is_its(leg));
    // Money that did not move, or was not to, is a reason to look first.
    let is_stopping =
        matches!(state, State::Failed(_)) && leg.is_some_and(|leg| asks(model, &leg.source));
    if let Some(run) = &mut model.run {
        run.is_stopped |= is_stopping;
        if let Some(leg) = run.legs.iter_mut().find(|leg| is_its(leg)) {
            leg.state = state;
        }
    }
    next(model, out);
}
