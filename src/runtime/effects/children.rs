//! Other programs with a body on their standard input: started, read up to a limit, and ended with all that they started.

use std::io;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use crate::domain::Body;

/// More output is not kept, and ends the program.
pub(super) const MOST_OUTPUT: usize = 64 << 20;
/// Complaints are read on, but not kept, beyond this.
const MOST_SAID: usize = 64 << 10;

/// What a program did.
pub(super) struct Finished {
    pub(super) status: ExitStatus,
    pub(super) output: Vec<u8>,
    /// What it wrote to standard error.
    pub(super) said: String,
    /// Whether it was ended for its output.
    pub(super) is_cut: bool,
}

/// A running program; it ends with this value, and those that it started do, too.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Group {
    fn start(mut command: Command) -> io::Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        command.spawn().map(Self)
    }

    fn kill(&mut self) {
        // No id: it has ended, and its number may be another program's by now.
        #[cfg(unix)]
        if let Some(id) = self.0.id()
            && let Some(group) = i32::try_from(id)
                .ok()
                .and_then(rustix::process::Pid::from_raw)
        {
            // It may be gone already, which is what is wanted.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.0.start_kill(); // the same
    }
}

/// Runs `command` on `input`. Dropping the future ends it.
///
/// # Errors
/// When it cannot be started or waited for.
pub(super) async fn run(command: Command, input: Body) -> io::Result<Finished> {
    let mut group = Group::start(command)?;
    let (stdin, stdout, stderr) = (
        group.0.stdin.take(),
        group.0.stdout.take(),
        group.0.stderr.take(),
    );
    let feed = async {
        if let Some(mut stdin) = stdin {
            // A program need not read all of it.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
    };
    let listen = async {
        let mut said = Vec::new();
        if let Some(mut stderr) = stderr {
            read(&mut stderr, &mut said, MOST_SAID).await?;
            tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await?;
        }
        io::Result::Ok(said)
    };
    let collect = async {
        let (mut output, mut is_cut) = (Vec::new(), false);
        if let Some(mut stdout) = stdout {
            is_cut = read(&mut stdout, &mut output, MOST_OUTPUT).await?;
        }
        if is_cut {
            group.kill();
        }
        io::Result::Ok((output, is_cut))
    };
    let ((), said, collected) = tokio::join!(feed, listen, collect);
    let (output, is_cut) = collected?;
    let status = group.0.wait().await?;
    Ok(Finished {
        status,
        output,
        said: String::from_utf8_lossy(&said?).into_owned(),
        is_cut,
    })
}

/// Reads up to `most` bytes; tells whether there are more.
async fn read(
    from: &mut (impl AsyncRead + Unpin),
    into: &mut Vec<u8>,
    most: usize,
) -> io::Result<bool> {
    while into.len() < most {
        let room = u64::try_from(most - into.len()).unwrap_or(u64::MAX);
        if (&mut *from).take(room).read_to_end(into).await? == 0 {
            return Ok(false);
        }
    }
    Ok(from.read(&mut [0]).await? > 0)
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    async fn shell(line: &str, input: &str) -> Finished {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        run(command, Body::from(input)).await.unwrap()
    }

    #[tokio::test]
    async fn a_program_reads_the_body_and_tells_how_it_ended() {
        let done = shell("tr a-z A-Z; echo no >&2; exit 3", "abc").await;
        assert_eq!(
            (
                done.output.as_slice(),
                done.said.as_str(),
                done.status.code()
            ),
            (&b"ABC"[..], "no\n", Some(3))
        );
        let long = "x".repeat(1 << 20);
        let done = shell("head -c 1", &long).await;
        assert_eq!(
            (done.output.len(), done.is_cut),
            (1, false),
            "it need not read all"
        );
    }

    #[tokio::test]
    async fn endless_output_ends_at_the_limit() {
        let done = shell("yes | cat", "").await;
        assert_eq!((done.output.len(), done.is_cut), (MOST_OUTPUT, true));
    }

    #[tokio::test]
    async fn what_is_dropped_ends_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let beat = folder.path().join("beat");
        let line = format!(
            "(while :; do echo x >> '{}'; sleep 0.01; done) | cat",
            beat.display()
        );
        let work = shell(&line, "");
        let started = async {
            while !beat.exists() {
                tokio::time::sleep(Duration::from_millis(5)).await; // nothing else tells
            }
        };
        tokio::select! {
            _ = work => panic!("it has no end"),
            () = started => {}
        }
        let size = || std::fs::metadata(&beat).unwrap().len();
        let end = Instant::now() + Duration::from_secs(10);
        loop {
            let before = size();
            tokio::time::sleep(Duration::from_millis(200)).await; // twenty beats
            if size() == before {
                return;
            }
            assert!(Instant::now() < end, "it goes on");
        }
    }
}
