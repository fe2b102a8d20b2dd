//! Walks through the hosted pages, and on to the accounts of whoever signed in.

use reqwest::StatusCode;
use serde_json::json;

use crate::sandbox::tests::bench::Bench;
use crate::sandbox::tests::browser::{Browser, ask, query, redirected, token_for};

#[tokio::test]
async fn somebody_who_has_signed_up_authorizes() {
    let bench = Bench::start().await;
    let mut browser = Browser::new(&bench);
    let consent = browser.sign_in(&[("phone", "6505550100")]).await;
    assert_eq!(consent.heading, "Authorize the application");
    assert!(consent.text.contains("Ada Byron"));
    let query = redirected(&browser.post(&consent, &[]).await);
    assert_eq!(query["state"], "s&1");
    let (status, tokens) = bench.exchange(&query["code"]).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"]),
        (&json!("Bearer"), &json!(7_200))
    );
    let token = tokens["access_token"].as_str().unwrap();
    let (_, user) = ask(&bench, token, "/v1/user").await;
    assert_eq!(
        (&user["first_name"], &user["status"]),
        (&json!("Ada"), &json!("approved"))
    );
    let (_, list) = ask(&bench, token, "/v1/accounts").await;
    assert_eq!((&list["count"], &list["more"]), (&json!(6), &json!(false)));
    let account = &list["accounts"][0];
    let path = format!("/v1/accounts/{}", account["id"].as_str().unwrap());
    assert_eq!(ask(&bench, token, &path).await, (200, account.clone()));
    let (status, body) = ask(&bench, &token_for(&bench, "6505550103").await, &path).await;
    assert_eq!((status, &body["name"]), (404, &json!("Not Found")));
}

#[tokio::test]
async fn a_new_phone_signs_up_and_connects_a_bank() {
    let bench = Bench::start().await;
    let mut browser = Browser::new(&bench);
    let details = browser.sign_in(&[]).await;
    assert_eq!(details.heading, "Tell us who you are");
    let wrong = browser.fill(&details, &[("email", "nobody")]).await;
    assert!(wrong.alert.is_some());
    assert!(wrong.alert.unwrap().contains("e-mail"));
    let refused = browser.fill(&details, &[("agreement", "")]).await;
    assert!(refused.alert.unwrap().contains("agreement"));
    let bank = browser.fill(&details, &[("first_name", "Zed")]).await;
    assert_eq!(bank.heading, "Connect your bank");
    let wrong = browser.fill(&bank, &[("password", "pass_bad")]).await;
    assert!(wrong.alert.unwrap().contains("password"));
    let consent = browser.fill(&bank, &[]).await;
    let query = redirected(&browser.post(&consent, &[]).await);
    let (_, tokens) = bench.exchange(&query["code"]).await;
    let token = tokens["access_token"].as_str().unwrap();
    let (_, user) = ask(&bench, token, "/v1/user").await;
    assert_eq!(
        (&user["first_name"], &user["status"]),
        (&json!("Zed"), &json!("pending"))
    );
    bench.pass(2);
    assert_eq!(ask(&bench, token, "/v1/user").await.1["status"], "approved");
    let (_, list) = ask(&bench, token, "/v1/accounts").await;
    assert!(list["count"].as_u64().unwrap() >= 2);
    let again = Browser::new(&bench)
        .sign_in(&[("phone", "6505550199")])
        .await;
    assert_eq!(again.heading, "Authorize the application");
    let next = Browser::new(&bench).sign_in(&[]).await;
    assert_eq!(
        next.heading, "Tell us who you are",
        "another number is suggested each time"
    );
}

