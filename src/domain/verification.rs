//! The signature of a webhook: only whoever has the client secret can have sent it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use crate::domain::Secret;

/// The header that carries the signature.
pub const VERIFICATION: &str = "astra-verification";

/// Why a webhook is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untrusted {
    /// It is not signed.
    Unsigned,
    /// What it carries is no signature.
    Malformed,
    /// The signature is not that of this body under this secret.
    Different,
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsigned => "no Astra-Verification header",
            Self::Malformed => "the Astra-Verification header is no base64",
            Self::Different => "signed with another secret, or changed on the way",
        })
    }
}

fn key(secret: &Secret) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes())
}

/// What Astra sends beside `body`: base64 of its HMAC-SHA256 under the client secret (Astra's page on webhooks).
pub fn signature(secret: &Secret, body: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&key(secret), body))
}

/// Checks what came beside `body`, byte by byte as it came, in constant time.
///
/// # Errors
/// With the reason, where it is not to be trusted.
pub fn verify(secret: &Secret, body: &[u8], sent: Option<&str>) -> Result<(), Untrusted> {
    let sent = sent.ok_or(Untrusted::Unsigned)?;
    let sent = STANDARD
        .decode(sent.trim())
        .map_err(|_| Untrusted::Malformed)?;
    hmac::verify(&key(secret), body, &sent).map_err(|_| Untrusted::Different)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        let secret = Secret::new("Jefe");
        let body = b"what do ya want for nothing?";
        // Section 4.3: 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843
        let expected = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";
        assert_eq!(signature(&secret, body), expected);
        assert_eq!(verify(&secret, body, Some(expected)), Ok(()));
    }

    #[test]
    fn what_is_not_signed_or_no_signature_is_told_apart() {
        let secret = Secret::new("s");
        assert_eq!(verify(&secret, b"", None), Err(Untrusted::Unsigned));
        for sent in ["%", "abc", "W9zB="] {
            let told = verify(&secret, b"", Some(sent));
            assert_eq!(told, Err(Untrusted::Malformed), "{sent}");
        }
        assert_eq!(verify(&secret, b"", Some("")), Err(Untrusted::Different));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_signed_verifies_and_one_changed_byte_does_not(
            secret in ".{1,80}",
            body in proptest::collection::vec(any::<u8>(), 1..200),
            place in any::<proptest::sample::Index>(),
            change in 1_u8..,
        ) {
            let secret = Secret::new(secret);
            let sent = signature(&secret, &body);
            prop_assert_eq!(verify(&secret, &body, Some(&sent)), Ok(()));
            let mut other = body.clone();
            other[place.index(body.len())] ^= change;
            prop_assert_eq!(verify(&secret, &other, Some(&sent)), Err(Untrusted::Different));
            let longer = Secret::new(format!("{}x", secret.reveal()));
            prop_assert_eq!(verify(&longer, &body, Some(&sent)), Err(Untrusted::Different));
        }
    }
}
