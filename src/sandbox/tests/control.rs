//! The control calls: the clock, statuses, faults, the log, long lists and the way back.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::tests::bench::{Bench, read, refused};
use crate::sandbox::tests::person::{Person, order, text};
use crate::sandbox::tests::receiver::control;

const ADA: &str = "6505550100";

async fn post(bench: &Bench, path: &str, body: Value) -> Value {
    control(bench, Method::POST, path, body).await
}

#[tokio::test]
async fn the_calls_list_themselves_and_unknown_ones_name_them() {
    let bench = Bench::start().await;
    for path in ["", "/"] {
        let index = control(&bench, Method::GET, path, Value::Null).await;
        assert!(index["calls"].as_array().unwrap().len() > 8);
    }
    let why = refused(bench.get("/_sandbox/time"), 404, "Not Found").await;
    assert!(why.contains("POST /_sandbox/clock/advance"), "{why}");
    let foreign = bench
        .get("/_sandbox/clock")
        .header("origin", "http://example.com");
    refused(foreign, 403, "Forbidden").await;
    let foreign = bench.get("/_sandbox/clock").header("host", "example.com");
    refused(foreign, 421, "Misdirected Request").await;
}

#[tokio::test]
async fn a_path_that_exists_is_told_with_its_methods() {
    let bench = Bench::start().await;
    for (method, path, allowed) in [
        (Method::PUT, "/clock", "GET"),
        (Method::OPTIONS, "/faults", "POST, GET, DELETE"),
        (Method::OPTIONS, "", "GET"),
        (Method::HEAD, "/users/x/status", "POST"),
    ] {
        let path = format!("/_sandbox{path}");
        let answer = bench.call(method, &path).send().await.unwrap();
        let status = answer.status().as_u16();
        assert_eq!(
            (status, &answer.headers()["allow"]),
            (405, &allowed.parse().unwrap()),
            "{path}"
        );
    }
    let head = bench
        .call(Method::HEAD, "/_sandbox/clock")
        .send()
        .await
        .unwrap();
    let length = head.headers()["content-length"].clone();
    assert_eq!(
        (head.status().as_u16(), head.bytes().await.unwrap().len()),
        (200, 0)
    );
    let get = bench.get("/_sandbox/clock").send().await.unwrap();
    assert_eq!(get.headers()["content-length"], length);
}

#[tokio::test]
async fn time_passes_on_order() {
    let bench = Bench::start().await;
    let clock = control(&bench, Method::GET, "/clock", Value::Null).await;
    assert_eq!(clock["time"], "2026-05-28T20:26:40.000000Z");
    let clock = post(&bench, "/clock/advance", json!({"seconds": 86_400})).await;
    assert_eq!(clock["time"], "2026-05-29T20:26:40.000000Z");
    for body in [json!({}), json!({"seconds": -1}), json!({"seconds": 1e12})] {
        let request = bench
            .call(Method::POST, "/_sandbox/clock/advance")
            .json(&body);
        refused(request, 400, "Bad Request").await;
    }
}

#[tokio::test]
async fn a_status_is_set_by_id_or_phone_and_stops_routines() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    let later = json!({"start_date": "2026-06-10"});
    let one_time = ada
        .post("/v1/routines", order(&from, &to, later), 201)
        .await;
    let weekly = json!({"type": "recurring", "frequency": "weekly", "start_date": "2026-06-10"});
    let weekly = ada
        .post("/v1/routines", order(&from, &to, weekly), 201)
        .await;
    let user = post(
        &bench,
        "/users/6505550100/status",
        json!({"status": "suspended"}),
    )
    .await;
    assert_eq!(user["name"], "Ada Byron");
    let same = json!({"status": "suspended"});
    let encoded = post(&bench, "/users/%2B16505550100/status", same).await;
    assert_eq!(encoded["id"], user["id"]);
    assert_eq!(ada.status(&weekly).await, "user_suspended");
    bench.pass(14 * 86_400);
    let path = format!("/users/{}/status", text(&user["id"]));
    post(&bench, &path, json!({"status": "approved"})).await;
    assert_eq!(ada.status(&one_time).await, "user_suspended");
    assert_eq!(ada.status(&weekly).await, "active");
    assert_eq!(ada.get("/v1/transfers").await["count"], 0);
    let request = bench.call(Method::POST, "/_sandbox/users/nobody/status");
    refused(
        request.json(&json!({"status": "approved"})),
        404,
        "Not Found",
    )
    .await;
    let users = control(&bench, Method::GET, "/users", Value::Null).await;
    assert_eq!(users["count"], 10);
}

