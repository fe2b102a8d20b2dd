//! The token endpoint over real sockets: what is sent, what is kept, what is shown.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

use crate::adapters::http::fixture::{nobody, patient, serve};
use crate::adapters::oauth::{TokenReply, TokenRequest, exchange, refresh};
use crate::domain::{Body, MASK, Problem, Secret, Timestamp};

const NOW: Timestamp = Timestamp(1_000_000);

fn request(base: &str) -> TokenRequest {
    TokenRequest {
        url: format!("{base}/v1/oauth/token"),
        client_id: "client".into(),
        redirect_uri: "http://127.0.0.1:8765/callback".into(),
    }
}

/// A token endpoint that always answers the same.
async fn endpoint(status: u16, body: &'static str) -> String {
    let answer = move || async move { (StatusCode::from_u16(status).unwrap(), body) };
    serve(Router::new().route("/v1/oauth/token", post(answer))).await
}

async fn exchange_at(base: &str) -> TokenReply {
    let (code, secret) = (Secret::new("c0de+/"), Secret::new("s3cret"));
    exchange(&patient(), &request(base), &code, &secret, || NOW).await
}

async fn refresh_at(base: &str) -> TokenReply {
    let (token, secret) = (Secret::new("r0"), Secret::new("s3cret"));
    refresh(&patient(), &request(base), &token, &secret, || NOW).await
}

async fn refused(status: u16, body: &'static str) -> (Problem, bool) {
    exchange_at(&endpoint(status, body).await)
        .await
        .result
        .unwrap_err()
}

fn text(body: &Body) -> &str {
    std::str::from_utf8(body.as_bytes()).unwrap()
}

