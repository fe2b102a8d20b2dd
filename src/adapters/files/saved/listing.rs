//! What is in the folders of saved requests. Changes nothing.

use std::fs;
use std::io::ErrorKind;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use crate::adapters::files::read_optional;
use crate::adapters::files::saved::read;
use crate::domain::{Place, Problem, RequestName, SavedRequest};

/// Folders in folders are followed this far.
const DEEPEST: usize = 8;

/// A file with a saved request, or what cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// In which folder.
    pub place: Place,
    /// Below that folder, without the ending of its name.
    pub name: String,
    /// What the file says, or what is wrong with it, with the whole path.
    pub request: Result<SavedRequest, Problem>,
    /// Whether an answer is recorded beside it.
    pub is_recorded: bool,
}

/// Everything in `folders`, in the order of their names.
pub(super) fn list(folders: &[(Place, PathBuf)]) -> Vec<Listed> {
    let mut listed = Vec::new();
    for (place, folder) in folders {
        let mut found = Vec::new();
        walk(folder, None, 0, &mut found);
        let loaded = load_all(&found);
        let both = found.into_iter().zip(loaded);
        listed.extend(both.filter_map(|(found, loaded)| {
            Some(Listed {
                place: *place,
                name: found.name,
                request: loaded.transpose()?, // or it was removed just now
                is_recorded: found.is_recorded,
            })
        }));
    }
    listed
}

/// What stands in a folder: a file with a saved request, or what is `wrong` with it.
struct Found {
    path: PathBuf,
    name: String,
    is_recorded: bool,
    wrong: Option<Problem>,
}

/// Adds what is in `folder` and below it to `found`, in order; `above` is what stands before the names.
fn walk(folder: &Path, above: Option<&str>, depth: usize, found: &mut Vec<Found>) {
    let wrong = |name: &str, problem: Problem| Found {
        path: PathBuf::new(),
        name: name.to_owned(),
        is_recorded: false,
        wrong: Some(problem),
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(Result::ok),
        Err(error) if depth == 0 && error.kind() == ErrorKind::NotFound => return, // nothing was saved yet
        Err(error) => {
            let problem = Problem::new(format!("{} cannot be read", folder.display()));
            found.push(wrong(
                above.unwrap_or_default(),
                problem.because(error.to_string()),
            ));
            return;
        }
    };
    let mut entries: Vec<_> = entries.map(|entry| (entry.file_name(), entry)).collect();
    entries.sort_by(|(one, _), (two, _)| one.cmp(two));
    let is_there = |file: String| {
        let place = entries.binary_search_by(|(known, _)| known.as_os_str().cmp(file.as_ref()));
        place.is_ok()
    };
    for (file, entry) in &entries {
        let Some(file) = file.to_str() else {
            let problem = Problem::new(format!("{} is left out", entry.path().display()));
            found.push(wrong(
                &file.to_string_lossy(),
                problem.because("its name is not UTF-8"),
            ));
            continue;
        };
        let full =
            |name: &str| above.map_or_else(|| name.to_owned(), |above| format!("{above}/{name}"));
        if file.starts_with('.') {
            continue; // .git, and files that are being written
        }
        // A link to a folder is not followed: it may lead in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if depth < DEEPEST {
                walk(&entry.path(), Some(&full(file)), depth + 1, found);
            }
        } else if let Some(name) = file.strip_suffix(".toml") {
            found.push(Found {
                path: entry.path(),
                name: full(name),
                is_recorded: is_there(format!("{name}.answer.json")),
                wrong: None,
            });
        }
    }
}

/// Fewer files than this are read before a thread has started.
const WORTH_A_THREAD: usize = 64;

/// What each of `found` holds; many are read by several threads.
fn load_all(found: &[Found]) -> Vec<Result<Option<SavedRequest>, Problem>> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let part = found.len().div_ceil(processors).max(WORTH_A_THREAD);
    thread::scope(|scope| {
        let mut parts = found.chunks(part);
        let first = parts.next().unwrap_or_default();
        let rest: Vec<_> = parts
            .map(|part| scope.spawn(|| part.iter().map(load).collect::<Vec<_>>()))
            .collect();
        let mut loaded: Vec<_> = first.iter().map(load).collect();
        for part in rest {
            loaded.extend(part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        loaded
    })
}

fn load(found: &Found) -> Result<Option<SavedRequest>, Problem> {
    if let Some(problem) = &found.wrong {
        return Err(problem.clone());
    }
    let path = found.path.display();
    let name = RequestName::parse(&found.name).map_err(|problem| {
        Problem::new(format!("{path} is left out")).because(problem.to_string())
    })?;
    let text = read_optional(&found.path)?;
    text.map(|text| read(&path.to_string(), name, &text))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_files_come_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let count = 3 * WORTH_A_THREAD;
        for number in 0..count {
            let text = match number {
                7 => "endpoint = 7".to_owned(),
                _ => format!("endpoint = \"accounts.list\"\ndescription = \"{number}\"\n"),
            };
            fs::write(folder.path().join(format!("{number:03}.toml")), text).unwrap();
        }
        let listed = list(&[(Place::Project, folder.path().to_owned())]);
        assert_eq!(listed.len(), count);
        for (number, one) in listed.iter().enumerate() {
            assert_eq!(one.name, format!("{number:03}"));
            match (number, &one.request) {
                (7, Err(problem)) => assert!(problem.what.contains("007.toml:1"), "{problem}"),
                (_, request) => {
                    assert_eq!(request.as_ref().unwrap().description, number.to_string());
                }
            }
        }
    }
}
