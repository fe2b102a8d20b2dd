//! What is filled in before a request is saved, and the request that comes of it.

use crate::domain::{Expectations, FieldCheck, Place, Problem, RequestName, SavedRequest};

/// A request that is about to be saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saving {
    /// What it shall be called, as it was typed.
    pub name: String,
    /// Which folder it goes into.
    pub place: Place,
    /// Whether there is a project to save into.
    pub has_project: bool,
    /// What is sent, with its ids as they are.
    pub request: SavedRequest,
    /// Ids in it, and what can stand for each.
    pub references: Vec<(String, String)>,
    /// Whether that shall stand there.
    pub with_references: bool,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Whether it shall be expected.
    pub with_status: bool,
    /// Whether the shape of the answer is documented.
    pub has_shape: bool,
    /// Whether it shall be expected.
    pub with_shape: bool,
    /// The value that was looked at in the answer.
    pub field: Option<FieldCheck>,
    /// Whether it shall be expected.
    pub with_field: bool,
    /// What it needs and has not, so that it is not sent as it is.
    pub missing: Vec<String>,
    /// Why it was not saved.
    pub problem: Option<Problem>,
}

impl Saving {
    /// The request as it will be saved.
    ///
    /// # Errors
    /// When the name cannot be one.
    pub fn result(&self) -> Result<SavedRequest, Problem> {
        let mut request = self.request.clone();
        request.name = RequestName::parse(self.name.trim())?;
        if self.with_references {
            for text in request.texts_mut() {
                for (id, reference) in &self.references {
                    *text = text.replace(id, reference);
                }
            }
        }
        request.expect = Expectations {
            status: self.status.filter(|_| self.with_status),
            shape: self.has_shape && self.with_shape,
            fields: self
                .field
                .clone()
                .filter(|_| self.with_field)
                .into_iter()
                .collect(),
            ..request.expect
        };
        Ok(request)
    }
}
