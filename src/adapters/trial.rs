//! Tries a profile: do its keys work, are its hosts there, is the clock right, does its redirect have a port. Changes nothing.

use std::net::TcpListener;

use jiff::fmt::rfc2822;
use url::Url;

use crate::adapters::http::{Client, Credential};
use crate::domain::{
    Auth, Method, Nonce, Prepared, Problem, Profile, Response, Secret, Timestamp, is_loopback,
};

/// An intent that nobody has: who may ask is told that there is none, and who may not is refused.
const NOBODY: &str = "/v1/user_intent/astrascope-tries-the-keys";
/// A clock that is off by more than this makes tokens end too early or too late.
const SKEW: std::time::Duration = std::time::Duration::from_secs(60);

/// That something is well, in words; or what is wrong.
pub type Finding = (&'static str, Result<String, Problem>);

/// Tries the client id and the client secret of `profile`, its redirect URI and this machine's clock.
pub async fn keys(
    client: &Client,
    profile: &Profile,
    secret: &Secret,
    now: impl Fn() -> Timestamp,
) -> Vec<Finding> {
    let api = profile.hosts.as_ref().map(|hosts| hosts.api.clone());
    let url = format!("{}{NOBODY}", api.unwrap_or_default());
    let credential = Credential::Basic {
        client_id: profile.client_id.clone(),
        client_secret: secret.clone(),
    };
    let answer = match secret.is_empty() {
        true => Err(Problem::new("there is no client secret").hint("type it in the form")),
        false => client.call(&get(url, Auth::Basic), credential).await,
    };
    let mut findings = Vec::new();
    if let Ok(response) = &answer {
        findings.extend(clock(response, now()));
    }
    findings.insert(
        0,
        (
            "client id and secret",
            answer.and_then(|answer| judge(&answer)),
        ),
    );
    findings.push(("redirect URI", pages(client, profile).await));
    findings
}

fn get(url: String, auth: Auth) -> Prepared {
    Prepared {
        method: Method::Get,
        url,
        headers: vec![("accept".into(), "application/json".into())],
        body: None,
        auth,
    }
}

fn judge(answer: &Response) -> Result<String, Problem> {
    match answer.status {
        401 | 403 => Err(Problem::new("they are refused")
            .because(format!("the API answered {}", answer.status))
            .hint(
                "check both in Astra's dashboard; those of the sandbox and of production differ",
            )),
        status @ 500.. => Err(Problem::new("the API is out of order")
            .because(format!("it answered {status}"))
            .hint("try again in a minute")),
        _ => Ok("accepted by the API".into()),
    }
}

/// Whether this machine's clock agrees with the one of the server that has just answered.
pub fn clock(answer: &Response, now: Timestamp) -> Option<Finding> {
    let date = answer.headers.iter().find(|(name, _)| name == "date")?;
    let there = rfc2822::DateTimeParser::new()
        .parse_timestamp(date.1.as_str())
        .ok()?;
    let there = Timestamp(there.as_millisecond());
    let skew = now.since(there).max(there.since(now));
    let result = match skew > SKEW {
        true => Err(Problem::new("the clocks disagree")
            .because(format!(
                "the server's differs by {} seconds",
                skew.as_secs()
            ))
            .hint("set this machine's, by which tokens are renewed; or is it a sandbox's that was moved?")),
        false => Ok("agrees with the server's".into()),
    };
    Some(("clock", result))
}

/// Whether the hosted pages take the client id and the redirect URI, and whether anything can listen for the redirect.
async fn pages(client: &Client, profile: &Profile) -> Result<String, Problem> {
    let url = profile.authorize_url(&profile.registered_redirect(), &Nonce::new("trial"), &[])?;
    let answer = client.call(&get(url, Auth::None), Credential::None).await?;
    if (400..500).contains(&answer.status) {
        return Err(Problem::new("the hosted page refuses it")
            .because(format!("it answered {}", answer.status))
            .hint("register it in Astra's dashboard, to the letter, for this client id"));
    }
    port(&profile.redirect_uri)?;
    Ok("the hosted page opens, and the redirect can be caught".into())
}

/// Whether the port of `redirect_uri` is free, where it leads to this machine.
///
/// # Errors
/// When something else listens there, or this program may not.
pub fn port(redirect_uri: &str) -> Result<(), Problem> {
    let Ok(url) = Url::parse(redirect_uri) else {
        return Ok(()); // told by whoever checks URLs
    };
    let host = url.host_str().unwrap_or_default();
    if url.scheme() != "http" || !is_loopback(host) {
        return Ok(()); // the redirect is pasted
    }
    let port = url.port_or_known_default().unwrap_or(80);
    let host = match host {
        "localhost" => "127.0.0.1",
        host => host.trim_matches(['[', ']']),
    };
    match TcpListener::bind((host, port)) {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::new(format!("port {port} cannot be listened on"))
            .because(match error.kind() {
                std::io::ErrorKind::AddrInUse => "something else does".to_owned(),
                std::io::ErrorKind::PermissionDenied => "ports below 1024 are for root".to_owned(),
                _ => error.to_string(),
            })
            .hint("free it, or register another port; the redirect can be pasted, too")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, Timing};

    fn answer(status: u16, date: &str) -> Response {
        Response {
            status,
            version: "HTTP/1.1".into(),
            headers: vec![("date".into(), date.into())],
            body: Body::default(),
            timing: Timing::default(),
            received_at: Timestamp(0),
        }
    }

    #[test]
    fn who_is_told_that_there_is_none_may_ask() {
        assert!(judge(&answer(404, "")).is_ok());
        assert!(judge(&answer(401, "")).unwrap_err().hint.is_some());
        assert_eq!(
            judge(&answer(503, "")).unwrap_err().what,
            "the API is out of order"
        );
    }

    #[test]
    fn a_wrong_clock_is_told() {
        let date = "Mon, 02 Mar 2026 12:32:00 GMT";
        let there = Timestamp(1_772_454_720_000);
        let (_, fine) = clock(&answer(200, date), there).unwrap();
        assert!(fine.is_ok());
        let (_, late) = clock(&answer(200, date), Timestamp(there.0 + 90_000)).unwrap();
        assert_eq!(
            late.unwrap_err().why.unwrap(),
            "the server's differs by 90 seconds"
        );
        assert_eq!(clock(&answer(200, "soon"), there), None);
    }

    #[test]
    fn a_port_is_free_or_not() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port_number = taken.local_addr().unwrap().port();
        let uri = format!("http://127.0.0.1:{port_number}/cb");
        assert!(port(&uri).unwrap_err().hint.is_some());
        drop(taken);
        assert_eq!(port(&uri), Ok(()));
        assert_eq!(port("https://app.example/cb"), Ok(()));
    }
}
