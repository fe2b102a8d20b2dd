//! Walks over real sockets, through pages of the form that the built-in sandbox has.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::adapters::http::fixture::{nobody, patient, serve};
use crate::adapters::oauth::{Listener, walk};
use crate::domain::{Nonce, Problem, Redirect};

fn page(heading: &str, alert: &str, controls: &str) -> String {
    let form = match controls {
        "" => String::new(),
        _ => format!("<form method=\"post\" action=\"/step\">{controls}</form>"),
    };
    let alert = match alert {
        "" => String::new(),
        _ => format!("<div role=\"alert\"><p>{alert}</p></div>"),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/></head><body><h1>{heading}</h1>{alert}{form}</body></html>"
    )
}

const PHONE: &str =
    "<input name=\"phone\" value=\"\" placeholder=\"6505550199\"/><button>Go</button>";
const CONSENT: &str = "<button name=\"decision\" value=\"authorize\">Authorize</button>\
    <button name=\"decision\" value=\"deny\">Deny</button>";

/// Phone, then consent, then the redirect of the query; a cookie says how far one is.
fn pages() -> Router {
    let start = |RawQuery(query): RawQuery| async move {
        let redirect = query.unwrap_or_default();
        let cookies = [("set-cookie", format!("to={redirect}; Path=/; HttpOnly"))];
        (cookies, page("Phone", "", PHONE))
    };
    let step = |headers: HeaderMap, body: String| async move {
        let cookies = headers
            .get("cookie")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let to = cookies
            .split("; ")
            .find_map(|cookie| cookie.strip_prefix("to="));
        let Some(to) = to else {
            return (StatusCode::BAD_REQUEST, page("No cookie", "", "")).into_response();
        };
        match body.as_str() {
            "phone=6505550199" => (
                StatusCode::SEE_OTHER,
                [("location", "/consent"), ("set-cookie", "old=; Max-Age=0")],
            )
                .into_response(),
            "decision=authorize" => {
                let to = format!("{to}?code=c0de&state=s1");
                (StatusCode::FOUND, [("location", to)]).into_response()
            }
            _ => (StatusCode::UNPROCESSABLE_ENTITY, page("Odd", "", "")).into_response(),
        }
    };
    Router::new()
        .route("/authorize", get(start))
        .route("/consent", get(|| async { page("Consent", "", CONSENT) }))
        .route("/step", axum::routing::post(step))
}

async fn walk_to(redirect_uri: &str) -> Result<Option<Redirect>, Problem> {
    let base = serve(pages()).await;
    walk(
        &patient(),
        &format!("{base}/authorize?{redirect_uri}"),
        redirect_uri,
    )
    .await
}

/// A walk over pages that all are `make(n)`, the n-th one.
async fn walk_over(make: fn(usize) -> String) -> Problem {
    let count = std::sync::Arc::new(AtomicUsize::new(0));
    let answer = move || {
        let count = count.clone();
        async move { make(count.fetch_add(1, Ordering::SeqCst)) }
    };
    let router = Router::new().fallback(answer);
    let url = format!("{}/authorize", serve(router).await);
    walk(&patient(), &url, "http://127.0.0.1:1/callback")
        .await
        .unwrap_err()
}

#[tokio::test]
async fn the_listener_gets_the_redirect() {
    let listener = Listener::bind("http://127.0.0.1:0/callback").unwrap();
    let redirect_uri = listener.redirect_uri().to_owned();
    let nonce = Nonce::new("s1");
    let (redirect, walked) = tokio::join!(listener.wait(&nonce, || {}), walk_to(&redirect_uri));
    assert_eq!(redirect.unwrap().code.reveal(), "c0de");
    assert_eq!(walked, Ok(None));
}

#[tokio::test]
async fn where_nobody_listens_the_redirect_is_handed_back() {
    let nobody = format!("{}/callback", nobody().await);
    let stranger = format!("{}/callback", serve(Router::new()).await); // answers 404 to all
    for uri in [
        &nobody,
        &stranger,
        "https://app.invalid/callback",
        "my.app:/callback",
    ] {
        let redirect = walk_to(uri).await.unwrap().unwrap();
        assert_eq!(redirect.code.reveal(), "c0de", "{uri}");
        assert!(redirect.state.unwrap().matches("s1"));
    }
}

#[tokio::test]
async fn nobody_consents_to_a_real_application_from_here() {
    for url in [
        "https://app.astra.finance/login",
        "http://app.example/",
        "https://127.0.0.1/",
    ] {
        let problem = walk(&patient(), url, "http://127.0.0.1/callback")
            .await
            .unwrap_err();
        assert_eq!(
            problem.what,
            "only the pages of the built-in sandbox can be walked from here"
        );
    }
}

#[tokio::test]
async fn a_page_that_refuses_twice_or_has_no_form_is_quoted() {
    let problem = walk_over(|_| page("Phone", "This number is barred", PHONE)).await;
    assert_eq!(problem.what, "the walk ended at “Phone”");
    assert_eq!(problem.why.as_deref(), Some("This number is barred"));
    let problem = walk_over(|_| page("Closed", "", "")).await;
    assert_eq!(problem.what, "the walk ended at “Closed”");
    assert_eq!(
        problem.why.as_deref(),
        Some("the page has no form to go on with")
    );
}

#[tokio::test]
async fn another_alert_each_time_still_comes_to_an_end() {
    let problem = walk_over(|n| page("Phone", &format!("try {n}"), PHONE)).await;
    assert_eq!(problem.what, "the hosted pages go in circles");
}

#[tokio::test]
async fn a_walk_does_not_leave_the_sandbox() {
    let elsewhere = |_| page("Phone", "", PHONE).replace("/step", "http://127.0.0.1:1/step");
    let problem = walk_over(elsewhere).await;
    assert_eq!(problem.why.as_deref(), Some("to http://127.0.0.1:1"));
}

#[tokio::test]
async fn an_error_without_a_page_and_a_loop_of_redirects_are_told() {
    let router = Router::new()
        .route(
            "/500",
            get(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "{\"code\":500}") }),
        )
        .route(
            "/loop",
            get(|| async { (StatusCode::FOUND, [("location", "/loop")]) }),
        );
    let base = serve(router).await;
    let to = |path: &str| format!("{base}{path}");
    let client = patient();
    let problem = walk(&client, &to("/500"), "http://127.0.0.1:1/")
        .await
        .unwrap_err();
    assert_eq!(
        problem.why.as_deref(),
        Some("they answered with status 500 and no page")
    );
    let problem = walk(&client, &to("/loop"), "http://127.0.0.1:1/")
        .await
        .unwrap_err();
    assert_eq!(problem.what, "the hosted pages redirect in circles");
}
