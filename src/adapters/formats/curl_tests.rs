//! curl commands both ways, and through a real shell and a real curl.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use crate::adapters::formats::curl::curl;
use crate::adapters::formats::curl_import::import;
use crate::adapters::formats::fixture::{catalog, entry, marks};
use crate::catalog::Template;
use crate::domain::{Auth, Body, Call, EndpointId, Host, MASK, Method, SavedRequest};

fn one(text: &str) -> (SavedRequest, Vec<String>) {
    let mut import = import(text, catalog(), None);
    assert_eq!(import.requests.len(), 1, "{:?}", import.notes);
    (import.requests.remove(0), import.notes)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect()
}

#[test]
fn commands_as_documentation_gives_them() {
    let (request, notes) = one(
        "$ curl -sS -XPOST https://api.astra.finance/v1/user_intent \\\n  -u \"$ID:$SECRET\" -H 'Content-Type: application/json' \\\n  -d '{\"first_name\": \"Ada\", \"ssn\": \"9876\"}' | jq .\n",
    );
    assert_eq!(
        request.call,
        Call::Endpoint(EndpointId::new("user_intents.create"))
    );
    assert_eq!(
        request.body.as_deref(),
        Some("{\"first_name\": \"Ada\", \"ssn\": \"{{env.ASTRA_SSN}}\"}")
    );
    assert_eq!(request.headers, []);
    assert_eq!(
        notes,
        [
            "line 1: a secret became {{env.ASTRA_SSN}}",
            "line 3: jq was left out: only curl is understood"
        ]
    );
    let (request, _) = one(
        "curl -G api.astra.finance/v1/accounts --data-urlencode 'cursor=a b&c' -d limit=5 -H \"Authorization: Bearer $T\"",
    );
    assert_eq!(
        request.call,
        Call::Endpoint(EndpointId::new("accounts.list"))
    );
    assert_eq!(request.query, pairs(&[("cursor", "a b&c"), ("limit", "5")]));
    let (request, _) = one("curl --json '{\"a\":' --json '1}' http://localhost:1/v1/x");
    assert_eq!(
        (request.body.as_deref(), request.headers),
        (Some("{\"a\":1}"), Vec::new())
    );
    let (request, notes) = one(
        "curl 'https://api.astra.finance/v1/x' -X PUT --data-raw $'{\"a\":\"it\\'s \\u00e9\"}' -H 'content-type: application/json' --compressed --insecure -F a=b --weird",
    );
    assert_eq!(request.body.as_deref(), Some("{\"a\":\"it's é\"}"));
    let put = Call::Path {
        method: Method::Put,
        path: "/v1/x".into(),
        host: Host::Api,
        auth: Auth::None,
    };
    assert_eq!(request.call, put);
    let expected = [
        "line 1: --insecure was left out: certificates are always checked",
        "line 1: the form field a was left out: the API takes no multipart forms",
        "line 1: --weird was left out: it is not understood",
    ];
    assert_eq!(notes, expected);
}

#[test]
fn a_form_of_several_parts_is_a_post_without_its_fields() {
    let (request, notes) = one("curl http://localhost:1/v9/x -F name=a --form-string 'note=b'");
    let is_post = |call: &Call| {
        matches!(
            call,
            Call::Path {
                method: Method::Post,
                ..
            }
        )
    };
    assert!(is_post(&request.call), "{:?}", request.call);
    assert_eq!(request.body, None);
    let expected = [
        "line 1: the form field name was left out: the API takes no multipart forms",
        "line 1: the form field note was left out: the API takes no multipart forms",
    ];
    assert_eq!(notes, expected);
    let (request, notes) = one("curl http://localhost:1/v9/x -T a.json");
    let is_put = |call: &Call| {
        matches!(
            call,
            Call::Path {
                method: Method::Put,
                ..
            }
        )
    };
    assert!(is_put(&request.call), "{:?}", request.call);
    assert_eq!(notes, ["line 1: -T was left out: files are not sent"]);
}

