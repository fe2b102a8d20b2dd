//! What each control call does.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::UserStatus;
use crate::sandbox::control::{Desk, Fault};
use crate::sandbox::envelope::Refusal;
use crate::sandbox::world::World;
use crate::sandbox::world::bank::Cents;
use crate::sandbox::world::calendar::date_time;
use crate::sandbox::world::people::User;

type Body = Map<String, Value>;

/// The furthest that one call moves the clock: ten years, so that no recurring routine makes transfers without end.
const FURTHEST_SECONDS: u64 = 10 * 366 * 24 * 3_600;

pub(super) fn clock(desk: &Desk, _: &str, _: &Body) -> Result<Value, Refusal> {
    Ok(time(&desk.world.lock()))
}

fn time(world: &World) -> Value {
    json!({ "time": date_time(world.now()).map(|time| format!("{time}Z")) })
}

pub(super) fn advance(desk: &Desk, _: &str, body: &Body) -> Result<Value, Refusal> {
    let seconds = body.get("seconds").and_then(Value::as_u64);
    let Some(seconds) = seconds.filter(|seconds| (1..=FURTHEST_SECONDS).contains(seconds)) else {
        return Err(Refusal::bad_request(format!(
            "seconds is required: a whole number from 1 to {FURTHEST_SECONDS}"
        )));
    };
    let mut world = desk.world.lock();
    world.pass(Duration::from_secs(seconds));
    Ok(time(&world))
}

pub(super) fn users(desk: &Desk, _: &str, _: &Body) -> Result<Value, Refusal> {
    let world = desk.world.lock();
    let shown: Vec<_> = world
        .users()
        .iter()
        .map(|user| show(&world, user))
        .collect();
    Ok(json!({"count": shown.len(), "users": shown}))
}

fn show(world: &World, user: &User) -> Value {
    json!({
        "id": user.id,
        "name": user.person.name(),
        "phone": user.person.phone,
        "email": user.person.email,
        "status": user.check.status(world.now()).name(),
        "kyc_type": user.kyc_type,
    })
}

/// The id of the user who is named by id or phone number.
pub(super) fn find_user(world: &World, name: &str) -> Result<String, Refusal> {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let user = world
        .user(name)
        .or_else(|| world.user_by_phone(&format!("+{digits}")))
        .or_else(|| world.user_by_phone(&format!("+1{digits}")));
    user.map(|user| user.id.clone())
        .ok_or_else(|| Refusal::not_found(format!("there is no user with the id or phone {name}")))
}

pub(super) fn set_status(desk: &Desk, rest: &str, body: &Body) -> Result<Value, Refusal> {
    let status = body.get("status").and_then(Value::as_str);
    let status = status
        .and_then(UserStatus::parse)
        .filter(|status| *status != UserStatus::ConvertedToUser);
    let Some(status) = status else {
        return Err(Refusal::bad_request(
            "status is required: approved, pending, retry, document, suspended or rejected",
        ));
    };
    let mut world = desk.world.lock();
    let id = find_user(&world, rest)?;
    world.set_status(&id, status)?;
    let user = world.user(&id);
    Ok(user.map(|user| show(&world, user)).unwrap_or_default())
}

pub(super) fn batches(desk: &Desk, _: &str, _: &Body) -> Result<Value, Refusal> {
    let world = desk.world.lock();
    let shown: Vec<_> = world
        .transfers()
        .batches()
        .iter()
        .map(|(id, batch)| {
            json!({
                "id": id,
                "count": batch.transfers.len(),
                "created": date_time(batch.settled),
            })
        })
        .collect();
    Ok(json!({"count": shown.len(), "batches": shown}))
}

/// Ways of payment as webhooks name them (Astra's page on payment instruments).
const WAYS_IN: [&str; 2] = ["Ach", "Wires"];
/// The most that one payment brings, in dollars: sums stay within bounds.
const MOST_RECEIVED: f64 = 1e9;

pub(super) fn receive(desk: &Desk, rest: &str, body: &Body) -> Result<Value, Refusal> {
    let amount = body.get("amount").and_then(Value::as_f64);
    let Some(amount) = amount.filter(|amount| (0.01..=MOST_RECEIVED).contains(amount)) else {
        return Err(Refusal::bad_request(format!(
            "amount is required: from 0.01 to {MOST_RECEIVED} dollars"
        )));
    };
    let way = body.get("type").map_or(Some(WAYS_IN[0]), Value::as_str);
    let Some(way) = way.filter(|way| WAYS_IN.contains(way)) else {
        return Err(Refusal::bad_request(format!(
            "type must be one of {}",
            WAYS_IN.join(", ")
        )));
    };
    let mut world = desk.world.lock();
    let balance = world.receive(rest, Cents::of_dollars(amount), way)?;
    Ok(json!({"id": rest, "available_balance": balance.dollars()}))
}

pub(super) fn add_fault(desk: &Desk, _: &str, body: &Body) -> Result<Value, Refusal> {
    let fault: Fault = serde_json::from_value(Value::Object(body.clone()))
        .map_err(|error| Refusal::bad_request(format!("this is no fault: {error}")))?;
    fault.check()?;
    desk.control.faults().add(fault);
    faults(desk, "", body)
}

pub(super) fn faults(desk: &Desk, _: &str, _: &Body) -> Result<Value, Refusal> {
    Ok(json!({ "faults": desk.control.faults().all() }))
}

pub(super) fn clear_faults(desk: &Desk, _: &str, body: &Body) -> Result<Value, Refusal> {
    desk.control.faults().clear();
    faults(desk, "", body)
}

pub(super) fn requests(desk: &Desk, _: &str, _: &Body) -> Result<Value, Refusal> {
    let log = desk.control.log();
    let shown: Vec<_> = log
        .newest()
        .map(|line| {
            json!({
                "time": date_time(line.time).map(|time| format!("{time}Z")),
                "method": line.method,
                "path": line.path,
                "status": line.status,
                "request_id": line.request_id,
            })
        })
        .collect();
    Ok(json!({"count": shown.len(), "requests": shown}))
}

pub(super) fn reset(desk: &Desk, _: &str, _: &Body) -> Result<Value, Refusal> {
    desk.control.faults().clear();
    desk.control.log().clear();
    desk.control.webhooks().book().clear();
    let mut world = desk.world.lock();
    world.reset().map_err(Refusal::unavailable)?;
    Ok(time(&world))
}
