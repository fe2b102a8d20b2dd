//! Shows something while it arrives: when it is worth a look, and the index over what there is. Reads nothing itself.
//!
//! The index grows with each piece. Only a snapshot of it costs anything: each is followed by a pause of twenty times as long
//! as it takes, and none is made of what will be whole in a moment.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::adapters::intake::Intake;
use crate::document::{Builder, Document};
use crate::domain::{Body, Progress};

/// So much fills any screen: it is shown as soon as it is there.
const FIRST: usize = 64 << 10;

/// Looks at what arrives are this far apart at least; nobody reads faster.
const STEP: Duration = Duration::from_millis(100);

/// A pause is so many times as long as what it follows.
const PAUSE: u32 = 20;

/// Bytes for which a pause of a millisecond follows a snapshot of them: the index over four megabytes is copied in one.
/// Tests bring less.
const PER_MILLISECOND: usize = if cfg!(test) { 2_000 } else { 200_000 };

/// What is whole within so many milliseconds is not shown before.
const SOON: usize = 500;

/// How something that arrives is shown.
pub(crate) struct Arrivals {
    builder: Builder,
    /// When it was shown last, and how much had come.
    shown_at: Instant,
    shown: usize,
    /// When the next snapshot may be made, and how much there was in the last one.
    due_at: Instant,
    indexed: usize,
    /// The most that is indexed.
    most: usize,
}

/// Something to show: the index over what has come, if it is time for a new one.
pub(crate) struct Sight(pub(crate) Option<Arc<Document>>);

impl Arrivals {
    /// Nothing has come yet; at most `most` bytes are indexed.
    pub(crate) fn new(most: usize) -> Self {
        let now = Instant::now();
        Self {
            builder: Builder::new(),
            shown_at: now,
            due_at: now,
            shown: 0,
            indexed: 0,
            most,
        }
    }

    /// Takes what has come since the last look, and tells what to show now, if anything: as it reads best, if that is `kind`.
    pub(crate) fn look(
        &mut self,
        progress: Progress,
        body: &Intake,
        kind: Option<&str>,
    ) -> Option<Sight> {
        self.look_at(progress, body, kind, Instant::now())
    }

    fn look_at(
        &mut self,
        progress: Progress,
        body: &Intake,
        kind: Option<&str>,
        now: Instant,
    ) -> Option<Sight> {
        self.feed(body.in_memory(), progress.expected);
        let is_first = self.shown < FIRST && progress.received >= FIRST;
        let is_new = progress.received > self.shown;
        let is_time = now.duration_since(self.shown_at) >= STEP;
        if !(is_first || is_new && is_time) {
            return None;
        }
        (self.shown_at, self.shown) = (now, progress.received);
        let read = self.builder.read();
        let is_worth_it = read > self.indexed && now >= self.due_at && !is_soon_whole(progress);
        let document = (is_first || is_worth_it).then(|| {
            let pause = Duration::from_millis(1) * narrow(read / PER_MILLISECOND);
            let began = Instant::now();
            let document = self.builder.snapshot(body.beginning());
            let document = Arc::new(document.made_readable(kind));
            // Another encoding, or a table, takes longer than the index does.
            let pause = match document.readable() {
                Some(_) => pause.max(began.elapsed() * PAUSE),
                None => pause,
            };
            (self.due_at, self.indexed) = (now + pause, read);
            document
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

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether all will have come before anybody has read what is there, if it goes on like this.
fn is_soon_whole(progress: Progress) -> bool {
    let rest = progress
        .expected
        .map(|all| all.saturating_sub(progress.received));
    let within = |rate: usize| rate.saturating_mul(SOON) / 1000;
    rest.zip(progress.rate())
        .is_some_and(|(rest, rate)| rest <= within(rate))
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
            self.arrivals.look_at(
                progress,
                &self.intake,
                Some("text/plain; charset=latin1"),
                self.now,
            )
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
    fn text_of_another_encoding_is_readable_before_its_end() {
        let mut it = Arriving::new();
        it.intake.push(b"caf\xe9").unwrap();
        let document = it.comes("", 100).unwrap().0.unwrap();
        let readable = document.readable().unwrap().document();
        assert_eq!(readable.body().as_bytes(), "café".as_bytes());
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
        let piece = format!("\"{}\",", "x".repeat(2_560));
        it.comes("[", 0);
        let all: Vec<_> = (0..200).filter_map(|_| it.comes(&piece, 100)).collect();
        assert_eq!(all.len(), 200, "the count of bytes goes on");
        let has_document = |sight: &Sight| sight.0.is_some();
        let early = all[..50].iter().filter(|sight| has_document(sight)).count();
        let late = all[150..]
            .iter()
            .filter(|sight| has_document(sight))
            .count();
        assert!(early > 40 && (15..=26).contains(&late), "{early} {late}");
    }

    #[test]
    fn what_is_whole_in_a_moment_is_not_shown_before() {
        let progress = |received, millis| Progress {
            received,
            expected: Some(100_000_000),
            elapsed: Duration::from_millis(millis),
        };
        assert!(is_soon_whole(progress(50_000_000, 200)));
        assert!(!is_soon_whole(progress(50_000_000, 2000)));
        assert!(!is_soon_whole(Progress {
            expected: None,
            ..progress(1, 1)
        }));
    }

    #[test]
    fn what_is_too_much_for_the_index_is_there_all_the_same() {
        let mut arrivals = Arrivals::new(4);
        let body = Body::from("[1,2,3]");
        arrivals.feed(&body.as_bytes()[..3], None);
        let document = arrivals.finish(body.clone());
        assert_eq!((document.len(), document.body()), (3, &body));
        assert!(document.fault().unwrap().is_limit);
    }
}
