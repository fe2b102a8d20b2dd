//! Webhooks: where they go, and what has become of each. The `courier` carries them there, `letter` says how one looks.
//!
//! Where they go and which try is due are kept here, beside the world: it only notes its news.

mod address;
mod book;
pub(crate) mod courier;
mod letter;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

pub use address::WebhookUrl;
pub(crate) use book::{Book, Delivery, State};

/// What is to be sent, shared by the control calls, which set where to, and the courier, who sends it.
#[derive(Clone)]
pub(crate) struct Webhooks(Arc<Shared>);

struct Shared {
    book: Mutex<Book>,
    woken: Notify,
}

impl Webhooks {
    /// None yet, and nowhere to go.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(crate) fn new() -> io::Result<Self> {
        let run = getrandom::u64().map_err(io::Error::other)?;
        Ok(Self(Arc::new(Shared {
            book: Mutex::new(Book::new(run)),
            woken: Notify::new(),
        })))
    }

    /// The book of deliveries, alone.
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        // A panic elsewhere leaves whole entries behind.
        self.0.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something may have happened: the courier looks for news, if there is anywhere to bring them.
    pub(crate) fn wake(&self) {
        if self.book().url().is_some() {
            self.0.woken.notify_one();
        }
    }

    /// Waits until that is so.
    async fn woken(&self) {
        self.0.woken.notified().await;
    }
}
