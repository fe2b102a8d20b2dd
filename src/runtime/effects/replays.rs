//! Sending again: values of saved requests filled in, the answer before it found, two answers compared.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, anyhow};
use tokio::task::spawn_blocking;

use crate::adapters::files::rules;
use crate::adapters::files::saved::{SavedRequests, answer_path, read_answer};
use crate::app::replay::{self, Effect, Fill, Findings};
use crate::app::requests::Caller;
use crate::app::{Baseline, BaselineOrigin, Msg};
use crate::catalog::{Catalog, check_expectations};
use crate::document::{Change, Difference, Document, Rules, diff};
use crate::domain::{
    Auth, Draft, EndpointId, Expectations, Hosts, MASK, Problem, Response, SavedRequest, UserKey,
};
use crate::runtime::effects::histories::{Histories, opened};
use crate::runtime::effects::{Effects, Tools};
use crate::runtime::values::{Calls, Values, Who};

/// Calls for values with the tokens of the session.
struct OfSession {
    tools: Tools,
    catalog: Arc<Catalog>,
    hosts: Hosts,
    client_id: String,
    user: Option<UserKey>,
    /// The same as the history knows them.
    label: Option<String>,
    profile: String,
    histories: Option<Histories>,
    /// Whether a token was not good any more.
    is_refused: Arc<AtomicBool>,
}

/// The status of a token that is no longer good.
const UNAUTHORIZED: u16 = 401;

impl Calls for OfSession {
    type Answered = Response;

    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn response(answered: &Response) -> &Response {
        answered
    }

    async fn kept(&self, draft: Draft, _who: &Who, age: Duration) -> Option<Document> {
        let called = self.catalog.called(&draft.call).ok()?;
        let request = called.prepare(&draft, &self.hosts).ok()?;
        let user = match request.auth {
            Auth::Bearer => self.label.clone(),
            Auth::None | Auth::Basic => None,
        };
        let (histories, profile) = (self.histories.clone()?, self.profile.clone());
        let read = move || histories.fresh((&profile, user.as_deref()), &request, age);
        // A history that cannot be read has no answer: the request is sent.
        let body = spawn_blocking(read).await.ok()?.ok()??;
        Some(Document::parse(body))
    }

    async fn call(&self, draft: Draft, _who: &Who) -> anyhow::Result<Response> {
        let request = self
            .catalog
            .called(&draft.call)?
            .prepare(&draft, &self.hosts)?;
        let caller = match (request.auth, self.user) {
            (Auth::None, _) => Caller::Nobody,
            (Auth::Basic, _) => Caller::Application {
                client_id: self.client_id.clone(),
            },
            (Auth::Bearer, Some(user)) => Caller::User(user),
            (Auth::Bearer, None) => return Err(anyhow!("no test user is selected")),
        };
        let credential = self.tools.credential(caller)?;
        let response = self.tools.client.call(&request, credential).await?;
        if response.status == UNAUTHORIZED && request.auth == Auth::Bearer {
            self.is_refused.store(true, Ordering::Relaxed);
        }
        Ok(response)
    }
}

impl Effects {
    pub(super) fn start_replay(&mut self, tools: Tools, effect: Effect) {
        match effect {
            Effect::Fill(fill) => {
                let calls = OfSession {
                    tools: tools.clone(),
                    catalog: Arc::clone(&self.catalog),
                    hosts: fill.hosts.clone(),
                    client_id: fill.client_id.clone(),
                    user: fill.user,
                    label: fill.label.clone(),
                    profile: fill.profile.clone(),
                    histories: self.histories.clone(),
                    is_refused: Arc::default(),
                };
                let is_refused = Arc::clone(&calls.is_refused);
                let (folders, histories) = (self.saved.clone(), self.histories.clone());
                self.jobs.start(fill.job, async move {
                    let result = filled(calls, folders, histories, &fill).await;
                    let is_refused = is_refused.load(Ordering::Relaxed) && result.is_err();
                    let msg = match is_refused && !fill.is_second_try {
                        true => replay::Msg::Refused(fill),
                        false => replay::Msg::Filled {
                            job: fill.job,
                            result: result.map_err(|error| problem(&error)),
                        },
                    };
                    tools.report(Msg::Replay(msg)).await;
                });
            }
            Effect::Compare {
                job,
                old,
                new,
                response,
                expect,
                endpoint,
                rules,
            } => {
                let catalog = Arc::clone(&self.catalog);
                self.jobs.start(job, async move {
                    let compared = spawn_blocking(move || Findings {
                        differences: old
                            .map_or_else(Vec::new, |old| differences(&old, &new, &rules)),
                        failures: failures(&expect, &response, &new, (&catalog, &endpoint)),
                    });
                    let findings = Arc::new(compared.await.unwrap_or_default()); // only cancelled when the program ends
                    tools
                        .report(Msg::Replay(replay::Msg::Compared { job, findings }))
                        .await;
                });
            }
            Effect::ReadRules => {
                let Some(file) = self.rules.clone() else {
                    return;
                };
                spawn_blocking(move || {
                    let msg = match rules::read(&file) {
                        Ok(rules) => Msg::Replay(replay::Msg::Rules(rules)),
                        Err(problem) => Msg::warning(problem.to_string()),
                    };
                    // Nobody waits for it once the session is over.
                    let _ = tools.messages.blocking_send(msg);
                });
            }
            Effect::KeepRules(own) => {
                let Some(file) = self.rules.clone() else {
                    return;
                };
                let kept = tools.keeper.keep(move || rules::write(&file, &own));
                tokio::spawn(async move {
                    if let Some(Err(problem)) = kept.await {
                        tools.report(Msg::warning(problem.to_string())).await;
                    }
                });
            }
        }
    }
}

