//! Sending again: values of saved requests filled in, the answer before it found, two answers compared.

use std::collections::HashSet;
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
use crate::app::{Baseline, BaselineOrigin, Msg, Recorded};
use crate::catalog::{Answer, Catalog, check_expectations};
use crate::document::{Change, Difference, Document, Rules, diff};
use crate::domain::{
    Auth, Draft, Endpoint, EndpointId, Exchange, Expectations, Hosts, JobId, MASK, Outcome,
    Problem, Profile, RequestName, Response, SavedRequest, UserKey,
};
use crate::runtime::effects::histories::{Histories, opened};
use crate::runtime::effects::{Effects, Tools};
use crate::runtime::now;
use crate::runtime::values::{Calls, Concealed, Values, Who};

/// Calls for values with the tokens of the session.
struct OfSession {
    tools: Tools,
    catalog: Arc<Catalog>,
    hosts: Hosts,
    user: Option<UserKey>,
    /// The same as the history knows them.
    label: Option<String>,
    profile: Profile,
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

    fn concealed(&self) -> &Concealed {
        &self.tools.concealed
    }

    async fn kept(&self, draft: Draft, _who: &Who, age: Duration) -> Option<Document> {
        let called = self.catalog.called(&draft.call).ok()?;
        let request = called.prepare(&draft, &self.hosts).ok()?;
        let user = match request.auth {
            Auth::Bearer => self.label.clone(),
            Auth::None | Auth::Basic => None,
        };
        let (histories, profile) = (self.histories.clone()?, self.profile.name.clone());
        let read = move || histories.fresh((&profile, user.as_deref()), &request, age);
        // A history that cannot be read has no answer: the request is sent.
        let body = spawn_blocking(read).await.ok()?.ok()??;
        Some(Document::parse(body))
    }

    async fn call(
        &self,
        mut draft: Draft,
        of: Option<&SavedRequest>,
        _who: &Who,
    ) -> anyhow::Result<Response> {
        let endpoint = self.catalog.called(&draft.call)?;
        check_asked(&self.profile, &endpoint, of.map(|of| &of.name))?;
        let request = endpoint.prepare(&draft, &self.hosts)?;
        draft.user = self.user.filter(|_| request.auth == Auth::Bearer);
        let caller = match (request.auth, self.user) {
            (Auth::None, _) => Caller::Nobody,
            (Auth::Basic, _) => Caller::Application {
                client_id: self.profile.client_id.clone(),
            },
            (Auth::Bearer, Some(user)) => Caller::User(user),
            (Auth::Bearer, None) => return Err(anyhow!("no test user is selected")),
        };
        let credential = self.tools.credential(caller)?;
        let started_at = now();
        let result = self.tools.client.call(&request, credential).await;
        let exchange = Exchange {
            job: JobId::default(),
            endpoint: endpoint.id.clone(),
            user: draft.user,
            request: request.clone(),
            started_at,
            outcome: match &result {
                Ok(response) => Outcome::Done(response.clone()),
                Err(problem) => Outcome::Failed(problem.clone()),
            },
        };
        let recorded = Recorded {
            exchange,
            document: result
                .as_ref()
                .ok()
                .map(|response| Arc::new(Document::parse(response.body.clone()))),
            draft: Some(draft),
        };
        self.tools
            .report(Msg::record(Box::new(recorded), true))
            .await;
        let response = result?;
        if response.status == UNAUTHORIZED && request.auth == Auth::Bearer {
            self.is_refused.store(true, Ordering::Relaxed);
        }
        Ok(response)
    }
}

/// Nobody can be asked about what is sent for a value: a write on production is not.
fn check_asked(
    profile: &Profile,
    endpoint: &Endpoint,
    of: Option<&RequestName>,
) -> anyhow::Result<()> {
    if !profile.asks_before(endpoint) {
        return Ok(());
    }
    let name = of.map_or_else(|| endpoint.id.to_string(), ToString::to_string);
    let reference = name.replace('/', ".");
    Err(anyhow!(
        "{name} changes something on production, and is not sent for a value\nhint: send it by itself, which asks first, and refer to its kept answer: {{{{requests.{reference}.body.id within 10m}}}}"
    ))
}

impl Effects {
    pub(super) fn start_replay(&mut self, tools: Tools, effect: Effect) {
        match effect {
            Effect::Fill(fill) => {
                let calls = OfSession {
                    tools: tools.clone(),
                    catalog: Arc::clone(&self.catalog),
                    hosts: fill.hosts.clone(),
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
            Effect::KeepRule { rule, is_kept } => {
                let Some(file) = self.rules.clone() else {
                    return;
                };
                let kept = tools
                    .keeper
                    .keep(move || rules::keep(&file, &rule, is_kept));
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
    let (profile, user) = (fill.profile.name.clone(), fill.label.clone());
    let latest =
        spawn_blocking(move || histories.latest((&profile, user.as_deref()), &prepared)).await?;
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
    values.follow(request, &mut HashSet::new())?; // a circle is told before anything is sent
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
    let told = document; // on the screen, where the answer itself stands
    let answer = Answer {
        response,
        document,
        told,
    };
    check_expectations(expect, answer, known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Environment;

    #[test]
    fn on_production_nothing_is_written_for_a_value() {
        let catalog = Catalog::built_in().unwrap();
        let endpoint = |id| catalog.endpoint(&EndpointId::new(id)).unwrap();
        let mut profile = Profile::built_in();
        let name = RequestName::parse("pay/rent").unwrap();
        let check = |profile: &Profile, id| check_asked(profile, endpoint(id), Some(&name));
        assert!(check(&profile, "routines.create").is_ok());
        profile.environment = Environment::Production;
        assert!(check(&profile, "routines.get").is_ok());
        let problem = problem(&check(&profile, "routines.create").unwrap_err());
        assert!(
            problem
                .what
                .starts_with("pay/rent changes something on production")
        );
        assert!(
            problem
                .hint
                .unwrap()
                .contains("{{requests.pay.rent.body.id within 10m}}")
        );
    }
}
