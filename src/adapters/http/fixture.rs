//! A server on a free port for the tests of the adapters.

use std::time::Duration;

use axum::Router;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::adapters::http::{Client, Options};
use crate::domain::{Auth, Body, BodyLimits, Method, Prepared};

/// Serves `router` until the test ends; answers the base URL.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}")
}

/// Answers every connection with `bytes`, after the head of the request; then closes, or keeps it open.
pub(crate) async fn answer_raw(bytes: &'static [u8], keeps_open: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 4096];
            assert!(stream.read(&mut head).await.unwrap() > 0);
            stream.write_all(bytes).await.unwrap();
            if keeps_open {
                open.push(stream);
            }
        }
    });
    format!("http://{address}")
}

/// A base URL at which nothing listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A client that waits as long as a busy machine needs, with a small limit for bodies.
pub(crate) fn patient() -> Client {
    Client::new(Options {
        bodies: BodyLimits {
            largest: 64 * 1024,
            ..BodyLimits::default()
        },
        ..Options::default()
    })
}

/// A client that gives up soon.
pub(crate) fn hasty() -> Client {
    Client::new(Options {
        timeout: Duration::from_millis(300),
        ..Options::default()
    })
}

pub(crate) fn get(url: &str) -> Prepared {
    Prepared {
        method: Method::Get,
        url: url.into(),
        headers: vec![("accept".into(), "application/json".into())],
        body: None,
        auth: Auth::None,
    }
}

pub(crate) fn post(url: &str, body: &str) -> Prepared {
    Prepared {
        method: Method::Post,
        body: Some(Body::from(body)),
        ..get(url)
    }
}
