//! Files that a person wrote, and those that the program writes for one.

pub mod atomic;
pub mod lock;
pub mod rules;
pub mod saved;
pub(crate) mod temporary;

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use crate::domain::Problem;

/// What stands between `before` and `after` in the names of the files in `folder`; nothing, where it cannot be listed.
pub fn names(folder: &Path, before: &str, after: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new(); // there is no such folder, mostly
    };
    let name = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        let inner = name.strip_prefix(before)?.strip_suffix(after)?;
        Some(inner.to_owned())
    };
    entries.flatten().filter_map(name).collect()
}

/// The text of the file at `path`; `None` if there is no such file.
///
/// # Errors
/// When it is there but cannot be read, or is no text.
pub fn read_optional(path: &Path) -> Result<Option<String>, Problem> {
    let bytes = read_bytes(path, Source::File)?;
    let name = path.display().to_string();
    bytes.map(|bytes| text(&name, bytes)).transpose()
}

/// The bytes of the file at `path` that somebody has named.
///
/// # Errors
/// When it is not there, or cannot be read.
pub fn read_named(path: &Path) -> Result<Vec<u8>, Problem> {
    read_bytes(path, Source::Any)?.ok_or_else(|| {
        let problem = Problem::new(format!("there is no file {}", path.display()));
        match std::path::absolute(path) {
            Ok(whole) if whole != path => {
                problem.because(format!("looked for at {}", whole.display()))
            }
            _ => problem,
        }
    })
}

/// From where bytes may come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A file: whoever reads a pipe waits for somebody to write into it.
    File,
    /// A pipe, too, which the shell makes of `<(…)`.
    Any,
}

fn read(path: &Path, from: Source) -> io::Result<Vec<u8>> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    if from == Source::File {
        // The opening itself would wait.
        let flag = rustix::fs::OFlags::NONBLOCK.bits();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flag.cast_signed());
    }
    let mut file = options.open(path)?;
    let data = file.metadata()?;
    if from == Source::File && !data.is_file() && !data.is_dir() {
        return Err(io::Error::other("it is no file but a pipe or a device"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or_default());
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn read_bytes(path: &Path, from: Source) -> Result<Option<Vec<u8>>, Problem> {
    let name = path.display();
    match read(path, from) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => {
            let problem = Problem::new(format!("{name} cannot be read"));
            Err(match error.kind() {
                _ if path.is_dir() => problem
                    .because("it is a directory")
                    .hint("move it away; a file is expected there"),
                ErrorKind::PermissionDenied => problem
                    .because("its permissions do not allow it")
                    .hint(format!("run chmod u+r {name}")),
                _ => problem.because(error.to_string()),
            })
        }
    }
}

/// `bytes` as the text that they are; `name` is where they come from.
///
/// # Errors
/// With the line, where they are no UTF-8.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes).map_err(|error| {
        let text = error.as_bytes();
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + text
            .iter()
            .take(valid)
            .filter(|byte| **byte == b'\n')
            .count();
        Problem::new(format!("{name} cannot be read"))
            .because(format!("line {line} is not UTF-8"))
            .hint("save it as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_place_of_a_file_is_told_and_not_waited_for() {
        let folder = folder();
        let pipe = folder.path().join("config.toml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let problem = read_optional(&pipe).unwrap_err();
        assert!(
            problem
                .to_string()
                .contains("config.toml cannot be read: it is no file"),
            "{problem}"
        );
    }

    #[test]
    fn a_missing_file_is_none() {
        let folder = folder();
        assert_eq!(read_optional(&folder.path().join("config.toml")), Ok(None));
        let file = folder.path().join("file");
        std::fs::write(&file, "x").unwrap();
        assert_eq!(read_optional(&file.join("config.toml")), Ok(None));
        assert_eq!(read_optional(&file), Ok(Some("x".into())));
    }

    #[test]
    fn a_directory_is_named() {
        let folder = folder();
        let problem = read_optional(folder.path()).unwrap_err();
        assert!(problem.what.ends_with(" cannot be read"), "{problem}");
        assert_eq!(problem.why.as_deref(), Some("it is a directory"));
    }

    #[test]
    fn the_line_that_is_not_utf_8_is_named() {
        let folder = folder();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, b"a = 1\nb = \"\xff\"\n").unwrap();
        let problem = read_optional(&file).unwrap_err();
        assert_eq!(problem.why.as_deref(), Some("line 2 is not UTF-8"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_without_read_permission_is_told() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = folder();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "x").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).unwrap();
        match read_optional(&file) {
            Ok(text) => assert_eq!(text.as_deref(), Some("x")), // root reads everything
            Err(problem) => assert!(problem.hint.unwrap().starts_with("run chmod u+r ")),
        }
    }
}
