//! Answers of trusted authentication: the client vouches for a person, and gets a token for it.

use std::io;

use serde_json::json;

use crate::sandbox::answers::{Reply, tokens};
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::world::World;
use crate::sandbox::world::vouchers::Subject;

/// `identity.verify`. The sandbox trusts the client: it asks no server about the customer.
pub(crate) fn verify(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    if call
        .filled("client_id")
        .is_some_and(|id| id != world.application.client_id)
    {
        return Err(Refusal::bad_request(
            "client_id is not that of the credential",
        ));
    }
    let subject = if let Some(id) = call.filled("user_id") {
        Subject::User(id)
    } else if let Some(id) = call.filled("user_intent_id") {
        Subject::Intent(id)
    } else {
        Subject::Business(call.filled("business_profile_id").unwrap_or_default())
    };
    let token = world.vouch(subject).map_err(no_randomness)??;
    Ok(json!({ "token": token.reveal() }).into())
}

/// `identity.exchange`: a pair of tokens of the person, since the call stands in the place of a browser.
pub(crate) fn exchange(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    if !call.is_true("user_consent_captured") {
        let description = "user_consent_captured must be true";
        return Err(Refusal::token("invalid_request", description));
    }
    let token = call.text("token").unwrap_or_default();
    let user = world.spend_voucher(token).ok_or_else(|| {
        Refusal::token(
            "invalid_grant",
            "token is not known, was used before, or is older than a minute",
        )
    })?;
    let now = world.now();
    let grants = &mut world.grants;
    let code = grants.issue_code(&user, "", now).map_err(no_randomness)?;
    let issued = grants
        .exchange(code.reveal(), "", now)
        .map_err(no_randomness)?
        .map_err(|_| Refusal::token("invalid_grant", "the token is worth nothing"))?;
    Ok(tokens::show(&issued).into())
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn no_randomness(error: io::Error) -> Refusal {
    Refusal::unavailable(format!("no randomness for a token: {error}"))
}
