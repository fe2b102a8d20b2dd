//! How webhooks are delivered: again and again, or not any more. Over real HTTP, to a receiver of the test's own.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::sandbox::tests::bench::{Bench, refused};
use crate::sandbox::tests::person::{Person, order, text};
use crate::sandbox::tests::receiver::{LIMIT, change_email, control, delivery, listen, pass};

const ADA: &str = "6505550100";
/// The first gap between two tries, in seconds.
const FIRST_GAP: u64 = 35;

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
    let accepted = timeout(LIMIT, silent.accept()).await;
    let (mut stream, _) = accepted.expect("a connection").unwrap();
    bench.sandbox.stop().await;
    // The connection ends without an answer to wait for.
    let mut rest = Vec::new();
    let read = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest);
    // Well before the courier would give up by itself.
    let read = timeout(std::time::Duration::from_secs(5), read).await;
    read.expect("it ends with the sandbox").unwrap();
    assert!(String::from_utf8_lossy(&rest).contains("astra-verification"));
}

#[tokio::test]
async fn whoever_asks_learns_when_everything_has_been_sent() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let mut receiver = listen(&bench).await;
    for _ in 0..10 {
        ada.post("/v1/routines", order(&from, &to, json!({"amount": 1})), 201)
            .await;
    }
    pass(&bench, 7 * 86_400).await;
    while control(&bench, Method::GET, "/webhooks", Value::Null).await["sending"] != 0 {
        tokio::task::yield_now().await;
    }
    let mut came = 0;
    while receiver.came.try_recv().is_ok() {
        came += 1;
    }
    // Created, updated and its routine for each, and the batch.
    assert_eq!(came, 31);
}

#[tokio::test]
async fn a_webhook_comes_once_more_on_order() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let mut receiver = listen(&bench).await;
    change_email(&ada, "a@example.com").await;
    let first = receiver.next().await;
    let path = format!("/webhooks/{}/resend", text(&first.body["webhook_id"]));
    for _ in 0..2 {
        delivery(&bench, "user_updated", |it| it["state"] == "delivered").await;
        control(&bench, Method::POST, &path, Value::Null).await;
        assert_eq!(receiver.next().await.bytes, first.bytes);
    }
    let other = bench.call(Method::POST, "/_sandbox/webhooks/x/resend");
    refused(other, 404, "Not Found").await;
    control(&bench, Method::DELETE, "/webhooks", Value::Null).await;
    let nowhere = bench.call(Method::POST, &format!("/_sandbox{path}"));
    refused(nowhere, 400, "Bad Request").await;
}

#[tokio::test]
async fn what_time_alone_brings_about_is_sent_without_a_call() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let mut receiver = listen(&bench).await;
    ada.post("/v1/routines", order(&from, &to, json!({})), 201)
        .await;
    receiver.next_of("transfer_created").await;
    delivery(&bench, "transfer_created", |it| it["state"] == "delivered").await;
    // All of them run on this thread: by now the courier sleeps.
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
    bench.pass(7 * 86_400);
    receiver.next_of("transfer_updated").await;
    let running = Bench::running().await;
    let mut receiver = listen(&running).await;
    running.create_intent(json!({})).await;
    // Its check takes two seconds of the clock on the wall.
    receiver.next_of("user_intent_updated").await;
}
