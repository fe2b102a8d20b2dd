//! The control calls as the catalogue lists them, each with what answers it. `GET /_sandbox/` tells the list.

use serde_json::{Map, Value, json};

use crate::catalog::{CONTROL_PREFIX, Catalog};
use crate::domain::{Endpoint, Field, Kind};
use crate::sandbox::control::{Desk, load, orders, webhooks};
use crate::sandbox::envelope::Refusal;

/// Answers one control call: `rest` is the part of the path that the call leaves open.
pub(super) type Answer = fn(&Desk, rest: &str, body: &Map<String, Value>) -> Result<Value, Refusal>;

/// One control call.
pub(super) struct Order {
    endpoint: Endpoint,
    /// A body that works; null where it takes none.
    example: Value,
    pub(super) answer: Answer,
}

impl Order {
    pub(super) fn method(&self) -> &'static str {
        self.endpoint.method.as_str()
    }

    /// Its path below [`CONTROL_PREFIX`], with a name in braces where a part is open.
    pub(super) fn path(&self) -> &str {
        let path = &self.endpoint.path;
        path.strip_prefix(CONTROL_PREFIX).unwrap_or(path)
    }

    pub(super) fn summary(&self) -> String {
        format!("{} {}", self.method(), self.endpoint.path)
    }
}

/// Every control call of the catalogue.
///
/// # Errors
/// When the catalogue's file is wrong, or lists a call that nothing answers; a test keeps that from being shipped.
pub(super) fn orders() -> Result<Vec<Order>, String> {
    let catalog = Catalog::control().map_err(|error| error.to_string())?;
    let order = |endpoint: &Endpoint| {
        let id = &endpoint.id;
        let answer = answer(id.as_str()).ok_or_else(|| format!("nothing answers {id}"))?;
        let example = example(&endpoint.body, &catalog);
        Ok(Order {
            endpoint: endpoint.clone(),
            example: match example.is_empty() {
                true => Value::Null,
                false => Value::Object(example),
            },
            answer,
        })
    };
    catalog.endpoints().iter().map(order).collect()
}

fn answer(id: &str) -> Option<Answer> {
    Some(match id {
        "sandbox.calls" => index,
        "sandbox.users" => orders::users,
        "sandbox.set_user_status" => orders::set_status,
        "sandbox.batches" => orders::batches,
        "sandbox.requests" => orders::requests,
        "sandbox.clock" => orders::clock,
        "sandbox.advance_clock" => orders::advance,
        "sandbox.add_fault" => orders::add_fault,
        "sandbox.faults" => orders::faults,
        "sandbox.clear_faults" => orders::clear_faults,
        "sandbox.set_webhooks" => webhooks::set,
        "sandbox.webhooks" => webhooks::read,
        "sandbox.clear_webhooks" => webhooks::clear,
        "sandbox.deliveries" => webhooks::deliveries,
        "sandbox.resend_webhook" => webhooks::resend,
        "sandbox.receive_payment" => orders::receive,
        "sandbox.seed_transfers" => load::seed_transfers,
        "sandbox.reset" => orders::reset,
        _ => return None,
    })
}

/// A body of the samples of `fields`.
fn example(fields: &[Field], catalog: &Catalog) -> Map<String, Value> {
    let mut body = Map::new();
    for field in fields {
        let shape = field.shape.as_deref().and_then(|id| catalog.shape(id));
        let value = match (shape, &field.sample) {
            (Some(shape), _) => Value::Object(example(&shape.fields, catalog)),
            (None, Some(sample)) if field.kind == Kind::String => Value::from(sample.as_str()),
            (None, Some(sample)) => serde_json::from_str(sample).unwrap_or_default(),
            (None, None) => continue,
        };
        body.insert(field.name.clone(), value);
    }
    body
}

/// The part of `path` that stands in the place of `{…}` in `pattern`, or nothing where that has none; `None` where they
/// do not match.
pub(super) fn open_part<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let Some((before, after)) = pattern.split_once('{') else {
        return (pattern == path).then_some("");
    };
    let after = after.split_once('}')?.1;
    let part = path.strip_prefix(before)?.strip_suffix(after)?;
    (!part.is_empty() && !part.contains('/')).then_some(part)
}

fn index(desk: &Desk, _: &str, _: &Map<String, Value>) -> Result<Value, Refusal> {
    let call = |order: &Order| {
        let Endpoint {
            summary, details, ..
        } = &order.endpoint;
        json!({
            "call": order.summary(),
            "body": order.example,
            "does": format!("{summary}. {details}").trim_end(),
        })
    };
    let calls: Vec<_> = desk.control.orders.iter().map(call).collect();
    Ok(json!({ "calls": calls }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::check_body;

    #[test]
    fn open_parts_are_found() {
        let pattern = "/users/{user}/status";
        assert_eq!(open_part(pattern, "/users/+1650/status"), Some("+1650"));
        for path in ["/users//status", "/users/a/b/status", "/users/a"] {
            assert_eq!(open_part(pattern, path), None, "{path}");
        }
        assert_eq!(open_part("/clock", "/clock"), Some(""));
        assert_eq!(open_part("/clock", "/clocks"), None);
    }

    #[test]
    fn every_call_of_the_catalogue_is_answered_and_its_example_fits() {
        let catalog = Catalog::control().unwrap();
        for order in orders().unwrap() {
            let wrong = check_body(&order.endpoint, &catalog, &order.example);
            assert!(order.example.is_null() || wrong.is_empty(), "{wrong:?}");
        }
    }
}
