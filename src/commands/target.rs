//! Which Astra a command talks to, beside the profile.

use std::env;

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::Value;
use url::Url;

use crate::adapters::credentials::Credentials;
use crate::adapters::http::{Client, Credential};
use crate::commands::wallet::Wallet;
use crate::domain::{Auth, Hosts, Method, Prepared, Problem, Profile, is_loopback};
use crate::sandbox;

/// Where a sandbox tells how its webhooks stand, and whose secret signs them.
pub(super) const WEBHOOKS: &str = "/_sandbox/webhooks";

/// Which Astra to talk to, beside its profile.
#[derive(Clone, Debug, Default, Args)]
pub struct Target {
    /// A running "astrascope sandbox" to talk to; one with another seed needs the keys that it printed, in
    /// ASTRASCOPE_CLIENT_ID and ASTRASCOPE_CLIENT_SECRET
    #[arg(long, value_name = "URL")]
    pub sandbox: Option<String>,
}

impl Target {
    pub(super) fn of(sandbox: Option<String>) -> Self {
        Self { sandbox }
    }

    /// A sandbox is on this machine and has keys of its own: those of a profile are not sent to it.
    pub(super) fn check(&self, profile: Option<&str>) -> anyhow::Result<()> {
        let Some(url) = &self.sandbox else {
            return Ok(());
        };
        if profile.is_some() {
            bail!("--sandbox and --profile exclude each other: each says whom to call");
        }
        let host = Url::parse(url).with_context(|| format!("--sandbox {url}"))?;
        if !host.host_str().is_some_and(is_loopback) {
            bail!(
                "--sandbox {url}: a sandbox is on this machine\nhint: write a profile for another one, with environment = \"custom\""
            );
        }
        Ok(())
    }
}

/// Has `profile`, the built-in one, call the sandbox at `url`: with the keys of the environment, or else with those of every
/// sandbox that has no seed of its own.
pub(super) fn aim(url: &str, profile: &mut Profile, credentials: &Credentials) {
    let (id, secret) = sandbox::keys(sandbox::Options::default().seed);
    profile.hosts = Some(Hosts::single(url.trim_end_matches('/')));
    profile.client_id = env::var("ASTRASCOPE_CLIENT_ID").unwrap_or(id);
    if credentials.client_secret().is_empty() {
        credentials.hold_client_secret(secret);
    }
}

/// Why nobody could be signed in: `problem`, unless the sandbox has a seed of its own and was not called with its keys.
pub(super) async fn explain(wallet: &Wallet, problem: Problem) -> anyhow::Error {
    let Some(hosts) = &wallet.profile.hosts else {
        return problem.into();
    };
    match client_id(&wallet.client, &hosts.api).await {
        Ok(told) => check_keys(&told, &hosts.api, &wallet.profile, &wallet.credentials)
            .err()
            .unwrap_or(problem),
        Err(_) => problem,
    }
    .into()
}

/// Looks whether the sandbox at `url` answers and knows the keys of `profile`.
pub(super) async fn look(
    client: &Client,
    url: &str,
    profile: &Profile,
    credentials: &Credentials,
) -> Result<(), Problem> {
    let told = client_id(client, url).await?;
    check_keys(&told, url, profile, credentials)
}

/// Whether the sandbox at `url`, which `told` whom it knows, is called with its keys.
fn check_keys(
    told: &str,
    url: &str,
    profile: &Profile,
    credentials: &Credentials,
) -> Result<(), Problem> {
    let (id, secret) = sandbox::keys(sandbox::Options::default().seed);
    let is_usual_secret = credentials.client_secret().reveal() == secret.reveal();
    match told == id || (told == profile.client_id && !is_usual_secret) {
        true => Ok(()),
        false => Err(Problem::new(format!(
            "{url} has a seed of its own, and so a client id and a secret of its own"
        ))
        .hint("set ASTRASCOPE_CLIENT_ID and ASTRASCOPE_CLIENT_SECRET to those that it printed")),
    }
}

/// Whom the sandbox at `url` knows, if it is one and answers.
async fn client_id(client: &Client, url: &str) -> Result<String, Problem> {
    let request = Prepared {
        method: Method::Get,
        url: format!("{url}{WEBHOOKS}"),
        headers: Vec::new(),
        body: None,
        auth: Auth::None,
    };
    let answer = client.call(&request, Credential::None).await;
    let answer = answer.map_err(|problem| {
        let port = Url::parse(url).ok().and_then(|url| url.port());
        let port = port.map_or(String::new(), |port| format!(" --port {port}"));
        Problem::new(format!("no sandbox answers at {url}"))
            .because(problem.why.unwrap_or(problem.what))
            .hint(format!(
                "start it with astrascope sandbox{port}, then press r in Credentials"
            ))
    })?;
    let told = serde_json::from_slice::<Value>(answer.body.as_bytes()).ok();
    let told = told
        .as_ref()
        .and_then(|told| told.get("client_id")?.as_str());
    told.map(str::to_owned).ok_or_else(|| {
        Problem::new(format!("{url} is no sandbox of astrascope"))
            .because(format!("it answered {}", answer.status))
            .hint("start one with astrascope sandbox, and name the address that it prints")
    })
}
