//! The router: one route for each endpoint of the catalogue, and the answers to everything else.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use serde_json::{Map, Value};

use crate::catalog::Catalog;
use crate::domain::{Endpoint, Method};
use crate::sandbox::answers::{self, Answer, Reply};
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::validate::{Fault, Rules};
use crate::sandbox::world::Shared;
use crate::sandbox::{gate, pages, replays, uploads};

/// Bytes of a body, at most.
pub(crate) const MOST_BYTES: usize = 1024 * 1024;

/// One endpoint with what it takes to answer it.
struct Route {
    endpoint: Endpoint,
    body: Rules,
    query: Rules,
    answer: Option<Answer>,
    world: Shared,
}

/// The router of the API, as `catalog` lists it, and of the hosted pages.
///
/// # Errors
/// When the catalogue has a pattern that is none.
pub(crate) fn router(catalog: &Catalog, world: &Shared) -> Result<Router, String> {
    let mut router = pages::router(world).merge(uploads::router(world));
    for endpoint in catalog.endpoints() {
        let route = Arc::new(Route {
            endpoint: endpoint.clone(),
            body: Rules::of(&endpoint.body, catalog)?,
            query: Rules::of(&endpoint.query, catalog)?,
            answer: answers::find(&endpoint.id),
            world: world.clone(),
        });
        let respond = move |request: Request| {
            let route = Arc::clone(&route);
            async move { route.respond(request).await }
        };
        router = router.route(
            &positional(&endpoint.path),
            on(filter(endpoint.method), respond),
        );
    }
    let endpoints: Arc<[Endpoint]> = catalog.endpoints().into();
    let wrong_method = move |request: Request| {
        let endpoints = Arc::clone(&endpoints);
        async move { refuse_method(&endpoints, &request) }
    };
    Ok(router
        .method_not_allowed_fallback(wrong_method)
        .fallback(async |request: Request| {
            let path = request.uri().path();
            Refusal::not_found(format!("there is no endpoint at {path}"))
        }))
}

/// `path` with its parts numbered: the router takes one name for a part, while the catalogue has one per endpoint.
fn positional(path: &str) -> String {
    let parts = path
        .split('/')
        .enumerate()
        .map(|(i, part)| match part.starts_with('{') {
            true => format!("{{part{i}}}"),
            false => part.to_owned(),
        });
    parts.collect::<Vec<_>>().join("/")
}

fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Patch => MethodFilter::PATCH,
        Method::Delete => MethodFilter::DELETE,
    }
}

fn refuse_method(endpoints: &[Endpoint], request: &Request) -> Refusal {
    let path = request.uri().path();
    let matches = |pattern: &str| {
        let is_equal = |(one, other): (&str, &str)| one.starts_with('{') || one == other;
        pattern.split('/').count() == path.split('/').count()
            && pattern.split('/').zip(path.split('/')).all(is_equal)
    };
    let methods = endpoints.iter().filter(|endpoint| matches(&endpoint.path));
    let mut methods: Vec<_> = methods.map(|endpoint| endpoint.method.as_str()).collect();
    if methods.is_empty() {
        methods = vec!["GET", "POST"]; // a hosted page takes one of them, or both
    }
    methods.retain(|method| *method != request.method());
    let allowed = methods.join(", ");
    let description = format!("{path} takes {allowed}, not {}", request.method());
    Refusal::method_not_allowed(allowed, description)
}

impl Route {
    async fn respond(&self, request: Request) -> Response {
        let success = StatusCode::from_u16(self.endpoint.success).unwrap_or(StatusCode::OK);
        match self.answer(request).await {
            Ok(Reply::Json(body)) => (success, axum::Json(body)).into_response(),
            Ok(Reply::Empty) => success.into_response(),
            Err(refusal) => refusal.into_response(),
        }
    }

