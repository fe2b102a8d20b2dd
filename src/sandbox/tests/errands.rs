//! What people are sent to the hosted pages for besides authorizing.

use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::tests::bench::{Bench, read};
use crate::sandbox::tests::browser::{Browser, Seen, redirected};
use crate::sandbox::tests::person::{Person, text};

/// Up to the page of the errand, for the person with this phone number.
async fn run<'a>(bench: &'a Bench, path: &str, phone: &str) -> (Browser<'a>, Seen) {
    let mut browser = Browser::new(bench);
    let page = browser.open_at(path, &[("phone", phone)]).await;
    let page = browser.fill(&page, &[]).await;
    let page = browser.fill(&page, &[]).await;
    (browser, page)
}

#[tokio::test]
async fn a_document_that_is_shown_ends_in_approval() {
    let bench = Bench::start().await;
    let noor = Person::sign_in(&bench, "6505550107").await;
    let (mut browser, page) = run(&bench, "/verify/document", "6505550107").await;
    assert_eq!(page.heading, "Show a photo id");
    let wrong = browser.fill(&page, &[("document", "passport.exe")]).await;
    assert!(wrong.alert.unwrap().contains("picture"));
    let done = browser.fill(&page, &[]).await;
    assert_eq!(done.heading, "That is all");
    let query = redirected(&browser.post(&done, &[]).await);
    assert_eq!((query.get("code"), query["state"].as_str()), (None, "s&1"));
    assert_eq!(noor.get("/v1/user").await["status"], "pending");
    bench.pass(2);
    assert_eq!(noor.get("/v1/user").await["status"], "approved");
    let (_, page) = run(&bench, "/verify/document", "6505550107").await;
    assert!(
        page.text.contains("your status is approved"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn details_are_corrected_once() {
    for (first_name, outcome) in [
        ("Tom", "approved"),
        ("retry", "rejected"),
        ("document", "document"),
    ] {
        let bench = Bench::start().await;
        let tomas = Person::sign_in(&bench, "6505550106").await;
        let (mut browser, page) = run(&bench, "/verify/personal", "6505550106").await;
        assert_eq!(page.heading, "Correct your details");
        let wrong = browser.fill(&page, &[("date_of_birth", "young")]).await;
        assert!(wrong.alert.is_some());
        browser.fill(&page, &[("first_name", first_name)]).await;
        bench.pass(2);
        assert_eq!(tomas.get("/v1/user").await["status"], outcome);
    }
}

#[tokio::test]
async fn a_bank_is_connected_again_and_mends_what_was_severed() {
    let bench = Bench::start().await;
    let kai = Person::sign_in(&bench, "6505550104").await;
    let before = kai.get("/v1/accounts").await;
    assert!(before.to_string().contains("\"error\""));
    let (mut browser, page) = run(&bench, "/institutions/connect", "6505550104").await;
    assert_eq!(page.heading, "Connect your bank");
    let done = browser
        .fill(&page, &[("institution", "astra_ins_131")])
        .await;
    redirected(&browser.post(&done, &[]).await);
    let after = kai.get("/v1/accounts").await;
    assert_eq!(after["count"], before["count"]);
    assert!(!after.to_string().contains("\"error\""), "{after}");
}

#[tokio::test]
async fn cards_are_shown_and_added_by_their_owner() {
    let bench = Bench::start().await;
    let ada = Person::sign_in(&bench, "6505550100").await;
    let (mut browser, page) = run(&bench, "/cards", "6505550100").await;
    assert_eq!(page.heading, "Your cards");
    assert!(page.text.contains("flagged"), "{}", page.text);
    let new = browser.fill(&page, &[("action", "add")]).await;
    assert_eq!(new.heading, "Add a card");
    let wrong = browser
        .fill(&new, &[("card_number", "4242 4242 4242 4241")])
        .await;
    assert!(wrong.alert.unwrap().contains("check digit"));
    for (month, words) in [
        ("13/39", "such as 09/39"),
        ("soon", "such as 09/39"),
        ("01/20", "The month of the card is over"),
    ] {
        let wrong = browser.fill(&new, &[("expiration_date", month)]).await;
        assert!(
            wrong.alert.as_ref().unwrap().contains(words),
            "{:?}",
            wrong.alert
        );
        assert_eq!(wrong.fields["card_number"], "4242424242424242");
    }
    assert!(new.text.contains("903"), "{}", new.text);
    let done = browser
        .fill(&new, &[("card_number", "4242 4242-4242 4242")])
        .await;
    redirected(&browser.post(&done, &[]).await);
    let card = ada.get("/v1/cards").await["cards"][0].clone();
    assert_eq!(
        (&card["last_four_digits"], &card["first_name"]),
        (&json!("4242"), &json!("Ada"))
    );
    let path = format!("/v1/cards/{}", text(&card["id"]));
    ada.refused("DELETE", &path, Value::Null, 400).await;
    let (_, page) = run(&bench, "/cards/connect", "6505550100").await;
    assert_eq!(page.heading, "Add a card");
}

#[tokio::test]
async fn a_business_is_described_or_signs_up_by_its_profile() {
    let bench = Bench::start().await;
    let (mut browser, page) = run(&bench, "/verify/business", "6505550100").await;
    assert_eq!(page.heading, "Tell us about your business");
    let wrong = browser.fill(&page, &[("ein", "12")]).await;
    assert!(wrong.alert.unwrap().contains("EIN"));
    assert_eq!(browser.fill(&page, &[]).await.heading, "That is all");
    let body = json!({"phone": "+16505550150", "first_name": "Edmund", "last_name": "Hillary", "email": "e@example.com"});
    let request = bench.call(Method::POST, "/v1/business_profile").json(&body);
    let (_, answer) = read(bench.as_application(request).send().await.unwrap()).await;
    let id = text(&answer["id"]);
    let mut browser = Browser::new(&bench);
    let page = browser
        .sign_in(&[("business", "true"), ("business_profile_id", &id)])
        .await;
    assert_eq!(
        (page.heading.as_str(), page.fields["first_name"].as_str()),
        ("Tell us who you are", "Edmund")
    );
    let unknown = browser.open(&[("business_profile_id", "x")]).await;
    assert_eq!(unknown.heading, "Unknown business profile");
}

#[tokio::test]
async fn a_session_token_stands_for_the_sign_in() {
    let bench = Bench::start().await;
    let ada = Person::sign_in(&bench, "6505550100").await;
    let id = text(&ada.get("/v1/user").await["id"]);
    let body =
        json!({"provider": "example", "provider_data": {"customer_id": "c1"}, "user_id": id});
    let request = bench
        .call(Method::POST, "/v1/partner/identity/verification")
        .json(&body);
    let (_, answer) = read(bench.as_application(request).send().await.unwrap()).await;
    let token = text(&answer["token"]);
    let mut browser = Browser::new(&bench);
    let page = browser.open(&[("session_token", &token)]).await;
    assert_eq!(page.heading, "Authorize the application");
    assert!(redirected(&browser.post(&page, &[]).await).contains_key("code"));
    let page = browser.open(&[("session_token", &token)]).await;
    assert_eq!(page.heading, "This sign-in is over");
}
