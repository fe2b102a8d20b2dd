//! Walks the hosted pages of the built-in sandbox as a person with a browser would: cookies, forms, redirects.

use std::collections::BTreeMap;

use url::Url;
use url::form_urlencoded::Serializer;

use crate::adapters::http::{Client, Credential};
use crate::adapters::oauth::form::{Form, Page};
use crate::domain::{Auth, Body, Method, Prepared, Problem, Redirect, Response, is_loopback};

/// The pages are six at most; whoever sees twice as many goes in circles.
const MOST_PAGES: usize = 12;
/// From a form to the next page there is one redirect.
const MOST_REDIRECTS: usize = 4;

/// Walks from `authorize_url` to the redirect, and delivers that to whoever listens for it.
///
/// `Some` redirect where nobody took it.
///
/// # Errors
/// When the pages do not belong to this machine: nobody may consent to a real application from here. When a page has no
/// way on, or refuses the same thing twice.
pub async fn walk(
    client: &Client,
    authorize_url: &str,
    redirect_uri: &str,
) -> Result<Option<Redirect>, Problem> {
    let start = Url::parse(authorize_url).map_err(|error| {
        Problem::new("the URL of the hosted pages is not valid").because(error.to_string())
    })?;
    if start.scheme() != "http" || !start.host_str().is_some_and(is_loopback) {
        return Err(Problem::new(
            "only the pages of the built-in sandbox can be walked from here",
        ));
    }
    let mut walker = Walker {
        client,
        origin: start.clone(),
        redirect_uri,
        cookies: BTreeMap::new(),
    };
    let mut step = walker.follow(start, None).await?;
    let mut last_alert = None;
    for _ in 0..MOST_PAGES {
        let (at, page) = match step {
            Step::Arrived(redirect) => return walker.deliver(&redirect).await,
            Step::Page(at, page) => (at, page),
        };
        let Some(form) = page.form else {
            return Err(dead_end(&page.heading, page.alert));
        };
        if page.alert.is_some() && page.alert == last_alert {
            return Err(dead_end(&page.heading, page.alert));
        }
        last_alert = page.alert;
        let to = at.join(&form.action).map_err(|error| {
            Problem::new("a form of a hosted page leads nowhere").because(error.to_string())
        })?;
        step = walker.follow(to, Some(&form)).await?;
    }
    Err(Problem::new("the hosted pages go in circles")
        .because(format!("{MOST_PAGES} of them led to no redirect")))
}

enum Step {
    Page(Url, Page),
    Arrived(Url),
}

struct Walker<'a> {
    client: &'a Client,
    origin: Url,
    redirect_uri: &'a str,
    cookies: BTreeMap<String, String>,
}

impl Walker<'_> {
    /// Loads `to`, or sends `form` there, and follows redirects until there is a page or the end is reached.
    async fn follow(&mut self, mut to: Url, mut form: Option<&Form>) -> Result<Step, Problem> {
        for _ in 0..=MOST_REDIRECTS {
            if to.origin() != self.origin.origin() {
                return Err(Problem::new("the hosted pages lead elsewhere")
                    .because(format!("to {}", to.origin().ascii_serialization())));
            }
            let response = self.load(&to, form.take()).await?;
            let location = match response.status {
                301..=303 | 307 | 308 => response.header("location"),
                _ => None,
            };
            let Some(location) = location else {
                return Ok(Step::Page(to, page(&response)?));
            };
            to = to.join(location).map_err(|error| {
                Problem::new("a redirect of the hosted pages leads nowhere")
                    .because(error.to_string())
            })?;
            if self.is_end(&to) {
                return Ok(Step::Arrived(to));
            }
        }
        Err(Problem::new("the hosted pages redirect in circles"))
    }

    async fn load(&mut self, url: &Url, form: Option<&Form>) -> Result<Response, Problem> {
        let mut headers = vec![("accept".to_owned(), "text/html".to_owned())];
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            headers.push(("cookie".into(), cookies.join("; ")));
        }
        let body = form.map(|form| {
            headers.push((
                "content-type".into(),
                "application/x-www-form-urlencoded".into(),
            ));
            // A browser names the origin with every post; a server may insist on it.
            headers.push(("origin".into(), self.origin.origin().ascii_serialization()));
            let text = Serializer::new(String::new())
                .extend_pairs(&form.fields)
                .finish();
            Body::from(text.as_str())
        });
        let request = Prepared {
            method: if body.is_some() {
                Method::Post
            } else {
                Method::Get
            },
            url: url.as_str().to_owned(),
            headers,
            body,
            auth: Auth::None,
        };
        let response = self.client.call(&request, Credential::None).await?;
        let set = response
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie");
        for (_, cookie) in set {
            self.keep_cookie(cookie);
        }
        Ok(response)
    }

    /// Keeps or deletes a cookie (RFC 6265, section 5.2, as far as one origin needs it).
    fn keep_cookie(&mut self, header: &str) {
        let mut parts = header.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return; // no cookie
        };
        let is_over =
            parts
                .filter_map(|attribute| attribute.split_once('='))
                .any(|(name, value)| match name.to_ascii_lowercase().as_str() {
                    "max-age" => value.parse().is_ok_and(|seconds: i64| seconds <= 0),
                    "expires" => value.contains("1970"), // how servers spell "delete"
                    _ => false,
                });
        if is_over {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Whether `url` is the redirect URI, with whatever query.
    fn is_end(&self, url: &Url) -> bool {
        let mut bare = url.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        Url::parse(self.redirect_uri).is_ok_and(|mut end| {
            end.set_query(None);
            bare == end
        })
    }

    /// Takes the redirect to where it leads, as the browser would.
    async fn deliver(&mut self, redirect: &Url) -> Result<Option<Redirect>, Problem> {
        let request = Prepared {
            method: Method::Get,
            url: redirect.as_str().to_owned(),
            headers: vec![("accept".into(), "text/html".into())],
            body: None,
            auth: Auth::None,
        };
        match self.client.call(&request, Credential::None).await {
            Ok(response) if response.is_success() => Ok(None),
            // Nobody listens, or somebody else does.
            _ => Redirect::from_query(redirect.query().unwrap_or_default()).map(Some),
        }
    }
}

/// Reads the page that was answered. An error may come without one.
fn page(response: &Response) -> Result<Page, Problem> {
    let page = Page::parse(&String::from_utf8_lossy(response.body.as_bytes()));
    page.map_err(|problem| match response.status {
        status @ 400.. => Problem::new("the hosted pages are out of order")
            .because(format!("they answered with status {status} and no page")),
        _ => problem,
    })
}

fn dead_end(heading: &str, alert: Option<String>) -> Problem {
    let page = if heading.is_empty() {
        "a hosted page"
    } else {
        heading
    };
    Problem::new(format!("the walk ended at \u{201c}{page}\u{201d}"))
        .because(alert.unwrap_or_else(|| "the page has no form to go on with".into()))
}
