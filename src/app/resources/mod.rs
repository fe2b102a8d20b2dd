//! What the API has listed for each test user, page by page: accounts, cards, routines, transfers, transactions.

mod list;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub use list::{List, Row};

use crate::app::{self, Env, Model, Outbox};
use crate::document::Document;
use crate::domain::{
    Draft, Endpoint, EndpointId, Format, JobId, Outcome, Problem, Response, Timestamp, UserKey,
};

/// The list that signing in asks for.
pub const ACCOUNTS: &str = "accounts.list";

/// The endpoint that tells who the user is.
pub const USER: &str = "user.get";

/// How far back a list reaches that asks for a period.
const PERIOD: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A list of one test user.
type Key = (UserKey, EndpointId);

/// The lists of the session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources {
    /// By user and endpoint.
    lists: BTreeMap<Key, List>,
    /// What the API last said of each user.
    people: BTreeMap<UserKey, Arc<Document>>,
    /// How many milliseconds the clock of the server is ahead of this machine's, as its newest answer is dated.
    ahead: i64,
    /// Grows each time accounts are asked for by signing in, so that a screen can bring them to the front.
    pub brought_forward: u64,
}

/// What may happen to lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Msg {
    /// Load the accounts of this user, and bring them to the front.
    Welcome(UserKey),
    /// Load this list from its beginning.
    Load {
        /// Whose.
        user: UserKey,
        /// Which list.
        endpoint: EndpointId,
        /// What to ask for besides the page: parts of the path and query parameters, by their names.
        filter: Vec<(String, String)>,
    },
    /// Load this list again as it was asked for.
    Reload {
        /// Whose.
        user: UserKey,
        /// Which list.
        endpoint: EndpointId,
    },
    /// Load the next page, if there is one and none is on its way.
    LoadMore {
        /// Whose.
        user: UserKey,
        /// Which list.
        endpoint: EndpointId,
    },
    /// Load page after page until there is no more.
    LoadAll {
        /// Whose.
        user: UserKey,
        /// Which list.
        endpoint: EndpointId,
    },
    /// Load no more pages than the one on its way.
    StopLoading,
    /// Forget the lists of this user.
    Drop(UserKey),
}

impl Resources {
    /// The list that `endpoint` answers to `user`, as far as it is loaded.
    pub fn list(&self, user: UserKey, endpoint: &str) -> Option<&List> {
        self.lists.get(&(user, EndpointId::new(endpoint)))
    }

    /// The lists that endpoints of `resource` have answered to `user`, as far as they are loaded.
    pub fn lists_of(&self, user: UserKey, resource: &str) -> impl Iterator<Item = &List> {
        let is_one = move |key: &Key| key.0 == user && key.1.resource() == resource;
        let lists = self.lists.iter().filter(move |(key, _)| is_one(key));
        lists.map(|(_, list)| list)
    }

    /// Whether a list of `resource` is on its way to `user`.
    pub fn is_loading(&self, user: UserKey, resource: &str) -> bool {
        self.lists_of(user, resource).any(|list| list.is_loading)
    }

    /// What the API last said of `user`.
    pub fn person(&self, user: UserKey) -> Option<&Document> {
        self.people.get(&user).map(Arc::as_ref)
    }

