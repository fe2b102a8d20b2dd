//! What codes and tokens are worth after a sign-in, and what an access token shows.

use serde_json::json;

use crate::sandbox::tests::bench::{Bench, REDIRECT_URI};
use crate::sandbox::tests::browser::{ask, code_for, token_for};

#[tokio::test]
async fn an_expired_code_buys_nothing() {
    let bench = Bench::start().await;
    let code = code_for(&bench, "6505550100").await;
    bench.pass(5 * 60);
    let (status, body) = bench.exchange(&code).await;
    assert_eq!(
        (status, &body["error"], &body["error_description"]),
        (400, &json!("invalid_grant"), &json!("code expired"))
    );
}

#[tokio::test]
async fn a_code_presented_twice_revokes_what_it_bought() {
    let bench = Bench::start().await;
    let code = code_for(&bench, "6505550100").await;
    let (_, tokens) = bench.exchange(&code).await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(ask(&bench, token, "/v1/user").await.0, 200);
    assert_eq!(bench.exchange(&code).await.1["error"], "invalid_grant");
    let (status, body) = ask(&bench, token, "/v1/user").await;
    assert_eq!(status, 401);
    assert!(body["description"].as_str().unwrap().contains("revoked"));
}

#[tokio::test]
async fn tokens_run_out_are_renewed_and_replaced() {
    let bench = Bench::start().await;
    let (_, tokens) = bench.exchange(&code_for(&bench, "6505550100").await).await;
    let (old, refresh) = (
        tokens["access_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
    );
    bench.pass(2 * 3_600);
    let (status, body) = ask(&bench, old, "/v1/user").await;
    assert_eq!(status, 401);
    assert!(body["description"].as_str().unwrap().contains("expired"));
    let renew = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("redirect_uri", REDIRECT_URI),
    ];
    let (status, renewed) = bench.token(&renew).await;
    assert_eq!(status, 200);
    assert_ne!(renewed["refresh_token"], tokens["refresh_token"]);
    assert_eq!(bench.token(&renew).await.1["error"], "invalid_grant");
    token_for(&bench, "6505550100").await;
    let (_, body) = ask(
        &bench,
        renewed["access_token"].as_str().unwrap(),
        "/v1/user",
    )
    .await;
    assert!(body["description"].as_str().unwrap().contains("replaced"));
}

#[tokio::test]
async fn sixty_accounts_come_page_by_page_newest_first() {
    let bench = Bench::start().await;
    let token = token_for(&bench, "6505550101").await;
    let (mut ids, mut sizes, mut path) = (Vec::new(), Vec::new(), "/v1/accounts".to_owned());
    loop {
        let (_, page) = ask(&bench, &token, &path).await;
        sizes.push(page["count"].as_u64().unwrap());
        ids.extend(
            page["accounts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|account| account["id"].to_string()),
        );
        let Some(cursor) = page["cursor"].as_str() else {
            break;
        };
        path = format!("/v1/accounts?cursor={cursor}");
    }
    assert_eq!(sizes, [25, 25, 10]);
    let (_, all) = ask(&bench, &token, "/v1/accounts?limit=100").await;
    let expected: Vec<_> = all["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["id"].to_string())
        .collect();
    assert_eq!(ids, expected);
    for wrong in [
        "limit=9",
        "limit=101",
        "limit=many",
        "cursor=x",
        "cursor=MQ",
    ] {
        let (status, body) = ask(&bench, &token, &format!("/v1/accounts?{wrong}")).await;
        assert_eq!(
            (status, &body["name"]),
            (400, &json!("Bad Request")),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn everybody_can_list_accounts_whatever_their_status() {
    let bench = Bench::start().await;
    for user in crate::sandbox::test_users(7) {
        let token = token_for(&bench, user.phone.trim_start_matches("+1")).await;
        let (status, list) = ask(&bench, &token, "/v1/accounts?limit=100").await;
        assert_eq!(status, 200);
        assert!((1..=60).contains(&list["count"].as_u64().unwrap()));
        assert_eq!(
            ask(&bench, &token, "/v1/user").await.1["status"],
            user.status.unwrap().name()
        );
    }
}
