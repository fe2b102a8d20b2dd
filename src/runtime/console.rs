//! What the loop needs of a terminal: a real one, or one in memory.

use std::future::Future;
use std::io;
use std::process::{Command, ExitStatus};

use crossterm::event::Event;
use ratatui::Frame;

/// A screen and a keyboard.
pub trait Console {
    /// Draws one frame; what did not change is not written.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn draw(&mut self, render: impl FnOnce(&mut Frame)) -> io::Result<()>;

    /// The next key, paste or change of size; `None` when no more will come. Can be dropped without losing an event.
    fn next_event(&mut self) -> impl Future<Output = Option<io::Result<Event>>>;

    /// Hands `text` to the clipboard of the machine that the person sits at.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn copy(&mut self, text: &str) -> io::Result<()>;

    /// Gives the terminal back to the shell, stops, and takes it again when the shell says so. `false`: there is no shell that
    /// would ever say so, and nothing was done.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn suspend(&mut self) -> io::Result<bool>;

    /// Gives the terminal to `command` until it ends, and takes it again. The inner result is the command's.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn run(&mut self, command: &mut Command) -> io::Result<io::Result<ExitStatus>>;
}
