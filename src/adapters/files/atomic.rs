//! Writes a file whole or not at all. Does not know what is in it.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::adapters::files::temporary;
use crate::domain::Problem;

/// Who may read a file that is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// As the person's umask says; an existing file keeps its permissions.
    #[default]
    Shared,
    /// The person alone, whatever it was before.
    Private,
}

/// Puts `bytes` in the place of the file at `path`, and makes the folders on the way.
///
/// They go to a temporary file beside it, reach the disk, and are renamed: whoever reads the file, even after a crash,
/// finds the old bytes or the new ones. What a kill has left behind beside a private file goes: it may hold secrets.
///
/// # Errors
/// When it is a symbolic link (renaming would replace the link, and not what it points to), is read-only, or cannot be
/// written. The old file stays then.
pub fn write(path: &Path, bytes: &[u8], access: Access) -> Result<(), Problem> {
    prepare(path, bytes, access)?.put()
}

/// A file that waits beside the one in whose place it will be; dropped, it is gone.
#[derive(Debug)]
pub struct Prepared<'a> {
    path: &'a Path,
    folder: &'a Path,
    temporary: NamedTempFile,
}

impl Prepared<'_> {
    /// Puts it in the place of the old one.
    ///
    /// # Errors
    /// When that cannot be done any more. The old file stays then.
    pub fn put(self) -> Result<(), Problem> {
        let put = self.temporary.persist(self.path);
        put.map_err(|error| explain(self.path, &error.error))?;
        sync_folder(self.folder);
        Ok(())
    }
}

/// Does all of [`write()`] that is likely to fail, and leaves the old file in its place.
///
/// # Errors
/// Those of [`write()`].
pub fn prepare<'a>(path: &'a Path, bytes: &[u8], access: Access) -> Result<Prepared<'a>, Problem> {
    let fail = |error: &io::Error| explain(path, error);
    let folder = path.parent().unwrap_or(Path::new("."));
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    make_folder(folder, access).map_err(|error| explain(folder, &error))?;
    let old = match fs::symlink_metadata(path) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(fail(&error)),
    };
    if let Some(old) = &old {
        refuse(path, old)?;
    }
    if access == Access::Private {
        let _ = temporary::sweep(folder); // the next write tries again, and so does forgetting everything
    }
    let mut temporary = builder(path, access, old.as_ref())
        .tempfile_in(folder)
        .map_err(|error| fail(&error))?;
    let file = temporary.as_file_mut();
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| fail(&error))?;
    Ok(Prepared {
        path,
        folder,
        temporary,
    })
}

fn refuse(path: &Path, old: &fs::Metadata) -> Result<(), Problem> {
    let name = path.display();
    let problem = Problem::new(format!("{name} was not written"));
    if old.is_symlink() {
        let target = fs::read_link(path).unwrap_or_default(); // only to name it
        Err(problem
            .because(format!("it is a symbolic link to {}", target.display()))
            .hint("put a file in its place, or link the folder instead"))
    } else if old.is_dir() {
        Err(problem
            .because("it is a directory")
            .hint("move it away; a file is expected there"))
    } else if old.permissions().readonly() {
        Err(problem
            .because("it is read-only")
            .hint(format!("run chmod u+w {name}")))
    } else {
        Ok(())
    }
}

/// A temporary file with the permissions that the file is to have.
fn builder<'a>(
    path: &Path,
    access: Access,
    old: Option<&fs::Metadata>,
) -> tempfile::Builder<'a, 'static> {
    let mut builder = temporary::named();
    let permissions = match (access, old) {
        (Access::Private, _) => None, // 0600 is what a temporary file has by itself
        (Access::Shared, Some(old)) => Some(old.permissions()),
        (Access::Shared, None) => shared(path),
    };
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    builder
}

/// What a file gets that is made in the ordinary way; the umask takes from it.
#[cfg(unix)]
fn shared(_: &Path) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn shared(_: &Path) -> Option<fs::Permissions> {
    None
}

/// Makes `folder` and those above it, readable by the person alone if the file in it is to be.
pub(crate) fn make_folder(folder: &Path, access: Access) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    if access == Access::Private {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    #[cfg(not(unix))]
    let _ = access;
    builder.create(folder)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) {
    // Not every file system can; the file itself is whole by now, and only its name may be the old one after a power cut.
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) {}

/// Why `path` was not written, and what helps.
pub(crate) fn explain(path: &Path, error: &io::Error) -> Problem {
    let name = path.display();
    let problem = Problem::new(format!("{name} was not written"));
    match error.kind() {
        ErrorKind::StorageFull => problem
            .because("there is no space left on the disk")
            .hint("free some, and try again"),
        ErrorKind::QuotaExceeded => problem
            .because("your share of the disk is used up")
            .hint("free some, and try again"),
        ErrorKind::ReadOnlyFilesystem => problem
            .because("its file system is read-only")
            .hint("set ASTRASCOPE_HOME to a folder that can be written"),
        ErrorKind::PermissionDenied => problem
            .because("the permissions of its folder do not allow it")
            .hint("change them with chmod, or set ASTRASCOPE_HOME to a folder of your own"),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => problem
            .because("a file stands where a folder is needed")
            .hint("move that file away"),
        ErrorKind::InvalidFilename => problem
            .because("its name is too long or not allowed")
            .hint("choose another name"),
        _ => problem.because(reason(error)),
    }
}