#[tokio::test]
async fn faults_hit_the_calls_that_they_are_for_as_often_as_they_say() {
    let bench = Bench::start().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let fault = json!({"match": {"method": "get", "path": "/v1/accounts"}, "times": 2, "status": 429, "retry_after": 7});
    post(&bench, "/faults", fault).await;
    ada.get("/v1/user").await;
    for _ in 0..2 {
        let response = ada.request("GET", "/v1/accounts").send().await.unwrap();
        assert_eq!(
            (
                response.status().as_u16(),
                &response.headers()["retry-after"]
            ),
            (429, &"7".parse().unwrap())
        );
        assert_eq!(read(response).await.1["name"], "Too Many Requests");
    }
    ada.get("/v1/accounts").await;
    post(&bench, "/faults", json!({"delay_ms": 60})).await;
    let start = Instant::now();
    ada.get("/v1/accounts").await;
    assert!(start.elapsed() >= Duration::from_millis(60));
    post(&bench, "/faults", json!({"cut_body": true})).await;
    let cut = ada.request("GET", "/v1/accounts").send().await.unwrap();
    assert_eq!(cut.status(), 200);
    assert!(cut.bytes().await.is_err());
    for body in [
        json!({}),
        json!({"status": 200}),
        json!({"status": 500, "times": 0}),
        json!({"stauts": 500}),
    ] {
        let request = bench.call(Method::POST, "/_sandbox/faults").json(&body);
        refused(request, 400, "Bad Request").await;
    }
    post(&bench, "/faults", json!({"status": 500})).await;
    let left = control(&bench, Method::DELETE, "/faults", Value::Null).await;
    assert_eq!(left["faults"], json!([]));
    ada.get("/v1/accounts").await;
}

#[tokio::test]
async fn the_log_holds_calls_and_no_secrets() {
    let bench = Bench::start().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let place = json!({"document_type": "passport", "extension": "png"});
    let place = ada
        .post("/v1/documents/create_upload_url", place, 200)
        .await;
    let url = text(&place["url"]);
    bench.client.put(&url).body("x").send().await.unwrap();
    ada.get("/v1/accounts?cursor=").await;
    let log = control(&bench, Method::GET, "/requests", Value::Null).await;
    let newest = &log["requests"][0];
    assert_eq!(
        (&newest["method"], &newest["path"], &newest["status"]),
        (&json!("GET"), &json!("/v1/accounts"), &json!(200))
    );
    assert_eq!(text(&newest["request_id"]).len(), 36);
    let all = log.to_string();
    assert!(
        all.contains("/v1/oauth/token") && !all.contains("at_"),
        "{all}"
    );
    assert!(!all.contains(url.rsplit('/').next().unwrap()), "{all}");
    for _ in 0..1_100 {
        bench.get("/v1/user").send().await.unwrap();
    }
    let log = control(&bench, Method::GET, "/requests", Value::Null).await;
    assert_eq!(log["count"], 1_000);
}

#[tokio::test]
async fn a_reset_brings_the_first_world_back() {
    let bench = Bench::start().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    ada.post("/v1/routines", order(&from, &to, json!({})), 201)
        .await;
    post(&bench, "/clock/advance", json!({"seconds": 100})).await;
    post(&bench, "/faults", json!({"status": 500, "times": 9})).await;
    let clock = post(&bench, "/reset", Value::Null).await;
    assert_eq!(clock["time"], "2026-05-28T20:26:40.000000Z");
    assert_eq!(ada.call("GET", "/v1/user", Value::Null).await.0, 401);
    let ada = Person::sign_in(&bench, ADA).await;
    assert_eq!(ada.get("/v1/routines").await["count"], 0);
    assert_eq!(ada.account("checking").await, from);
}

#[tokio::test]
async fn a_long_list_answers_each_page_at_once() {
    let bench = Bench::start().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let added = post(
        &bench,
        "/seed-transfers",
        json!({"count": 100_000, "user": ADA}),
    )
    .await;
    assert_eq!(added["transfers"], 100_000);
    let first = ada.get("/v1/transfers?limit=100").await;
    let mut cursor = text(&first["cursor"]);
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        let start = Instant::now();
        let page = ada
            .get(&format!("/v1/transfers?limit=100&cursor={cursor}"))
            .await;
        slowest = slowest.max(start.elapsed());
        assert_eq!(page["count"], 100);
        cursor = text(&page["cursor"]);
    }
    // 5 ms are the bound of a release build; this one is not optimized, and the machine may be busy.
    assert!(slowest < Duration::from_millis(250), "{slowest:?}");
    let failed = ada.get("/v1/transfers?status=failed&limit=100").await;
    assert_eq!(failed["count"], 100);
}
