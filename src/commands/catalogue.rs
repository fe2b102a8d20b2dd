//! The catalogue with a person's own files laid over it; a wrong one is told, and everything else works.

use std::fs;
use std::path::Path;

use crate::adapters::files;
use crate::catalog::Catalog;
use crate::commands::output::note;
use crate::domain::Problem;

/// Folder of the files, below that of the configuration.
pub(super) const FOLDER: &str = "catalog";

/// The built-in catalogue with the files of `config`'s folder `catalog` laid over it in the order of their names, and what
/// is wrong with those that were left out.
///
/// # Errors
/// When the built-in part is wrong, which a test keeps from being shipped.
pub fn read(config: &Path) -> anyhow::Result<(Catalog, Option<Problem>)> {
    let mut catalog = Catalog::built_in()?;
    let mut wrong = Vec::new();
    let folder = config.join(FOLDER);
    // Where there is no such folder, or it may not be looked into, there are no files.
    let files = fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = files.map(|file| file.file_name()).collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|end| end == "toml"));
    names.sort();
    for name in names {
        let shown = format!("{FOLDER}/{}", name.to_string_lossy());
        let result = match files::read_optional(&folder.join(&name)) {
            Ok(Some(text)) => catalog
                .overlay(&shown, &text)
                .map_err(|error| error.to_string()),
            Ok(None) => Ok(()), // gone meanwhile
            Err(problem) => Err(problem.to_string()),
        };
        wrong.extend(result.err());
    }
    Ok((catalog, told(&wrong, config)))
}

/// The same for a command without a screen: what is wrong goes to standard error.
///
/// # Errors
/// As [`read`].
pub fn read_and_tell(config: &Path) -> anyhow::Result<Catalog> {
    let (catalog, problem) = read(config)?;
    if let Some(problem) = problem {
        note(problem);
    }
    Ok(catalog)
}

fn told(wrong: &[String], config: &Path) -> Option<Problem> {
    let what = match wrong {
        [] => return None,
        [_] => "a file of your catalogue was left out".to_owned(),
        several => format!("{} files of your catalogue were left out", several.len()),
    };
    let hint = format!(
        "correct it in {} and start again; everything else works",
        config.display()
    );
    Some(Problem::new(what).because(wrong.join("; ")).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EndpointId;

    const MINE: &str = "[[endpoint]]\nid = \"moon.get\"\nmethod = \"GET\"\npath = \"/v9/moon\"\nsummary = \"The moon\"\nauth = \"none\"\nsuccess = 200\n";

    fn with(files: &[(&str, &str)]) -> (Catalog, Option<Problem>) {
        let config = tempfile::tempdir().unwrap();
        fs::create_dir(config.path().join(FOLDER)).unwrap();
        for (name, text) in files {
            fs::write(config.path().join(FOLDER).join(name), text).unwrap();
        }
        read(config.path()).unwrap()
    }

    #[test]
    fn ones_own_endpoints_are_there_beside_the_built_in_ones() {
        let (catalog, problem) = with(&[("mine.toml", MINE), ("notes.md", "# no catalogue")]);
        assert_eq!(problem, None);
        assert!(catalog.endpoint(&EndpointId::new("moon.get")).is_some());
        assert!(catalog.endpoint(&EndpointId::new("user.get")).is_some());
    }

    #[test]
    fn a_wrong_file_is_named_with_its_line_and_key_and_the_others_are_taken() {
        let wrong = MINE.replace("summary", "sumary");
        let (catalog, problem) = with(&[("a.toml", &wrong), ("b.toml", MINE)]);
        assert!(catalog.endpoint(&EndpointId::new("moon.get")).is_some());
        let problem = problem.unwrap().to_string();
        for words in ["catalog/a.toml:5", "sumary", "everything else works"] {
            assert!(problem.contains(words), "{problem}");
        }
    }

    #[test]
    fn without_a_folder_there_is_the_built_in_catalogue() {
        let config = tempfile::tempdir().unwrap();
        let (catalog, problem) = read(config.path()).unwrap();
        assert_eq!((catalog, problem), (Catalog::built_in().unwrap(), None));
    }
}
