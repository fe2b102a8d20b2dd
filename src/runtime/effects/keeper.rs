//! Writing that must happen in the order in which it was asked for, and that the end of the session waits for: secrets and
//! the list of test users. One thread of its own, since a disk or a keyring may take its time.

use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

/// Whoever quits does not wait longer for a disk or a keyring; a healthy one is done within milliseconds.
const PATIENCE: Duration = Duration::from_secs(4);

type Work = Box<dyn FnOnce() + Send>;

/// Takes the work; clones share the thread.
#[derive(Clone)]
pub(super) struct Keeper(Sender<Work>);

impl Keeper {
    /// Starts the thread; it ends with the last clone.
    pub(super) fn start() -> Self {
        let (sender, receiver) = channel::<Work>();
        let thread = thread::Builder::new().name("keeper".into());
        let work_off = move || receiver.into_iter().for_each(|work| work());
        // Without a thread every piece of work is refused, and whoever waits for it is told.
        drop(thread.spawn(work_off));
        Self(sender)
    }

    /// Has `work` done after everything before it, even if nobody waits for it; `None` if it cannot be done.
    pub(super) fn keep<T: Send + 'static, W: FnOnce() -> T + Send + 'static>(
        &self,
        work: W,
    ) -> impl Future<Output = Option<T>> + Send + use<T, W> {
        let (sender, receiver) = oneshot::channel();
        let work = move || drop(sender.send(work()));
        drop(self.0.send(Box::new(work))); // refused: the receiver tells
        async move { receiver.await.ok() }
    }

    /// Waits until everything is written, but not for long.
    pub(super) async fn finish(&self) {
        let _ = tokio::time::timeout(PATIENCE, self.keep(|| ())).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[tokio::test]
    async fn work_is_done_in_order_even_if_nobody_waits_and_the_end_waits_for_it() {
        let keeper = Keeper::start();
        let done = Arc::new(Mutex::new(Vec::new()));
        for number in 0..100 {
            let done = Arc::clone(&done);
            drop(keeper.keep(move || done.lock().unwrap().push(number)));
        }
        keeper.finish().await;
        assert_eq!(*done.lock().unwrap(), (0..100).collect::<Vec<_>>());
    }
}
