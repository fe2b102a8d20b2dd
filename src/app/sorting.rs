//! A table that is too long to be sorted between two frames: asked for, running, done, stopped.

use std::sync::Arc;

use crate::app::{self, Model, Outbox};
use crate::document::{Document, NodeId, Sorting};
use crate::domain::JobId;

/// A sort, from its beginning until the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// The job that carries it out.
    pub job: JobId,
    /// Whose items.
    pub document: Arc<Document>,
    /// Which of them, and how.
    pub sorting: Sorting,
    /// Items that have been looked at.
    pub done: usize,
    /// The items in order, once they are.
    pub order: Option<Arc<Vec<NodeId>>>,
}

/// What may happen to a sort.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Sort this; what runs is stopped.
    Start {
        /// Whose items.
        document: Arc<Document>,
        /// Which of them, and how.
        sorting: Sorting,
    },
    /// A sort has come so far.
    Advanced {
        /// Which one.
        job: JobId,
        /// Items that have been looked at.
        done: usize,
    },
    /// A sort ended.
    Sorted {
        /// Which one.
        job: JobId,
        /// The items in order.
        order: Arc<Vec<NodeId>>,
    },
    /// Nobody wants to know any more.
    Stop,
}

/// What has to be done for a sort.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Sort these items.
    Sort {
        /// Answer with this.
        job: JobId,
        /// Whose items.
        document: Arc<Document>,
        /// Which of them, and how.
        sorting: Sorting,
    },
}

impl Sort {
    /// Whether it still runs.
    pub fn is_busy(&self) -> bool {
        self.order.is_none()
    }

    /// Whether it is this sort.
    pub fn is(&self, document: &Arc<Document>, sorting: &Sorting) -> bool {
        Arc::ptr_eq(&self.document, document) && self.sorting == *sorting
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    match msg {
        Msg::Start { document, sorting } => {
            stop(model, out);
            let job = model.new_job();
            model.sort = Some(Sort {
                job,
                document: Arc::clone(&document),
                sorting: sorting.clone(),
                done: 0,
                order: None,
            });
            out.effect(app::Effect::Sorting(Effect::Sort {
                job,
                document,
                sorting,
            }));
        }
        Msg::Advanced { job, done } => {
            if let Some(sort) = running(model, job) {
                sort.done = done;
            }
        }
        Msg::Sorted { job, order } => {
            if let Some(sort) = running(model, job) {
                sort.order = Some(order);
            }
        }
        Msg::Stop => {
            stop(model, out);
            model.sort = None;
        }
    }
}

/// A sort ended by a defect of this program: nothing is sorted.
pub(crate) fn crashed(model: &mut Model, job: JobId) {
    if running(model, job).is_some() {
        model.sort = None;
    }
}

/// What is told of a sort that was stopped meanwhile belongs to nothing.
fn running(model: &mut Model, job: JobId) -> Option<&mut Sort> {
    model.sort.as_mut().filter(|sort| sort.job == job)
}

fn stop(model: &Model, out: &mut Outbox) {
    if let Some(sort) = model.sort.as_ref().filter(|sort| sort.is_busy()) {
        out.effect(app::Effect::Cancel(sort.job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Session;

    fn start(session: &mut Session, name: &str) -> JobId {
        let document = Arc::new(Document::parse("[{\"a\": 1}]".into()));
        let sorting = Sorting {
            array: document.root().unwrap(),
            name: name.into(),
            is_falling: false,
        };
        session.send(app::Msg::Sorting(Msg::Start { document, sorting }));
        session.model.sort.as_ref().unwrap().job
    }

    fn sorted(job: JobId) -> app::Msg {
        let order = Arc::new(vec![NodeId::new(1)]);
        app::Msg::Sorting(Msg::Sorted { job, order })
    }

    #[test]
    fn a_new_sort_stops_the_one_that_runs_and_its_late_result_is_ignored() {
        let mut session = Session::new();
        let first = start(&mut session, "a");
        let second = start(&mut session, "b");
        assert!(session.effects.contains(&app::Effect::Cancel(first)));
        session.send(sorted(first));
        session.send(app::Msg::Sorting(Msg::Advanced {
            job: second,
            done: 7,
        }));
        let sort = session.model.sort.as_ref().unwrap();
        assert_eq!((sort.is_busy(), sort.done), (true, 7));
        session.send(sorted(second));
        assert!(!session.model.sort.as_ref().unwrap().is_busy());
        session.effects.clear();
        session.send(app::Msg::Sorting(Msg::Stop));
        assert!(session.effects.is_empty(), "there is nothing to stop");
        assert_eq!(session.model.sort, None);
    }

    #[test]
    fn stopping_cancels_what_runs() {
        let mut session = Session::new();
        let job = start(&mut session, "a");
        session.send(app::Msg::Sorting(Msg::Stop));
        assert_eq!(session.effects.last(), Some(&app::Effect::Cancel(job)));
        session.send(sorted(job));
        assert_eq!(session.model.sort, None);
    }
}
