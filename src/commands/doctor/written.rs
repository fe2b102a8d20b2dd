//! The files that a person writes, and the history that the program keeps for them.

use std::env;

use crate::adapters::files::saved::SavedRequests;
use crate::adapters::files::{names, rules};
use crate::adapters::history::{FILE, History, Limits};
use crate::commands::doctor::finding::{Finding, State, broken, in_folder, judged};
use crate::commands::files::RULES;
use crate::commands::{catalogue, tui};
use crate::config::Paths;
use crate::domain::Problem;

/// Reads each as a session would.
pub(super) fn all(paths: &Paths) -> Vec<Finding> {
    let mut findings = vec![keymap(paths), colours(), catalogue(paths)];
    findings.extend(saved(paths));
    findings.extend([diff_rules(paths), history(paths)]);
    findings
}

/// "3 files", "1 file".
pub(super) fn several(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn keymap(paths: &Paths) -> Finding {
    let state = match tui::keymap() {
        Err(error) => in_folder(broken(&error), &paths.config),
        Ok(_) if paths.config.join("keymap.toml").exists() => State::Well("read".into()),
        Ok(_) => State::Apart("none of your own".into()),
    };
    ("keymap.toml".into(), state)
}

fn colours() -> Finding {
    let state = match tui::theme() {
        Ok(_) => State::Well("read".into()),
        Err(error) => broken(&error),
    };
    ("colours".into(), state)
}

fn catalogue(paths: &Paths) -> Finding {
    let count = names(&paths.config.join(catalogue::FOLDER), "", ".toml").len();
    let state = match catalogue::read(&paths.config) {
        Err(error) => broken(&error),
        Ok((_, Some(problem))) => State::Broken(problem),
        Ok((_, None)) if count == 0 => State::Apart("no files of your own".into()),
        Ok((_, None)) => State::Well(format!("{} read", several(count, "file"))),
    };
    ("catalogue".into(), state)
}

/// One line for all that can be sent, and one for each that cannot.
fn saved(paths: &Paths) -> Vec<Finding> {
    let current = env::current_dir().unwrap_or_default(); // a folder that is gone has no project
    let listed = SavedRequests::find(&paths.config, &current).list();
    let name = "saved requests";
    let count = listed.iter().filter(|one| one.request.is_ok()).count();
    let wrong = listed.into_iter().filter_map(|one| one.request.err());
    let mut findings: Vec<_> = wrong.map(|problem| judged(name, Err(problem))).collect();
    match count {
        0 if findings.is_empty() => findings.push((name.into(), State::Apart("none yet".into()))),
        0 => {}
        count => findings.insert(0, (name.into(), State::Well(format!("{count} read")))),
    }
    findings
}

fn diff_rules(paths: &Paths) -> Finding {
    let state = match rules::read(&paths.config.join(RULES)) {
        Err(problem) => State::Broken(problem),
        Ok(rules) if rules.is_empty() => State::Apart("none of your own".into()),
        Ok(rules) => State::Well(format!("{} read", several(rules.len(), "rule"))),
    };
    (RULES.into(), state)
}

fn history(paths: &Paths) -> Finding {
    let path = paths.data.join(FILE);
    let look = || -> Result<String, Problem> {
        let newest = History::open(&path, Limits::default())?.newest(1)?;
        Ok(newest.first().map_or_else(
            || "nothing is kept yet".into(),
            |entry| format!("the newest entry is number {}", entry.id),
        ))
    };
    match path.exists() {
        true => judged("history", look()),
        false => ("history".into(), State::Apart("nothing is kept yet".into())),
    }
}