#[tokio::test]
async fn a_form_that_was_not_taken_keeps_its_fields_and_names_the_wrong_one() {
    let bench = Bench::start().await;
    let mut browser = Browser::new(&bench);
    let details = browser.sign_in(&[]).await;
    let changes = [("first_name", "Zoë \"Z\""), ("email", "nobody")];
    let page = browser.post(&details, &changes).await.text().await.unwrap();
    for markup in [
        r#"value="Zoë &quot;Z&quot;""#,
        r#"value="nobody" placeholder="sam@example.com" autocomplete="email" required="required" aria-invalid="true" aria-describedby="problem" autofocus="autofocus""#,
        r#"checked="checked""#,
        r#"<div role="alert" id="problem"><p>Enter an e-mail address"#,
    ] {
        assert!(page.contains(markup), "{markup}\n{page}");
    }
    assert_eq!(page.matches("aria-invalid=").count(), 1);
    assert_eq!(page.matches("autofocus=").count(), 1);
    let bank = browser.fill(&details, &[]).await;
    let changes = [("institution", "astra_ins_131"), ("password", "pass_bad")];
    let page = browser.post(&bank, &changes).await.text().await.unwrap();
    assert!(
        page.contains(r#"<option value="astra_ins_131" selected="selected">"#),
        "{page}"
    );
    assert!(!page.contains("pass_bad"), "{page}");
    let consent = browser.fill(&bank, &[]).await;
    assert_eq!(
        (consent.alert, consent.heading.as_str()),
        (None, "Authorize the application")
    );
}

#[tokio::test]
async fn deny_goes_back_with_an_error() {
    let bench = Bench::start().await;
    let mut browser = Browser::new(&bench);
    let consent = browser.sign_in(&[("phone", "6505550100")]).await;
    let response = browser.post(&consent, &[("decision", "deny")]).await;
    let query = redirected(&response);
    assert_eq!(
        (query["error"].as_str(), query["state"].as_str()),
        ("access_denied", "s&1")
    );
    assert!(!query.contains_key("code"));
    let over = browser.fill(&consent, &[]).await;
    assert_eq!(
        (over.status, over.heading.as_str()),
        (StatusCode::BAD_REQUEST, "This sign-in is over")
    );
}

#[tokio::test]
async fn the_code_can_be_shown_instead() {
    let bench = Bench::start().await;
    let mut browser = Browser::new(&bench);
    let consent = browser.sign_in(&[("phone", "6505550100")]).await;
    let shown = browser.fill(&consent, &[("decision", "show-code")]).await;
    assert_eq!((shown.status, &shown.action), (StatusCode::OK, &None));
    let again = browser.reload(&consent).await;
    let again = browser.receive(again).await;
    assert_eq!(again.code, shown.code, "a reload keeps the code");
    assert_eq!(bench.exchange(&shown.code.unwrap()).await.0, 200);
}

#[tokio::test]
async fn a_wrong_client_or_redirect_uri_is_never_redirected() {
    let bench = Bench::start().await;
    for more in [
        ("redirect_uri", "http://127.0.0.1:40001/other"),
        ("redirect_uri", "https://example.com/"),
        ("redirect_uri", ""),
        ("client_id", "other"),
        ("user_intent_id", "none"),
        ("user_id", "none"),
    ] {
        let page = Browser::new(&bench).open(&[more]).await;
        assert_eq!(page.status, 400, "{more:?}");
        assert!(page.alert.is_some() && page.action.is_none());
    }
    let query = query(&bench, &[("response_type", "token")]);
    let response = bench
        .get("/login/oauth/authorize")
        .query(&query)
        .send()
        .await
        .unwrap();
    assert_eq!(redirected(&response)["error"], "unsupported_response_type");
}

#[tokio::test]
async fn the_person_of_an_intent_signs_up_with_its_details() {
    let bench = Bench::start().await;
    let (_, body) = bench.create_intent(json!({"first_name": "document"})).await;
    let id = body["id"].as_str().unwrap();
    bench.pass(2);
    let mut browser = Browser::new(&bench);
    let phone = browser
        .open(&[
            ("user_intent_id", id),
            ("phone", "6505550142"),
            ("phone_read_only", "true"),
        ])
        .await;
    let other = browser.fill(&phone, &[("phone", "6505550100")]).await;
    assert!(other.alert.unwrap().contains("cannot be changed"));
    let code = browser.fill(&phone, &[]).await;
    let details = browser.fill(&code, &[]).await;
    assert_eq!(details.fields["email"], "edmund@example.com");
    let intent = bench.intent(id).await;
    assert_eq!(intent["status"], "converted_to_user");
    let bank = browser.fill(&details, &[]).await;
    let consent = browser.fill(&bank, &[]).await;
    let query = redirected(&browser.post(&consent, &[]).await);
    let (_, tokens) = bench.exchange(&query["code"]).await;
    let (_, user) = ask(&bench, tokens["access_token"].as_str().unwrap(), "/v1/user").await;
    assert_eq!(
        (&user["id"], &user["status"]),
        (&intent["user_id"], &json!("document"))
    );
}

#[tokio::test]
async fn a_rejected_intent_signs_in_but_cannot_authorize() {
    let bench = Bench::start().await;
    let (_, body) = bench
        .create_intent(json!({"date_of_birth": "1970-01-01"}))
        .await;
    let id = body["id"].as_str().unwrap();
    bench.pass(2);
    let mut browser = Browser::new(&bench);
    let barred = browser.sign_in(&[("user_intent_id", id)]).await;
    assert_eq!(barred.heading, "You cannot authorize");
    assert_eq!(bench.intent(id).await["status"], "converted_to_user");
    assert_eq!(
        redirected(&browser.post(&barred, &[]).await)["error"],
        "access_denied"
    );
}

#[tokio::test]
async fn a_one_time_code_is_for_its_holder_and_its_time() {
    let bench = Bench::start().await;
    let mut browser = Browser::new(&bench);
    let phone = browser.open(&[("phone", "6505550100")]).await;
    let mut code = browser.fill(&phone, &[]).await;
    for _ in 0..4 {
        let wrong = browser.fill(&code, &[("one_time_code", "wrong")]).await;
        assert_eq!(wrong.fields["one_time_code"], code.fields["one_time_code"]);
        code = wrong;
    }
    let replaced = browser.fill(&code, &[("one_time_code", "wrong")]).await;
    assert!(replaced.alert.as_ref().unwrap().contains("Too many"));
    assert_ne!(
        replaced.fields["one_time_code"],
        code.fields["one_time_code"]
    );
    bench.pass(5 * 60);
    let expired = browser.fill(&replaced, &[]).await;
    assert!(expired.alert.as_ref().unwrap().contains("expired"));
    assert_eq!(
        browser.fill(&expired, &[]).await.heading,
        "Authorize the application"
    );
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    let bench = Bench::start().await;
    let mut browser = Browser::new(&bench);
    let phone = browser.open(&[("phone", "6505550100")]).await;
    let forged = browser.fill(&phone, &[("csrf", "forged")]).await;
    assert_eq!(
        (forged.status, forged.heading.as_str()),
        (StatusCode::BAD_REQUEST, "This form is not ours")
    );
    let stranger = Browser::new(&bench).post(&phone, &[]).await;
    assert_eq!(stranger.status(), 400);
    let code = browser.fill(&phone, &[]).await;
    assert_eq!(code.heading, "Enter the one-time code");
    let early = browser.fill(&phone, &[]).await;
    assert_eq!(early.heading, "Enter the one-time code");
    let broken = bench
        .get("/login/oauth/authorize/%ff")
        .send()
        .await
        .unwrap();
    assert_eq!(
        browser.receive(broken).await.heading,
        "This sign-in is over"
    );
}
