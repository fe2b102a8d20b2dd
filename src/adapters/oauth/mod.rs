//! The outside half of a sign-in: the random state, the listener for the redirect, the walk of the sandbox's pages, what
//! a browser is handed and the token endpoint. What happens when is decided by the core.

mod form;
mod handover;
mod inbound;
mod listener;
mod masking;
mod peer;
mod token;
mod vouch;
mod walk;

#[cfg(test)]
mod listener_tests;
#[cfg(test)]
mod token_tests;
#[cfg(test)]
mod walk_tests;

pub use handover::Handover;
pub use listener::Listener;
pub use token::{TokenReply, TokenRequest, exchange, refresh};
pub use vouch::{Vouch, vouch};
pub use walk::walk;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::Nonce;

/// As many bits as RFC 6749, section 10.10, asks for: nobody guesses it.
const NONCE_BYTES: usize = 16;

/// A new random `state`.
///
/// # Panics
/// When the system has no random bytes: then nobody can sign in safely, and the job ends as one that crashed.
#[expect(
    clippy::expect_used,
    reason = "there is no safe state without random bytes, and no supported system refuses them"
)]
pub fn new_nonce() -> Nonce {
    let mut bytes = [0; NONCE_BYTES];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    Nonce::new(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_has_128_bits_that_need_no_escaping_and_never_come_twice() {
        let (one, other) = (new_nonce(), new_nonce());
        assert_eq!(one.as_str().len(), 22);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        assert!(one.as_str().chars().all(is_plain));
        assert_ne!(one, other);
    }
}
