//! Chooses values for a call: samples of the catalogue, and what listing finds where a field says that it comes from.

use std::collections::BTreeSet;
use std::time::Duration;

use astrascope::catalog::Catalog;
use astrascope::domain::{Endpoint, EndpointId, Field, Kind};
use serde_json::{Map, Value, json};

use crate::client::{Bench, Call, REDIRECT_URI};

/// How long the sandbox lets a cardholder take.
const CLAIMED_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// Fields that the sandbox needs although the catalogue cannot know that Astra does.
const NEEDED: &[(&str, &[&str])] = &[
    ("address.request_change", &["city"]),
    ("eligibility.check", &["routing_number"]),
    ("identity.verify", &["user_id"]),
    ("kyc.upgrade", &["kyc_type"]),
    ("oauth.token", &["code"]),
    ("routines.book", &["source_id", "destination_id", "amount"]),
    ("user.update", &["email"]),
    ("user_intents.create", &["date_of_birth", "ssn"]),
    ("cards.create", &["added_by_user"]),
];

/// Whether a valid call of `endpoint` holds `field`.
fn is_needed(endpoint: &Endpoint, field: &Field) -> bool {
    let needed = NEEDED.iter().find(|(id, _)| *id == endpoint.id.as_str());
    field.required || needed.is_some_and(|(_, names)| names.contains(&field.name.as_str()))
}

/// A valid call of `endpoint`.
pub async fn valid(bench: &Bench, catalog: &Catalog, endpoint: &Endpoint) -> Call {
    let mut used = BTreeSet::new();
    let mut call = Call::default();
    for field in &endpoint.parameters {
        let value = value(bench, catalog, endpoint, field, &mut used).await;
        call.path
            .insert(field.name.clone(), value.as_str().unwrap().to_owned());
    }
    for field in endpoint
        .query
        .iter()
        .filter(|field| is_needed(endpoint, field))
    {
        let value = value(bench, catalog, endpoint, field, &mut used).await;
        call.query
            .insert(field.name.clone(), value.as_str().unwrap().to_owned());
    }
    call.body = object(bench, catalog, endpoint, &endpoint.body, &mut used).await;
    call
}

async fn object(
    bench: &Bench,
    catalog: &Catalog,
    endpoint: &Endpoint,
    fields: &[Field],
    used: &mut BTreeSet<String>,
) -> Map<String, Value> {
    let mut object = Map::new();
    for field in fields.iter().filter(|field| is_needed(endpoint, field)) {
        let shape = field.shape.as_deref().and_then(|id| catalog.shape(id));
        let value = match (field.kind, shape) {
            (Kind::Object, Some(shape)) => Value::Object(
                Box::pin(object_of(bench, catalog, endpoint, &shape.fields, used)).await,
            ),
            _ => value(bench, catalog, endpoint, field, used).await,
        };
        object.insert(field.name.clone(), value);
    }
    object
}

async fn object_of(
    bench: &Bench,
    catalog: &Catalog,
    endpoint: &Endpoint,
    fields: &[Field],
    used: &mut BTreeSet<String>,
) -> Map<String, Value> {
    object(bench, catalog, endpoint, fields, used).await
}

async fn value(
    bench: &Bench,
    catalog: &Catalog,
    endpoint: &Endpoint,
    field: &Field,
    used: &mut BTreeSet<String>,
) -> Value {
    // Some values are found by no list.
    match (endpoint.id.as_str(), field.name.as_str()) {
        ("oauth.token", "code") => {
            // Not Ada: new tokens would end those that the rest of the walk uses.
            let get = endpoint_called(catalog, "user.get");
            let user = bench.send(get, &Call::default(), &bench.grace).await.body;
            return bench.code(&user["id"]).await.into();
        }
        ("batch_transfers.get", "id") => {
            let batches = bench.plain("/_sandbox/batches").await;
            return batches["batches"][0]["id"].clone();
        }
        ("webhooks.notify", "institution_id") => return "astra_ins_131".into(),
        _ => {}
    }
    if let Some(source) = field.from.first() {
        return found(bench, catalog, source, used).await;
    }
    let sample = field.sample.clone().unwrap_or_else(|| {
        panic!(
            "{}: {} has neither sample nor source",
            endpoint.id, field.name
        )
    });
    match field.kind {
        Kind::String => sample.into(),
        _ => serde_json::from_str(&sample).unwrap(),
    }
}

