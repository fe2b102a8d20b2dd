//! The sandbox's own time, which can be moved forward; what happens at which time is decided elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::domain::Timestamp;

/// A clock that all parts of one sandbox share: clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    frozen_at: Option<Timestamp>,
    ahead_by: Arc<AtomicI64>,
}

impl Clock {
    /// Runs with the clock of this machine.
    pub fn system() -> Self {
        Self {
            frozen_at: None,
            ahead_by: Arc::default(),
        }
    }

    /// Stands still at `moment` until it is advanced.
    pub fn frozen(moment: Timestamp) -> Self {
        Self {
            frozen_at: Some(moment),
            ahead_by: Arc::default(),
        }
    }

    /// The time in the sandbox.
    pub fn now(&self) -> Timestamp {
        let base = self
            .frozen_at
            .unwrap_or_else(|| Timestamp(jiff::Timestamp::now().as_millisecond()));
        Timestamp(base.0.saturating_add(self.ahead_by.load(Ordering::Relaxed)))
    }

    /// Takes all advances back.
    pub(crate) fn reset(&self) {
        self.ahead_by.store(0, Ordering::Relaxed);
    }

    /// Lets `duration` pass at once.
    pub fn advance(&self, duration: Duration) {
        let step = Timestamp(0).after(duration).0;
        // A clock moved beyond the end of time stays there instead of turning round.
        let _ = self
            .ahead_by
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |ahead| {
                Some(ahead.saturating_add(step))
            });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_time() {
        let clock = Clock::frozen(Timestamp(1_000));
        let other = clock.clone();
        clock.advance(Duration::from_secs(2));
        assert_eq!(other.now(), Timestamp(3_000));
    }

    #[test]
    fn time_never_turns_round() {
        let clock = Clock::frozen(Timestamp(1_000));
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp(i64::MAX));
    }
}
