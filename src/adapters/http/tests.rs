//! Calls over real sockets: what comes back, and what is said when nothing does.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{any, get as on_get};
use futures_util::{StreamExt as _, stream};
use tokio::sync::Notify;

use crate::adapters::http::fixture::{answer_raw, get, hasty, nobody, patient, post, serve};
use crate::adapters::http::{Client, Credential, Options, Watch};
use crate::adapters::intake::Intake;
use crate::domain::{Arriving, BodyLimits, Problem, Response, Secret};

async fn call(url: &str) -> Result<Response, Problem> {
    patient().call(&get(url), Credential::None).await
}

fn text(response: &Response) -> &str {
    std::str::from_utf8(response.body.as_bytes()).unwrap()
}

#[tokio::test]
async fn an_answer_is_told_as_it_came() {
    let router = Router::new().route(
        "/v1/accounts",
        on_get(|headers: HeaderMap| async move {
            let sent = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
            let body = format!("{} {}", sent("user-agent"), sent("authorization"));
            ([("request-id", "r1"), ("X-B", "2"), ("x-a", "1")], body)
        }),
    );
    let base = serve(router).await;
    let credential = Credential::Bearer(Secret::new("t0"));
    let url = format!("{base}/v1/accounts?a=b");
    let response = patient().call(&get(&url), credential).await.unwrap();
    assert_eq!(
        (response.status, response.version.as_str()),
        (200, "HTTP/1.1")
    );
    let agent = concat!("astrascope/", env!("CARGO_PKG_VERSION"));
    assert_eq!(text(&response), format!("{agent} Bearer t0"));
    assert_eq!(response.request_id(), Some("r1"));
    let names: Vec<&str> = response
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names[..4], ["content-type", "request-id", "x-b", "x-a"]);
    assert!(response.received_at.0 > 1_700_000_000_000);
}

#[tokio::test]
async fn every_status_is_an_answer_and_redirects_are_not_followed() {
    let router = Router::new()
        .route(
            "/500",
            any(|| async {
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    r#"{"code":500,"name":"Internal Server Error","description":"oops"}"#,
                )
            }),
        )
        .route(
            "/302",
            any(|| async { (StatusCode::FOUND, [("location", "/500")]) }),
        )
        .route("/204", any(|| async { StatusCode::NO_CONTENT }))
        .route("/text", any(|| async { "<html>not json" }));
    let base = serve(router).await;
    let response = call(&format!("{base}/500")).await.unwrap();
    assert_eq!(response.status, 500);
    assert!(text(&response).contains("oops"));
    let response = call(&format!("{base}/302")).await.unwrap();
    assert_eq!(
        (response.status, response.header("location")),
        (302, Some("/500"))
    );
    assert!(call(&format!("{base}/204")).await.unwrap().body.is_empty());
    assert_eq!(
        text(&call(&format!("{base}/text")).await.unwrap()),
        "<html>not json"
    );
}

#[tokio::test]
async fn a_body_is_sent_with_its_length() {
    let router = Router::new().route(
        "/",
        any(|request: Request| async move {
            let (parts, body) = request.into_parts();
            let length = parts
                .headers
                .get("content-length")
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let body = axum::body::to_bytes(body, 1000).await.unwrap();
            format!(
                "{} {length} {}",
                parts.method,
                String::from_utf8_lossy(&body)
            )
        }),
    );
    let base = serve(router).await;
    let response = patient()
        .call(&post(&base, "a=b"), Credential::None)
        .await
        .unwrap();
    assert_eq!(text(&response), "POST 3 a=b");
}

#[tokio::test]
async fn a_reused_connection_has_no_connect_phase() {
    let base = serve(Router::new().route("/", any(|| async { "x" }))).await;
    let base = base.replace("127.0.0.1", "localhost");
    let client = patient();
    let first = client
        .call(&get(&base), Credential::None)
        .await
        .unwrap()
        .timing;
    assert!(first.dns.is_some() && first.connect.is_some(), "{first:?}");
    let phases = first.dns.unwrap() + first.connect.unwrap() + first.wait + first.download;
    assert!(phases <= first.total, "{first:?}");
    let second = client
        .clone()
        .call(&get(&base), Credential::None)
        .await
        .unwrap()
        .timing;
    assert_eq!((second.dns, second.connect), (None, None));
    assert!(second.wait > Duration::ZERO);
}

