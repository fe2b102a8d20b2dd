//! The calls under `/_sandbox/`, with which whoever tests moves the sandbox about. They need no credential: only this
//! machine reaches them.

mod faults;
mod load;
mod log;
mod orders;
mod webhooks;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Map, Value, json};

pub(crate) use faults::Fault;
pub(crate) use log::Line;

use crate::sandbox::control::faults::Faults;
use crate::sandbox::control::log::Log;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::webhooks::Webhooks;
use crate::sandbox::world::Shared;

/// Where the control calls lie.
pub(crate) const PREFIX: &str = "/_sandbox";
/// Bytes of a body, at most.
const MOST_BYTES: usize = 64 * 1024;

/// What the control calls hold that is no part of the world: what goes wrong next, what was called, and what is told.
#[derive(Clone)]
pub(crate) struct Control {
    faults: Arc<Mutex<Faults>>,
    log: Arc<Mutex<Log>>,
    webhooks: Webhooks,
}

impl Control {
    /// Without a fault, a call or a webhook.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            faults: Arc::default(),
            log: Arc::default(),
            webhooks: Webhooks::new()?,
        })
    }

    /// What is told.
    pub(crate) fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    /// What goes wrong next.
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        // Both lists are changed whole, so a panic elsewhere leaves them sound.
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was called.
    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers one control call: `rest` is the part of the path that the call leaves open.
type Answer = fn(&Desk, rest: &str, body: &Map<String, Value>) -> Result<Value, Refusal>;

/// One control call. The list of them is also their documentation.
struct Order {
    method: &'static str,
    /// With `{user}` where a part of the path is open.
    path: &'static str,
    /// A body that works.
    body: &'static str,
    does: &'static str,
    answer: Answer,
}

