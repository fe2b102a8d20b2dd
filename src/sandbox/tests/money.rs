//! Money on its way: what settles when, what fails, what can be called back. The time is a Thursday, 28 May 2026.

use serde_json::{Value, json};

use crate::sandbox::tests::bench::Bench;
use crate::sandbox::tests::person::{Person, order, text};

/// Seconds of an hour and a day.
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

const ADA: &str = "6505550100";
const GRACE: &str = "6505550101";

#[tokio::test]
async fn an_ach_transfer_arrives_on_its_banking_day_and_moves_the_balances() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let before = (ada.balance(&from).await, ada.balance(&to).await);
    let routine = ada
        .post("/v1/routines", order(&from, &to, json!({})), 201)
        .await;
    assert_eq!(
        (&routine["status"], &routine["active"]),
        (&json!("active"), &json!(true))
    );
    assert_eq!(routine["start_date"], "2026-05-28");
    let transfer = ada.transfer(&routine).await;
    assert_eq!(
        (&transfer["status"], &transfer["amount"]),
        (&json!("pending"), &json!(25.0))
    );
    // 18:00 in New York on Friday.
    assert_eq!(
        transfer["estimated_clearing_date"],
        "2026-05-29T22:00:00.000000"
    );
    bench.pass(DAY);
    assert_eq!(ada.transfer(&routine).await["status"], "pending");
    bench.pass(2 * HOUR);
    let transfer = ada.transfer(&routine).await;
    assert_eq!(
        (&transfer["status"], &transfer["updated"]),
        (&json!("processed"), &transfer["estimated_clearing_date"])
    );
    assert_eq!(ada.status(&routine).await, "completed");
    let after = (ada.balance(&from).await, ada.balance(&to).await);
    assert!((after.0 - before.0 + 25.0).abs() < 0.001 && (after.1 - before.1 - 25.0).abs() < 0.001);
}

#[tokio::test]
async fn each_speed_has_its_day_and_weekends_do_not_count() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    for (speed, day) in [
        ("T+1", "2026-05-29"),
        ("T+2", "2026-06-01"),
        ("T+4", "2026-06-03"),
    ] {
        let wish = order(&from, &to, json!({"preferred_settlement_speed": speed}));
        let routine = ada.post("/v1/routines", wish, 201).await;
        let clearing = text(&ada.transfer(&routine).await["estimated_clearing_date"]);
        assert!(clearing.starts_with(day), "{speed} {clearing}");
    }
    let at_once = [
        json!({"preferred_settlement_speed": "T+0"}),
        json!({"payment_type": "ledger"}),
    ];
    for changes in at_once {
        let routine = ada
            .post("/v1/routines", order(&from, &to, changes), 201)
            .await;
        assert_eq!(ada.transfer(&routine).await["status"], "processed");
    }
    let slow = json!({"preferred_settlement_speed": "real-time"});
    let why = ada
        .refused("POST", "/v1/routines", order(&from, &to, slow.clone()), 400)
        .await;
    assert!(why.contains("payment instrument"), "{why}");
    let list = bench.as_application(bench.get("/v1/payment_instruments"));
    let (_, list) = crate::sandbox::tests::bench::read(list.send().await.unwrap()).await;
    let instrument = text(&list["payment_instruments"][0]["id"]);
    let routine = ada
        .post("/v1/routines", order(&instrument, &to, slow), 201)
        .await;
    assert_eq!(routine["status"], "completed");
}

#[tokio::test]
async fn cards_settle_within_minutes_and_cannot_be_called_back() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let cards = ada.cards("approved").await;
    let wish = order(&cards[0], &cards[1], json!({"payment_type": "debit"}));
    let routine = ada.post("/v1/routines", wish, 201).await;
    let transfer = ada.transfer(&routine).await;
    assert_eq!(transfer["status"], "pending");
    let path = format!("/v1/transfers/{}/cancel", text(&transfer["id"]));
    let why = ada.refused("POST", &path, Value::Null, 400).await;
    assert!(why.contains("only ach"), "{why}");
    bench.pass(90);
    assert_eq!(ada.transfer(&routine).await["status"], "processed");
}

