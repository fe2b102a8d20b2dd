//! A terminal in memory: keys come from a channel, frames go to whoever watches. For tests and for pictures.

use std::future::pending;
use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::{Frame, Terminal};
use tokio::sync::{mpsc, watch};

use crate::runtime::Console;

/// The terminal.
pub struct Headless {
    screen: Terminal<TestBackend>,
    events: mpsc::UnboundedReceiver<Event>,
    frames: watch::Sender<Buffer>,
    copied: watch::Sender<String>,
}

/// The other end of it: types, and looks at the screen.
#[derive(Clone)]
pub struct Remote {
    events: mpsc::UnboundedSender<Event>,
    frames: watch::Receiver<Buffer>,
    copied: watch::Receiver<String>,
}

impl Headless {
    /// A terminal of this many columns and rows, and its other end.
    pub fn new(columns: u16, rows: u16) -> (Self, Remote) {
        let Ok(screen) = Terminal::new(TestBackend::new(columns, rows));
        let (event_sender, events) = mpsc::unbounded_channel();
        let (frames, frame_receiver) = watch::channel(Buffer::default());
        let (copied, copied_receiver) = watch::channel(String::new());
        let remote = Remote {
            events: event_sender,
            frames: frame_receiver,
            copied: copied_receiver,
        };
        (
            Self {
                screen,
                events,
                frames,
                copied,
            },
            remote,
        )
    }
}

impl Console for Headless {
    fn draw(&mut self, render: impl FnOnce(&mut Frame)) -> io::Result<()> {
        let Ok(_) = self.screen.draw(render);
        self.frames
            .send_replace(self.screen.backend().buffer().clone());
        Ok(())
    }

    async fn next_event(&mut self) -> Option<io::Result<Event>> {
        match self.events.recv().await {
            Some(Event::Resize(columns, rows)) => {
                self.screen.backend_mut().resize(columns, rows);
                Some(Ok(Event::Resize(columns, rows)))
            }
            Some(event) => Some(Ok(event)),
            None => pending().await, // nobody types any more, but the session goes on
        }
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.copied.send_replace(text.to_owned());
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<bool> {
        Ok(false)
    }

    fn run(&mut self, command: &mut Command) -> io::Result<io::Result<ExitStatus>> {
        Ok(command.stdin(Stdio::null()).stdout(Stdio::null()).status()) // there is no terminal to give
    }
}

impl Remote {
    /// Presses a key.
    pub fn press(&self, code: KeyCode) {
        self.send(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    /// Presses the keys of these characters, one after the other.
    pub fn keys(&self, text: &str) {
        text.chars().for_each(|c| self.press(KeyCode::Char(c)));
    }

    /// Sends any event. One sent after the session has ended is lost, as with a real terminal.
    pub fn send(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// The newest frame.
    pub fn frame(&self) -> Buffer {
        self.frames.borrow().clone()
    }

    /// What was copied last.
    pub fn copied(&self) -> String {
        self.copied.borrow().clone()
    }

    /// The newest frame as text, a line a row.
    pub fn text(&self) -> String {
        text_of(&self.frames.borrow())
    }

    /// Waits until the screen satisfies `is_there`.
    ///
    /// # Errors
    /// The text of the last frame, if that does not come to pass within `limit`.
    pub async fn until(
        &self,
        limit: Duration,
        is_there: impl Fn(&str) -> bool,
    ) -> Result<String, String> {
        let mut frames = self.frames.clone();
        let seen = frames.wait_for(|frame| is_there(&text_of(frame)));
        match tokio::time::timeout(limit, seen).await {
            Ok(Ok(frame)) => Ok(text_of(&frame)),
            _ => Err(self.text()),
        }
    }
}

fn text_of(frame: &Buffer) -> String {
    let width = usize::from(frame.area.width).max(1);
    let line = |cells: &[ratatui::buffer::Cell]| {
        cells
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect::<String>()
    };
    let lines: Vec<_> = frame
        .content
        .chunks(width)
        .map(|cells| line(cells).trim_end().to_owned())
        .collect();
    lines.join("\n")
}