#[tokio::test]
async fn gzip_is_decoded_and_its_headers_are_kept() {
    // `printf hello | gzip -n`
    let raw: &[u8] = b"HTTP/1.1 200 OK\r\nx-first: 1\r\ncontent-encoding: gzip\r\ncontent-length: 25\r\nx-last: 2\r\n\r\n\
        \x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00";
    let response = call(&answer_raw(raw, false).await).await.unwrap();
    assert_eq!(text(&response), "hello");
    let names: Vec<&str> = response
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        names,
        ["x-first", "content-encoding", "content-length", "x-last"]
    );
}

#[tokio::test]
async fn a_refused_connection_names_the_address() {
    let base = nobody().await;
    let problem = call(&format!("{base}/x?code=topsecret")).await.unwrap_err();
    let authority = base.trim_start_matches("http://");
    assert_eq!(
        problem.to_string(),
        format!(
            "connection refused: nothing listens on {authority}\n\
             hint: start the server there, or correct the URL in the profile"
        )
    );
}

#[tokio::test]
async fn an_unknown_host_is_named() {
    let client = Client::new(Options::default());
    let request = get("https://nonexistent.invalid/x?state=topsecret");
    let problem = client.call(&request, Credential::None).await.unwrap_err();
    assert_eq!(problem.what, "the host nonexistent.invalid was not found");
    assert!(problem.hint.is_some() && problem.why.is_some(), "{problem}");
    assert!(!problem.to_string().contains("topsecret"));
}

#[tokio::test]
async fn silence_is_a_time_out_that_warns_of_an_unknown_outcome_after_a_write() {
    let base = answer_raw(b"", true).await;
    let problem = hasty()
        .call(&get(&base), Credential::None)
        .await
        .unwrap_err();
    assert_eq!(problem.what, "nothing was answered in 300 ms");
    assert!(problem.hint.unwrap().starts_with("send it again"));
    let problem = hasty()
        .call(&post(&base, "{}"), Credential::None)
        .await
        .unwrap_err();
    assert_eq!(
        problem.to_string(),
        "nothing was answered in 300 ms: the request was sent, and its outcome is unknown\n\
         hint: it may have been carried out all the same: look before sending it again"
    );
}

#[tokio::test]
async fn an_answer_that_stops_or_breaks_off_is_told_with_what_had_come() {
    const HALF: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
    let stopping = get(&answer_raw(HALF, true).await);
    let problem = hasty().call(&stopping, Credential::None).await.unwrap_err();
    assert_eq!(problem.what, "the answer stopped for 300 ms");
    assert_eq!(problem.why.as_deref(), Some("4 bytes of its body had come"));
    let problem = call(&answer_raw(HALF, false).await).await.unwrap_err();
    assert_eq!(
        problem.what,
        "the connection was closed in the middle of the answer"
    );
    assert!(problem.why.unwrap().ends_with(" after 4 bytes of the body"));
}

#[tokio::test]
async fn no_http_and_no_answer_are_told() {
    for raw in [&b""[..], b"SSH-2.0-OpenSSH_9.6\r\n"] {
        let base = answer_raw(raw, false).await;
        let problem = call(&base).await.unwrap_err();
        assert!(problem.what.ends_with(" gave no valid answer"), "{problem}");
        assert!(problem.why.is_some() && problem.hint.is_some(), "{problem}");
    }
}

#[tokio::test]
async fn a_broken_coding_and_too_large_a_body_are_told() {
    let broken = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello";
    let problem = call(&answer_raw(broken, false).await).await.unwrap_err();
    assert_eq!(problem.what, "the body of the answer cannot be decoded");
    let base = serve(Router::new().route("/", any(|| async { "x".repeat(64 * 1024 + 1) }))).await;
    let problem = call(&base).await.unwrap_err();
    assert_eq!(
        problem.to_string(),
        "the answer is too large: its body has more than 65536 bytes\n\
         hint: ask for less, or raise largest under [bodies] in config.toml"
    );
}

