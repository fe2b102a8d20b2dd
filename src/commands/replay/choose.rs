//! Which saved requests are meant by names, files and folders.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::adapters::files::read_optional;
use crate::adapters::files::saved::{Broken, SavedRequests, read};
use crate::commands::replay::run::Chosen;
use crate::domain::RequestName;

/// The saved requests that `names` name: by name, by folder, or by the path of a file or folder; all there are, if none is
/// named. None comes twice.
///
/// # Errors
/// When a name means nothing, or a file cannot be read.
pub(super) fn choose(saved: &SavedRequests, names: &[String]) -> anyhow::Result<Vec<Chosen>> {
    let listing = saved.list();
    let is_meant =
        |file: &str| names.is_empty() || names.iter().any(|name| file.contains(name.as_str()));
    // A broken file that was not asked for does not keep the others from being sent.
    let is_meant = |broken: &&Broken| is_meant(&broken.problem.what);
    if let Some(broken) = listing.broken.iter().find(is_meant) {
        return Err(broken.problem.clone().into());
    }
    let mut all = Vec::new();
    let mut names_before = HashSet::new();
    for (place, request) in listing.requests {
        // The first folder has precedence, as where one is referred to.
        if names_before.insert(request.name.clone()) {
            all.push(Chosen {
                path: saved.path(place, &request.name)?,
                request,
                is_saved: true,
            });
        }
    }
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

/// What one name means, among `all` that are saved or as a path.
fn meant(all: &[Chosen], name: &str) -> anyhow::Result<Vec<Chosen>> {
    let folder = format!("{}/", name.trim_end_matches('/'));
    let by_name = |one: &&Chosen| {
        let known = one.request.name.as_str();
        known == name || known.starts_with(&folder)
    };
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

/// The request in the file at `path`: one of `all`, if it is theirs.
fn file(all: &[Chosen], path: PathBuf) -> anyhow::Result<Chosen> {
    let whole = path.canonicalize()?;
    let is_same = |one: &&Chosen| one.path.canonicalize().is_ok_and(|known| known == whole);
    if let Some(known) = all.iter().find(is_same) {
        return Ok(known.clone());
    }
    let text = read_optional(&path)?.unwrap_or_default(); // it was there just now
    let base = path.file_stem().and_then(|stem| stem.to_str());
    let name = RequestName::from_words([base.unwrap_or("request")]);
    let request = read(&path.display().to_string(), name, &text)?;
    Ok(Chosen {
        request,
        path,
        is_saved: false,
    })
}

/// Letters at the beginning that two names share where one may be meant by the other.
const SHARED: usize = 3;

/// A hint at the names that contain the word or begin like it.
fn near(all: &[Chosen], name: &str) -> String {
    let lower = name.to_lowercase();
    let begins_alike = |known: &str| {
        let pairs = known.chars().zip(lower.chars());
        pairs.take_while(|(one, two)| one == two).count() >= SHARED
    };
    let names: Vec<_> = all
        .iter()
        .map(|one| one.request.name.as_str())
        .filter(|known| known.contains(&lower) || lower.contains(known) || begins_alike(known))
        .take(3)
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("\nhint: did you mean {}?", names.join(", ")),
    }
}
