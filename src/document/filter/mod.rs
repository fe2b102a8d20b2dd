//! A jq program: read, with a mistake told at its place. Running it is in `run`, names to go on with in `offers`.

mod lead;
mod offers;
mod run;

use std::fmt;
use std::thread;

use jaq_core::compile::Undefined;
use jaq_core::data::JustLut;
use jaq_core::load::{self, Arena, File, Loader, lex};
use jaq_core::{Compiler, compile};
use jaq_json::Val;

pub use offers::{Offers, offers};
pub use run::{Ran, RunError};

/// Longer programs are not read: the reader goes as deep as brackets do, and nobody types as much into a line.
const LONGEST: usize = 2_000;
/// Stack for reading: enough for a program that is nothing but brackets, without optimization.
const STACK: usize = 64 << 20;

/// A program of the language jq that was understood.
pub struct Filter(jaq_core::Filter<JustLut<Val>>);

/// Why a program is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Byte of the program where the mistake is; its end where something is missing there.
    pub offset: usize,
    /// What is wrong, in plain words.
    pub reason: String,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for FilterError {}

impl Filter {
    /// Tells whether `text` is a program, however deep its brackets go.
    ///
    /// # Errors
    /// As [`Filter::parse`].
    pub fn check(text: &str) -> Result<(), FilterError> {
        with_stack(STACK, || Self::parse(text).map(drop))
            .unwrap_or_else(|| Err(at(0, "there is no memory left to read it")))
    }

    /// Reads a program. This may need more stack than a thread has that was not made for it: see [`with_stack`].
    ///
    /// # Errors
    /// At the first place where `text` is no program, or names something that there is not.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        if text.len() > LONGEST {
            let reason = format!("a program here has at most {LONGEST} bytes");
            return Err(at(LONGEST, reason));
        }
        // What is wrong with the text itself is told without reading the definitions of the language first.
        let arena = Arena::default();
        let code = File {
            code: text,
            path: (),
        };
        let bare = Loader::new([]).load(&arena, code.clone());
        bare.map_err(|errors| first(text, errors.into_iter().map(|(_, error)| load(text, error))))?;
        let definitions = jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs());
        let functions = jaq_core::funs()
            .chain(jaq_std::funs())
            .chain(jaq_json::funs())
            .filter(|(name, ..)| *name != "env"); // what a shell was told is no business of a body
        let modules = Loader::new(definitions)
            .load(&arena, code)
            .map_err(|errors| {
                first(text, errors.into_iter().map(|(_, error)| load(text, error)))
            })?;
        let filter = Compiler::default().with_funs(functions).compile(modules);
        let errors = |errors: compile::Errors<&str, ()>| {
            let unknown = errors.into_iter().flat_map(|(_, errors)| errors);
            first(text, unknown.map(|error| undefined(text, &error)))
        };
        filter.map(Self).map_err(errors)
    }
}

/// Calls `work` with a stack of this many bytes; `None` if there is no room for it, or it did not end well.
pub fn with_stack<T: Send>(bytes: usize, work: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(bytes);
        thread.spawn_scoped(scope, work).ok()?.join().ok()
    })
}

fn at(offset: usize, reason: impl Into<String>) -> FilterError {
    let reason = reason.into();
    FilterError { offset, reason }
}

/// The error that stands first in the text.
fn first(text: &str, errors: impl Iterator<Item = FilterError>) -> FilterError {
    let first = errors.min_by_key(|error| error.offset);
    first.unwrap_or_else(|| at(text.len(), "it is no program"))
}

/// Where `part`, a piece of `text`, begins.
fn offset(text: &str, part: &str) -> usize {
    let distance = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
    distance.map_or(text.len(), |distance| distance.min(text.len()))
}

fn load(text: &str, error: load::Error<&str>) -> FilterError {
    match error {
        load::Error::Io(errors) => first(
            text,
            errors
                .into_iter()
                .map(|(part, _)| at(offset(text, part), "there are no modules here")),
        ),
        load::Error::Lex(errors) => first(
            text,
            errors.into_iter().map(|(expected, part)| {
                let reason = match &expected {
                    lex::Expect::Delim(_) => format!("the {} is missing", expected.as_str()),
                    lex::Expect::Token => "this is no part of a program".into(),
                    _ => format!("a {} is missing", expected.as_str()),
                };
                at(offset(text, part), reason)
            }),
        ),
        load::Error::Parse(errors) => first(
            text,
            errors.into_iter().map(|(expected, part)| {
                let at_end = part.trim().is_empty();
                let offset = match at_end {
                    true => text.len(),
                    false => offset(text, part),
                };
                let reason = match (expected.as_str(), at_end) {
                    ("nothing", _) => "the program has ended before this".into(),
                    ("term" | "key", true) => "it goes on: a name or a value".into(),
                    (what, true) => format!("it goes on: {what}"),
                    (what, false) => format!("{what} is expected here"),
                };
                at(offset, reason)
            }),
        ),
    }
}

fn undefined(text: &str, (name, kind): &compile::Error<&str>) -> FilterError {
    let reason = match kind {
        Undefined::Filter(0) => format!("there is no filter called {name}"),
        Undefined::Filter(count) => {
            format!("there is no filter called {name} that takes {count}")
        }
        kind => format!("there is no {} called {name}", kind.as_str()),
    };
    at(offset(text, name), reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (usize, String) {
        let error = Filter::parse(text).map(|_| ()).unwrap_err();
        (error.offset, error.reason)
    }

    #[test]
    fn mistakes_have_a_place_and_a_reason() {
        for (text, offset, reason) in [
            (".a | nope", 5, "there is no filter called nope"),
            (
                ".a | map(.b; .c)",
                5,
                "there is no filter called map that takes 2",
            ),
            (".a + $x", 5, "there is no variable called $x"),
            (".a | (.b", 8, "the closing parenthesis is missing"),
            (".a | \"b", 7, "the closing quote is missing"),
            (".a |", 4, "it goes on: a name or a value"),
            ("if .a then .b", 13, "it goes on: else or end"),
            (".a )", 3, "this is no part of a program"),
            (".a .. .b", 3, "the program has ended before this"),
            ("include \"x\"; .", 9, "there are no modules here"),
        ] {
            assert_eq!(error(text), (offset, reason.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_deepest_program_is_read_and_a_longer_one_is_not() {
        let half = LONGEST / 2;
        let deep = format!("{}1{}", "(".repeat(half - 1), ")".repeat(half - 1));
        assert_eq!(Filter::check(&deep), Ok(()));
        assert_eq!(Filter::check(&("-".repeat(LONGEST - 1) + "1")), Ok(()));
        assert!(Filter::check(&"[".repeat(LONGEST)).is_err());
        assert_eq!(error(&".a|".repeat(1000)).0, LONGEST);
    }
}
