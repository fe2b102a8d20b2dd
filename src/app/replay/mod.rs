//! Sending again and comparing: values are filled in, the request is sent, its answer is held against the one before and
//! against what is expected.

mod comparison;
mod rules;
mod sending;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

pub use comparison::{Comparison, Findings, State};

use crate::app::{self, Baseline, Model, Opened, Outbox};
use crate::document::{Document, Rule, Rules};
use crate::domain::{
    Draft, EndpointId, Expectations, Hosts, JobId, Problem, Profile, Response, SavedKey,
    SavedRequest, UserKey,
};

/// Comparisons that are kept: as many as exchanges.
const KEPT: usize = 50;

/// What was sent again in this session, and the rules of comparing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay {
    /// Oldest first.
    pub comparisons: VecDeque<Comparison>,
    /// What differs between any two answers: those of the program, and then the person's own.
    pub rules: Rules,
    /// The person's own.
    pub own_rules: Vec<Rule>,
    /// Grows each time a comparison is to be brought to the front.
    pub brought_forward: u64,
    /// Values that are filled in without a comparison.
    filling: Option<(JobId, Then)>,
    /// What waits for a token.
    parked: Vec<Fill>,
}

/// What is sent again.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// This, as it is.
    Draft(Box<Draft>),
    /// This saved request, once its values are filled in.
    Saved(SavedKey, Box<SavedRequest>),
}

/// What becomes of a saved request whose values are filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It is sent, and compared.
    Compare,
    /// It is sent.
    Send,
    /// It is composed.
    Compose,
}

/// What may happen to what is sent again.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Send what was asked for in this exchange again, and compare.
    Exchange(JobId),
    /// Send what was asked for in this one out of the history again, and compare.
    Opened(Box<Opened>),
    /// Fill the values of this saved request in.
    Saved(SavedKey, Then),
    /// Show what the comparison of this exchange came to.
    Show(JobId),
    /// Send this for somebody who shows the result by themselves.
    Quietly {
        /// The exchange shall have this number.
        job: JobId,
        /// What.
        what: What,
        /// On whose behalf; as it says itself, if nobody.
        user: Option<UserKey>,
        /// What to compare with; with the newest answer to the same saved request, if nothing.
        baseline: Option<Baseline>,
    },
    /// Values were filled in.
    Filled {
        /// Which job did it.
        job: JobId,
        /// The request, and what to compare its answer with.
        result: Result<(Box<Draft>, Option<Baseline>), Problem>,
    },
    /// A value was refused for want of a good token.
    Refused(Box<Fill>),
    /// Answers were compared.
    Compared {
        /// Which job did it.
        job: JobId,
        /// What was found.
        findings: Arc<Findings>,
    },
    /// Read the person's own rules.
    ReadRules,
    /// The person's own rules were read.
    Rules(Vec<Rule>),
    /// What is at this path differs between any two answers; or not any more.
    ToggleRule(String),
}

/// What has to be done for what is sent again.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Fill values in, and find the recorded answer, or else the newest one to the same request.
    Fill(Box<Fill>),
    /// Compare.
    Compare {
        /// Answer with this.
        job: JobId,
        /// The answer before.
        old: Option<Arc<Document>>,
        /// The index over the new one.
        new: Arc<Document>,
        /// The new answer.
        response: Box<Response>,
        /// What is expected of it.
        expect: Expectations,
        /// What was called.
        endpoint: EndpointId,
        /// What differs anyway.
        rules: Rules,
    },
    /// Read the person's own rules.
    ReadRules,
    /// Keep this one of the person's own rules, or take it out; another session may have kept others.
    KeepRule {
        /// The rule.
        rule: Rule,
        /// Whether it is one from now on.
        is_kept: bool,
    },
}

/// Values to fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Fill {
    /// Answer with this.
    pub job: JobId,
    /// Which saved request it is.
    pub key: SavedKey,
    /// What to fill in.
    pub request: SavedRequest,
    /// Whose values.
    pub user: Option<UserKey>,
    /// The same as the history knows them.
    pub label: Option<String>,
    /// Which Astra is asked: answers of others are no use.
    pub profile: Profile,
    /// Where its API is.
    pub hosts: Hosts,
    /// Whether the token was renewed for it: it is not renewed again.
    pub is_second_try: bool,
}

