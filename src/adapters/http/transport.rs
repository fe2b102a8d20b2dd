//! Sets up the two clients of the wire library: one for loopback, one that speaks TLS. Sends nothing.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::adapters::http::phases::{Phases, Stopwatch};
use crate::domain::Problem;

/// A host that does not take a connection within this time does not take it later either.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// As many as a replay of many jobs takes up again; they are closed when they have been idle for a while.
const IDLE_CONNECTIONS: usize = 32;
const USER_AGENT: &str = concat!("astrascope/", env!("CARGO_PKG_VERSION"));

/// For plain HTTP to this machine: no proxy, and no certificate is ever read.
pub(super) fn loopback(patience: Duration) -> Result<reqwest::Client, Problem> {
    let config = versions()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    build(
        builder(patience, config)
            .no_proxy()
            .dns_resolver(Resolver::OnlyLoopback),
    )
}

/// For https: trusts what the system trusts, and `trusted`. Slow, since it reads the system's certificates.
pub(super) fn secure(
    patience: Duration,
    trusted: Vec<CertificateDer<'static>>,
) -> Result<reqwest::Client, Problem> {
    let verifier: Arc<dyn ServerCertVerifier> = Arc::new(
        Verifier::new_with_extra_roots(trusted, crypto()).map_err(|error| no_tls(&error))?,
    );
    let mut config = versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    build(builder(patience, config).dns_resolver(Resolver::Any))
}

/// The certificates in `file`.
pub(super) fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let refused = |why: String| {
        Problem::new(format!(
            "the certificates in {} cannot be read",
            file.display()
        ))
        .because(why)
        .hint("ca_file in the profile names a file in PEM, with BEGIN CERTIFICATE in it")
    };
    let certificates = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refused(error.to_string()))?;
    match certificates.is_empty() {
        true => Err(refused("there is none in it".into())),
        false => Ok(certificates),
    }
}

/// Named here rather than installed for the process: there is no global state to set up first.
fn crypto() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn versions() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, Problem> {
    ClientConfig::builder_with_provider(crypto())
        .with_safe_default_protocol_versions()
        .map_err(|error| no_tls(&error))
}

fn builder(patience: Duration, config: ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never()) // the default repeats some calls: not wanted where money moves
        .referer(false)
        // One bad byte in one header is no reason to show nothing of an answer; the line with it is left out.
        .http1_ignore_invalid_headers_in_responses(true)
        .connect_timeout(CONNECT_TIMEOUT.min(patience))
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .connector_layer(Stopwatch)
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Problem> {
    builder.build().map_err(|error| no_tls(&error))
}

fn no_tls(error: &dyn Error) -> Problem {
    Problem::new("the HTTP client could not be set up").because(error.to_string())
}

/// Looks names up by the system, and marks how long it took.
#[derive(Clone, Copy, Debug)]
enum Resolver {
    Any,
    /// A `localhost` that leads to another machine is nothing that secrets may be sent to in clear.
    OnlyLoopback,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let only_loopback = matches!(self, Self::OnlyLoopback);
        Box::pin(async move {
            let since = Instant::now();
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            Phases::looked_up(since);
            let found = found.map_err(NameNotFound)?;
            let addresses: Vec<SocketAddr> = found
                .filter(|address| !only_loopback || address.ip().is_loopback())
                .collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Marks an error as one of the name lookup, to be found again under the library's own errors.
#[derive(Debug)]
pub(super) struct NameNotFound(io::Error);

impl fmt::Display for NameNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(
            text.strip_prefix("failed to lookup address information: ")
                .unwrap_or(&text),
        )
    }
}

impl Error for NameNotFound {}
