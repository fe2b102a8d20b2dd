//! Which redirect URIs the application of the built-in sandbox has registered, and whether one of them is meant.

/// What is registered for the sandbox's application. The last stands for any port (RFC 8252, section 7.3).
pub const BUILT_IN_REDIRECTS: [&str; 3] = [
    "http://127.0.0.1:8765/callback",
    "http://localhost:8765/callback",
    "http://127.0.0.1/callback",
];

/// The registered URI with a loopback address and no port, in its two parts.
const ANY_PORT: (&str, &str) = ("http://127.0.0.1", "/callback");

/// Whether `uri` is registered: compared character by character, with a free port on the loopback address only.
pub fn is_built_in_redirect(uri: &str) -> bool {
    let (host, path) = ANY_PORT;
    let port = uri
        .strip_prefix(host)
        .and_then(|rest| rest.strip_suffix(path))
        .and_then(|rest| rest.strip_prefix(':'));
    let is_port = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit())
            && text.parse::<u16>().is_ok_and(|port| port > 0)
    };
    BUILT_IN_REDIRECTS.contains(&uri) || port.is_some_and(is_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_uris_and_any_loopback_port_are_taken() {
        for uri in BUILT_IN_REDIRECTS.into_iter().chain([
            "http://127.0.0.1:1/callback",
            "http://127.0.0.1:65535/callback",
        ]) {
            assert!(is_built_in_redirect(uri), "{uri}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for uri in [
            "",
            "http://127.0.0.1:8765/callback/",
            "http://127.0.0.1:8765/callback?x=1",
            "https://127.0.0.1:8765/callback",
            "http://localhost:1/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:99999/callback",
            "http://127.0.0.1:+80/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:80@example.com/callback",
            "http://127.0.0.1.example.com/callback",
            "http://example.com/callback",
        ] {
            assert!(!is_built_in_redirect(uri), "{uri}");
        }
    }
}
