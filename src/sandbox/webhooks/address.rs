//! Where webhooks may go.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::domain::is_loopback;

/// An address that webhooks are sent to: by https, or by http on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookUrl(Url);

impl WebhookUrl {
    /// Whether what is sent there is encrypted.
    pub(super) fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The address itself.
    pub(super) fn url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for WebhookUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("{text} is no URL: {error}"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a name and a password in the URL would be shown to whoever asks".into());
        }
        match (url.scheme(), url.host_str()) {
            ("https", Some(_)) => Ok(Self(url)),
            ("http", Some(host)) if is_loopback(host) => Ok(Self(url)),
            ("http", Some(host)) => Err(format!(
                "http goes to this machine only, not to {host}: use https, as Astra does"
            )),
            _ => Err(format!("{text} is neither http nor https")),
        }
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for text in [
            "http://127.0.0.1:9000/astra",
            "http://localhost/",
            "http://[::1]:1/",
            "https://127.0.0.1:9000",
            "https://example.com/hooks?a=b",
        ] {
            assert!(text.parse::<WebhookUrl>().is_ok(), "{text}");
        }
        for (text, why) in [
            ("http://example.com/", "not to example.com: use https"),
            ("http://127.0.0.1.example.com/", "this machine only"),
            ("ftp://127.0.0.1/", "neither http nor https"),
            ("127.0.0.1:9000", "no URL"),
            ("localhost:9000", "neither http nor https"),
            ("https://a:b@example.com/", "password"),
        ] {
            let told = text.parse::<WebhookUrl>().unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }
}
