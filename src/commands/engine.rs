//! Calls without a screen: a profile, its credentials and a client, and signing a test user in where nobody can be asked.

use std::borrow::Cow;
use std::env;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use tokio::task::spawn_blocking;

use crate::adapters::credentials::ACCESS_TOKEN_VARIABLE;
use crate::adapters::history::History;
use crate::adapters::history::mask::{Marks, Masked, mask};
use crate::adapters::http::{Client, Credential};
use crate::adapters::oauth::{self, Listener};
use crate::app::requests::wait_until;
use crate::catalog::{BodyProblem, Catalog, check_draft};
use crate::commands::consent::{Agreed, Consent};
use crate::commands::home::Home;
use crate::commands::patience;
use crate::commands::record::{Recorder, Sent};
use crate::commands::target::{self, Target};
use crate::commands::wallet::{self, Wallet};
use crate::commands::{catalogue, files};
use crate::document::Document;
use crate::domain::{
    Auth, Call, Draft, Endpoint, EndpointId, Environment, Exchange, Grant, Hosts, JobId, Outcome,
    Problem, Profile, Response, SavedRequest, Secret, TestUser, UserKey,
};
use crate::runtime::values::{Calls, Concealed, Who};
use crate::runtime::{HistoryFile, client_options, now};
use crate::sandbox::{self, Sandbox};

/// The status of a token that is no longer good: renewed, the call is sent once more.
const UNAUTHORIZED: u16 = 401;

/// How a saved request is sent that does not fit its endpoint.
const REFUSAL: &str =
    "\nhint: to see what the API says to it, expect its answer: [expect] status = 400";

/// Everything that a call needs.
pub struct Engine {
    catalog: Catalog,
    wallet: Wallet,
    users: Vec<TestUser>,
    marks: Marks,
    recorder: Recorder,
    consent: Consent,
    concealed: Concealed,
    /// Where exchanges are kept.
    kept_in: HistoryFile,
    /// Held while somebody is signed in, so that calls at the same time do so once.
    signing_in: tokio::sync::Mutex<()>,
    /// The sandbox inside this process, for as long as the engine lives.
    _sandbox: Option<Sandbox>,
}

/// A request and what was answered.
#[derive(Clone, Debug)]
pub struct Answered {
    /// All of it; the request is without its credential.
    pub exchange: Arc<Exchange>,
    /// The answer as it came.
    pub response: Response,
    /// The secrets that went with it, which the server may have repeated.
    secrets: Arc<[Secret]>,
}

impl Calls for Engine {
    type Answered = Answered;

    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn response(answered: &Answered) -> &Response {
        &answered.response
    }

    fn concealed(&self) -> &Concealed {
        &self.concealed
    }

    async fn kept(&self, mut draft: Draft, who: &Who, age: Duration) -> Option<Document> {
        let endpoint = self.called(&draft.call).ok()?;
        if endpoint.auth == Auth::Bearer {
            draft.user = Some(self.find_user(who.as_deref()).ok()?.key);
        }
        let request = endpoint
            .prepare(&draft, self.wallet.profile.hosts.as_ref()?)
            .ok()?;
        let (profile, user) = (self.wallet.profile.name.clone(), self.label(draft.user));
        let file = self.kept_in.clone();
        let read = move || {
            let history = History::open(&file.path, file.limits)?;
            history.fresh((&profile, user.as_deref()), &request, (age, now()))
        };
        // A history that cannot be read has no answer: the request is sent.
        let body = spawn_blocking(read).await.ok()?.ok()??;
        Some(Document::parse(body))
    }

    async fn call(
        &self,
        draft: Draft,
        of: Option<&SavedRequest>,
        who: &Who,
    ) -> anyhow::Result<Answered> {
        self.send(draft, of, who.as_deref()).await
    }
}

