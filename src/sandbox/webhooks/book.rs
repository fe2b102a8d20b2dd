//! The book of webhooks: which are due, which are on their way, and how each try was answered.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use serde_json::{Map, Value};
use strum::IntoStaticStr;

use crate::domain::Timestamp;
use crate::sandbox::random::Random;
use crate::sandbox::webhooks::{WebhookUrl, letter};
use crate::sandbox::world::outbox::News;

/// Tries of one webhook, at most (Astra's page on webhooks; an older text has 15).
const MOST_TRIES: usize = 10;
/// From the first try to the second; each gap is twice the one before. Astra tells "about five hours" for all ten tries:
/// nine gaps that double are 511 times the first.
const FIRST_GAP: Duration = Duration::from_secs(35);
/// The one answer that is taken for an arrival (the same page).
const ARRIVED: u16 = 200;
/// Webhooks that are over and still remembered.
const KEPT: usize = 1_000;

/// Where a webhook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum State {
    /// The next try is at this moment.
    Waiting(Timestamp),
    /// A try that was due at this moment is under way.
    Sending(Timestamp),
    /// It was answered with 200.
    Delivered,
    /// All tries have failed, or there is nowhere to send it any more.
    GivenUp,
}

/// One try, and its answer: a status, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Try {
    pub(crate) time: Timestamp,
    pub(crate) answer: Result<u16, String>,
}

/// One webhook.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) letter: Map<String, Value>,
    pub(crate) tries: Vec<Try>,
    pub(crate) state: State,
}

/// A try that is to be made.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    pub(super) number: u64,
    pub(super) url: WebhookUrl,
    pub(super) body: Vec<u8>,
    pub(super) time: Timestamp,
}

/// All webhooks, by their numbers.
pub(crate) struct Book {
    /// Decides ids. They are unlike those of other runs: a client remembers which it has had.
    run: u64,
    /// Where webhooks go: to the last of them, and to the one before it when that leaves.
    urls: Vec<WebhookUrl>,
    next: u64,
    all: BTreeMap<u64, Delivery>,
    due: BTreeSet<(Timestamp, u64)>,
    over: VecDeque<u64>,
}

impl Book {
    pub(super) fn new(run: u64) -> Self {
        Self {
            run,
            urls: Vec::new(),
            next: 0,
            all: BTreeMap::new(),
            due: BTreeSet::new(),
            over: VecDeque::new(),
        }
    }

    /// Where webhooks go; `None` where none are sent.
    pub(crate) fn url(&self) -> Option<&WebhookUrl> {
        self.urls.last()
    }

    /// Sends them there from now on, also those that wait.
    pub(crate) fn send_to(&mut self, url: WebhookUrl) {
        self.urls = vec![url];
    }

    /// Sends them there until that leaves, also those that wait.
    pub(crate) fn send_meanwhile_to(&mut self, url: WebhookUrl) {
        self.urls.retain(|known| *known != url);
        self.urls.push(url);
    }

    /// Sends none there any more. Where they went there, they go to where they went before.
    pub(crate) fn leave(&mut self, url: &WebhookUrl) {
        self.urls.retain(|known| known != url);
        if self.urls.is_empty() {
            self.send_nowhere();
        }
    }

    /// Sends none any more; those that wait are given up.
    pub(crate) fn send_nowhere(&mut self) {
        self.urls.clear();
        for (_, number) in std::mem::take(&mut self.due) {
            self.close(number, State::GivenUp);
        }
    }

    /// Forgets every webhook, but not where they go.
    pub(crate) fn clear(&mut self) {
        self.all.clear();
        self.due.clear();
        self.over.clear();
    }

