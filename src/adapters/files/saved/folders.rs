//! Where saved requests are: the project's folder and the person's own. Loads, saves and removes them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::read_optional;
use crate::adapters::files::saved::listing::{self, Listed};
use crate::adapters::files::saved::{read, refer, write};
use crate::adapters::history::mask::Marks;
use crate::domain::{Place, Problem, RequestName, SavedRequest};

/// The folder that makes a project of the one that it is in.
pub(crate) const PROJECT: &str = ".astrascope";
/// The folder below that, and below the folder of the settings; the first that is saved makes it.
const REQUESTS: &str = "requests";

/// The folders with saved requests; the first has precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedRequests {
    folders: Vec<(Place, PathBuf)>,
}

impl SavedRequests {
    /// The folders for somebody who starts the program in `current`, with settings in `settings`.
    pub fn find(settings: &Path, current: &Path) -> Self {
        let project = current
            .ancestors()
            .map(|folder| folder.join(PROJECT))
            .find(|folder| folder.is_dir());
        let mut folders: Vec<_> = project
            .map(|folder| (Place::Project, folder.join(REQUESTS)))
            .into_iter()
            .collect();
        folders.push((Place::Personal, settings.join(REQUESTS)));
        Self { folders }
    }

    /// The folders, the one with precedence first.
    pub fn folders(&self) -> &[(Place, PathBuf)] {
        &self.folders
    }

    /// Everything in all folders, in the order of their names. What cannot be read does not keep the rest from being found.
    pub fn list(&self) -> Vec<Listed> {
        listing::list(&self.folders)
    }

    /// The request called `name`: of `place`, or of the first folder that has it.
    ///
    /// # Errors
    /// When there is none, or its file is wrong.
    pub fn load(&self, place: Option<Place>, name: &RequestName) -> Result<SavedRequest, Problem> {
        for (_, folder) in self
            .folders
            .iter()
            .filter(|(known, _)| place.is_none_or(|place| place == *known))
        {
            let path = file(folder, name);
            if let Some(text) = read_optional(&path)? {
                return read(&path.display().to_string(), name.clone(), &text);
            }
        }
        Err(Problem::new(format!("no saved request is called {name}")))
    }

    /// Writes `request` into the folder of `place`, over what is there under its name. What a person wrote in that file stays
    /// where its meaning stays. Secrets become references; the answer tells which, a line each.
    ///
    /// # Errors
    /// When the file cannot be written, or what is there cannot be read.
    pub fn save(
        &self,
        place: Place,
        mut request: SavedRequest,
        marks: &Marks,
    ) -> Result<Vec<String>, Problem> {
        let path = self.path(place, &request.name)?;
        let notes = refer(&mut request, marks);
        let old = read_optional(&path)?;
        let text = write(&path.display().to_string(), old.as_deref(), &request)?;
        if old.as_ref() != Some(&text) {
            atomic::write(&path, text.as_bytes(), Access::Shared)?;
        }
        Ok(notes)
    }

    /// The same, unless there is a file of that name already.
    ///
    /// # Errors
    /// As [`SavedRequests::save`].
    pub fn save_new(
        &self,
        place: Place,
        request: SavedRequest,
        marks: &Marks,
    ) -> Result<Option<Vec<String>>, Problem> {
        match self.path(place, &request.name)?.exists() {
            true => Ok(None),
            false => self.save(place, request, marks).map(Some),
        }
    }

    /// The text of the file called `name` in the folder of `place`, broken or not.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn text(&self, place: Place, name: &str) -> Result<String, Problem> {
        let name = RequestName::parse(name)?;
        let text = read_optional(&self.path(place, &name)?)?;
        text.ok_or_else(|| Problem::new(format!("{name} is not there any more")))
    }

    /// Removes the request called `name`, and folders that are empty without it.
    ///
    /// # Errors
    /// When it is not there, or cannot be removed.
    pub fn remove(&self, place: Place, name: &RequestName) -> Result<(), Problem> {
        let path = self.path(place, name)?;
        fs::remove_file(&path).map_err(|error| {
            Problem::new(format!("{} was not removed", path.display())).because(error.to_string())
        })?;
        let inner = name.as_str().matches('/').count();
        for folder in path.ancestors().skip(1).take(inner) {
            if fs::remove_dir(folder).is_err() {
                break; // it has other files
            }
        }
        Ok(())
    }

    /// Where the file of `name` is, or would be.
    ///
    /// # Errors
    /// When there is no such place: the program was not started in a project.
    pub fn path(&self, place: Place, name: &RequestName) -> Result<PathBuf, Problem> {
        let name = RequestName::parse(name.as_str())?; // nothing that was made otherwise leads out of the folder
        let folder = self.folders.iter().find(|(known, _)| *known == place);
        folder
            .map(|(_, folder)| file(folder, &name))
            .ok_or_else(|| {
                Problem::new("there is no project here")
                    .because(format!(
                        "no folder {PROJECT} was found in this folder or above it"
                    ))
                    .hint(format!("make one with mkdir {PROJECT}"))
            })
    }
}

