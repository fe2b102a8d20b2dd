//! Other programs' forms of a request: what they are given, and what is taken over from them.
//!
//! Exports are made from masked entries only, so that no secret can get into one. Imports never keep one either: it becomes
//! a reference.

pub mod bundle;
mod cmd;
pub mod curl;
pub mod curl_import;
mod curl_options;
#[cfg(test)]
mod curl_tests;
#[cfg(test)]
pub(super) mod fixture;
pub mod har;
pub mod har_import;
#[cfg(test)]
mod har_schema;
mod import;
mod marked;
pub mod postman;
mod postman_form;
pub mod raw_http;
mod recognise;
mod shell;

use std::time::Duration;

pub use import::Import;

use crate::domain::Timestamp;

/// `duration` in milliseconds, to the microsecond: more digits are noise.
#[expect(clippy::cast_precision_loss, reason = "exact for the first 285 years")]
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1_000.0
}

/// `at` as RFC 3339 in UTC, with milliseconds.
fn utc(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default(); // beyond the year 9999
    format!("{at:.3}")
}

/// The reason phrase of a status (RFC 9110); empty for an unknown one.
fn reason(status: u16) -> &'static str {
    reqwest::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}
