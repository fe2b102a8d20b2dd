//! Hands a text to the person's own editor and takes it back. Whoever calls it gives the editor the terminal.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use tempfile::TempDir;

use crate::adapters::credentials::hide_secrets;
use crate::domain::{Body, Problem};

/// Where no variable names an editor.
const DEFAULT: &str = if cfg!(windows) { "notepad" } else { "vi" };

/// A text that is being edited. Its file goes with it, whatever the editor has put beside it.
pub struct Editing {
    /// A folder that nobody else may look into, since a body may hold secrets.
    folder: TempDir,
    file: PathBuf,
    editor: String,
    /// Whether the last line has its end; editors make one.
    ends_line: bool,
}

impl Editing {
    /// Writes `text` where the editor of the environment can take it.
    ///
    /// # Errors
    /// When there is no place for the file.
    pub fn start(text: &Body) -> Result<Self, Problem> {
        let named = ["VISUAL", "EDITOR"].into_iter().filter_map(env::var_os);
        Self::start_with(text, named, env::var_os("XDG_RUNTIME_DIR"))
    }

    /// The first of `named` that is not empty is the editor; the file goes to `memory`, if there is such a folder.
    fn start_with(
        text: &Body,
        named: impl IntoIterator<Item = OsString>,
        memory: Option<OsString>,
    ) -> Result<Self, Problem> {
        let mut named = named.into_iter().filter_map(|name| name.into_string().ok());
        let editor = named.find(|name| !name.trim().is_empty());
        // What lies in memory is gone with the machine's power, even if nobody removes it.
        let place = memory.map(PathBuf::from).filter(|place| place.is_dir());
        let place = place.unwrap_or_else(env::temp_dir);
        let fail = |error: io::Error| {
            Problem::new(format!("no file can be made in {}", place.display()))
                .because(error.to_string())
        };
        let folder = private().tempdir_in(&place).map_err(fail)?;
        let file = folder.path().join("body.json");
        write_private(&file, text.as_bytes()).map_err(fail)?;
        Ok(Self {
            folder,
            file,
            editor: editor.unwrap_or_else(|| DEFAULT.into()),
            ends_line: text.as_bytes().ends_with(b"\n"),
        })
    }

    /// The editor with the file. The variable may hold arguments, as in `code --wait`: a shell reads it, as git has it.
    /// The secrets of the environment are none of its business.
    pub fn command(&self) -> Command {
        let mut command = self.program();
        hide_secrets(&mut command);
        command
    }

    fn program(&self) -> Command {
        if cfg!(windows) {
            let mut words = self.editor.split_whitespace();
            let mut command = Command::new(words.next().unwrap_or(DEFAULT));
            command.args(words).arg(&self.file);
            return command;
        }
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("{} \"$@\"", self.editor))
            .arg(&self.editor)
            .arg(&self.file);
        command
    }

    /// The text as the editor has left it.
    ///
    /// # Errors
    /// When the editor could not be started or did not end well, and when what it has left is no text.
    pub fn finish(self, ended: io::Result<ExitStatus>) -> Result<String, Problem> {
        let Self {
            folder: _folder, // removed at the end of this
            file,
            editor,
            ends_line,
        } = self;
        let failed = Problem::new(format!("{editor} did not end well"))
            .hint("the body stays as it was; VISUAL or EDITOR names another editor");
        match ended {
            Ok(status) if status.success() => {}
            Ok(status) => return Err(failed.because(status.to_string())),
            Err(error) => return Err(failed.because(error.to_string())),
        }
        let bytes = fs::read(&file).map_err(|error| failed.because(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_not_utf8| {
            Problem::new("what the editor has saved is no UTF-8").hint("save it as UTF-8")
        })?;
        let end = if ends_line { "" } else { "\n" };
        Ok(text.strip_suffix(end).unwrap_or(&text).to_owned())
    }
}

/// How a folder is made that nobody else may look into.
fn private() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("astrascope-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder
}

#[cfg(unix)]
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(file)?.write_all(bytes)
}

#[cfg(not(unix))]
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(file, bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::adapters::credentials::CLIENT_SECRET_VARIABLE;

    fn edit(editor: &str, text: &str) -> Result<String, Problem> {
        let editing = Editing::start_with(&text.into(), [editor.into()], None).unwrap();
        let file = editing.file.clone();
        let ended = editing.command().status();
        let result = editing.finish(ended);
        assert!(!file.exists(), "the file is removed");
        assert!(!file.parent().unwrap().exists(), "and its folder");
        result
    }

    #[test]
    fn what_the_editor_saves_comes_back() {
        let editor = "f() { printf 'more\\n' >> \"$1\"; }; f";
        assert_eq!(edit(editor, "{}\n").unwrap(), "{}\nmore\n");
        let as_it_was = edit("f() { echo >> \"$1\"; }; f", "{}").unwrap();
        assert_eq!(as_it_was, "{}", "an editor ends the last line");
    }

    #[test]
    fn an_editor_that_fails_or_is_not_there_changes_nothing_and_is_named() {
        for editor in ["false", "/none/such-editor"] {
            let problem = edit(editor, "{}").unwrap_err();
            assert!(problem.what.starts_with(editor), "{problem}");
            assert!(problem.hint.unwrap().contains("EDITOR"));
        }
        assert!(edit("f() { printf '\\377' > \"$1\"; }; f", "").is_err());
    }

    #[test]
    fn the_editor_gets_no_secret_of_the_environment() {
        let editing = Editing::start_with(&"".into(), [], None).unwrap();
        let command = editing.command();
        let hidden = (CLIENT_SECRET_VARIABLE.as_ref(), None);
        assert!(command.get_envs().any(|variable| variable == hidden));
    }

    #[test]
    fn nobody_else_can_read_the_file() {
        let editing = Editing::start_with(&"1234".into(), [], None).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&editing.file), 0o600);
        assert_eq!(mode(editing.folder.path()), 0o700);
        assert_eq!(editing.editor, DEFAULT);
    }

    #[test]
    fn the_first_variable_that_says_something_names_the_editor_and_memory_is_preferred() {
        let memory = tempfile::tempdir().unwrap();
        let named = ["", "ed -s"].map(OsString::from);
        let place = Some(memory.path().into());
        let editing = Editing::start_with(&"".into(), named, place).unwrap();
        assert_eq!(editing.editor, "ed -s");
        assert!(editing.file.starts_with(memory.path()));
    }
}
