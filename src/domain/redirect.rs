//! The redirect that ends an authorization: reading it, and knowing ours from a forged one (RFC 6749, section 4.1.2).

use std::fmt;

use subtle::ConstantTimeEq;
use url::Url;

use crate::domain::{Problem, Secret};

/// The random `state` of one authorization (RFC 6749, section 10.12). Shown in the URL, but not in `Debug`.
#[derive(Clone)]
pub struct Nonce(String);

impl Nonce {
    /// Wraps random text, made by an adapter.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text that goes into the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares in constant time.
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce")
    }
}

impl PartialEq for Nonce {
    fn eq(&self, other: &Self) -> bool {
        self.matches(&other.0)
    }
}

/// What the browser was sent back with.
#[derive(Clone, Debug, PartialEq)]
pub struct Redirect {
    /// The authorization code.
    pub code: Secret,
    /// The `state` that came back; `None` where a bare code was pasted.
    pub state: Option<Nonce>,
}

/// The longest text that is still taken for a code; a longer one is a slip of the clipboard.
const LONGEST_CODE: usize = 512;

impl Redirect {
    /// Reads a pasted text: a whole redirect URL, its query alone, or the bare code.
    ///
    /// # Errors
    /// When it is neither, or when the redirect carries an `error` instead of a code.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if let Ok(url) = Url::parse(text)
            && url.has_host()
        {
            return Self::from_query(url.query().unwrap_or_default());
        }
        if text.contains("code=") || text.contains("error=") {
            return Self::from_query(text.trim_start_matches(['?', '/']));
        }
        if text.starts_with('+') {
            return Err(Problem::new("this is neither a redirect URL nor a code")
                .because("it begins with +, as a phone number does")
                .hint("the phone number is asked for on the page; here goes the address that follows it, or its code"));
        }
        let is_code = |c: char| c.is_ascii_alphanumeric() || "-_.~+/=".contains(c);
        if text.is_empty() || text.len() > LONGEST_CODE || !text.chars().all(is_code) {
            return Err(Problem::new("this is neither a redirect URL nor a code")
                .because("a redirect URL starts with http and has code= in it; a code has no spaces")
                .hint("copy the whole address from the browser after authorizing, or the code shown on the page"));
        }
        Ok(Self {
            code: Secret::new(text),
            state: None,
        })
    }

    /// Reads the query part of a redirect.
    ///
    /// # Errors
    /// When it carries an `error`, or no code.
    pub fn from_query(query: &str) -> Result<Self, Problem> {
        let (mut code, mut state, mut error, mut description) = (None, None, None, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "code" => code = Some(Secret::new(value)),
                "state" => state = Some(Nonce::new(value)),
                "error" => error = Some(value.into_owned()),
                "error_description" => description = Some(value.into_owned()),
                _ => {}
            }
        }
        if let Some(error) = error {
            return Err(refusal(&error, description));
        }
        match code {
            Some(code) if !code.is_empty() => Ok(Self { code, state }),
            _ => Err(Problem::new("the redirect carries no code")
                .because("its query has neither code= nor error=")
                .hint("copy the address to which the browser was sent after authorizing")),
        }
    }
}

/// Puts an error redirect (RFC 6749, section 4.1.2.1) into words.
fn refusal(error: &str, description: Option<String>) -> Problem {
    let problem = match error {
        "access_denied" => Problem::new("authorization was refused by the person")
            .hint("start again and choose Authorize on the last page"),
        "invalid_request" | "unauthorized_client" | "unsupported_response_type" => {
            Problem::new("astra refused the authorization request")
                .hint("check the client id and that the redirect URI is registered")
        }
        "server_error" | "temporarily_unavailable" => {
            Problem::new("astra could not authorize right now").hint("try again in a minute")
        }
        _ => Problem::new("authorization failed").hint("start again"),
    };
    problem.because(match description {
        Some(description) => format!("{error}: {description}"),
        None => error.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_url_its_query_and_a_bare_code_are_read() {
        let url = Redirect::parse(" http://127.0.0.1:8765/callback?code=abc&state=s1 \n").unwrap();
        assert_eq!(url.code.reveal(), "abc");
        assert!(url.state.unwrap().matches("s1"));
        assert_eq!(Redirect::parse("?code=abc").unwrap().code.reveal(), "abc");
        assert_eq!(Redirect::parse("ac_01.x-y").unwrap().state, None);
    }

    #[test]
    fn an_error_redirect_is_put_into_words() {
        let query = "error=access_denied&error_description=they+said+no&state=s";
        let problem = Redirect::from_query(query).unwrap_err();
        assert_eq!(problem.what, "authorization was refused by the person");
        assert_eq!(problem.why.as_deref(), Some("access_denied: they said no"));
    }

    #[test]
    fn other_text_is_refused_with_a_hint() {
        for text in [
            "",
            "two words",
            "http://127.0.0.1/callback",
            "ünïcode",
            &"a".repeat(600),
            "+16505550100",
            "+",
        ] {
            assert!(Redirect::parse(text).unwrap_err().hint.is_some(), "{text}");
        }
        let problem = Redirect::parse(" +1 (650) 555-0100").unwrap_err();
        assert!(problem.why.unwrap().contains("phone number"));
    }

    #[test]
    fn a_nonce_matches_only_itself() {
        assert!(Nonce::new("abc").matches("abc"));
        assert!(!Nonce::new("abc").matches("abd"));
        assert!(!Nonce::new("abc").matches(""));
    }
}