#[tokio::test]
async fn dropping_the_call_cancels_it_on_the_server() {
    struct Gone(Arc<Notify>);
    impl Drop for Gone {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let (arrived, gone) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, gone_in) = (arrived.clone(), gone.clone());
    let router = Router::new().route(
        "/",
        any(move || {
            let (tell, gone) = (tell.clone(), Gone(gone_in.clone()));
            async move {
                tell.notify_one();
                std::future::pending::<()>().await;
                drop(gone);
            }
        }),
    );
    let base = serve(router).await;
    let client = Client::new(Options::default());
    let call = tokio::spawn(async move { client.call(&get(&base), Credential::None).await });
    arrived.notified().await;
    call.abort();
    tokio::time::timeout(Duration::from_secs(5), gone.notified())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_failed_call_is_not_sent_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let router = Router::new().route(
        "/",
        any(move || {
            counter.fetch_add(1, Ordering::SeqCst);
            async { StatusCode::SERVICE_UNAVAILABLE }
        }),
    );
    let base = serve(router).await;
    assert_eq!(call(&base).await.unwrap().status, 503);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

/// Tells the server to go on once it has seen something.
struct Seen {
    texts: Vec<String>,
    go_on: Arc<Notify>,
}

impl Watch for Seen {
    fn look(&mut self, answer: &Arriving, body: &Intake) {
        assert_eq!((answer.status, answer.progress.expected), (201, None));
        let text = String::from_utf8(body.in_memory().to_vec()).unwrap();
        if self.texts.last() != Some(&text) {
            self.texts.push(text);
            self.go_on.notify_one();
        }
    }
}

#[tokio::test]
async fn an_answer_is_seen_while_it_arrives() {
    let go_on = Arc::new(Notify::new());
    let wait = go_on.clone();
    let router = Router::new().route(
        "/",
        any(move || async move {
            let pieces = ["[1,", "2,", "3]"].map(Ok::<_, Infallible>);
            let pieces = stream::iter(pieces).then(move |piece| {
                let wait = wait.clone();
                async move {
                    if !matches!(piece, Ok("[1,")) {
                        wait.notified().await;
                    }
                    piece
                }
            });
            (StatusCode::CREATED, axum::body::Body::from_stream(pieces))
        }),
    );
    let base = serve(router).await;
    let texts = Vec::new();
    let mut seen = Seen { texts, go_on };
    let request = get(&base);
    let call = patient()
        .watched(&request, Credential::None, &mut seen)
        .await;
    assert_eq!(text(&call.unwrap()), "[1,2,3]");
    assert_eq!(seen.texts[..2], ["[1,", "[1,2,"]);
}

#[tokio::test]
async fn a_header_with_a_bad_byte_does_not_hide_the_answer() {
    let raw = b"HTTP/1.1 200 OK\r\nx-bad: a\x01b\r\nx-old: caf\xe9\r\nrequest-id: r1\r\ncontent-length: 2\r\n\r\nok";
    let response = call(&answer_raw(raw, true).await).await.unwrap();
    assert_eq!((text(&response), response.request_id()), ("ok", Some("r1")));
    assert_eq!(response.header("x-old"), Some("caf\u{fffd}"));
}

#[tokio::test]
async fn what_is_too_large_for_the_memory_is_there_all_the_same() {
    let whole = "0123456789".repeat(100_000);
    let body = whole.clone();
    let base = serve(Router::new().route("/", any(|| async { body }))).await;
    let options = Options {
        bodies: BodyLimits {
            memory: 1000,
            ..BodyLimits::default()
        },
        ..Options::default()
    };
    let client = Client::new(options);
    let response = client.call(&get(&base), Credential::None).await.unwrap();
    assert!(text(&response) == whole);
}
