//! Reads the catalogue's files; a mistake in one names the file, the line and the key.

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use thiserror::Error;

use crate::catalog::Catalog;
use crate::domain::{Endpoint, Shape};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/catalog");

/// A mistake in a file of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}: {reason}")]
pub struct LoadError {
    /// Name of the file.
    pub file: String,
    /// Line, column and key, as the parser tells them.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    endpoint: Vec<Endpoint>,
    #[serde(default)]
    shape: Vec<Shape>,
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
        catalog.check()?;
        Ok(catalog)
    }

    /// Adds the endpoints and shapes of one file; one with a known id replaces the known one.
    ///
    /// # Errors
    /// When `text` is not TOML of the catalogue's form.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), LoadError> {
        let File { endpoint, shape } = toml::from_str(text).map_err(|error| LoadError {
            file: file.to_owned(),
            reason: error.to_string(),
        })?;
        for new in endpoint {
            match self.endpoints.iter_mut().find(|old| old.id == new.id) {
                Some(old) => *old = new,
                None => self.endpoints.push(new),
            }
        }
        self.shapes
            .extend(shape.into_iter().map(|shape| (shape.id.clone(), shape)));
        Ok(())
    }

    /// Every shape that is named must exist, and every `{part}` of a path must be described.
    fn check(&self) -> Result<(), LoadError> {
        let wrong = |file: &str, reason: String| {
            Err(LoadError {
                file: file.to_owned(),
                reason,
            })
        };
        for endpoint in &self.endpoints {
            if let Some(answer) = &endpoint.answer
                && self.shape(answer).is_none()
            {
                return wrong(
                    endpoint.id.as_str(),
                    format!("no shape is called \"{answer}\""),
                );
            }
            for part in endpoint.path_parts() {
                if !endpoint.parameters.iter().any(|field| field.name == part) {
                    return wrong(
                        endpoint.id.as_str(),
                        format!("no [[endpoint.parameter]] describes {{{part}}}"),
                    );
                }
            }
        }
        let fields = self.endpoints.iter().flat_map(|endpoint| &endpoint.body);
        let nested = self.shapes.values().flat_map(|shape| &shape.fields);
        for field in fields.chain(nested) {
            if let Some(shape) = &field.shape
                && self.shape(shape).is_none()
            {
                return wrong(&field.name, format!("no shape is called \"{shape}\""));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EndpointId;

    #[test]
    fn the_built_in_catalogue_is_sound() {
        let catalog = Catalog::built_in().unwrap();
        assert!(
            catalog
                .endpoint(&EndpointId::new("accounts.list"))
                .is_some()
        );
    }

    #[test]
    fn a_mistake_names_file_line_and_key() {
        let text = "[[endpoint]]\nid = \"a.b\"\nmethod = \"FETCH\"\n";
        let error = Catalog::default()
            .add("mine.toml", text)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("mine.toml: "), "{error}");
        assert!(error.contains("line 3"), "{error}");
        assert!(error.contains("method"), "{error}");
    }

    #[test]
    fn a_later_file_corrects_an_earlier_one() {
        let mut catalog = Catalog::built_in().unwrap();
        let before = catalog.endpoints().len();
        let text = "[[endpoint]]\nid = \"accounts.list\"\nmethod = \"GET\"\npath = \"/v2/accounts\"\nsummary = \"s\"\nauth = \"bearer\"\nsuccess = 200\n";
        catalog.add("mine.toml", text).unwrap();
        assert_eq!(catalog.endpoints().len(), before);
        let endpoint = catalog.endpoint(&EndpointId::new("accounts.list")).unwrap();
        assert_eq!(endpoint.path, "/v2/accounts");
    }
}
