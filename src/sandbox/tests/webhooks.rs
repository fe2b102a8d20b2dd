//! Webhooks: what is told when, how it is signed, and how it comes again. Over real HTTP, to a receiver of the test's own.

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

use crate::domain::verify;
use crate::sandbox::tests::bench::{Bench, read, refused};
use crate::sandbox::tests::browser::Browser;
use crate::sandbox::tests::person::{Person, order, text};

const ADA: &str = "6505550100";
const DAY: u64 = 86_400;
/// Longer than anything takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);
/// The first gap between two tries.
const FIRST_GAP: u64 = 35;

/// A webhook as it came.
struct Came {
    headers: HeaderMap,
    bytes: Bytes,
    body: Value,
}

impl Came {
    fn kind(&self) -> String {
        text(&self.body["webhook_type"])
    }
}

/// Somebody who listens, and answers what they are told to, else 200.
struct Receiver {
    url: String,
    came: UnboundedReceiver<Came>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    async fn start() -> Self {
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

    fn answer(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    /// The next webhook.
    async fn next(&mut self) -> Came {
        let came = timeout(LIMIT, self.came.recv()).await;
        came.expect("a webhook").unwrap()
    }

    /// The next webhook of this kind, whatever comes in between.
    async fn next_of(&mut self, kind: &str) -> Came {
        loop {
            let came = self.next().await;
            if came.kind() == kind {
                return came;
            }
        }
    }
}

async fn control(bench: &Bench, method: Method, path: &str, body: Value) -> Value {
    let request = bench.call(method, &format!("/_sandbox{path}"));
    let request = match body {
        Value::Null => request,
        body => request.json(&body),
    };
    let (status, answer) = read(request.send().await.unwrap()).await;
    assert_eq!(status, 200, "{path} {answer}");
    answer
}

async fn listen(bench: &Bench) -> Receiver {
    let receiver = Receiver::start().await;
    let url = json!({"url": receiver.url});
    let set = control(bench, Method::POST, "/webhooks", url.clone()).await;
    assert_eq!(
        set,
        json!({"url": receiver.url, "waiting": 0, "client_id": bench.sandbox.client_id()})
    );
    receiver
}

async fn change_email(person: &Person<'_>, email: &str) {
    let id = text(&person.get("/v1/user").await["id"]);
    let path = format!("/v1/users/{id}");
    let (status, user) = person.call("PATCH", &path, json!({ "email": email })).await;
    assert_eq!(status, 200, "{user}");
}

async fn pass(bench: &Bench, seconds: u64) {
    let body = json!({ "seconds": seconds });
    control(bench, Method::POST, "/clock/advance", body).await;
}

/// The one delivery of this kind, once `is_over` holds of it.
async fn delivery(bench: &Bench, kind: &str, is_over: impl Fn(&Value) -> bool) -> Value {
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

#[tokio::test]
async fn a_transfer_is_told_when_it_starts_and_when_it_has_arrived() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let mut receiver = listen(&bench).await;
    let routine = ada
        .post("/v1/routines", order(&from, &to, json!({})), 201)
        .await;
    let transfer = ada.transfer(&routine).await;
    let created = receiver.next_of("transfer_created").await;
    let user = ada.get("/v1/user").await;
    assert_eq!(
        (&created.body["resource_id"], &created.body["user_id"]),
        (&transfer["id"], &user["id"])
    );
    assert_eq!(created.body.as_object().unwrap().len(), 4);
    assert_eq!(created.headers["content-type"], "application/json");
    let sent = created.headers["astra-verification"].to_str().unwrap();
    let secret = bench.sandbox.client_secret();
    assert_eq!(verify(secret, &created.bytes, Some(sent)), Ok(()));
    pass(&bench, 3 * DAY).await;
    for kind in [
        "batch_transfer_created",
        "transfer_updated",
        "routine_updated",
    ] {
        let told = receiver.next().await;
        assert_eq!(told.kind(), kind);
    }
    assert_eq!(ada.transfer(&routine).await["status"], "processed");
    assert_eq!(ada.status(&routine).await, "completed");
}

#[tokio::test]
async fn money_that_is_claimed_back_is_told_with_its_transfer() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let mut receiver = listen(&bench).await;
    let wish = order(&from, &to, json!({"amount": 1.77}));
    let routine = ada.post("/v1/routines", wish, 201).await;
    pass(&bench, 7 * DAY).await;
    let claim = receiver.next_of("chargeback_created").await.body;
    let transfer = ada.transfer(&routine).await;
    assert_eq!(
        (&claim["resource_id"], &claim["resource_parent_id"]),
        (&transfer["chargeback"]["cb_id"], &transfer["id"])
    );
    assert_eq!(receiver.next().await.kind(), "transfer_updated");
}

#[tokio::test]
async fn a_person_is_told_from_intent_to_user_with_what_the_client_keeps() {
    let bench = Bench::patient().await;
    let mut receiver = listen(&bench).await;
    let metadata = json!({"customer": 7});
    let (_, intent) = bench
        .create_intent(json!({"metadata": metadata, "phone": "+16505550177"}))
        .await;
    pass(&bench, 3).await;
    let told = receiver.next().await.body;
    for (name, value) in [
        ("webhook_type", &json!("user_intent_updated")),
        ("resource_id", &intent["id"]),
        ("user_id", &intent["id"]),
        ("metadata", &metadata),
    ] {
        assert_eq!(&told[name], value, "{name}");
    }
    let id = text(&intent["id"]);
    Browser::new(&bench)
        .sign_in(&[("user_intent_id", &id)])
        .await;
    let converted = receiver.next_of("user_intent_updated").await.body;
    assert_eq!(converted["resource_id"], intent["id"]);
    assert_ne!(converted["webhook_id"], told["webhook_id"]);
    let id = text(&bench.intent(&id).await["user_id"]);
    let path = format!("/users/{id}/status");
    control(&bench, Method::POST, &path, json!({"status": "suspended"})).await;
    let user = receiver.next_of("user_updated").await.body;
    assert_eq!(
        (&user["resource_id"], &user["user_id"], &user["metadata"]),
        (&json!(id), &json!(id), &metadata)
    );
}

#[tokio::test]
async fn cards_and_the_routines_of_who_is_blocked_are_told() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let later = json!({"start_date": "2026-06-10"});
    let routine = ada
        .post("/v1/routines", order(&from, &to, later), 201)
        .await;
    let mut receiver = listen(&bench).await;
    let card = json!({"card_number": "4242424242424242", "card_security_code": "123", "expiration_date": "12/39",
        "first_name": "Ada", "last_name": "Byron", "zip_code": "94304", "added_by_user": true});
    let card = ada.post("/v1/cards", card, 200).await;
    let path = format!("/v1/cards/{}", text(&card["id"]));
    ada.call("DELETE", &path, Value::Null).await;
    for kind in ["card_created", "card_updated"] {
        let told = receiver.next().await;
        assert_eq!(
            (told.kind(), &told.body["resource_id"]),
            (kind.into(), &card["id"])
        );
    }
    let path = format!("/users/{ADA}/status");
    for status in ["suspended", "suspended", "approved"] {
        control(&bench, Method::POST, &path, json!({ "status": status })).await;
    }
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(receiver.next().await);
    }
    let kinds: Vec<_> = told.iter().map(Came::kind).collect();
    let expected = [
        "user_updated",
        "routine_updated",
        "user_updated",
        "routine_updated",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(told[1].body["resource_id"], routine["id"]);
}

