//! What a person types where a command asks; it may be secret.

use std::io::{self, BufRead as _};
use std::thread;

use tokio::sync::oneshot;

use crate::domain::Secret;

/// The next line of standard input, read on a thread that is left behind when nobody waits any more; nothing comes where the
/// input has ended.
pub(super) fn line() -> oneshot::Receiver<Secret> {
    let (sender, receiver) = oneshot::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        if read.is_ok_and(|length| length > 0) {
            let _ = sender.send(Secret::new(line)); // nobody waits any more
        }
    });
    receiver
}
