//! How calls are let in or refused, whatever the endpoint.

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

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
    for (method, allowed) in [
        (Method::PUT, "takes GET, POST, not"),
        (Method::POST, "takes GET, not"),
    ] {
        let request = bench.call(method, "/login/oauth/authorize");
        let description = refused(request, 405, "Method Not Allowed").await;
        assert!(description.contains(allowed), "{description}");
    }
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
    let _silent = TcpStream::connect(&address).await.unwrap();
    bench.sandbox.stop().await;
    assert!(TcpStream::connect(&address).await.is_err());
}

/// Sends a whole request before it reads, as simple clients do; answers with all that comes back.
async fn exchange(bench: &Bench, head: &str, body: &[u8]) -> String {
    let address = bench.sandbox.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!("{head} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn whoever_sends_too_much_reads_the_refusal() {
    let bench = Bench::start().await;
    let mut body = b"content-length: 33554432\r\n\r\n".to_vec();
    body.resize(body.len() + 32 * 1024 * 1024, b'x');
    for (path, status) in [
        ("/v1/partner/identity/verification", 401),
        ("/v1/nothing", 404),
        ("/_sandbox/reset", 400),
    ] {
        let answer = exchange(&bench, &format!("POST {path}"), &body).await;
        let expected = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(&expected), "{path}: {answer}");
    }
    let request = bench.as_application(bench.call(Method::POST, "/v1/user_intent"));
    let request = request.body(vec![b'x'; 2 * 1024 * 1024]);
    let description = refused(request, 413, "Payload Too Large").await;
    assert!(description.contains("longer than"), "{description}");
}

#[tokio::test]
async fn a_request_with_two_hosts_is_a_bad_request() {
    let bench = Bench::start().await;
    for other in ["127.0.0.1", "localhost", "example.com"] {
        let second = format!("host: {other}\r\n\r\n");
        let answer = exchange(&bench, "GET /v1/user", second.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{other}: {answer}");
        assert!(answer.contains("more than one Host"), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_arrive_whole_is_a_bad_request() {
    let bench = Bench::start().await;
    let chunks = b"transfer-encoding: chunked\r\n\r\n1\r\n{\r\nno chunk\r\n";
    let answer = exchange(&bench, "POST /v1/user_intent", chunks).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("the body is cut off"), "{answer}");
}

#[tokio::test]
async fn answers_are_dated_by_the_clock_of_the_sandbox() {
    let bench = Bench::start().await;
    let date = async || {
        let response = bench.get("/v1/user").send().await.unwrap();
        let dates: Vec<_> = response.headers().get_all("date").iter().collect();
        assert_eq!(dates.len(), 1);
        dates[0].to_str().unwrap().to_owned()
    };
    assert_eq!(date().await, "Thu, 28 May 2026 20:26:40 GMT");
    bench.pass(24 * 3_600);
    assert_eq!(date().await, "Fri, 29 May 2026 20:26:40 GMT");
}