impl Engine {
    /// Prepares calls to `target`, or else by the profile called `profile`; for the built-in one, starts the sandbox inside
    /// this process. Writes on production need a yes that is in `agreed`, or that is typed.
    ///
    /// # Errors
    /// When the configuration is wrong, or the sandbox cannot be started.
    pub async fn start(
        target: &Target,
        profile: Option<&str>,
        agreed: Agreed,
    ) -> anyhow::Result<Self> {
        target.check(profile)?;
        let home = Home::open()?;
        let mut profile = match target.sandbox {
            Some(_) => Profile::built_in(),
            None => home.profile(profile)?,
        };
        let credentials = home.credentials(&profile);
        let mut own = None;
        if let Some(url) = &target.sandbox {
            target::aim(url, &mut profile, &credentials);
        } else if profile.environment == Environment::BuiltIn {
            let sandbox = Sandbox::start(sandbox::Options::default())
                .await
                .context("the built-in sandbox could not be started")?;
            profile.hosts = Some(Hosts::single(sandbox.url()));
            profile.client_id = sandbox.client_id().to_owned();
            credentials.hold_client_secret(sandbox.client_secret().clone());
            own = Some(sandbox);
        }
        let users = match home.vault(&profile) {
            None => sandbox::test_users(0),
            Some(vault) => {
                wallet::load(&credentials);
                vault.read()?
            }
        };
        let mut catalog = catalogue::read_and_tell(&home.paths.config)?;
        catalog.adapt(profile.environment);
        let marks = Marks::of(&catalog);
        let kept_in = files::history(&home.paths, home.settings.history);
        Ok(Self {
            catalog,
            recorder: Recorder::start(kept_in.clone(), marks.clone()),
            consent: Consent::new(agreed),
            concealed: Concealed::default(),
            kept_in,
            marks,
            signing_in: tokio::sync::Mutex::default(),
            wallet: Wallet {
                client: Client::new(client_options(&profile, home.settings.bodies)),
                profile,
                credentials,
            },
            users,
            _sandbox: own,
        })
    }

    /// Every endpoint that can be called.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The test users whose names are known beforehand.
    pub fn users(&self) -> &[TestUser] {
        &self.users
    }

    /// The endpoint called `id`.
    ///
    /// # Errors
    /// With the nearest ones, when there is none.
    pub fn endpoint(&self, id: &str) -> anyhow::Result<&Endpoint> {
        self.catalog.endpoint(&EndpointId::new(id)).ok_or_else(|| {
            let near = self.catalog.search(id);
            let names: Vec<_> = near
                .iter()
                .take(3)
                .filter_map(|found| self.catalog.endpoints().get(found.index))
                .map(|endpoint| endpoint.id.as_str())
                .collect();
            match names.is_empty() {
                true => {
                    anyhow!("no endpoint is called {id}\nhint: astrascope endpoints lists them")
                }
                false => anyhow!(
                    "no endpoint is called {id}\nhint: did you mean {}?",
                    names.join(", ")
                ),
            }
        })
    }

