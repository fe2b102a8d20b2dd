//! Runs `astrascope` in a pseudo-terminal, types, and looks at the screen. Waits for conditions, never for time.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::LIMIT;

/// Shown when the program waits for keys.
pub const READY: &str = "? help";

pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Everything that the program ever wrote.
    pub raw: Vec<u8>,
}

impl Terminal {
    /// Starts the program at `columns` × `rows` with `home` as its only home.
    pub fn start(columns: u16, rows: u16, home: &Path, arguments: &[&str]) -> Self {
        Self::start_with(columns, rows, home, arguments, &[])
    }

    /// The same with more environment variables.
    pub fn start_with(
        columns: u16,
        rows: u16,
        home: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_astrascope"));
        command.args(arguments);
        Self::run(columns, rows, home, command, variables)
    }

    /// Starts a line of the shell in which `astrascope` is spelled `$ASTRASCOPE`.
    pub fn shell(columns: u16, rows: u16, home: &Path, line: &str) -> Self {
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", line]);
        let program = [("ASTRASCOPE", env!("CARGO_BIN_EXE_astrascope"))];
        Self::run(columns, rows, home, command, &program)
    }

    fn run(
        columns: u16,
        rows: u16,
        home: &Path,
        mut command: CommandBuilder,
        variables: &[(&str, &str)],
    ) -> Self {
        let pty = native_pty_system().openpty(size(columns, rows)).unwrap();
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("HOME", home);
        command.env("ASTRASCOPE_HOME", home);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let mut reader = pty.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 1 << 16];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keyboard = pty.master.take_writer().unwrap();
        let screen = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
        Self {
            master: pty.master,
            child,
            keyboard,
            output,
            screen,
            raw: Vec::new(),
        }
    }

    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    pub fn keys(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    pub fn paste(&mut self, text: &str) {
        self.keys(&format!("\x1b[200~{text}\x1b[201~"));
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.screen
            .screen_mut()
            .set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
        self.master.resize(size(columns, rows)).unwrap();
    }

    pub fn process_id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub fn until(&mut self, text: &str) {
        self.until_true(text, |terminal| terminal.text().contains(text));
    }

    /// Waits until the screen does not show `text` any more.
    #[track_caller]
    pub fn gone(&mut self, text: &str) {
        self.until_true(&format!("no {text}"), |terminal| {
            !terminal.text().contains(text)
        });
    }

    #[track_caller]
    pub fn until_true(&mut self, what: &str, is_true: impl Fn(&Self) -> bool) {
        let end = Instant::now() + LIMIT;
        while !is_true(self) {
            match self.output.recv_timeout(Duration::from_millis(50)) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) if Instant::now() < end => {}
                Err(error) => panic!("waited for {what}: {error}; the screen:\n{}", self.text()),
            }
        }
    }

    /// Waits for the end of the program and answers with its exit code.
    #[track_caller]
    pub fn exit_code(&mut self) -> u32 {
        let end = Instant::now() + LIMIT;
        loop {
            while let Ok(bytes) = self.output.try_recv() {
                self.take(&bytes);
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
                    self.take(&bytes);
                }
                return status.exit_code();
            }
            assert!(
                Instant::now() < end,
                "still running; the screen:\n{}",
                self.text()
            );
            thread::sleep(Duration::from_millis(5)); // nothing tells of the end of a child but asking
        }
    }

    /// Fails unless the terminal was given back: main screen, cursor shown, pastes not bracketed.
    #[track_caller]
    pub fn assert_given_back(&self) {
        let screen = self.screen.screen();
        assert!(
            !screen.alternate_screen(),
            "the alternate screen is still on"
        );
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
    }

    /// What was put on the clipboard last (OSC 52), decoded.
    pub fn clipboard(&self) -> Option<String> {
        use base64::Engine;
        let raw = String::from_utf8_lossy(&self.raw);
        let start = raw.rfind("\x1b]52;c;")? + "\x1b]52;c;".len();
        let end = start + raw[start..].find(['\x07', '\x1b'])?;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(&raw[start..end])
            .ok()?;
        String::from_utf8(bytes).ok()
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.screen.process(bytes);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed may leave the program running.
        let _ = self.child.kill();
    }
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
