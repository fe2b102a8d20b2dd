//! The person's own rules of what differs between any two answers: added and taken away by one key.

use std::sync::Arc;

use crate::app::replay::{Effect, Replay, State};
use crate::app::{self, Model, Outbox};
use crate::document::{Rule, Rules};

pub(super) fn gather(replay: &mut Replay) {
    replay.rules = Rules::default();
    for rule in &replay.own_rules {
        replay.rules.add(rule.clone());
    }
}

pub(super) fn toggle(model: &mut Model, path: &str, out: &mut Outbox) {
    let Some(rule) = Rule::at(path) else {
        return out.message(app::Msg::warning("the whole answer cannot be left out"));
    };
    let replay = &mut model.replay;
    let is_kept = !replay.own_rules.contains(&rule);
    let words = if !is_kept {
        replay.own_rules.retain(|own| *own != rule);
        format!("{} counts again", rule.as_str())
    } else if replay.rules.cover(path) {
        return out.message(app::Msg::warning(format!(
            "{path} is left out by a rule of the program"
        )));
    } else {
        replay.own_rules.push(rule.clone());
        format!("{} is expected to differ from now on", rule.as_str())
    };
    gather(replay);
    judge(model);
    out.message(app::Msg::notice(words));
    out.effect(app::Effect::Replay(Effect::KeepRule { rule, is_kept }));
}

/// Says of every difference anew whether a rule explains it.
fn judge(model: &mut Model) {
    let Replay {
        comparisons, rules, ..
    } = &mut model.replay;
    for comparison in comparisons {
        let entry = model.requests.find(comparison.job);
        let new = entry.and_then(|entry| entry.document.as_deref());
        let old = comparison.baseline.as_ref().map(|old| &*old.document);
        if let (State::Done(findings), Some(old), Some(new)) = (&mut comparison.state, old, new) {
            for difference in &mut Arc::make_mut(findings).differences {
                difference.judge(old, new, rules);
            }
        }
    }
}
