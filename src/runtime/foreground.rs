//! A command that has the terminal until it ends, as a shell would run it in the foreground.

use std::io;
use std::process::{Command, ExitStatus};

/// Runs `command` to its end. Stopped by Ctrl-Z, it stops this program with it, so that the shell gets the terminal; both go
/// on with `fg`.
///
/// # Errors
/// When it cannot be started.
#[cfg(unix)]
pub(crate) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    use std::os::unix::process::ExitStatusExt as _;

    use rustix::process::{Pid, WaitOptions, waitpid};

    let child = command.spawn()?;
    let id = Some(Pid::from_child(&child));
    loop {
        let waited = match waitpid(id, WaitOptions::UNTRACED) {
            Err(rustix::io::Errno::INTR) => continue, // a signal for this program, which the loop handles later
            waited => waited?,
        };
        match waited {
            Some((_, status)) if status.stopped() => stop_this_process()?,
            Some((_, status)) => return Ok(ExitStatus::from_raw(status.as_raw())),
            None => {} // only without waiting
        }
    }
}

#[cfg(not(unix))]
pub(crate) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    command.status()
}

/// Whether somebody could continue this program once it is stopped: a shell, which gave it a process group of its own. The
/// only job of a terminal (`xterm -e`, `ssh -t`) leads its session itself and would stay stopped.
#[cfg(unix)]
pub(crate) fn has_shell() -> bool {
    use rustix::process::{getpgrp, getsid};
    getsid(None).is_ok_and(|session| session != getpgrp())
}

#[cfg(not(unix))]
pub(crate) fn has_shell() -> bool {
    false
}

/// Stops the whole job, as Ctrl-Z in the shell would: started by another program (such as cargo), that one stops too.
#[cfg(unix)]
pub(crate) fn stop_this_process() -> io::Result<()> {
    use rustix::process::{Signal, kill_current_process_group};
    Ok(kill_current_process_group(Signal::STOP)?)
}

#[cfg(not(unix))]
pub(crate) fn stop_this_process() -> io::Result<()> {
    Ok(()) // there is nothing to suspend to
}
