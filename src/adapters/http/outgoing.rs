//! Turns a prepared request into one for the wire, or says why it must not leave. Opens nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue,
};
use url::Url;
use zeroize::Zeroizing;

use crate::adapters::http::{Credential, decoder};
use crate::domain::{Method, Prepared, Problem, Secret, is_loopback};

/// Where a request goes.
pub(super) struct Target {
    pub(super) url: Url,
    pub(super) host: String,
    /// Host and port, for messages.
    pub(super) authority: String,
    pub(super) is_secure: bool,
}

impl Target {
    /// Reads a URL, and refuses one that would carry secrets in clear to another machine.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        // The text itself stays out of the messages: a query may hold a code.
        let url = Url::parse(text).map_err(|error| {
            Problem::new("the URL of the request is not valid")
                .because(error.to_string())
                .hint("correct the URLs of the profile in config.toml")
        })?;
        let is_secure = match url.scheme() {
            "https" => true,
            "http" => false,
            other => {
                return Err(Problem::new(format!("{other}: URLs cannot be called"))
                    .hint("use an https URL"));
            }
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                Problem::new("the URL of the request carries a name or password")
                    .because("it would be shown and written wherever the URL is")
                    .hint("take the part before @ out of the URL"),
            );
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        if !is_secure && !is_loopback(&host) {
            return Err(Problem::new("nothing was sent")
                .because(format!(
                    "http://{host} would carry secrets unencrypted to another machine"
                ))
                .hint("use https; http works for this machine only"));
        }
        let port = url.port_or_known_default().unwrap_or_default();
        Ok(Self {
            authority: format!("{host}:{port}"),
            host,
            is_secure,
            url,
        })
    }
}

pub(super) fn build(
    request: &Prepared,
    target: Target,
    credential: &Credential,
) -> Result<reqwest::Request, Problem> {
    let mut outgoing = reqwest::Request::new(method(request.method), target.url);
    *outgoing.headers_mut() = headers(request, credential)?;
    if let Some(body) = &request.body {
        *outgoing.body_mut() = Some(body.as_bytes().to_vec().into());
    }
    Ok(outgoing)
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

fn headers(request: &Prepared, credential: &Credential) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_invalid| {
            Problem::new(format!("{name:?} is not the name of a header"))
                .because("a name has letters, digits and dashes only")
        })?;
        let value = HeaderValue::from_str(value).map_err(|_invalid| unfit_header(name))?;
        headers.append(key, value);
    }
    if !headers.contains_key(ACCEPT_ENCODING) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(decoder::ACCEPTED));
    }
    if let Some(value) = authorization(credential)? {
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

fn authorization(credential: &Credential) -> Result<Option<HeaderValue>, Problem> {
    let value = match credential {
        Credential::None => return Ok(None),
        Credential::Basic {
            client_id,
            client_secret,
        } => basic(client_id, client_secret),
        Credential::Bearer(token) => {
            HeaderValue::from_str(&Zeroizing::new(format!("Bearer {}", token.reveal())))
        }
    };
    let mut value = value.map_err(|_invalid| unfit_header("authorization"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// RFC 6749, section 2.3.1, would have both parts form-encoded first. Astra's own clients send them as they are; for
/// keys of letters, digits, `-`, `.`, `_` and `~` the two are the same.
fn basic(client_id: &str, client_secret: &Secret) -> Result<HeaderValue, InvalidHeaderValue> {
    let pair = Zeroizing::new(format!("{client_id}:{}", client_secret.reveal()));
    HeaderValue::from_str(&Zeroizing::new(format!(
        "Basic {}",
        STANDARD.encode(pair.as_bytes())
    )))
}

fn unfit_header(name: &str) -> Problem {
    Problem::new(format!("the value of the header {name} cannot be sent"))
        .because("it holds a line break or another control character")
        .hint("remove it; it may have come along when the text was pasted")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Auth, Body};

    fn prepared(headers: &[(&str, &str)]) -> Prepared {
        Prepared {
            method: Method::Post,
            url: "https://api.example/x".into(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
            body: Some(Body::from("{}")),
            auth: Auth::Basic,
        }
    }

    fn refusal(url: &str) -> Problem {
        Target::parse(url).err().unwrap()
    }

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        assert!(!Target::parse("http://127.0.0.1:1/x").unwrap().is_secure);
        assert!(!Target::parse("http://[::1]:1/x").unwrap().is_secure);
        assert!(Target::parse("https://api.example").unwrap().is_secure);
        let problem = refusal("http://api.example/x?code=topsecret");
        assert_eq!(
            problem.to_string(),
            "nothing was sent: http://api.example would carry secrets unencrypted to another machine\n\
             hint: use https; http works for this machine only"
        );
    }

    #[test]
    fn other_schemes_passwords_and_no_urls_are_refused_without_quoting_them() {
        for url in [
            "ftp://h/?code=topsecret",
            "topsecret",
            "https://u:topsecret@h/",
            "https://",
        ] {
            assert!(!refusal(url).to_string().contains("topsecret"), "{url}");
        }
    }

    #[test]
    fn a_credential_is_marked_sensitive_and_replaces_a_typed_one() {
        let request = prepared(&[("authorization", "Bearer typed"), ("x-a", "1")]);
        let credential = Credential::Basic {
            client_id: "id".into(),
            client_secret: Secret::new("s3cret"),
        };
        let headers = headers(&request, &credential).unwrap();
        let value = headers.get(AUTHORIZATION).unwrap();
        assert_eq!(value.to_str().unwrap(), "Basic aWQ6czNjcmV0");
        assert!(value.is_sensitive());
        assert_eq!(headers.get_all(AUTHORIZATION).iter().count(), 1);
    }

    #[test]
    fn a_line_break_in_a_header_or_token_is_refused_without_quoting_it() {
        let typed = headers(
            &prepared(&[("x-a", "topsecret\r\nx: y")]),
            &Credential::None,
        );
        let token = Credential::Bearer(Secret::new("topsecret\n"));
        for problem in [
            typed.unwrap_err(),
            headers(&prepared(&[]), &token).unwrap_err(),
        ] {
            assert!(problem.what.contains("cannot be sent"), "{problem}");
            assert!(!problem.to_string().contains("topsecret"), "{problem}");
        }
        let name = headers(&prepared(&[("x y", "1")]), &Credential::None).unwrap_err();
        assert_eq!(name.what, "\"x y\" is not the name of a header");
    }
}
