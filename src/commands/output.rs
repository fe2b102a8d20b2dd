//! Standard output as scripts want it: whoever closes the pipe has read enough, and colours are for terminals only.

use std::env;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};

/// Writes `text` to standard output.
///
/// # Errors
/// When it cannot be written; a closed pipe is no error.
pub(super) fn print(text: impl AsRef<[u8]>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    or_closed(out.write_all(text.as_ref()).and_then(|()| out.flush()))
}

/// `result`, where a closed pipe is success.
pub(super) fn or_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()), // whoever reads has read enough
        result => result,
    }
}

/// Says something beside the output, such as what was left out.
pub(super) fn note(text: impl std::fmt::Display) {
    // With standard error closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "astrascope: {text}");
}

/// How a word is to be taken. It never stands for the word, only beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Wrong,
    Faint,
}

/// Whether standard output takes colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colours(bool);

impl Colours {
    /// For a terminal, unless the person asks for none (<https://no-color.org>).
    pub(super) fn of_standard_output() -> Self {
        let is_plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        Self(io::stdout().is_terminal() && !is_plain)
    }

    /// None at all.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self(false)
    }

    /// `text` in the colour of `tone`.
    pub(super) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Good => 32,
            Tone::Wrong => 31,
            Tone::Faint => 2,
        };
        match self.0 && !text.is_empty() {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_stand_around_a_word_and_never_in_its_place() {
        assert_eq!(
            Colours(true).paint(Tone::Wrong, "differs"),
            "\u{1b}[31mdiffers\u{1b}[0m"
        );
        assert_eq!(Colours(false).paint(Tone::Wrong, "differs"), "differs");
    }

    #[test]
    fn a_closed_pipe_is_no_error_and_a_full_disk_is_one() {
        assert!(or_closed(Err(ErrorKind::BrokenPipe.into())).is_ok());
        assert!(or_closed(Err(ErrorKind::StorageFull.into())).is_err());
    }
}
