//! Holds an answer against its documented shape.

use astrascope::catalog::Catalog;
use astrascope::domain::{Endpoint, Field, Format, Kind};
use serde_json::{Map, Value};

/// Fields that stand in a shape for the sake of another place in which it is used.
const LEFT_OUT: &[&str] = &["source.user_id"];

/// What is wrong with the answer of `endpoint`.
pub fn faults(catalog: &Catalog, endpoint: &Endpoint, answer: &Value) -> Vec<String> {
    let fields = catalog.answer_fields(endpoint);
    if endpoint.answer.is_none() {
        return Vec::new();
    }
    let Some(paging) = &endpoint.list else {
        return object(catalog, "", fields, answer);
    };
    let Some(items) = answer[&paging.items].as_array() else {
        return vec![format!("{} is no array", paging.items)];
    };
    let mut faults = Vec::new();
    if !paging.count.is_empty() && answer[&paging.count] != items.len() {
        faults.push(format!(
            "{} is {} for {} items",
            paging.count,
            answer[&paging.count],
            items.len()
        ));
    }
    if !paging.more.is_empty() && !answer[&paging.more].is_boolean() {
        faults.push(format!("{} is no boolean", paging.more));
    }
    if items.is_empty() {
        faults.push(format!("{} is empty: nothing was checked", paging.items));
    }
    faults.extend(
        items
            .iter()
            .flat_map(|item| object(catalog, &format!("{}[].", paging.items), fields, item)),
    );
    faults
}

fn object(catalog: &Catalog, prefix: &str, fields: &[Field], answer: &Value) -> Vec<String> {
    let Some(object) = answer.as_object() else {
        return vec![format!("{prefix} is no object: {answer}")];
    };
    let mut faults: Vec<_> = undocumented(fields, object)
        .map(|name| format!("{prefix}{name} is not documented"))
        .collect();
    for field in fields {
        let path = format!("{prefix}{}", field.name);
        match object.get(&field.name) {
            None if field.required => faults.push(format!("{path} is missing")),
            // A field that the sandbox never answers would never be checked.
            None if LEFT_OUT.contains(&path.as_str()) => {}
            None => faults.push(format!("{path} is left out")),
            Some(Value::Null) if !field.nullable => faults.push(format!("{path} is null")),
            Some(Value::Null) => {}
            Some(value) => faults.extend(one(catalog, &path, field, value)),
        }
    }
    faults
}

fn undocumented<'a>(
    fields: &'a [Field],
    object: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a String> {
    object
        .keys()
        .filter(|name| !fields.iter().any(|field| field.name == **name))
}

fn one(catalog: &Catalog, path: &str, field: &Field, value: &Value) -> Vec<String> {
    let is_of_kind = match field.kind {
        Kind::String => value.is_string(),
        Kind::Number => value.is_number(),
        Kind::Integer => value.is_i64() || value.is_u64(),
        Kind::Boolean => value.is_boolean(),
        Kind::Object => value.is_object(),
        Kind::Array => value.is_array(),
    };
    if !is_of_kind {
        return vec![format!("{path} is not of its type: {value}")];
    }
    if let Some(shape) = field.shape.as_deref().and_then(|id| catalog.shape(id)) {
        return object(catalog, &format!("{path}."), &shape.fields, value);
    }
    let text = value.as_str().unwrap_or_default();
    let is_listed = field.values.is_empty() || field.values.iter().any(|it| it == text);
    let is_date = || text.parse::<jiff::civil::Date>().is_ok();
    let is_spelled = match field.format {
        Some(Format::Date) => is_date(),
        Some(Format::DateTime) => is_date() || text.parse::<jiff::civil::DateTime>().is_ok(),
        Some(Format::Phone) => text.starts_with('+') && text.len() == 12,
        Some(Format::Email) => text.contains('@'),
        Some(Format::Url) => text.starts_with("http"),
        Some(Format::Amount | Format::Ip | Format::Base64) | None => true,
    };
    match is_listed && is_spelled {
        true => Vec::new(),
        false => vec![format!("{path} is not as documented: {value}")],
    }
}
