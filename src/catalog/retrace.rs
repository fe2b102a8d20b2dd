//! Goes back from a request that was sent to the draft that it was made of.

use std::collections::BTreeMap;

use url::{Url, form_urlencoded};

use crate::catalog::Catalog;
use crate::domain::{Draft, EndpointId, Prepared, Problem};

impl Catalog {
    /// The draft of which `request` was made, for the endpoint called `id`; for nobody yet. What was masked stays masked.
    ///
    /// # Errors
    /// When the endpoint is not known any more, or has another path now.
    pub fn retrace(&self, id: &EndpointId, request: &Prepared) -> Result<Draft, Problem> {
        let endpoint = self
            .endpoint(id)
            .ok_or_else(|| Problem::new(format!("no endpoint is called {id}")))?;
        let url = Url::parse(&request.url).map_err(|error| {
            Problem::new("this exchange has no proper URL").because(error.to_string())
        })?;
        let path = path_values(&endpoint.path, url.path()).ok_or_else(|| {
            Problem::new(format!("{} is not at {} any more", id, url.path()))
                .because(format!("the catalogue has it at {}", endpoint.path))
        })?;
        Ok(Draft {
            endpoint: id.clone(),
            path,
            query: url.query_pairs().into_owned().collect(),
            body: request.body.clone(),
            user: None,
        })
    }
}

/// The values of the `{name}` parts of `pattern` in `path`. What stands before them is the base path of the host.
fn path_values(pattern: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let pattern: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let rest = segments.get(segments.len().checked_sub(pattern.len())?..)?;
    let mut values = BTreeMap::new();
    for (part, segment) in pattern.into_iter().zip(rest) {
        match part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'))
        {
            Some(name) => {
                values.insert(name.to_owned(), decoded(segment));
            }
            None if part == *segment => {}
            None => return None,
        }
    }
    Some(values)
}

/// A segment of a path with its `%41` decoded; a plus stays one there.
fn decoded(segment: &str) -> String {
    let pair = format!("={}", segment.replace('+', "%2B").replace('&', "%26"));
    let value = form_urlencoded::parse(pair.as_bytes()).next();
    value
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, Hosts};

    #[test]
    fn a_request_goes_back_to_the_draft_that_it_was_made_of() {
        let catalog = Catalog::built_in().unwrap();
        let hosts = Hosts::single("http://127.0.0.1:8080/base");
        let mut draft = Draft::new("accounts.get").with_path("id", "a/b+c");
        draft.query.push(("limit".into(), "5 &".into()));
        draft.body = Some(Body::from("{}"));
        let endpoint = catalog.endpoint(&draft.endpoint).unwrap();
        let request = endpoint.prepare(&draft, &hosts).unwrap();
        assert_eq!(catalog.retrace(&draft.endpoint, &request), Ok(draft));
    }
}