    /// What is known of what `call` calls.
    ///
    /// # Errors
    /// With the nearest names, when no endpoint has the name.
    pub fn called(&self, call: &Call) -> anyhow::Result<Cow<'_, Endpoint>> {
        if let Some(id) = call.endpoint() {
            return self.endpoint(id.as_str()).map(Cow::Borrowed);
        }
        Ok(self.catalog.called(call)?)
    }

    /// Sends `draft`, which the saved request `of` makes, signing `user` in first where the endpoint asks for a user's token.
    ///
    /// # Errors
    /// When the draft does not fit its endpoint, nobody agrees to a write on production, nobody can be signed in, or no whole
    /// answer came.
    pub async fn send(
        &self,
        mut draft: Draft,
        of: Option<&SavedRequest>,
        user: Option<&str>,
    ) -> anyhow::Result<Answered> {
        let endpoint = self.called(&draft.call)?;
        // What is meant to be refused is for the API to refuse.
        if !of.is_some_and(|of| of.expect.is_refusal())
            && let Some(wrong) = check_draft(&endpoint, &self.catalog, &draft).first()
        {
            let hint = of.map_or("", |_| REFUSAL);
            bail!("{}: {}{hint}", draft.call, told(&wrong.problem, "body"));
        }
        let hosts = self
            .wallet
            .profile
            .hosts
            .as_ref()
            .ok_or_else(|| anyhow!("the profile {} has no hosts", self.wallet.profile.name))?;
        if endpoint.auth == Auth::Bearer {
            draft.user = Some(self.user(user).await?);
        }
        let request = endpoint.prepare(&draft, hosts)?;
        let label = self.label(draft.user);
        if self.wallet.profile.asks_before(&endpoint) {
            let call = (&*endpoint, &request, &draft);
            let who = (of.map(|of| &of.name), label.as_deref());
            self.consent.ask(&self.wallet.profile, call, who).await?;
        }
        let credential = self.credential(endpoint.auth, draft.user);
        let mut secrets = self.concealed.all();
        secrets.extend(self.wallet.secrets(draft.user));
        let mut started_at = now();
        let mut result = self.wallet.client.call(&request, credential).await;
        if let (Ok(answer), Some(user)) = (&result, draft.user)
            && answer.status == UNAUTHORIZED
            && let Some(grant) = self.wallet.credentials.grant(user)
            && grant.can_refresh
            && self.wallet.renew(user, &grant).await.is_ok()
        {
            let credential = self.credential(endpoint.auth, draft.user);
            secrets.extend(self.wallet.secrets(draft.user));
            result = self.wallet.client.call(&request, credential).await;
        }
        let mut attempts = 1;
        while let Ok(answer) = &result
            && let Some(until) = wait_until(request.method, answer, attempts, now())
        {
            attempts += 1;
            patience::wait(&request.url, answer.status, until, attempts).await;
            started_at = now();
            let credential = self.credential(endpoint.auth, draft.user);
            result = self.wallet.client.call(&request, credential).await;
        }
        let outcome = match &result {
            Ok(response) => Outcome::Done(response.clone()),
            Err(problem) => Outcome::Failed(problem.clone()),
        };
        let exchange = Arc::new(Exchange {
            job: JobId::default(),
            endpoint: endpoint.id.clone(),
            user: draft.user,
            request,
            started_at,
            outcome,
        });
        let secrets = Arc::<[Secret]>::from(secrets);
        self.recorder.keep(Sent {
            exchange: Arc::clone(&exchange),
            profile: self.wallet.profile.name.clone(),
            user: label,
            secrets: Arc::clone(&secrets),
        });
        Ok(Answered {
            exchange,
            response: result?,
            secrets,
        })
    }

    /// What was sent and answered, without its secrets.
    pub fn masked(&self, answered: &Answered) -> Masked {
        mask(&answered.exchange, &self.marks, &answered.secrets)
    }

    fn label(&self, user: Option<UserKey>) -> Option<String> {
        let user = self.users.iter().find(|known| Some(known.key) == user)?;
        Some(user.label().to_owned())
    }

    fn credential(&self, auth: Auth, user: Option<UserKey>) -> Credential {
        match auth {
            Auth::None => Credential::None,
            Auth::Basic => Credential::Basic {
                client_id: self.wallet.profile.client_id.clone(),
                client_secret: self.wallet.credentials.client_secret(),
            },
            Auth::Bearer => match user.and_then(|user| self.wallet.credentials.tokens(user)) {
                Some(tokens) => Credential::Bearer(tokens.access),
                None => Credential::Bearer(Secret::new(
                    env::var(ACCESS_TOKEN_VARIABLE).unwrap_or_default(),
                )),
            },
        }
    }

    /// The key of the user called `name` (or of the first one, or the one who was used last), signed in.
    async fn user(&self, name: Option<&str>) -> anyhow::Result<UserKey> {
        let is_built_in = self.wallet.profile.environment == Environment::BuiltIn;
        if !is_built_in && name.is_none() && env::var_os(ACCESS_TOKEN_VARIABLE).is_some() {
            return Ok(UserKey(0));
        }
        let user = self.find_user(name)?;
        let _alone = self.signing_in.lock().await;
        if !is_built_in {
            self.wallet.fresh(user.key).await?;
        } else if self.wallet.credentials.tokens(user.key).is_none()
            && let Err(problem) = self.sign_in(user).await
        {
            return Err(target::explain(&self.wallet, problem).await);
        }
        Ok(user.key)
    }

    fn find_user(&self, name: Option<&str>) -> anyhow::Result<&TestUser> {
        if let Some(name) = name {
            return wallet::find(&self.users, name);
        }
        if self.wallet.profile.environment == Environment::BuiltIn {
            let first = self.users.first();
            return first.ok_or_else(|| anyhow!("there are no test users"));
        }
        let has_tokens = |user: &&TestUser| self.wallet.credentials.tokens(user.key).is_some();
        let signed_in = self.users.iter().filter(has_tokens);
        signed_in.max_by_key(|user| user.last_used).ok_or_else(|| {
            anyhow!(
                "this call needs a test user, and nobody is signed in\nhint: run astrascope login, or set {ACCESS_TOKEN_VARIABLE}"
            )
        })
    }

    /// Walks the hosted pages of the sandbox as `user` and exchanges the code.
    async fn sign_in(&self, user: &TestUser) -> Result<Grant, Problem> {
        let listener = Listener::bind(&self.wallet.profile.redirect_uri)?;
        let state = oauth::new_nonce();
        let redirect_uri = listener.redirect_uri().to_owned();
        let phone = user
            .short_phone()
            .map(|phone| ("phone".to_owned(), phone.to_owned()));
        let url = self
            .wallet
            .profile
            .authorize_url(&redirect_uri, &state, phone.as_slice())?;
        let mut wait = pin!(listener.wait(&state, || {}));
        let redirect = tokio::select! {
            redirect = &mut wait => redirect?,
            walked = oauth::walk(&self.wallet.client, &url, &redirect_uri) => match walked? {
                Some(redirect) => redirect,
                None => wait.await?,
            },
        };
        let exchanged = self.wallet.exchange(user.key, &redirect.code, redirect_uri);
        exchanged.await.map(|(grant, _)| grant)
    }
}

/// What is wrong with a request; `body` is what the body is called.
pub(super) fn told(problem: &BodyProblem, body: &str) -> String {
    match problem.path.as_str() {
        "" => format!("{body}: {}", problem.message),
        path => format!("{path}: {}", problem.message),
    }
}