/// What the answers work on.
#[derive(Clone)]
pub(crate) struct Desk {
    world: Shared,
    control: Control,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Desk {
    /// The desk of this world.
    pub(crate) fn new(world: &Shared, control: &Control) -> Self {
        Self {
            world: world.clone(),
            control: control.clone(),
        }
    }
}

const ORDERS: &[Order] = &[
    Order {
        method: "GET",
        path: "/",
        body: "",
        does: "list these calls",
        answer: index,
    },
    Order {
        method: "GET",
        path: "/clock",
        body: "",
        does: "read the sandbox's time",
        answer: orders::clock,
    },
    Order {
        method: "POST",
        path: "/clock/advance",
        body: r#"{"seconds": 86400}"#,
        does: "let time pass: transfers settle, recurring routines run, tokens run out",
        answer: orders::advance,
    },
    Order {
        method: "GET",
        path: "/users",
        body: "",
        does: "list the users with ids and statuses",
        answer: orders::users,
    },
    Order {
        method: "POST",
        path: "/users/{user}/status",
        body: r#"{"status": "suspended"}"#,
        does: "set where a user stands; {user} is an id or a phone number",
        answer: orders::set_status,
    },
    Order {
        method: "GET",
        path: "/batches",
        body: "",
        does: "list the batches of transfers that have settled",
        answer: orders::batches,
    },
    Order {
        method: "POST",
        path: "/faults",
        body: r#"{"match": {"method": "GET", "path": "/v1/accounts"}, "times": 2, "status": 429, "retry_after": 1}"#,
        does: "make the next matching calls go wrong: status, delay_ms, cut_body and retry_after, alone or together",
        answer: orders::add_fault,
    },
    Order {
        method: "GET",
        path: "/faults",
        body: "",
        does: "list the faults that are left",
        answer: orders::faults,
    },
    Order {
        method: "DELETE",
        path: "/faults",
        body: "",
        does: "take all faults back",
        answer: orders::clear_faults,
    },
    Order {
        method: "GET",
        path: "/requests",
        body: "",
        does: "read the log of the last 1000 calls, newest first; it holds no secrets",
        answer: orders::requests,
    },
    Order {
        method: "POST",
        path: "/webhooks",
        body: r#"{"url": "http://127.0.0.1:9000/astra"}"#,
        does: "send webhooks there from now on, signed with the client secret; plain http goes to this machine only",
        answer: webhooks::set,
    },
    Order {
        method: "GET",
        path: "/webhooks",
        body: "",
        does: "read where webhooks go, how many wait for their next try, and whose secret signs them",
        answer: webhooks::read,
    },
    Order {
        method: "DELETE",
        path: "/webhooks",
        body: "",
        does: "send none any more and forget those that wait; with a url in the body, only if they go there",
        answer: webhooks::clear,
    },
    Order {
        method: "GET",
        path: "/webhooks/deliveries",
        body: "",
        does: "list the last 1000 webhooks, newest first, with each try and its answer",
        answer: webhooks::deliveries,
    },
    Order {
        method: "POST",
        path: "/seed-transfers",
        body: r#"{"count": 1000, "user": "+16505550100"}"#,
        does: "add transfers of the last two years to a user, the first one unless said otherwise",
        answer: load::seed_transfers,
    },
    Order {
        method: "POST",
        path: "/reset",
        body: "",
        does: "make the world anew from its seed: tokens, faults, log, deliveries and the clock's advance are gone",
        answer: orders::reset,
    },
];

/// The routes of the control calls.
pub(crate) fn router(desk: &Desk) -> Router {
    Router::new()
        .route(PREFIX, any(respond))
        .route(&format!("{PREFIX}/"), any(respond))
        .route(&format!("{PREFIX}/{{*rest}}"), any(respond))
        .with_state(desk.clone())
}

async fn respond(State(desk): State<Desk>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    let answered = match check_origin(&parts.headers) {
        Err(refusal) => Err(refusal),
        Ok(()) => match read(body).await {
            Err(refusal) => Err(refusal),
            Ok(body) => dispatch(&desk, parts.method.as_str(), path, &body),
        },
    };
    match answered {
        Ok(value) => (StatusCode::OK, axum::Json(value)).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// A page of another site could send a browser here: browsers say where a call comes from, other clients do not.
fn check_origin(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.contains_key(header::ORIGIN) {
        true => Err(Refusal::forbidden("control calls are not for browsers")),
        false => Ok(()),
    }
}

async fn read(body: Body) -> Result<Map<String, Value>, Refusal> {
    let bytes = to_bytes(body, MOST_BYTES)
        .await
        .map_err(|_| Refusal::bad_request("the body is too long"))?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(Refusal::bad_request("the body must be a JSON object")),
        Err(error) => Err(Refusal::bad_request(format!(
            "the body is not JSON: {error}"
        ))),
    }
}

fn dispatch(
    desk: &Desk,
    method: &str,
    path: &str,
    body: &Map<String, Value>,
) -> Result<Value, Refusal> {
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let here = || {
        ORDERS
            .iter()
            .filter_map(|order| Some((order, open_part(order.path, path)?)))
    };
    // The answer to HEAD is that to GET; the server leaves its body out.
    let wanted = match method {
        "HEAD" => "GET",
        method => method,
    };
    match here().find(|(order, _)| order.method == wanted) {
        Some((order, rest)) => (order.answer)(desk, rest, body),
        None => Err(refusal(method, path, here().map(|(order, _)| order.method))),
    }
}

/// Why no control call is made by `method` at `path`, which takes the methods `taken`.
fn refusal<'a>(method: &str, path: &str, taken: impl Iterator<Item = &'a str>) -> Refusal {
    let taken = taken.collect::<Vec<_>>().join(", ");
    if !taken.is_empty() {
        let description = format!("{PREFIX}{path} takes {taken}, not {method}");
        return Refusal::method_not_allowed(taken, description);
    }
    let known: Vec<_> = ORDERS.iter().map(summary).collect();
    Refusal::not_found(format!(
        "there is no control call {method} {PREFIX}{path}: known are {}",
        known.join(", ")
    ))
}

fn summary(order: &Order) -> String {
    format!("{} {PREFIX}{}", order.method, order.path)
}

/// The part of `path` that stands in the place of `{…}` in `pattern`, or nothing where that has none; `None` where they
/// do not match.
fn open_part<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let Some((before, after)) = pattern.split_once('{') else {
        return (pattern == path).then_some("");
    };
    let after = after.split_once('}')?.1;
    let part = path.strip_prefix(before)?.strip_suffix(after)?;
    (!part.is_empty() && !part.contains('/')).then_some(part)
}

fn index(_: &Desk, _: &str, _: &Map<String, Value>) -> Result<Value, Refusal> {
    let calls: Vec<_> = ORDERS
        .iter()
        .map(|order| {
            json!({
                "call": summary(order),
                "body": serde_json::from_str::<Value>(order.body).unwrap_or(Value::Null),
                "does": order.does,
            })
        })
        .collect();
    Ok(json!({ "calls": calls }))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_bodies_that_are_shown_are_json() {
        for order in ORDERS.iter().filter(|order| !order.body.is_empty()) {
            let body = serde_json::from_str::<Value>(order.body);
            assert!(body.is_ok_and(|body| body.is_object()), "{}", order.path);
        }
    }
}
