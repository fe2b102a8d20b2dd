//! What the API itself says where it refuses. How to go on from there is told elsewhere.

use crate::document::Document;

/// Where it says so, the most telling first: Astra's envelope has `description`, its token endpoint `error` and
/// `error_description`.
const FIELDS: [&str; 4] = ["description", "error_description", "error", "name"];

/// The words in `document`, the body of a refusal.
pub fn said(document: &Document) -> Option<String> {
    let root = document.root()?;
    FIELDS
        .iter()
        .filter_map(|name| document.get(root, name))
        .map(|field| document.text(field).into_owned())
        .find(|text| !text.trim().is_empty())
}
