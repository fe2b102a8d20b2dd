//! Which URLs and paths a profile may have. Reaches none of them.

use url::Url;

use crate::domain::{
    BUILT_IN_REDIRECTS, Environment, Hosts, Profile, is_built_in_redirect, is_loopback,
};

/// A base URL, without its trailing slash.
pub(super) fn base(text: &str) -> Result<String, String> {
    let url = absolute(text)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{}: is not http or https", url.scheme()));
    }
    private(&url)?;
    if url.query().is_some() {
        return Err("a base URL has no \"?\" in it".into());
    }
    if Hosts::of(Environment::Production).is_some_and(|hosts| hosts.include(&url)) {
        return Err("this is Astra's production: say environment = \"production\"".into());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// A redirect URI, as it was registered to the letter. Schemes of an app of one's own are fine: the redirect can be
/// pasted.
pub(super) fn redirect_uri(text: &str) -> Result<String, String> {
    let url = absolute(text)?;
    private(&url)?;
    let is_web = matches!(url.scheme(), "http" | "https");
    // `localhost:8765/callback` reads as a scheme called localhost; an app's scheme is a domain name (RFC 8252, 7.1).
    if !is_web && !url.scheme().contains('.') && !text.contains("://") {
        return Err("it has no http:// or https:// in front".into());
    }
    Ok(text.to_owned())
}

/// A redirect URI that the application of the built-in sandbox has registered. Told here, since a sign-in would fail by it only
/// on its first page.
pub(super) fn built_in_redirect_uri(text: &str) -> Result<String, String> {
    let uri = redirect_uri(text)?;
    // Port 0 stands for any free one, and those are registered.
    match uri == Profile::built_in().redirect_uri || is_built_in_redirect(&uri) {
        true => Ok(uri),
        false => Err(format!(
            "the built-in sandbox has registered these only: {}; http://127.0.0.1:0/callback takes any free port",
            BUILT_IN_REDIRECTS.join(", ")
        )),
    }
}

/// A path on a host.
pub(super) fn path(text: &str) -> Result<String, String> {
    if !text.starts_with('/') {
        return Err("a path starts with \"/\"".into());
    }
    let is_foreign = |c: char| c == '?' || c == '#' || c.is_whitespace() || c.is_control();
    if text.contains(is_foreign) {
        return Err("a path has no \"?\", \"#\" or space in it".into());
    }
    Ok(text.to_owned())
}

/// Parameters that the sign-in itself decides.
const DECIDED: [&str; 5] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "state",
    "session_token",
];

/// More parameters for the hosted pages: `scope=cards&debit_direct=true`.
pub(super) fn query(text: &str) -> Result<String, String> {
    let is_foreign = |c: char| c == '?' || c == '#' || c.is_whitespace() || c.is_control();
    if text.contains(is_foreign) {
        return Err("parameters are written like scope=cards&debit_direct=true".into());
    }
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let Some((name, _)) = pair.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            return Err(format!("{pair} has no \"=\" in it; like scope=cards"));
        };
        if DECIDED.contains(&name) {
            return Err(format!("{name} is set by the sign-in itself"));
        }
    }
    Ok(text.to_owned())
}

fn absolute(text: &str) -> Result<Url, String> {
    // The parser would silently drop tabs and line breaks, and trim the ends.
    if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err("a URL has no spaces in it".into());
    }
    Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => "it has no http:// or https:// in front".into(),
        other => format!("it is not a URL: {other}"),
    })
}

/// What would leak, or never reach the server.
fn private(url: &Url) -> Result<(), String> {
    let host = url.host_str().unwrap_or_default();
    if url.scheme() == "http" && !is_loopback(host) {
        return Err(format!(
            "http:// would carry secrets unencrypted to {host}; use https:// (http:// works for this machine only)"
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it carries a name or password; take the part before \"@\" out".into());
    }
    if url.fragment().is_some() {
        return Err("it has a \"#\" part, which never reaches the server".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_loses_its_trailing_slash_only() {
        assert_eq!(base("https://h/api/").unwrap(), "https://h/api");
        assert_eq!(base("http://127.0.0.1:80").unwrap(), "http://127.0.0.1:80");
    }

    #[test]
    fn production_is_no_host_of_ones_own_which_asks_about_nothing() {
        for url in [
            "https://api.astra.finance",
            "https://SECURE.api.astra.finance/v1",
        ] {
            assert!(base(url).unwrap_err().contains("production"), "{url}");
        }
        assert!(base("https://api-sandbox.astra.finance").is_ok());
    }

    #[test]
    fn a_redirect_uri_is_kept_to_the_letter() {
        for uri in [
            "http://127.0.0.1:0/callback",
            "http://localhost:8765/",
            "https://app.example/cb?x=1",
            "com.example.app:/cb",
            "myapp://cb",
        ] {
            assert_eq!(redirect_uri(uri).unwrap(), uri);
        }
        for uri in [
            "localhost:8765/cb",
            "127.0.0.1:8765/cb",
            "http://h/cb",
            "https://h/#x",
            "",
            " https://h",
        ] {
            assert!(redirect_uri(uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn a_path_starts_at_the_root() {
        assert_eq!(path("/v2/token").unwrap(), "/v2/token");
        for text in ["v1", "/a?b", "/a#b", "/a b", ""] {
            assert!(path(text).is_err(), "{text}");
        }
    }
}
