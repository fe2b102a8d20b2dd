//! Routines: who may start which, what stands against them, and how they go on.

use serde_json::{Value, json};

use crate::sandbox::tests::bench::Bench;
use crate::sandbox::tests::person::{Person, order, text};

const DAY: u64 = 24 * 3_600;
const ADA: &str = "6505550100";
const GRACE: &str = "6505550101";

#[tokio::test]
async fn what_cannot_be_moved_is_refused_with_a_reason() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let grace = Person::sign_in(&bench, GRACE).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let hers = grace.account("checking").await;
    let cards = ada.cards("approved").await;
    let flagged = ada.cards("flagged").await.remove(0);
    let debit = |source: &str, destination: &str| {
        order(source, destination, json!({"payment_type": "debit"}))
    };
    for (wish, status, expected) in [
        (order(&from, &from, json!({})), 400, "must differ"),
        (order(&from, "nothing", json!({})), 404, "destination_id"),
        (order(&hers, &to, json!({})), 404, "source_id"),
        (order(&from, &hers, json!({})), 404, "destination_user_id"),
        (
            order(&from, &to, json!({"destination_user_id": "nobody"})),
            404,
            "no user",
        ),
        (order(&from, &to, json!({"amount": 0})), 400, "amount"),
        (
            order(&from, &to, json!({"amount": 2_000_000})),
            400,
            "amount",
        ),
        (order(&from, &to, json!({"amount": 1.005})), 400, "decimals"),
        (
            order(&from, &to, json!({"frequency": "weekly"})),
            400,
            "recurring routines only",
        ),
        (
            order(&from, &to, json!({"type": "recurring"})),
            400,
            "frequency is required",
        ),
        (
            order(&from, &to, json!({"start_date": "2026-05-27"})),
            400,
            "is over",
        ),
        (
            order(&from, &to, json!({"start_date": "soon"})),
            400,
            "must be a date",
        ),
        (
            order(&from, &to, json!({"client_correlation_id": "A".repeat(81)})),
            400,
            "at most 80",
        ),
        (order(&from, &cards[0], json!({})), 400, "account-to-card"),
        (debit(&from, &to), 400, "a card to a card"),
        (debit(&cards[0], &flagged), 400, "is flagged"),
        (
            order(
                &cards[0],
                &cards[1],
                json!({"payment_type": "debit", "start_date": "2026-05-29"}),
            ),
            400,
            "future",
        ),
        (
            order(
                &cards[0],
                &cards[1],
                json!({"payment_type": "debit", "client_correlation_id": "A12345678"}),
            ),
            400,
            "at most 8",
        ),
    ] {
        let why = ada
            .refused("POST", "/v1/routines", wish.clone(), status)
            .await;
        assert!(why.contains(expected), "{wish} {why}");
    }
    assert_eq!(ada.get("/v1/routines").await["count"], 0);
    let id = text(&grace.get("/v1/user").await["id"]);
    let to_her = order(&from, &hers, json!({"destination_user_id": id}));
    let routine = ada.post("/v1/routines", to_her, 201).await;
    assert_eq!(routine["destination_user_id"], json!(id));
}

#[tokio::test]
async fn only_people_in_good_standing_start_routines() {
    let bench = Bench::patient().await;
    for (phone, subtype) in [("6505550108", "checking"), ("6505550109", "checking")] {
        let person = Person::sign_in(&bench, phone).await;
        let account = person.account(subtype).await;
        let wish = order(&account, "nothing", json!({}));
        let why = person.refused("POST", "/v1/routines", wish, 403).await;
        assert!(why.contains("cannot start routines"), "{why}");
    }
    let noor = Person::sign_in(&bench, "6505550107").await;
    let wish = order(
        &noor.account("checking").await,
        &noor.account("savings").await,
        json!({}),
    );
    let routine = noor.post("/v1/routines", wish, 201).await;
    assert_eq!(
        (&routine["status"], &routine["active"]),
        (&json!("requires_user_verification"), &json!(false))
    );
    bench.pass(10 * DAY);
    assert_eq!(noor.get("/v1/transfers").await["count"], 0);
}

#[tokio::test]
async fn a_recurring_routine_runs_on_its_days_until_it_is_paused_or_deleted() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let weekly = json!({"type": "recurring", "frequency": "weekly", "start_date": "2026-05-30", "amount": 5.0});
    let routine = ada
        .post("/v1/routines", order(&from, &to, weekly), 201)
        .await;
    let path = format!("/v1/routines/{}", text(&routine["id"]));
    let transfers = format!("{path}/transfers");
    assert_eq!(ada.get(&transfers).await["count"], 0);
    bench.pass(10 * DAY);
    let list = ada.get(&transfers).await;
    assert_eq!(list["count"], 2);
    assert_eq!(
        list["transfers"][0]["initiated"],
        "2026-06-06T07:00:00.000000"
    );
    assert_eq!(list["transfers"][1]["status"], "processed");
    let (_, paused) = ada
        .call("PUT", &path, json!({"active": false, "name": "Less"}))
        .await;
    assert_eq!(
        (&paused["active"], &paused["name"]),
        (&json!(false), &json!("Less"))
    );
    assert_eq!(ada.status(&routine).await, "inactive");
    bench.pass(7 * DAY);
    assert_eq!(ada.get(&transfers).await["count"], 2);
    for body in [
        json!({"amount": 6.0}),
        json!({"frequency": "monthly"}),
        json!({"type": "one-time"}),
    ] {
        ada.refused("PUT", &path, body, 400).await;
    }
    ada.call("PUT", &path, json!({"active": true})).await;
    bench.pass(7 * DAY);
    let list = ada.get(&transfers).await;
    assert_eq!(
        (&list["count"], &list["transfers"][0]["routine_name"]),
        (&json!(3), &json!("Less"))
    );
    assert_eq!(
        ada.call("DELETE", &path, Value::Null).await,
        (204, Value::Null)
    );
    ada.refused("GET", &path, Value::Null, 404).await;
    bench.pass(30 * DAY);
    assert_eq!(ada.get("/v1/transfers").await["count"], 3);
}

