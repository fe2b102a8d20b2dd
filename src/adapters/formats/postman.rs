//! Takes a Postman collection over, format 2.1: folders, variables, credentials, bodies. Scripts are not run.

use serde_json::Value;

use crate::adapters::formats::import::{Import, Importer};
use crate::adapters::formats::marked;
use crate::adapters::formats::postman_form::{
    Body, Collection, Credential, Headers, Item, Pair, Request, Text, Url,
};
use crate::adapters::formats::recognise::Foreign;
use crate::catalog::Catalog;
use crate::domain::{Auth, Problem, RequestName};

/// The requests of the collection `text`, named by their folders.
///
/// # Errors
/// When it is no collection of the format 2.1 (2.0 differs in what is read here only by credentials, and is taken).
pub fn import(text: &str, catalog: &Catalog) -> Result<Import, Problem> {
    let collection: Collection = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| {
            Problem::new("this is no Postman collection").because(error.to_string())
        })?;
    if !collection.info.schema.is_empty() && !collection.info.schema.contains("/v2.") {
        return Err(Problem::new("this Postman collection cannot be read")
            .because(format!("its format is {}", collection.info.schema))
            .hint("export it from Postman as Collection v2.1"));
    }
    let mut importer = Importer::new(catalog);
    scripts(&mut importer, "collection", &collection.event);
    items(
        &mut importer,
        &[],
        &collection.item,
        collection.auth.as_ref(),
    );
    Ok(importer.finish())
}

fn scripts(importer: &mut Importer<'_>, place: &str, events: &[Value]) {
    for event in events {
        let has_code = match &event["script"]["exec"] {
            Value::Array(lines) => lines
                .iter()
                .any(|line| line.as_str().is_some_and(|line| !line.trim().is_empty())),
            Value::String(line) => !line.trim().is_empty(),
            _ => false,
        };
        if has_code {
            let when = event["listen"].as_str().unwrap_or("a");
            importer.note(
                place,
                &format!("the {when} script was left out: scripts are not run"),
            );
        }
    }
}

fn items(importer: &mut Importer<'_>, folders: &[&str], items: &[Item], auth: Option<&Credential>) {
    for item in items {
        let path: Vec<&str> = folders
            .iter()
            .copied()
            .chain([item.name.as_str()])
            .collect();
        let place = path.join("/");
        scripts(importer, &place, &item.event);
        let auth = item.auth.as_ref().or(auth);
        match (&item.item, &item.request) {
            (Some(inner), _) => self::items(importer, &path, inner, auth),
            (None, Some(request)) => take(importer, &path, request, auth),
            (None, None) => importer.note(&place, "it was left out: it has no request"),
        }
    }
}

fn take(importer: &mut Importer<'_>, path: &[&str], request: &Request, auth: Option<&Credential>) {
    let place = path.join("/");
    let name = RequestName::from_words(path.iter().copied());
    let parts = match request {
        Request::Url(url) => {
            let foreign = Foreign {
                method: "GET".into(),
                url: variables(url),
                ..Foreign::default()
            };
            return importer.take(&place, &foreign, Some(name), "");
        }
        Request::Parts(parts) => parts,
    };
    let mut foreign = Foreign {
        method: parts.method.clone().unwrap_or_else(|| "GET".into()),
        url: url(importer, &place, parts.url.as_ref()),
        headers: headers(importer, &place, parts.header.as_ref()),
        ..Foreign::default()
    };
    if let Some(body) = parts.body.as_ref().filter(|body| !body.disabled) {
        take_body(importer, &place, body, &mut foreign);
    }
    if let Some(credential) = parts.auth.as_ref().or(auth) {
        foreign.auth = of_credential(importer, &place, credential);
    }
    let description = match &parts.description {
        Some(Text::Plain(text)) => text.as_str(),
        Some(Text::Object { content }) => content.as_deref().unwrap_or_default(),
        None => "",
    };
    importer.take(&place, &foreign, Some(name), description);
}

