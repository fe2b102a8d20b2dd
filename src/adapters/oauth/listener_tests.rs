//! The listener over real sockets: ours, forged, foreign, silent, late and taken.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::adapters::oauth::Listener;
use crate::domain::{Nonce, Problem, Redirect};

const URI: &str = "http://127.0.0.1:0/callback";

/// A listener that waits for the state `s1`, and what comes of it: the redirect, and how many were forged.
struct Waiting {
    authority: String,
    result: JoinHandle<(Result<Redirect, Problem>, usize)>,
}

async fn wait() -> Waiting {
    let listener = Listener::bind(URI).unwrap();
    let uri = listener.redirect_uri();
    let authority = uri
        .strip_prefix("http://")
        .and_then(|rest| rest.strip_suffix("/callback"))
        .unwrap()
        .to_owned();
    assert!(!authority.ends_with(":0"), "{uri}");
    let result = tokio::spawn(async move {
        let forged = AtomicUsize::new(0);
        let count = || {
            forged.fetch_add(1, Ordering::SeqCst);
        };
        let result = listener.wait(&Nonce::new("s1"), count).await;
        (result, forged.load(Ordering::SeqCst))
    });
    Waiting { authority, result }
}

impl Waiting {
    /// Sends raw bytes; answers all that comes back.
    async fn send(&self, bytes: &str) -> String {
        let mut stream = TcpStream::connect(&self.authority).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn get(&self, target: &str) -> String {
        let host = &self.authority;
        self.send(&format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"))
            .await
    }

    async fn end(self) -> (Result<Redirect, Problem>, usize) {
        let ended = tokio::time::timeout(Duration::from_secs(5), self.result).await;
        ended.unwrap().unwrap()
    }
}

#[tokio::test]
async fn a_forged_state_is_refused_and_ours_is_still_awaited() {
    let waiting = wait().await;
    for query in [
        "?code=evil&state=s2",
        "?code=evil",
        "",
        "?code=evil&state=s1&state=s2",
        "?error=access_denied&state=s2",
    ] {
        let answer = waiting.get(&format!("/callback{query}")).await;
        assert!(
            answer.starts_with("HTTP/1.1 400 Bad Request\r\n"),
            "{query}: {answer}"
        );
        assert!(!answer.contains("evil"), "{answer}");
    }
    let answer = waiting.get("/callback?code=good&state=s1").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let (result, forged) = waiting.end().await;
    assert_eq!(result.unwrap().code.reveal(), "good");
    assert_eq!(forged, 5);
}

#[tokio::test]
async fn the_page_says_what_to_do_and_gives_the_address_to_nobody() {
    let waiting = wait().await;
    let answer = waiting.get("/callback?state=s1&code=c0de").await;
    assert!(answer.contains("You can close this tab and go back to astrascope."));
    for header in [
        "connection: close",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "content-security-policy: default-src 'none'",
    ] {
        assert!(
            answer.contains(&format!("\r\n{header}")),
            "{header}: {answer}"
        );
    }
    assert!(!answer.contains("c0de"));
}

#[tokio::test]
async fn everything_else_is_turned_away_and_counts_as_nothing() {
    let waiting = wait().await;
    assert!(
        waiting
            .get("/favicon.ico")
            .await
            .starts_with("HTTP/1.1 404 ")
    );
    assert!(
        waiting
            .get("/callback/?code=c&state=s1")
            .await
            .starts_with("HTTP/1.1 404 ")
    );
    let foreign = "GET /callback?code=c&state=s1 HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    assert!(waiting.send(foreign).await.starts_with("HTTP/1.1 400 "));
    let post = "POST /callback?code=c&state=s1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na=b";
    assert!(waiting.send(post).await.starts_with("HTTP/1.1 405 "));
    let long = format!("/callback?code={}", "c".repeat(9000));
    assert!(waiting.get(&long).await.starts_with("HTTP/1.1 431 "));
    assert!(
        waiting
            .send("\u{16}\u{3}\u{1}\r\n\r\n")
            .await
            .starts_with("HTTP/1.1 400 ")
    );
    waiting.get("/callback?code=good&state=s1").await;
    let (result, forged) = waiting.end().await;
    assert_eq!((result.unwrap().code.reveal(), forged), ("good", 0));
}

#[tokio::test]
async fn connections_that_say_nothing_hold_nobody_up() {
    let waiting = wait().await;
    let mut silent = Vec::new();
    for _ in 0..5 {
        silent.push(TcpStream::connect(&waiting.authority).await.unwrap());
    }
    silent[0].write_all(b"GET /callback?co").await.unwrap();
    let started = Instant::now();
    waiting.get("/callback?code=good&state=s1").await;
    assert!(waiting.end().await.0.is_ok());
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn an_error_redirect_ends_it_and_a_second_redirect_is_refused() {
    let waiting = wait().await;
    let authority = waiting.authority.clone();
    let answer = waiting.get("/callback?error=access_denied&state=s1").await;
    assert!(answer.contains("Not signed in"), "{answer}");
    let problem = waiting.end().await.0.unwrap_err();
    assert_eq!(problem.what, "authorization was refused by the person");
    let second = TcpStream::connect(&authority).await;
    assert_eq!(
        second.unwrap_err().kind(),
        std::io::ErrorKind::ConnectionRefused
    );
}

#[tokio::test]
async fn it_ends_when_nobody_comes() {
    let listener = Listener::bind(URI).unwrap();
    let listener = listener.with_patience(Duration::from_millis(20));
    let problem = listener.wait(&Nonce::new("s1"), || {}).await.unwrap_err();
    assert_eq!(problem.what, "the sign-in took too long");
    assert_eq!(problem.hint.as_deref(), Some("start it again"));
}

#[tokio::test]
async fn a_taken_port_is_named_with_what_to_do() {
    let first = Listener::bind(URI).unwrap();
    let uri = first.redirect_uri();
    let port = url::Url::parse(uri).unwrap().port().unwrap();
    let problem = Listener::bind(uri).unwrap_err();
    assert_eq!(
        problem.to_string(),
        format!(
            "port {port} is taken: another program listens on 127.0.0.1:{port}\n\
             hint: stop the other program, or paste the redirect URL after authorizing"
        )
    );
    let localhost = format!("http://localhost:{port}/callback");
    let problem = Listener::bind(&localhost).unwrap_err();
    assert_eq!(problem.what, format!("port {port} is taken"));
}

#[tokio::test]
async fn only_plain_http_to_this_machine_can_be_listened_for() {
    for uri in [
        "https://127.0.0.1:8765/callback",
        "http://app.example/callback",
        "http://10.0.0.1/callback",
        "astrascope://callback",
        "callback",
    ] {
        let problem = Listener::bind(uri).unwrap_err();
        assert_eq!(problem.what, format!("nothing can listen for {uri}"));
        assert!(problem.why.is_some() && problem.hint.is_some());
    }
}

#[tokio::test]
async fn localhost_is_listened_for_on_both_protocols() {
    let listener = Listener::bind("http://localhost:0/").unwrap();
    let port = url::Url::parse(listener.redirect_uri())
        .unwrap()
        .port()
        .unwrap();
    TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let has_ipv6 = std::net::TcpListener::bind("[::1]:0").is_ok();
    assert_eq!(TcpStream::connect(("::1", port)).await.is_ok(), has_ipv6);
}

#[tokio::test]
async fn a_fixed_redirect_uri_is_kept_to_the_letter() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("HTTP://127.0.0.1:{}", free.local_addr().unwrap().port());
    drop(free);
    assert_eq!(Listener::bind(&uri).unwrap().redirect_uri(), uri);
}
