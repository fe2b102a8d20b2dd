//! Somebody who listens for webhooks, and what is asked of the sandbox about them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use crate::sandbox::tests::bench::{Bench, read};
use crate::sandbox::tests::person::{Person, text};

/// Longer than anything takes on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// A webhook as it came.
pub(crate) struct Came {
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
    pub(crate) body: Value,
}

impl Came {
    pub(crate) fn kind(&self) -> String {
        text(&self.body["webhook_type"])
    }
}

/// Somebody who listens, and answers what they are told to, else 200.
pub(crate) struct Receiver {
    pub(crate) url: String,
    pub(crate) came: UnboundedReceiver<Came>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let (sender, came) = unbounded_channel();
        let answers: Arc<Mutex<VecDeque<u16>>> = Arc::default();
        let next = Arc::clone(&answers);
        let take = move |headers: HeaderMap, bytes: Bytes| {
            let status = next.lock().unwrap().pop_front().unwrap_or(200);
            let body = serde_json::from_slice(&bytes).unwrap();
            let _ = sender.send(Came {
                headers,
                bytes,
                body,
            }); // the test may be over
            async move { StatusCode::from_u16(status).unwrap() }
        };
        let router = Router::new().route("/hooks", post(take));
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { url, came, answers }
    }

    pub(crate) fn answer(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    /// The next webhook.
    pub(crate) async fn next(&mut self) -> Came {
        let came = timeout(LIMIT, self.came.recv()).await;
        came.expect("a webhook").unwrap()
    }

    /// The next webhook of this kind, whatever comes in between.
    pub(crate) async fn next_of(&mut self, kind: &str) -> Came {
        loop {
            let came = self.next().await;
            if came.kind() == kind {
                return came;
            }
        }
    }
}

pub(crate) async fn control(bench: &Bench, method: Method, path: &str, body: Value) -> Value {
    let request = bench.call(method, &format!("/_sandbox{path}"));
    let request = match body {
        Value::Null => request,
        body => request.json(&body),
    };
    let (status, answer) = read(request.send().await.unwrap()).await;
    assert_eq!(status, 200, "{path} {answer}");
    answer
}

pub(crate) async fn listen(bench: &Bench) -> Receiver {
    let receiver = Receiver::start().await;
    let url = json!({"url": receiver.url});
    let set = control(bench, Method::POST, "/webhooks", url.clone()).await;
    let expected = json!({"url": receiver.url, "client_id": bench.sandbox.client_id(), "sending": 0, "waiting": 0});
    assert_eq!(set, expected);
    receiver
}

pub(crate) async fn change_email(person: &Person<'_>, email: &str) {
    let id = text(&person.get("/v1/user").await["id"]);
    let path = format!("/v1/users/{id}");
    let (status, user) = person.call("PATCH", &path, json!({ "email": email })).await;
    assert_eq!(status, 200, "{user}");
}

pub(crate) async fn pass(bench: &Bench, seconds: u64) {
    let body = json!({ "seconds": seconds });
    control(bench, Method::POST, "/clock/advance", body).await;
}

/// The one delivery of this kind, once `is_over` holds of it.
pub(crate) async fn delivery(bench: &Bench, kind: &str, is_over: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < LIMIT, "{kind}");
        let list = control(bench, Method::GET, "/webhooks/deliveries", Value::Null).await;
        let mut all = list["deliveries"].as_array().unwrap().iter();
        let found = all.find(|delivery| delivery["webhook"]["webhook_type"] == kind);
        if let Some(delivery) = found.filter(|delivery| is_over(delivery)) {
            return delivery.clone();
        }
        tokio::task::yield_now().await;
    }
}
