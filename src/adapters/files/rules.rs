//! The person's own rules of what differs between any two answers: a file that they may edit, too.
//!
//! ```toml
//! volatile = [".accounts[].available_balance", "*_balance"]
//! ```

use std::ops::Range;
use std::path::Path;

use toml_edit::{Array, Document, DocumentMut, RawString, TomlError, Value, value};

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::lock::Lock;
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
    let text = read_optional(path)?;
    text.map_or_else(|| Ok(Vec::new()), |text| in_text(path, &text))
}

fn in_text(path: &Path, text: &str) -> Result<Vec<Rule>, Problem> {
    let document = Document::parse(text).map_err(|error| mistaken(path, text, &error))?;
    let Some(item) = document.get(KEY) else {
        return Ok(Vec::new());
    };
    let wrong = |span: Option<Range<usize>>| {
        let line = line_of(text, span);
        Problem::new(format!(
            "{}:{line}: \"{KEY}\" is no list of texts",
            path.display()
        ))
        .hint(format!(
            "write {KEY} = [\".accounts[].mask\", \"*_balance\"]"
        ))
    };
    let list = item.as_array().ok_or_else(|| wrong(item.span()))?;
    list.iter()
        .map(|item| rule(item).ok_or_else(|| wrong(item.span())))
        .collect()
}

fn rule(item: &Value) -> Option<Rule> {
    item.as_str().and_then(Rule::parse)
}

/// Puts `rule` into the file at `path`, or takes it out; whatever else is in it stays, also what another session has put there
/// meanwhile.
///
/// # Errors
/// When what is there cannot be read, or the file cannot be written.
pub fn keep(path: &Path, rule: &Rule, is_kept: bool) -> Result<(), Problem> {
    let _lock = Lock::wait(&path.with_extension("lock"));
    let text = read_optional(path)?.unwrap_or_else(|| NEW.into());
    let mut wanted = in_text(path, &text)?;
    if wanted.contains(rule) == is_kept {
        return Ok(());
    }
    let mut document = parse(path, &text)?;
    let list = document.entry(KEY).or_insert(value(Array::new()));
    if let Some(list) = list.as_array_mut() {
        match is_kept {
            true => add(list, rule),
            false => take_out(list, rule),
        }
    }
    match is_kept {
        true => wanted.push(rule.clone()),
        false => wanted.retain(|one| one != rule),
    }
    let new = document.to_string();
    if in_text(path, &new).as_ref() != Ok(&wanted) {
        return Err(entangled(path, &text));
    }
    atomic::write(path, new.as_bytes(), Access::Shared)
}

/// The list is written in a way that cannot be changed from here.
fn entangled(path: &Path, text: &str) -> Problem {
    let document = Document::parse(text).ok();
    let span = document.and_then(|document| document.get(KEY)?.span());
    let line = line_of(text, span);
    Problem::new(format!(
        "{}:{line}: \"{KEY}\" stays as it is",
        path.display()
    ))
    .because("its other rules would not")
    .hint("edit it by hand")
}

/// Puts `rule` behind the others, each in a line of its own.
fn add(list: &mut Array, rule: &Rule) {
    let behind = list.trailing().as_str().unwrap_or_default();
    let behind = behind.trim_end().to_owned(); // a comment, mostly of the last one
    list.push(rule.as_str());
    let last = list.len() - 1;
    if last == 0 && behind.is_empty() {
        return;
    }
    for (index, item) in list.iter_mut().enumerate() {
        if index == last {
            item.decor_mut().set_prefix(format!("{behind}\n    "));
        } else if !before(item).contains('\n') {
            item.decor_mut().set_prefix("\n    ");
        }
    }
    list.set_trailing("\n");
    list.set_trailing_comma(true);
}

/// Takes `own` out, wherever it stands; the comments around it stay.
fn take_out(list: &mut Array, own: &Rule) {
    let is_own = |item: &Value| rule(item).as_ref() == Some(own);
    for index in (0..list.len()).rev() {
        if list.get(index).is_some_and(is_own) {
            take_out_at(list, index);
        }
    }
    if list.is_empty() {
        list.set_trailing_comma(false);
    }
}

fn take_out_at(list: &mut Array, index: usize) {
    let removed = list.remove(index);
    let after = removed.decor().suffix().and_then(RawString::as_str);
    let around = [before(&removed), after.unwrap_or_default()];
    let comments = around.into_iter().filter(|text| text.contains('#'));
    let comments: String = comments.map(str::trim_end).collect();
    let Some(next) = list.get_mut(index) else {
        let behind = list.trailing().as_str().unwrap_or_default();
        let end = if ends_line(&comments, behind) {
            ""
        } else {
            "\n"
        };
        list.set_trailing(format!("{comments}{end}{behind}"));
        return;
    };
    let is_first_in_line = index == 0 && before(next).chars().all(|c| c == ' ');
    let own = if is_first_in_line { "" } else { before(next) };
    let prefix = match ends_line(&comments, own) {
        true => format!("{comments}{own}"),
        false => format!("{comments}\n    {}", own.trim_start()),
    };
    next.decor_mut().set_prefix(prefix);
}

