//! Reads an answer: its headers as they came, its body up to a limit. Does not look into the body.

use std::io;
use std::time::{Duration, Instant};

use reqwest::header::CONTENT_ENCODING;

use crate::adapters::http::decoder::{Decoder, Refused, Store};
use crate::adapters::http::failure::Trip;
use crate::adapters::intake::{Intake, IntakeError};
use crate::domain::{Arriving, Body, BodyLimits, Problem, Progress};

/// The most that is set aside because a header announces it; a larger body grows as it arrives.
const TRUSTED_LENGTH: usize = 64 << 20;

/// When no byte has come for so long, what there is is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// The header fields in the order in which they came. Bytes that are not UTF-8 are replaced.
pub(super) fn headers(answer: &reqwest::Response) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
        .collect()
}

/// Looks at an answer while it arrives.
pub trait Watch: Send {
    /// More has come of the answer, or nothing has for a moment. `body` is what is decoded so far.
    fn look(&mut self, answer: &Arriving, body: &Intake);
}

/// Nobody looks.
impl Watch for () {
    fn look(&mut self, _: &Arriving, _: &Intake) {}
}

/// The whole body, decoded; `watch` is told of what has come on the way.
pub(super) async fn read_body(
    mut answer: reqwest::Response,
    headers: &[(String, String)],
    limits: BodyLimits,
    trip: &Trip,
    watch: &mut dyn Watch,
) -> Result<Body, Problem> {
    let announced = answer.content_length().map(length);
    if announced.is_some_and(|announced| announced > limits.largest) {
        return Err(trip.too_large(limits.largest)); // no need to read half of it first
    }
    let coding = answer.headers().get(CONTENT_ENCODING);
    let coding = coding.and_then(|value| value.to_str().ok()); // no text, no known coding
    let expected = announced.unwrap_or(0).min(TRUSTED_LENGTH);
    let intake = Intake::new(expected, limits);
    let mut decoder = Decoder::new(coding, Store::new(intake));
    let began = Instant::now();
    let mut arriving = Arriving {
        status: answer.status().as_u16(),
        headers: headers.to_vec(),
        progress: Progress {
            expected: announced,
            ..Progress::default()
        },
    };
    let mut quiet = Duration::ZERO;
    loop {
        let pause = PAUSE.min(trip.patience - quiet);
        let piece = match tokio::time::timeout(pause, answer.chunk()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) => break,
            Ok(Err(error)) => {
                return Err(trip.broke_off(&error.without_url(), decoder.sent()));
            }
            Err(_elapsed) => {
                quiet += pause;
                if quiet >= trip.patience {
                    return Err(trip.stalled(decoder.sent()));
                }
                watch.look(&arriving, decoder.decoded());
                continue;
            }
        };
        quiet = Duration::ZERO;
        let pushed = decoder.push(&piece).await;
        pushed.map_err(|error| refused(trip, error))?;
        arriving.progress.received = decoder.sent();
        arriving.progress.elapsed = began.elapsed();
        if announced != Some(decoder.sent()) {
            watch.look(&arriving, decoder.decoded());
        }
    }
    if decoder.sent() == 0 {
        return Ok(Body::default()); // an empty body has no coding, whatever its header says
    }
    let finished = decoder.finish().await;
    let intake = finished.map_err(|error| refused(trip, error))?;
    let body = intake.finish();
    body.map_err(|error| trip.not_kept(&error))
}

fn length(announced: u64) -> usize {
    usize::try_from(announced).unwrap_or(usize::MAX)
}

fn refused(trip: &Trip, error: io::Error) -> Problem {
    match error.downcast() {
        Ok(Refused::Intake(IntakeError::TooLarge(limit))) => trip.too_large(limit),
        Ok(Refused::Intake(error)) => trip.not_kept(&error),
        Ok(Refused::Bomb { sent, unpacked }) => trip.bomb(sent, unpacked),
        Err(error) => trip.garbled(&error),
    }
}
