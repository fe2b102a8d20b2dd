//! Holds the built-in catalogue complete: what every endpoint, field and shape must have.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, check_value, pattern};
use crate::domain::{Endpoint, Field, Kind, Method};

/// Endpoints of Astra's published schema and of the newer pages together. More may come, none may get lost.
const FEWEST_ENDPOINTS: usize = 48;

/// Roots of `from` that are no resource: settings of the profile.
const SETTINGS: &[&str] = &["profile.client_id", "profile.redirect_uri"];

fn catalog() -> Catalog {
    Catalog::built_in().unwrap()
}

/// Every field of the requests, with the name of what it belongs to; those of shapes within bodies too.
fn request_fields(catalog: &Catalog) -> Vec<(String, &Field)> {
    fn add<'a>(
        owner: &str,
        fields: &'a [Field],
        catalog: &'a Catalog,
        all: &mut Vec<(String, &'a Field)>,
    ) {
        for field in fields {
            let path = format!("{owner} {}", field.name);
            if let Some(shape) = field.shape.as_deref() {
                add(&path, &catalog.shape(shape).unwrap().fields, catalog, all);
            }
            all.push((path, field));
        }
    }
    let mut all = Vec::new();
    for endpoint in catalog.endpoints() {
        for fields in [&endpoint.parameters, &endpoint.query, &endpoint.body] {
            add(endpoint.id.as_str(), fields, catalog, &mut all);
        }
    }
    all
}

fn every_field(catalog: &Catalog) -> Vec<(String, &Field)> {
    let of_shapes = catalog.shapes.values().flat_map(|shape| {
        let fields = shape.fields.iter();
        fields.map(|field| (format!("{} {}", shape.id, field.name), field))
    });
    let mut all = request_fields(catalog);
    all.extend(of_shapes);
    all
}

fn assert_line(text: &str, owner: &str) {
    assert!(!text.is_empty(), "{owner} has no line of meaning");
    assert!(
        !text.ends_with('.') && !text.contains('\n'),
        "{owner}: {text}"
    );
}

#[test]
fn every_endpoint_says_what_it_is() {
    let catalog = catalog();
    assert!(catalog.endpoints().len() >= FEWEST_ENDPOINTS);
    for endpoint in catalog.endpoints() {
        let id = endpoint.id.as_str();
        assert_line(&endpoint.summary, id);
        assert!(
            (200..300).contains(&endpoint.success),
            "{id}: {}",
            endpoint.success
        );
        assert!(endpoint.path.starts_with("/v1/"), "{id}: {}", endpoint.path);
        match endpoint.method {
            Method::Get => assert!(
                !endpoint.writes() && endpoint.body.is_empty(),
                "{id} only reads"
            ),
            Method::Post => {}
            Method::Put | Method::Patch | Method::Delete => {
                assert_eq!(endpoint.writes, Some(true), "{id} writes");
            }
        }
        if endpoint.answer.is_none() {
            let is_said = [
                "answer is empty",
                "shape is not known",
                "shape are not known",
                "answer are not known",
            ];
            let details = &endpoint.details;
            assert!(
                is_said.iter().any(|words| details.contains(words)),
                "{id}: why no answer? {details}"
            );
        }
    }
}

#[test]
fn what_nothing_is_said_of_writes_unless_it_only_gets() {
    let writes = |method: &str, said: &str| {
        let text = format!(
            "[[endpoint]]\nid = \"a.b\"\nmethod = \"{method}\"\npath = \"/a\"\nsummary = \"s\"\nauth = \"none\"\nsuccess = 200\n{said}"
        );
        let mut catalog = Catalog::default();
        catalog.add("mine.toml", &text).unwrap();
        catalog.endpoints()[0].writes()
    };
    assert!(!writes("GET", ""));
    assert!(writes("POST", "") && !writes("POST", "writes = false"));
    assert!(writes("DELETE", "") && writes("DELETE", "writes = false"));
}

#[test]
fn no_two_endpoints_share_an_id_or_a_method_and_path() {
    let catalog = catalog();
    let mut ids = BTreeSet::new();
    let mut calls = BTreeSet::new();
    let mut resources = Vec::new();
    for endpoint in catalog.endpoints() {
        assert!(ids.insert(&endpoint.id), "{}", endpoint.id);
        let parts = endpoint
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part });
        let call = format!(
            "{} {}",
            endpoint.method.as_str(),
            parts.collect::<Vec<_>>().join("/")
        );
        assert!(calls.insert(call.clone()), "{}: {call}", endpoint.id);
        resources.push(endpoint.id.resource());
    }
    resources.dedup();
    let distinct: BTreeSet<_> = resources.iter().collect();
    assert_eq!(
        distinct.len(),
        resources.len(),
        "endpoints of one resource stand together: {resources:?}"
    );
}

