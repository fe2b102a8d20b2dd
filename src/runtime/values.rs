//! Sends saved requests with their `{{values}}` filled in: from the environment, from what the API lists for the user, from the
//! answers of other saved requests. Whatever many of them need is fetched once.

use std::collections::{HashMap, HashSet};
use std::env;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use tokio::sync::OnceCell;

use crate::adapters::files::saved::SavedRequests;
use crate::adapters::history::mask::is_secret_variable;
use crate::catalog::{Catalog, Reference, Template};
use crate::document::{Document, Step};
use crate::domain::{Draft, EndpointId, MASK, RequestName, Response, SavedRequest, Secret};
use crate::runtime::now;

/// What calls the API for values: the command line by itself, or a session with the tokens that it has.
pub trait Calls: Send + Sync {
    /// What a call brings.
    type Answered: fmt::Debug + Send + Sync;

    /// Every endpoint that there is.
    fn catalog(&self) -> &Catalog;

    /// The answer in what a call has brought.
    fn response(answered: &Self::Answered) -> &Response;

    /// Where secrets are noted that calls are going to hold.
    fn concealed(&self) -> &Concealed;

    /// The newest answer to the same request of `who` that was kept, if it is no older than `age` and all of it is known.
    fn kept(
        &self,
        draft: Draft,
        who: &Who,
        age: Duration,
    ) -> impl Future<Output = Option<Document>> + Send;

    /// Sends `draft` on behalf of `who`; `of` is the saved request that it comes from.
    ///
    /// # Errors
    /// When it does not fit its endpoint, may not be sent unasked, there is no token, or no whole answer came.
    fn call(
        &self,
        draft: Draft,
        of: Option<&SavedRequest>,
        who: &Who,
    ) -> impl Future<Output = anyhow::Result<Self::Answered>> + Send;
}

/// Secrets of the environment that requests were filled in with: nothing that is kept of a call may hold one.
#[derive(Clone, Debug, Default)]
pub struct Concealed(Arc<Mutex<Vec<Secret>>>);

impl Concealed {
    fn lock(&self) -> MutexGuard<'_, Vec<Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner) // only ever added to
    }

    fn add(&self, secret: Secret) {
        let mut all = self.lock();
        if !all.contains(&secret) {
            all.push(secret);
        }
    }

    /// All of them.
    pub fn all(&self) -> Vec<Secret> {
        self.lock().clone()
    }
}

/// An answer with the index over its body.
#[derive(Debug)]
pub struct Sent<A> {
    /// What was sent and answered.
    pub answered: A,
    /// Over the body.
    pub document: Document,
}

/// On whose behalf something is fetched; the first test user, if nobody is named.
pub type Who = Option<String>;

/// What may be asked for more than once: the answer of a saved request, or of an endpoint without parameters.
type Question = (Who, String);

/// An answer, or why there is none: both are known to everybody who waits for it.
type Answer<A> = Arc<OnceCell<Result<Arc<Sent<A>>, Arc<anyhow::Error>>>>;

/// On its way. Boxed, since requests that refer to requests are sent by the same code.
pub type Sending<'a, A> = Pin<Box<dyn Future<Output = anyhow::Result<Arc<Sent<A>>>> + Send + 'a>>;

/// Where values come from, and what was fetched for them already. Many requests may be filled in at once.
pub struct Values<C: Calls> {
    engine: C,
    saved: SavedRequests,
    answers: Mutex<HashMap<Question, Answer<C::Answered>>>,
}

impl<C: Calls> Values<C> {
    /// Values for the requests in `saved`, fetched by `engine`.
    pub fn new(engine: C, saved: SavedRequests) -> Self {
        Self {
            engine,
            saved,
            answers: Mutex::default(),
        }
    }

    /// What sends.
    pub fn engine(&self) -> &C {
        &self.engine
    }

    /// Sends `request` for `who` after all that it refers to.
    ///
    /// # Errors
    /// With the reference that has no value, and why; or when no whole answer came.
    pub async fn send(
        &self,
        request: &SavedRequest,
        who: &Who,
    ) -> anyhow::Result<Arc<Sent<C::Answered>>> {
        let filled = self.fill(request, who).await?;
        self.call(filled.to_draft(), Some(request), who).await
    }

