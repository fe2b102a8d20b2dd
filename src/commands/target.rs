//! Which Astra a command talks to, beside the profile.

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use serde_json::Value;
use url::Url;

use crate::adapters::http::{Client, Credential};
use crate::commands::wallet::Wallet;
use crate::domain::{Auth, Method, Prepared, Problem, is_loopback};
use crate::sandbox;

/// Where a sandbox tells how its webhooks stand, and whose secret signs them.
pub(super) const WEBHOOKS: &str = "/_sandbox/webhooks";

/// Which Astra to talk to, beside its profile.
#[derive(Clone, Debug, Default, Args)]
pub struct Target {
    /// A running "astrascope sandbox" to send to; one with another seed needs the keys that it printed, in
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

/// Why nobody could be signed in: `problem`, unless the sandbox has a seed of its own and was not called with its keys.
pub(super) async fn explain(wallet: &Wallet, problem: Problem) -> anyhow::Error {
    let Some(hosts) = &wallet.profile.hosts else {
        return problem.into();
    };
    let (id, secret) = sandbox::keys(sandbox::Options::default().seed);
    let is_usual_secret = wallet.credentials.client_secret().reveal() == secret.reveal();
    let is_known =
        |told: &String| *told == id || (*told == wallet.profile.client_id && !is_usual_secret);
    match client_id(&wallet.client, &hosts.api).await {
        Some(told) if !is_known(&told) => anyhow!(
            "{} has a seed of its own, and so a client id and a secret of its own\n\
             hint: set ASTRASCOPE_CLIENT_ID and ASTRASCOPE_CLIENT_SECRET to those that it printed",
            hosts.api
        ),
        _ => problem.into(),
    }
}

/// Whom the sandbox at `url` knows, if it is one and answers.
async fn client_id(client: &Client, url: &str) -> Option<String> {
    let request = Prepared {
        method: Method::Get,
        url: format!("{url}{WEBHOOKS}"),
        headers: Vec::new(),
        body: None,
        auth: Auth::None,
    };
    let answer = client.call(&request, Credential::None).await.ok()?;
    let told: Value = serde_json::from_slice(answer.body.as_bytes()).ok()?;
    told.get("client_id")?.as_str().map(str::to_owned)
}
