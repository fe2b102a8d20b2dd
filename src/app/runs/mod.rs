//! Several requests one after the other, or one request as several test users: what is sent, how far it is, what came of each.

mod leg;
#[cfg(test)]
mod tests;

pub use leg::{Leg, Outcome, Source, State};

use crate::app::{self, Baseline, BaselineOrigin, Confirm, Modal, Model, Outbox};
use crate::domain::{Environment, JobId, Problem, SavedKey};

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
    /// The person agreed to a run on production.
    Confirmed(Box<Run>),
    /// Send no more after the one on its way.
    Stop,
    /// Send the rest; all of them anew, if nothing is left.
    GoOn,
    /// Look at this answer of it.
    Leave(JobId),
    /// Come back from the answer that is looked at.
    ComeBack,
}

const NOTHING_MARKED: &str = "nothing is marked: mark saved requests with Space";

impl Run {
    fn new(title: String, is_matrix: bool, legs: Vec<Leg>) -> Self {
        Self {
            title,
            is_matrix,
            legs,
            is_stopped: false,
            left_for: None,
        }
    }

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
                0 => return out.message(app::Msg::warning(NOTHING_MARKED)),
                1 => "1 saved request".to_owned(),
                count => format!("{count} saved requests"),
            };
            ask_or_begin(model, Run::new(title, false, legs), out);
        }
        Msg::AsAll(source) => as_all(model, source, out),
        Msg::Confirmed(run) => begin(model, *run, out),
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
    if run.done() < run.legs.len() {
        return next(model, out);
    }
    let mut again = run.clone();
    for leg in &mut again.legs {
        leg.state = State::Waiting;
    }
    ask_or_begin(model, again, out);
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
    let title = format!("{what} as {} test users", legs.len());
    ask_or_begin(model, Run::new(title, true, legs), out);
}

/// Starts the run, or asks first where money may move.
fn ask_or_begin(model: &mut Model, run: Run, out: &mut Outbox) {
    let writes = run
        .legs
        .iter()
        .filter(|leg| writes(model, &leg.source))
        .count();
    if model.profiles.current.environment != Environment::Production || writes == 0 {
        return begin(model, run, out);
    }
    out.message(app::Msg::open(Modal::Confirm(Confirm {
        title: format!("Send to production as {}?", model.profiles.current.name),
        lines: vec![
            run.title.clone(),
            format!("{writes} of {} change something there.", run.legs.len()),
        ],
        yes: "send them".into(),
        msg: Box::new(app::Msg::Runs(Msg::Confirmed(Box::new(run)))),
    })));
}

fn writes(model: &Model, source: &Source) -> bool {
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
            .is_ok_and(|endpoint| endpoint.writes)
    })
}

fn begin(model: &mut Model, run: Run, out: &mut Outbox) {
    model.run = Some(run);
    if !model.modals.stack.contains(&Modal::Run) {
        out.message(app::Msg::open(Modal::Run));
    }
    next(model, out);
}

/// Sends the next one, if there is one and nobody has stopped it.
fn next(model: &mut Model, out: &mut Outbox) {
    let job = model.new_job();
    let Some(run) = model.run.as_mut().filter(|run| !run.is_stopped) else {
        return;
    };
    let first = run.legs.first().and_then(|leg| match &leg.state {
        State::Done(done) if run.is_matrix => Some(done.job),
        _ => None,
    });
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
                State::Done(Outcome {
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
    let legs = model.run.iter_mut().flat_map(|run| &mut run.legs);
    for leg in legs.filter(|leg| leg.state == State::Running(job)) {
        leg.state = state.clone();
    }
    next(model, out);
}
