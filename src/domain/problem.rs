//! What went wrong, in words for the person at the keyboard.

use std::fmt;

/// The one form in which an error reaches a person: what happened, why, and what to do next.
///
/// All three are lower case, without a full stop, and hold no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// What happened: `connection refused`.
    pub what: String,
    /// The cause as far as it is known: `nothing listens on 127.0.0.1:9`.
    pub why: Option<String>,
    /// What to do next: `start the server, or press p to change the profile`.
    pub hint: Option<String>,
    /// Whether what was asked for may have come about all the same.
    pub is_outcome_unknown: bool,
}

impl Problem {
    /// Says `what` happened.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            ..Self::default()
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Says that what was asked for may have come about all the same.
    #[must_use]
    pub fn with_unknown_outcome(mut self) -> Self {
        self.is_outcome_unknown = true;
        self
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(why) = &self.why {
            write!(f, ": {why}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_what_why_and_hint() {
        let problem = Problem::new("a").because("b").hint("c");
        assert_eq!(problem.to_string(), "a: b\nhint: c");
    }
}