#[test]
fn what_cannot_be_taken_over_is_told() {
    let text = "curl -I http://h/\ncurl\ncurl http://a/ http://b/\nwget x\ncurl -d @../secret -d @none.json http://localhost/v1/x";
    let folder = tempfile::tempdir().unwrap();
    let import = import(text, catalog(), Some(folder.path()));
    let expected = [
        "line 1: the command was left out: the API does not use HEAD",
        "line 2: the command was left out: it has no URL",
        "line 3: the command was left out: it has several URLs; write one command for each",
        "line 4: wget was left out: only curl is understood",
        "line 5: @../secret was left out: only files below the folder of the command are read",
        "line 5: @none.json was left out: it is not there",
    ];
    assert_eq!(import.notes, expected);
}

#[test]
fn files_are_read_from_below_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "x=1\n&y=2\r\n").unwrap();
    let text = "curl -d @a.txt http://localhost/v1/x\ncurl --data-binary @./a.txt http://localhost/v1/x\ncurl --data-urlencode z@a.txt http://localhost/v1/x";
    let bodies: Vec<_> = import(text, catalog(), Some(folder.path()))
        .requests
        .into_iter()
        .map(|request| request.body.unwrap())
        .collect();
    assert_eq!(
        bodies,
        ["x=1&y=2", "x=1\n&y=2\r\n", "z=x%3D1%0A%26y%3D2%0D%0A"]
    );
}

