//! The calls under `/_sandbox/`, with which whoever tests moves the sandbox about. They need no credential: only this
//! machine reaches them.

mod faults;
mod list;
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
use serde_json::{Map, Value};

pub(crate) use faults::Fault;
pub(crate) use log::Line;

use crate::catalog::{CONTROL_PREFIX as PREFIX, decoded};
use crate::sandbox::control::faults::Faults;
use crate::sandbox::control::list::{Order, open_part};
use crate::sandbox::control::log::Log;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::webhooks::Webhooks;
use crate::sandbox::world::Shared;

/// Bytes of a body, at most.
const MOST_BYTES: usize = 64 * 1024;

/// What the control calls hold that is no part of the world: what goes wrong next, what was called, and what is told.
#[derive(Clone)]
pub(crate) struct Control {
    faults: Arc<Mutex<Faults>>,
    log: Arc<Mutex<Log>>,
    webhooks: Webhooks,
    orders: Arc<[Order]>,
}

impl Control {
    /// Without a fault, a call or a webhook.
    ///
    /// # Errors
    /// When the system has no random numbers, or the catalogue's file of control calls is wrong.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            faults: Arc::default(),
            log: Arc::default(),
            webhooks: Webhooks::new()?,
            orders: list::orders().map_err(io::Error::other)?.into(),
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
    let orders = &desk.control.orders;
    let here = || {
        orders
            .iter()
            .filter_map(|order| Some((order, open_part(order.path(), path)?)))
    };
    // The answer to HEAD is that to GET; the server leaves its body out.
    let wanted = match method {
        "HEAD" => "GET",
        method => method,
    };
    match here().find(|(order, _)| order.method() == wanted) {
        Some((order, rest)) => (order.answer)(desk, &decoded(rest), body),
        None => {
            let taken = here().map(|(order, _)| order.method());
            Err(refusal(orders, method, path, taken))
        }
    }
}

/// Why no control call is made by `method` at `path`, which takes the methods `taken`.
fn refusal<'a>(
    orders: &[Order],
    method: &str,
    path: &str,
    taken: impl Iterator<Item = &'a str>,
) -> Refusal {
    let taken = taken.collect::<Vec<_>>().join(", ");
    if !taken.is_empty() {
        let description = format!("{PREFIX}{path} takes {taken}, not {method}");
        return Refusal::method_not_allowed(taken, description);
    }
    let known: Vec<_> = orders.iter().map(Order::summary).collect();
    Refusal::not_found(format!(
        "there is no control call {method} {PREFIX}{path}: known are {}",
        known.join(", ")
    ))
}
