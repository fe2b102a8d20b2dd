//! The names of temporary files, by which those are known that a kill has left behind.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::domain::Problem;

/// What the name of a temporary file begins with: with a dot before it, no listing takes it for the file.
const BEGINNING: &str = ".tmp";

/// And what it ends with.
const ENDING: &str = ".tmp";

/// Letters between the two, which are drawn at random.
const RANDOM: usize = 6;

/// A temporary file that is older was left behind by a kill: a write takes a moment.
const LEFT_BEHIND: Duration = Duration::from_secs(60);

/// A temporary file to be made, with such a name.
pub(super) fn named() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(BEGINNING).suffix(ENDING).rand_bytes(RANDOM);
    builder
}

/// Removes the temporary files in `folder` that a kill has left behind.
///
/// # Errors
/// With the last that could not be removed.
pub(crate) fn sweep(folder: &Path) -> Result<(), Problem> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(()); // there is none to remove in a folder that is not there
    };
    let mut swept = Ok(());
    for entry in entries.flatten() {
        let path = entry.path();
        if is_temporary(&path)
            && entry.metadata().is_ok_and(|file| is_left_behind(&file))
            && let Err(error) = fs::remove_file(&path)
        {
            let name = path.display();
            swept = Err(Problem::new(format!("{name} was not removed"))
                .because(error.to_string())
                .hint(format!("rm {name}")));
        }
    }
    swept
}

fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let drawn = name
        .and_then(|name| name.strip_prefix(BEGINNING))
        .and_then(|rest| rest.strip_suffix(ENDING));
    drawn.is_some_and(|drawn| {
        drawn.len() == RANDOM && drawn.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_left_behind(file: &fs::Metadata) -> bool {
    let age = file
        .modified()
        .ok()
        .and_then(|at| SystemTime::now().duration_since(at).ok());
    file.is_file() && age.is_some_and(|age| age > LEFT_BEHIND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::files::atomic::{Access, write};

    #[test]
    fn what_a_kill_has_left_behind_goes_with_the_next_private_write() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, age: u64| {
            let path = folder.path().join(name);
            let file = fs::File::create(&path).unwrap();
            let at = SystemTime::now() - Duration::from_secs(age);
            file.set_modified(at).unwrap();
            path
        };
        let left = named().tempfile_in(folder.path()).unwrap();
        let at = SystemTime::now() - Duration::from_secs(90);
        left.as_file().set_modified(at).unwrap();
        let (_, left) = left.keep().unwrap();
        let stay = [
            put(".tmpabcdef.tmp", 1),
            put(".tmpabcdefg.tmp", 90),
            put("mine.tmp", 90),
        ];
        write(&folder.path().join("x"), b"1", Access::Shared).unwrap();
        assert!(left.exists(), "it is none of a file that others may read");
        write(&folder.path().join("x"), b"1", Access::Private).unwrap();
        assert!(!left.exists());
        assert!(stay.iter().all(|path| path.exists()));
    }
}
