//! Carries one request out and tells how it went. Does not choose what to send, and neither retries nor follows.

mod answer;
mod decoder;
mod failure;
mod outgoing;
mod phases;
mod transport;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::OnceCell;

use crate::adapters::http::failure::Trip;
use crate::adapters::http::outgoing::Target;
use crate::adapters::http::phases::Phases;
use crate::domain::{BodyLimits, Method, Prepared, Problem, Response, Secret, Timestamp};

pub use answer::Watch;

/// How patient a client is, and how much it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for the first byte of an answer, and then for each next one.
    pub timeout: Duration,
    /// How much of a body is taken, and where it is kept.
    pub bodies: BodyLimits,
    /// A file with certificates (PEM) to trust beside those of the system.
    pub ca_file: Option<PathBuf>,
}

/// Astra's slowest documented call, a bank lookup, answers within seconds; a proxy in between gives up after a minute.
const TIMEOUT: Duration = Duration::from_secs(30);

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: TIMEOUT,
            bodies: BodyLimits::default(),
            ca_file: None,
        }
    }
}

/// What goes into the `authorization` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The application's own (RFC 7617).
    Basic {
        /// Identifies the application.
        client_id: String,
        /// Proves that it is the application.
        client_secret: Secret,
    },
    /// A test user's access token (RFC 6750).
    Bearer(Secret),
    /// Nothing.
    None,
}

/// An HTTP client with a pool of connections; clones share it.
#[derive(Clone, Debug)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: Options,
    loopback: OnceCell<reqwest::Client>,
    secure: OnceCell<reqwest::Client>,
    /// Certificates to trust beside the system's.
    #[cfg(test)]
    trusted: Vec<rustls::pki_types::CertificateDer<'static>>,
}

impl Client {
    /// A client that has not opened or read anything yet.
    pub fn new(options: Options) -> Self {
        Self(Arc::new(Shared {
            options,
            loopback: OnceCell::new(),
            secure: OnceCell::new(),
            #[cfg(test)]
            trusted: Vec::new(),
        }))
    }

    /// How patient it is, and how much it takes.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// Sends `request` once and reads the whole answer. Any HTTP status is an answer. Dropping the future cancels.
    ///
    /// # Errors
    /// When no whole answer came, in words: refused, unknown host, time-out, TLS, broken or too large. Nothing is sent
    /// when the URL or a header is no such thing, or when it would go to another machine over plain HTTP.
    pub async fn call(
        &self,
        request: &Prepared,
        credential: Credential,
    ) -> Result<Response, Problem> {
        self.watched(request, credential, &mut ()).await
    }

    /// The same, with `watch` looking at the answer while it arrives.
    ///
    /// # Errors
    /// The same.
    pub async fn watched(
        &self,
        request: &Prepared,
        credential: Credential,
        watch: &mut dyn Watch,
    ) -> Result<Response, Problem> {
        let target = Target::parse(&request.url)?;
        let trip = Trip {
            authority: target.authority.clone(),
            host: target.host.clone(),
            is_write: request.method != Method::Get,
            patience: self.0.options.timeout,
            proxy: target.is_secure.then(failure::proxy).flatten(),
        };
        let is_secure = target.is_secure;
        let outgoing = outgoing::build(request, target, &credential)?;
        let client = self.transport(is_secure).await?;
        let phases = Arc::new(Phases::default());
        phases
            .clone()
            .watch(self.round(&client, outgoing, &trip, &phases, watch))
            .await
    }

    async fn round(
        &self,
        client: &reqwest::Client,
        outgoing: reqwest::Request,
        trip: &Trip,
        phases: &Phases,
        watch: &mut dyn Watch,
    ) -> Result<Response, Problem> {
        let started = Instant::now();
        let answering = tokio::time::timeout(trip.patience, client.execute(outgoing));
        let answer = match answering.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(trip.failed(&error.without_url())),
            Err(_elapsed) if phases.is_connecting() => return Err(trip.not_connected()),
            Err(_elapsed) => return Err(trip.not_answered()),
        };
        let first_byte = Instant::now();
        let (status, version) = (answer.status().as_u16(), format!("{:?}", answer.version()));
        let headers = answer::headers(&answer);
        let body = answer::read_body(answer, &headers, self.0.options.bodies, trip, watch).await?;
        Ok(Response {
            status,
            version,
            headers,
            body,
            timing: phases.timing(started, first_byte, Instant::now()),
            received_at: wall_clock(),
        })
    }

    /// The client for loopback, or the one that speaks TLS. The latter reads the system's certificates when it is first
    /// asked for, which takes tens of milliseconds and megabytes that the built-in sandbox never needs.
    async fn transport(&self, is_secure: bool) -> Result<reqwest::Client, Problem> {
        let patience = self.0.options.timeout;
        if !is_secure {
            let build = || async { transport::loopback(patience) };
            return self.0.loopback.get_or_try_init(build).await.cloned();
        }
        #[cfg(test)]
        let trusted = self.0.trusted.clone();
        #[cfg(not(test))]
        let trusted = Vec::new();
        let ca_file = self.0.options.ca_file.clone();
        let build = || async {
            tokio::task::spawn_blocking(move || {
                let own = ca_file
                    .map(|file| transport::certificates(&file))
                    .transpose()?;
                let trusted = trusted.into_iter().chain(own.unwrap_or_default());
                transport::secure(patience, trusted.collect())
            })
            .await
            .map_err(|error| Problem::new("TLS could not be set up").because(error.to_string()))?
        };
        self.0.secure.get_or_try_init(build).await.cloned()
    }
}

fn wall_clock() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default(); // a clock before 1970 is shown as 1970
    Timestamp::default().after(since)
}
