//! An exchange out of the history beside those of the session: shown like them, and sent again like them.

use crate::app::requests::{Entry, Origin};
use crate::app::{Model, Opened};
use crate::domain::Exchange;

/// Shows `opened`, in the place of one that was opened before.
pub(super) fn show(model: &mut Model, opened: Opened) {
    let job = model.new_job();
    let draft = opened.draft(model).ok();
    let Opened {
        entry,
        document,
        marks,
    } = opened;
    let origin = Origin {
        cut_from: entry.is_cut().then_some(entry.response_size),
        profile: entry.profile,
        user: entry.user,
    };
    model.requests.opened = Some(Entry {
        exchange: Exchange {
            job,
            endpoint: entry.endpoint,
            user: draft.as_ref().and_then(|draft| draft.user),
            request: entry.request,
            started_at: entry.started_at,
            outcome: entry.outcome,
        },
        draft,
        document,
        marks,
        origin: Some(origin),
        sent_at: entry.started_at,
        attempts: 1,
        is_in_passing: false,
        is_second_try: false,
    });
    model.requests.shown = Some(job);
    model.requests.brought_forward += 1;
}
