//! Transfers by the thousand, for whoever wants to see how a client bears long lists.

use serde_json::{Map, Value, json};

use crate::sandbox::control::Desk;
use crate::sandbox::control::orders::find_user;
use crate::sandbox::envelope::Refusal;

/// The most that one call adds: a million take some 400 MB.
const MOST: u64 = 1_000_000;

pub(super) fn seed_transfers(
    desk: &Desk,
    _: &str,
    body: &Map<String, Value>,
) -> Result<Value, Refusal> {
    let count = body.get("count").and_then(Value::as_u64);
    let Some(count) = count.filter(|count| (1..=MOST).contains(count)) else {
        return Err(Refusal::bad_request(format!(
            "count is required: a whole number from 1 to {MOST}"
        )));
    };
    let mut world = desk.world.lock();
    let user = match body.get("user").and_then(Value::as_str) {
        Some(name) => find_user(&world, name)?,
        None => world
            .users()
            .first()
            .map(|user| user.id.clone())
            .unwrap_or_default(),
    };
    world.add_history(&user, count)?;
    let total = world.transfers().of_owner(&user).len();
    Ok(json!({"user_id": user, "added": count, "transfers": total}))
}
