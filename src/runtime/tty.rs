//! The real terminal: taken over at the start, given back as it was found at the end, however the end comes.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    self, DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange,
    Event, EventStream,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use futures_util::StreamExt;
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};

use crate::runtime::{Console, foreground};

/// Holds a whole frame of a large terminal, so that it goes out in one write.
const FRAME_BYTES: usize = 64 << 10;

type Screen = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// The terminal that the program was started in. Dropping it gives the terminal back.
pub struct Tty {
    screen: Screen,
    /// Made at the first wait, since it needs the runtime and the first frame does not.
    events: Option<EventStream>,
}

/// Whether both standard input and standard output are terminals.
pub fn are_terminals() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

impl Tty {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When it is none, or does not let itself be set up.
    pub fn open() -> io::Result<Self> {
        restore_on_panic_of_this_thread();
        enter().inspect_err(|_| leave())?;
        let screen = screen().inspect_err(|_| leave())?;
        Ok(Self {
            screen,
            events: None,
        })
    }
}

impl Tty {
    /// Takes the terminal over once more, whatever was shown on it meanwhile.
    fn take_again(&mut self) -> io::Result<()> {
        enter()?;
        execute!(io::stdout(), Clear(ClearType::All))?; // not every terminal gives an empty screen
        self.screen = screen()?;
        Ok(())
    }
}

impl Console for Tty {
    fn draw(&mut self, render: impl FnOnce(&mut Frame)) -> io::Result<()> {
        queue!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        self.screen.draw(render)?;
        execute!(self.screen.backend_mut(), EndSynchronizedUpdate)
    }

    async fn next_event(&mut self) -> Option<io::Result<Event>> {
        self.events
            .get_or_insert_with(EventStream::new)
            .next()
            .await
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(
            self.screen.backend_mut(),
            CopyToClipboard::to_clipboard_from(text)
        )
    }

    fn suspend(&mut self) -> io::Result<bool> {
        if !foreground::has_shell() {
            return Ok(false);
        }
        self.screen.backend_mut().flush()?;
        leave();
        foreground::stop_this_process()?; // with all its threads: keys belong to the shell until it goes on
        self.take_again()?;
        Ok(true)
    }

    fn run(&mut self, command: &mut Command) -> io::Result<io::Result<ExitStatus>> {
        self.events = None; // the keys are the command's
        // Its end leaves a wake-up behind that nobody waits for; with the next key, that key would be lost: crossterm looks at
        // one thing of those that a poll reports, and is not told of the others again.
        let _ = event::poll(Duration::ZERO);
        self.screen.backend_mut().flush()?;
        leave();
        let ended = foreground::run(command);
        self.take_again()?;
        Ok(ended)
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.events = None;
        leave();
    }
}

fn screen() -> io::Result<Screen> {
    let output = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
    Terminal::new(CrosstermBackend::new(output))
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableFocusChange,
        cursor::Hide
    )
}

/// Undoes everything that `enter` did. There is nobody left to tell if that fails: the terminal may be gone.
fn leave() {
    let _ = execute!(
        io::stdout(),
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
}

/// A panic of the thread that draws gives the terminal back before it is reported. A panic elsewhere is caught where its
/// job is awaited, and must not write over the screen: it goes to the log.
fn restore_on_panic_of_this_thread() {
    let drawing = thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if thread::current().id() == drawing {
            leave();
            report(panic);
        } else {
            tracing::error!("{panic}");
        }
    }));
}
