//! Searches in long bodies, on a thread of their own; a search that is stopped ends soon.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::spawn_blocking;

use crate::app::Msg;
use crate::app::search::{self, Query};
use crate::document::{Document, Search};
use crate::domain::JobId;
use crate::runtime::effects::Tools;

/// Ends work on another thread when the job that waits for it is stopped: that work looks at the flag now and then.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Goes through all of `document`, which takes up to a second for a regular expression.
pub(super) async fn look(tools: Tools, job: JobId, document: Arc<Document>, query: Query) {
    let Ok(pattern) = query.pattern() else {
        return; // nobody asks for a pattern that cannot be read
    };
    let stop = StopOnDrop(Arc::default());
    let is_stopped = Arc::clone(&stop.0);
    let work = spawn_blocking(move || Search::find(&document, &pattern, query.scope, &is_stopped));
    if let Ok(matches) = work.await {
        let matches = Arc::new(matches);
        tools
            .report(Msg::Search(search::Msg::Found { job, matches }))
            .await;
    }
}
