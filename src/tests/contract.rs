//! The contract of the API: every endpoint of the catalogue, called over HTTP at the built-in sandbox, rightly and wrongly.

#[path = "contract/client.rs"]
mod client;
#[path = "contract/shapes.rs"]
mod shapes;
#[path = "contract/values.rs"]
mod values;

use astrascope::catalog::Catalog;
use astrascope::domain::{Auth, Endpoint, Field};
use serde_json::{Map, Value};

use client::{Answer, Bench, Call, Caller};

/// Endpoints that take something away come last, each after one that makes what it takes away.
const LAST: &[(&str, Option<&str>)] = &[
    ("transfers.cancel", Some("routines.create")),
    ("routines.update", None),
    ("routines.delete", None),
    ("accounts.delete", Some("accounts.create")),
    ("cards.delete", Some("cards.create")),
    // Ends the access token that all other calls use.
    ("identity.exchange", None),
];

fn endpoints(catalog: &Catalog) -> Vec<(&Endpoint, Option<&'static str>)> {
    let last = |endpoint: &Endpoint| LAST.iter().position(|(id, _)| *id == endpoint.id.as_str());
    let mut all: Vec<_> = catalog.endpoints().iter().collect();
    all.sort_by_key(|endpoint| last(endpoint).map_or(0, |place| place + 1));
    all.into_iter()
        .map(|endpoint| (endpoint, last(endpoint).and_then(|place| LAST[place].1)))
        .collect()
}

/// Asserts the envelope of a refusal; answers its description.
#[track_caller]
fn refused(endpoint: &Endpoint, answer: &Answer, status: u16, what: &str) -> String {
    let Answer {
        status: actual,
        body,
    } = answer;
    assert_eq!(*actual, status, "{}: {what}: {body}", endpoint.id);
    let description = if endpoint.form {
        assert!(body["error"].is_string(), "{}: {what}: {body}", endpoint.id);
        &body["error_description"]
    } else {
        assert_eq!(body["code"], status, "{}: {what}: {body}", endpoint.id);
        assert!(body["name"].is_string(), "{}: {what}: {body}", endpoint.id);
        &body["description"]
    };
    description
        .as_str()
        .unwrap_or_else(|| panic!("{}: {what}: {body}", endpoint.id))
        .to_owned()
}

