//! Randomness: seeded streams for what must come out alike every time, the system's for what must not be guessed.

use std::io;

use crate::domain::Secret;

/// Bytes of a code, token or session id: 128 bits, as RFC 6749, section 10.10 asks for at least.
const SECRET_BYTES: usize = 16;

/// A stream of numbers that a seed and a purpose decide (SplitMix64). Streams of different purposes are unrelated.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// The stream for `purpose` in the world of `seed`.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a, so that streams of different purposes start far apart.
        let state = purpose
            .bytes()
            .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        let mut random = Self { state };
        random.state = random.next();
        random
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 where `limit` is 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        // The bias of the remainder is below 2^-40 for every limit that the sandbox uses.
        self.next().checked_rem(limit).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).saturating_add(1);
        let offset = self.below(u64::try_from(span).unwrap_or(0));
        low.saturating_add(i64::try_from(offset).unwrap_or(0))
    }

    /// One of `choices`, if there are any.
    pub(crate) fn choose<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let index = self.below(choices.len() as u64);
        usize::try_from(index)
            .ok()
            .and_then(|index| choices.get(index))
    }

    /// `count` hexadecimal digits.
    pub(crate) fn hex(&mut self, count: usize) -> String {
        let mut text = String::with_capacity(count + 16);
        while text.len() < count {
            text.push_str(&format!("{:016x}", self.next()));
        }
        text.truncate(count);
        text
    }

    /// `count` decimal digits.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.below(10).to_string()).collect()
    }

    /// A UUID of version 4 (RFC 9562).
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        let high = (high & !0xf000) | 0x4000;
        let low = (low & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000;
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }
}

/// A secret that cannot be guessed, after `prefix`.
///
/// Not from the seed: a token that was kept from an earlier run must never be another user's token in this one.
///
/// # Errors
/// When the system has no randomness to give.
pub(crate) fn secret(prefix: &str) -> io::Result<Secret> {
    let mut bytes = [0_u8; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Secret::new(format!("{prefix}{digits}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_purpose_decide_the_stream() {
        let first = |seed, purpose| Random::new(seed, purpose).hex(40);
        assert_eq!(first(1, "users"), first(1, "users"));
        assert_ne!(first(1, "users"), first(2, "users"));
        assert_ne!(first(1, "users"), first(1, "accounts"));
        assert_eq!(first(1, "users").len(), 40);
    }

    #[test]
    fn numbers_stay_in_their_range() {
        let mut random = Random::new(7, "range");
        for _ in 0..1_000 {
            assert!((-3..=3).contains(&random.between(-3, 3)));
            assert!(random.below(10) < 10);
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.choose::<u8>(&[]), None);
    }

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let mut random = Random::new(7, "uuid");
        for _ in 0..100 {
            let uuid = random.uuid();
            let parts: Vec<&str> = uuid.split('-').collect();
            assert_eq!(
                parts.iter().map(|part| part.len()).collect::<Vec<_>>(),
                [8, 4, 4, 4, 12]
            );
            assert!(parts[2].starts_with('4'));
            assert!(parts[3].starts_with(['8', '9', 'a', 'b']));
        }
    }

    #[test]
    fn secrets_differ() {
        let (one, other) = (secret("at_").unwrap(), secret("at_").unwrap());
        assert!(one.reveal().starts_with("at_"));
        assert_ne!(one, other);
    }
}
