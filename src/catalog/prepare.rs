//! Turns a draft into a request: fills the path, joins the query, chooses the host. Sends nothing.

use url::Url;

use crate::domain::{Auth, Call, Draft, Endpoint, Host, Hosts, Prepared, Problem};

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
    /// When a part of the path has no value, a header may not be set, or a host's URL is not one.
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
        match &draft.call {
            Call::Endpoint(_) => {
                let segments = self.segments(draft)?;
                url.path_segments_mut()
                    .map_err(|()| Problem::new(format!("{base} cannot carry a path")))?
                    .pop_if_empty()
                    .extend(segments);
            }
            // As it was typed, with its percent signs: whoever types a path knows what is to be escaped in it.
            Call::Path { path, .. } => {
                let path = format!(
                    "{}/{}",
                    url.path().trim_end_matches('/'),
                    path.trim_start_matches('/')
                );
                url.set_path(&path);
            }
        }
        if !draft.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&draft.query);
        }
        Ok(Prepared {
            method: self.method,
            url: url.into(),
            headers: self.headers(draft)?,
            body: draft.body.clone(),
            auth: self.auth,
        })
    }

    /// The segments of the path, each `{name}` replaced by its value.
    fn segments<'a>(&'a self, draft: &'a Draft) -> Result<Vec<&'a str>, Problem> {
        let needed = |name: &str| {
            Problem::new(format!("{name} is missing"))
                .because(format!("{} needs it in its path {}", self.id, self.path))
        };
        let segment = |part: &'a str| {
            let name = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'));
            let Some(name) = name else { return Ok(part) };
            match draft.path.get(name).map(String::as_str) {
                None | Some("") => Err(needed(name)),
                // These two are no names of anything: they would call the endpoint one level up.
                Some("." | "..") => Err(Problem::new(format!("{name} cannot be dots only"))),
                Some(value) => Ok(value),
            }
        };
        self.path
            .trim_start_matches('/')
            .split('/')
            .map(segment)
            .collect()
    }

    /// The header fields that every request has, with those of `draft` beside them or in their place.
    fn headers(&self, draft: &Draft) -> Result<Vec<(String, String)>, Problem> {
        let kind = if self.form {
            "application/x-www-form-urlencoded"
        } else {
            "application/json"
        };
        let kind = draft.body.as_ref().map(|_| ("content-type", kind));
        let own = [("accept", "application/json")].into_iter().chain(kind);
        let is_replaced = |own: &str| {
            draft
                .headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case(own))
        };
        let own = own.filter(|(name, _)| !is_replaced(name));
        for (name, _) in &draft.headers {
            check_header(name, self.auth)
                .map_err(|reason| Problem::new(format!("the header {name:?}: {reason}")))?;
        }
        Ok(own
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .chain(draft.headers.iter().cloned())
            .collect())
    }
}

/// Header fields that follow from the rest of a request: another value would only break it.
const OF_TRANSPORT: [&str; 5] = [
    "host",
    "content-length",
    "connection",
    "transfer-encoding",
    "te",
];

/// Header fields by which some servers take another method than the one that is sent, and that was asked about.
const OVERRIDES: [&str; 3] = [
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
];

/// Checks the name of a header field that a person sets, where the credential is `auth`.
///
/// # Errors
/// Why it may not be set, as a short phrase to stand beside it.
pub fn check_header(name: &str, auth: Auth) -> Result<(), String> {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_of_token) {
        return Err("a name has letters, digits and dashes only".into());
    }
    if name.eq_ignore_ascii_case("authorization") && auth != Auth::None {
        return Err("the program sends its own; choose auth none to send another".into());
    }
    let lower = name.to_ascii_lowercase();
    if OVERRIDES.contains(&lower.as_str()) {
        return Err("choose the method itself instead".into());
    }
    match OF_TRANSPORT.contains(&lower.as_str()) {
        true => Err("it follows from the rest of the request".into()),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::domain::{Body, Method};

    fn prepare(draft: &Draft) -> Result<Prepared, Problem> {
        let catalog = Catalog::built_in().unwrap();
        let hosts = Hosts::single("http://127.0.0.1:1/base");
        catalog.called(&draft.call)?.prepare(draft, &hosts)
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

    fn free(path: &str, auth: Auth) -> Draft {
        Draft {
            call: Call::Path {
                method: Method::Post,
                path: path.into(),
                host: Host::Api,
                auth,
            },
            ..Draft::default()
        }
    }

    #[test]
    fn a_value_of_dots_does_not_call_what_is_one_level_up() {
        let draft = Draft::new("cards.delete").with_path("id", "..");
        assert_eq!(prepare(&draft).unwrap_err().what, "id cannot be dots only");
    }

    #[test]
    fn a_path_of_ones_own_goes_out_as_it_was_typed() {
        let mut draft = free("/v9/a%20b/{c}", Auth::None);
        draft.query.push(("x".into(), "1 2".into()));
        let prepared = prepare(&draft).unwrap();
        assert_eq!(
            prepared.url,
            "http://127.0.0.1:1/base/v9/a%20b/{c}?x=1+2".replace("{c}", "%7Bc%7D")
        );
        assert_eq!(prepared.method, Method::Post);
    }

    #[test]
    fn a_header_of_ones_own_takes_the_place_of_the_programs() {
        let mut draft = free("/v9", Auth::None);
        draft.body = Some(Body::from("a"));
        draft.headers = vec![
            ("Content-Type".into(), "text/plain".into()),
            ("x-mine".into(), "1".into()),
        ];
        let headers = prepare(&draft).unwrap().headers;
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["accept", "Content-Type", "x-mine"]);
    }

    #[test]
    fn a_credential_is_typed_by_hand_only_where_the_program_sends_none() {
        let with = |auth| {
            let mut draft = free("/v9", auth);
            let header = ("Authorization".into(), "Bearer topsecret".into());
            draft.headers.push(header);
            prepare(&draft)
        };
        let prepared = with(Auth::None).unwrap();
        assert!(!format!("{prepared:?}").contains("topsecret"));
        let problem = with(Auth::Bearer).unwrap_err();
        assert_eq!(
            problem.what,
            "the header \"Authorization\": the program sends its own; choose auth none to send another"
        );
    }

    #[test]
    fn a_header_that_is_none_or_the_transports_is_refused() {
        for name in [
            "",
            "a b",
            "é",
            "Content-Length",
            "host",
            "X-HTTP-Method-Override",
        ] {
            assert!(check_header(name, Auth::None).is_err(), "{name}");
        }
    }
}
