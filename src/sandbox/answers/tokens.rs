//! Answers of the token endpoint: a code or a refresh token is exchanged for a pair of tokens (RFC 6749).

use serde_json::{Value, json};

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::grants::{Issued, Worthless};
use crate::sandbox::world::World;

/// `oauth.token`
pub(crate) fn token(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let field = |name: &'static str| {
        let text = call.text(name).filter(|text| !text.is_empty());
        text.ok_or_else(|| {
            Refusal::token(
                "invalid_request",
                format!("{name} is required with this grant_type"),
            )
        })
    };
    let now = world.now();
    let redirect_uri = field("redirect_uri")?;
    let (what, result) = match call.text("grant_type") {
        Some("authorization_code") => (
            "code",
            world.grants.exchange(field("code")?, redirect_uri, now),
        ),
        Some("refresh_token") => {
            let token = field("refresh_token")?;
            (
                "refresh token",
                world.grants.refresh(token, redirect_uri, now),
            )
        }
        _ => {
            return Err(Refusal::token(
                "unsupported_grant_type",
                "grant_type is none that the API knows",
            ));
        }
    };
    match result {
        Ok(Ok(issued)) => Ok(show(&issued).into()),
        Ok(Err(fault)) => Err(Refusal::token("invalid_grant", describe(what, fault))),
        Err(error) => Err(Refusal::unavailable(format!(
            "no randomness for a token: {error}"
        ))),
    }
}

/// A pair of tokens.
pub(super) fn show(issued: &Issued) -> Value {
    json!({
        "access_token": issued.access.reveal(),
        "expires_in": issued.expires_in.as_secs(),
        "refresh_token": issued.refresh.reveal(),
        "token_type": "Bearer",
    })
}

fn describe(what: &str, fault: Worthless) -> String {
    match fault {
        Worthless::Unknown => format!("{what} is not known"),
        Worthless::Expired => format!("{what} expired"),
        Worthless::Used if what == "code" => {
            "code was used before; the tokens that it bought are revoked".into()
        }
        Worthless::Used | Worthless::Replaced => format!("{what} was replaced by a newer one"),
        Worthless::Revoked => format!("{what} was revoked"),
        Worthless::OtherRedirect => "redirect_uri is not the one of the authorization".into(),
    }
}
