//! Standard output as scripts want it: whoever closes the pipe has read enough, and colours are for terminals only. What would
//! act on a terminal is made visible before it comes to one.

use std::borrow::Cow;
use std::env;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};

use crate::ui::widgets::visible::visible_lines;

/// Writes `text` to standard output: as it is, or visibly where that is a terminal.
///
/// # Errors
/// When it cannot be written; a closed pipe is no error.
pub(crate) fn print(text: impl AsRef<[u8]>) -> io::Result<()> {
    match io::stdout().is_terminal() {
        true => print_coloured(readable(text.as_ref()).as_ref()),
        false => print_coloured(text),
    }
}

/// `text` for standard output: visibly where that is a terminal.
pub(super) fn on_terminal(text: &str) -> Cow<'_, str> {
    match io::stdout().is_terminal() {
        true => visible_lines(text),
        false => Cow::Borrowed(text),
    }
}

/// What a terminal can be given of `text`: nothing that acts on it.
fn readable(text: &[u8]) -> Cow<'_, [u8]> {
    match String::from_utf8_lossy(text) {
        Cow::Borrowed(text) => match visible_lines(text) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(shown) => Cow::Owned(shown.into_bytes()),
        },
        Cow::Owned(text) => Cow::Owned(visible_lines(&text).into_owned().into_bytes()),
    }
}

/// Writes `text`, which has colours of [`Colours`] around words that were made visible, to standard output.
///
/// # Errors
/// When it cannot be written; a closed pipe is no error.
pub(super) fn print_coloured(text: impl AsRef<[u8]>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    written(out.write_all(text.as_ref()).and_then(|()| out.flush()))
}

/// Writes a line, whose words were made visible, to standard output at once; answers whether anybody reads on.
///
/// # Errors
/// When it cannot be written; a closed pipe is no error.
pub(crate) fn line(text: &str) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        result => written(result).map(|()| true),
    }
}

/// What became of a write to standard output: whoever closes the pipe has read enough, and anything else is told.
///
/// # Errors
/// When it failed; a closed pipe is no error.
pub(crate) fn written(result: io::Result<()>) -> io::Result<()> {
    let told = |error: io::Error| {
        io::Error::new(
            error.kind(),
            format!("cannot write to standard output: {error}"),
        )
    };
    or_closed(result).map_err(told)
}

/// `result`, where a closed pipe is success.
fn or_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()), // whoever reads has read enough
        result => result,
    }
}

/// Says something beside the output, such as what was left out.
pub(crate) fn note(text: impl std::fmt::Display) {
    aside(format_args!("astrascope: {text}\n"));
}

/// Writes to standard error, visibly: a script shows it on a terminal as it came.
pub(crate) fn aside(text: impl std::fmt::Display) {
    let text = text.to_string();
    let _ = write!(io::stderr(), "{}", visible_lines(&text)); // with standard error closed there is nobody to tell
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
    fn nothing_comes_to_a_terminal_that_acts_on_it() {
        let shown = |text: &[u8]| String::from_utf8(readable(text).into_owned()).unwrap();
        assert_eq!(shown(b"{\n\t\"a\": 1\r\n}\n"), "{\n\t\"a\": 1\n}\n");
        assert_eq!(shown(b"\x1b]0;x\x07\n"), "␛]0;x␇\n");
        assert_eq!(shown(b"\x9b2J\xc2\x9b2J"), "\u{fffd}2J<U+009B>2J");
    }

    #[test]
    fn a_closed_pipe_is_no_error_and_a_full_disk_is_one() {
        assert!(or_closed(Err(ErrorKind::BrokenPipe.into())).is_ok());
        let error = written(Err(ErrorKind::StorageFull.into())).unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("cannot write to standard output: "),
            "{text}"
        );
    }
}
