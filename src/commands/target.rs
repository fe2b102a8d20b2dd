//! Which Astra a command talks to, beside the profile.

use anyhow::{Context as _, bail};
use clap::Args;
use url::Url;

use crate::domain::is_loopback;

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
