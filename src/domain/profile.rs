//! Which application of which environment the session talks to.

use serde::Deserialize;
use url::Url;

use crate::domain::parameters::{over, pairs};
use crate::domain::{Endpoint, Nonce, Problem};

/// Where a profile's hosts come from. Production is the one where money moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// The sandbox inside this program, over HTTP on loopback.
    #[default]
    BuiltIn,
    /// Astra's sandbox.
    Sandbox,
    /// Astra's production: real money.
    Production,
    /// Hosts of one's own, given in the profile.
    Custom,
}

impl Environment {
    /// Every environment.
    pub const ALL: [Self; 4] = [Self::BuiltIn, Self::Sandbox, Self::Production, Self::Custom];

    /// As it is written in `config.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::Sandbox => "sandbox",
            Self::Production => "production",
            Self::Custom => "custom",
        }
    }

    /// Astra's dashboard, where the keys are and redirect URIs are registered (Astra's API reference, "Environments").
    pub fn dashboard(self) -> Option<&'static str> {
        match self {
            Self::Sandbox => Some("https://dashboard-sandbox.astra.finance"),
            Self::Production => Some("https://dashboard.astra.finance"),
            Self::BuiltIn | Self::Custom => None,
        }
    }
}

/// Base URLs of the three hosts, without a trailing slash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    /// The API.
    pub api: String,
    /// Intake of card and bank-account numbers.
    pub secure: String,
    /// The hosted pages where a person authorizes.
    pub app: String,
}

impl Hosts {
    /// Astra's own hosts (Astra's API reference, "Environments"); `None` for profiles that bring their own.
    pub fn of(environment: Environment) -> Option<Self> {
        let (api, secure, app) = match environment {
            Environment::Sandbox => ("api-sandbox", "secure.api-sandbox", "app-sandbox"),
            Environment::Production => ("api", "secure.api", "app"),
            Environment::BuiltIn | Environment::Custom => return None,
        };
        let url = |host: &str| format!("https://{host}.astra.finance");
        Some(Self {
            api: url(api),
            secure: url(secure),
            app: url(app),
        })
    }

    /// Whether `url` is on one of them.
    pub fn include(&self, url: &Url) -> bool {
        [&self.api, &self.secure, &self.app]
            .into_iter()
            .filter_map(|own| Url::parse(own).ok())
            .any(|own| own.host_str() == url.host_str())
    }

    /// All three served by one address, as the built-in sandbox does.
    pub fn single(url: &str) -> Self {
        Self {
            api: url.into(),
            secure: url.into(),
            app: url.into(),
        }
    }
}

/// A named set of: environment, application keys, redirect URI. The client secret is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name in `config.toml`.
    pub name: String,
    /// Which Astra it talks to.
    pub environment: Environment,
    /// Identifies the application (RFC 6749, section 2.2).
    pub client_id: String,
    /// Where the browser is sent with the authorization code; must be registered with Astra.
    ///
    /// On the built-in sandbox its port is 0: any free port is taken (RFC 8252, section 7.3).
    pub redirect_uri: String,
    /// Others that are registered: one of them may take its place.
    pub redirect_uris: Vec<String>,
    /// More parameters for the hosted pages, as they stand in a URL: `scope=cards`.
    pub authorize_query: String,
    /// The name that Astra has given the application as a provider of trusted authentication, where it may vouch for people.
    pub trusted_provider: Option<String>,
    /// A file with certificates to trust beside those of the system.
    pub ca_file: Option<String>,
    /// `None` until the built-in sandbox has said where it listens.
    pub hosts: Option<Hosts>,
    /// Path of the authorization page on the app host.
    pub authorize_path: String,
    /// Path of the token endpoint on the API host.
    pub token_path: String,
}

/// Path of the authorization page (Astra's guide "OAuth links").
pub(crate) const AUTHORIZE_PATH: &str = "/login/oauth/authorize";
/// Path of the token endpoint (Astra's API reference).
pub(crate) const TOKEN_PATH: &str = "/v1/oauth/token";

impl Profile {
    /// The profile of the sandbox inside this program; its keys and hosts are set once it listens.
    pub fn built_in() -> Self {
        Self {
            name: "built-in".into(),
            environment: Environment::BuiltIn,
            client_id: String::new(),
            redirect_uri: "http://127.0.0.1:0/callback".into(),
            redirect_uris: Vec::new(),
            authorize_query: String::new(),
            trusted_provider: None,
            ca_file: None,
            hosts: None,
            authorize_path: AUTHORIZE_PATH.into(),
            token_path: TOKEN_PATH.into(),
        }
    }
}

impl Profile {
    /// The URL of the hosted pages (RFC 6749, section 4.1.1; Astra's guide "OAuth links"), with what they are told beforehand:
    /// by `hints`, else by the profile. An empty value is not sent.
    ///
    /// # Errors
    /// When the profile has no hosts yet, or they do not make a URL.
    pub fn authorize_url(
        &self,
        redirect_uri: &str,
        state: &Nonce,
        hints: &[(String, String)],
    ) -> Result<String, Problem> {
        let told = over(hints.to_vec(), pairs(&self.authorize_query));
        let told = told.iter().filter(|(_, value)| !value.is_empty());
        let mut url = self.hosted(&self.authorize_path)?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("state", state.as_str())
            .extend_pairs(told);
        Ok(url.into())
    }

    /// The URL of another hosted page, such as the one that takes a photo id.
    ///
    /// # Errors
    /// When the profile has no hosts yet, or they do not make a URL.
    pub fn page_url(&self, path: &str, hints: &[(&str, String)]) -> Result<String, Problem> {
        let mut url = self.hosted(path)?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.registered_redirect())
            .extend_pairs(hints);
        Ok(url.into())
    }

    /// Whether a call of `endpoint` needs a yes of its own: on production, where it changes something.
    pub fn asks_before(&self, endpoint: &Endpoint) -> bool {
        self.environment == Environment::Production && endpoint.writes()
    }

    /// The redirect URI as it is registered: port 0, which stands for any free one, is left out (RFC 8252, section 7.3).
    pub fn registered_redirect(&self) -> String {
        self.redirect_uri.replace(":0/", "/")
    }

    fn hosted(&self, path: &str) -> Result<Url, Problem> {
        let hosts = self.hosts.as_ref();
        let hosts = hosts.ok_or_else(|| Problem::new("the profile has no hosts"))?;
        let base = format!("{}{path}", hosts.app);
        Url::parse(&base).map_err(|error| {
            Problem::new(format!("{base} is not a URL")).because(error.to_string())
        })
    }
}

/// Whether `host` is this machine: `127.0.0.0/8`, `::1` or `localhost`.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_and_sandbox_never_share_a_host() {
        let sandbox = Hosts::of(Environment::Sandbox).unwrap();
        let production = Hosts::of(Environment::Production).unwrap();
        assert_eq!(sandbox.api, "https://api-sandbox.astra.finance");
        assert_eq!(production.secure, "https://secure.api.astra.finance");
        assert_ne!(sandbox.app, production.app);
    }

    #[test]
    fn loopback_is_this_machine_only() {
        for host in ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "example.com",
            "10.0.0.1",
            "localhost.example.com",
            "128.0.0.1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
