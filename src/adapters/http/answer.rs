//! Reads an answer: its headers as they came, its body up to a limit. Does not look into the body.

use std::io;

use reqwest::header::CONTENT_ENCODING;

use crate::adapters::http::decoder::{Decoder, Store, TooLarge};
use crate::adapters::http::failure::Trip;
use crate::domain::{Body, Problem};

/// The most that is set aside because a header announces it; a larger body grows as it arrives.
const TRUSTED_LENGTH: usize = 64 * 1024 * 1024;

/// The header fields in the order in which they came. Bytes that are not UTF-8 are replaced.
pub(super) fn headers(answer: &reqwest::Response) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
        .collect()
}

/// The whole body, decoded.
pub(super) async fn read_body(
    mut answer: reqwest::Response,
    limit: usize,
    trip: &Trip,
) -> Result<Body, Problem> {
    let announced = usize::try_from(answer.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(trip.too_large(limit)); // no need to read half of it first
    }
    let coding = answer.headers().get(CONTENT_ENCODING);
    let coding = coding.and_then(|value| value.to_str().ok()); // no text, no known coding
    let mut decoder = Decoder::new(coding, Store::new(announced.min(TRUSTED_LENGTH), limit));
    let mut received = 0;
    loop {
        let piece = match tokio::time::timeout(trip.patience, answer.chunk()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) => break,
            Ok(Err(error)) => return Err(trip.broke_off(&error.without_url(), received)),
            Err(_elapsed) => return Err(trip.stalled(received)),
        };
        received += piece.len();
        decoder
            .push(&piece)
            .await
            .map_err(|error| undecodable(trip, &error))?;
    }
    if received == 0 {
        return Ok(Body::default()); // an empty body has no coding, whatever its header says
    }
    let mut bytes = decoder
        .finish()
        .await
        .map_err(|error| undecodable(trip, &error))?;
    bytes.shrink_to_fit();
    Ok(Body::new(bytes))
}

fn undecodable(trip: &Trip, error: &io::Error) -> Problem {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(TooLarge(limit)) => trip.too_large(*limit),
        None => trip.garbled(error),
    }
}