#[tokio::test]
async fn every_endpoint_answers_as_it_is_documented() {
    let (catalog, bench) = (Catalog::built_in().unwrap(), Bench::start().await);
    values::prepare(&bench, &catalog).await;
    let mut wrong = Vec::new();
    for (endpoint, before) in endpoints(&catalog) {
        match before {
            Some("routines.create") => values::prepare(&bench, &catalog).await,
            Some(id) => drop(values::send_valid(&bench, &catalog, id).await),
            None => {}
        }
        let answer = values::send_valid(&bench, &catalog, endpoint.id.as_str()).await;
        let faults = shapes::faults(&catalog, endpoint, &answer);
        wrong.extend(
            faults
                .into_iter()
                .map(|fault| format!("{}: {fault}", endpoint.id)),
        );
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_endpoint_refuses_a_missing_or_wrong_credential() {
    let (catalog, bench) = (Catalog::built_in().unwrap(), Bench::start().await);
    values::prepare(&bench, &catalog).await;
    for endpoint in catalog
        .endpoints()
        .iter()
        .filter(|endpoint| endpoint.auth != Auth::None)
    {
        let call = values::valid(&bench, &catalog, endpoint).await;
        let other = match endpoint.auth {
            Auth::Basic => bench.ada.clone(),
            _ => Caller::Application,
        };
        for caller in [Caller::Nobody, other, Caller::User("at_unknown".into())] {
            let answer = bench.send(endpoint, &call, &caller).await;
            refused(endpoint, &answer, 401, &format!("{caller:?}"));
        }
    }
}

#[tokio::test]
async fn every_endpoint_refuses_unknown_ids_and_those_of_others() {
    let (catalog, bench) = (Catalog::built_in().unwrap(), Bench::start().await);
    values::prepare(&bench, &catalog).await;
    let mut foreign = 0;
    for endpoint in catalog.endpoints() {
        let call = values::valid(&bench, &catalog, endpoint).await;
        for field in &endpoint.parameters {
            let mut unknown = call.clone();
            unknown.path.insert(field.name.clone(), "unknown".into());
            refused(
                endpoint,
                &bench
                    .send(endpoint, &unknown, &bench.caller(endpoint))
                    .await,
                404,
                "unknown",
            );
        }
        for (path, _) in own_things(&catalog, &endpoint.body) {
            let mut unknown = call.clone();
            if replace(&mut unknown.body, &path, Some("unknown".into())) {
                refused(
                    endpoint,
                    &bench
                        .send(endpoint, &unknown, &bench.caller(endpoint))
                        .await,
                    404,
                    &path,
                );
            }
        }
        let in_path = endpoint
            .parameters
            .iter()
            .any(|field| !field.from.is_empty());
        let in_body = own_things(&catalog, &endpoint.body)
            .iter()
            .any(|(path, source)| {
                // Payment instruments are the application's: no user owns them.
                !source.starts_with("payment_instruments") && has(&call.body, path)
            });
        if endpoint.auth == Auth::Bearer && (in_path || in_body) {
            refused(
                endpoint,
                &bench.send(endpoint, &call, &bench.grace).await,
                404,
                "another user",
            );
            foreign += 1;
        }
    }
    assert!(foreign >= 15, "{foreign}");
}

#[tokio::test]
async fn every_endpoint_names_a_field_that_is_missing_or_misspelt() {
    let (catalog, bench) = (Catalog::built_in().unwrap(), Bench::start().await);
    values::prepare(&bench, &catalog).await;
    for endpoint in catalog.endpoints() {
        let call = values::valid(&bench, &catalog, endpoint).await;
        for (path, field) in paths(&catalog, "", &endpoint.body) {
            let mut wrong = Vec::new();
            if field.required {
                wrong.push((None, "is required"));
                wrong.push((Some(Value::Null), "must"));
            }
            if !field.values.is_empty() {
                wrong.push((Some("explode".into()), ""));
            }
            for (value, expected) in wrong {
                let mut call = call.clone();
                assert!(
                    replace(&mut call.body, &path, value),
                    "{}: {path}",
                    endpoint.id
                );
                check_named(&bench, endpoint, &call, &path, expected).await;
            }
        }
        for field in &endpoint.query {
            let mut wrong = Vec::new();
            if field.required {
                wrong.push(None);
            }
            if !field.values.is_empty() || field.minimum.is_some() {
                wrong.push(Some("explode"));
            }
            for value in wrong {
                let mut call = call.clone();
                match value {
                    None => drop(call.query.remove(&field.name)),
                    Some(value) => drop(call.query.insert(field.name.clone(), value.into())),
                }
                check_named(&bench, endpoint, &call, &field.name, "").await;
            }
        }
    }
}

async fn check_named(bench: &Bench, endpoint: &Endpoint, call: &Call, path: &str, expected: &str) {
    // A form has no null: its text is checked as any other.
    if endpoint.form && call.body.values().any(Value::is_null) {
        return;
    }
    let answer = bench.send(endpoint, call, &bench.caller(endpoint)).await;
    let description = refused(endpoint, &answer, 400, path);
    assert!(
        description.contains(path) && description.contains(expected),
        "{}: {path}: {description}",
        endpoint.id
    );
}

/// All fields with their paths, those of nested shapes too, as far as a valid call holds them.
fn paths<'a>(catalog: &'a Catalog, prefix: &str, fields: &'a [Field]) -> Vec<(String, &'a Field)> {
    let mut all = Vec::new();
    for field in fields {
        let path = format!("{prefix}{}", field.name);
        let shape = field.shape.as_deref().and_then(|id| catalog.shape(id));
        if let Some(shape) = shape.filter(|_| field.required) {
            all.extend(paths(catalog, &format!("{path}."), &shape.fields));
        }
        all.push((path, field));
    }
    all
}

/// Paths of the fields that name something which belongs to one user, with the source of their values.
fn own_things(catalog: &Catalog, fields: &[Field]) -> Vec<(String, String)> {
    let sources = ["accounts.id", "cards.id", "payment_instruments.id"];
    let all = paths(catalog, "", fields).into_iter();
    all.filter_map(|(path, field)| {
        let source = field
            .from
            .first()
            .filter(|source| sources.contains(&source.as_str()))?;
        Some((path, source.clone()))
    })
    .collect()
}

fn has(body: &Map<String, Value>, path: &str) -> bool {
    replace(&mut body.clone(), path, None)
}

/// Puts `value` in the place at `path`, or takes what is there away; whether anything was there, or could be put there.
fn replace(body: &mut Map<String, Value>, path: &str, value: Option<Value>) -> bool {
    match path.split_once('.') {
        Some((name, rest)) => body
            .get_mut(name)
            .and_then(Value::as_object_mut)
            .is_some_and(|inner| replace(inner, rest, value)),
        None => match value {
            Some(value) => {
                body.insert(path.to_owned(), value);
                true
            }
            None => body.remove(path).is_some(),
        },
    }
}
