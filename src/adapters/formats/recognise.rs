//! Makes a saved request of a foreign one, and finds the endpoint of the catalogue that it calls.

use url::form_urlencoded;

use crate::adapters::formats::marked;
use crate::catalog::{Catalog, PathValues};
use crate::domain::{
    Auth, Call, Endpoint, EndpointId, Host, Method, RequestName, SavedRequest, is_loopback,
};

/// A request as another program tells it; its texts may have marked references.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Foreign {
    pub(super) method: String,
    /// With or without scheme and host.
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    /// Which credential goes with it, where that is not told by a header.
    pub(super) auth: Option<Auth>,
}

/// Header fields that every client makes for itself.
const OF_TRANSPORT: [&str; 6] = [
    "host",
    "content-length",
    "connection",
    "accept-encoding",
    "transfer-encoding",
    "te",
];
/// Header fields that tell about a browser or program, and not about the request.
const OF_PROGRAM: [&str; 12] = [
    "user-agent",
    "origin",
    "referer",
    "cookie",
    "accept-language",
    "cache-control",
    "pragma",
    "dnt",
    "priority",
    "upgrade-insecure-requests",
    "postman-token",
    "proxy-authorization",
];

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The saved request for `foreign`, named after its endpoint, and what could not be taken over.
///
/// `None` if it cannot be taken over at all; the note says why.
pub(super) fn recognise(
    catalog: &Catalog,
    foreign: &Foreign,
) -> (Option<SavedRequest>, Vec<String>) {
    let mut notes = Vec::new();
    let Some(method) = Method::parse(&foreign.method.to_uppercase()) else {
        let note = format!(
            "{} {} was left out: the API does not use this method",
            foreign.method,
            shown(&foreign.url)
        );
        return (None, vec![note]);
    };
    let place = split(&foreign.url, &mut notes);
    let mut request = SavedRequest::default();
    let mut scheme = foreign.auth;
    for (name, value) in &foreign.headers {
        if name.eq_ignore_ascii_case("authorization") {
            scheme = Some(of_header(value, &mut notes));
        }
    }
    let known = find(catalog, method, &place.path);
    let content_type = match known {
        Some((endpoint, _)) if endpoint.form => FORM,
        _ => JSON,
    };
    match known {
        Some((endpoint, values)) => {
            request.name = name_of(&endpoint.id);
            request.call = Call::Endpoint(endpoint.id.clone());
            request.path = values
                .into_iter()
                .map(|(name, value)| (name, marked::template(&value)))
                .collect();
            if let Some(scheme) = scheme.filter(|scheme| *scheme != endpoint.auth) {
                notes.push(format!(
                    "{} is called with {} credentials, not {}",
                    endpoint.id,
                    endpoint.auth.name(),
                    scheme.name()
                ));
            }
        }
        None => {
            let words = format!("{} {}", method.as_str(), place.path);
            request.name = RequestName::from_words([words.as_str()]);
            request.call = Call::Path {
                method,
                path: marked::template(&place.path),
                host: place.host,
                auth: scheme.unwrap_or(Auth::None),
            };
        }
    }
    request.query = place
        .query
        .into_iter()
        .map(|(name, value)| (name, marked::template(&value)))
        .collect();
    request.headers = headers(&foreign.headers, content_type, &mut notes);
    request.body = foreign.body.as_deref().map(marked::template);
    (Some(request), notes)
}

/// The name of a request that calls the endpoint `id`.
fn name_of(id: &EndpointId) -> RequestName {
    let words = id.as_str().replace('.', "-");
    RequestName::from_words([words.as_str()])
}

/// A URL for a note: without its query, which may hold a secret.
pub(super) fn shown(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    marked::template(url.get(..end).unwrap_or_default())
}

struct Place {
    host: Host,
    path: String,
    query: Vec<(String, String)>,
}

fn split(url: &str, notes: &mut Vec<String>) -> Place {
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    if !fragment.is_empty() {
        notes.push("what follows # in the URL was left out: it is never sent".into());
    }
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let start = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(start);
    let authority = match authority.rsplit_once('@') {
        Some((_, host)) => {
            notes.push("the name and password in the URL were left out".into());
            host
        }
        None => authority,
    };
    if !is_known_host(authority) {
        notes.push(format!(
            "the host {} was left out: the request goes to the host of the profile",
            marked::template(authority)
        ));
    }
    Place {
        host: if authority.starts_with("secure.") {
            Host::Secure
        } else {
            Host::Api
        },
        path: if path.is_empty() {
            "/".into()
        } else {
            path.to_owned()
        },
        query: pairs(query),
    }
}

/// Whether `authority` is a host that every profile stands for.
pub(super) fn is_known_host(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    host.is_empty()
        || host == "astra.finance"
        || host.ends_with(".astra.finance")
        || is_loopback(host)
        || marked::is_marked(host)
}

