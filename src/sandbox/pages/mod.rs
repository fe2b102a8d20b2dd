//! The hosted pages on which a person signs in and authorizes the application, as browsers ask for them.

mod asking;
mod errand_views;
mod errands;
mod html;
mod session;
mod steps;
mod views;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use url::Url;
use url::form_urlencoded;

use crate::domain::Secret;
use crate::sandbox::pages::errands::Errand;
use crate::sandbox::pages::html::Page;
use crate::sandbox::pages::session::{Alert, Returned, Session, Sessions, Step};
use crate::sandbox::pages::steps::{Fields, Next};
use crate::sandbox::world::{Shared, World};

/// Where an authorization begins (Astra's guide "OAuth links").
const AUTHORIZE: &str = "/login/oauth/authorize";
/// The cookie of a sign-in. Its path is that of the sign-in, so that two tabs do not meet.
const COOKIE: &str = "astrascope_sandbox";
/// Bytes of a form, at most.
const MOST_BYTES: usize = 64 * 1024;

/// The path of the sign-in called `id`.
fn path_of(id: &str) -> String {
    format!("{AUTHORIZE}/{id}")
}

#[derive(Clone)]
struct Desk {
    world: Shared,
    sessions: Arc<Mutex<Sessions>>,
}

impl Desk {
    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        // Sessions are put in and taken out whole, so a panic elsewhere leaves them sound.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The routes of the hosted pages.
pub(crate) fn router(world: &Shared) -> Router {
    let desk = Desk {
        world: world.clone(),
        sessions: Arc::default(),
    };
    let mut router = Router::new();
    for (path, errand) in errands::PATHS {
        let opens =
            move |desk: State<Desk>, query: RawQuery| async move { open(&desk, query, errand) };
        router = router.route(path, get(opens));
    }
    router
        .route(&format!("{AUTHORIZE}/{{id}}"), get(show).post(submit))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(desk)
}

fn open(desk: &Desk, RawQuery(query): RawQuery, errand: Errand) -> Response {
    let query: BTreeMap<_, _> = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    let mut world = desk.world.lock();
    let asked = match asking::read(&world, &query, errand) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let voucher = query.get("session_token").filter(|it| !it.is_empty());
    let voucher = voucher.map(|token| world.spend_voucher(token));
    let step = match voucher {
        None => Step::Phone,
        Some(Some(user)) => steps::step_of(&world, user, errand),
        Some(None) => {
            return refused(
                "This sign-in is over",
                "The session_token of this address is not known, was used before, or is older than a minute.",
            );
        }
    };
    let session = match desk.sessions().start(asked, step, world.now()) {
        Ok(session) => session,
        Err(error) => return failed(&format!("no randomness: {error}")),
    };
    let mut response = page(&session, &world);
    let (cookie, path) = (session.cookie.reveal(), path_of(&session.id));
    let cookie = format!("{COOKIE}={cookie}; Path={path}; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

async fn show(
    State(desk): State<Desk>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(id)) = id else {
        return over();
    };
    let world = desk.world.lock();
    let mut sessions = desk.sessions();
    let Some(session) = sessions.take(&id, &cookie(&headers), world.now()) else {
        return over();
    };
    let response = page(&session, &world);
    sessions.keep(session);
    response
}

async fn submit(
    State(desk): State<Desk>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(body) = body else {
        return refused("This form is too long", "Go back and send less.");
    };
    let fields: Fields = form_urlencoded::parse(&body).into_owned().collect();
    let Ok(Path(id)) = id else {
        return over();
    };
    let mut world = desk.world.lock();
    let mut sessions = desk.sessions();
    let Some(mut session) = sessions.take(&id, &cookie(&headers), world.now()) else {
        return over();
    };
    let csrf = Secret::new(fields.get("csrf").map_or("", String::as_str));
    if csrf != session.csrf {
        sessions.keep(session);
        return refused(
            "This form is not ours",
            "It was sent from another page. Go back and try again.",
        );
    }
    session.returned = None;
    match steps::submit(&mut world, &mut session, &fields) {
        Next::Page => {}
        Next::Again(alert) => session.returned = Some(returned(alert, fields)),
        Next::Redirect(url) => return see_other(&url),
        Next::Failed(why) => return failed(&why),
    }
    // The page is asked for anew, so that Back and reload never send a form twice (Post/Redirect/Get).
    let response = see_other(&path_of(&session.id));
    sessions.keep(session);
    response
}

/// A form that was not taken, without what must not stand in a page.
fn returned(alert: Alert, mut entered: Fields) -> Returned {
    for secret in [
        "csrf",
        "step",
        "password",
        "one_time_code",
        "card_security_code",
    ] {
        entered.remove(secret);
    }
    Returned { alert, entered }
}

/// The sign-in's cookie, or an empty one, which belongs to nobody.
fn cookie(headers: &HeaderMap) -> Secret {
    let lines = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    let pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut ours = pairs
        .filter(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value);
    Secret::new(ours.next().unwrap_or_default())
}

/// The page of the session's step.
fn page(session: &Session, world: &World) -> Response {
    let origin = Url::parse(&session.asked.redirect_uri).ok();
    let origin = origin.map(|url| url.origin().ascii_serialization());
    respond(
        StatusCode::OK,
        &views::step(world, session),
        origin.as_deref(),
    )
}

fn failed(why: &str) -> Response {
    let page = views::problem("The sandbox cannot go on", why);
    respond(StatusCode::SERVICE_UNAVAILABLE, &page, None)
}

fn refused(title: &str, text: &str) -> Response {
    respond(StatusCode::BAD_REQUEST, &views::problem(title, text), None)
}

fn over() -> Response {
    refused(
        "This sign-in is over",
        "It has ended, it took too long, or it belongs to another browser. Start again from the application.",
    )
}

fn see_other(url: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(url) = HeaderValue::try_from(url) {
        response.headers_mut().insert(header::LOCATION, url);
    }
    response.headers_mut().insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// A page with the header fields that keep it alone. Browsers hold redirects after a form to `form-action` as well,
/// so the origin of the redirect URI is named there.
fn respond(status: StatusCode, page: &Page, redirect_origin: Option<&str>) -> Response {
    let targets = match redirect_origin {
        Some(origin) => format!("'self' {origin}"),
        None => "'none'".to_owned(),
    };
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action {targets}"
    );
    let mut response = (status, Html(page.finish())).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
