//! A search in a body: what is looked for, what was found, and which match is looked at. How it is typed is left to `line`.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::app::search::{self, Query};
use crate::app::{Model, Msg};
use crate::document::{Document, Matches, Pattern, PatternError, Scope, Search};
use crate::ui::panes::inspector::spell::Lit;

/// A body up to this size is searched between two keys; a longer one by a job.
const SEARCHED_IN_PLACE: usize = 1 << 20;

/// What is looked for in one body.
#[derive(Default)]
pub(super) struct Find {
    pub(super) query: Query,
    pattern: Option<Pattern>,
    matches: Option<Arc<Matches>>,
    /// Number of the match that is looked at.
    at: Option<usize>,
    /// What was searched; more of it may have come since.
    searched: Option<Arc<Document>>,
    /// Where the search was begun; the first match behind it is looked at first.
    from: usize,
}

impl Find {
    /// Begins at the byte `from`.
    pub(super) fn begin(&mut self, from: usize) {
        self.from = from;
    }

    /// Where it was begun.
    pub(super) fn origin(&self) -> usize {
        self.from
    }

    /// Looks for what the query says now; answers with what has to be done for it.
    ///
    /// # Errors
    /// When it is no regular expression. What was found before is forgotten all the same.
    pub(super) fn renew(&mut self, document: &Arc<Document>) -> Result<Vec<Msg>, PatternError> {
        let mut msgs = self.forget();
        let pattern = self.query.pattern()?;
        if pattern.is_empty() {
            return Ok(msgs);
        }
        self.searched = Some(Arc::clone(document));
        if document.body().len() <= SEARCHED_IN_PLACE {
            let never = AtomicBool::new(false);
            let matches = Search::find(document, &pattern, self.query.scope, &never);
            self.found(Arc::new(matches));
        } else {
            let document = Arc::clone(document);
            let query = self.query.clone();
            msgs = vec![Msg::Search(search::Msg::Start { document, query })];
        }
        self.pattern = Some(pattern);
        Ok(msgs)
    }

    /// More of the same text has come: it is searched at once where that takes no time, or else when a match is stepped to.
    pub(super) fn go_on_with(&mut self, document: &Arc<Document>) {
        if let (Some(pattern), true) = (&self.pattern, self.matches.is_some())
            && document.body().len() <= SEARCHED_IN_PLACE
        {
            let never = AtomicBool::new(false);
            let matches = Search::find(document, pattern, self.query.scope, &never);
            self.searched = Some(Arc::clone(document));
            self.matches = Some(Arc::new(matches));
        }
    }

    /// Searches again if more of the text has come since; answers with what has to be done for it.
    pub(super) fn catch_up(&mut self, document: &Arc<Document>) -> Vec<Msg> {
        let searched = self.searched.as_ref();
        if self.is_busy() || searched.is_some_and(|searched| Arc::ptr_eq(searched, document)) {
            return Vec::new();
        }
        self.from = self.current().map_or(self.from, |found| found.start);
        self.renew(document).unwrap_or_default() // it could be read before
    }

    /// Forgets what was found; a search that runs is stopped.
    pub(super) fn forget(&mut self) -> Vec<Msg> {
        let is_running = self.is_busy();
        (self.pattern, self.matches, self.at) = (None, None, None);
        match is_running {
            true => vec![Msg::Search(search::Msg::Stop)],
            false => Vec::new(),
        }
    }

    /// Takes over what a job has found; tells whether there is something new to look at.
    pub(super) fn follow(&mut self, model: &Model) -> bool {
        let search = model.search.as_ref().filter(|_| self.is_busy());
        let searched = self.searched.as_ref();
        let search = search
            .filter(|search| searched.is_some_and(|searched| search.is(searched, &self.query)));
        match search.and_then(|search| search.matches.clone()) {
            Some(matches) => {
                self.found(matches);
                true
            }
            None => false,
        }
    }

    fn found(&mut self, matches: Arc<Matches>) {
        self.at = matches.next(self.from.saturating_sub(1));
        if self.from == 0 {
            self.at = (!matches.is_empty()).then_some(0);
        }
        self.matches = Some(matches);
    }

    /// Whether anything is looked for.
    pub(super) fn is_open(&self) -> bool {
        self.pattern.is_some()
    }

    /// Whether a job still searches.
    pub(super) fn is_busy(&self) -> bool {
        self.pattern.is_some() && self.matches.is_none()
    }

    /// The next match, or the one before; from the last it goes on with the first.
    pub(super) fn step(&mut self, is_forward: bool) {
        let count = self.matches.as_ref().map_or(0, |matches| matches.len());
        if let Some(at) = self.at
            && count > 0
        {
            let step = if is_forward { 1 } else { count - 1 };
            self.at = Some((at + step) % count);
        }
    }

    /// The match that is looked at.
    pub(super) fn current(&self) -> Option<Range<usize>> {
        self.matches.as_ref()?.get(self.at?)
    }

    /// What lights the matches in what is drawn.
    pub(super) fn lit<'a>(&'a self, document: &'a Document) -> Option<Lit<'a>> {
        let pattern = self.pattern.as_ref()?;
        Some(Lit {
            document,
            pattern,
            scope: self.query.scope,
            current: self.current().map(|found| found.start),
        })
    }

    /// `3/120`, `no match`.
    pub(super) fn standing(&self) -> String {
        match (&self.matches, self.at) {
            (Some(matches), Some(at)) => {
                let more = if matches.is_complete() { "" } else { "+" };
                format!("{}/{}{more}", at + 1, matches.count())
            }
            (Some(_), None) => "no match".into(),
            (None, _) if self.is_busy() => "searching".into(),
            (None, _) => String::new(),
        }
    }

    /// Where it looks, in words.
    pub(super) fn scope(&self) -> &'static str {
        match self.query.scope {
            Scope::All => "everywhere",
            Scope::Keys => "in names",
            Scope::Values => "in values",
        }
    }

    /// Looks elsewhere.
    pub(super) fn change_scope(&mut self) {
        self.query.scope = match self.query.scope {
            Scope::All => Scope::Keys,
            Scope::Keys => Scope::Values,
            Scope::Values => Scope::All,
        };
    }
}
