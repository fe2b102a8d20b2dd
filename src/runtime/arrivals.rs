//! Shows something while it arrives: when it is worth a look, and the index over what there is. Reads nothing itself.
//!
//! The index grows with each piece. Only a snapshot of it costs anything, and each comes when there is a good part more
//! than at the last one, so that all of them together cost a few copies of the index however long it takes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::adapters::intake::Intake;
use crate::document::{Builder, Document};
use crate::domain::{Body, Progress};

/// So much fills any screen: it is shown as soon as it is there.
const FIRST: usize = 64 << 10;

/// Looks at what arrives are this far apart at least; nobody reads faster.
const STEP: Duration = Duration::from_millis(100);

/// Up to this size a snapshot takes no time worth saving.
const SMALL: usize = 1 << 20;

/// How something that arrives is shown.
pub(crate) struct Arrivals {
    builder: Builder,
    /// When it was shown last, and how much had come.
    shown_at: Instant,
    shown: usize,
    /// How much there was in the last snapshot.
    indexed: usize,
    /// The most that is indexed.
    most: usize,
}

/// Something to show: the index over what has come, if it is time for a new one.
pub(crate) struct Sight(pub(crate) Option<Arc<Document>>);

impl Arrivals {
    /// Nothing has come yet; at most `most` bytes are indexed.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            builder: Builder::new(),
            shown_at: Instant::now(),
            shown: 0,
            indexed: 0,
            most,
        }
    }

    /// Takes what has come since the last look, and tells what to show now, if anything.
    pub(crate) fn look(&mut self, progress: Progress, body: &Intake) -> Option<Sight> {
        self.look_at(progress, body, Instant::now())
    }

    fn look_at(&mut self, progress: Progress, body: &Intake, now: Instant) -> Option<Sight> {
        self.feed(body.in_memory(), progress.expected);
        let is_first = self.shown < FIRST && progress.received >= FIRST;
        let is_new = progress.received > self.shown;
        let is_time = now.duration_since(self.shown_at) >= STEP;
        if !(is_first || is_new && is_time) {
            return None;
        }
        (self.shown_at, self.shown) = (now, progress.received);
        let read = self.builder.read();
        let is_worth_it = read > self.indexed && (read < SMALL || read - self.indexed > read / 5);
        let document = is_worth_it.then(|| {
            self.indexed = read;
            Arc::new(self.builder.snapshot(body.beginning()))
        });
        Some(Sight(document))
    }

    fn feed(&mut self, text: &[u8], expected: Option<usize>) {
        if self.builder.read() == 0 {
            let expected = expected.unwrap_or(text.len()).min(self.most);
            self.builder = Builder::expecting(expected).up_to(self.most);
        }
        let rest = text.get(self.builder.read()..).unwrap_or_default();
        self.builder.feed(rest);
    }

    /// The index over all of it.
    pub(crate) fn finish(mut self, body: Body) -> Document {
        self.feed(body.as_bytes(), Some(body.len()));
        self.builder.finish(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::BodyLimits;

    struct Arriving {
        arrivals: Arrivals,
        intake: Intake,
        now: Instant,
    }

    impl Arriving {
        fn new() -> Self {
            let arrivals = Arrivals::new(1 << 30);
            let now = arrivals.shown_at;
            Self {
                arrivals,
                intake: Intake::new(0, BodyLimits::default()),
                now,
            }
        }

        fn comes(&mut self, piece: &str, millis: u64) -> Option<Sight> {
            self.intake.push(piece.as_bytes()).unwrap();
            self.now += Duration::from_millis(millis);
            let progress = Progress {
                received: self.intake.len(),
                ..Progress::default()
            };
            self.arrivals.look_at(progress, &self.intake, self.now)
        }
    }

    #[test]
    fn a_screen_full_is_shown_at_once_and_then_in_steps() {
        let mut it = Arriving::new();
        assert!(it.comes("[", 1).is_none());
        let full = it.comes(&"1,".repeat(FIRST / 2), 1).unwrap();
        assert_eq!(full.0.unwrap().len(), 1 + FIRST / 2);
        assert!(it.comes("2,", 99).is_none());
        let sight = it.comes("", 1).unwrap();
        assert_eq!(sight.0.unwrap().len(), 2 + FIRST / 2);
        assert!(it.comes("", 1000).is_none(), "nothing new has come");
        let whole = it.arrivals.finish(it.intake.finish().unwrap());
        assert_eq!(whole.len(), 2 + FIRST / 2);
    }

    #[test]
    fn little_that_comes_slowly_is_shown() {
        let mut it = Arriving::new();
        let sight = it.comes("[1", 100).unwrap();
        assert_eq!(sight.0.unwrap().len(), 2);
        let sight = it.comes("2,3", 100).unwrap();
        assert_eq!(sight.0.unwrap().len(), 3, "the number went on");
    }

    #[test]
    fn snapshots_of_much_come_at_growing_distances() {
        let mut it = Arriving::new();
        let piece = "[1],".repeat(64 << 10);
        it.comes("[", 0);
        let all: Vec<_> = (0..100).filter_map(|_| it.comes(&piece, 100)).collect();
        assert_eq!(all.len(), 100, "the count of bytes goes on");
        let sizes = all.iter().filter_map(|sight| sight.0.as_ref());
        let copied: usize = sizes.map(|document| document.len()).sum();
        assert!(copied < 100 * 2 * piece.len() / 4 * 5, "{copied}");
    }

    #[test]
    fn what_is_too_much_for_the_index_is_there_all_the_same() {
        let mut arrivals = Arrivals::new(4);
        let body = Body::from("[1,2,3]");
        arrivals.feed(&body.as_bytes()[..3], None);
        let document = arrivals.finish(body.clone());
        assert_eq!((document.len(), document.body()), (3, &body));
        assert!(document.fault().unwrap().reason.contains("longer"));
    }
}
