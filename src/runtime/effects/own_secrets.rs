//! The caller's own secrets in an answer that repeats them: masked before anything shows, keeps or exports it.

use memchr::memmem;

use crate::domain::{Body, MASK, Response, Secret};

/// A shorter secret may stand anywhere by chance.
const SHORTEST: usize = 8;

/// The first of `secrets` in `text`: where it stands.
fn first(text: &[u8], secrets: &[Secret]) -> Option<(usize, usize)> {
    let found = secrets.iter().filter_map(|secret| {
        let secret = secret.reveal().as_bytes();
        let at = memmem::find(text, secret).filter(|_| secret.len() >= SHORTEST)?;
        Some((at, at + secret.len()))
    });
    found.min()
}

/// Whether one of them stands in `text`.
pub(super) fn are_in(text: &[u8], secrets: &[Secret]) -> bool {
    first(text, secrets).is_some()
}

/// `text` without them, if there is one in it.
fn masked(text: &[u8], secrets: &[Secret]) -> Option<Vec<u8>> {
    let mut rest = text;
    let mut shown = Vec::new();
    while let Some((start, end)) = first(rest, secrets) {
        let (before, after) = rest.split_at_checked(end)?;
        shown.extend_from_slice(before.get(..start)?);
        shown.extend_from_slice(MASK.as_bytes());
        rest = after;
    }
    (rest.len() < text.len()).then(|| [shown, rest.to_vec()].concat())
}

/// Masks them in all of an answer; tells whether there was one in its body.
pub(super) fn mask(response: &mut Response, secrets: &[Secret]) -> bool {
    for (_, value) in &mut response.headers {
        if let Some(shown) = masked(value.as_bytes(), secrets) {
            *value = String::from_utf8_lossy(&shown).into_owned();
        }
    }
    let shown = masked(response.body.as_bytes(), secrets);
    let is_masked = shown.is_some();
    if let Some(shown) = shown {
        response.body = Body::new(shown);
    }
    is_masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_masked_as_often_as_it_stands_there_and_nothing_else() {
        let secrets = ["token-12345", "other-12345", "short"].map(Secret::new);
        let text = b"a token-12345 b other-12345token-12345 short";
        let shown = String::from_utf8(masked(text, &secrets).unwrap()).unwrap();
        assert_eq!(shown, format!("a {MASK} b {MASK}{MASK} short"));
        assert_eq!(masked(b"nothing of it", &secrets), None);
        assert!(are_in(text, &secrets) && !are_in(b"token", &secrets));
    }
}
