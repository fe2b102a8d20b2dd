//! Background work: each piece has a [`JobId`], can be stopped, and cannot take the session down.

use std::collections::HashMap;
use std::future::{Future, pending};

use tokio::task::{AbortHandle, Id, JoinSet};

use crate::domain::{JobId, Problem};

/// The jobs that run.
#[derive(Default)]
pub(crate) struct Jobs {
    tasks: JoinSet<()>,
    running: HashMap<JobId, AbortHandle>,
    names: HashMap<Id, JobId>,
}

impl Jobs {
    /// Starts `work` under the name `job`.
    pub(crate) fn start(&mut self, job: JobId, work: impl Future<Output = ()> + Send + 'static) {
        let handle = self.tasks.spawn(work);
        self.names.insert(handle.id(), job);
        self.running.insert(job, handle);
    }

    /// Stops `job`, if it still runs.
    pub(crate) fn cancel(&mut self, job: JobId) {
        if let Some(handle) = self.running.remove(&job) {
            handle.abort();
        }
    }

    /// Stops every job that runs.
    pub(crate) fn cancel_all(&mut self) {
        for (_, handle) in self.running.drain() {
            handle.abort();
        }
    }

    /// Waits for a job that ends by a panic, clearing away those that end well. Can be dropped without losing one.
    pub(crate) async fn next_crash(&mut self) -> (JobId, Problem) {
        loop {
            let Some(ended) = self.tasks.join_next_with_id().await else {
                return pending().await; // nothing runs
            };
            let id = match &ended {
                Ok((id, ())) => *id,
                Err(error) => error.id(),
            };
            let Some(job) = self.names.remove(&id) else {
                continue; // every task has a name
            };
            self.running.remove(&job);
            if let Err(error) = ended
                && error.is_panic()
            {
                let problem = Problem::new("astrascope made a mistake in this job")
                    .because(reason(error.into_panic().as_ref()))
                    .hint("the session goes on; please report it with the log");
                return (job, problem);
            }
        }
    }
}

/// What a panic said.
fn reason(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no reason given".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_told_with_its_job_and_reason() {
        let mut jobs = Jobs::default();
        jobs.start(JobId(1), async {});
        jobs.start(JobId(2), async { panic!("on purpose") });
        let (job, problem) = jobs.next_crash().await;
        assert_eq!(job, JobId(2));
        assert_eq!(problem.why.as_deref(), Some("on purpose"));
    }

    #[tokio::test]
    async fn a_cancelled_job_is_dropped_and_is_no_crash() {
        let mut jobs = Jobs::default();
        let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
        jobs.start(JobId(1), async move {
            let _sender = sender; // dropped with the task
            pending::<()>().await;
        });
        jobs.cancel(JobId(1));
        assert!(receiver.await.is_err());
        jobs.start(JobId(2), async { panic!("the next one") });
        assert_eq!(jobs.next_crash().await.0, JobId(2));
    }
}
