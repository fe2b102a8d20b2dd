//! The log of calls: what was asked for and how it was answered. It holds no header, query or body, so no secret either.

use std::collections::VecDeque;

use crate::domain::Timestamp;

/// Calls that are remembered.
const LENGTH: usize = 1_000;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) time: Timestamp,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) request_id: String,
}

/// The last calls, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Log(VecDeque<Line>);

impl Log {
    /// Adds a call, and forgets the oldest where there are too many.
    pub(crate) fn add(&mut self, line: Line) {
        if self.0.len() >= LENGTH {
            self.0.pop_front();
        }
        self.0.push_back(line);
    }

    /// All calls, newest first.
    pub(super) fn newest(&self) -> impl Iterator<Item = &Line> {
        self.0.iter().rev()
    }

    /// Forgets all calls.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
