//! A search in a body that is too long to be gone through between two frames: asked for, running, done, stopped.

use std::sync::Arc;

use crate::app::{self, Model, Outbox};
use crate::document::{Document, Matches, Pattern, PatternError, Scope};
use crate::domain::JobId;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// As it was typed.
    pub text: String,
    /// Whether that is a regular expression; else it is text, of either case unless it has a capital letter.
    pub is_regex: bool,
    /// Where to look.
    pub scope: Scope,
}

/// A search, from its beginning until the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// The job that carries it out.
    pub job: JobId,
    /// What is searched.
    pub document: Arc<Document>,
    /// What for.
    pub query: Query,
    /// What was found, once all was searched.
    pub matches: Option<Arc<Matches>>,
}

/// What may happen to a search.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Search this; one that runs is stopped.
    Start {
        /// What is searched.
        document: Arc<Document>,
        /// What for.
        query: Query,
    },
    /// A search ended.
    Found {
        /// Which one.
        job: JobId,
        /// What was found.
        matches: Arc<Matches>,
    },
    /// Nobody wants to know any more.
    Stop,
}

/// What has to be done for a search.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Search all of `document`.
    Search {
        /// Answer with this.
        job: JobId,
        /// What is searched.
        document: Arc<Document>,
        /// What for.
        query: Query,
    },
}

impl Query {
    /// The same for the index.
    ///
    /// # Errors
    /// When the text is no regular expression.
    pub fn pattern(&self) -> Result<Pattern, PatternError> {
        match self.is_regex {
            true => Pattern::regex(&self.text),
            false => Ok(Pattern::smart(&self.text)),
        }
    }
}

impl Search {
    /// Whether it still runs.
    pub fn is_busy(&self) -> bool {
        self.matches.is_none()
    }

    /// Whether it is this search.
    pub fn is(&self, document: &Arc<Document>, query: &Query) -> bool {
        Arc::ptr_eq(&self.document, document) && self.query == *query
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    match msg {
        Msg::Start { document, query } => {
            stop(model, out);
            let job = model.new_job();
            model.search = Some(Search {
                job,
                document: Arc::clone(&document),
                query: query.clone(),
                matches: None,
            });
            out.effect(app::Effect::Search(Effect::Search {
                job,
                document,
                query,
            }));
        }
        Msg::Found { job, matches } => {
            // The result of a search that was stopped meanwhile belongs to nothing.
            if let Some(search) = model.search.as_mut().filter(|search| search.job == job) {
                search.matches = Some(matches);
            }
        }
        Msg::Stop => {
            stop(model, out);
            model.search = None;
        }
    }
}

/// A search ended by a defect of this program: it found nothing.
pub(crate) fn crashed(model: &mut Model, job: JobId) {
    if model
        .search
        .as_ref()
        .is_some_and(|search| search.job == job)
    {
        model.search = None;
    }
}

fn stop(model: &Model, out: &mut Outbox) {
    if let Some(search) = model.search.as_ref().filter(|search| search.is_busy()) {
        out.effect(app::Effect::Cancel(search.job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Session;

    fn start(session: &mut Session, text: &str) -> JobId {
        let document = Arc::new(Document::parse("[1]".into()));
        let query = Query {
            text: text.into(),
            ..Query::default()
        };
        session.send(app::Msg::Search(Msg::Start { document, query }));
        session.model.search.as_ref().unwrap().job
    }

    #[test]
    fn a_new_search_stops_the_one_that_runs_and_its_late_result_is_ignored() {
        let mut session = Session::new();
        let first = start(&mut session, "a");
        let second = start(&mut session, "b");
        assert!(session.effects.contains(&app::Effect::Cancel(first)));
        let matches = Arc::new(Matches::default());
        let found = |job| {
            let matches = Arc::clone(&matches);
            app::Msg::Search(Msg::Found { job, matches })
        };
        session.send(found(first));
        assert_eq!(session.model.search.as_ref().unwrap().matches, None);
        session.send(found(second));
        assert!(session.model.search.as_ref().unwrap().matches.is_some());
        session.effects.clear();
        session.send(app::Msg::Search(Msg::Stop));
        assert!(session.effects.is_empty(), "there is nothing to stop");
        assert_eq!(session.model.search, None);
    }

    #[test]
    fn stopping_cancels_what_runs() {
        let mut session = Session::new();
        let job = start(&mut session, "a");
        session.send(app::Msg::Search(Msg::Stop));
        assert_eq!(session.effects.last(), Some(&app::Effect::Cancel(job)));
    }

    #[test]
    fn a_query_reads_as_text_or_as_a_regular_expression() {
        let query = |text: &str, is_regex| Query {
            text: text.into(),
            is_regex,
            scope: Scope::All,
        };
        assert!(query("a(", false).pattern().is_ok());
        assert!(query("a(", true).pattern().is_err());
    }
}