    async fn answer(&self, request: Request) -> Result<Reply, Refusal> {
        let (mut parts, body) = request.into_parts();
        let caller = gate::admit(&self.world.lock(), &self.endpoint, &parts.headers)?;
        let call = Call {
            caller,
            parameters: self.parameters(&mut parts).await?,
            query: self.query(&parts)?,
            body: self.body(&parts.headers, body).await?,
            endpoint: &self.endpoint,
        };
        let Some(answer) = self.answer else {
            let description = format!("the sandbox cannot answer {} yet", self.endpoint.id);
            return Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, description));
        };
        let key = replays::key(&parts.headers, &call)?;
        let mut world = self.world.lock();
        let Some(key) = key else {
            return answer(&mut world, &call);
        };
        let now = world.now();
        if let Some(reply) = world.replays.find(&key, &call.body, now)? {
            return Ok(reply);
        }
        let reply = answer(&mut world, &call)?;
        world.replays.keep(key, call.body, reply.clone(), now);
        Ok(reply)
    }

    async fn parameters(&self, parts: &mut Parts) -> Result<BTreeMap<String, String>, Refusal> {
        let values = RawPathParams::from_request_parts(parts, &()).await;
        let values = values.map_err(|_| Refusal::bad_request("the path is not UTF-8"))?;
        let names = self.endpoint.path_parts().map(str::to_owned);
        Ok(names
            .zip(values.iter().map(|(_, value)| value.to_owned()))
            .collect())
    }

    fn query(&self, parts: &Parts) -> Result<BTreeMap<String, String>, Refusal> {
        let text = parts.uri.query().unwrap_or_default();
        let query = url::form_urlencoded::parse(text.as_bytes())
            .into_owned()
            .collect();
        self.query
            .check_query(&query)
            .map_err(|fault| self.refuse(&fault))?;
        Ok(query)
    }

    async fn body(&self, headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Refusal> {
        if self.body.is_empty() {
            return Ok(Map::new());
        }
        let bytes = to_bytes(body, MOST_BYTES).await.map_err(|_| {
            let description = format!("the body is longer than {MOST_BYTES} bytes");
            self.in_envelope(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, description))
        })?;
        let object = match self.endpoint.form {
            true => parse_form(headers, &bytes),
            false => parse_json(headers, &bytes),
        };
        let mut object =
            object.map_err(|description| self.in_envelope(Refusal::bad_request(description)))?;
        if self.endpoint.form {
            self.body.read_form(&mut object);
        }
        self.body
            .check(&object)
            .map_err(|fault| self.refuse(&fault))?;
        self.check_one_of(&object)?;
        Ok(object)
    }

    /// Of some fields exactly one must be there.
    fn check_one_of(&self, object: &Map<String, Value>) -> Result<(), Refusal> {
        let names = &self.endpoint.one_of;
        let sent = names.iter().filter(|name| object.contains_key(*name));
        match names.is_empty() || sent.count() == 1 {
            true => Ok(()),
            false => {
                let description = format!("exactly one of {} is required", names.join(", "));
                Err(self.in_envelope(Refusal::bad_request(description)))
            }
        }
    }

    fn refuse(&self, fault: &Fault) -> Refusal {
        match self.endpoint.form && fault.is_unlisted && fault.field == "grant_type" {
            true => Refusal::token("unsupported_grant_type", fault.description()),
            false => self.in_envelope(Refusal::bad_request(fault.description())),
        }
    }

    /// Token endpoints have their own envelope (RFC 6749, section 5.2).
    fn in_envelope(&self, refusal: Refusal) -> Refusal {
        match self.endpoint.form {
            true => refusal.into_token_error("invalid_request"),
            false => refusal,
        }
    }
}

fn has_type(headers: &HeaderMap, expected: &str) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = value
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(expected)
}

fn parse_json(headers: &HeaderMap, bytes: &[u8]) -> Result<Map<String, Value>, String> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    if !has_type(headers, "application/json") {
        return Err("the body must be JSON: send Content-Type: application/json".into());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("the body must be a JSON object".into()),
        Err(error) => Err(format!("the body is not JSON: {error}")),
    }
}

fn parse_form(headers: &HeaderMap, bytes: &[u8]) -> Result<Map<String, Value>, String> {
    if !bytes.is_empty() && !has_type(headers, "application/x-www-form-urlencoded") {
        return Err(
            "the body must be a form: send Content-Type: application/x-www-form-urlencoded".into(),
        );
    }
    let mut object = Map::new();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        // RFC 6749, section 3.2: parameters are not sent more than once.
        if object.contains_key(name.as_ref()) {
            return Err(format!("{name} is sent more than once"));
        }
        object.insert(name.into_owned(), Value::String(value.into_owned()));
    }
    Ok(object)
}
