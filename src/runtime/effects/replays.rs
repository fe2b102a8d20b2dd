//! Sending again: values of saved requests filled in, the answer before it found, two answers compared.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use tokio::task::spawn_blocking;

use crate::adapters::files::{rules, saved::SavedRequests};
use crate::app::Msg;
use crate::app::replay::{self, Effect, Findings};
use crate::app::requests::Caller;
use crate::catalog::{Catalog, check_expectations};
use crate::document::{Change, Difference, Document, Rules, diff};
use crate::domain::{
    Auth, Draft, EndpointId, Expectations, Hosts, MASK, Problem, Response, SavedRequest, UserKey,
};
use crate::runtime::effects::histories::opened;
use crate::runtime::effects::{Effects, Tools};
use crate::runtime::values::{Calls, Values, Who};

/// Calls for values with the tokens of the session.
struct OfSession {
    tools: Tools,
    catalog: Arc<Catalog>,
    hosts: Hosts,
    client_id: String,
    user: Option<UserKey>,
}

impl Calls for OfSession {
    type Answered = Response;

    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn response(answered: &Response) -> &Response {
        answered
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
        Ok(self.tools.client.call(&request, credential).await?)
    }
}

impl Effects {
    pub(super) fn start_replay(&mut self, tools: Tools, effect: Effect) {
        match effect {
            Effect::Fill {
                job,
                request,
                user,
                profile,
                hosts,
                client_id,
            } => {
                let calls = OfSession {
                    tools: tools.clone(),
                    catalog: Arc::clone(&self.catalog),
                    hosts,
                    client_id,
                    user,
                };
                let folders = self.saved.clone();
                let before = self.histories.clone();
                self.jobs.start(job, async move {
                    let result = match fill(calls, folders, &request).await {
                        Ok((draft, prepared, catalog)) => {
                            let latest = before.map(|histories| {
                                spawn_blocking(move || histories.latest(&profile, &prepared))
                            });
                            let latest = match latest {
                                Some(latest) => latest.await.ok().and_then(Result::ok).flatten(),
                                None => None,
                            };
                            let before = match latest {
                                // An answer that cannot be read is none to compare with.
                                Some(entry) => Some(Box::new(opened(entry, catalog).await)),
                                None => None,
                            };
                            Ok((Box::new(draft), before))
                        }
                        Err(error) => Err(problem(&error)),
                    };
                    tools
                        .report(Msg::Replay(replay::Msg::Filled { job, result }))
                        .await;
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

/// The draft that `request` comes to, and as it will go out.
async fn fill(
    calls: OfSession,
    folders: Option<SavedRequests>,
    request: &SavedRequest,
) -> anyhow::Result<Filled> {
    let folders = folders.context("this session has no files")?;
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