/// What the system said, without the name of a temporary file.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at path \"") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn why(problem: &Problem) -> &str {
        problem.why.as_deref().unwrap_or_default()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = folder();
        let path = folder.path().join("a/b/c.toml");
        write(&path, b"one", Access::Shared).unwrap();
        write(&path, b"two", Access::Shared).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn what_stands_in_the_way_is_told_and_stays() {
        let folder = folder();
        let file = folder.path().join("file");
        write(&file, b"x", Access::Shared).unwrap();
        let problem = write(&file.join("c.toml"), b"y", Access::Shared).unwrap_err();
        assert_eq!(why(&problem), "a file stands where a folder is needed");
        let problem = write(folder.path(), b"y", Access::Shared).unwrap_err();
        assert_eq!(why(&problem), "it is a directory");
        assert_eq!(fs::read(&file).unwrap(), b"x");
    }

    #[test]
    fn a_full_disk_and_others_have_hints() {
        for kind in [
            ErrorKind::StorageFull,
            ErrorKind::QuotaExceeded,
            ErrorKind::ReadOnlyFilesystem,
            ErrorKind::PermissionDenied,
            ErrorKind::InvalidFilename,
        ] {
            let problem = explain(Path::new("x"), &io::Error::from(kind));
            assert!(problem.hint.is_some(), "{problem}");
        }
    }

    #[test]
    fn a_temporary_file_is_not_named() {
        let gone = folder().path().join("gone");
        let error = tempfile::Builder::new().tempfile_in(&gone).unwrap_err();
        let problem = explain(Path::new("x"), &error);
        assert!(!why(&problem).contains("gone"), "{problem}");
    }

    /// What the child process of the next test does.
    #[test]
    fn child() {
        let Some(path) = std::env::var_os("ASTRASCOPE_TEST_FILE") else {
            return; // run with all tests
        };
        for number in 0..u32::MAX {
            let text = format!("{}\n", number % 10).repeat(50_000);
            write(Path::new(&path), text.as_bytes(), Access::Shared).unwrap();
        }
    }

    #[test]
    fn killed_at_any_moment_the_file_is_whole() {
        let folder = folder();
        let path = folder.path().join("x.toml");
        write(&path, &b"0\n".repeat(50_000), Access::Shared).unwrap();
        // More of them in ASTRASCOPE_TEST_ROUNDS.
        let rounds =
            std::env::var("ASTRASCOPE_TEST_ROUNDS").map_or(10, |text| text.parse().unwrap());
        for round in 0..rounds {
            let mut child = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "adapters::files::atomic::tests::child"])
                .env("ASTRASCOPE_TEST_FILE", &path)
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap();
            // The moment of the kill is what is tested.
            std::thread::sleep(std::time::Duration::from_millis(20 + round * 7919 % 60));
            child.kill().unwrap();
            child.wait().unwrap();
            let text = fs::read(&path).unwrap();
            assert_eq!(text.len(), 100_000);
            assert!(
                text.chunks(2).all(|line| line == &text[..2]),
                "old and new are mixed"
            );
        }
    }

    #[cfg(unix)]
    mod unix {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        use super::*;

        fn mode(path: &Path) -> u32 {
            fs::metadata(path).unwrap().permissions().mode() & 0o777
        }

        #[test]
        fn private_files_are_the_persons_alone_and_others_keep_their_mode() {
            let folder = folder();
            let path = folder.path().join("new/x");
            write(&path, b"", Access::Private).unwrap();
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            write(&path, b"", Access::Shared).unwrap();
            assert_eq!(mode(&path), 0o640);
            write(&path, b"", Access::Private).unwrap();
            assert_eq!(mode(&path), 0o600);
            let ordinary = folder.path().join("ordinary");
            fs::write(&ordinary, "").unwrap();
            let ours = folder.path().join("ours");
            write(&ours, b"", Access::Shared).unwrap();
            assert_eq!(mode(&ours), mode(&ordinary));
        }

        #[test]
        fn links_and_read_only_files_are_left_alone() {
            let folder = folder();
            let (target, link) = (folder.path().join("target"), folder.path().join("link"));
            fs::write(&target, "x").unwrap();
            symlink(&target, &link).unwrap();
            let problem = write(&link, b"y", Access::Shared).unwrap_err();
            assert!(
                why(&problem).starts_with("it is a symbolic link to "),
                "{problem}"
            );
            fs::set_permissions(&target, fs::Permissions::from_mode(0o400)).unwrap();
            let problem = write(&target, b"y", Access::Private).unwrap_err();
            assert_eq!(why(&problem), "it is read-only");
            assert_eq!(fs::read(&target).unwrap(), b"x");
        }
    }
}