    /// Whether page after page of any list is being loaded.
    pub fn is_loading_all(&self) -> bool {
        self.lists.values().any(|list| list.is_loading_all)
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, env: Env, out: &mut Outbox) {
    match msg {
        Msg::Welcome(user) => {
            model.resources.brought_forward += 1;
            load(
                model,
                (user, EndpointId::new(ACCOUNTS)),
                Vec::new(),
                env,
                out,
            );
        }
        Msg::Load {
            user,
            endpoint,
            filter,
        } => load(model, (user, endpoint), filter, env, out),
        Msg::Reload { user, endpoint } => {
            let key = (user, endpoint);
            let list = model.resources.lists.get(&key);
            let pairs = list.into_iter().flat_map(|list| {
                let is_said = |pair: &&(String, String)| !list.period.contains(pair);
                list.filter.iter().filter(is_said)
            });
            let filter = pairs.cloned().collect();
            load(model, key, filter, env, out);
        }
        Msg::LoadMore { user, endpoint } => load_more(model, &(user, endpoint), out),
        Msg::LoadAll { user, endpoint } => {
            let key = (user, endpoint);
            if let Some(list) = model.resources.lists.get_mut(&key) {
                list.is_loading_all = list.next.is_some() || list.is_loading;
            }
            load_more(model, &key, out);
        }
        Msg::StopLoading => {
            for list in model.resources.lists.values_mut() {
                list.is_loading_all = false;
            }
        }
        Msg::Drop(user) => {
            model.resources.lists.retain(|(of, _), _| *of != user);
            model.resources.people.remove(&user);
        }
    }
}

fn load(
    model: &mut Model,
    key: Key,
    mut filter: Vec<(String, String)>,
    env: Env,
    out: &mut Outbox,
) {
    let period = period(model, &key.1, &filter, env);
    filter.extend(period.iter().cloned());
    let draft = asking(model, &key, &filter);
    if model.auth.grant(key.0).is_some() {
        let list = model.resources.lists.entry(key).or_default();
        list.is_loading = true;
        list.is_loading_all = false;
        list.period = period;
    }
    out.message(app::Msg::send(draft));
}

/// Asks for the list of `key`, with what `filter` says in the path and in the query.
fn asking(model: &Model, key: &Key, filter: &[(String, String)]) -> Draft {
    let parts = model
        .catalog
        .endpoint(&key.1)
        .map_or(&[][..], |endpoint| &endpoint.parameters);
    let mut draft = Draft::new(key.1.as_str()).on_behalf_of(key.0);
    for (name, value) in filter.iter().cloned() {
        match parts.iter().any(|part| part.name == name) {
            true => drop(draft.path.insert(name, value)),
            false => draft.query.push((name, value)),
        }
    }
    draft
}

fn load_more(model: &mut Model, key: &Key, out: &mut Outbox) {
    let endpoint = model.catalog.endpoint(&key.1);
    let paging = endpoint.and_then(|endpoint| endpoint.list.clone());
    let largest = endpoint.and_then(largest_page);
    let list = model
        .resources
        .lists
        .get(key)
        .filter(|list| !list.is_loading);
    if let (Some(list), Some(paging)) = (list, paging)
        && let Some(cursor) = list.next.clone()
    {
        let mut draft = asking(model, key, &list.filter);
        draft.query.push((paging.cursor, cursor));
        let is_sized = draft.query.iter().any(|(name, _)| *name == paging.size);
        draft.query.extend(
            largest
                .filter(|_| list.is_loading_all && !is_sized)
                .map(|largest| (paging.size, largest)),
        );
        out.message(app::Msg::send_quietly(draft));
        if let Some(list) = model.resources.lists.get_mut(key) {
            list.is_loading = true;
        }
    }
}

/// How many items the largest page of `endpoint` has, where that is documented.
fn largest_page(endpoint: &Endpoint) -> Option<String> {
    let paging = endpoint.list.as_ref()?;
    let size = endpoint
        .query
        .iter()
        .find(|field| field.name == paging.size)?;
    size.maximum.map(|largest| largest.to_string())
}

/// The period that an endpoint asks for and `filter` does not say: its required dates, the first of them a while ago, the
/// others today, as it is at the server.
fn period(
    model: &Model,
    endpoint: &EndpointId,
    filter: &[(String, String)],
    env: Env,
) -> Vec<(String, String)> {
    let fields = model
        .catalog
        .endpoint(endpoint)
        .map_or(&[][..], |endpoint| &endpoint.query);
    let dates = fields
        .iter()
        .filter(|field| field.required && field.format == Some(Format::Date));
    let now = Timestamp(env.now.0.saturating_add(model.resources.ahead));
    let mut period = Vec::new();
    for (index, field) in dates.enumerate() {
        if filter.iter().any(|(name, _)| *name == field.name) {
            continue;
        }
        let at = if index == 0 { now.before(PERIOD) } else { now };
        period.push((field.name.clone(), date(at)));
    }
    period
}

/// How many milliseconds ahead of this machine's clock `response` is dated (RFC 9110, section 6.6.1).
fn ahead(response: &Response) -> Option<i64> {
    let date = jiff::fmt::rfc2822::parse(response.header("date")?).ok()?;
    let there = date.timestamp().as_millisecond();
    Some(there.saturating_sub(response.received_at.0))
}

/// The date of `at` in UTC: `2026-03-02`.
fn date(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.strftime("%Y-%m-%d").to_string()
}

/// Takes a page from an answer to a list's endpoint: the first replaces the list, a further one extends it. After a write,
/// what it may have changed is loaded again.
pub(crate) fn answered(model: &mut Model, job: JobId, env: Env, out: &mut Outbox) {
    let Some(entry) = model.requests.find(job) else {
        return; // dropped from the session meanwhile
    };
    if let Some(ahead) = entry.exchange.response().and_then(ahead) {
        model.resources.ahead = ahead;
    }
    let (exchange, Some(draft)) = (&entry.exchange, entry.draft.as_ref()) else {
        return; // carried out elsewhere: no list
    };
    let (Some(user), Some(endpoint)) = (exchange.user, model.catalog.endpoint(&exchange.endpoint))
    else {
        return; // on nobody's behalf
    };
    let key = (user, endpoint.id.clone());
    // A path of a person's own may ask for anything that this list is not.
    let paging = endpoint.list.as_ref();
    let Some(paging) = paging.filter(|_| draft.call.endpoint().is_some()) else {
        let is_success = exchange.response().is_some_and(Response::is_success);
        if is_success && endpoint.writes() {
            reload_changed(model, user, &key.1, out);
        } else if is_success && key.1.as_str() == USER {
            let person = entry.document.clone();
            person.map(|person| model.resources.people.insert(user, person));
        }
        return;
    };
    let is_cursor =
        |(name, _): &&(String, String)| *name == paging.cursor && !paging.cursor.is_empty();
    let is_first = !draft.query.iter().any(|pair| is_cursor(&pair));
    let list = model.resources.lists.entry(key.clone()).or_default();
    list.is_loading = false;
    list.problem = match (&exchange.outcome, &entry.document) {
        (Outcome::Done(response), Some(page)) if response.is_success() => {
            if is_first {
                *list = List {
                    is_loading_all: list.is_loading_all,
                    period: std::mem::take(&mut list.period),
                    filter: draft
                        .path
                        .clone()
                        .into_iter()
                        .chain(draft.query.clone())
                        .collect(),
                    ..List::default()
                };
            }
            list.loaded_at = Some(env.now);
            list.take(page, paging).err()
        }
        (Outcome::Done(response), _) => Some(
            Problem::new(format!("the API answered {}", response.status))
                .hint("the Inspector shows the answer"),
        ),
        (Outcome::Failed(problem), _) => Some(problem.clone()),
        _ => Some(Problem::new("cancelled").hint("press r to load again")),
    };
    list.is_loading_all &= list.next.is_some() && list.problem.is_none();
    if list.is_loading_all {
        out.message(app::Msg::Resources(Msg::LoadMore {
            user,
            endpoint: key.1,
        }));
    }
}

/// A write to a resource may change its list, and a routine makes transfers: what is loaded of these is loaded again.
fn reload_changed(model: &Model, user: UserKey, written: &EndpointId, out: &mut Outbox) {
    const FOLLOWS: &[(&str, &str)] = &[("routines", "transfers"), ("transfers", "routines")];
    let also = FOLLOWS
        .iter()
        .find(|(from, _)| *from == written.resource())
        .map(|(_, to)| *to);
    for ((of, endpoint), list) in &model.resources.lists {
        let resource = endpoint.resource();
        if *of == user && (resource == written.resource() || Some(resource) == also) {
            let draft = asking(model, &(*of, endpoint.clone()), &list.filter);
            out.message(app::Msg::send_quietly(draft));
        }
    }
}
