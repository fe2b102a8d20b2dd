//! A plain client that keeps cookies and fills forms, as a browser without scripts would.

use std::collections::BTreeMap;

use roxmltree::{Document, Node, ParsingOptions};
use url::Url;

/// A page as it was answered.
pub struct Page {
    pub url: Url,
    pub status: u16,
    pub text: String,
}

/// Where a walk through the pages ended.
pub enum End {
    /// Sent to the redirect URI.
    Redirect(Url),
    /// A page without a form.
    Page(Page),
}

#[derive(Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// Starts at `url` and submits each form with what `fill` says for a field (else what the page suggests), pressing the
    /// button that `press` chooses by its text (else the first), until it is sent away or there is no form.
    pub async fn walk(&mut self, url: &str, fill: &[(&str, &str)], press: &str) -> End {
        let mut answer = self.fetch(Url::parse(url).unwrap(), None).await;
        for _ in 0..12 {
            let page = match answer {
                Ok(page) => page,
                Err(redirect) => return End::Redirect(redirect),
            };
            let Some((action, fields)) = form(&page, fill, press) else {
                return End::Page(page);
            };
            answer = self
                .fetch(page.url.join(&action).unwrap(), Some(fields))
                .await;
        }
        panic!("the pages go round in circles");
    }

    /// Fetches one page and follows redirects within the origin; `Err` is a redirect out of it.
    pub async fn fetch(
        &mut self,
        mut url: Url,
        mut form: Option<Vec<(String, String)>>,
    ) -> Result<Page, Url> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        loop {
            let cookies: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let request = match form.take() {
                Some(fields) => client.post(url.clone()).form(&fields),
                None => client.get(url.clone()),
            };
            let answer = request
                .header("cookie", cookies.join("; "))
                .send()
                .await
                .unwrap();
            for cookie in answer.headers().get_all("set-cookie") {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            let Some(location) = answer.headers().get("location") else {
                let status = answer.status().as_u16();
                return Ok(Page {
                    url,
                    status,
                    text: answer.text().await.unwrap(),
                });
            };
            let next = url.join(location.to_str().unwrap()).unwrap();
            if next.origin() != url.origin() {
                return Err(next);
            }
            url = next;
        }
    }
}

fn form(
    page: &Page,
    fill: &[(&str, &str)],
    press: &str,
) -> Option<(String, Vec<(String, String)>)> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let document =
        Document::parse_with_options(&page.text, options).expect("pages are well-formed");
    let is_named = |name: &'static str| move |node: &Node| node.tag_name().name() == name;
    let form = document.descendants().find(is_named("form"))?;
    let mut fields = Vec::new();
    for node in form.descendants() {
        let Some(name) = node.attribute("name") else {
            continue;
        };
        let wanted = fill
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| *value);
        let suggested = node
            .attribute("value")
            .filter(|value| !value.is_empty())
            .or(node.attribute("placeholder"));
        match (node.tag_name().name(), node.attribute("type")) {
            ("input", Some("checkbox")) => fields.push((
                name.to_owned(),
                node.attribute("value").unwrap_or("on").to_owned(),
            )),
            ("input", Some("radio")) if fields.iter().any(|(field, _)| field == name) => {}
            ("input", _) => fields.push((
                name.to_owned(),
                wanted.or(suggested).unwrap_or_default().to_owned(),
            )),
            ("select", _) => {
                let option = node.descendants().find(is_named("option"))?;
                fields.push((
                    name.to_owned(),
                    option.attribute("value").unwrap_or_default().to_owned(),
                ));
            }
            _ => {}
        }
    }
    let buttons: Vec<_> = form.descendants().filter(is_named("button")).collect();
    let text = |node: &Node| {
        node.descendants()
            .filter_map(|node| node.text())
            .collect::<String>()
    };
    let button = buttons
        .iter()
        .find(|node| text(node).contains(press))
        .or(buttons.first())?;
    if let Some(name) = button.attribute("name") {
        fields.push((
            name.to_owned(),
            button.attribute("value").unwrap_or_default().to_owned(),
        ));
    }
    Some((
        form.attribute("action").unwrap_or_default().to_owned(),
        fields,
    ))
}
