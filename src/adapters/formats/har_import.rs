//! Takes over the requests of an HTTP archive, HAR 1.2, as browsers and proxies write it.

use serde::Deserialize;

use crate::adapters::formats::import::{Import, Importer};
use crate::adapters::formats::marked;
use crate::adapters::formats::recognise::{Foreign, find, is_known_host, shown};
use crate::catalog::Catalog;
use crate::domain::{Method, Problem};

#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    #[serde(default)]
    comment: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    params: Vec<Pair>,
}

/// The requests to the API in the archive `text`; those to other hosts are told and left out.
///
/// # Errors
/// When it is no archive.
pub fn import(text: &str, catalog: &Catalog) -> Result<Import, Problem> {
    let archive: Archive = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Problem::new("this is no HTTP archive").because(error.to_string()))?;
    let mut importer = Importer::new(catalog);
    for (at, entry) in archive.log.entries.into_iter().enumerate() {
        let place = format!("entry {}", at + 1);
        let url = marked::clean(&entry.request.url);
        if !is_of_api(importer.catalog(), &entry.request.method, &url) {
            importer.note(
                &place,
                &format!(
                    "{} {} was left out: it does not go to the API",
                    entry.request.method,
                    shown(&url)
                ),
            );
            continue;
        }
        let foreign = foreign(&mut importer, &place, entry.request, url);
        importer.take(&place, &foreign, None, &entry.comment);
    }
    Ok(importer.finish())
}

fn is_of_api(catalog: &Catalog, method: &str, url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let path = path.split(['?', '#']).next().unwrap_or_default();
    is_known_host(authority)
        || Method::parse(method).is_some_and(|method| find(catalog, method, path).is_some())
}

fn foreign(importer: &mut Importer<'_>, place: &str, request: Request, url: String) -> Foreign {
    let mut headers: Vec<_> = request
        .headers
        .into_iter()
        .map(|pair| (marked::clean(&pair.name), marked::clean(&pair.value)))
        .collect();
    let mut body = None;
    if let Some(data) = request.post_data {
        let has_kind = headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !has_kind && !data.mime_type.is_empty() {
            headers.push(("content-type".into(), marked::clean(&data.mime_type)));
        }
        if data.mime_type.starts_with("multipart/") {
            importer.note(
                place,
                "the body was left out: the API takes no multipart forms",
            );
        } else if let Some(text) = data
            .text
            .filter(|text| !text.is_empty() || data.params.is_empty())
        {
            body = Some(marked::clean(&text));
        } else {
            let pairs = data
                .params
                .iter()
                .map(|pair| (marked::clean(&pair.name), marked::clean(&pair.value)));
            body = Some(
                url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(pairs)
                    .finish(),
            );
        }
    }
    Foreign {
        method: request.method,
        url,
        headers,
        body,
        auth: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::formats::fixture::{catalog, entry};
    use crate::adapters::formats::har::har;
    use crate::domain::{Body, Call, EndpointId, MASK};

    #[test]
    fn an_archive_of_ours_comes_back() {
        let mut sent = entry(
            Method::Post,
            "https://api-sandbox.astra.finance/v1/oauth/token",
        );
        sent.request.headers = vec![(
            "content-type".into(),
            "application/x-www-form-urlencoded".into(),
        )];
        sent.request.body = Some(Body::from(
            format!("grant_type=refresh_token&refresh_token={MASK}").as_str(),
        ));
        let read = entry(
            Method::Get,
            "https://api-sandbox.astra.finance/v1/accounts?limit=5",
        );
        let import = import(&har(&[read.clone(), sent, read], "1"), catalog()).unwrap();
        let names: Vec<_> = import
            .requests
            .iter()
            .map(|request| request.name.as_str())
            .collect();
        assert_eq!(names, ["accounts-list", "oauth-token", "accounts-list-2"]);
        assert_eq!(
            import.requests[0].call,
            Call::Endpoint(EndpointId::new("accounts.list"))
        );
        assert_eq!(
            import.requests[1].body.as_deref(),
            Some("grant_type=refresh_token&refresh_token={{env.ASTRA_REFRESH_TOKEN}}")
        );
        assert_eq!(import.requests[1].headers, []);
    }

    #[test]
    fn other_hosts_and_forms_are_told() {
        let text = r#"{"log":{"entries":[
            {"request":{"method":"GET","url":"https://cdn.example/a.js?v=1"}},
            {"request":{"method":"POST","url":"https://example.com/v1/user_intent","postData":{"mimeType":"multipart/form-data","params":[]}}},
            {"request":{"method":"POST","url":"http://localhost/v1/x","postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a","value":"b c"}]}}}
        ]}}"#;
        let found = import(text, catalog()).unwrap();
        assert_eq!(found.requests.len(), 2);
        assert_eq!(found.requests[1].body.as_deref(), Some("a=b+c"));
        assert_eq!(
            found.notes[..2],
            [
                "entry 1: GET https://cdn.example/a.js was left out: it does not go to the API",
                "entry 2: the body was left out: the API takes no multipart forms"
            ]
        );
        assert_eq!(
            import("{}", catalog()).unwrap_err().what,
            "this is no HTTP archive"
        );
    }
}
