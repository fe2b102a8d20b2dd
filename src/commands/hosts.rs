//! Whether the hosts of a profile answer at all.

use std::time::Duration;

use futures_util::future::join_all;

use crate::adapters::http::{Client, Credential, Options};
use crate::domain::{Auth, BodyLimits, Method, Prepared, Problem, Profile, Response};
use crate::runtime::client_options;

/// A host that does not answer by now does not answer a call either.
const PATIENCE: Duration = Duration::from_secs(8);

/// The host that only card and account numbers come from.
pub(super) const SECURE: &str = "secure host";

/// A host that was asked.
pub(super) struct Asked<'a> {
    /// What it is for.
    pub(super) what: &'static str,
    pub(super) host: &'a str,
    pub(super) answer: Result<Response, Problem>,
}

/// Asks each host of `profile` once, all at the same time.
pub(super) async fn ask(profile: &Profile) -> Vec<Asked<'_>> {
    let Some(hosts) = &profile.hosts else {
        return Vec::new();
    };
    let client = Client::new(Options {
        timeout: PATIENCE,
        ..client_options(profile, BodyLimits::default())
    });
    let mut different: Vec<(&'static str, &str)> = Vec::new();
    for (what, host) in [
        ("API", &hosts.api),
        (SECURE, &hosts.secure),
        ("hosted pages", &hosts.app),
    ] {
        if different.iter().all(|(_, known)| known != host) {
            different.push((what, host)); // a profile may have one host for everything
        }
    }
    join_all(different.into_iter().map(|(what, host)| {
        let client = &client;
        async move {
            let request = Prepared {
                method: Method::Get,
                url: format!("{host}/"),
                headers: Vec::new(),
                body: None,
                auth: Auth::None,
            };
            let answer = client.call(&request, Credential::None).await;
            Asked { what, host, answer }
        }
    }))
    .await
}
