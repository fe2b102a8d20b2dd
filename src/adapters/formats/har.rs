//! Writes exchanges as an HTTP archive, HAR 1.2. What was not measured is -1 there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::time::Duration;
use url::Url;

use crate::adapters::formats::{milliseconds, reason, utc};
use crate::adapters::history::Entry;
use crate::domain::{Body, Outcome, Prepared, Response};

/// The archive of `entries` in their order, written by the program's version `version`.
pub fn har(entries: &[Entry], version: &str) -> String {
    let entries: Vec<Value> = entries.iter().map(entry).collect();
    let log = json!({"log": {
        "version": "1.2",
        "creator": {"name": "astrascope", "version": version},
        "entries": entries,
    }});
    format!("{log:#}\n")
}

fn entry(entry: &Entry) -> Value {
    let response = entry.response();
    let mut value = json!({
        "startedDateTime": utc(entry.started_at),
        "time": response.map_or(0.0, |response| milliseconds(response.timing.total)),
        "request": request(&entry.request),
        "response": response.map_or_else(no_response, self::response),
        "cache": {},
        "timings": timings(response),
    });
    let fields = value.as_object_mut();
    // Names with an underscore are ours to give (HAR 1.2, "Custom fields").
    let mut own = Map::new();
    own.insert("_profile".into(), entry.profile.clone().into());
    if let Some(user) = &entry.user {
        own.insert("_user".into(), user.clone().into());
    }
    if let Outcome::Failed(problem) = &entry.outcome {
        own.insert("_error".into(), problem.to_string().into());
    }
    if let Some(fields) = fields {
        fields.extend(own);
    }
    value
}

fn request(request: &Prepared) -> Value {
    let url = Url::parse(&request.url);
    let query: Vec<Value> = url
        .iter()
        .flat_map(|url| url.query_pairs())
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    let mut value = json!({
        "method": request.method.as_str(),
        "url": url.map_or_else(|_| ascii(&request.url), Url::into),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&request.shown_headers()),
        "queryString": query,
        "headersSize": -1,
        "bodySize": request.body.as_ref().map_or(0, Body::len),
    });
    if let (Some(body), Some(fields)) = (&request.body, value.as_object_mut()) {
        let kind = header(&request.headers, "content-type").unwrap_or("application/octet-stream");
        let text = String::from_utf8_lossy(body.as_bytes());
        fields.insert("postData".into(), json!({"mimeType": kind, "text": text}));
    }
    value
}

/// A text that is no URL, in ASCII all the same, which the format asks for.
fn ascii(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'!'..=b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn response(response: &Response) -> Value {
    let kind = header(&response.headers, "content-type").unwrap_or("application/octet-stream");
    let bytes = response.body.as_bytes();
    let content = match std::str::from_utf8(bytes) {
        Ok(text) => json!({"size": bytes.len(), "mimeType": kind, "text": text}),
        Err(_) => {
            json!({"size": bytes.len(), "mimeType": kind, "text": STANDARD.encode(bytes), "encoding": "base64"})
        }
    };
    json!({
        "status": response.status,
        "statusText": reason(response.status),
        "httpVersion": response.version,
        "cookies": [],
        "headers": headers(&response.headers),
        "content": content,
        "redirectURL": header(&response.headers, "location").unwrap_or_default(),
        "headersSize": -1,
        "bodySize": -1,
    })
}

/// How browsers write a request that was not answered.
fn no_response() -> Value {
    json!({
        "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"}, "redirectURL": "", "headersSize": -1, "bodySize": -1,
    })
}

fn timings(response: Option<&Response>) -> Value {
    let Some(timing) = response.map(|response| &response.timing) else {
        return json!({"send": 0, "wait": 0, "receive": 0});
    };
    let phase =
        |phase: Option<Duration>| phase.map_or(json!(-1), |phase| json!(milliseconds(phase)));
    json!({
        "blocked": -1,
        "dns": phase(timing.dns),
        "connect": phase(timing.connect),
        "ssl": -1,
        "send": 0,
        "wait": milliseconds(timing.wait),
        "receive": milliseconds(timing.download),
    })
}