#[tokio::test]
async fn a_code_is_sent_as_a_form_with_basic_and_shown_masked() {
    let answer = |headers: HeaderMap, body: String| async move {
        let sent = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(sent("authorization"), "Basic Y2xpZW50OnMzY3JldA==");
        assert_eq!(sent("content-type"), "application/x-www-form-urlencoded");
        assert_eq!(
            body,
            "grant_type=authorization_code&code=c0de%2B%2F&redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback"
        );
        r#"{"access_token":"at","expires_in":7200,"refresh_token":"rt","token_type":"Bearer"}"#
    };
    let base = serve(Router::new().route("/v1/oauth/token", post(answer))).await;
    let reply = exchange_at(&base).await;
    let (tokens, grant) = reply.result.clone().unwrap();
    assert_eq!(tokens.access, Secret::new("at"));
    assert_eq!(tokens.refresh, Secret::new("rt"));
    assert_eq!((grant.obtained_at, grant.can_refresh), (NOW, true));
    assert_eq!(grant.expires_at, NOW.after(Duration::from_secs(7200)));
    assert_eq!(grant.redirect_uri, "http://127.0.0.1:8765/callback");
    let shown = reply.request.body.as_ref().unwrap();
    assert!(text(shown).starts_with(&format!("grant_type=authorization_code&code={MASK}&")));
    let answered = reply.response.as_ref().unwrap();
    assert_eq!(
        text(&answered.body),
        format!(
            r#"{{"access_token":"{MASK}","expires_in":7200,"refresh_token":"{MASK}","token_type":"Bearer"}}"#
        )
    );
    for secret in ["\"at\"", "\"rt\"", "c0de", "s3cret", "Y2xpZW50"] {
        assert!(!format!("{reply:?}").contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_renewal_keeps_the_old_refresh_token_if_none_comes_and_assumes_two_hours() {
    let reply = refresh_at(&endpoint(200, r#"{"access_token":"new"}"#).await).await;
    let (tokens, grant) = reply.result.unwrap();
    assert_eq!(tokens.refresh, Secret::new("r0"));
    assert_eq!(grant.expires_at, NOW.after(Duration::from_secs(7200)));
    let shown = reply.request.body.unwrap();
    assert!(text(&shown).starts_with(&format!("grant_type=refresh_token&refresh_token={MASK}&")));
}

#[tokio::test]
async fn an_odd_life_is_read_or_assumed() {
    for (life, seconds) in [
        ("\"90\"", 90),
        ("90.0", 90),
        ("-5", 0),
        ("\"soon\"", 7200),
        ("1e300", 31_536_000),
    ] {
        let body = format!(r#"{{"access_token":"a","expires_in":{life}}}"#);
        let base = endpoint(200, body.leak()).await;
        let (_, grant) = exchange_at(&base).await.result.unwrap();
        assert_eq!(
            grant.expires_at,
            NOW.after(Duration::from_secs(seconds)),
            "{life}"
        );
        assert!(!grant.can_refresh);
    }
}

#[tokio::test]
async fn a_wrong_client_secret_is_told_in_either_form_of_error() {
    let (problem, is_final) = refused(401, r#"{"error":"invalid_client"}"#).await;
    assert_eq!(problem.what, "the client id or the client secret is wrong");
    assert_eq!(problem.why.as_deref(), Some("invalid_client"));
    assert!(problem.hint.is_some() && is_final);
    let astra =
        r#"{"code":401,"name":"Unauthorized","description":"token authorization required"}"#;
    let (problem, _) = refused(401, astra).await;
    assert_eq!(problem.what, "the client id or the client secret is wrong");
    assert_eq!(
        problem.why.as_deref(),
        Some("Unauthorized: token authorization required")
    );
}

#[tokio::test]
async fn a_refused_code_is_told_without_the_code() {
    let body = r#"{"error":"invalid_grant","error_description":"c0de+/ was used by s3cret"}"#;
    let (problem, is_final) = refused(400, body).await;
    assert_eq!(problem.what, "the authorization code was refused");
    let expected = format!("invalid_grant: {MASK} was used by {MASK}");
    assert_eq!(problem.why, Some(expected));
    assert!(is_final);
    let renewal = refresh_at(&endpoint(400, body).await)
        .await
        .result
        .unwrap_err();
    assert_eq!(renewal.0.what, "the refresh token is no longer good");
    for status in [400, 422] {
        let astra = r#"{"code":400,"name":"Bad Request","description":"no such code"}"#;
        let (problem, _) = refused(status, astra).await;
        let hint = problem.hint.unwrap();
        assert!(hint.starts_with("start the sign-in again"), "{hint}");
    }
}

#[tokio::test]
async fn only_astra_s_own_refusal_is_final() {
    for (status, body, is_final) in [
        (400, r#"{"error":"invalid_request"}"#, true),
        (429, r#"{"error":"slow_down"}"#, false),
        (500, r#"{"error":"server_error"}"#, false),
        (503, "", false),
        (404, "<html>", false),
        (200, "{}", false),
        (200, "access_token=leak", false),
        (302, "", false),
    ] {
        let (problem, is) = refused(status, body).await;
        assert_eq!(is, is_final, "{status} {body}");
        assert!(problem.why.is_some() && problem.hint.is_some(), "{problem}");
    }
    let reply = exchange_at(&nobody().await).await;
    assert_eq!(reply.response, None);
    let (problem, is_final) = reply.result.unwrap_err();
    assert_eq!(
        (problem.what.as_str(), is_final),
        ("connection refused", false)
    );
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_not_shown() {
    let reply = exchange_at(&endpoint(200, "access_token=leak").await).await;
    let shown = reply.response.unwrap().body;
    assert!(text(&shown).starts_with("(17 bytes that are not JSON"));
}

#[tokio::test]
async fn secrets_that_a_server_repeats_are_masked_wherever_it_does() {
    let answer = || async {
        let headers = [
            ("set-cookie", "a=at-mark"),
            ("x-echo", "Basic Y2xpZW50OnMzY3JldA== at-mark"),
        ];
        (
            headers,
            r#"{"access_token":"at-mark","error_description":"got Y2xpZW50OnMzY3JldA=="}"#,
        )
    };
    let base = serve(Router::new().route("/v1/oauth/token", post(answer))).await;
    let response = exchange_at(&base).await.response.unwrap();
    let shown = format!("{:?} {}", response.headers, text(&response.body));
    for secret in ["at-mark", "Y2xpZW50OnMzY3JldA"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
