//! Lets a call in or not, by the credential that the catalogue says its endpoint asks for.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::{Auth, Endpoint, Secret};
use crate::sandbox::call::Caller;
use crate::sandbox::envelope::{BASIC, BEARER, Refusal};
use crate::sandbox::grants::Worthless;
use crate::sandbox::world::World;

/// Who calls `endpoint` with these header fields.
///
/// # Errors
/// A 401 that says what was sent and what should have been.
pub(crate) fn admit(
    world: &World,
    endpoint: &Endpoint,
    headers: &HeaderMap,
) -> Result<Caller, Refusal> {
    let refused = match endpoint.auth {
        Auth::None => return Ok(Caller::Anybody),
        Auth::Basic => application(world, headers),
        Auth::Bearer => user(world, headers),
    };
    // Token endpoints have their own envelope (RFC 6749, section 5.2).
    refused.map_err(|refusal| match endpoint.form {
        true => refusal.into_token_error("invalid_client"),
        false => refusal,
    })
}

/// The credential of a request: its scheme in lower case, and the rest.
fn credential(headers: &HeaderMap) -> Option<(String, &str)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    Some((scheme.to_ascii_lowercase(), rest.trim()))
}

fn application(world: &World, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let refuse = |description: &str| Err(Refusal::unauthorized(BASIC, description));
    match credential(headers) {
        None => refuse(
            "this endpoint needs client authentication: send Authorization: Basic base64(client_id:client_secret)",
        ),
        Some((scheme, _)) if scheme == "bearer" => refuse(
            "this endpoint takes client id and client secret as Authorization: Basic, but a Bearer access token was sent",
        ),
        Some((scheme, rest)) if scheme == "basic" => {
            let Some((client_id, client_secret)) = decode(rest) else {
                return refuse("the Basic credential is not base64 of client_id:client_secret");
            };
            let application = &world.application;
            if client_id != application.client_id {
                return refuse("the client id is not known to this sandbox");
            }
            if client_secret != application.client_secret {
                return refuse("the client secret is wrong");
            }
            Ok(Caller::Application)
        }
        Some(_) => refuse("the authorization scheme is not known: send Authorization: Basic"),
    }
}

fn decode(text: &str) -> Option<(String, Secret)> {
    let text = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    let (client_id, client_secret) = text.split_once(':')?;
    Some((client_id.to_owned(), Secret::new(client_secret)))
}

fn user(world: &World, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let refuse = |description: &str| Err(Refusal::unauthorized(BEARER, description));
    match credential(headers) {
        None => {
            refuse("this endpoint needs an access token: send Authorization: Bearer <access_token>")
        }
        Some((scheme, _)) if scheme == "basic" => refuse(
            "this endpoint takes a user's access token as Authorization: Bearer, but Basic client credentials were sent",
        ),
        Some((scheme, token)) if scheme == "bearer" => {
            match world.grants.user_of(token, world.now()) {
                Ok(user) => Ok(Caller::User(user.to_owned())),
                Err(Worthless::Expired) => refuse("the access token has expired: refresh it"),
                Err(Worthless::Replaced) => refuse(
                    "the access token was replaced by a newer one: one per user is valid at a time",
                ),
                Err(Worthless::Revoked) => refuse(
                    "the access token was revoked, since its authorization code was presented twice",
                ),
                Err(Worthless::Unknown | Worthless::Used | Worthless::OtherRedirect) => {
                    refuse("the access token is not known to this sandbox")
                }
            }
        }
        Some(_) => refuse("the authorization scheme is not known: send Authorization: Bearer"),
    }
}
