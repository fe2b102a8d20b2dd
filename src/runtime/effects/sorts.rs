//! Sorts of long tables, on a thread of their own; a sort that is stopped ends soon.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::app::Msg;
use crate::app::sorting;
use crate::document::{Advance, Document, Sorting};
use crate::domain::JobId;
use crate::runtime::effects::Tools;

/// It is told so often how far it is; nobody reads faster.
const STEP: Duration = Duration::from_millis(100);

/// Ends work on another thread when the job that waits for it is stopped.
struct StopOnDrop(Arc<Advance>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Sorts items of `document`, which takes about a second for a million.
pub(super) async fn sort(tools: Tools, job: JobId, document: Arc<Document>, sorting: Sorting) {
    let advance = StopOnDrop(Arc::default());
    let watched = Arc::clone(&advance.0);
    let mut work = spawn_blocking(move || sorting.carry_out(&document, &watched));
    let order = loop {
        match timeout(STEP, &mut work).await {
            Ok(order) => break order,
            Err(_elapsed) => {
                let done = advance.0.done();
                tools
                    .report(Msg::Sorting(sorting::Msg::Advanced { job, done }))
                    .await;
            }
        }
    };
    if let Ok(Some(order)) = order {
        let order = Arc::new(order);
        tools
            .report(Msg::Sorting(sorting::Msg::Sorted { job, order }))
            .await;
    }
}
