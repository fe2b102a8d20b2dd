//! What the catalogue knows of a call: the endpoint that is named, or whose path was typed. Prepares nothing.

use std::borrow::Cow;

use url::form_urlencoded;

use crate::catalog::Catalog;
use crate::domain::{Call, Endpoint, Method, Problem};

/// Values of the `{name}` parts of a path.
pub type PathValues = Vec<(String, String)>;

impl Catalog {
    /// The endpoint that `call` calls. For a path of a person's own it is made up: with the answer of the endpoint that has
    /// this path, if there is one, and without anything that would be asked of the request.
    ///
    /// # Errors
    /// When no endpoint has the name.
    pub fn called(&self, call: &Call) -> Result<Cow<'_, Endpoint>, Problem> {
        let (method, path, host, auth) = match call {
            Call::Endpoint(id) => {
                let unknown = || Problem::new(format!("no endpoint is called {id}"));
                return self.endpoint(id).map(Cow::Borrowed).ok_or_else(unknown);
            }
            Call::Path {
                method,
                path,
                host,
                auth,
            } => (*method, path, *host, *auth),
        };
        let segments: Vec<_> = path.trim_matches('/').split('/').collect();
        let known = self.with_path(method, &segments);
        let mut endpoint = known.map_or_else(
            || Endpoint {
                summary: "a request of your own".into(),
                ..Endpoint::default()
            },
            |(known, _)| Endpoint {
                parameters: Vec::new(),
                query: Vec::new(),
                body: Vec::new(),
                one_of: Vec::new(),
                ..known.clone()
            },
        );
        endpoint.method = method;
        endpoint.path.clone_from(path);
        (endpoint.host, endpoint.auth) = (host, auth);
        Ok(Cow::Owned(endpoint))
    }

    /// The endpoint with this method whose path is `segments`, and the values of the `{name}` parts.
    pub fn with_path(&self, method: Method, segments: &[&str]) -> Option<(&Endpoint, PathValues)> {
        self.endpoints
            .iter()
            .filter(|endpoint| endpoint.method == method)
            .filter_map(|endpoint| Some((endpoint, matched(&endpoint.path, segments)?)))
            .min_by_key(|(_, values)| values.len()) // `/routines/preview` rather than `/routines/{id}`
    }
}

fn matched(pattern: &str, segments: &[&str]) -> Option<PathValues> {
    let pattern: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    if pattern.len() != segments.len() {
        return None;
    }
    let mut values = Vec::new();
    for (part, segment) in pattern.into_iter().zip(segments) {
        match part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'))
        {
            Some(name) if !segment.is_empty() => values.push((name.to_owned(), decoded(segment))),
            _ if part == *segment => {}
            _ => return None,
        }
    }
    Some(values)
}

/// A segment of a path with its `%41` decoded; a plus stays one there.
pub(crate) fn decoded(segment: &str) -> String {
    let pair = format!("={}", segment.replace('+', "%2B").replace('&', "%26"));
    let value = form_urlencoded::parse(pair.as_bytes()).next();
    value
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Auth, Host};

    fn path(method: Method, path: &str) -> Call {
        Call::Path {
            method,
            path: path.into(),
            host: Host::Secure,
            auth: Auth::None,
        }
    }

    #[test]
    fn a_path_of_ones_own_has_the_answer_of_the_endpoint_with_that_path() {
        let catalog = Catalog::built_in().unwrap();
        let called = catalog
            .called(&path(Method::Get, "/v1/accounts/abc"))
            .unwrap();
        assert_eq!(called.id.as_str(), "accounts.get");
        assert!(called.answer.is_some());
        assert_eq!(called.path, "/v1/accounts/abc");
        assert_eq!((called.host, called.auth), (Host::Secure, Auth::None));
        assert!(called.parameters.is_empty(), "nothing is asked of it");
    }

    #[test]
    fn an_unknown_path_writes_unless_it_only_gets() {
        let catalog = Catalog::built_in().unwrap();
        for (method, writes) in [
            (Method::Get, false),
            (Method::Post, true),
            (Method::Delete, true),
        ] {
            let called = catalog.called(&path(method, "/v9/x")).unwrap();
            assert_eq!((called.id.as_str(), called.writes()), ("", writes));
        }
    }

    #[test]
    fn a_name_that_no_endpoint_has_is_told() {
        let call = Call::Endpoint(crate::domain::EndpointId::new("a.b"));
        let problem = Catalog::default().called(&call).unwrap_err();
        assert_eq!(problem.what, "no endpoint is called a.b");
    }
}