/// A value of the source `resource.field` that the call does not hold yet.
async fn found(
    bench: &Bench,
    catalog: &Catalog,
    source: &str,
    used: &mut BTreeSet<String>,
) -> Value {
    let (resource, name) = source.split_once('.').unwrap();
    let made = match source {
        "profile.redirect_uri" => REDIRECT_URI.into(),
        "profile.client_id" => bench.sandbox.client_id().into(),
        "user.id" => read(bench, catalog, "user.get").await["id"].clone(),
        "user_intents.id" => send_valid(bench, catalog, "user_intents.create").await["id"].clone(),
        "business_profiles.id" => {
            send_valid(bench, catalog, "business_profiles.create").await["id"].clone()
        }
        "identity.token" => send_valid(bench, catalog, "identity.verify").await["token"].clone(),
        "documents.filename" => {
            let place = send_valid(bench, catalog, "documents.create_upload_url").await;
            bench.put(place["url"].as_str().unwrap()).await;
            place["filename"].clone()
        }
        _ => Value::Null,
    };
    if !made.is_null() {
        return made;
    }
    let list = endpoint_called(catalog, &format!("{resource}.list"));
    let page = read(bench, catalog, list.id.as_str()).await;
    let items = page[&list.list.as_ref().unwrap().items].as_array().unwrap();
    let usable = items
        .iter()
        .filter(|item| resource != "cards" || item["status"] == "approved");
    let fresh = usable
        .map(|item| item[name].clone())
        .find(|value| !used.contains(value.as_str().unwrap()));
    let fresh = fresh.unwrap_or_else(|| panic!("no value of {source} is left"));
    used.insert(fresh.as_str().unwrap().to_owned());
    fresh
}

/// The endpoint called `id`.
pub fn endpoint_called<'a>(catalog: &'a Catalog, id: &str) -> &'a Endpoint {
    catalog
        .endpoint(&EndpointId::new(id))
        .unwrap_or_else(|| panic!("no endpoint {id}"))
}

async fn read(bench: &Bench, catalog: &Catalog, id: &str) -> Value {
    let endpoint = endpoint_called(catalog, id);
    bench
        .send(endpoint, &Call::default(), &bench.caller(endpoint))
        .await
        .body
}

/// The answer of a valid call of `id`, which must succeed.
pub async fn send_valid(bench: &Bench, catalog: &Catalog, id: &str) -> Value {
    let endpoint = endpoint_called(catalog, id);
    let call = Box::pin(valid(bench, catalog, endpoint)).await;
    let answer = bench.send(endpoint, &call, &bench.caller(endpoint)).await;
    assert_eq!(answer.status, endpoint.success, "{id}: {}", answer.body);
    answer.body
}

/// Gives Ada a transfer that has settled in a batch and was claimed back, one that is pending, and a recurring routine, which is the newest.
pub async fn prepare(bench: &Bench, catalog: &Catalog) {
    let create = endpoint_called(catalog, "routines.create");
    for changes in [
        // The cents pull a lever of the sandbox: the money is claimed back a day later.
        json!({"preferred_settlement_speed": "T+0", "amount": 20.77}),
        json!({"preferred_settlement_speed": "T+2"}),
        json!({"type": "recurring", "frequency": "weekly"}),
    ] {
        let mut call = valid(bench, catalog, create).await;
        call.body.extend(changes.as_object().unwrap().clone());
        let answer = bench.send(create, &call, &bench.ada).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        if changes["amount"].is_number() {
            bench.sandbox.clock().advance(CLAIMED_AFTER);
        }
    }
}
