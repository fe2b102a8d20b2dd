//! The one line that tells what just happened, and goes away by itself.

use std::time::Duration;

use crate::app::{Env, Model};
use crate::domain::Timestamp;

/// Long enough to read a line, short enough not to be taken for the present state.
const SHOWN_FOR: Duration = Duration::from_secs(5);

/// So long it stands at least: nobody reads a line that a key takes away at once.
const READ_IN: Duration = Duration::from_secs(1);

/// The newest notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// The notice, until it is old.
    pub current: Option<Notice>,
}

/// Something that just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What to read.
    pub text: String,
    /// Whether it tells of something that went wrong.
    pub is_warning: bool,
    /// When it was told.
    pub since: Timestamp,
    /// When it goes away.
    pub until: Timestamp,
}

/// What may happen to notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Msg {
    /// Tell what just happened.
    Say(String),
    /// Tell what just went wrong.
    Warn(String),
    /// A key was pressed: the person goes on.
    GoOn,
}

pub(crate) fn update(model: &mut Model, msg: Msg, env: Env) {
    let (text, is_warning) = match msg {
        Msg::Say(text) => (text, false),
        Msg::Warn(text) => (text, true),
        Msg::GoOn => return go_on(model, env),
    };
    model.notices.current = Some(Notice {
        text,
        is_warning,
        since: env.now,
        until: env.now.after(SHOWN_FOR),
    });
}

/// The notice goes as soon as it could be read.
fn go_on(model: &mut Model, env: Env) {
    if let Some(notice) = &mut model.notices.current {
        notice.until = notice.until.min(notice.since.after(READ_IN));
    }
    woke(model, env);
}

/// Takes the notice away once its time is over.
pub(crate) fn woke(model: &mut Model, env: Env) {
    let is_over = |notice: &Notice| env.now >= notice.until;
    if model.notices.current.as_ref().is_some_and(is_over) {
        model.notices.current = None;
    }
}