fn headers(headers: &[(String, String)]) -> Vec<Value> {
    headers
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::formats::fixture::entry;
    use crate::adapters::formats::har_schema::mistakes;
    use crate::domain::{MASK, Method, Problem};
    use proptest::prelude::*;

    fn check(entry: Entry) -> Value {
        let archive: Value = serde_json::from_str(&har(&[entry], "1.0.0")).unwrap();
        assert_eq!(mistakes(&archive), Vec::<String>::new());
        archive["log"]["entries"][0].clone()
    }

    #[test]
    fn an_answered_request_has_all_that_the_format_requires() {
        let mut entry = entry(
            Method::Post,
            &format!("https://api.example/x?code={MASK}&a=b"),
        );
        entry.request.body = Some(Body::from("{}"));
        let entry = check(entry);
        assert_eq!(entry["startedDateTime"], "2026-03-02T17:04:05.120Z");
        assert_eq!(entry["time"], 43.5);
        assert_eq!(entry["request"]["postData"]["text"], "{}");
        assert_eq!(
            entry["request"]["queryString"][0],
            json!({"name": "code", "value": MASK})
        );
        assert!(entry["request"]["url"].as_str().unwrap().is_ascii());
        assert_eq!(
            entry["request"]["headers"][0]["value"],
            format!("Bearer {MASK}")
        );
        assert_eq!(entry["timings"]["connect"], 1.5);
    }

    #[test]
    fn a_failed_one_and_bytes_that_are_no_text_fit_in_too() {
        let mut failed = entry(Method::Get, "no url");
        failed.outcome = Outcome::Failed(Problem::new("connection refused"));
        let failed = check(failed);
        assert_eq!(
            (&failed["response"]["status"], &failed["_error"]),
            (&json!(0), &json!("connection refused"))
        );
        let mut binary = entry(Method::Get, "https://api.example/");
        if let Outcome::Done(response) = &mut binary.outcome {
            response.body = Body::new(vec![255]);
        }
        let content = &check(binary)["response"]["content"];
        assert_eq!(
            (&content["text"], &content["encoding"]),
            (&json!("/w=="), &json!("base64"))
        );
    }

    #[test]
    fn the_list_of_fields_finds_what_is_wrong() {
        let mut archive: Value =
            serde_json::from_str(&har(&[entry(Method::Get, "http://h/")], "1")).unwrap();
        let first = &mut archive["log"]["entries"][0];
        first["time"] = json!("soon");
        first["request"]["colour"] = json!(1);
        first["response"].as_object_mut().unwrap().remove("status");
        assert_eq!(
            mistakes(&archive),
            [
                ".log.entries[0].time is no Number(0): \"soon\"",
                ".log.entries[0].request.colour is not of HAR 1.2",
                ".log.entries[0].response.status is missing",
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_exchange_makes_a_sound_archive(
            url in prop_oneof![Just("http://127.0.0.1:9/v1/x?a=ü&b".to_owned()), any::<String>()],
            headers in prop::collection::vec((any::<String>(), any::<String>()), 0..4),
            body in prop::option::of(prop::collection::vec(any::<u8>(), 0..20)),
            failed in any::<bool>(),
        ) {
            let mut entry = entry(Method::Post, &url);
            entry.request.headers = headers.clone();
            entry.request.body = body.clone().map(Body::new);
            if let Outcome::Done(response) = &mut entry.outcome {
                response.headers = headers;
                response.body = Body::new(body.unwrap_or_default());
            }
            if failed {
                entry.outcome = Outcome::Failed(Problem::new("refused"));
            }
            let archive: Value = serde_json::from_str(&har(&[entry], "1.0.0")).unwrap();
            prop_assert_eq!(mistakes(&archive), Vec::<String>::new());
        }
    }
}