/// A request that is no endpoint's, so that nothing of it is left to the catalogue.
fn sent() -> impl Strategy<Value = (Method, String, Vec<(String, String)>, Option<String>, Auth)> {
    let text = r#"[a-z '"\\$`!#{}\[\]&=?%+\n\t;é😀@<>|*~^()-]{0,20}"#;
    let method = prop::sample::select(vec![
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ]);
    let query = prop::collection::vec(("[a-z_\\[\\]é]{1,5}", text), 0..3);
    let url = ("[a-z.~{}\\[\\]'-]{1,8}", query).prop_map(|(path, query)| {
        let mut url = url::Url::parse("http://127.0.0.1:1/v9").unwrap();
        url.path_segments_mut().unwrap().push(&format!("x{path}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url.to_string()
    });
    let header = (
        "x-[a-z]{1,5}",
        r#"[a-z'"\\$`!{}:;,@]([a-z'"\\$`!{}:;,@ ]{0,10}[a-z'"$`!{}])?"#,
    );
    let headers = prop::collection::vec(header, 0..3);
    let auth = prop::sample::select(vec![Auth::Bearer, Auth::Basic, Auth::None]);
    (method, url, headers, prop::option::of(text), auth)
}

fn plain(text: &str) -> String {
    let filled: Result<_, ()> = Template::parse(text)
        .unwrap()
        .fill(|reference| Ok(format!("<{}>", reference.text)));
    filled.unwrap()
}

fn all_plain(pairs: &[(String, String)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| (name.clone(), plain(value)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_exported_command_is_the_same_request_again((method, url, mut headers, body, auth) in sent()) {
        let mut entry = entry(method, &url);
        if body.is_some() {
            headers.push(("content-type".into(), "text/plain".into()));
        }
        (entry.request.headers, entry.request.auth) = (headers, auth);
        entry.request.body = body.as_deref().map(Body::from);
        let command = curl(&entry, &marks());
        let (request, notes) = one(&command);
        prop_assert_eq!(notes, Vec::<String>::new(), "{}", command);
        let Call::Path { method: found, path, auth: credential, .. } = &request.call else {
            panic!("{:?} of {command}", request.call);
        };
        let parsed = url::Url::parse(&url).unwrap();
        prop_assert_eq!((*found, *credential), (method, auth));
        prop_assert_eq!(plain(path), parsed.path());
        let query: Vec<(String, String)> = parsed.query_pairs().into_owned().collect();
        prop_assert_eq!(all_plain(&request.query), query);
        prop_assert_eq!(all_plain(&request.headers), entry.request.headers);
        prop_assert_eq!(request.body.as_deref().map(plain), body, "{}", command);
    }

    #[test]
    fn any_text_is_imported_or_told_and_never_panics(text in r#"(curl |-X|-H|-d|--json|-G|http://h/|[@'"$=:& \na-z-]){0,16}"#) {
        let _ = import(&text, catalog(), None);
    }
}

#[test]
fn a_masked_secret_is_a_variable_there_and_back() {
    let mut entry = entry(
        Method::Post,
        &format!("http://127.0.0.1:1/v1/oauth/token?code={MASK}"),
    );
    entry.request.auth = Auth::Basic;
    entry.request.headers = pairs(&[("content-type", "application/x-www-form-urlencoded")]);
    entry.request.body = Some(Body::from(format!("a=b&refresh_token={MASK}").as_str()));
    let (request, notes) = one(&curl(&entry, &marks()));
    assert_eq!(
        request.body.as_deref(),
        Some("a=b&refresh_token={{env.ASTRA_REFRESH_TOKEN}}")
    );
    assert_eq!(request.query, pairs(&[("code", "{{env.ASTRA_CODE}}")]));
    assert_eq!(notes, Vec::<String>::new());
}

/// What the fixture was sent: method, path with query, header fields, body.
type Seen = (String, String, BTreeMap<String, String>, Vec<u8>);

async fn fixture(seen: Arc<Mutex<Vec<Seen>>>) -> std::net::SocketAddr {
    use axum::extract::Request;
    let answer = move |request: Request| {
        let seen = seen.clone();
        async move {
            let (parts, body) = request.into_parts();
            let body = axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec();
            let headers = parts.headers.iter().map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            });
            seen.lock().unwrap().push((
                parts.method.to_string(),
                parts.uri.to_string(),
                headers.collect(),
                body,
            ));
            "the answer"
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_exported_command_runs_under_bash() {
    if Command::new("curl").arg("--version").output().is_err() {
        return; // no curl here
    }
    let seen = Arc::new(Mutex::new(Vec::new()));
    let address = fixture(seen.clone()).await;
    let bodies = [
        "{\"it's\":\"$HOME `x` \\\\ \\n !! é\"}",
        "",
        "line\n\n  'two'\t\"\n",
        "@file",
        "a=b&refresh_token=••••••••",
    ];
    for (at, body) in bodies.into_iter().enumerate() {
        let mut entry = entry(
            Method::Post,
            &format!("http://{address}/v1/{at}/{{x}}/[1]?a=%20b&c[]=d'"),
        );
        entry.request.auth = if at % 2 == 0 {
            Auth::Bearer
        } else {
            Auth::Basic
        };
        entry.request.headers = pairs(&[
            ("content-type", "application/json"),
            ("x-odd", "a \"b\" 'c' $d; e"),
            ("x-empty", ""),
        ]);
        entry.request.body = Some(Body::from(body));
        let command = format!("{} --silent", curl(&entry, &marks()));
        let output = tokio::task::spawn_blocking(move || {
            Command::new("bash")
                .args(["-c", &command])
                .env("ASTRA_TOKEN", "at 1")
                .envs([
                    ("ASTRA_CLIENT_ID", "app"),
                    ("ASTRA_CLIENT_SECRET", "s3"),
                    ("ASTRA_REFRESH_TOKEN", "rt'1"),
                ])
                .output()
                .unwrap()
        });
        assert_eq!(
            String::from_utf8_lossy(&output.await.unwrap().stdout),
            "the answer"
        );
        let (method, path, headers, got) = seen.lock().unwrap().pop().unwrap();
        assert_eq!(
            (method.as_str(), path),
            ("POST", format!("/v1/{at}/{{x}}/[1]?a=%20b&c[]=d'"))
        );
        assert_eq!(
            headers["authorization"],
            if at % 2 == 0 {
                "Bearer at 1"
            } else {
                "Basic YXBwOnMz"
            }
        );
        assert_eq!(
            (headers["x-odd"].as_str(), headers["x-empty"].as_str()),
            ("a \"b\" 'c' $d; e", "")
        );
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(String::from_utf8_lossy(&got), body.replace(MASK, "rt'1"));
    }
}

#[test]
fn a_command_whose_quote_is_never_closed_is_called_cut_off() {
    for quote in ["'", "\"", "$'"] {
        let text = format!("curl http://localhost:1/v1/x -d {quote}{{\\\"a\\\": 1");
        let (request, notes) = one(&text);
        assert!(request.body.is_some());
        let cut = "line 1: a quote is never closed: the command looks cut off";
        assert_eq!(notes, [cut], "{text}");
    }
}
