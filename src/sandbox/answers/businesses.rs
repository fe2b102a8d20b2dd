//! Answers about business profiles.

use serde_json::{Map, Value, json};

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::world::World;
use crate::sandbox::world::calendar::date_time;

/// `business_profiles.create`
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = world.add_business(call.body.clone())?;
    Ok(json!({ "id": id }).into())
}

/// `business_profiles.get`: the details as they were sent, and where the check stands. None of it is documented.
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.parameter("business_profile_id");
    let business = world
        .business(id)
        .ok_or_else(|| Refusal::not_found("there is no business profile with that id"))?;
    let mut shown = Map::from_iter([("id".to_owned(), Value::from(id))]);
    shown.extend(business.details.clone());
    let status = business.check.status(world.now());
    for (name, value) in [
        ("status", json!(status.name())),
        ("user_id", json!(business.user_id)),
        ("created", json!(date_time(business.created))),
    ] {
        shown.insert(name.into(), value);
    }
    Ok(Value::Object(shown).into())
}
