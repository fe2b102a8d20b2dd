//! Regular expressions of the catalogue: whole values, ASCII classes, as JSON Schema means them.

use regex::bytes::{Regex, RegexBuilder};

/// The expression that matches a whole value by `pattern`.
///
/// Without Unicode tables `\d` is `[0-9]`, as it is in JSON Schema, and compiling takes about 20 µs. That is spent once
/// for a key press or a field that is sent, so compiled expressions are not kept.
///
/// # Errors
/// In one line, when `pattern` is none.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    let whole = format!("^(?:{pattern})$");
    RegexBuilder::new(&whole)
        .unicode(false)
        .build()
        .map_err(|error| {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        })
}

/// Whether the whole of `text` matches `pattern`; a pattern that is none matches everything, as it cannot be obeyed.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    compile(pattern).map_or(true, |regex| regex.is_match(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_value_must_match() {
        assert!(matches(r"\d{4}|\d{9}", "1234"));
        assert!(!matches(r"\d{4}|\d{9}", "12345"));
        assert!(!matches(r"\d{4}", "1234\n"));
        assert!(!matches(r"\d{4}", "١٢٣٤"));
    }

    #[test]
    fn a_bad_pattern_is_told_in_one_line() {
        assert_eq!(compile("(").unwrap_err(), "unclosed group");
    }
}
