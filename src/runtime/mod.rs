//! Where the pure core meets the world: the loop, the jobs, the terminal, time and signals.
//!
//! The loop waits for messages of jobs, keys, signals and the next due moment; runs [`crate::app::update`] for each
//! message; starts the effects as cancellable jobs; draws once. There is no frame rate and no ticker.

mod arrivals;
mod clock;
mod console;
mod effects;
mod event_loop;
mod files;
mod foreground;
mod headless;
mod jobs;
mod log;
mod signals;
mod tty;
pub mod values;

pub(crate) use arrivals::{Arrivals, Sight};
pub use clock::now;
pub use console::Console;
pub use effects::{Belongings, Effects, FILTER_COMMAND, Opener, client_options};
pub use event_loop::{EventLoop, Exit};
pub use files::{Files, HistoryFile};
pub use headless::{Headless, Remote};
pub use log::start as start_log;
pub use tty::{Tty, are_terminals};
