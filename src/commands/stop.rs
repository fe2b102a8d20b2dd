//! The signals with which a command is told to stop.

use std::io;

/// Exit code after SIGINT: 128 and the number of the signal, as shells have it.
const INTERRUPTED: u8 = 130;
/// Exit code after SIGTERM.
#[cfg(unix)]
const TERMINATED: u8 = 143;

/// Waits for SIGINT or SIGTERM; answers with the exit code that tells which. From now on neither ends the program by itself.
///
/// # Errors
/// When the system does not let signals be waited for.
#[cfg(unix)]
pub(crate) fn signal() -> io::Result<impl Future<Output = u8> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => INTERRUPTED,
            _ = terminate.recv() => TERMINATED,
        }
    })
}

/// Waits for Ctrl-C; answers with the exit code that tells so.
///
/// # Errors
/// None on this system.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Unix")]
pub(crate) fn signal() -> io::Result<impl Future<Output = u8> + Send> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await; // it cannot be waited for, and has not come
        }
        INTERRUPTED
    })
}
