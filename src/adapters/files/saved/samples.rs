//! Examples of saved requests that come with the program, for a person to start from.

use include_dir::{Dir, include_dir};

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::saved::{SavedRequests, read};
use crate::domain::{Place, Problem, RequestName, SavedRequest};

static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/samples");

/// The examples with the text of their files.
fn samples() -> Result<Vec<(SavedRequest, &'static str)>, Problem> {
    let mut found = Vec::new();
    let mut folders = vec![&SAMPLES];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            let (Some(name), Some(text)) = (path.strip_suffix(".toml"), file.contents_utf8())
            else {
                continue; // only requests are offered
            };
            found.push((read(&path, RequestName::parse(name)?, text)?, text));
        }
    }
    found.sort_by(|one, two| one.0.name.cmp(&two.0.name));
    Ok(found)
}

impl SavedRequests {
    /// Writes the examples into the person's own folder, comments and all, where no file has their names. Answers with what
    /// was done.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn add_samples(&self) -> Result<String, Problem> {
        let mut count = 0;
        for (request, text) in samples()? {
            let path = self.path(Place::Personal, &request.name)?;
            if !path.exists() {
                atomic::write(&path, text.as_bytes(), Access::Shared)?;
                count += 1;
            }
        }
        Ok(match count {
            0 => "the examples are all there".into(),
            count => format!("{count} examples added to your requests"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_example_is_sound_and_calls_what_there_is() {
        let catalog = Catalog::built_in().unwrap();
        let samples = samples().unwrap();
        assert!(samples.len() >= 3);
        for (request, _) in samples {
            assert!(catalog.called(&request.call).is_ok(), "{}", request.name);
            assert!(!request.description.is_empty(), "{}", request.name);
        }
    }

    #[test]
    fn examples_are_added_once() {
        let folder = tempfile::tempdir().unwrap();
        let saved = SavedRequests::find(folder.path(), folder.path());
        let words = saved.add_samples().unwrap();
        assert!(
            words.ends_with("examples added to your requests"),
            "{words}"
        );
        assert_eq!(saved.list().len(), samples().unwrap().len());
        assert_eq!(saved.add_samples().unwrap(), "the examples are all there");
    }
}
