//! When time alone has to wake the loop. `None` while nothing on the screen or in the tokens depends on it.

use std::time::Duration;

use crate::app::Model;
use crate::app::file::{Content, File};
use crate::app::search::Search;
use crate::app::sorting::Sort;
use crate::domain::Timestamp;

/// How long a picture of the spinner stands.
pub const SPINNER_STEP: Duration = Duration::from_millis(100);

/// The next moment at which the loop must wake although nothing happened.
pub fn next(model: &Model, now: Timestamp) -> Option<Timestamp> {
    let spinner = is_busy(model).then(|| now.after(SPINNER_STEP));
    let notice = model.notices.current.as_ref().map(|notice| notice.until);
    let revealed = model.revealed.as_ref().map(|revealed| revealed.until);
    let refresh = model.auth.next_refresh();
    let poll = model.intents.next_poll();
    let all = [spinner, notice, revealed, refresh, poll];
    all.into_iter().flatten().min()
}

/// Whether a spinner is visible.
pub fn is_busy(model: &Model) -> bool {
    let is_reading = |file: &File| matches!(file.content, Content::Reading { .. });
    model.requests.is_busy()
        || model.file.as_ref().is_some_and(is_reading)
        || model.auth.is_busy()
        || model.replay.is_busy()
        || model.search.as_ref().is_some_and(Search::is_busy)
        || model.sort.as_ref().is_some_and(Sort::is_busy)
        || model.transforms.is_busy()
}
