//! Answers about the signed-in user.

use serde_json::json;

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::world::World;

/// `user.get`
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = world
        .user(call.user())
        .ok_or_else(|| Refusal::not_found("the user of this access token is gone"))?;
    let person = &user.person;
    Ok(json!({
        "id": user.id,
        "email": person.email,
        "phone": person.phone,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "preferred_first_name": person.preferred_first_name,
        "preferred_last_name": person.preferred_last_name,
        "preferred_pronouns": person.preferred_pronouns,
        "status": user.check.status(world.now()).name(),
    })
    .into())
}
