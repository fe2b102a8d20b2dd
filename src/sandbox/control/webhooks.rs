//! The control calls about webhooks: where they go, and what became of them.

use serde_json::{Map, Value, json};

use crate::sandbox::control::Desk;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::webhooks::{Book, Delivery, State, WebhookUrl};
use crate::sandbox::world::calendar::date_time;

type Body = Map<String, Value>;

/// Webhooks that are listed, at most.
const LISTED: usize = 1_000;

impl Desk {
    /// Sends what happens from now on to `url`, and what waits already.
    pub(crate) fn send_webhooks_to(&self, url: WebhookUrl) {
        self.change_webhooks(|book| book.send_to(url));
    }

    /// Changes where webhooks go, and has news noted for as long as they go anywhere.
    fn change_webhooks(&self, change: impl FnOnce(&mut Book)) {
        let webhooks = self.control.webhooks();
        // In this order, as the courier locks them.
        let mut world = self.world.lock();
        let mut book = webhooks.book();
        book.add(&world.take_news(), world.now());
        let were_sent = book.url().is_some();
        change(&mut book);
        let are_sent = book.url().is_some();
        if were_sent != are_sent {
            world.tell_news(are_sent);
        }
        drop((book, world));
        webhooks.wake();
    }
}

fn url(body: &Body) -> Option<&str> {
    body.get("url").and_then(Value::as_str)
}

pub(super) fn read(desk: &Desk, _: &str, _: &Body) -> Result<Value, Refusal> {
    // In this order, as the courier locks them: what is taken from the one is in the other.
    let world = desk.world.lock();
    let book = desk.control.webhooks().book();
    let (sending, waiting) = book.count(world.now());
    Ok(json!({
        "url": book.url().map(ToString::to_string),
        "client_id": world.application.client_id,
        "sending": world.news_left() + sending,
        "waiting": waiting,
    }))
}

pub(super) fn set(desk: &Desk, rest: &str, body: &Body) -> Result<Value, Refusal> {
    let url = url(body).ok_or_else(|| Refusal::bad_request("url is required"))?;
    let url = url
        .parse()
        .map_err(|why| Refusal::bad_request(format!("url: {why}")))?;
    match body.get("meanwhile") {
        None | Some(Value::Bool(false)) => desk.send_webhooks_to(url),
        Some(Value::Bool(true)) => desk.change_webhooks(|book| book.send_meanwhile_to(url)),
        Some(_) => return Err(Refusal::bad_request("meanwhile must be true or false")),
    }
    read(desk, rest, body)
}

/// With a `url`, only there: whoever leaves takes nobody else's away.
pub(super) fn clear(desk: &Desk, rest: &str, body: &Body) -> Result<Value, Refusal> {
    match url(body).map(str::parse) {
        None => desk.change_webhooks(Book::send_nowhere),
        Some(Ok(url)) => desk.change_webhooks(|book| book.leave(&url)),
        Some(Err(_)) => {} // they go nowhere of that kind
    }
    read(desk, rest, body)
}

pub(super) fn resend(desk: &Desk, rest: &str, body: &Body) -> Result<Value, Refusal> {
    let now = desk.world.lock().now();
    if desk.control.webhooks().book().url().is_none() {
        return Err(Refusal::bad_request("webhooks go nowhere: set a url first"));
    }
    let is_known = desk.control.webhooks().book().resend(rest, now);
    match is_known {
        true => read(desk, rest, body),
        false => Err(Refusal::not_found("no webhook with that id is remembered")),
    }
}

pub(super) fn deliveries(desk: &Desk, _: &str, _: &Body) -> Result<Value, Refusal> {
    let book = desk.control.webhooks().book();
    let shown: Vec<_> = book.newest().take(LISTED).map(show).collect();
    Ok(json!({"count": shown.len(), "deliveries": shown}))
}

fn show(delivery: &Delivery) -> Value {
    let time = |moment| date_time(moment).map(|time| format!("{time}Z"));
    let tries = delivery.tries.iter().map(|made| {
        json!({
            "time": time(made.time),
            "status": made.answer.as_ref().ok(),
            "error": made.answer.as_ref().err(),
        })
    });
    let state: &str = delivery.state.into();
    let next = match delivery.state {
        State::Waiting(moment) => time(moment),
        State::Sending(_) | State::Delivered | State::GivenUp => None,
    };
    json!({
        "webhook": delivery.letter,
        "state": state,
        "tries": tries.collect::<Vec<_>>(),
        "next_try": next,
    })
}
