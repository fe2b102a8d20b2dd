//! Goes back from a request that was sent to the draft that it was made of.

use url::Url;

use crate::catalog::Catalog;
use crate::domain::{Auth, Call, Draft, EndpointId, Host, Hosts, Prepared, Problem};

/// Header fields that every request gets, with the values that it gets.
const OWN: [(&str, &str); 3] = [
    ("accept", "application/json"),
    ("content-type", "application/json"),
    ("content-type", "application/x-www-form-urlencoded"),
];

/// Made anew for each sending: with the old one, the old answer would come again.
const IDEMPOTENCY: &str = "idempotency-key";

impl Catalog {
    /// The draft of which `request` was made, for nobody yet; what was masked stays masked. The endpoint called `id` is
    /// called if it still has this path, else the path itself.
    ///
    /// # Errors
    /// When its URL is none.
    pub fn retrace(
        &self,
        id: &EndpointId,
        request: &Prepared,
        hosts: Option<&Hosts>,
    ) -> Result<Draft, Problem> {
        let url = Url::parse(&request.url).map_err(|error| {
            Problem::new("this exchange has no proper URL").because(error.to_string())
        })?;
        let (host, path) = place(&url, hosts);
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let is_it = |(endpoint, _): &(&crate::domain::Endpoint, _)| endpoint.id == *id;
        let known = (0..segments.len())
            .filter_map(|start| self.with_path(request.method, segments.get(start..)?))
            .find(is_it);
        let mut draft = Draft {
            query: url.query_pairs().into_owned().collect(),
            body: request.body.clone(),
            ..Draft::default()
        };
        match known {
            Some((endpoint, values)) if endpoint.auth == request.auth => {
                draft.call = endpoint.id.clone().into();
                draft.path = values.into_iter().collect();
            }
            _ => {
                draft.call = Call::Path {
                    method: request.method,
                    path: path.to_owned(),
                    host,
                    auth: request.auth,
                };
            }
        }
        let is_own = |name: &str, value: &str| {
            name == IDEMPOTENCY
                || (name == "authorization" && request.auth != Auth::None)
                || OWN.contains(&(name, value))
        };
        let headers = request.headers.iter();
        let others = headers.filter(|(name, value)| !is_own(&name.to_ascii_lowercase(), value));
        draft.headers = others.cloned().collect();
        Ok(draft)
    }
}

/// Which host of `hosts` the URL is of, and its path there.
fn place<'a>(url: &'a Url, hosts: Option<&Hosts>) -> (Host, &'a str) {
    let bases = hosts
        .into_iter()
        .flat_map(|hosts| [(Host::Api, &hosts.api), (Host::Secure, &hosts.secure)]);
    for (host, base) in bases {
        let Ok(base) = Url::parse(base) else { continue };
        let below = url.path().strip_prefix(base.path().trim_end_matches('/'));
        if let Some(path) = below.filter(|_| base.origin() == url.origin()) {
            return (host, path);
        }
    }
    (Host::Api, url.path())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, Method};

    /// Sends `draft` and goes back from what was sent.
    fn back(draft: &Draft) -> Draft {
        let catalog = Catalog::built_in().unwrap();
        let mut hosts = Hosts::single("http://127.0.0.1:8080/base");
        hosts.secure = "http://127.0.0.1:9090".into();
        let endpoint = catalog.called(&draft.call).unwrap();
        let request = endpoint.prepare(draft, &hosts).unwrap();
        catalog
            .retrace(&endpoint.id, &request, Some(&hosts))
            .unwrap()
    }

    #[test]
    fn a_request_goes_back_to_the_draft_that_it_was_made_of() {
        let mut draft = Draft::new("accounts.get").with_path("id", "a/b+c");
        draft.query.push(("limit".into(), "5 &".into()));
        draft.headers.push(("x-mine".into(), "1".into()));
        draft.body = Some(Body::from("{}"));
        assert_eq!(back(&draft), draft);
        draft.headers.push(("Idempotency-Key".into(), "k".into()));
        assert_eq!(back(&draft).headers.len(), 1, "a key is made anew");
    }

    #[test]
    fn a_path_of_ones_own_comes_back_with_its_host() {
        for host in [Host::Api, Host::Secure] {
            let draft = Draft {
                call: Call::Path {
                    method: Method::Put,
                    path: "/v9/x%20y".into(),
                    host,
                    auth: Auth::None,
                },
                ..Draft::default()
            };
            assert_eq!(back(&draft), draft);
        }
    }
}
