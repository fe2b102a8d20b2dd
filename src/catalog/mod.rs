//! The endpoints of the API as data: read from TOML, looked up and searched, filled in to make a
//! request that is checked before it goes, and compared with the answer that comes.

mod body_check;
mod calls;
mod expectations;
mod load;
mod marks;
mod mistake;
mod pattern;
mod prepare;
mod refusal;
mod renewal;
mod retrace;
mod search;
mod secrets;
mod shape_check;
mod spelling;
mod template;
mod validate;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use body_check::{BodyProblem, DraftProblem, Part, check_body, check_draft};
pub use calls::PathValues;
pub(crate) use calls::decoded;
pub(crate) use expectations::excerpt;
pub use expectations::{Answer, Failure, check_expectations};
pub(crate) use load::CONTROL_PREFIX;
pub use marks::{Counts, Mark, Marks};
pub use mistake::LoadError;
pub use prepare::check_header;
pub use refusal::said;
pub use renewal::renew_expectations;
pub use search::{Match, Positions, rank};
pub(crate) use spelling::example;
pub use template::{Reference, Template, TemplateError};
pub use validate::check_value;

use crate::domain::{Endpoint, EndpointId, Field, Preset, Shape};

/// Every endpoint and shape that the program knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    endpoints: Vec<Endpoint>,
    shapes: BTreeMap<String, Shape>,
    presets: Vec<Preset>,
}

impl Catalog {
    /// All endpoints, grouped by file, in the order in which they are written.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The endpoint called `id`.
    pub fn endpoint(&self, id: &EndpointId) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.id == *id)
    }

    /// Values with a known effect for calls of `endpoint`.
    pub fn presets<'a>(&'a self, endpoint: &'a EndpointId) -> impl Iterator<Item = &'a Preset> {
        self.presets
            .iter()
            .filter(move |preset| preset.endpoint == *endpoint)
    }

    /// The shape called `id`.
    pub fn shape(&self, id: &str) -> Option<&Shape> {
        self.shapes.get(id)
    }

    /// The fields of one object in the answer of `endpoint`: of the object itself, or of a list's items.
    pub fn answer_fields(&self, endpoint: &Endpoint) -> &[Field] {
        endpoint
            .answer
            .as_deref()
            .and_then(|id| self.shape(id))
            .map_or(&[], |shape| &shape.fields)
    }
}
