//! Reads and keeps what belongs to a profile: its client secret, and the tokens of its test users.

use crate::app::Msg;
use crate::app::profiles::{self, Effect};
use crate::runtime::effects::Tools;

/// Starts one. None of them can be cancelled: half of a secret helps nobody.
pub(super) fn start(tools: Tools, effect: Effect) {
    let credentials = tools.credentials.clone();
    match effect {
        Effect::Look => {
            let looked = tools.keeper.keep(move || credentials.load());
            report(tools, looked, profiles::Msg::Looked);
        }
        Effect::KeepSecret(secret) => {
            let stored = tools
                .keeper
                .keep(move || credentials.set_client_secret(secret));
            report(tools, stored, |standing| {
                profiles::Msg::Stored(standing.store, standing.problem)
            });
        }
    }
}

/// Tells the core what became of it.
fn report<T: Send + 'static>(
    tools: Tools,
    done: impl Future<Output = Option<T>> + Send + 'static,
    msg: impl FnOnce(T) -> profiles::Msg + Send + 'static,
) {
    tokio::spawn(async move {
        if let Some(done) = done.await {
            tools.report(Msg::Profiles(msg(done))).await;
        }
    });
}
