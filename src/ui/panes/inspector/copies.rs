//! What is copied out of an exchange by one key, and why nothing is.

use crate::app::requests::Entry;
use crate::app::{Desktop, Msg};
use crate::domain::Outcome;

pub(super) fn copy_body(entry: Option<&Entry>) -> Msg {
    let body = entry
        .and_then(|entry| entry.exchange.response())
        .map(|response| &response.body);
    match body.map(|body| std::str::from_utf8(body.as_bytes())) {
        Some(Ok(text)) if !text.is_empty() => {
            let text = text.to_owned();
            Msg::Desktop(Desktop::Copy { text, what: "body" })
        }
        Some(Err(_)) => Msg::warning("the body is not text: it was not copied"),
        _ => Msg::warning("there is no body to copy"),
    }
}

pub(super) fn copy_request_id(entry: Option<&Entry>) -> Msg {
    let response = entry.and_then(|entry| entry.exchange.response());
    match response.and_then(|response| response.request_id()) {
        Some(id) => Msg::Desktop(Desktop::Copy {
            text: id.to_owned(),
            what: "request-id",
        }),
        None => Msg::warning(match entry.map(|entry| &entry.exchange.outcome) {
            Some(Outcome::Done(_)) => "this answer has no request-id",
            _ => "there is no answer yet, and no request-id",
        }),
    }
}