fn file(folder: &Path, name: &RequestName) -> PathBuf {
    let mut path = folder.to_owned();
    path.extend(name.as_str().split('/'));
    path.as_mut_os_string().push(".toml"); // set_extension would cut `v1.2` to `v1`
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Call, EndpointId};

    fn request(name: &str) -> SavedRequest {
        SavedRequest {
            name: RequestName::parse(name).unwrap(),
            call: Call::Endpoint(EndpointId::new("accounts.list")),
            ..SavedRequest::default()
        }
    }

    fn names(listed: &[Listed]) -> Vec<String> {
        listed
            .iter()
            .map(|one| format!("{:?} {}", one.place, one.name))
            .collect()
    }

    #[test]
    fn the_folder_of_the_project_is_found_upward_and_bad_files_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let (settings, deep) = (
            folder.path().join("settings"),
            folder.path().join("project/a/b"),
        );
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir_all(folder.path().join("project").join(PROJECT)).unwrap();
        let saved = SavedRequests::find(&settings, &deep);
        assert_eq!(saved.list(), []);
        for (place, name) in [
            (Place::Personal, "mine"),
            (Place::Project, "v1.0/list.all"),
            (Place::Project, "first"),
            (Place::Personal, "first"),
        ] {
            assert_eq!(
                saved.save(place, request(name), &Marks::default()),
                Ok(Vec::new())
            );
        }
        let project = &saved.folders()[0].1;
        fs::write(project.join("broken.toml"), "endpoint = 'a'\nx = 1\n").unwrap();
        fs::write(project.join(".hidden.toml"), "").unwrap();
        fs::write(project.join("notes.md"), "").unwrap();
        fs::write(project.join("first.answer.json"), "{}").unwrap();
        let listed = saved.list();
        assert_eq!(
            names(&listed),
            [
                "Project broken",
                "Project first",
                "Project v1.0/list.all",
                "Personal first",
                "Personal mine"
            ]
        );
        let recorded = listed.iter().filter(|one| one.is_recorded);
        assert_eq!(
            names(&recorded.cloned().collect::<Vec<_>>()),
            ["Project first"]
        );
        let wrong = listed.iter().find_map(|one| one.request.as_ref().err());
        let wrong = wrong.unwrap();
        assert!(
            wrong.what.ends_with("broken.toml:2: unknown key \"x\""),
            "{wrong:?}"
        );
    }

    #[test]
    fn requests_are_loaded_replaced_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let saved = SavedRequests::find(folder.path(), folder.path());
        let mut request = request("a/b");
        saved
            .save(Place::Personal, request.clone(), &Marks::default())
            .unwrap();
        let path = saved.path(Place::Personal, &request.name).unwrap();
        fs::write(
            &path,
            format!("# mine\n{}", fs::read_to_string(&path).unwrap()),
        )
        .unwrap();
        request.query.push(("code".into(), "c0de".into()));
        let notes = saved
            .save(Place::Personal, request.clone(), &Marks::default())
            .unwrap();
        assert_eq!(notes, ["a secret became {{env.ASTRA_CODE}}"]);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            "# mine\nendpoint = \"accounts.list\"\n\n[query]\ncode = \"{{env.ASTRA_CODE}}\"\n"
        );
        assert_eq!(
            saved.load(None, &request.name).unwrap().query[0].1,
            "{{env.ASTRA_CODE}}"
        );
        saved.remove(Place::Personal, &request.name).unwrap();
        assert!(!path.parent().unwrap().exists());
        assert_eq!(
            saved.load(None, &request.name).unwrap_err().what,
            "no saved request is called a/b"
        );
        let problem = saved
            .save(Place::Project, request, &Marks::default())
            .unwrap_err();
        assert_eq!(problem.what, "there is no project here");
    }
}