type Filled = (Draft, crate::domain::Prepared, Arc<Catalog>);

/// The draft that `fill` comes to, and what to compare its answer with: the recorded one, or else the newest.
async fn filled(
    calls: OfSession,
    folders: Option<SavedRequests>,
    histories: Option<Histories>,
    fill: &Fill,
) -> anyhow::Result<(Box<Draft>, Option<Baseline>)> {
    let folders = folders.context("this session has no files")?;
    let path = folders.path(fill.key.place, &fill.request.name)?;
    let (draft, prepared, catalog) = draft(calls, folders, &fill.request).await?;
    let draft = Box::new(draft);
    if let Some(baseline) = spawn_blocking(move || recorded(&path)).await?? {
        return Ok((draft, Some(baseline)));
    }
    let Some(histories) = histories else {
        return Ok((draft, None));
    };
    let profile = fill.profile.clone();
    let latest = spawn_blocking(move || histories.latest(&profile, &prepared)).await?;
    let before = match latest.ok().flatten() {
        // An answer that cannot be read is none to compare with.
        Some(entry) => Baseline::of(&opened(entry, catalog).await),
        None => None,
    };
    Ok((draft, before))
}

/// The answer that is recorded beside the file at `path`.
fn recorded(path: &Path) -> Result<Option<Baseline>, Problem> {
    let body = read_answer(path)?.filter(|body| !body.is_empty()); // an empty one asks for one to be recorded
    let file = answer_path(path);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(body.map(|body| Baseline {
        origin: BaselineOrigin::Recorded(name.into_owned()),
        document: Arc::new(Document::parse(body)),
    }))
}

/// The draft that `request` comes to, and as it will go out.
async fn draft(
    calls: OfSession,
    folders: SavedRequests,
    request: &SavedRequest,
) -> anyhow::Result<Filled> {
    let (catalog, hosts, user) = (Arc::clone(&calls.catalog), calls.hosts.clone(), calls.user);
    let values = Values::new(calls, folders);
    values.check_circles(request)?;
    let mut draft = values.fill(request, &None).await?.to_draft();
    draft.user = user;
    let prepared = catalog.called(&draft.call)?.prepare(&draft, &hosts)?;
    Ok((draft, prepared, catalog))
}

/// What a person reads of an error; a hint that is in it stays one.
fn problem(error: &anyhow::Error) -> Problem {
    let text = format!("{error:#}");
    match text.split_once("\nhint: ") {
        Some((what, hint)) => Problem::new(what).hint(hint),
        None => Problem::new(text),
    }
}

/// What differs; where the older answer was masked before it was kept, nothing is known of it.
fn differences(old: &Document, new: &Document, rules: &Rules) -> Vec<Difference> {
    let mut found = diff(old, new, rules);
    found.retain(|difference| match difference.change {
        Change::Changed { from, .. } => !old.text(from).contains(MASK),
        Change::Added { .. } | Change::Removed { .. } | Change::Moved { .. } => true,
    });
    found
}

fn failures(
    expect: &Expectations,
    response: &Response,
    document: &Document,
    (catalog, endpoint): (&Catalog, &EndpointId),
) -> Vec<crate::catalog::Failure> {
    let known = catalog
        .endpoint(endpoint)
        .map(|endpoint| (endpoint, catalog));
    check_expectations(expect, response, document, known)
}
