//! The place to which the bytes of documents are put. They are counted, not kept.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::put;

use crate::sandbox::envelope::Refusal;
use crate::sandbox::world::Shared;
use crate::sandbox::world::documents::UPLOADS;

/// Bytes of a document, at most.
pub(crate) const MOST_BYTES: usize = 10 * 1024 * 1024;

/// The route to which documents are put.
pub(crate) fn router(world: &Shared) -> Router {
    Router::new()
        .route(&format!("{UPLOADS}/{{key}}"), put(receive))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(world.clone())
}

async fn receive(
    State(world): State<Shared>,
    Path(key): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let refusal = match body {
        Err(_) => Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the document is longer than {MOST_BYTES} bytes"),
        ),
        Ok(bytes) if bytes.is_empty() => Refusal::bad_request("the document is empty"),
        Ok(_) => match world.lock().fill_place(&key) {
            Ok(()) => return StatusCode::OK.into_response(),
            Err(objection) => objection.into(),
        },
    };
    refusal.into_response()
}
