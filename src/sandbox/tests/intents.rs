//! User intents: the checks of their fields, their limits and their outcomes.

use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::tests::bench::{Bench, refused};

#[tokio::test]
async fn an_intent_is_checked_settles_and_is_read_back() {
    let bench = Bench::start().await;
    let (status, body) = bench.create_intent(json!({})).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(body.as_object().unwrap().len(), 1);
    let id = body["id"].as_str().unwrap();
    let intent = bench.intent(id).await;
    assert_eq!(intent["status"], "pending");
    assert_eq!(intent["user_id"], Value::Null);
    assert_eq!(intent["kyc_type"], "verified");
    bench.pass(2);
    assert_eq!(bench.intent(id).await["status"], "approved");
}

#[tokio::test]
async fn the_presets_decide_the_outcome_of_an_intent() {
    let bench = Bench::start().await;
    for (email, changes, outcome) in [
        (
            "a@example.com",
            json!({"date_of_birth": "1970-01-01"}),
            "rejected",
        ),
        (
            "b@example.com",
            json!({"phone": "+12025551111"}),
            "rejected",
        ),
        ("c@example.com", json!({"first_name": "retry"}), "retry"),
        (
            "d@example.com",
            json!({"first_name": "document"}),
            "document",
        ),
    ] {
        let mut changes = changes;
        changes["email"] = json!(email);
        let (_, body) = bench.create_intent(changes.clone()).await;
        bench.pass(2);
        assert_eq!(
            bench.intent(body["id"].as_str().unwrap()).await["status"],
            outcome
        );
        let (status, body) = bench.create_intent(changes).await;
        let expected = if outcome == "rejected" { 403 } else { 201 };
        assert_eq!(status, expected, "{body}");
    }
}

#[tokio::test]
async fn an_address_is_good_for_three_intents() {
    let bench = Bench::start().await;
    for _ in 0..3 {
        assert_eq!(bench.create_intent(json!({})).await.0, 201);
    }
    let (status, body) = bench.create_intent(json!({})).await;
    assert_eq!(status, 400);
    assert!(
        body["description"]
            .as_str()
            .unwrap()
            .contains("three user intents")
    );
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let bench = Bench::start().await;
    for (changes, expected) in [
        (json!({"email": "<absent>"}), "email is required"),
        (
            json!({"email": "nobody"}),
            "email must be an e-mail address",
        ),
        (json!({"address2": null}), "address2 must not be null"),
        (json!({"phone": "6505550142"}), "phone must match"),
        (json!({"first_name": 5}), "first_name must be a string"),
        (json!({"kyc_type": "quick"}), "kyc_type must be one of"),
        (
            json!({"date_of_birth": "1985-02-30"}),
            "date_of_birth must be a date",
        ),
        (json!({"ssn": "12345"}), "ssn must match"),
        (json!({"ssn": "<absent>"}), "ssn is required"),
        (
            json!({"kyc_type": "unverified", "date_of_birth": "<absent>"}),
            "date_of_birth is required",
        ),
        (
            json!({"ip_address": "here"}),
            "ip_address must be an IP address",
        ),
    ] {
        let (status, body) = bench.create_intent(changes).await;
        assert_eq!((status, &body["name"]), (400, &json!("Bad Request")));
        let description = body["description"].as_str().unwrap();
        assert!(description.starts_with(expected), "{description}");
        assert!(!description.contains("12345"), "{description}");
    }
    let absent =
        json!({"kyc_type": "receive-only", "ssn": "<absent>", "date_of_birth": "<absent>"});
    assert_eq!(bench.create_intent(absent).await.0, 201);
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let bench = Bench::start().await;
    let post = |body: &'static str| {
        let request = bench.call(Method::POST, "/v1/user_intent").body(body);
        bench.as_application(request.header("content-type", "application/json"))
    };
    assert!(
        refused(post("{\"a\":"), 400, "Bad Request")
            .await
            .contains("not JSON")
    );
    assert!(
        refused(post("[]"), 400, "Bad Request")
            .await
            .contains("JSON object")
    );
    assert!(
        refused(post(""), 400, "Bad Request")
            .await
            .contains("is required")
    );
    let text = bench.call(Method::POST, "/v1/user_intent").body("{}");
    let text = refused(bench.as_application(text), 400, "Bad Request").await;
    assert!(text.contains("Content-Type"), "{text}");
    let long = bench
        .call(Method::POST, "/v1/user_intent")
        .body(vec![b' '; 1024 * 1024 + 1]);
    refused(bench.as_application(long), 413, "Payload Too Large").await;
}
