//! What the API has listed, page by page: the accounts of each test user.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::{self, Env, Model, Outbox};
use crate::document::{Document, NodeId};
use crate::domain::{Draft, JobId, Outcome, Paging, Problem, Timestamp, UserKey};

/// The endpoint behind the Accounts pane.
pub const ACCOUNTS: &str = "accounts.list";

/// The lists of the session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources {
    /// Accounts of each user that was asked for.
    pub accounts: BTreeMap<UserKey, List>,
    /// Grows each time a list is asked for by signing in, so that a screen can bring it to the front.
    pub brought_forward: u64,
}

/// A list as far as it is loaded. Its rows are places in the answers: nothing is copied out of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// The answers that were taken in, first page first.
    pub pages: Vec<Arc<Document>>,
    /// The items of all pages in order.
    pub rows: Vec<Row>,
    /// Leads to the next page, if there is one.
    pub next: Option<String>,
    /// Whether a page is on its way.
    pub is_loading: bool,
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

/// What may happen to lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Msg {
    /// Load the accounts of this user, and bring them to the front.
    Load(UserKey),
    /// Load the accounts of this user again.
    Reload(UserKey),
    /// Load the next page, if there is one and none is on its way.
    LoadMore(UserKey),
    /// Forget the accounts of this user.
    Drop(UserKey),
}

impl List {
    /// The page of `row` and the object in it.
    pub fn item(&self, row: usize) -> Option<(&Document, NodeId)> {
        let row = self.rows.get(row)?;
        let page = self.pages.get(usize::try_from(row.page).ok()?)?;
        Some((page, row.node))
    }

    /// The text of field `name` of `row`; `None` where it is missing or null.
    pub fn text(&self, row: usize, name: &str) -> Option<std::borrow::Cow<'_, str>> {
        let (page, node) = self.item(row)?;
        let field = page.get(node, name)?;
        (page.kind(field) != crate::document::NodeKind::Null).then(|| page.text(field))
    }

    /// Takes the items of one answer in.
    fn take(&mut self, page: &Arc<Document>, paging: &Paging) -> Result<(), Problem> {
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
            Some(page.text(field).into_owned())
        };
        let has_more = text(&paging.more).is_none_or(|more| more == "true");
        let cursor = text(&paging.cursor).filter(|cursor| !cursor.is_empty() && cursor != "null");
        self.next = cursor.filter(|_| has_more);
        self.pages.push(page.clone());
        Ok(())
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    let lists = &mut model.resources.accounts;
    match msg {
        Msg::Load(user) => {
            model.resources.brought_forward += 1;
            request(model, user, None, out);
        }
        Msg::Reload(user) => request(model, user, None, out),
        Msg::LoadMore(user) => {
            let list = lists.get(&user).filter(|list| !list.is_loading);
            if let Some(cursor) = list.and_then(|list| list.next.clone()) {
                request(model, user, Some(cursor), out);
            }
        }
        Msg::Drop(user) => {
            lists.remove(&user);
        }
    }
}

fn request(model: &mut Model, user: UserKey, cursor: Option<String>, out: &mut Outbox) {
    let mut draft = Draft::new(ACCOUNTS).on_behalf_of(user);
    let paging = model
        .catalog
        .endpoint(&draft.endpoint)
        .and_then(|endpoint| endpoint.list.clone());
    if let (Some(cursor), Some(paging)) = (cursor, paging) {
        draft.query.push((paging.cursor, cursor));
    }
    if model.auth.grant(user).is_some() {
        model.resources.accounts.entry(user).or_default().is_loading = true;
    }
    out.message(app::Msg::send(draft));
}

/// Takes a page from an answer to the list's endpoint: the first replaces the list, a further one extends it.
pub(crate) fn answered(model: &mut Model, job: JobId, env: Env) {
    let Some(entry) = model.requests.find(job) else {
        return; // dropped from the session meanwhile
    };
    let exchange = &entry.exchange;
    let (ACCOUNTS, Some(user)) = (exchange.endpoint.as_str(), exchange.user) else {
        return; // another endpoint
    };
    let Some(paging) = model
        .catalog
        .endpoint(&exchange.endpoint)
        .and_then(|endpoint| endpoint.list.clone())
    else {
        return; // a corrected catalogue says that it is no list
    };
    let query = entry.draft.as_ref().map_or(&[][..], |draft| &draft.query);
    let is_first = !query.iter().any(|(name, _)| *name == paging.cursor);
    let list = model.resources.accounts.entry(user).or_default();
    list.is_loading = false;
    list.problem = match (&exchange.outcome, &entry.document) {
        (Outcome::Done(response), Some(page)) if response.is_success() => {
            let mut fresh = if is_first {
                List::default()
            } else {
                std::mem::take(list)
            };
            let result = fresh.take(page, &paging);
            *list = fresh;
            list.loaded_at = Some(env.now);
            result.err()
        }
        (Outcome::Done(response), _) => Some(
            Problem::new(format!("the API answered {}", response.status))
                .hint("the Inspector shows the answer"),
        ),
        (Outcome::Failed(problem), _) => Some(problem.clone()),
        _ => Some(Problem::new("cancelled").hint("press r to load again")),
    };
}
