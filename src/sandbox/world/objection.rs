//! Why the world does not do what it is asked. How that looks on the wire is decided elsewhere.

/// What stands against an order, with a sentence for whoever gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    /// There is no such thing, or it belongs to somebody else.
    Missing(String),
    /// It is there, but this user may not.
    Forbidden(String),
    /// A value, or the state of things, does not allow it.
    Wrong(String),
}

impl Objection {
    /// A `Missing`.
    pub(crate) fn missing(text: impl Into<String>) -> Self {
        Self::Missing(text.into())
    }

    /// A `Wrong`.
    pub(crate) fn wrong(text: impl Into<String>) -> Self {
        Self::Wrong(text.into())
    }
}