    /// The answer of the saved request `request`, sent once for each of `who` however many refer to it.
    ///
    /// # Errors
    /// As [`Values::send`].
    pub fn send_once<'a>(
        &'a self,
        request: &'a SavedRequest,
        who: &'a Who,
    ) -> Sending<'a, C::Answered> {
        Box::pin(async move {
            let question = (who.clone(), format!("requests.{}", request.name));
            self.once(question, self.send(request, who)).await
        })
    }

    /// Adds to `seen` the names of the saved requests that `request` refers to, by way of others too: those are sent first.
    /// What `seen` holds already is not read again.
    ///
    /// # Errors
    /// With the way round, where it refers to itself by way of others: nothing of it can be sent first.
    pub fn follow(&self, request: &SavedRequest, seen: &mut HashSet<String>) -> anyhow::Result<()> {
        self.walk(request, &mut vec![request.name.to_string()], seen)
    }

    fn walk(
        &self,
        request: &SavedRequest,
        way: &mut Vec<String>,
        seen: &mut HashSet<String>,
    ) -> anyhow::Result<()> {
        for name in referred(request)? {
            if way.contains(&name) {
                bail!("{} refers to itself: {} → {name}", way[0], way.join(" → "));
            }
            if seen.contains(&name) {
                continue; // no circle was found behind it
            }
            // One that is not there is told where its value is missed.
            if let Ok(next) =
                RequestName::parse(&name).and_then(|name| self.saved.load(None, &name))
            {
                way.push(name.clone());
                self.walk(&next, way, seen)?;
                way.pop();
            }
            seen.insert(name);
        }
        Ok(())
    }

    /// `request` with every reference in it replaced by its value.
    ///
    /// # Errors
    /// With the reference that has no value, and why.
    pub async fn fill(&self, request: &SavedRequest, who: &Who) -> anyhow::Result<SavedRequest> {
        let mut filled = request.clone();
        let mut known: HashMap<String, String> = HashMap::new();
        for text in filled.texts_mut() {
            let template = Template::parse(text)?;
            for reference in template.references() {
                if !known.contains_key(&reference.text) {
                    let value = self.value(reference, who).await;
                    let value = value
                        .with_context(|| format!("{}: {{{{{}}}}}", request.name, reference.text))?;
                    known.insert(reference.text.clone(), value);
                }
            }
            *text = template.fill(|reference| {
                known
                    .get(&reference.text)
                    .cloned()
                    .ok_or_else(|| anyhow!("no value"))
            })?;
        }
        Ok(filled)
    }

    async fn value(&self, reference: &Reference, who: &Who) -> anyhow::Result<String> {
        match (reference.root.as_str(), reference.steps.as_slice()) {
            ("now", []) => Ok(jiff::Timestamp::from_millisecond(now().0)?.to_string()),
            ("uuid", []) => uuid(),
            ("env", [Step::Name(name)]) => {
                let value = env::var(name)
                    .map_err(|_| anyhow!("the environment variable {name} is not set"))?;
                if is_secret_variable(name) {
                    self.engine.concealed().add(Secret::new(value.as_str()));
                }
                Ok(value)
            }
            ("requests", steps) => {
                let (name, into) = request_in(steps).ok_or_else(|| {
                    anyhow!("expected {{{{requests.NAME.body}}}}, and what of the body behind it")
                })?;
                let request = self.saved.load(None, &RequestName::parse(&name)?)?;
                if let Some(age) = reference.within
                    && let Some(document) = self.kept(&request, who, age).await?
                    && let Some(value) = whole(&document, into)
                {
                    return Ok(value);
                }
                let sent = self.succeeded(self.send_once(&request, who).await?)?;
                read(&sent.document, into)
            }
            (root, steps) => {
                let (id, items) = self.source(root)?;
                let question = (who.clone(), id.clone());
                let sent = self
                    .once(question, self.call(Draft::new(&id), None, who))
                    .await?;
                let into: Vec<_> = items
                    .into_iter()
                    .map(Step::Name)
                    .chain(steps.iter().cloned())
                    .collect();
                read(&self.succeeded(sent)?.document, &into)
            }
        }
    }

    /// The answer of `request` out of the history, unless this very run has sent it, or it is older than `age`.
    async fn kept(
        &self,
        request: &SavedRequest,
        who: &Who,
        age: Duration,
    ) -> anyhow::Result<Option<Document>> {
        let question = (who.clone(), format!("requests.{}", request.name));
        if self.answers().contains_key(&question) {
            return Ok(None);
        }
        // Boxed: what is referred to may refer to others.
        let filled = Box::pin(self.fill(request, who)).await?;
        Ok(self.engine.kept(filled.to_draft(), who, age).await)
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<Question, Answer<C::Answered>>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner) // only ever added to
    }

    /// The endpoint that answers what `root` names, and the member of its answer that holds the items of a list.
    fn source(&self, root: &str) -> anyhow::Result<(String, Option<String>)> {
        let list = format!("{root}.list");
        let endpoint = |id: &str| self.engine.catalog().endpoint(&EndpointId::new(id));
        if let Some(endpoint) = endpoint(&list) {
            return Ok((
                list,
                endpoint.list.as_ref().map(|paging| paging.items.clone()),
            ));
        }
        let get = format!("{root}.get");
        match endpoint(&get) {
            Some(_) => Ok((get, None)),
            None => bail!(
                "nothing is called {root}\nhint: values are user, accounts, cards, routines, transfers, env, now, uuid and requests"
            ),
        }
    }

    /// `sent`, if its answer is one that has values.
    fn succeeded(&self, sent: Arc<Sent<C::Answered>>) -> anyhow::Result<Arc<Sent<C::Answered>>> {
        let response = C::response(&sent.answered);
        match response.is_success() {
            true => Ok(sent),
            false => bail!("the API answered {}", response.status),
        }
    }

    async fn call(
        &self,
        draft: Draft,
        of: Option<&SavedRequest>,
        who: &Who,
    ) -> anyhow::Result<Arc<Sent<C::Answered>>> {
        // Boxed: it is large, and part of every future here, of which several lie on the stack where requests refer to others.
        let answered = Box::pin(self.engine.call(draft, of, who)).await?;
        let document = Document::parse(C::response(&answered).body.clone());
        Ok(Arc::new(Sent { answered, document }))
    }

    /// What `fetch` brings, unless it was asked for before. Whoever asks meanwhile waits.
    async fn once(
        &self,
        question: Question,
        fetch: impl Future<Output = anyhow::Result<Arc<Sent<C::Answered>>>>,
    ) -> anyhow::Result<Arc<Sent<C::Answered>>> {
        let answer = Arc::clone(self.answers().entry(question).or_default());
        let fetched = answer
            .get_or_init(|| async { fetch.await.map_err(Arc::new) })
            .await;
        fetched.clone().map_err(|error| anyhow!("{error:#}"))
    }
}

