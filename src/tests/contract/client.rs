//! A client of the built-in sandbox with three people: Ada, whose things are there; Grace, who must not see them; and
//! somebody who has not been checked fully yet.

use std::collections::BTreeMap;
use std::time::Duration;

use astrascope::domain::{Auth, Endpoint};
use astrascope::sandbox::{Lifetimes, Options, Sandbox};
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::{Map, Value, json};

/// A redirect URI that the sandbox knows.
pub const REDIRECT_URI: &str = "http://127.0.0.1:40002/callback";

/// One call, its values chosen and not sent yet.
#[derive(Clone, Debug, Default)]
pub struct Call {
    pub path: BTreeMap<String, String>,
    pub query: BTreeMap<String, String>,
    pub body: Map<String, Value>,
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    Nobody,
    Application,
    User(String),
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// `null` where the answer is empty.
    pub body: Value,
}

/// A sandbox and whoever calls it.
pub struct Bench {
    pub sandbox: Sandbox,
    client: Client,
    pub ada: Caller,
    pub grace: Caller,
    pub newcomer: Caller,
}

impl Bench {
    pub async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let options = Options {
            seed: 11,
            lifetimes: Lifetimes {
                access: Duration::from_secs(7 * 86_400),
                ..Lifetimes::default()
            },
            ..Options::default()
        };
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        let nobody = || Caller::Nobody;
        let sandbox = Sandbox::start(options).await.unwrap();
        let mut bench = Self {
            sandbox,
            client,
            ada: nobody(),
            grace: nobody(),
            newcomer: nobody(),
        };
        let users = bench.plain("/_sandbox/users").await;
        let id = |i: usize| json!({ "user_id": users["users"][i]["id"] });
        bench.ada = bench.sign_in(id(0)).await;
        bench.grace = bench.sign_in(id(1)).await;
        let intent = json!({"email": "new@example.com", "phone": "+16505550177", "first_name": "New", "last_name": "Comer",
            "address1": "1", "city": "C", "state": "CA", "postal_code": "94304", "ip_address": "192.0.2.0", "kyc_type": "receive-only"});
        let intent = bench
            .client
            .post(bench.url("/v1/user_intent"))
            .json(&intent);
        let intent = read(
            bench
                .authorized(intent, &Caller::Application)
                .send()
                .await
                .unwrap(),
        )
        .await
        .body;
        bench.newcomer = bench
            .sign_in(json!({ "user_intent_id": intent["id"] }))
            .await;
        bench
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.url())
    }

    /// What a call outside the catalogue reads.
    pub async fn plain(&self, path: &str) -> Value {
        let response = self.client.get(self.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    /// Puts bytes to the address of an upload.
    pub async fn put(&self, url: &str) {
        let response = self.client.put(url).body("bytes").send().await.unwrap();
        assert_eq!(response.status(), 200);
    }

    /// A token that vouches for `subject`.
    pub async fn vouch(&self, subject: Value) -> String {
        let mut body = json!({"provider": "example", "provider_data": {"customer_id": "c1"}});
        body.as_object_mut()
            .unwrap()
            .extend(subject.as_object().unwrap().clone());
        let request = self
            .client
            .post(self.url("/v1/partner/identity/verification"))
            .json(&body);
        let answer = read(
            self.authorized(request, &Caller::Application)
                .send()
                .await
                .unwrap(),
        )
        .await;
        answer.body["token"].as_str().unwrap().to_owned()
    }

    async fn sign_in(&self, subject: Value) -> Caller {
        let form = [
            ("token", self.vouch(subject).await),
            ("user_consent_captured", "true".to_owned()),
        ];
        let request = self
            .client
            .post(self.url("/v1/partner/identity/token"))
            .form(&form);
        let answer = read(
            self.authorized(request, &Caller::Application)
                .send()
                .await
                .unwrap(),
        )
        .await;
        Caller::User(answer.body["access_token"].as_str().unwrap().to_owned())
    }

    /// An authorization code, from the hosted page.
    pub async fn code(&self, user_id: &Value) -> String {
        let token = self.vouch(json!({ "user_id": user_id })).await;
        let query = [
            ("client_id", self.sandbox.client_id()),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("session_token", &token),
        ];
        let page = self
            .client
            .get(self.url("/login/oauth/authorize"))
            .query(&query)
            .send()
            .await
            .unwrap();
        let cookie = page.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let page = page.text().await.unwrap();
        let between = |start: &str| page.split_once(start).unwrap().1.split('"').next().unwrap();
        let form = [
            ("csrf", between("name=\"csrf\" value=\"")),
            ("step", "consent"),
            ("decision", "authorize"),
        ];
        let request = self
            .client
            .post(self.url(between("action=\"")))
            .header("cookie", cookie)
            .form(&form);
        let location = request.send().await.unwrap().headers()["location"]
            .to_str()
            .unwrap()
            .to_owned();
        location.split_once("code=").unwrap().1.to_owned()
    }

    fn authorized(&self, request: RequestBuilder, caller: &Caller) -> RequestBuilder {
        match caller {
            Caller::Nobody => request,
            Caller::Application => request.basic_auth(
                self.sandbox.client_id(),
                Some(self.sandbox.client_secret().reveal()),
            ),
            Caller::User(token) => request.bearer_auth(token),
        }
    }

    /// Whoever the endpoint asks for; Ada where that is a user.
    pub fn caller(&self, endpoint: &Endpoint) -> Caller {
        match (endpoint.auth, endpoint.id.as_str()) {
            (Auth::None, _) => Caller::Nobody,
            (Auth::Basic, _) => Caller::Application,
            (Auth::Bearer, "kyc.upgrade") => self.newcomer.clone(),
            (Auth::Bearer, _) => self.ada.clone(),
        }
    }

    pub async fn send(&self, endpoint: &Endpoint, call: &Call, caller: &Caller) -> Answer {
        let path = endpoint.path.split('/').map(|part| {
            match part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            {
                Some(name) => call.path[name].as_str(),
                None => part,
            }
        });
        let url = self.url(&path.collect::<Vec<_>>().join("/"));
        let request = self
            .client
            .request(endpoint.method.as_str().parse().unwrap(), url)
            .query(&call.query);
        let request = match (endpoint.form, endpoint.body.is_empty()) {
            (_, true) => request,
            (true, _) => request.form(
                &call
                    .body
                    .iter()
                    .map(|(name, value)| (name, text(value)))
                    .collect::<Vec<_>>(),
            ),
            (false, _) => request.json(&call.body),
        };
        read(self.authorized(request, caller).send().await.unwrap()).await
    }
}

/// A value as it stands in a form or a query.
pub fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    assert_eq!(headers["request-id"].len(), 36, "{status}");
    let bytes = response.bytes().await.unwrap();
    if bytes.is_empty() {
        return Answer {
            status,
            body: Value::Null,
        };
    }
    assert_eq!(headers["content-type"], "application/json");
    Answer {
        status,
        body: serde_json::from_slice(&bytes).unwrap(),
    }
}
