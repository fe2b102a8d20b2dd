//! What webhooks tell, and when. Over real HTTP, to a receiver of the test's own.

use reqwest::Method;
use serde_json::{Value, json};

use crate::domain::verify;
use crate::sandbox::tests::bench::Bench;
use crate::sandbox::tests::browser::Browser;
use crate::sandbox::tests::person::{Person, order, text};
use crate::sandbox::tests::receiver::{Came, control, listen, pass};

const ADA: &str = "6505550100";
const DAY: u64 = 86_400;

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
    let code = &transfer["chargeback"]["exception_code"];
    assert_eq!(
        code, "R10",
        "money between accounts comes back as an ACH return"
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
async fn a_payment_that_comes_in_is_told_with_its_amount() {
    let bench = Bench::start().await;
    let mut receiver = listen(&bench).await;
    let list = bench.as_application(bench.get("/v1/payment_instruments"));
    let list: Value = list.send().await.unwrap().json().await.unwrap();
    let instrument = &list["payment_instruments"][0];
    let path = format!("/payment-instruments/{}/receive", text(&instrument["id"]));
    let body = json!({"amount": 120.5, "type": "Wires"});
    let answer = control(&bench, Method::POST, &path, body).await;
    let before = instrument["available_balance"].as_f64().unwrap();
    assert_eq!(answer["available_balance"], json!(before + 120.5));
    let told = receiver.next().await.body;
    for (name, value) in [
        ("webhook_type", json!("inbound_payment_received")),
        ("resource_id", instrument["id"].clone()),
        ("user_id", Value::Null),
        ("metadata", json!({"amount": 120.5, "type": "Wires"})),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    for (path, body, status) in [
        (
            "/payment-instruments/none/receive",
            json!({"amount": 1}),
            404,
        ),
        (path.as_str(), json!({"amount": 0}), 400),
        (path.as_str(), json!({"amount": 1, "type": "cash"}), 400),
        (path.as_str(), json!({}), 400),
    ] {
        let path = format!("/_sandbox{path}");
        let answer = bench.call(Method::POST, &path).json(&body).send().await;
        assert_eq!(answer.unwrap().status(), status, "{path} {body}");
    }
}
