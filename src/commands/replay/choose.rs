//! Which saved requests are meant by names, files and folders.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::adapters::files::read_optional;
use crate::adapters::files::saved::{Listed, SavedRequests, answer_path, read};
use crate::commands::replay::run::Chosen;
use crate::domain::{Place, Problem, RequestName, SavedRequest};

/// A file that is meant, and what it says; one that cannot be read does not keep the others from being sent.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) name: String,
    path: PathBuf,
    is_saved: bool,
    is_recorded: bool,
    request: Result<SavedRequest, Problem>,
}

impl Found {
    /// Whether a yes to `name` is one to this: two files outside of the folders may have the same name.
    fn is_called(&self, name: &str) -> bool {
        match self.is_saved {
            true => self.name == name,
            false => RequestName::of_file(&self.path).as_str() == name,
        }
    }

    /// What is to be sent.
    pub(super) fn chosen(self) -> Result<Chosen, Problem> {
        Ok(Chosen {
            request: self.request?,
            path: self.path,
            is_saved: self.is_saved,
            is_recorded: self.is_recorded,
        })
    }
}

/// The saved requests that `names` name: by name, by folder, or by the path of a file or folder; all there are, if none is
/// named. None comes twice.
///
/// # Errors
/// When a name means nothing.
pub(super) fn choose(saved: &SavedRequests, names: &[String]) -> anyhow::Result<Vec<Found>> {
    let all = all(saved);
    if names.is_empty() {
        return match all.is_empty() {
            false => Ok(all),
            true => Err(anyhow!(
                "there are no saved requests\nhint: write one into .astrascope/requests/, see the README"
            )),
        };
    }
    let mut chosen = Vec::new();
    let mut paths_before = HashSet::new();
    for name in names {
        for one in meant(&all, name)? {
            if paths_before.insert(one.path.clone()) {
                chosen.push(one);
            }
        }
    }
    Ok(chosen)
}

/// `names`, each of which has to be the whole name of one that is saved, or the path of a file in `found`: a folder is none.
///
/// # Errors
/// When one is not.
pub(super) fn named(
    saved: &SavedRequests,
    found: &[Found],
    names: &[String],
) -> anyhow::Result<Vec<String>> {
    if names.is_empty() {
        return Ok(Vec::new()); // nothing has to be read for it
    }
    let all = all(saved);
    let unknown = names.iter().find(|name| {
        let mut known = all.iter().chain(found);
        !known.any(|one| one.is_called(name))
    });
    match unknown {
        None => Ok(names.to_vec()),
        Some(name) => Err(anyhow!(
            "--yes: no saved request is called {name}{}",
            near(&all, name)
        )),
    }
}

/// Everything that is saved. The first folder has precedence, as where one is referred to.
fn all(saved: &SavedRequests) -> Vec<Found> {
    let folders = saved.folders();
    let folder = |place: Place| folders.iter().find(|(known, _)| *known == place);
    let mut names_before = HashSet::new();
    let first = |one: &Listed| names_before.insert(one.name.clone());
    let listed = saved.list().into_iter().filter(first);
    listed
        .filter_map(|one| {
            let (_, folder) = folder(one.place)?;
            Some(Found {
                path: folder.join(format!("{}.toml", one.name)),
                name: one.name,
                request: one.request,
                is_saved: true,
                is_recorded: one.is_recorded,
            })
        })
        .collect()
}

/// What one name means, among `all` that are saved or as a path.
fn meant(all: &[Found], name: &str) -> anyhow::Result<Vec<Found>> {
    let folder = format!("{}/", name.trim_end_matches('/'));
    let by_name = |one: &&Found| one.name == name || one.name.starts_with(&folder);
    let found: Vec<_> = all.iter().filter(by_name).cloned().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let files = files(Path::new(name))?;
    if files.is_empty() {
        return Err(anyhow!(
            "no saved request, file or folder is called {name}{}",
            near(all, name)
        ));
    }
    files.into_iter().map(|path| file(all, path)).collect()
}

/// The file at `path`, or all files of requests in the folder at `path` and below, in order.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() || path.is_symlink() {
        return Ok(Vec::new());
    }
    let mut inner = std::fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    inner.retain(|path| path.is_dir() || path.extension().is_some_and(|end| end == "toml"));
    inner.sort();
    let mut found = Vec::new();
    for path in inner {
        found.extend(files(&path)?);
    }
    Ok(found)
}

/// What is in the file at `path`: one of `all`, if it is theirs.
fn file(all: &[Found], path: PathBuf) -> anyhow::Result<Found> {
    let whole = path.canonicalize()?;
    let is_same = |one: &&Found| one.path.canonicalize().is_ok_and(|known| known == whole);
    if let Some(known) = all.iter().find(is_same) {
        return Ok(known.clone());
    }
    let base = path.file_stem().and_then(|stem| stem.to_str());
    let name = RequestName::from_words([base.unwrap_or("request")]);
    let text = read_optional(&path).map(Option::unwrap_or_default); // it was there just now
    let own = RequestName::of_file(&path);
    let request = text.and_then(|text| read(own.as_str(), own.clone(), &text));
    Ok(Found {
        name: name.to_string(),
        is_saved: false,
        is_recorded: answer_path(&path).exists(),
        path,
        request,
    })
}

/// Letters at the beginning that two names share where one may be meant by the other.
const SHARED: usize = 3;

/// A hint at the names that contain the word or begin like it.
fn near(all: &[Found], name: &str) -> String {
    let lower = name.to_lowercase();
    let begins_alike = |known: &str| {
        let pairs = known.chars().zip(lower.chars());
        pairs.take_while(|(one, two)| one == two).count() >= SHARED
    };
    let names: Vec<_> = all
        .iter()
        .map(|one| one.name.as_str())
        .filter(|known| known.contains(&lower) || lower.contains(known) || begins_alike(known))
        .take(3)
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("\nhint: did you mean {}?", names.join(", ")),
    }
}