#[tokio::test]
async fn what_is_not_answered_with_200_comes_again_as_the_clock_goes_on() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let mut receiver = listen(&bench).await;
    receiver.answer(&[500, 204]);
    change_email(&ada, "new@example.com").await;
    let first = receiver.next().await;
    let waiting = delivery(&bench, "user_updated", |it| it["state"] == "waiting").await;
    assert_eq!(waiting["tries"][0]["status"], 500);
    assert_eq!(waiting["next_try"], "2026-05-28T20:27:15.000000Z");
    let counted = control(&bench, Method::GET, "/webhooks", Value::Null).await;
    assert_eq!(counted["waiting"], 1);
    pass(&bench, FIRST_GAP).await;
    let second = receiver.next().await;
    assert_eq!(second.bytes, first.bytes);
    delivery(&bench, "user_updated", |it| it["tries"][1]["status"] == 204).await;
    pass(&bench, 2 * FIRST_GAP).await;
    assert_eq!(receiver.next().await.bytes, first.bytes);
    let over = delivery(&bench, "user_updated", |it| it["state"] == "delivered").await;
    assert_eq!(over["tries"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&over["webhook"], &over["next_try"]),
        (&first.body, &Value::Null)
    );
}

#[tokio::test]
async fn a_receiver_that_stays_away_is_given_up_after_ten_tries() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = json!({"url": format!("http://{}/", gone.local_addr().unwrap())});
    drop(gone);
    control(&bench, Method::POST, "/webhooks", url).await;
    change_email(&ada, "new@example.com").await;
    delivery(&bench, "user_updated", |it| it["state"] == "waiting").await;
    bench.pass(6 * 3_600);
    let over = delivery(&bench, "user_updated", |it| it["state"] == "given_up").await;
    let tries = over["tries"].as_array().unwrap();
    assert_eq!(tries.len(), 10);
    assert!(
        tries
            .iter()
            .all(|made| made["status"].is_null() && made["error"].is_string())
    );
}

