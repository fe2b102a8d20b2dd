//! Answers that are given again to the same `Idempotency-Key`. Astra documents no such header, a working client sends it:
//! the rules here are those of the IETF's draft on the header, as far as they are common. Only the endpoints at which that
//! client sends it take it: whoever tests elsewhere must not learn to trust a key that may mean nothing to Astra.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::domain::Timestamp;
use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;

const HEADER: &str = "idempotency-key";
/// Characters of a key, at most.
const LONGEST_KEY: usize = 255;
/// How long an answer is kept.
const KEPT_FOR: Duration = Duration::from_secs(24 * 3_600);

/// Whose key it is: that of one user, at one endpoint.
pub(crate) type Key = (String, String, String);

/// Answers that were given, by their keys.
#[derive(Default)]
pub(crate) struct Replays(HashMap<Key, Given>);

struct Given {
    body: Map<String, Value>,
    reply: Reply,
    moment: Timestamp,
}

/// The key of `call`, where its endpoint takes one and it has one.
///
/// # Errors
/// A 400 for a key that is empty or too long.
pub(crate) fn key(headers: &HeaderMap, call: &Call<'_>) -> Result<Option<Key>, Refusal> {
    let Some(value) = headers.get(HEADER).filter(|_| call.endpoint.idempotent) else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text) if (1..=LONGEST_KEY).contains(&text.len()) => Ok(Some((
            call.user().to_owned(),
            call.endpoint.id.as_str().to_owned(),
            text.to_owned(),
        ))),
        _ => Err(Refusal::bad_request(format!(
            "Idempotency-Key must be text of 1 to {LONGEST_KEY} characters"
        ))),
    }
}

impl Replays {
    /// What was answered to this key, if it was used for the same body.
    ///
    /// # Errors
    /// A 400 where it was used for another one.
    pub(crate) fn find(
        &self,
        key: &Key,
        body: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Option<Reply>, Refusal> {
        match self.0.get(key) {
            None => Ok(None),
            Some(given) if now >= given.moment.after(KEPT_FOR) => Ok(None),
            Some(given) if given.body == *body => Ok(Some(given.reply.clone())),
            Some(_) => Err(Refusal::bad_request(
                "Idempotency-Key was used with another body: a new order needs a new key",
            )),
        }
    }

    /// Keeps an answer. Refusals are not kept, so that a corrected call can use its key again.
    pub(crate) fn keep(
        &mut self,
        key: Key,
        body: Map<String, Value>,
        reply: Reply,
        now: Timestamp,
    ) {
        self.0.retain(|_, given| now < given.moment.after(KEPT_FOR));
        let given = Given {
            body,
            reply,
            moment: now,
        };
        self.0.insert(key, given);
    }
}