#[tokio::test]
async fn a_paused_routine_whose_account_has_gone_is_not_resumed() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let weekly = json!({"type": "recurring", "frequency": "weekly", "start_date": "2026-06-10"});
    let routine = ada
        .post("/v1/routines", order(&from, &to, weekly), 201)
        .await;
    let path = format!("/v1/routines/{}", text(&routine["id"]));
    ada.call("PUT", &path, json!({"active": false})).await;
    let (status, _) = ada
        .call("DELETE", &format!("/v1/accounts/{from}"), Value::Null)
        .await;
    assert_eq!(status, 200);
    let why = ada
        .refused("PUT", &path, json!({"active": true}), 404)
        .await;
    assert!(why.contains("source_id"), "{why}");
    assert_eq!(ada.status(&routine).await, "inactive");
    let before = ada.balance(&to).await;
    bench.pass(30 * DAY);
    assert_eq!(ada.balance(&to).await.to_bits(), before.to_bits());
}

#[tokio::test]
async fn a_one_time_routine_waits_for_its_day_and_can_be_changed_until_then() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let later = order(&from, &to, json!({"start_date": "2026-06-10T12:00:00Z"}));
    let routine = ada.post("/v1/routines", later, 201).await;
    let path = format!("/v1/routines/{}", text(&routine["id"]));
    let (_, changed) = ada
        .call(
            "PUT",
            &path,
            json!({"amount": 30.0, "start_date": "2026-06-05"}),
        )
        .await;
    assert_eq!(
        (&changed["amount"], &changed["start_date"]),
        (&json!(30.0), &json!("2026-06-05"))
    );
    bench.pass(7 * DAY);
    assert_eq!(ada.status(&routine).await, "active");
    assert_eq!(ada.get("/v1/transfers").await["count"], 0);
    bench.pass(10 * DAY);
    let transfer = ada.transfer(&routine).await;
    assert_eq!(
        (&transfer["amount"], &transfer["initiated"]),
        (&json!(30.0), &json!("2026-06-05T07:00:00.000000"))
    );
    for method in ["PUT", "DELETE"] {
        let why = ada.refused(method, &path, json!({"name": "x"}), 400).await;
        assert!(why.contains("one-time"), "{why}");
    }
}

#[tokio::test]
async fn account_and_card_are_joined_by_their_own_endpoints_once_for_each_key() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (account, card) = (
        ada.account("checking").await,
        ada.cards("approved").await.remove(0),
    );
    let payout = json!({"name": "Payout", "amount": 40.0, "source": {"id": account}, "destination": {"id": card},
        "settlement_mode": "net_debit"});
    let post = |body: &Value, key: &str| {
        let request = ada
            .request("POST", "/v1/routines/account-to-card")
            .header("idempotency-key", key);
        ada.send(request.json(body))
    };
    let (status, first) = post(&payout, "k1").await;
    assert_eq!(
        (status, &first["payment_route"]),
        (201, &json!("net_debit"))
    );
    assert_eq!(post(&payout, "k1").await, (201, first.clone()));
    let mut other = payout.clone();
    other["amount"] = json!(41.0);
    let (status, refused) = post(&other, "k1").await;
    assert_eq!(status, 400, "{refused}");
    assert_ne!(post(&other, "k2").await.1["id"], first["id"]);
    assert_eq!(ada.get("/v1/routines").await["count"], 2);
    assert_eq!(ada.transfer(&first).await["payment_type"], "debit");
    other["settlement_mode"] = json!("gross_debit");
    let why = ada
        .refused("POST", "/v1/routines/account-to-card", other, 400)
        .await;
    assert!(why.contains("client_correlation_id"), "{why}");
    let top_up = json!({"name": "Top up", "amount": 40.0, "source": {"id": card}, "destination": {"id": account},
        "client_correlation_id": "TOPUP001", "debit_fee_percent": 0});
    let routine = ada
        .post("/v1/routines/card-to-account", top_up.clone(), 201)
        .await;
    assert_eq!(routine["destination"]["id"], json!(account));
    let mut swapped = top_up;
    swapped["source"] = json!({"id": account});
    let why = ada
        .refused("POST", "/v1/routines/card-to-account", swapped, 400)
        .await;
    assert!(why.contains("a card to an account"), "{why}");
}

#[tokio::test]
async fn a_key_is_no_promise_where_no_client_sends_one() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let wish = order(&from, &to, json!({}));
    for count in 1..=2 {
        let request = ada.request("POST", "/v1/routines").json(&wish);
        let (status, _) = ada.send(request.header("idempotency-key", "k")).await;
        assert_eq!(status, 201);
        assert_eq!(ada.get("/v1/routines").await["count"], count);
    }
}

#[tokio::test]
async fn a_preview_tells_the_fees_and_moves_nothing() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let cards = ada.cards("approved").await;
    let wish = order(
        &cards[0],
        &cards[1],
        json!({"payment_type": "debit", "amount": 40.0}),
    );
    let preview = ada.post("/v1/routines/preview", wish, 201).await;
    for (field, amount) in [
        ("pull_amount", 40.4),
        ("push_amount", 40.0),
        ("astra_fee", 0.3),
        ("customer_fee", 0.1),
    ] {
        assert_eq!(preview[field], json!(amount), "{field}");
    }
    assert_eq!(ada.get("/v1/routines").await["count"], 0);
}
