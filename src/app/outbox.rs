//! Collects what follows from a message: more messages for the core, effects for the runtime.

use std::collections::VecDeque;

use crate::app::{Effect, Msg};

/// What a feature answers with; messages are carried out in order, before the effects start.
#[derive(Debug)]
pub struct Outbox {
    messages: VecDeque<Msg>,
    effects: Vec<Effect>,
}

impl Outbox {
    pub(crate) fn new(msg: Msg) -> Self {
        Self {
            messages: VecDeque::from([msg]),
            effects: Vec::new(),
        }
    }

    pub(crate) fn message(&mut self, msg: Msg) {
        self.messages.push_back(msg);
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn next_message(&mut self) -> Option<Msg> {
        self.messages.pop_front()
    }

    pub(crate) fn into_effects(self) -> Vec<Effect> {
        self.effects
    }
}
