//! How a comparison goes on: values filled in, sent, answered, compared, or given up.

use std::sync::Arc;

use crate::app::replay::{Comparison, Effect, Fill, Msg, State, Then, What};
use crate::app::{self, Baseline, BaselineOrigin, Model, Outbox};
use crate::domain::{
    Draft, Expectations, JobId, Outcome, Problem, SavedKey, SavedRequest, UserKey,
};

/// Sends `what` again where everybody sees it.
pub(super) fn begin(model: &mut Model, what: What, baseline: Option<Baseline>, out: &mut Outbox) {
    let job = model.new_job();
    start(model, (job, false), what, (None, baseline), out);
}

pub(super) fn exchange(model: &mut Model, job: JobId, out: &mut Outbox) {
    let Some(entry) = model.requests.find(job) else {
        return out.message(app::Msg::warning("there is no exchange to send again"));
    };
    let Some(draft) = entry.draft.clone() else {
        let words = "it is spent, or was not all kept: it cannot be sent again";
        return out.message(app::Msg::warning(words));
    };
    let user = match &entry.origin {
        Some(origin) => origin.user.clone(),
        None => entry
            .exchange
            .user
            .and_then(|user| model.users.get(user))
            .map(|user| user.label().to_owned()),
    };
    let baseline =
        entry
            .exchange
            .response()
            .zip(entry.document.clone())
            .map(|(response, document)| Baseline {
                origin: BaselineOrigin::Exchange {
                    at: entry.exchange.started_at,
                    user,
                    status: response.status,
                    total: response.timing.total,
                },
                document,
            });
    // What was sent again once is a saved request still, and what is recorded for it stays what it is compared with.
    let old = model.replay.of(job);
    let recorded = old
        .and_then(|old| old.baseline.clone())
        .filter(|old| matches!(old.origin, BaselineOrigin::Recorded(_)));
    let baseline = recorded.or(baseline);
    let known = old.map(|old| (old.saved.clone(), old.expect.clone()));
    begin(model, What::Draft(Box::new(draft)), baseline, out);
    if let (Some((saved, expect)), Some(new)) = (known, model.replay.comparisons.back_mut()) {
        (new.saved, new.expect) = (saved, expect);
    }
}

pub(super) fn saved(model: &mut Model, key: SavedKey, then: Then, out: &mut Outbox) {
    let request = match model.saved.get(&key).map(|item| item.readable()) {
        Some(Ok(request)) => request.clone(),
        Some(Err(words)) => return out.message(app::Msg::warning(words)),
        None => {
            return out.message(app::Msg::warning(format!(
                "{} is not there any more",
                key.name
            )));
        }
    };
    if then == Then::Compare {
        return begin(model, What::Saved(key, Box::new(request)), None, out);
    }
    let job = model.new_job();
    match fill(model, job, (key, request), None) {
        Ok(effect) => {
            if let Some((old, _)) = model.replay.filling.replace((job, then)) {
                out.effect(app::Effect::Cancel(old));
            }
            out.effect(effect);
        }
        Err(problem) => out.message(app::Msg::warning(problem.to_string())),
    }
}

/// Sends `what` under the number `job`; `is_quiet` where somebody else shows it.
pub(super) fn start(
    model: &mut Model,
    (job, is_quiet): (JobId, bool),
    what: What,
    (user, baseline): (Option<UserKey>, Option<Baseline>),
    out: &mut Outbox,
) {
    let mut comparison = Comparison {
        job,
        saved: None,
        expect: Expectations::default(),
        baseline,
        state: State::Sending,
        is_quiet,
    };
    match what {
        What::Draft(mut draft) => {
            draft.user = user.or(draft.user);
            model.replay.push(comparison);
            send(model, job, *draft, is_quiet, out);
        }
        What::Saved(key, request) => {
            comparison.saved = Some(key.clone());
            comparison.expect = expected(model, &request);
            let filling = model.new_job();
            comparison.state = State::Filling(filling);
            model.replay.push(comparison);
            match fill(model, filling, (key, *request), user) {
                Ok(effect) => out.effect(effect),
                Err(problem) => fail(model, job, problem, out),
            }
        }
    }
}

/// What is expected of the answer: at the least the status that is documented.
fn expected(model: &Model, request: &SavedRequest) -> Expectations {
    let mut expect = request.expect.clone();
    if expect.is_empty() {
        let endpoint = model.catalog.called(&request.call).ok();
        expect.status = endpoint
            .map(|endpoint| endpoint.success)
            .filter(|status| *status > 0);
    }
    expect
}

fn send(model: &mut Model, job: JobId, draft: Draft, is_quiet: bool, out: &mut Outbox) {
    if !is_quiet {
        model.replay.brought_forward += 1;
    }
    out.message(app::Msg::send_as(job, draft, is_quiet));
}

fn fill(
    model: &Model,
    job: JobId,
    (key, request): (SavedKey, SavedRequest),
    user: Option<UserKey>,
) -> Result<app::Effect, Problem> {
    let user = match (user, &request.user) {
        (Some(user), _) => Some(user),
        (None, Some(name)) => Some(named(model, name)?),
        (None, None) => model.users.selected,
    };
    let profile = &model.profiles.current;
    Ok(app::Effect::Replay(Effect::Fill(Box::new(Fill {
        job,
        key,
        request,
        user,
        label: user
            .and_then(|user| model.users.get(user))
            .map(|user| user.label().to_owned()),
        profile: profile.clone(),
        hosts: model.profiles.hosts()?.clone(),
        is_second_try: false,
    }))))
}