#[tokio::test]
async fn nothing_is_sent_where_nobody_listens_any_more_and_a_reset_leaves_who_does() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let mut receiver = listen(&bench).await;
    let other = json!({"url": "http://127.0.0.1:1/"});
    let left = control(&bench, Method::DELETE, "/webhooks", other).await;
    assert_eq!(left["url"], json!(receiver.url));
    let cleared = control(&bench, Method::DELETE, "/webhooks", Value::Null).await;
    assert_eq!(
        (&cleared["url"], &cleared["waiting"]),
        (&Value::Null, &json!(0))
    );
    change_email(&ada, "a@example.com").await;
    let url = json!({"url": receiver.url});
    control(&bench, Method::POST, "/webhooks", url).await;
    control(&bench, Method::POST, "/reset", Value::Null).await;
    let list = control(&bench, Method::GET, "/webhooks/deliveries", Value::Null).await;
    assert_eq!(list["count"], 0);
    let ada = Person::sign_in(&bench, ADA).await;
    change_email(&ada, "b@example.com").await;
    assert_eq!(receiver.next().await.kind(), "user_updated");
    let list = control(&bench, Method::GET, "/webhooks/deliveries", Value::Null).await;
    assert_eq!(list["count"], 1);
}

#[tokio::test]
async fn an_address_that_is_not_taken_is_told_why() {
    let bench = Bench::start().await;
    for (url, words) in [
        (json!("http://example.com/"), "use https"),
        (json!("x"), "no URL"),
        (Value::Null, "url is required"),
    ] {
        let request = bench.call(Method::POST, "/_sandbox/webhooks");
        let why = refused(request.json(&json!({ "url": url })), 400, "Bad Request").await;
        assert!(why.contains(words), "{why}");
    }
}

#[tokio::test]
async fn a_sandbox_stops_while_a_webhook_is_under_way() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = json!({"url": format!("http://{}/", silent.local_addr().unwrap())});
    control(&bench, Method::POST, "/webhooks", url).await;
    change_email(&ada, "a@example.com").await;
    let (mut stream, _) = silent.accept().await.unwrap();
    bench.sandbox.stop().await;
    // The connection ends without an answer to wait for.
    let mut rest = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest)
        .await
        .unwrap();
    assert!(String::from_utf8_lossy(&rest).contains("astra-verification"));
}
