//! Fills the `{{values}}` of a saved request: from the environment, from what the API lists for the user, from the answers of
//! other saved requests.

use std::collections::HashMap;
use std::env;

use anyhow::{Context, anyhow, bail};

use crate::adapters::files::saved::SavedRequests;
use crate::catalog::{Reference, Template};
use crate::commands::engine::Engine;
use crate::document::{Document, Step};
use crate::domain::{Draft, RequestName, SavedRequest};
use crate::runtime::now;

/// Requests may refer to requests, but not in circles.
const DEEPEST: usize = 8;

/// Where values come from, and what was fetched for them already.
pub struct Values<'a> {
    engine: &'a Engine,
    saved: &'a SavedRequests,
    user: Option<String>,
    fetched: HashMap<String, Document>,
}

impl<'a> Values<'a> {
    /// Values for requests on behalf of `user`, or of the first test user.
    pub fn new(engine: &'a Engine, saved: &'a SavedRequests, user: Option<String>) -> Self {
        Self {
            engine,
            saved,
            user,
            fetched: HashMap::new(),
        }
    }

    /// `request` with every reference in it replaced by its value.
    ///
    /// # Errors
    /// With the reference that has no value, and why.
    pub async fn fill(&mut self, request: &SavedRequest) -> anyhow::Result<SavedRequest> {
        self.fill_at(request, 0).await
    }

    async fn fill_at(
        &mut self,
        request: &SavedRequest,
        depth: usize,
    ) -> anyhow::Result<SavedRequest> {
        if depth > DEEPEST {
            bail!("{} refers to itself, or to too many others", request.name);
        }
        let mut filled = request.clone();
        let mut known = HashMap::new();
        for text in filled.texts_mut() {
            let template = Template::parse(text)?;
            for reference in template.references() {
                if !known.contains_key(&reference.text) {
                    let value = Box::pin(self.value(reference, depth)).await;
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

    async fn value(&mut self, reference: &Reference, depth: usize) -> anyhow::Result<String> {
        match (reference.root.as_str(), reference.steps.as_slice()) {
            ("now", []) => Ok(jiff::Timestamp::from_millisecond(now().0)?.to_string()),
            ("uuid", []) => uuid(),
            ("env", [Step::Name(name)]) => {
                env::var(name).map_err(|_| anyhow!("the environment variable {name} is not set"))
            }
            ("requests", [Step::Name(name), Step::Name(part), steps @ ..]) if part == "body" => {
                let key = format!("requests.{name}");
                if !self.fetched.contains_key(&key) {
                    let request = self.saved.load(None, &RequestName::parse(name)?)?;
                    let filled = self.fill_at(&request, depth + 1).await?;
                    self.fetch(&key, filled.to_draft()).await?;
                }
                self.read(&key, steps)
            }
            (root, steps) => {
                let (id, items) = self.source(root)?;
                if !self.fetched.contains_key(root) {
                    self.fetch(root, Draft::new(&id)).await?;
                }
                let into: Vec<_> = items
                    .into_iter()
                    .map(Step::Name)
                    .chain(steps.iter().cloned())
                    .collect();
                self.read(root, &into)
            }
        }
    }

    /// The endpoint that answers what `root` names, and the member of its answer that holds the items of a list.
    fn source(&self, root: &str) -> anyhow::Result<(String, Option<String>)> {
        let list = format!("{root}.list");
        if let Ok(endpoint) = self.engine.endpoint(&list) {
            return Ok((
                list,
                endpoint.list.as_ref().map(|paging| paging.items.clone()),
            ));
        }
        let get = format!("{root}.get");
        match self.engine.endpoint(&get) {
            Ok(_) => Ok((get, None)),
            Err(_) => bail!(
                "nothing is called {root}\nhint: values are user, accounts, cards, routines, transfers, env, now, uuid and requests"
            ),
        }
    }

    async fn fetch(&mut self, key: &str, draft: Draft) -> anyhow::Result<()> {
        let answered = self.engine.send(draft, self.user.as_deref()).await?;
        if !answered.response.is_success() {
            bail!("the API answered {}", answered.response.status);
        }
        self.fetched
            .insert(key.to_owned(), Document::parse(answered.response.body));
        Ok(())
    }

    fn read(&self, key: &str, steps: &[Step]) -> anyhow::Result<String> {
        let document = self
            .fetched
            .get(key)
            .ok_or_else(|| anyhow!("not fetched"))?;
        let root = document
            .root()
            .ok_or_else(|| anyhow!("the answer is empty"))?;
        let node = document
            .follow(root, steps)
            .ok_or_else(|| anyhow!("there is no such value"))?;
        Ok(document.text(node).into_owned())
    }
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
