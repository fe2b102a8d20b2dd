//! Calls over TLS: trusted, and every way in which a certificate can be wrong.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio_rustls::TlsAcceptor;

use crate::adapters::http::fixture::{answer_raw, get, hasty, nobody, patient};
use crate::adapters::http::{Client, Credential, Options, Shared};
use crate::domain::Problem;

/// An authority of one test, and a client that trusts it.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    client: Client,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let client = Client(Arc::new(Shared {
            options: Options::default(),
            loopback: OnceCell::new(),
            secure: OnceCell::new(),
            trusted: vec![issuer.der().clone()],
        }));
        Self { issuer, client }
    }

    /// Serves `ok` with a certificate for `name` that is good until `year`; answers the port.
    async fn serve(&self, name: &str, year: i32) -> u16 {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        serve(vec![certificate.der().clone()], key).await
    }

    async fn call(&self, port: u16) -> Result<String, Problem> {
        let request = get(&format!("https://localhost:{port}/x?code=topsecret"));
        let response = self.client.call(&request, Credential::None).await?;
        let timing = response.timing;
        assert!(
            timing.dns.is_some() && timing.connect.is_some(),
            "{timing:?}"
        );
        Ok(String::from_utf8_lossy(response.body.as_bytes()).into_owned())
    }
}

async fn serve(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue; // the client did not trust us
            };
            let mut head = [0; 4096];
            assert!(stream.read(&mut head).await.unwrap() > 0);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
            stream.write_all(answer).await.unwrap();
            stream.flush().await.unwrap();
        }
    });
    port
}

/// The message without its hint, which has to be there.
fn told(problem: &Problem) -> String {
    assert!(problem.hint.is_some(), "{problem}");
    assert!(!problem.to_string().contains("topsecret"), "{problem}");
    Problem {
        hint: None,
        ..problem.clone()
    }
    .to_string()
}

#[tokio::test]
async fn a_trusted_certificate_opens_the_connection() {
    let authority = Authority::new("ours");
    let port = authority.serve("localhost", 4000).await;
    assert_eq!(authority.call(port).await, Ok("ok".into()));
}

#[tokio::test]
async fn an_unknown_issuer_is_refused() {
    let (authority, stranger) = (Authority::new("ours"), Authority::new("a stranger"));
    let port = stranger.serve("localhost", 4000).await;
    let problem = authority.call(port).await.unwrap_err();
    assert_eq!(
        told(&problem),
        "no secure connection to localhost: its certificate was issued by nobody whom this system trusts"
    );
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused() {
    let signed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signed.signing_key.serialize_der()).unwrap();
    let port = serve(vec![signed.cert.der().clone()], key).await;
    let problem = Authority::new("ours").call(port).await.unwrap_err();
    assert!(
        told(&problem).contains("issued by nobody whom this system trusts"),
        "{problem}"
    );
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let authority = Authority::new("ours");
    let port = authority.serve("localhost", 2001).await;
    let problem = authority.call(port).await.unwrap_err();
    assert_eq!(
        told(&problem),
        "no secure connection to localhost: its certificate has expired"
    );
}

#[tokio::test]
async fn a_certificate_of_another_name_is_refused() {
    let authority = Authority::new("ours");
    let port = authority.serve("other.example", 4000).await;
    let problem = authority.call(port).await.unwrap_err();
    assert_eq!(
        told(&problem),
        "no secure connection to localhost: its certificate was issued for other names than localhost"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_named() {
    let base = answer_raw(b"HTTP/1.1 400 Bad Request\r\n\r\n", true).await;
    let url = base.replace("http://", "https://");
    let problem = call_https(patient(), &url).await;
    let authority = base.trim_start_matches("http://");
    assert_eq!(
        told(&problem),
        format!("no secure connection to 127.0.0.1: {authority} does not speak TLS")
    );
}

#[tokio::test]
async fn a_refused_or_closed_https_connection_is_told() {
    let problem = call_https(patient(), &nobody().await.replace("http://", "https://")).await;
    assert!(told(&problem).starts_with("connection refused: nothing listens on 127.0.0.1:"));
    let closing = answer_raw(b"", false).await.replace("http://", "https://");
    let problem = call_https(patient(), &closing).await;
    assert!(
        problem
            .what
            .ends_with(" closed the connection while it was opened"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_handshake_that_hangs_is_a_connection_not_opened() {
    let hanging = answer_raw(b"", true).await.replace("http://", "https://");
    let problem = call_https(hasty(), &hanging).await;
    assert!(
        told(&problem).ends_with(" took no connection in time: nothing was sent"),
        "{problem}"
    );
}

async fn call_https(client: Client, url: &str) -> Problem {
    client.call(&get(url), Credential::None).await.unwrap_err()
}