/// The names of the saved requests that `request` refers to.
fn referred(request: &SavedRequest) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for text in request.clone().texts_mut() {
        let template = Template::parse(text)?;
        names.extend(
            template
                .references()
                .filter_map(|reference| match reference.root.as_str() {
                    "requests" => request_in(&reference.steps).map(|(name, _)| name),
                    _ => None,
                }),
        );
    }
    Ok(names)
}

/// The name before `body`, its folders parted by dots, and the way into the body.
fn request_in(steps: &[Step]) -> Option<(String, &[Step])> {
    let at = steps
        .iter()
        .position(|step| matches!(step, Step::Name(name) if name == "body"))?;
    let names = steps[..at].iter().map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        _ => None,
    });
    let names: Vec<_> = names.collect::<Option<_>>()?;
    (!names.is_empty()).then(|| (names.join("/"), &steps[at + 1..]))
}

/// The value at `steps`, if it is there and was not masked before it was kept.
fn whole(document: &Document, steps: &[Step]) -> Option<String> {
    let value = read(document, steps).ok()?;
    (!value.contains(MASK)).then_some(value)
}

fn read(document: &Document, steps: &[Step]) -> anyhow::Result<String> {
    let root = document
        .root()
        .ok_or_else(|| anyhow!("the answer is empty"))?;
    let node = document
        .follow(root, steps)
        .ok_or_else(|| anyhow!("there is no such value"))?;
    Ok(document.text(node).into_owned())
}

/// A random UUID (RFC 9562, version 4).
fn uuid() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no randomness: {error}"))?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    ))
}
