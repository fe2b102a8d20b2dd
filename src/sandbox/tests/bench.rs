//! A sandbox to test with: its time stands still, and a plain client calls it.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::sandbox::{Clock, Lifetimes, Options, Sandbox};

/// A redirect URI with a port of its own, as the program uses it.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:40001/callback";

/// A sandbox whose time stands still unless said otherwise, and a client that knows nothing of cookies or redirects.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        Self::start_with(Lifetimes::default()).await
    }

    /// One whose tokens outlive every wait of a test.
    pub(crate) async fn patient() -> Self {
        let year = Duration::from_secs(365 * 24 * 3_600);
        let lifetimes = Lifetimes {
            access: year,
            ..Lifetimes::default()
        };
        Self::start_with(lifetimes).await
    }

    /// One whose time passes by itself.
    pub(crate) async fn running() -> Self {
        Self::start_at(Lifetimes::default(), Clock::system()).await
    }

    async fn start_with(lifetimes: Lifetimes) -> Self {
        let clock = Clock::frozen(Timestamp(1_780_000_000_000));
        Self::start_at(lifetimes, clock).await
    }

    async fn start_at(lifetimes: Lifetimes, clock: Clock) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let options = Options {
            seed: 7,
            lifetimes,
            ..Options::default()
        };
        Self {
            sandbox: Sandbox::start_at(options, clock).await.unwrap(),
            client: Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
        }
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.sandbox.clock().advance(Duration::from_secs(seconds));
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.sandbox.url()))
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.call(Method::GET, path)
    }

    pub(crate) fn as_application(&self, request: RequestBuilder) -> RequestBuilder {
        let secret = self.sandbox.client_secret().reveal();
        request.basic_auth(self.sandbox.client_id(), Some(secret))
    }

    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let request = self.call(Method::POST, "/v1/oauth/token").form(form);
        read(self.as_application(request).send().await.unwrap()).await
    }

    pub(crate) async fn exchange(&self, code: &str) -> (u16, Value) {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
        ];
        self.token(&form).await
    }

    pub(crate) async fn create_intent(&self, changes: Value) -> (u16, Value) {
        let mut body = json!({"email": "edmund@example.com", "phone": "+16505550142", "first_name": "Edmund",
            "last_name": "Hillary", "address1": "123 Astra Ave", "address2": "", "city": "Palo Alto", "state": "CA",
            "postal_code": "94304", "date_of_birth": "1985-02-03", "ssn": "1234", "ip_address": "192.0.2.0"});
        let object = body.as_object_mut().unwrap();
        for (name, value) in changes.as_object().unwrap() {
            match value.as_str() {
                Some("<absent>") => drop(object.remove(name)),
                _ => drop(object.insert(name.clone(), value.clone())),
            }
        }
        let request = self.call(Method::POST, "/v1/user_intent").json(&body);
        read(self.as_application(request).send().await.unwrap()).await
    }

    pub(crate) async fn intent(&self, id: &str) -> Value {
        let request = self.as_application(self.get(&format!("/v1/user_intent/{id}")));
        read(request.send().await.unwrap()).await.1
    }
}

/// Status and JSON of an answer; every answer is JSON and has its id.
pub(crate) async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["request-id"].len(), 36);
    assert_eq!(response.headers()["cache-control"], "no-store");
    (status, response.json().await.unwrap())
}

/// Asserts an envelope whose code, name and status agree; answers its description.
pub(crate) async fn refused(request: RequestBuilder, status: u16, name: &str) -> String {
    let (actual, body) = read(request.send().await.unwrap()).await;
    assert_eq!(
        (actual, &body["code"], &body["name"]),
        (status, &json!(status), &json!(name)),
        "{body}"
    );
    assert_eq!(body.as_object().unwrap().len(), 3);
    body["description"].as_str().unwrap().to_owned()
}
