//! Where the time of one call goes: marks set by the resolver and the connector, read when the answer is there.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tower::{Layer, Service};

use crate::domain::Timing;

tokio::task_local! {
    /// The marks of the call that is polled right now. The connector is shared by all calls and is told nothing of the
    /// one that it works for; the task is the only thing that the two have in common.
    static CURRENT: Arc<Phases>;
}

/// The marks of one call.
#[derive(Debug, Default)]
pub(super) struct Phases(Mutex<Marks>);

#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    dns: Option<Duration>,
    connecting_since: Option<Instant>,
    connected_at: Option<Instant>,
}

impl Phases {
    /// Runs `call` with its marks going to `self`.
    pub(super) async fn watch<F: Future>(self: Arc<Self>, call: F) -> F::Output {
        CURRENT.scope(self, call).await
    }

    /// Sets a mark of the current call. A connection whose call was served by another one in the meantime is finished
    /// in a task of its own, where no call is current: its marks belong to nobody.
    fn mark(set: impl FnOnce(&mut Marks)) {
        // Nobody is current: see above.
        let _ = CURRENT.try_with(|phases| {
            set(&mut phases.0.lock().unwrap_or_else(PoisonError::into_inner));
        });
    }

    /// Marks how long a name lookup took.
    pub(super) fn looked_up(since: Instant) {
        Self::mark(|marks| marks.dns = Some(since.elapsed()));
    }

    fn marks(&self) -> Marks {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a connection is being opened and the request has not been sent.
    pub(super) fn is_connecting(&self) -> bool {
        let marks = self.marks();
        marks.connecting_since.is_some() && marks.connected_at.is_none()
    }

    /// The phases of a call that is over.
    pub(super) fn timing(&self, started: Instant, first_byte: Instant, ended: Instant) -> Timing {
        let marks = self.marks();
        // Without an end, another connection became free first and was used.
        let opened = marks.connecting_since.zip(marks.connected_at);
        let dns = marks.dns.filter(|_| opened.is_some());
        let connect = opened.map(|(since, at)| at.duration_since(since));
        Timing {
            dns,
            connect: connect.map(|all| all.saturating_sub(dns.unwrap_or_default())),
            wait: first_byte.duration_since(opened.map_or(started, |(_, at)| at)),
            download: ended.duration_since(first_byte),
            total: ended.duration_since(started),
        }
    }
}

/// Wraps the connector to mark when it starts and succeeds. It is not called where a connection is reused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopwatch;

/// A connector that sets marks.
#[derive(Clone, Debug)]
pub(super) struct Timed<S>(S);

impl<S> Layer<S> for Stopwatch {
    type Service = Timed<S>;

    fn layer(&self, connector: S) -> Timed<S> {
        Timed(connector)
    }
}

impl<S, R> Service<R> for Timed<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
    S::Response: 'static,
    S::Error: 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, to: R) -> Self::Future {
        Phases::mark(|marks| marks.connecting_since = Some(Instant::now()));
        let connecting = self.0.call(to);
        Box::pin(async move {
            let connection = connecting.await?;
            Phases::mark(|marks| marks.connected_at = Some(Instant::now()));
            Ok(connection)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phases(marks: Marks) -> Phases {
        Phases(Mutex::new(marks))
    }

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_new_connection_is_told_apart_into_its_phases() {
        let start = Instant::now();
        let marks = Marks {
            dns: Some(2 * MS),
            connecting_since: Some(start + MS),
            connected_at: Some(start + 8 * MS),
        };
        let timing = phases(marks).timing(start, start + 20 * MS, start + 25 * MS);
        let expected = Timing {
            dns: Some(2 * MS),
            connect: Some(5 * MS),
            wait: 12 * MS,
            download: 5 * MS,
            total: 25 * MS,
        };
        assert_eq!(timing, expected);
    }

    #[test]
    fn a_connection_that_lost_the_race_is_no_phase() {
        let start = Instant::now();
        let marks = Marks {
            dns: Some(MS),
            connecting_since: Some(start),
            connected_at: None,
        };
        let timing = phases(marks).timing(start, start + 3 * MS, start + 3 * MS);
        assert_eq!((timing.dns, timing.connect), (None, None));
        assert_eq!(timing.wait, 3 * MS);
    }
}