/// Variables as references: `{{name}}` is one of the environment, `{{$guid}}` a value that is made up at each sending.
fn variables(text: &str) -> String {
    let clean = marked::clean(text);
    let (mut out, mut rest) = (String::new(), clean.as_str());
    while let Some((before, (name, after))) = rest
        .split_once("{{")
        .and_then(|(before, inner)| Some((before, inner.split_once("}}")?)))
    {
        out.push_str(before);
        out.push_str(&match name.trim() {
            "$guid" | "$randomUUID" => marked::reference("uuid"),
            "$timestamp" | "$isoTimestamp" => marked::reference("now"),
            name => marked::variable(name.trim_start_matches('$')),
        });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn url(importer: &mut Importer<'_>, place: &str, url: Option<&Url>) -> String {
    match url {
        None => String::new(),
        Some(Url::Plain(raw)) => variables(raw),
        Some(Url::Parts {
            raw,
            variable,
            query,
        }) => {
            let off: Vec<&Pair> = query.iter().filter(|pair| pair.disabled).collect();
            for pair in &off {
                importer.note(
                    place,
                    &format!(
                        "the parameter {} was left out: it is switched off",
                        pair.key()
                    ),
                );
            }
            let (path, query) = raw
                .split_once('?')
                .map_or((raw.as_str(), None), |(path, query)| (path, Some(query)));
            let segments: Vec<String> = path
                .split('/')
                .map(|segment| path_variable(segment, variable))
                .collect();
            let path = segments.join("/");
            query.map_or_else(
                || path.clone(),
                |query| format!("{path}?{}", variables(&switched_on(query, &off))),
            )
        }
    }
}

/// The query without what is switched off, which some versions of Postman leave in the raw URL.
fn switched_on(query: &str, off: &[&Pair]) -> String {
    let is_on = |part: &&str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        !off.iter()
            .any(|pair| pair.key() == name && pair.value() == value)
    };
    query.split('&').filter(is_on).collect::<Vec<_>>().join("&")
}

/// `:id` is what the collection says it is, or else a variable of the environment.
fn path_variable(segment: &str, known: &[Pair]) -> String {
    let Some(name) = segment.strip_prefix(':').filter(|name| !name.is_empty()) else {
        return variables(segment);
    };
    let value = known
        .iter()
        .find(|pair| pair.key() == name)
        .map(Pair::value)
        .unwrap_or_default();
    if value.is_empty() {
        marked::variable(name)
    } else {
        variables(&value)
    }
}

fn headers(
    importer: &mut Importer<'_>,
    place: &str,
    headers: Option<&Headers>,
) -> Vec<(String, String)> {
    let list = match headers {
        None => return Vec::new(),
        Some(Headers::List(list)) => list,
        Some(Headers::Lines(lines)) => {
            let fields = lines.lines().filter_map(|line| line.split_once(':'));
            return fields
                .map(|(name, value)| (variables(name.trim()), variables(value.trim())))
                .collect();
        }
    };
    let mut fields = Vec::new();
    for pair in list {
        if pair.disabled {
            importer.note(
                place,
                &format!("the header {} was left out: it is switched off", pair.key()),
            );
        } else {
            fields.push((marked::clean(pair.key()), variables(&pair.value())));
        }
    }
    fields
}

fn take_body(importer: &mut Importer<'_>, place: &str, body: &Body, foreign: &mut Foreign) {
    let has_kind = foreign
        .headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = match body.mode.as_str() {
        "raw" => {
            let raw = body.raw.as_deref().unwrap_or_default();
            if raw.is_empty() {
                return;
            }
            foreign.body = Some(variables(raw));
            match body.options["raw"]["language"].as_str() {
                Some("json") | None => "application/json",
                Some("xml") => "application/xml",
                Some(_) => "text/plain",
            }
        }
        "urlencoded" => {
            let mut fields = Vec::new();
            for pair in &body.urlencoded {
                if pair.disabled {
                    importer.note(
                        place,
                        &format!("the field {} was left out: it is switched off", pair.key()),
                    );
                } else {
                    fields.push(format!(
                        "{}={}",
                        encoded(pair.key()),
                        encoded(&pair.value())
                    ));
                }
            }
            foreign.body = Some(fields.join("&"));
            "application/x-www-form-urlencoded"
        }
        "" => return,
        mode => {
            importer.note(
                place,
                &format!("the body was left out: {mode} is nothing that the API takes"),
            );
            return;
        }
    };
    if !has_kind {
        foreign.headers.push(("content-type".into(), kind.into()));
    }
}

/// Text for a form; references in it stay as they are.
fn encoded(text: &str) -> String {
    let text = variables(text);
    if marked::is_marked(&text) {
        return text;
    }
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Which credential; what is in it stays in Postman.
fn of_credential(
    importer: &mut Importer<'_>,
    place: &str,
    credential: &Credential,
) -> Option<Auth> {
    match credential.kind.as_str() {
        "bearer" | "oauth2" => Some(Auth::Bearer),
        "basic" => Some(Auth::Basic),
        "noauth" => Some(Auth::None),
        other => {
            importer.note(
                place,
                &format!("the {other} credential was left out: it is neither bearer nor basic"),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::formats::fixture::catalog;
    use crate::domain::{Call, EndpointId, Host, Method};

    const COLLECTION: &str = r#"{
      "info": {"name": "Astra", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
      "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{access_token}}"}]},
      "event": [{"listen": "prerequest", "script": {"exec": [""]}}, {"listen": "test", "script": {"exec": ["pm.test()"]}}],
      "item": [
        {"name": "Accounts", "item": [
          {"name": "Get one!", "request": {"method": "GET", "description": "Reads one",
            "url": {"raw": "{{base_url}}/v1/accounts/:id?limit={{size}}&off=1&x=1", "variable": [{"key": "id", "value": "acc1"}], "query": [{"key": "off", "value": "1", "disabled": true}]},
            "header": [{"key": "X-Id", "value": "{{$guid}}"}, {"key": "X-Off", "value": "1", "disabled": true}]}}
        ]},
        {"name": "Token", "request": {"method": "POST", "url": "{{base_url}}/v1/oauth/token", "auth": {"type": "basic"},
          "body": {"mode": "urlencoded", "urlencoded": [{"key": "grant_type", "value": "refresh_token"}, {"key": "refresh_token", "value": "rt_123456"}, {"key": "redirect_uri", "value": "http://h/?a b"}]}}},
        {"name": "Other", "request": {"method": "POST", "url": {"raw": "{{base_url}}/v1/other"}, "auth": {"type": "awsv4"},
          "body": {"mode": "raw", "raw": "{\"a\": {\"b\": \"{{account.id}}\"}}"}}},
        {"name": "Upload", "request": {"method": "POST", "url": "{{base_url}}/v1/other", "body": {"mode": "formdata", "formdata": []}}},
        {"name": "Empty"}
      ]
    }"#;

    #[test]
    fn a_collection_is_taken_over_and_the_rest_is_told() {
        let import = import(COLLECTION, catalog()).unwrap();
        let names: Vec<_> = import
            .requests
            .iter()
            .map(|request| request.name.as_str())
            .collect();
        assert_eq!(names, ["accounts/get-one", "token", "other", "upload"]);
        let one = &import.requests[0];
        assert_eq!(one.call, Call::Endpoint(EndpointId::new("accounts.get")));
        assert_eq!(
            (one.path["id"].as_str(), one.description.as_str()),
            ("acc1", "Reads one")
        );
        assert_eq!(
            one.query,
            [
                ("limit".into(), "{{env.size}}".into()),
                ("x".into(), "1".into())
            ]
        );
        assert_eq!(one.headers, [("X-Id".into(), "{{uuid}}".into())]);
        let token = &import.requests[1];
        assert_eq!(
            token.body.as_deref(),
            Some(
                "grant_type=refresh_token&refresh_token={{env.ASTRA_REFRESH_TOKEN}}&redirect_uri=http%3A%2F%2Fh%2F%3Fa+b"
            )
        );
        assert_eq!(token.headers, []);
        let other = &import.requests[2];
        let call = Call::Path {
            method: Method::Post,
            path: "/v1/other".into(),
            host: Host::Api,
            auth: Auth::None,
        };
        assert_eq!(
            (&other.call, other.body.as_deref()),
            (&call, Some("{\"a\": {\"b\": \"{{env.account_id}}\"}}"))
        );
        let expected = [
            "collection: the test script was left out: scripts are not run",
            "Accounts/Get one!: the parameter off was left out: it is switched off",
            "Accounts/Get one!: the header X-Off was left out: it is switched off",
            "Token: a secret became {{env.ASTRA_REFRESH_TOKEN}}",
            "Other: the awsv4 credential was left out: it is neither bearer nor basic",
            "Upload: the body was left out: formdata is nothing that the API takes",
            "Empty: it was left out: it has no request",
        ];
        assert_eq!(import.notes, expected);
    }

    #[test]
    fn what_is_no_collection_is_told() {
        assert_eq!(
            import("[]", catalog()).unwrap_err().what,
            "this is no Postman collection"
        );
        let old = r#"{"info": {"schema": "https://schema.getpostman.com/json/collection/v1.0.0/"}, "item": []}"#;
        assert!(import(old, catalog()).unwrap_err().hint.is_some());
    }
}