    /// All webhooks that are remembered, newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Delivery> {
        self.all.values().rev()
    }

    /// How many are being sent at `now`, or about to be, and how many wait for a later try.
    pub(crate) fn count(&self, now: Timestamp) -> (usize, usize) {
        let is_under_way = |delivery: &&Delivery| matches!(delivery.state, State::Sending(_));
        let due = self.due.range(..=(now, u64::MAX)).count();
        let sending = due + self.all.values().filter(is_under_way).count();
        (sending, self.due.len() - due)
    }

    /// Makes a webhook due once more, at `now`; whether there is one with this id.
    pub(crate) fn resend(&mut self, id: &str, now: Timestamp) -> bool {
        let has_id = |delivery: &Delivery| delivery.letter.get("webhook_id") == Some(&id.into());
        let mut all = self.all.iter_mut();
        let Some((number, delivery)) = all.find(|(_, delivery)| has_id(delivery)) else {
            return false;
        };
        match delivery.state {
            State::Sending(_) => return true,
            State::Waiting(due) => drop(self.due.remove(&(due, *number))),
            State::Delivered | State::GivenUp => self.over.retain(|over| over != number),
        }
        delivery.state = State::Waiting(now);
        self.due.insert((now, *number));
        true
    }

    /// Takes `news` in, due at once.
    pub(crate) fn add(&mut self, news: &[News], now: Timestamp) {
        if self.urls.is_empty() {
            return; // it was cleared in the meantime
        }
        for news in news {
            let id = Random::new(self.run, &format!("webhook {}", self.next)).uuid();
            let delivery = Delivery {
                letter: letter::write(&id, news),
                tries: Vec::new(),
                state: State::Waiting(now),
            };
            self.all.insert(self.next, delivery);
            self.due.insert((now, self.next));
            self.next += 1;
        }
    }

    /// When the next try is due.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(moment, _)| *moment)
    }

    /// The next try, if its moment has come.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<Errand> {
        let url = self.url()?.clone();
        self.next_due().filter(|moment| *moment <= now)?;
        let (moment, number) = self.due.pop_first()?;
        let delivery = self.all.get_mut(&number)?;
        delivery.state = State::Sending(moment);
        Some(Errand {
            number,
            url,
            body: letter::spell(&delivery.letter),
            time: now,
        })
    }

    /// Notes how a try was answered. Gaps are counted from when it was due: where the clock was moved over several of them,
    /// the tries in between are made up for.
    pub(super) fn note(&mut self, number: u64, made: Try) {
        let Some(delivery) = self.all.get_mut(&number) else {
            return; // forgotten while it was under way
        };
        let State::Sending(due) = delivery.state else {
            return; // it was not under way
        };
        let has_arrived = made.answer == Ok(ARRIVED);
        delivery.tries.push(made);
        let count = delivery.tries.len();
        if !has_arrived && count < MOST_TRIES && !self.urls.is_empty() {
            let doublings = u32::try_from(count - 1).unwrap_or(u32::MAX);
            let next = due.after(FIRST_GAP.saturating_mul(2_u32.saturating_pow(doublings)));
            delivery.state = State::Waiting(next);
            self.due.insert((next, number));
            return;
        }
        let state = match has_arrived {
            true => State::Delivered,
            false => State::GivenUp,
        };
        self.close(number, state);
    }

    /// Ends the webhook with this number, and forgets the one that has been over for longest when there are too many.
    fn close(&mut self, number: u64, state: State) {
        if let Some(delivery) = self.all.get_mut(&number) {
            delivery.state = state;
        }
        self.over.push_back(number);
        if self.over.len() > KEPT {
            let oldest = self.over.pop_front();
            oldest.map(|oldest| self.all.remove(&oldest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::world::outbox::Kind;

    const START: Timestamp = Timestamp(1_780_000_000_000);

    fn book() -> Book {
        let mut book = Book::new(1);
        book.send_to("http://127.0.0.1:1/".parse().unwrap());
        book
    }

    fn news(count: usize) -> Vec<News> {
        let one = News {
            kind: Kind::CardCreated,
            user: None,
            resource: "c".into(),
            parent: None,
            metadata: None,
        };
        vec![one; count]
    }

    fn fail(book: &mut Book, now: Timestamp) -> bool {
        let Some(errand) = book.take_due(now) else {
            return false;
        };
        let made = Try {
            time: now,
            answer: Ok(500),
        };
        book.note(errand.number, made);
        true
    }

    #[test]
    fn gaps_double_and_the_tenth_try_is_the_last() {
        let mut book = book();
        book.add(&news(1), START);
        let mut moments = Vec::new();
        while let Some(due) = book.next_due() {
            assert!(!fail(&mut book, due.before(Duration::from_millis(1))));
            assert!(fail(&mut book, due));
            moments.push(due.since(START).as_secs());
        }
        let expected = [0, 35, 105, 245, 525, 1085, 2205, 4445, 8925, 17885];
        assert_eq!(moments, expected);
        let delivery = book.newest().next().unwrap();
        assert_eq!((delivery.state, delivery.tries.len()), (State::GivenUp, 10));
    }

    #[test]
    fn a_clock_that_jumps_makes_up_for_the_tries_in_between() {
        let mut book = book();
        book.add(&news(1), START);
        assert!(fail(&mut book, START));
        let later = START.after(Duration::from_secs(300));
        assert!(fail(&mut book, later) && fail(&mut book, later) && fail(&mut book, later));
        assert!(!fail(&mut book, later));
        let next = START.after(Duration::from_secs(525));
        assert_eq!(book.next_due(), Some(next));
    }

    #[test]
    fn nothing_waits_where_nothing_is_sent_and_late_answers_change_nothing() {
        let mut book = book();
        book.add(&news(2), START);
        let errand = book.take_due(START).unwrap();
        book.send_nowhere();
        assert_eq!(book.count(START), (1, 0));
        book.add(&news(1), START);
        let made = Try {
            time: START,
            answer: Ok(500),
        };
        book.note(errand.number, made.clone());
        let states: Vec<_> = book.newest().map(|left| left.state).collect();
        assert_eq!(states, [State::GivenUp, State::GivenUp]);
        assert_eq!(book.next_due(), None);
        book.clear();
        book.note(errand.number, made);
        assert_eq!((book.newest().count(), book.next_due()), (0, None));
    }

    #[test]
    fn whoever_leaves_gives_back_what_it_took_and_nothing_else() {
        let url =
            |port: u16| -> WebhookUrl { format!("http://127.0.0.1:{port}/").parse().unwrap() };
        let mut book = book();
        book.send_meanwhile_to(url(2));
        book.send_meanwhile_to(url(3));
        book.add(&news(1), START);
        book.leave(&url(2));
        assert_eq!(book.url(), Some(&url(3)));
        book.leave(&url(3));
        assert_eq!((book.url(), book.count(START)), (Some(&url(1)), (1, 0)));
        book.send_meanwhile_to(url(2));
        book.send_to(url(4));
        book.leave(&url(2));
        assert_eq!(book.url(), Some(&url(4)));
        book.leave(&url(4));
        assert_eq!((book.url(), book.count(START)), (None, (0, 0)));
    }

    #[test]
    fn what_is_over_is_forgotten_in_time_and_what_waits_is_not() {
        let mut book = book();
        book.add(&news(KEPT + 2), START);
        assert!(fail(&mut book, START));
        while let Some(errand) = book.take_due(START) {
            let made = Try {
                time: START,
                answer: Ok(200),
            };
            book.note(errand.number, made);
        }
        assert_eq!(book.newest().count(), KEPT + 1);
        let oldest = book.newest().last().unwrap();
        assert!(matches!(oldest.state, State::Waiting(_)));
    }

    #[test]
    fn a_webhook_is_sent_once_more_wherever_it_stands() {
        let mut book = book();
        book.add(&news(1), START);
        let id = book.newest().next().unwrap().letter["webhook_id"].clone();
        let id = id.as_str().unwrap();
        assert!(!book.resend("other", START));
        let answer = |book: &mut Book, status| {
            let errand = book.take_due(START).unwrap();
            assert!(book.resend(id, START), "it is under way");
            let made = Try {
                time: START,
                answer: Ok(status),
            };
            book.note(errand.number, made);
        };
        answer(&mut book, 500);
        assert_eq!(book.count(START), (0, 1));
        assert!(book.resend(id, START));
        assert_eq!(book.count(START), (1, 0));
        for _ in 0..3 {
            answer(&mut book, 200);
            assert_eq!(book.count(START), (0, 0));
            assert!(book.resend(id, START));
        }
        assert_eq!((book.over.len(), book.newest().count()), (0, 1));
    }

    #[test]
    fn each_webhook_has_an_id_of_its_own_that_its_tries_share() {
        let mut book = book();
        book.add(&news(2), START);
        let first = book.take_due(START).unwrap();
        let other = book.take_due(START).unwrap();
        assert_ne!(first.body, other.body);
        let made = Try {
            time: START,
            answer: Err("nobody".into()),
        };
        book.note(first.number, made);
        let again = book.take_due(START.after(FIRST_GAP)).unwrap();
        assert_eq!(again.body, first.body);
    }
}
