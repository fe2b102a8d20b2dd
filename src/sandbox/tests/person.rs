//! Somebody who has authorized the client, and what is called on their behalf.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::sandbox::tests::bench::Bench;
use crate::sandbox::tests::browser::token_for;

/// A signed-in user.
pub(crate) struct Person<'a> {
    bench: &'a Bench,
    token: String,
}

impl<'a> Person<'a> {
    pub(crate) async fn sign_in(bench: &'a Bench, phone: &str) -> Self {
        let token = token_for(bench, phone).await;
        Self { bench, token }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.bench.call(method, path).bearer_auth(&self.token)
    }

    /// Status and body; `null` for an empty one.
    pub(crate) async fn send(&self, request: RequestBuilder) -> (u16, Value) {
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["request-id"].len(), 36);
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap();
        match bytes.is_empty() {
            true => (status, Value::Null),
            false => (status, serde_json::from_slice(&bytes).unwrap()),
        }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let request = self.request(method, path);
        let request = match body {
            Value::Null => request,
            body => request.json(&body),
        };
        self.send(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call("GET", path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(crate) async fn post(&self, path: &str, body: Value, expected: u16) -> Value {
        let (status, answer) = self.call("POST", path, body).await;
        assert_eq!(status, expected, "{path}: {answer}");
        answer
    }

    /// The description of a refusal.
    pub(crate) async fn refused(
        &self,
        method: &str,
        path: &str,
        body: Value,
        status: u16,
    ) -> String {
        let (actual, answer) = self.call(method, path, body).await;
        assert_eq!(
            (actual, &answer["code"]),
            (status, &json!(status)),
            "{path}: {answer}"
        );
        answer["description"].as_str().unwrap().to_owned()
    }

    /// The id of this person's account of that subtype.
    pub(crate) async fn account(&self, subtype: &str) -> String {
        let list = self.get("/v1/accounts?limit=100").await;
        id_where(&list["accounts"], |account| account["subtype"] == subtype)
    }

    /// The ids of this person's cards of that status, newest first.
    pub(crate) async fn cards(&self, status: &str) -> Vec<String> {
        let list = self.get("/v1/cards").await;
        let cards = list["cards"].as_array().unwrap().iter();
        let cards = cards.filter(|card| card["status"] == status);
        cards.map(|card| text(&card["id"])).collect()
    }

    /// The balance that the bank tells of an account.
    pub(crate) async fn balance(&self, account: &str) -> f64 {
        let account = self.get(&format!("/v1/accounts/{account}")).await;
        account["current_balance"].as_f64().unwrap()
    }

    /// The one transfer of a routine.
    pub(crate) async fn transfer(&self, routine: &Value) -> Value {
        let id = text(&routine["id"]);
        let list = self.get(&format!("/v1/routines/{id}/transfers")).await;
        assert_eq!(list["count"], 1, "{list}");
        list["transfers"][0].clone()
    }

    pub(crate) async fn status(&self, routine: &Value) -> String {
        let id = text(&routine["id"]);
        text(&self.get(&format!("/v1/routines/{id}")).await["status"])
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn id_where(items: &Value, is_wanted: impl Fn(&Value) -> bool) -> String {
    let mut items = items.as_array().unwrap().iter();
    text(&items.find(|item| is_wanted(item)).unwrap()["id"])
}

/// A one-time routine over ach, with changes.
pub(crate) fn order(source: &str, destination: &str, changes: Value) -> Value {
    let mut body = json!({"type": "one-time", "name": "Rent", "payment_type": "ach", "source_id": source,
        "destination_id": destination, "amount": 25.0, "preferred_settlement_speed": "T+1"});
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}
