//! A list as far as it is loaded: pages as they came, rows as places in them.

use std::borrow::Cow;
use std::sync::Arc;

use crate::document::{Document, NodeId, NodeKind};
use crate::domain::{Paging, Problem, Timestamp};

/// A list as far as it is loaded. Its rows are places in the answers: nothing is copied out of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// What was asked for besides the page: `status=pending`.
    pub filter: Vec<(String, String)>,
    /// What of it is the period that is asked for where nobody says another: the next time it ends later.
    pub(super) period: Vec<(String, String)>,
    /// The answers that were taken in, first page first.
    pub pages: Vec<Arc<Document>>,
    /// The items of all pages in order.
    pub rows: Vec<Row>,
    /// Leads to the next page, if there is one.
    pub next: Option<String>,
    /// Whether a page is on its way.
    pub is_loading: bool,
    /// Whether page after page is loaded until there is no more.
    pub is_loading_all: bool,
    /// Why the last page did not come.
    pub problem: Option<Problem>,
    /// When the last page came.
    pub loaded_at: Option<Timestamp>,
}

/// One item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Index of its page.
    pub page: u32,
    /// Its object in that page.
    pub node: NodeId,
}

impl List {
    /// The page of `row` and the object in it.
    pub fn item(&self, row: usize) -> Option<(&Document, NodeId)> {
        let row = self.rows.get(row)?;
        let page = self.pages.get(usize::try_from(row.page).ok()?)?;
        Some((page, row.node))
    }

    /// The text of field `name` of `row`; `None` where it is missing or null.
    pub fn text(&self, row: usize, name: &str) -> Option<Cow<'_, str>> {
        let (page, node) = self.item(row)?;
        let field = page.get(node, name)?;
        (page.kind(field) != NodeKind::Null).then(|| page.text(field))
    }

    /// Takes the items of one answer in.
    ///
    /// # Errors
    /// When the answer has no items where the catalogue says that they are.
    pub(super) fn take(&mut self, page: &Arc<Document>, paging: &Paging) -> Result<(), Problem> {
        let root = page.root();
        let Some(items) = root.and_then(|root| page.get(root, &paging.items)) else {
            return Err(
                Problem::new(format!("the answer has no \"{}\"", paging.items))
                    .hint("see the Inspector for what came instead"),
            );
        };
        let number = u32::try_from(self.pages.len()).unwrap_or(u32::MAX);
        self.rows
            .extend(page.children(items).map(|node| Row { page: number, node }));
        let text = |name: &str| {
            let field = page.get(root?, name)?;
            (page.kind(field) != NodeKind::Null).then(|| page.text(field).into_owned())
        };
        let has_more = text(&paging.more).is_none_or(|more| more == "true");
        let cursor = text(&paging.cursor).filter(|cursor| !cursor.is_empty());
        self.next = cursor.filter(|_| has_more);
        self.pages.push(page.clone());
        Ok(())
    }
}
