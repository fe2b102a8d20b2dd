//! The adapters against the built-in sandbox: a whole sign-in over real sockets, without a screen.

use astrascope::adapters::http::{Client, Credential, Options};
use astrascope::adapters::oauth::{Listener, TokenRequest, exchange, new_nonce, refresh, walk};
use astrascope::domain::{Auth, Method, Prepared, Secret, Timestamp};
use astrascope::sandbox::{self, Sandbox};
use url::Url;

const NOW: fn() -> Timestamp = Timestamp::default;

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start(sandbox::Options::default()).await.unwrap();
    (sandbox, Client::new(Options::default()))
}

/// The URL of the hosted pages, for the person with `phone` or somebody new.
fn authorize_url(
    sandbox: &Sandbox,
    redirect_uri: &str,
    state: &str,
    phone: Option<&str>,
) -> String {
    let mut url = Url::parse(&format!("{}/login/oauth/authorize", sandbox.url())).unwrap();
    url.query_pairs_mut()
        .append_pair("client_id", sandbox.client_id())
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("response_type", "code")
        .append_pair("state", state)
        .extend_pairs(phone.map(|phone| ("phone", phone)));
    url.into()
}

/// The status of `GET /v1/accounts` with this token.
async fn accounts(client: &Client, sandbox: &Sandbox, token: &Secret) -> u16 {
    let request = Prepared {
        method: Method::Get,
        url: format!("{}/v1/accounts", sandbox.url()),
        headers: Vec::new(),
        body: None,
        auth: Auth::Bearer,
    };
    let credential = Credential::Bearer(token.clone());
    client.call(&request, credential).await.unwrap().status
}

#[tokio::test]
async fn somebody_new_signs_in_and_renews() {
    let (sandbox, client) = start().await;
    let listener = Listener::bind("http://127.0.0.1:0/callback").unwrap();
    let redirect_uri = listener.redirect_uri().to_owned();
    let nonce = new_nonce();
    let url = authorize_url(&sandbox, &redirect_uri, nonce.as_str(), None);
    let forged = || panic!("the sandbox sends the state back");
    let (redirect, walked) = tokio::join!(
        listener.wait(&nonce, forged),
        walk(&client, &url, &redirect_uri)
    );
    assert_eq!(walked, Ok(None));
    let request = TokenRequest {
        url: format!("{}/v1/oauth/token", sandbox.url()),
        client_id: sandbox.client_id().to_owned(),
        redirect_uri,
    };
    let (code, secret) = (redirect.unwrap().code, sandbox.client_secret());
    let (first, grant) = exchange(&client, &request, &code, secret, NOW)
        .await
        .result
        .unwrap();
    assert!(grant.can_refresh);
    assert_eq!(accounts(&client, &sandbox, &first.access).await, 200);

    let (second, _) = refresh(&client, &request, &first.refresh, secret, NOW)
        .await
        .result
        .unwrap();
    assert_eq!(accounts(&client, &sandbox, &second.access).await, 200);
    assert_eq!(accounts(&client, &sandbox, &first.access).await, 401);

    let (problem, is_final) = exchange(&client, &request, &code, secret, NOW)
        .await
        .result
        .unwrap_err();
    assert_eq!(
        (problem.what.as_str(), is_final),
        ("the authorization code was refused", true)
    );
    let (problem, is_final) = refresh(&client, &request, &first.refresh, secret, NOW)
        .await
        .result
        .unwrap_err();
    assert_eq!(
        (problem.what.as_str(), is_final),
        ("the refresh token is no longer good", true)
    );
    let wrong = Secret::new("wrong");
    let (problem, is_final) = exchange(&client, &request, &code, &wrong, NOW)
        .await
        .result
        .unwrap_err();
    assert_eq!(
        (problem.what.as_str(), is_final),
        ("the client id or the client secret is wrong", true)
    );
}

#[tokio::test]
async fn every_test_user_can_be_walked() {
    let (sandbox, client) = start().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let redirect_uri = format!("http://{free}/callback"); // nobody listens there: the walk hands the redirect back
    for user in sandbox::test_users(sandbox::Options::default().seed) {
        let phone = user.phone.strip_prefix("+1").unwrap();
        let url = authorize_url(&sandbox, &redirect_uri, "s1", Some(phone));
        let redirect = walk(&client, &url, &redirect_uri).await.unwrap().unwrap();
        assert!(redirect.state.unwrap().matches("s1"), "{}", user.name);
        assert!(!redirect.code.is_empty(), "{}", user.name);
    }
}

#[tokio::test]
async fn an_unregistered_redirect_uri_is_told_in_the_words_of_the_page() {
    let (sandbox, client) = start().await;
    let redirect_uri = "https://app.example/callback";
    let url = authorize_url(&sandbox, redirect_uri, "s1", None);
    let problem = walk(&client, &url, redirect_uri).await.unwrap_err();
    assert!(problem.why.is_some_and(|why| why.contains("redirect")));
}
