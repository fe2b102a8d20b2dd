//! The person's own rules of what differs between any two answers: a file that they may edit, too.
//!
//! ```toml
//! volatile = [".accounts[].available_balance", "*_balance"]
//! ```

use std::ops::Range;
use std::path::Path;

use toml_edit::{Array, Document, DocumentMut, TomlError, Value, value};

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::read_optional;
use crate::document::Rule;
use crate::domain::Problem;

/// The file before anything is in it.
const NEW: &str =
    "# What differs between any two answers, beside what the program knows of.\nvolatile = []\n";

/// The key of the list.
const KEY: &str = "volatile";

/// The rules in the file at `path`; none without a file.
///
/// # Errors
/// When it cannot be read, or has no list of texts.
pub fn read(path: &Path) -> Result<Vec<Rule>, Problem> {
    let Some(text) = read_optional(path)? else {
        return Ok(Vec::new());
    };
    let document = Document::parse(text.as_str()).map_err(|error| mistaken(path, &text, &error))?;
    let Some(item) = document.get(KEY) else {
        return Ok(Vec::new());
    };
    let wrong = |span: Option<Range<usize>>| {
        let line = line_of(&text, span);
        Problem::new(format!(
            "{}:{line}: \"{KEY}\" is no list of texts",
            path.display()
        ))
        .hint(format!(
            "write {KEY} = [\".accounts[].mask\", \"*_balance\"]"
        ))
    };
    let list = item.as_array().ok_or_else(|| wrong(item.span()))?;
    let rule = |item: &Value| item.as_str().and_then(Rule::parse);
    list.iter()
        .map(|item| rule(item).ok_or_else(|| wrong(item.span())))
        .collect()
}

/// Writes `rules` into the file at `path`; comments around the list stay.
///
/// # Errors
/// When what is there cannot be read, or the file cannot be written.
pub fn write(path: &Path, rules: &[Rule]) -> Result<(), Problem> {
    let mut document = match read_optional(path)? {
        Some(text) => parse(path, &text)?,
        None => NEW.parse().unwrap_or_default(), // it is TOML
    };
    let mut list = Array::from_iter(rules.iter().map(Rule::as_str));
    if rules.len() > 1 {
        for item in list.iter_mut() {
            item.decor_mut().set_prefix("\n    ");
        }
        list.set_trailing("\n");
        list.set_trailing_comma(true);
    }
    document[KEY] = value(list);
    atomic::write(path, document.to_string().as_bytes(), Access::Shared)
}

fn parse(path: &Path, text: &str) -> Result<DocumentMut, Problem> {
    text.parse().map_err(|error| mistaken(path, text, &error))
}

fn mistaken(path: &Path, text: &str, error: &TomlError) -> Problem {
    let line = line_of(text, error.span());
    Problem::new(format!("{}:{line}: {}", path.display(), error.message()))
        .hint("mend it, or take it away")
}

fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let before = span.and_then(|span| text.get(..span.start));
    before.map_or(0, |before| before.matches('\n').count()) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(texts: &[&str]) -> Vec<Rule> {
        texts.iter().filter_map(|text| Rule::parse(text)).collect()
    }

    #[test]
    fn rules_are_kept_beside_comments() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("diff.toml");
        assert_eq!(read(&path), Ok(Vec::new()));
        let all = rules(&[".a[].b", "*_x"]);
        write(&path, &all).unwrap();
        assert_eq!(read(&path), Ok(all));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("# mine\n{text}")).unwrap();
        write(&path, &rules(&["c"])).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# mine\n"), "{text}");
        assert!(text.ends_with("volatile = [\"c\"]\n"), "{text}");
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_nothing_is_written_over_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("diff.toml");
        std::fs::write(&path, "\nvolatile = [").unwrap();
        assert!(read(&path).unwrap_err().what.contains("diff.toml:2: "));
        assert!(write(&path, &rules(&["c"])).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "\nvolatile = [");
        for text in ["# mine\nvolatile = 1", "volatile = [\n  1]"] {
            std::fs::write(&path, text).unwrap();
            let told = read(&path).unwrap_err().what;
            assert!(
                told.ends_with("diff.toml:2: \"volatile\" is no list of texts"),
                "{told}"
            );
        }
    }
}
