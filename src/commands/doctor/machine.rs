//! What the program runs on: the terminal, and the folders that it writes to.

use std::env;
use std::io::{self, IsTerminal as _};
use std::path::Path;

use crate::adapters::files::atomic;
use crate::commands::doctor::finding::{Finding, State, judged};
use crate::config::Paths;
use crate::domain::Problem;

/// Whether a session can be drawn.
pub(super) fn terminal() -> Finding {
    let name = env::var("TERM").unwrap_or_default();
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|variable| env::var(variable).ok().filter(|value| !value.is_empty()));
    let is_utf8 = locale.as_ref().is_none_or(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    let state = match (io::stdout().is_terminal(), crossterm::terminal::size()) {
        (false, _) => {
            State::Apart("standard output is no terminal: no session can be drawn there".into())
        }
        (true, _) if name.is_empty() || name == "dumb" => State::Broken(
            Problem::new(format!("TERM is {name:?}"))
                .hint("start it in a terminal that moves its cursor, such as xterm-256color"),
        ),
        (true, Ok((columns, rows))) if columns < 60 || rows < 15 => State::Doubtful(
            Problem::new(format!("{columns}×{rows} is small"))
                .hint("60×15 and more shows everything"),
        ),
        (true, Ok(_)) if !is_utf8 => State::Doubtful(
            Problem::new(format!("the locale is {}", locale.unwrap_or_default()))
                .because("lines and marks may look wrong")
                .hint("set LANG to one that ends in UTF-8"),
        ),
        (true, Ok((columns, rows))) => State::Well(format!("{name}, {columns}×{rows}")),
        (true, Err(error)) => {
            State::Broken(Problem::new("its size is not known").because(error.to_string()))
        }
    };
    ("terminal".into(), state)
}

/// Whether the folders can be written, by making a file in each and taking it away.
pub(super) fn folders(paths: &Paths) -> Vec<Finding> {
    if let Some(home) = paths.home().filter(|home| home.exists() && !home.is_dir()) {
        let problem = Problem::new(format!("{} is no folder", home.display()))
            .hint("set ASTRASCOPE_HOME to a folder, or move the file away");
        return vec![("home".into(), State::Broken(problem))];
    }
    [
        ("config", &paths.config),
        ("data", &paths.data),
        ("state", &paths.state),
    ]
    .map(|(name, folder)| judged(format!("{name} folder"), writable(folder)))
    .into()
}

fn writable(folder: &Path) -> Result<String, Problem> {
    let name = folder.display();
    // A folder that is not there yet is made by the first write: then the one above counts.
    let existing = folder.ancestors().find(|folder| folder.exists());
    let existing = existing.unwrap_or(folder);
    let mut builder = tempfile::Builder::new();
    match builder.prefix(".astrascope-doctor").tempfile_in(existing) {
        Ok(_) if existing == folder => Ok(format!("{name} can be written")),
        Ok(_) => Ok(format!("{name} is made when it is needed")),
        Err(_) if !existing.is_dir() => Err(Problem::new(format!("{name} cannot be written"))
            .because(format!("{} is a file", existing.display()))
            .hint("move it away, or set ASTRASCOPE_HOME to a folder of your own")),
        Err(error) => {
            let problem = atomic::explain(existing, &error);
            let hint = "change its permissions, or set ASTRASCOPE_HOME to a folder of your own";
            Err(Problem {
                what: format!("{name} cannot be written"),
                hint: problem.hint.clone().or(Some(hint.into())),
                ..problem
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn folders_are_tried_and_left_as_they_were() {
        let home = tempfile::tempdir().unwrap();
        assert!(writable(home.path()).unwrap().ends_with("can be written"));
        assert!(
            writable(&home.path().join("a/b"))
                .unwrap()
                .ends_with("when it is needed")
        );
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_home_that_is_a_file_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let told = folders(&Paths::from(Some(file.clone().into())).unwrap());
        let [(name, State::Broken(problem))] = told.as_slice() else {
            panic!("{} findings", told.len());
        };
        assert_eq!(name, "home");
        assert_eq!(problem.what, format!("{} is no folder", file.display()));
        let why = writable(&file.join("data")).unwrap_err().why.unwrap();
        assert_eq!(why, format!("{} is a file", file.display()));
    }
}