#[tokio::test]
async fn a_transfer_is_called_back_until_five_o_clock_of_the_next_banking_day() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let slow = json!({"preferred_settlement_speed": "T+2"});
    let early = ada
        .post("/v1/routines", order(&from, &to, slow.clone()), 201)
        .await;
    let late = ada.post("/v1/routines", order(&from, &to, slow), 201).await;
    let cancel = |id: &Value| format!("/v1/transfers/{}/cancel", text(id));
    // 16:26 on Friday, New York.
    bench.pass(DAY);
    let transfer = ada.transfer(&early).await;
    let cancelled = ada.post(&cancel(&transfer["id"]), Value::Null, 200).await;
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(ada.status(&early).await, "cancelled");
    let why = ada
        .refused("POST", &cancel(&transfer["id"]), Value::Null, 400)
        .await;
    assert!(why.contains("is cancelled"), "{why}");
    bench.pass(HOUR);
    let transfer = ada.transfer(&late).await;
    let why = ada
        .refused("POST", &cancel(&transfer["id"]), Value::Null, 400)
        .await;
    assert!(why.contains("17:00 Eastern"), "{why}");
    bench.pass(4 * DAY);
    assert_eq!(ada.transfer(&early).await["status"], "cancelled");
    assert_eq!(ada.transfer(&late).await["status"], "processed");
    let grace = Person::sign_in(&bench, GRACE).await;
    let path = format!("/v1/transfers/{}", text(&transfer["id"]));
    grace.refused("GET", &path, Value::Null, 404).await;
}

#[tokio::test]
async fn levers_and_empty_accounts_make_transfers_fail() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    for (amount, reason) in [
        (25.13, "R01"),
        (25.15, "R03"),
        (25.51, "R08"),
        (900_000.0, "R01"),
    ] {
        let wish = order(&from, &to, json!({"amount": amount}));
        let routine = ada.post("/v1/routines", wish, 201).await;
        bench.pass(5 * DAY);
        let transfer = ada.transfer(&routine).await;
        assert_eq!(transfer["status"], "failed");
        assert!(
            text(&transfer["failure_reason"]).starts_with(reason),
            "{transfer}"
        );
        assert_eq!(ada.status(&routine).await, "failed");
    }
}

#[tokio::test]
async fn a_claim_comes_a_day_after_the_money_and_some_money_never_comes() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let cards = ada.cards("approved").await;
    let debit = |amount: f64| {
        order(
            &cards[0],
            &cards[1],
            json!({"payment_type": "debit", "amount": amount}),
        )
    };
    let claimed = ada.post("/v1/routines", debit(20.77), 201).await;
    let declined = ada.post("/v1/routines", debit(20.13), 201).await;
    let stuck = ada.post("/v1/routines", debit(20.99), 201).await;
    bench.pass(HOUR);
    assert_eq!(ada.transfer(&claimed).await["chargeback"], Value::Null);
    bench.pass(DAY);
    let transfer = ada.transfer(&claimed).await;
    assert_eq!(
        (
            &transfer["status"],
            &transfer["chargeback"]["exception_code"]
        ),
        (&json!("processed"), &json!("10.4"))
    );
    let reason = text(&ada.transfer(&declined).await["failure_reason"]);
    assert!(reason.starts_with("51 declined"), "{reason}");
    bench.pass(30 * DAY);
    assert_eq!(ada.transfer(&stuck).await["status"], "pending");
}

#[tokio::test]
async fn transfers_are_listed_by_status_and_source() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    for (source, destination, amount) in [(&from, &to, 1.0), (&to, &from, 2.0), (&from, &to, 3.13)]
    {
        let wish = order(source, destination, json!({"amount": amount}));
        ada.post("/v1/routines", wish, 201).await;
    }
    bench.pass(5 * DAY);
    ada.post(
        "/v1/routines",
        order(&from, &to, json!({"amount": 4.0})),
        201,
    )
    .await;
    for (query, amounts) in [
        ("", json!([4.0, 3.13, 2.0, 1.0])),
        ("?status=pending", json!([4.0])),
        ("?status=failed", json!([3.13])),
        ("?status=processed", json!([2.0, 1.0])),
        (&format!("?source_id={to}"), json!([2.0])),
        (&format!("?source_id={from}&status=processed"), json!([1.0])),
        ("?source_id=nothing", json!([])),
    ] {
        let list = ada.get(&format!("/v1/transfers{query}")).await;
        let listed = list["transfers"].as_array().unwrap().iter();
        let listed: Vec<_> = listed.map(|transfer| transfer["amount"].clone()).collect();
        assert_eq!(json!(listed), amounts, "{query}");
    }
    let why = ada
        .refused("GET", "/v1/transfers?status=canceled", Value::Null, 400)
        .await;
    assert!(why.contains("cancelled"), "{why}");
}