/// The decoded pairs of a query.
fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn of_header(value: &str, notes: &mut Vec<String>) -> Auth {
    let (scheme, credential) = value.split_once(' ').unwrap_or((value, ""));
    let auth = match scheme.to_lowercase().as_str() {
        "bearer" => Auth::Bearer,
        "basic" => Auth::Basic,
        _ => {
            notes.push("the authorization header was left out: neither Bearer nor Basic".into());
            return Auth::None;
        }
    };
    if !marked::is_marked(credential) && !credential.contains(crate::domain::MASK) {
        notes.push(format!(
            "the {} credential was left out: the program sends its own",
            auth.name()
        ));
    }
    auth
}

fn headers(
    foreign: &[(String, String)],
    content_type: &str,
    notes: &mut Vec<String>,
) -> Vec<(String, String)> {
    let mut kept = Vec::new();
    for (name, value) in foreign {
        let lower = name.to_lowercase();
        let is_own = match lower.as_str() {
            "authorization" => true,
            "accept" => value == "*/*" || value == JSON,
            "content-type" => value.is_empty() || value == content_type,
            name => name.starts_with(':') || OF_TRANSPORT.contains(&name),
        };
        if is_own {
            continue;
        }
        if lower.starts_with("sec-") || OF_PROGRAM.contains(&lower.as_str()) {
            notes.push(format!(
                "the header {lower} was left out: it tells about a program, not about the request"
            ));
            continue;
        }
        kept.push((name.clone(), marked::template(value)));
    }
    kept
}

/// The endpoint that is called with `method` at `path`, and the values of the `{name}` parts of its path. What stands before
/// the endpoint's path is taken for the base path of the host.
pub(super) fn find<'a>(
    catalog: &'a Catalog,
    method: Method,
    path: &str,
) -> Option<(&'a Endpoint, PathValues)> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    (0..segments.len()).find_map(|start| catalog.with_path(method, segments.get(start..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::formats::fixture::catalog;

    fn get(url: &str) -> (SavedRequest, Vec<String>) {
        let foreign = Foreign {
            method: "get".into(),
            url: url.into(),
            ..Foreign::default()
        };
        let (request, notes) = recognise(catalog(), &foreign);
        (request.unwrap(), notes)
    }

    #[test]
    fn a_known_endpoint_is_linked_with_its_values() {
        for url in [
            "https://api-sandbox.astra.finance/v1/accounts/a%2Fb+c?limit=5",
            "http://127.0.0.1:8080/base/v1/accounts/a%2Fb+c/?limit=5",
            &format!("{}/v1/accounts/a%2Fb+c?limit=5", marked::variable("BASE")),
        ] {
            let (request, notes) = get(url);
            assert_eq!(
                request.call,
                Call::Endpoint(EndpointId::new("accounts.get")),
                "{url}"
            );
            assert_eq!(request.path["id"], "a/b+c");
            assert_eq!(request.query, [("limit".to_owned(), "5".to_owned())]);
            assert_eq!((request.name.as_str(), notes), ("accounts-get", Vec::new()));
        }
    }

    #[test]
    fn an_unknown_one_keeps_its_path_and_foreign_parts_are_told() {
        let (request, notes) = get("https://me:pw@secure.example.com/v9/things?code=x#top");
        let call = Call::Path {
            method: Method::Get,
            path: "/v9/things".into(),
            host: Host::Secure,
            auth: Auth::None,
        };
        assert_eq!(
            (request.call, request.name.as_str()),
            (call, "get-v9-things")
        );
        assert_eq!(
            notes,
            [
                "what follows # in the URL was left out: it is never sent",
                "the name and password in the URL were left out",
                "the host secure.example.com was left out: the request goes to the host of the profile"
            ]
        );
        let foreign = Foreign {
            method: "TRACE".into(),
            url: "/x?code=1".into(),
            ..Foreign::default()
        };
        let (request, notes) = recognise(catalog(), &foreign);
        assert_eq!(
            (request, notes),
            (
                None,
                vec!["TRACE /x was left out: the API does not use this method".to_owned()]
            )
        );
    }

    #[test]
    fn headers_of_the_program_are_left_out() {
        let headers = [
            ("Accept", "*/*"),
            ("Host", "h"),
            ("User-Agent", "x"),
            ("sec-fetch-mode", "cors"),
            ("Authorization", "Bearer abc"),
            ("X-Mine", "{{1}}"),
        ];
        let headers = headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        let foreign = Foreign {
            method: "POST".into(),
            url: "/v1/oauth/token".into(),
            headers,
            ..Foreign::default()
        };
        let (request, notes) = recognise(catalog(), &foreign);
        assert_eq!(
            request.unwrap().headers,
            [("X-Mine".to_owned(), "\\{{1}}".to_owned())]
        );
        assert_eq!(
            notes,
            [
                "the bearer credential was left out: the program sends its own",
                "oauth.token is called with basic credentials, not bearer",
                "the header user-agent was left out: it tells about a program, not about the request",
                "the header sec-fetch-mode was left out: it tells about a program, not about the request"
            ]
        );
    }
}
