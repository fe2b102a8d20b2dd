//! Cards and accounts: what is taken, how it is reviewed, and what cannot be let go.

use serde_json::{Value, json};

use crate::sandbox::tests::bench::{Bench, read};
use crate::sandbox::tests::person::{Person, order, text};

const ADA: &str = "6505550100";

fn card(changes: Value) -> Value {
    let mut body = json!({"card_number": "4242424242424242", "card_security_code": "123", "expiration_date": "12/39",
        "first_name": "Ada", "last_name": "Byron", "zip_code": "94304", "added_by_user": true});
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test]
async fn a_card_is_checked_reviewed_and_read_back() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let new = ada.post("/v1/cards", card(json!({})), 200).await;
    assert_eq!(
        (
            &new["card_company"],
            &new["last_four_digits"],
            &new["status"]
        ),
        (&json!("visa"), &json!("4242"), &json!("approved"))
    );
    let path = format!("/v1/cards/{}", text(&new["id"]));
    assert_eq!(ada.get(&path).await, new);
    assert_eq!(ada.get("/v1/cards").await["cards"][0], new);
    for (code, status, recommendation) in [
        ("901", "flagged", "review"),
        ("902", "rejected", "decline"),
        ("903", "approved", "review"),
    ] {
        let new = ada
            .post("/v1/cards", card(json!({"card_security_code": code})), 200)
            .await;
        assert_eq!(new["review_status"], status);
        let details = ada
            .get(&format!("/v1/cards/{}/auth_details", text(&new["id"])))
            .await;
        assert_eq!(details["recommendation"], recommendation);
    }
    for (changes, expected) in [
        (json!({"card_number": "4242424242424241"}), "check digit"),
        (json!({"expiration_date": "04/26"}), "is over"),
        (json!({"added_by_user": false}), "not registered"),
    ] {
        let why = ada.refused("POST", "/v1/cards", card(changes), 400).await;
        assert!(why.contains(expected), "{why}");
        assert!(!why.contains("4242"), "{why}");
    }
    ada.post("/v1/cards", card(json!({"expiration_date": "05/26"})), 200)
        .await;
    let known = json!({"card_number": "4403930000000003", "added_by_user": false});
    let (status, body) = ada.call("POST", "/v1/cards", card(known)).await;
    assert_eq!(
        (status, &body["card_type"]),
        (200, &json!("debit")),
        "{body}"
    );
    let bin = bench.as_application(bench.get("/v1/bins/440393"));
    assert_eq!(
        read(bin.send().await.unwrap()).await.1["card_brand"],
        "visa"
    );
}

#[tokio::test]
async fn a_card_in_use_or_of_its_owner_cannot_be_deleted() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let cards = ada.cards("approved").await;
    let path = format!("/v1/cards/{}", cards[0]);
    let debit = order(&cards[0], &cards[1], json!({"payment_type": "debit"}));
    ada.post("/v1/routines", debit, 201).await;
    let why = ada.refused("DELETE", &path, Value::Null, 400).await;
    assert!(why.contains("pending transfer"), "{why}");
    bench.pass(120);
    assert_eq!(
        ada.call("DELETE", &path, Value::Null).await,
        (200, Value::Null)
    );
    assert_eq!(ada.cards("approved").await.len(), cards.len() - 1);
    assert_eq!(ada.get(&path).await["status"], "removed");
    ada.refused("DELETE", &path, Value::Null, 404).await;
    let hers = format!("/v1/cards/{}", ada.cards("flagged").await[0]);
    let why = ada.refused("DELETE", &hers, Value::Null, 400).await;
    assert!(why.contains("hosted pages"), "{why}");
    let grace = Person::sign_in(&bench, "6505550101").await;
    grace.refused("DELETE", &hers, Value::Null, 404).await;
}

#[tokio::test]
async fn accounts_come_by_number_or_token_and_go_when_they_are_free() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let numbers = |routing: &str, institution: &str| {
        json!({"institution_id": institution, "name": "Household", "bank_account_type": "checking",
            "account_number": "0009876543", "routing_number": routing})
    };
    let new = ada
        .post(
            "/v1/accounts/create",
            numbers("222222226", "astra_ins_131"),
            201,
        )
        .await;
    assert_eq!(
        (&new["mask"], new.get("current_balance")),
        (&json!("6543"), None)
    );
    for (routing, institution) in [("222222225", "astra_ins_131"), ("222222226", "none")] {
        ada.refused(
            "POST",
            "/v1/accounts/create",
            numbers(routing, institution),
            400,
        )
        .await;
    }
    let token =
        json!({"processor_token": "processor-sandbox-1", "institution_id": "astra_ins_100"});
    let linked = ada
        .post("/v1/accounts/processor_token", token.clone(), 200)
        .await;
    assert_eq!(linked["institution_id"], "astra_ins_100");
    let why = ada
        .refused("POST", "/v1/accounts/processor_token", token, 400)
        .await;
    assert!(why.contains("already exists"), "{why}");
    let (id, savings) = (text(&new["id"]), ada.account("savings").await);
    let weekly = json!({"type": "recurring", "frequency": "weekly", "start_date": "2026-06-10"});
    let routine = ada
        .post("/v1/routines", order(&id, &savings, weekly), 201)
        .await;
    let path = format!("/v1/accounts/{id}");
    let why = ada.refused("DELETE", &path, Value::Null, 400).await;
    assert!(why.contains("used by the routine"), "{why}");
    ada.call(
        "DELETE",
        &format!("/v1/routines/{}", text(&routine["id"])),
        Value::Null,
    )
    .await;
    assert_eq!(
        ada.call("DELETE", &path, Value::Null).await,
        (200, Value::Null)
    );
    ada.refused("GET", &path, Value::Null, 404).await;
    let update = json!({"institution_id": "astra_ins_100", "resource_id": linked["id"], "event_type": "balance_update"});
    ada.post("/v1/webhook/customer_event", update, 200).await;
}
