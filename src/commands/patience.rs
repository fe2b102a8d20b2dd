//! Waiting where the API asked to come later.

use crate::app::requests::ATTEMPTS;
use crate::commands::output::note;
use crate::domain::Timestamp;
use crate::runtime::now;

/// Waits until `until`, and says so. Ctrl-C ends the command.
pub(super) async fn wait(url: &str, status: u16, until: Timestamp, attempt: u8) {
    let wait = until.since(now());
    let seconds = wait.as_millis().div_ceil(1000);
    note(format_args!(
        "{url} answered {status}: sent again in {seconds} s, {attempt} of {ATTEMPTS} times (Ctrl-C stops)"
    ));
    tokio::time::sleep(wait).await;
}
