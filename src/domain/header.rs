//! Header fields that carry a secret as a whole, and how they are shown.

use crate::domain::MASK;

/// Names an order, so that it is carried out once however often it comes.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Spelled in lower case, without `_` and `-`.
const SECRET: [&str; 7] = [
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
    "xapikey",
    "xauthtoken",
    "astrakeysignature",
];

/// Whether what stands in the header field `name` is secret, whatever it is and however the name is spelled.
pub fn carries_secret(name: &str) -> bool {
    let plain = || {
        name.chars()
            .filter(|c| *c != '_' && *c != '-')
            .map(|c| c.to_ascii_lowercase())
    };
    SECRET.iter().any(|known| known.chars().eq(plain()))
}

/// The header fields with every secret masked.
pub fn shown_headers(headers: &[(String, String)]) -> impl Iterator<Item = (String, String)> + '_ {
    headers.iter().map(|(name, value)| {
        let shown = if carries_secret(name) { MASK } else { value };
        (name.clone(), shown.to_owned())
    })
}