/// Whether a comment at the end of `comments` takes nothing along of what stands behind `between`.
fn ends_line(comments: &str, between: &str) -> bool {
    let blanks = between.trim_start_matches([' ', '\t', '\r']);
    comments.is_empty() || blanks.starts_with('\n')
}

/// What stands before `item`: blanks, line ends, comments.
fn before(item: &Value) -> &str {
    let prefix = item.decor().prefix().and_then(RawString::as_str);
    prefix.unwrap_or_default()
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

    /// The text of the file after each of `changes` by a session of its own, one after the other.
    fn changed(text: &str, changes: &[(&str, bool)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("diff.toml");
        std::fs::write(&path, text).unwrap();
        for (rule, is_kept) in changes {
            keep(&path, &rules(&[rule])[0], *is_kept).unwrap();
        }
        read(&path).unwrap();
        std::fs::read_to_string(&path).unwrap()
    }

    #[test]
    fn two_sessions_keep_each_others_rules() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("diff.toml");
        assert_eq!(read(&path), Ok(Vec::new()));
        let all = rules(&[".a[].b", "*_x", "c"]);
        std::thread::scope(|scope| {
            for rule in &all {
                scope.spawn(|| keep(&path, rule, true).unwrap());
            }
        });
        let mut found = read(&path).unwrap();
        found.sort_by_key(|rule| all.iter().position(|one| one == rule));
        assert_eq!(found, all);
        keep(&path, &all[1], false).unwrap();
        keep(&path, &all[1], false).unwrap();
        keep(&path, &all[0], true).unwrap();
        let found = read(&path).unwrap();
        assert_eq!(found.len(), 2);
        assert!(!found.contains(&all[1]));
    }

    #[test]
    fn comments_stay_where_they_are() {
        let text = "# mine\nvolatile = [\n    # a bank's\n    \"a\", # of a\n    \"b\", # of b\n]\n# end\n";
        assert_eq!(
            changed(text, &[("c", true)]),
            "# mine\nvolatile = [\n    # a bank's\n    \"a\", # of a\n    \"b\", # of b\n    \"c\",\n]\n# end\n"
        );
        let without = changed(text, &[("a", false)]);
        for comment in ["# mine", "# a bank's", "# of a", "# of b", "# end"] {
            assert!(without.contains(comment), "{without}");
        }
        let empty = changed(text, &[("a", false), ("b", false)]);
        assert!(
            empty.contains("# of a") && empty.contains("# of b"),
            "{empty}"
        );
        assert_eq!(changed(NEW, &[("a", true), ("a", false)]), NEW);
        let line = "volatile = [\"a\", \"b\"]\n";
        assert_eq!(changed(line, &[("a", false)]), "volatile = [\"b\"]\n");
        assert_eq!(
            changed(line, &[("c", true)]),
            "volatile = [\n    \"a\",\n    \"b\",\n    \"c\",\n]\n"
        );
        let only = changed("# only\n", &[("a", true)]);
        assert_eq!(only, "volatile = [\"a\"]\n# only\n");
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_nothing_is_written_over_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("diff.toml");
        std::fs::write(&path, "\nvolatile = [").unwrap();
        assert!(read(&path).unwrap_err().what.contains("diff.toml:2: "));
        assert!(keep(&path, &rules(&["c"])[0], true).is_err());
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

    #[test]
    fn a_comment_that_loses_its_rule_takes_no_other_one_with_it() {
        for (text, rule) in [
            (
                "volatile = [\n    # the names of the banks\n    \".accounts[].official_name\", \"*_other\",\n]\n",
                ".accounts[].official_name",
            ),
            ("volatile = [\n    \"a\",\n    \"b\" # of b\n]\n", "b"),
            ("volatile = [\n    \"a\" # of a\n    , \"b\" ]\n", "a"),
            ("volatile = [ # all\n    \"a\", \"b\"]\n", "a"),
            ("volatile = [\n    \"b\" # of b\n]\n", "b"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("diff.toml");
            std::fs::write(&path, text).unwrap();
            let mut wanted = read(&path).unwrap();
            wanted.retain(|one| *one != rules(&[rule])[0]);
            keep(&path, &rules(&[rule])[0], false).unwrap();
            let after = std::fs::read_to_string(&path).unwrap();
            assert_eq!(read(&path), Ok(wanted), "{after}");
            let comment = text.lines().find_map(|line| line.split_once("# "));
            assert!(
                after.contains(&format!("# {}\n", comment.unwrap().1)),
                "{after}"
            );
        }
    }
}
