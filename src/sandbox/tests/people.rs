//! Users: what they change about themselves, the papers they hand in, and trusted sign-ins.

use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::tests::bench::{Bench, REDIRECT_URI, read, refused};
use crate::sandbox::tests::person::{Person, order, text};

const ADA: &str = "6505550100";
const DAY: u64 = 24 * 3_600;

#[tokio::test]
async fn phone_address_and_email_change_as_often_as_is_allowed() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let id = text(&ada.get("/v1/user").await["id"]);
    let phone = |number: &str| json!({"proposed_phone": number});
    let path = "/v1/request_user_phone_number_update";
    let why = ada.refused("POST", path, phone("+16505550101"), 400).await;
    assert!(why.contains("belongs to a user"), "{why}");
    assert_eq!(
        ada.call("POST", path, phone("+16505550198")).await,
        (200, Value::Null)
    );
    assert_eq!(ada.get("/v1/user").await["phone"], "+16505550198");
    ada.refused("POST", path, phone("+16505550197"), 400).await;
    bench.pass(30 * DAY);
    ada.post(path, phone("+16505550197"), 200).await;
    let changes = ada.get("/v1/phone_number_change_requests").await;
    assert_eq!(
        changes["phone_number_change_requests"][1]["current_phone"],
        "+16505550100"
    );
    let path = "/v1/request_address_change";
    ada.refused("POST", path, json!({"city": ""}), 400).await;
    ada.refused("POST", path, json!({}), 400).await;
    for city in ["Oslo", "Rome"] {
        assert_eq!(
            ada.post(path, json!({"city": city}), 200).await,
            json!({"city": city})
        );
    }
    let why = ada
        .refused("POST", path, json!({"city": "Bonn"}), 400)
        .await;
    assert!(why.contains("120 days"), "{why}");
    let capabilities = format!("/v1/users/{id}/capabilities");
    for (email, can_send) in [
        ("a@example.com", true),
        ("b@example.com", true),
        ("c@example.com", false),
    ] {
        let (_, user) = ada
            .call("PATCH", &format!("/v1/users/{id}"), json!({"email": email}))
            .await;
        assert_eq!(user["email"], email);
        assert_eq!(
            ada.get(&capabilities).await["capabilities"]["send"],
            can_send
        );
    }
    ada.refused("GET", "/v1/users/other/capabilities", Value::Null, 404)
        .await;
    ada.refused(
        "PATCH",
        "/v1/users/other",
        json!({"email": "d@example.com"}),
        404,
    )
    .await;
    let why = ada
        .refused(
            "POST",
            "/v1/upgrade_kyc_type",
            json!({"kyc_type": "verified"}),
            400,
        )
        .await;
    assert!(why.contains("only be raised"), "{why}");
}

#[tokio::test]
async fn a_document_is_put_confirmed_and_frees_what_waits() {
    let bench = Bench::patient().await;
    let noor = Person::sign_in(&bench, "6505550107").await;
    let wish = order(
        &noor.account("checking").await,
        &noor.account("savings").await,
        json!({}),
    );
    let routine = noor.post("/v1/routines", wish, 201).await;
    let path = "/v1/documents/create_upload_url";
    noor.refused(
        "POST",
        path,
        json!({"document_type": "passport", "extension": "pdf"}),
        400,
    )
    .await;
    let place = noor
        .post(
            path,
            json!({"document_type": "passport", "extension": "png"}),
            200,
        )
        .await;
    let confirm = json!({"filename": place["filename"]});
    let why = noor
        .refused("POST", "/v1/documents/confirm_upload", confirm.clone(), 400)
        .await;
    assert!(why.contains("put them"), "{why}");
    let url = text(&place["url"]);
    assert!(url.starts_with(bench.sandbox.url()));
    let put = |url: &str, bytes: &'static [u8]| bench.client.put(url).body(bytes).send();
    assert_eq!(put(&url, b"").await.unwrap().status(), 400);
    assert_eq!(put(&format!("{url}0"), b"x").await.unwrap().status(), 404);
    assert_eq!(put(&url, b"\x89PNG").await.unwrap().status(), 200);
    let ada = Person::sign_in(&bench, ADA).await;
    ada.refused("POST", "/v1/documents/confirm_upload", confirm.clone(), 404)
        .await;
    assert_eq!(
        noor.call("POST", "/v1/documents/confirm_upload", confirm)
            .await,
        (200, Value::Null)
    );
    assert_eq!(noor.get("/v1/user").await["status"], "pending");
    bench.pass(2);
    assert_eq!(noor.get("/v1/user").await["status"], "approved");
    assert_eq!(noor.status(&routine).await, "active");
    let transfer = noor.transfer(&routine).await;
    assert_eq!(transfer["initiated"], "2026-05-28T20:26:42.000000");
}

