//! How calls are let in or refused, whatever the endpoint.

use reqwest::Method;
use serde_json::json;

use crate::sandbox::tests::bench::{Bench, REDIRECT_URI, read, refused};

#[tokio::test]
async fn bearer_endpoints_say_what_is_wrong_with_the_credential() {
    let bench = Bench::start().await;
    for path in ["/v1/user", "/v1/accounts", "/v1/accounts/x"] {
        let none = refused(bench.get(path), 401, "Unauthorized").await;
        assert!(none.contains("needs an access token"), "{none}");
        let basic = refused(bench.as_application(bench.get(path)), 401, "Unauthorized").await;
        assert!(
            basic.contains("Basic client credentials were sent"),
            "{basic}"
        );
        let unknown = refused(bench.get(path).bearer_auth("at_0"), 401, "Unauthorized").await;
        assert!(unknown.contains("not known"), "{unknown}");
        let digest = refused(
            bench.get(path).header("authorization", "Digest x"),
            401,
            "Unauthorized",
        )
        .await;
        assert!(digest.contains("scheme"), "{digest}");
    }
}

#[tokio::test]
async fn basic_endpoints_say_what_is_wrong_with_the_credential() {
    let bench = Bench::start().await;
    let path = "/v1/user_intent/x";
    let response = bench.get(path).send().await.unwrap();
    assert!(
        response.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Basic")
    );
    let none = refused(bench.get(path), 401, "Unauthorized").await;
    assert!(none.contains("client authentication"), "{none}");
    let bearer = refused(bench.get(path).bearer_auth("at_0"), 401, "Unauthorized").await;
    assert!(
        bearer.contains("a Bearer access token was sent"),
        "{bearer}"
    );
    let id = bench.sandbox.client_id();
    for request in [
        bench.get(path).basic_auth(id, Some("wrong")),
        bench.get(path).basic_auth("wrong", Some("wrong")),
        bench.get(path).header("authorization", "Basic %%%"),
    ] {
        refused(request, 401, "Unauthorized").await;
    }
    let unknown = refused(bench.as_application(bench.get(path)), 404, "Not Found").await;
    assert!(unknown.contains("no user intent"), "{unknown}");
}

#[tokio::test]
async fn unknown_paths_and_wrong_methods_are_refused_in_the_envelope() {
    let bench = Bench::start().await;
    refused(bench.get("/v1/nothing"), 404, "Not Found").await;
    refused(bench.get("/"), 404, "Not Found").await;
    let request = || bench.call(Method::PATCH, "/v1/accounts/x");
    assert_eq!(
        request().send().await.unwrap().headers()["allow"],
        "GET, DELETE"
    );
    let description = refused(request(), 405, "Method Not Allowed").await;
    assert!(
        description.contains("takes GET, DELETE, not PATCH"),
        "{description}"
    );
    refused(
        bench.call(Method::PUT, "/login/oauth/authorize"),
        405,
        "Method Not Allowed",
    )
    .await;
}

#[tokio::test]
async fn only_this_machine_is_answered() {
    let bench = Bench::start().await;
    for host in ["example.com", "127.0.0.1.example.com", "10.0.0.1:80"] {
        let request = bench.get("/v1/user").header("host", host);
        refused(request, 421, "Misdirected Request").await;
    }
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:80"] {
        let request = bench.get("/v1/user").header("host", host);
        refused(request, 401, "Unauthorized").await;
    }
}

#[tokio::test]
async fn token_errors_have_their_own_envelope() {
    let bench = Bench::start().await;
    let code = ("code", "ac_0");
    let uri = ("redirect_uri", REDIRECT_URI);
    for (form, error) in [
        (
            vec![("grant_type", "authorization_code"), code, uri],
            "invalid_grant",
        ),
        (
            vec![
                ("grant_type", "refresh_token"),
                ("refresh_token", "rt_0"),
                uri,
            ],
            "invalid_grant",
        ),
        (
            vec![("grant_type", "client_credentials"), uri],
            "unsupported_grant_type",
        ),
        (
            vec![("grant_type", "authorization_code"), uri],
            "invalid_request",
        ),
        (
            vec![("grant_type", "authorization_code"), code],
            "invalid_request",
        ),
        (
            vec![("grant_type", "refresh_token"), uri],
            "invalid_request",
        ),
        (vec![code, uri], "invalid_request"),
        (
            vec![code, code, uri, ("grant_type", "authorization_code")],
            "invalid_request",
        ),
    ] {
        let (status, body) = bench.token(&form).await;
        assert_eq!(
            (status, &body["error"]),
            (400, &json!(error)),
            "{form:?} {body}"
        );
        assert!(body["error_description"].is_string());
        assert_eq!(body.as_object().unwrap().len(), 2);
    }
    let json = bench.as_application(bench.call(Method::POST, "/v1/oauth/token").json(&json!({})));
    let (status, body) = read(json.send().await.unwrap()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
    let nobody = bench.call(Method::POST, "/v1/oauth/token").form(&[code]);
    let response = nobody.send().await.unwrap();
    assert!(
        response.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Basic")
    );
    let (status, body) = read(response).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
}

#[tokio::test]
async fn a_seed_makes_the_same_keys_and_each_answer_has_an_id_of_its_own() {
    let (one, other) = (Bench::start().await, Bench::start().await);
    assert_eq!(one.sandbox.client_id(), other.sandbox.client_id());
    let id =
        async |bench: &Bench| bench.get("/").send().await.unwrap().headers()["request-id"].clone();
    let first = id(&one).await;
    assert_ne!(first, id(&other).await);
    assert_ne!(first, id(&one).await);
}

#[tokio::test]
async fn a_stopped_sandbox_answers_no_more_even_with_a_connection_open() {
    let bench = Bench::start().await;
    bench.get("/").send().await.unwrap();
    let address = bench.sandbox.url().trim_start_matches("http://").to_owned();
    let _silent = tokio::net::TcpStream::connect(&address).await.unwrap();
    bench.sandbox.stop().await;
    assert!(tokio::net::TcpStream::connect(&address).await.is_err());
}
