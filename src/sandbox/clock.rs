//! The sandbox's own time, which can be moved forward; what happens at which time is decided elsewhere.

use std::time::Duration;

use tokio::sync::watch;

use crate::domain::Timestamp;

/// A clock that all parts of one sandbox share: clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    frozen_at: Option<Timestamp>,
    ahead_by: watch::Sender<i64>,
}

impl Clock {
    /// Runs with the clock of this machine.
    pub fn system() -> Self {
        Self {
            frozen_at: None,
            ahead_by: watch::Sender::new(0),
        }
    }

    /// Stands still at `moment` until it is advanced.
    pub fn frozen(moment: Timestamp) -> Self {
        Self {
            frozen_at: Some(moment),
            ahead_by: watch::Sender::new(0),
        }
    }

    /// The time in the sandbox.
    pub fn now(&self) -> Timestamp {
        let base = self
            .frozen_at
            .unwrap_or_else(|| Timestamp(jiff::Timestamp::now().as_millisecond()));
        Timestamp(base.0.saturating_add(*self.ahead_by.borrow()))
    }

    /// Takes all advances back.
    pub(crate) fn reset(&self) {
        self.ahead_by.send_replace(0);
    }

    /// Lets `duration` pass at once.
    pub fn advance(&self, duration: Duration) {
        let step = Timestamp(0).after(duration).0;
        // A clock moved beyond the end of time stays there instead of turning round.
        self.ahead_by
            .send_modify(|ahead| *ahead = ahead.saturating_add(step));
    }

    /// Tells whenever the clock is moved by hand.
    pub(crate) fn moves(&self) -> watch::Receiver<i64> {
        self.ahead_by.subscribe()
    }

    /// How long it takes until `moment` comes by itself; `None` where it never does.
    pub(crate) fn until(&self, moment: Timestamp) -> Option<Duration> {
        let left = moment.since(self.now());
        (left.is_zero() || self.frozen_at.is_none()).then_some(left)
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
    fn what_is_to_come_comes_by_itself_only_where_time_passes() {
        let clock = Clock::frozen(Timestamp(1_000));
        assert_eq!(clock.until(Timestamp(1_001)), None);
        assert_eq!(clock.until(Timestamp(1_000)), Some(Duration::ZERO));
        let clock = Clock::system();
        let later = clock.now().after(Duration::from_secs(60));
        assert!(clock.until(later).is_some_and(|left| !left.is_zero()));
        let moves = clock.moves();
        clock.advance(Duration::from_secs(60));
        assert!(moves.has_changed().unwrap());
        assert_eq!(clock.until(later), Some(Duration::ZERO));
    }

    #[test]
    fn time_never_turns_round() {
        let clock = Clock::frozen(Timestamp(1_000));
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp(i64::MAX));
    }
}
