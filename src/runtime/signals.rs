//! Signals of the operating system as a stream: end the session, or suspend it.

use std::io;

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// End; the number of the signal belongs into the exit code.
    End(u8),
    /// Give the terminal back until continued.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no such signal"))]
    Suspend,
}

/// Waits for signals.
#[cfg(unix)]
pub(crate) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    stop: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Takes the signals over from their defaults.
    pub(crate) fn open() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let stop = SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw());
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            stop: signal(stop)?,
        })
    }

    /// Forgets what Ctrl-C and Ctrl-Z have sent while another program had the keys: they were meant for that one.
    pub(crate) fn forget_keys(&mut self) -> io::Result<()> {
        let fresh = Self::open()?;
        (self.interrupt, self.stop) = (fresh.interrupt, fresh.stop);
        Ok(())
    }

    /// The next one. Can be dropped without losing a signal.
    pub(crate) async fn next(&mut self) -> Request {
        tokio::select! {
            _ = self.interrupt.recv() => Request::End(2),
            _ = self.terminate.recv() => Request::End(15),
            _ = self.hangup.recv() => Request::End(1),
            _ = self.stop.recv() => Request::Suspend,
        }
    }
}

/// Waits for signals.
#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn open() -> io::Result<Self> {
        Ok(Self)
    }

    pub(crate) fn forget_keys(&mut self) -> io::Result<()> {
        Ok(())
    }

    pub(crate) async fn next(&mut self) -> Request {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Request::End(2),
            Err(_) => std::future::pending().await, // no signals on this system: keys remain
        }
    }
}
