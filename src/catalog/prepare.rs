//! Turns a draft into a request: fills the path, joins the query, chooses the host. Sends nothing.

use url::Url;

use crate::domain::{Draft, Endpoint, Host, Hosts, Prepared, Problem};

impl Endpoint {
    /// The names of the `{name}` parts of the path, in order.
    pub fn path_parts(&self) -> impl Iterator<Item = &str> {
        self.path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The request that `draft` asks for, at `hosts`.
    ///
    /// # Errors
    /// When a part of the path has no value, or a host's URL is not one.
    pub fn prepare(&self, draft: &Draft, hosts: &Hosts) -> Result<Prepared, Problem> {
        let base = match self.host {
            Host::Api => &hosts.api,
            Host::Secure => &hosts.secure,
        };
        let mut url = Url::parse(base).map_err(|error| {
            Problem::new(format!("{base} is not a URL"))
                .because(error.to_string())
                .hint("correct the URLs of the profile in config.toml")
        })?;
        let mut segments = Vec::new();
        for part in self.path.trim_start_matches('/').split('/') {
            segments.push(
                match part
                    .strip_prefix('{')
                    .and_then(|part| part.strip_suffix('}'))
                {
                    Some(name) => draft
                        .path
                        .get(name)
                        .filter(|value| !value.is_empty())
                        .ok_or_else(|| {
                            Problem::new(format!("{name} is missing"))
                                .because(format!("{} needs it in its path {}", self.id, self.path))
                        })?,
                    None => part,
                },
            );
        }
        url.path_segments_mut()
            .map_err(|()| Problem::new(format!("{base} cannot carry a path")))?
            .pop_if_empty()
            .extend(segments);
        if !draft.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&draft.query);
        }
        let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
        if draft.body.is_some() {
            let kind = if self.form {
                "application/x-www-form-urlencoded"
            } else {
                "application/json"
            };
            headers.push(("content-type".to_owned(), kind.to_owned()));
        }
        Ok(Prepared {
            method: self.method,
            url: url.into(),
            headers,
            body: draft.body.clone(),
            auth: self.auth,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn prepare(draft: &Draft) -> Result<Prepared, Problem> {
        let catalog = Catalog::built_in().unwrap();
        let hosts = Hosts::single("http://127.0.0.1:1/base");
        catalog
            .endpoint(&draft.endpoint)
            .unwrap()
            .prepare(draft, &hosts)
    }

    #[test]
    fn a_value_in_the_path_cannot_leave_its_segment() {
        let draft = Draft::new("accounts.get").with_path("id", "../user?x#y");
        let url = prepare(&draft).unwrap().url;
        assert_eq!(url, "http://127.0.0.1:1/base/v1/accounts/..%2Fuser%3Fx%23y");
    }

    #[test]
    fn a_missing_part_of_the_path_is_named() {
        let problem = prepare(&Draft::new("accounts.get")).unwrap_err();
        assert_eq!(problem.what, "id is missing");
    }

    #[test]
    fn query_values_are_escaped() {
        let mut draft = Draft::new("accounts.list");
        draft.query.push(("cursor".into(), "a&b=c".into()));
        assert!(
            prepare(&draft)
                .unwrap()
                .url
                .ends_with("/v1/accounts?cursor=a%26b%3Dc")
        );
    }
}