#[tokio::test]
async fn the_client_vouches_for_a_person_once_and_for_a_minute() {
    let bench = Bench::start().await;
    let (_, intent) = bench
        .create_intent(json!({"kyc_type": "receive-only"}))
        .await;
    let verify = |body: Value| {
        let request = bench
            .call(Method::POST, "/v1/partner/identity/verification")
            .json(&body);
        bench.as_application(request)
    };
    let vouch = |subject: Value| {
        let mut body = json!({"provider": "example", "provider_data": {"customer_id": "c1"}});
        body.as_object_mut()
            .unwrap()
            .extend(subject.as_object().unwrap().clone());
        body
    };
    let exchange = |token: String, consent: &'static str| {
        let form = [
            ("token", token),
            ("user_consent_captured", consent.to_owned()),
        ];
        bench.as_application(
            bench
                .call(Method::POST, "/v1/partner/identity/token")
                .form(&form),
        )
    };
    for (subject, status, name) in [
        (json!({}), 400, "Bad Request"),
        (
            json!({"user_id": "x", "user_intent_id": "y"}),
            400,
            "Bad Request",
        ),
        (json!({"user_id": "x"}), 404, "Not Found"),
    ] {
        refused(verify(vouch(subject)), status, name).await;
    }
    let body = vouch(json!({"user_intent_id": intent["id"]}));
    let (_, answer) = read(verify(body.clone()).send().await.unwrap()).await;
    let token = text(&answer["token"]);
    for consent in ["false", "perhaps"] {
        assert_eq!(
            exchange(token.clone(), consent)
                .send()
                .await
                .unwrap()
                .status(),
            400
        );
    }
    let (status, answer) = read(exchange(token.clone(), "true").send().await.unwrap()).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(exchange(token, "true").send().await.unwrap().status(), 400);
    let access = text(&answer["access_token"]);
    let renewal = text(&answer["refresh_token"]);
    let user = read(
        bench
            .get("/v1/user")
            .bearer_auth(&access)
            .send()
            .await
            .unwrap(),
    )
    .await
    .1;
    assert_eq!(user["first_name"], "Edmund");
    let upgrade = |kyc_type: &str| {
        let request = bench.call(Method::POST, "/v1/upgrade_kyc_type");
        request
            .bearer_auth(&access)
            .json(&json!({ "kyc_type": kyc_type }))
    };
    bench.pass(3);
    let (status, answer) = read(upgrade("verified").send().await.unwrap()).await;
    assert_eq!((status, &answer["status"]), (200, &json!("pending")));
    refused(upgrade("unverified"), 400, "Bad Request").await;
    let (_, answer) = read(verify(body).send().await.unwrap()).await;
    bench.pass(60);
    assert_eq!(
        exchange(text(&answer["token"]), "true")
            .send()
            .await
            .unwrap()
            .status(),
        400
    );
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &renewal),
        ("redirect_uri", REDIRECT_URI),
    ];
    let (status, answer) = bench.token(&form).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn a_phone_number_is_good_for_three_business_profiles() {
    let bench = Bench::start().await;
    let body = json!({"phone": "+16505550150", "first_name": "Edmund", "business_info": {"business_name": "Southpole"}});
    let create = || {
        let request = bench.call(Method::POST, "/v1/business_profile").json(&body);
        bench.as_application(request)
    };
    let (status, answer) = read(create().send().await.unwrap()).await;
    assert_eq!(status, 201);
    let path = format!("/v1/business_profile/{}", text(&answer["id"]));
    let shown = read(bench.as_application(bench.get(&path)).send().await.unwrap())
        .await
        .1;
    assert_eq!(shown["business_info"]["business_name"], "Southpole");
    for _ in 0..2 {
        assert_eq!(create().send().await.unwrap().status(), 201);
    }
    refused(create(), 400, "Bad Request").await;
}

#[tokio::test]
async fn entries_come_page_by_page_and_hold_what_has_arrived() {
    let bench = Bench::patient().await;
    let ada = Person::sign_in(&bench, ADA).await;
    let (from, to) = (ada.account("checking").await, ada.account("savings").await);
    ada.post(
        "/v1/routines",
        order(&from, &to, json!({"amount": 12.0})),
        201,
    )
    .await;
    bench.pass(2 * DAY);
    let base = "/v1/transactions?date_start=2026-01-01&date_end=2026-12-31";
    let whole = ada.get(&format!("{base}&batch_size=500")).await;
    assert_eq!(whole["more"], false);
    let whole = whole["transactions"].as_array().unwrap().clone();
    assert!(whole.len() > 60, "{}", whole.len());
    let moved: Vec<_> = whole
        .iter()
        .filter(|it| it["name"] == "ASTRA TRANSFER Rent")
        .collect();
    assert_eq!(
        (&moved[0]["amount"], &moved[1]["amount"]),
        (&json!(12.0), &json!(-12.0))
    );
    let mut pieced = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = ada
            .get(&format!("{base}&batch_size=17&cursor={cursor}"))
            .await;
        pieced.extend(page["transactions"].as_array().unwrap().clone());
        if page["more"] == false {
            break;
        }
        cursor = text(&page["cursor"]);
    }
    assert_eq!(pieced, whole);
    let one = ada.get(&format!("{base}&account_id={to}")).await;
    let mut one = one["transactions"].as_array().unwrap().iter();
    assert!(one.all(|it| it["account_id"] == json!(to)));
    for (query, status) in [
        ("date_start=2026-01-01", 400),
        ("date_start=2026-02-01&date_end=2026-01-01", 400),
        (
            "date_start=2026-01-01&date_end=2026-02-01&account_id=x",
            404,
        ),
        ("date_start=2026-01-01&date_end=2026-02-01&cursor=x", 400),
    ] {
        ada.refused(
            "GET",
            &format!("/v1/transactions?{query}"),
            Value::Null,
            status,
        )
        .await;
    }
}