/// The test user whom a saved request names.
fn named(model: &Model, name: &str) -> Result<UserKey, Problem> {
    let wanted = name.to_lowercase();
    let found = model.users.all.iter().find(|user| {
        user.name.to_lowercase().contains(&wanted) || user.email == name || user.phone == name
    });
    found.map(|user| user.key).ok_or_else(|| {
        Problem::new(format!("no test user is called {name}"))
            .because("the saved request acts for them")
            .hint("press A to sign them in, or change the line user = in its file")
    })
}

pub(super) fn filled(
    model: &mut Model,
    job: JobId,
    result: Result<(Box<Draft>, Option<Baseline>), Problem>,
    out: &mut Outbox,
) {
    if let Some((_, then)) = model.replay.filling.take_if(|(filling, _)| *filling == job) {
        out.message(match (result, then) {
            (Ok((draft, _)), Then::Compose) => app::Msg::compose_draft(*draft),
            (Ok((draft, _)), _) => app::Msg::send(*draft),
            (Err(problem), _) => app::Msg::warning(problem.to_string()),
        });
        return;
    }
    let Some(comparison) = model.replay.at_work(job) else {
        return; // dropped meanwhile
    };
    let (job, is_quiet) = (comparison.job, comparison.is_quiet);
    match result {
        Ok((draft, before)) => {
            comparison.baseline = comparison.baseline.take().or(before);
            comparison.state = State::Sending;
            send(model, job, *draft, is_quiet, out);
        }
        Err(problem) => fail(model, job, problem, out),
    }
}

/// A value was refused for want of a good token: it is renewed, and then all is filled in once more, never a third time.
pub(super) fn refused(model: &mut Model, fill: Box<Fill>, out: &mut Outbox) {
    let Some(user) = fill.user else {
        return; // only a user has a token
    };
    model.replay.parked.push(*fill);
    out.message(app::Msg::refresh(user));
}

/// The token of `user` was renewed, or not: what waits for it goes on, or fails.
pub(super) fn resume(
    model: &mut Model,
    user: UserKey,
    result: &Result<(), Problem>,
    out: &mut Outbox,
) {
    let is_theirs = |fill: &mut Fill| fill.user == Some(user);
    for mut fill in model.replay.parked.extract_if(.., is_theirs) {
        match result {
            Ok(()) => {
                fill.is_second_try = true;
                out.effect(app::Effect::Replay(Effect::Fill(Box::new(fill))));
            }
            Err(problem) => out.message(app::Msg::Replay(Msg::Filled {
                job: fill.job,
                result: Err(problem.clone()),
            })),
        }
    }
}

/// It came to nothing: whoever shows it is told, or else the person.
pub(super) fn fail(model: &mut Model, job: JobId, problem: Problem, out: &mut Outbox) {
    let Some(comparison) = model.replay.of_mut(job) else {
        return; // dropped meanwhile
    };
    if !comparison.is_quiet {
        out.message(app::Msg::warning(problem.to_string()));
    }
    comparison.state = State::Failed(problem);
    out.message(app::Msg::Replayed(job));
}

/// An exchange has come to its end: if it was made to be compared, that is done now.
pub(super) fn answered(model: &mut Model, job: JobId, out: &mut Outbox) {
    let is_its = |one: &Comparison| one.job == job && one.state == State::Sending;
    if !model.replay.comparisons.iter().any(is_its) {
        return; // an ordinary call
    }
    let Some(entry) = model.requests.find(job) else {
        return; // dropped meanwhile
    };
    let problem = match &entry.exchange.outcome {
        Outcome::Failed(problem) => Some(problem.clone()),
        Outcome::Cancelled => Some(Problem::new("cancelled")),
        _ => None,
    };
    let answer = entry
        .exchange
        .response()
        .cloned()
        .zip(entry.document.clone());
    let endpoint = entry.exchange.endpoint.clone();
    let (Some((response, new)), None) = (answer, &problem) else {
        let problem = problem.unwrap_or_else(|| Problem::new("no answer came"));
        if let Some(comparison) = model.replay.of_mut(job) {
            comparison.state = State::Failed(problem);
        }
        return out.message(app::Msg::Replayed(job));
    };
    let at = model.new_job();
    let rules = model.replay.rules.clone();
    let Some(comparison) = model.replay.of_mut(job) else {
        return; // it was there just now
    };
    comparison.state = State::Comparing(at);
    out.effect(app::Effect::Replay(Effect::Compare {
        job: at,
        old: comparison
            .baseline
            .as_ref()
            .map(|old| Arc::clone(&old.document)),
        new,
        response: Box::new(response),
        expect: comparison.expect.clone(),
        endpoint,
        rules,
    }));
}

/// A job ended by a defect of this program.
pub(super) fn crashed(model: &mut Model, job: JobId, problem: &Problem, out: &mut Outbox) {
    model.replay.filling.take_if(|(filling, _)| *filling == job);
    if let Some(of) = model.replay.at_work(job).map(|one| one.job) {
        fail(model, of, problem.clone(), out);
    }
}
