//! Reads the catalogue's files, those that come with the program and a person's own.

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::catalog::Catalog;
use crate::catalog::mistake::LoadError;
use crate::domain::{Endpoint, Environment, Preset, Shape};

/// The control calls of the built-in sandbox, which Astra has not.
const CONTROL: (&str, &str) = (
    "sandbox/control.toml",
    include_str!("../../assets/sandbox/control.toml"),
);
/// Where they lie.
pub(crate) const CONTROL_PREFIX: &str = "/_sandbox";

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/catalog");

/// What stands in one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default)]
    pub(crate) endpoint: Vec<Endpoint>,
    #[serde(default)]
    pub(crate) shape: Vec<Shape>,
    #[serde(default)]
    pub(crate) preset: Vec<Preset>,
}

impl File {
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, LoadError> {
        toml::from_str(text).map_err(|error| LoadError::of_syntax(name, text, &error))
    }
}

impl Catalog {
    /// The catalogue that comes with the program.
    ///
    /// # Errors
    /// When an embedded file is wrong; a test keeps that from being shipped.
    pub fn built_in() -> Result<Self, LoadError> {
        let mut catalog = Self::default();
        for file in FILES.files() {
            let name = file.path().display().to_string();
            catalog.add(&name, file.contents_utf8().unwrap_or_default())?;
        }
        Ok(catalog)
    }

    /// The control calls of the built-in sandbox, and nothing else.
    ///
    /// # Errors
    /// As [`Catalog::built_in`].
    pub(crate) fn control() -> Result<Self, LoadError> {
        let mut catalog = Self::default();
        catalog.add(CONTROL.0, CONTROL.1)?;
        Ok(catalog)
    }

    /// Knows the control calls of the built-in sandbox in that environment, and in no other.
    pub fn adapt(&mut self, environment: Environment) {
        if environment == Environment::BuiltIn {
            let _ = self.add(CONTROL.0, CONTROL.1); // the file is built in, and a test reads it
        } else {
            let is_control = |path: &str| path.starts_with(CONTROL_PREFIX);
            self.endpoints.retain(|one| !is_control(&one.path));
        }
    }

    /// Adds the endpoints and shapes of one file; one with a known id replaces the known one.
    ///
    /// What the file refers to may come later: nothing beyond its form is checked.
    ///
    /// # Errors
    /// When `text` is not TOML of the catalogue's form.
    pub(crate) fn add(&mut self, file: &str, text: &str) -> Result<(), LoadError> {
        let content = File::parse(file, text)?;
        self.take(content);
        Ok(())
    }

    /// Adds a person's own file: as [`Catalog::built_in`] reads its own, but checked for everything that would fail later.
    ///
    /// A file is taken as a whole or not at all, so a wrong one leaves everything else working.
    ///
    /// # Errors
    /// With file, line and key, when `text` is not of the catalogue's form, names a shape that there is not, has a
    /// pattern that is none, or leaves a `{part}` of a path undescribed.
    pub fn overlay(&mut self, file: &str, text: &str) -> Result<(), LoadError> {
        let content = File::parse(file, text)?;
        content.check(file, text, self)?;
        self.take(content);
        Ok(())
    }

    fn take(&mut self, file: File) {
        for new in file.endpoint {
            match self.endpoints.iter_mut().find(|old| old.id == new.id) {
                Some(old) => *old = new,
                None => self.endpoints.push(new),
            }
        }
        for new in file.preset {
            let is_same = |old: &&mut Preset| old.id == new.id && old.endpoint == new.endpoint;
            match self.presets.iter_mut().find(is_same) {
                Some(old) => *old = new,
                None => self.presets.push(new),
            }
        }
        let shapes = file.shape.into_iter();
        self.shapes
            .extend(shapes.map(|shape| (shape.id.clone(), shape)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Auth, EndpointId, Profile};

    /// An endpoint of one's own; a correction of a known one when `id` is known.
    fn endpoint(id: &str, path: &str) -> String {
        format!(
            "[[endpoint]]\nid = \"{id}\"\nmethod = \"GET\"\npath = \"{path}\"\nsummary = \"s\"\nauth = \"bearer\"\nsuccess = 200\n"
        )
    }

    #[test]
    fn every_built_in_file_would_pass_as_a_file_of_ones_own() {
        let mut catalog = Catalog::built_in().unwrap();
        for file in FILES.files() {
            let name = file.path().display().to_string();
            catalog
                .overlay(&name, file.contents_utf8().unwrap())
                .unwrap();
        }
        assert_eq!(catalog, Catalog::built_in().unwrap());
        catalog.overlay(CONTROL.0, CONTROL.1).unwrap();
    }

    #[test]
    fn control_calls_are_known_on_the_built_in_sandbox_only_and_never_ask() {
        let usual = Catalog::built_in().unwrap();
        let mut catalog = usual.clone();
        for _ in 0..2 {
            catalog.adapt(Environment::BuiltIn);
        }
        let all = Catalog::control().unwrap().endpoints;
        assert_eq!(catalog.endpoints.len(), usual.endpoints.len() + all.len());
        let profile = Profile::built_in();
        for endpoint in &all {
            assert!(endpoint.path.starts_with(CONTROL_PREFIX), "{}", endpoint.id);
            assert_eq!(
                (endpoint.id.resource(), endpoint.auth),
                ("sandbox", Auth::None)
            );
            assert!(!profile.asks_before(endpoint), "{}", endpoint.id);
        }
        for other in [
            Environment::Sandbox,
            Environment::Production,
            Environment::Custom,
        ] {
            let mut catalog = catalog.clone();
            catalog.adapt(other);
            assert_eq!(catalog.endpoints, usual.endpoints);
        }
    }

    #[test]
    fn a_later_file_corrects_an_earlier_one() {
        let mut catalog = Catalog::built_in().unwrap();
        let before = catalog.endpoints().len();
        let text = endpoint("accounts.list", "/v2/accounts");
        catalog.overlay("mine.toml", &text).unwrap();
        assert_eq!(catalog.endpoints().len(), before);
        let endpoint = catalog.endpoint(&EndpointId::new("accounts.list")).unwrap();
        assert_eq!(endpoint.path, "/v2/accounts");
    }

    #[test]
    fn a_file_may_use_built_in_shapes_and_its_own() {
        let mut catalog = Catalog::built_in().unwrap();
        let text = endpoint("a.b", "/a")
            + "answer = \"mine\"\n[[shape]]\nid = \"mine\"\nfield = [{ name = \"a\", type = \"object\", shape = \"account\" }]\n";
        catalog.overlay("mine.toml", &text).unwrap();
        let endpoint = catalog.endpoint(&EndpointId::new("a.b")).unwrap();
        assert_eq!(catalog.answer_fields(endpoint).len(), 1);
    }

    #[test]
    fn a_wrong_file_changes_nothing() {
        let mut catalog = Catalog::built_in().unwrap();
        let text = endpoint("a.b", "/a") + &endpoint("a.c", "/a/{id}");
        catalog.overlay("mine.toml", &text).unwrap_err();
        assert_eq!(catalog, Catalog::built_in().unwrap());
    }
}
