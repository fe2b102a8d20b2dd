//! Runs a program over a text. It may take for ever, all memory, or all of the stack: whoever runs one does so in a process
//! that can be ended.

use std::io::{self, Write};

use jaq_core::{Ctx, Vars, data::JustLut, unwrap_valr};
use jaq_json::write::{Pp, write};
use jaq_json::{Val, read};

use crate::document::filter::Filter;

/// More than this is not written: nobody reads it, and a program may never come to an end.
const MOST_WRITTEN: usize = if cfg!(test) { 1 << 10 } else { 48 << 20 };
/// Letters of a reason that are told: it may quote a whole document.
const LONGEST_REASON: usize = 300;

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Number of results that were written.
    pub results: usize,
}

/// Why a run ended early.
#[derive(Debug)]
pub enum RunError {
    /// The text is no JSON, or the program does not fit it; in plain words.
    Failed(String),
    /// What was written was not taken.
    Output(io::Error),
}

impl From<io::Error> for RunError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Filter {
    /// Runs it over the values in `text`, and writes what results: one value by itself, more as an array with one a line.
    ///
    /// # Errors
    /// When `text` is no JSON, the program fails, or `out` takes no more. The results before that are written, and the array
    /// around them is closed, unless it was `out` that failed.
    pub fn run(&self, text: &[u8], out: &mut dyn Write) -> (Ran, Result<(), RunError>) {
        let mut results = Results {
            out: Counted { out, written: 0 },
            held: None,
            count: 0,
        };
        let ended = self.each(text, &mut results);
        let closed = results.close().map_err(RunError::from);
        let ran = Ran {
            results: results.count,
        };
        (ran, ended.and(closed))
    }

    fn each(&self, text: &[u8], results: &mut Results<'_>) -> Result<(), RunError> {
        for value in read::parse_many(text) {
            let value = value
                .map_err(|error| RunError::Failed(format!("the body is no JSON at {error}")))?;
            let context = Ctx::<JustLut<Val>>::new(&self.0.lut, Vars::new([]));
            for result in self.0.id.run((context, value)).map(unwrap_valr) {
                match result {
                    Ok(_) if results.out.written > MOST_WRITTEN => {
                        let count = results.count;
                        let reason = format!("there is too much: these are the first {count}");
                        return Err(RunError::Failed(reason));
                    }
                    Ok(value) => results.push(value)?,
                    Err(error) => return Err(RunError::Failed(short(&error.to_string()))),
                }
            }
        }
        Ok(())
    }
}

/// Writes results: the first is held back until it is known whether it is the only one.
struct Results<'a> {
    out: Counted<'a>,
    held: Option<Val>,
    count: usize,
}

/// Counts what is written.
struct Counted<'a> {
    out: &'a mut dyn Write,
    written: usize,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(bytes)?;
        self.written += taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Results<'_> {
    fn push(&mut self, value: Val) -> io::Result<()> {
        self.count += 1;
        match (self.count, self.held.take()) {
            (1, _) => self.held = Some(value),
            (_, Some(first)) => {
                self.line("[\n  ", &first)?;
                self.line(",\n  ", &value)?;
            }
            (_, None) => self.line(",\n  ", &value)?,
        }
        Ok(())
    }

    fn line(&mut self, before: &str, value: &Val) -> io::Result<()> {
        let style = Pp {
            sep_space: true,
            ..Pp::default()
        };
        self.out.write_all(before.as_bytes())?;
        write(&mut self.out, &style, 0, value)
    }

    fn close(&mut self) -> io::Result<()> {
        let style = Pp {
            indent: Some("  ".to_owned()),
            sep_space: true,
            ..Pp::default()
        };
        match (self.held.take(), self.count) {
            (Some(only), _) => write(&mut self.out, &style, 0, &only)?,
            (None, 0) => return Ok(()),
            (None, _) => self.out.write_all(b"\n]")?,
        }
        self.out.write_all(b"\n")
    }
}

fn short(reason: &str) -> String {
    match reason.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or_default()),
        None => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(program: &str, text: &str) -> (String, usize, Result<(), String>) {
        let mut out = Vec::new();
        let (ran, ended) = Filter::parse(program)
            .unwrap()
            .run(text.as_bytes(), &mut out);
        let ended = ended.map_err(|error| match error {
            RunError::Failed(reason) => reason,
            RunError::Output(error) => error.to_string(),
        });
        (String::from_utf8(out).unwrap(), ran.results, ended)
    }

    #[test]
    fn numbers_stay_as_they_were_spelled() {
        let text = r#"{"a": [10.50, 1e400, 12345678901234567890123, 1.0E+2, -0.0]}"#;
        let (out, count, ended) = run(".a[]", text);
        assert_eq!(
            out,
            "[\n  10.50,\n  1e400,\n  12345678901234567890123,\n  1.0E+2,\n  -0.0\n]\n"
        );
        assert_eq!((count, ended), (5, Ok(())));
    }

    #[test]
    fn one_result_stands_by_itself_and_none_is_nothing() {
        let (out, count, _) = run(".a", r#"{"a":{"b":[1,2]}}"#);
        assert_eq!(out, "{\n  \"b\": [\n    1,\n    2\n  ]\n}\n");
        assert_eq!(count, 1);
        assert_eq!(run("empty", "1"), (String::new(), 0, Ok(())));
    }

    #[test]
    fn results_before_a_failure_are_kept() {
        let (out, count, ended) = run(".[] | .a", r#"[{"a":1},{"a":2},3]"#);
        assert_eq!((out.as_str(), count), ("[\n  1,\n  2\n]\n", 2));
        assert!(ended.unwrap_err().contains("cannot"));
        let (_, _, ended) = run(".", "[1,");
        assert!(ended.unwrap_err().starts_with("the body is no JSON at"));
    }

    #[test]
    fn a_program_without_end_is_ended() {
        let (out, count, ended) = run("repeat(1)", "null");
        assert!(out.starts_with("[\n  1,") && out.ends_with("1\n]\n"));
        assert!(out.len() < 2 * MOST_WRITTEN && count > 100);
        assert!(ended.unwrap_err().starts_with("there is too much"));
    }

    #[test]
    fn the_usual_filters_are_there() {
        for (program, text, expected) in [
            (
                "map(select(.a > 1)) | length",
                r#"[{"a":1},{"a":2}]"#,
                "1\n",
            ),
            ("test(\"^A\"; \"i\")", "\"abc\"", "true\n"),
            (
                "group_by(.k) | map(length)",
                r#"[{"k":1},{"k":1},{"k":2}]"#,
                "[\n  2,\n  1\n]\n",
            ),
            ("fromdate", "\"2026-03-02T12:32:00Z\"", "1772454720\n"),
            ("to_entries[0].key", r#"{"z":1,"a":2}"#, "\"z\"\n"),
            ("[limit(3; repeat(1))] | add", "null", "3\n"),
        ] {
            assert_eq!(run(program, text).0, expected, "{program}");
        }
    }

    #[test]
    fn the_environment_is_out_of_reach() {
        for program in ["$ENV", "env", "input", "inputs", "include \"x\"; ."] {
            assert!(Filter::parse(program).is_err(), "{program}");
        }
    }

    #[test]
    fn several_values_are_gone_through() {
        assert_eq!(run(".a", "{\"a\":1}\n{\"a\":2}").0, "[\n  1,\n  2\n]\n");
    }
}
