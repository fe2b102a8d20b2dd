//! Takes webhooks in on this machine: answers each at once, and hands it on with what its signature is worth.

use std::io;
use std::net::Ipv4Addr;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;

use crate::domain::{Secret, Untrusted, VERIFICATION, verify};

/// A webhook as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The body, byte by byte.
    pub body: Bytes,
    /// Whether it was signed with the client secret.
    pub verdict: Result<(), Untrusted>,
}

/// Listens for webhooks until it is dropped.
#[derive(Debug)]
pub struct Receiver {
    url: String,
    came: UnboundedReceiver<Webhook>,
    _server: JoinSet<io::Result<()>>,
}

impl Receiver {
    /// Listens on `port` of 127.0.0.1, or on a free one for 0; answers what is posted there, to whatever path, with `answer`.
    ///
    /// # Errors
    /// When the port cannot be taken.
    pub async fn open(port: u16, secret: Secret, answer: StatusCode) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let (sender, came) = unbounded_channel();
        let take = move |headers: HeaderMap, body: Bytes| {
            let sent = headers.get(VERIFICATION);
            // What is no text is no base64 either.
            let sent = sent.map(|sent| sent.to_str().unwrap_or("?"));
            let verdict = verify(&secret, &body, sent);
            let _ = sender.send(Webhook { body, verdict }); // whoever listened has left
            async move { answer }
        };
        let router = Router::new()
            .route("/", post(take.clone()))
            .route("/{*path}", post(take));
        let mut server = JoinSet::new();
        server.spawn(axum::serve(listener, router).into_future());
        Ok(Self {
            url,
            came,
            _server: server,
        })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The next webhook; `None` when no more can come.
    pub async fn next(&mut self) -> Option<Webhook> {
        self.came.recv().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::signature;

    #[tokio::test]
    async fn each_is_answered_and_handed_on_with_what_its_signature_is_worth() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let secret = Secret::new("s");
        let answer = StatusCode::IM_A_TEAPOT;
        let mut receiver = Receiver::open(0, secret.clone(), answer).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let good = signature(&secret, b"{}");
        for (path, sent, verdict) in [
            ("", Some(good.as_str()), Ok(())),
            ("hooks/astra", None, Err(Untrusted::Unsigned)),
            ("x?y", Some("\u{fc}"), Err(Untrusted::Malformed)),
        ] {
            let mut request = client.post(format!("{}{path}", receiver.url())).body("{}");
            if let Some(sent) = sent {
                request = request.header(VERIFICATION, sent.as_bytes());
            }
            assert_eq!(request.send().await.unwrap().status(), answer);
            let came = receiver.next().await.unwrap();
            assert_eq!((came.verdict, &came.body[..]), (verdict, &b"{}"[..]));
        }
        let other = client.get(receiver.url()).send().await.unwrap();
        assert_eq!(other.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}
