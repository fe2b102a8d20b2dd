//! The bytes of a request or response body, kept once and shared.

use std::fmt;
use std::sync::Arc;

/// Bytes that are kept once, wherever they live (memory, a mapped file), and shared by reference.
///
/// `Debug` prints the length only: a body may hold secrets.
#[derive(Clone)]
pub struct Body(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl Body {
    /// Takes ownership of `bytes` without copying them.
    pub fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Arc::new(bytes))
    }

    /// The bytes themselves.
    pub fn as_bytes(&self) -> &[u8] {
        (*self.0).as_ref()
    }

    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Whether there is not a single byte.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}

/// How much of a body is taken, and where it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimits {
    /// A body of more bytes is kept in a temporary file.
    pub memory: usize,
    /// A body of more bytes is not taken.
    pub largest: usize,
    /// A compressed body that becomes more than this many times as large is not taken.
    pub unpacked: usize,
}

/// Half of what a machine with 1 GiB has: beyond it the index over a body would not fit either.
const IN_MEMORY: usize = 512 << 20;
/// What the offsets of the index can tell.
const LARGEST: usize = u32::MAX as usize;
/// Lists of the API become 10 to 30 times as large; what is made to do harm, a thousand times and more.
const UNPACKED: usize = 200;

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            memory: IN_MEMORY,
            largest: LARGEST,
            unpacked: UNPACKED,
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::new(text.as_bytes().to_vec())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.len())
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.as_bytes() == other.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_content() {
        assert_eq!(format!("{:?}", Body::from("secret")), "Body(6 bytes)");
    }
}
