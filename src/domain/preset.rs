//! Values for a call that have a known effect in the sandbox.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::EndpointId;

/// A named set of values for a call of one endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Short name, unique for its endpoint: `approved`.
    pub id: String,
    /// Which endpoint it is for.
    pub endpoint: EndpointId,
    /// What comes of it, to read after the name.
    pub meaning: String,
    /// By the name of the field.
    pub values: BTreeMap<String, String>,
}