impl Replay {
    /// The comparison of the exchange `job`.
    pub fn of(&self, job: JobId) -> Option<&Comparison> {
        self.comparisons.iter().rev().find(|one| one.job == job)
    }

    /// What the comparison of the exchange `job` came to.
    pub fn result(&self, job: JobId) -> Option<Result<Arc<Findings>, Problem>> {
        self.of(job).map(Comparison::result)
    }

    fn of_mut(&mut self, job: JobId) -> Option<&mut Comparison> {
        self.comparisons.iter_mut().rev().find(|one| one.job == job)
    }

    fn at_work(&mut self, job: JobId) -> Option<&mut Comparison> {
        let is_its = |one: &&mut Comparison| match one.state {
            State::Filling(at) | State::Comparing(at) => at == job,
            _ => false,
        };
        self.comparisons.iter_mut().find(is_its)
    }

    /// Whether values are looked up or answers compared.
    pub fn is_busy(&self) -> bool {
        let is_busy =
            |one: &Comparison| matches!(one.state, State::Filling(_) | State::Comparing(_));
        self.filling.is_some() || self.comparisons.iter().any(is_busy)
    }

    /// What another profile takes over: the rules, and what the screen counts along.
    pub(crate) fn emptied(self) -> Self {
        Self {
            rules: self.rules,
            own_rules: self.own_rules,
            brought_forward: self.brought_forward,
            ..Self::default()
        }
    }

    fn push(&mut self, comparison: Comparison) {
        self.comparisons.push_back(comparison);
        while self.comparisons.len() > KEPT {
            self.comparisons.pop_front();
        }
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    match msg {
        Msg::Exchange(job) => sending::exchange(model, job, out),
        Msg::Opened(opened) => match opened.draft(model) {
            Ok(draft) => {
                let what = What::Draft(Box::new(draft));
                sending::begin(model, what, Baseline::of(&opened), out);
            }
            Err(problem) => out.message(app::Msg::warning(problem.to_string())),
        },
        Msg::Saved(key, then) => sending::saved(model, key, then, out),
        Msg::Show(job) => {
            model.replay.brought_forward += 1;
            out.message(app::Msg::show_exchange(job));
        }
        Msg::Quietly {
            job,
            what,
            user,
            baseline,
        } => sending::start(model, (job, true), what, (user, baseline), out),
        Msg::Filled { job, result } => sending::filled(model, job, result, out),
        Msg::Refused(fill) => sending::refused(model, fill, out),
        Msg::Compared { job, findings } => {
            if let Some(comparison) = model.replay.at_work(job) {
                comparison.state = State::Done(findings);
                out.message(app::Msg::Replayed(comparison.job));
            }
        }
        Msg::ReadRules => out.effect(app::Effect::Replay(Effect::ReadRules)),
        Msg::Rules(rules) => {
            model.replay.own_rules = rules;
            rules::gather(&mut model.replay);
        }
        Msg::ToggleRule(path) => rules::toggle(model, &path, out),
    }
}

/// Why the request of `job` was not sent.
pub(crate) fn unsent(model: &mut Model, job: JobId, problem: &Problem, out: &mut Outbox) {
    sending::fail(model, job, problem.clone(), out);
}

/// An exchange has come to its end: if it was made to be compared, that is done now.
pub(crate) fn answered(model: &mut Model, job: JobId, out: &mut Outbox) {
    sending::answered(model, job, out);
}

/// The token of `user` was renewed, or not.
pub(crate) fn resume(
    model: &mut Model,
    user: UserKey,
    result: &Result<(), Problem>,
    out: &mut Outbox,
) {
    sending::resume(model, user, result, out);
}

/// A job ended by a defect of this program.
pub(crate) fn crashed(model: &mut Model, job: JobId, problem: &Problem, out: &mut Outbox) {
    sending::crashed(model, job, problem, out);
}