#[test]
fn path_parameters_are_required_and_are_those_of_the_path() {
    for endpoint in catalog().endpoints() {
        let described: Vec<_> = endpoint
            .parameters
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        assert_eq!(
            described,
            endpoint.path_parts().collect::<Vec<_>>(),
            "{}",
            endpoint.id
        );
        assert!(
            endpoint.parameters.iter().all(|field| field.required),
            "{}",
            endpoint.id
        );
    }
}

#[test]
fn every_field_has_a_meaning_and_its_words_are_sound() {
    let catalog = catalog();
    for (owner, field) in every_field(&catalog) {
        assert_line(&field.meaning, &owner);
        let distinct: BTreeSet<_> = field.values.iter().collect();
        assert_eq!(
            distinct.len(),
            field.values.len(),
            "{owner}: a value stands twice"
        );
        assert!(
            field.values.iter().all(|value| !value.is_empty()),
            "{owner}: an empty value"
        );
        if let Some(text) = &field.pattern {
            assert!(pattern::compile(text).is_ok(), "{owner}: {text}");
        }
        let is_nest = matches!(field.kind, Kind::Object | Kind::Array);
        assert!(
            field.shape.is_none() || is_nest,
            "{owner}: a shape, but {:?}",
            field.kind
        );
    }
}

#[test]
fn every_sample_is_a_good_value() {
    let catalog = catalog();
    for (owner, field) in every_field(&catalog) {
        if let Some(sample) = &field.sample {
            assert!(!sample.is_empty(), "{owner}");
            assert_eq!(check_value(field, sample), Ok(()), "{owner}: {sample}");
        }
    }
}

#[test]
fn every_required_field_can_be_filled() {
    let catalog = catalog();
    for (owner, field) in request_fields(&catalog) {
        let is_filled = field.sample.is_some() || !field.from.is_empty() || field.shape.is_some();
        let is_from_a_webhook = owner == "batch_transfers.get id";
        assert!(
            !field.required || is_filled || is_from_a_webhook,
            "{owner} has neither sample nor source"
        );
    }
}

#[test]
fn every_source_is_a_field_of_an_answer_or_a_setting() {
    let catalog = catalog();
    for (owner, field) in request_fields(&catalog) {
        for source in &field.from {
            let (resource, name) = source.split_once('.').unwrap();
            let answers = |endpoint: &Endpoint| {
                let mut fields = catalog.answer_fields(endpoint).iter();
                endpoint.id.resource() == resource && fields.any(|field| field.name == name)
            };
            let is_known =
                SETTINGS.contains(&source.as_str()) || catalog.endpoints().iter().any(answers);
            assert!(is_known, "{owner}: nothing answers {source}");
        }
    }
}

#[test]
fn every_shape_is_used() {
    let catalog = catalog();
    let of_answers = catalog
        .endpoints()
        .iter()
        .filter_map(|endpoint| endpoint.answer.as_deref());
    let fields = every_field(&catalog);
    let used: BTreeSet<&str> = of_answers
        .chain(
            fields
                .iter()
                .filter_map(|(_, field)| field.shape.as_deref()),
        )
        .collect();
    for id in catalog.shapes.keys() {
        assert!(used.contains(id.as_str()), "nothing uses the shape {id}");
    }
}

#[test]
fn every_list_describes_the_names_that_page_it() {
    let catalog = catalog();
    for endpoint in catalog.endpoints() {
        let Some(list) = &endpoint.list else { continue };
        assert!(endpoint.answer.is_some(), "{}", endpoint.id);
        for name in [&list.cursor, &list.size]
            .into_iter()
            .filter(|name| !name.is_empty())
        {
            assert!(
                endpoint.query.iter().any(|field| field.name == *name),
                "{}: {name}",
                endpoint.id
            );
        }
    }
}

#[test]
fn what_lets_someone_in_or_moves_money_is_secret() {
    let catalog = catalog();
    let words = [
        "card_number",
        "card_security_code",
        "account_number",
        "ssn",
        "code",
        "token",
    ];
    for (owner, field) in every_field(&catalog) {
        let is_secret = words.contains(&field.name.as_str()) || field.name.ends_with("_token");
        assert!(field.secret || !is_secret, "{owner} is not masked");
    }
}

#[test]
fn one_of_names_optional_fields_of_the_body() {
    for endpoint in catalog().endpoints() {
        for name in &endpoint.one_of {
            let field = endpoint.body.iter().find(|field| field.name == *name);
            assert!(
                field.is_some_and(|field| !field.required),
                "{}: {name}",
                endpoint.id
            );
        }
    }
}
