//! A browser of few talents, which walks through the hosted pages.

use std::collections::BTreeMap;

use reqwest::{Method, Response, StatusCode};
use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;
use url::Url;

use crate::sandbox::tests::bench::{Bench, REDIRECT_URI, read};

/// A page as a browser shows it, and where its form goes.
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) heading: String,
    pub(crate) alert: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) action: Option<String>,
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) text: String,
}

/// A browser of few talents: it keeps one cookie and fills in what the page suggests.
pub(crate) struct Browser<'a> {
    bench: &'a Bench,
    cookie: Option<String>,
}

pub(crate) fn query(bench: &Bench, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let id = bench.sandbox.client_id();
    let base = [
        ("client_id", id),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("state", "s&1"),
    ];
    let mut query: BTreeMap<_, _> = base.into_iter().collect();
    query.extend(more.iter().copied());
    query
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

pub(crate) fn text(node: Node<'_, '_>) -> String {
    node.descendants()
        .filter_map(|node| node.text().filter(|_| node.is_text()))
        .collect()
}

pub(crate) fn see(status: StatusCode, page: &str) -> Seen {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(page, options).unwrap();
    let all = |name: &'static str| {
        document
            .descendants()
            .filter(move |node| node.has_tag_name(name))
    };
    let inputs = all("input").map(|input| {
        let value = input.attribute("value").filter(|value| !value.is_empty());
        let value = value.or(input.attribute("placeholder")).unwrap_or_default();
        (
            input.attribute("name").unwrap().to_owned(),
            value.to_owned(),
        )
    });
    let selects = all("select").map(|select| {
        let first = select
            .descendants()
            .find_map(|option| option.attribute("value"))
            .unwrap();
        (
            select.attribute("name").unwrap().to_owned(),
            first.to_owned(),
        )
    });
    let button = all("button").take(1).map(|button| {
        let of = |name| button.attribute(name).unwrap().to_owned();
        (of("name"), of("value"))
    });
    assert!(all("form").count() <= 1);
    Seen {
        status,
        heading: all("h1").map(text).collect(),
        alert: document
            .descendants()
            .find(|node| node.attribute("role") == Some("alert"))
            .map(text),
        code: all("output").map(text).next(),
        action: all("form").next().map(|form| {
            assert_eq!(form.attribute("method"), Some("post"));
            form.attribute("action").unwrap().to_owned()
        }),
        fields: inputs.chain(selects).chain(button).collect(),
        text: text(document.root_element()),
    }
}

impl<'a> Browser<'a> {
    pub(crate) fn new(bench: &'a Bench) -> Self {
        Self {
            bench,
            cookie: None,
        }
    }

    pub(crate) async fn receive(&mut self, response: Response) -> Seen {
        let headers = response.headers();
        assert_eq!(headers["request-id"].len(), 36);
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .starts_with("default-src 'none'")
        );
        if let Some(cookie) = headers.get("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        let status = response.status();
        see(status, &response.text().await.unwrap())
    }

    pub(crate) async fn open(&mut self, more: &[(&str, &str)]) -> Seen {
        self.open_at("/login/oauth/authorize", more).await
    }

    pub(crate) async fn open_at(&mut self, path: &str, more: &[(&str, &str)]) -> Seen {
        let query = query(self.bench, more);
        let response = self.bench.get(path).query(&query).send().await.unwrap();
        self.receive(response).await
    }

    pub(crate) async fn post(&self, page: &Seen, changes: &[(&str, &str)]) -> Response {
        let mut fields = page.fields.clone();
        fields.extend(
            changes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let path = page.action.as_deref().unwrap();
        let cookie = self.cookie.clone().unwrap_or_default();
        let request = self.bench.call(Method::POST, path);
        let request = request.header("cookie", &cookie).form(&fields);
        let response = request.send().await.unwrap();
        // Back to the page of the form, as a browser does.
        match response.headers().get("location") {
            Some(location) if location.as_bytes().starts_with(b"/") => {
                assert_eq!(
                    (response.status().as_u16(), location.to_str().unwrap()),
                    (303, path)
                );
                self.reload(page).await
            }
            _ => response,
        }
    }

    pub(crate) async fn reload(&self, page: &Seen) -> Response {
        let cookie = self.cookie.clone().unwrap_or_default();
        let request = self.bench.get(page.action.as_deref().unwrap());
        request.header("cookie", cookie).send().await.unwrap()
    }

    pub(crate) async fn fill(&mut self, page: &Seen, changes: &[(&str, &str)]) -> Seen {
        let response = self.post(page, changes).await;
        self.receive(response).await
    }

    /// Up to the page that asks for consent, for somebody who has signed up.
    pub(crate) async fn sign_in(&mut self, more: &[(&str, &str)]) -> Seen {
        let page = self.open(more).await;
        let page = self.fill(&page, &[]).await;
        assert_eq!(page.heading, "Enter the one-time code");
        self.fill(&page, &[]).await
    }
}

/// Where the browser is sent, as its query.
pub(crate) fn redirected(response: &Response) -> BTreeMap<String, String> {
    assert_eq!(response.status(), 303);
    let url = Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    assert!(
        url.as_str().starts_with(&format!("{REDIRECT_URI}?")),
        "{url}"
    );
    url.query_pairs().into_owned().collect()
}

pub(crate) async fn code_for(bench: &Bench, phone: &str) -> String {
    let mut browser = Browser::new(bench);
    let consent = browser.sign_in(&[("phone", phone)]).await;
    redirected(&browser.post(&consent, &[]).await)
        .remove("code")
        .unwrap()
}

pub(crate) async fn token_for(bench: &Bench, phone: &str) -> String {
    let (status, body) = bench.exchange(&code_for(bench, phone).await).await;
    assert_eq!(status, 200, "{body}");
    body["access_token"].as_str().unwrap().to_owned()
}

pub(crate) async fn ask(bench: &Bench, token: &str, path: &str) -> (u16, Value) {
    read(bench.get(path).bearer_auth(token).send().await.unwrap()).await
}
