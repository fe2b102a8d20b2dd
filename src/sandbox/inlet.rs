//! Takes the body of a request in before it is answered: whoever sends too much reads the refusal, and not a broken pipe.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use futures_util::StreamExt as _;

use crate::sandbox::envelope::Refusal;
use crate::sandbox::uploads;

/// Bytes that are handed on: one more than any route takes, so that each can tell what is too much for it.
const MOST_KEPT: usize = uploads::MOST_BYTES + 1;
/// Bytes that are read at all. A client that sends more is cut off.
const MOST_READ: usize = 256 * 1024 * 1024;

/// `request` with its body in memory, cut to what a route can take.
///
/// # Errors
/// A 400 where the body is cut off.
pub(crate) async fn take_in(request: Request) -> Result<Request, Refusal> {
    let (parts, body) = request.into_parts();
    let body = read(body).await?;
    Ok(Request::from_parts(parts, Body::from(body)))
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    let mut pieces = body.into_data_stream();
    let (mut kept, mut count) = (Vec::new(), 0_usize);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Refusal::bad_request("the body is cut off"))?;
        count = count.saturating_add(piece.len());
        let room = MOST_KEPT.saturating_sub(kept.len()).min(piece.len());
        kept.extend_from_slice(piece.get(..room).unwrap_or_default());
        if count > MOST_READ {
            break;
        }
    }
    Ok(kept.into())
}
