//! Puts into words why no whole answer came. Looks at errors only; nothing of a URL but its host is quoted.

use std::env;
use std::error::Error;
use std::io;
use std::iter;
use std::time::Duration;

use rustls::CertificateError;

use crate::adapters::http::transport::NameNotFound;
use crate::adapters::intake::IntakeError;
use crate::domain::Problem;

/// What is known of a call when it fails.
pub(super) struct Trip {
    pub(super) host: String,
    /// Host and port.
    pub(super) authority: String,
    /// Whether it may have changed something.
    pub(super) is_write: bool,
    pub(super) patience: Duration,
    /// The environment variable that names a proxy for https, if one is set; NO_PROXY is not looked at.
    pub(super) proxy: Option<&'static str>,
}

/// The variables that name a proxy for https, in the order in which they count.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The one that is set.
pub(super) fn proxy() -> Option<&'static str> {
    let is_set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    PROXIES.into_iter().find(is_set)
}

const CHECK_HOST: &str =
    "check the spelling of the host in the profile, and the network connection";
const AGAIN: &str = "send it again";
const UNKNOWN_OUTCOME: &str =
    "it may have been carried out all the same: look before sending it again";

impl Trip {
    /// No answer began: `error` came instead.
    pub(super) fn failed(&self, error: &reqwest::Error) -> Problem {
        if let Some(name) = chain(error).find_map(|error| error.downcast_ref::<NameNotFound>()) {
            return Problem::new(format!("the host {} was not found", self.host))
                .because(name.to_string())
                .hint(CHECK_HOST);
        }
        if let Some(error) = chain(error).find_map(|error| error.downcast_ref()) {
            return self.untrusted(error);
        }
        if error.is_connect() {
            if error.is_timeout() {
                return self.not_connected();
            }
            let io = chain(error).filter_map(|error| error.downcast_ref::<io::Error>());
            if let Some(error) = io.last() {
                return self.unreachable(error);
            }
        }
        self.closed(innermost(error))
    }

    fn unreachable(&self, error: &io::Error) -> Problem {
        let authority = &self.authority;
        match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                let problem = Problem::new("connection refused");
                match self.proxy {
                    None => problem
                        .because(format!("nothing listens on {authority}"))
                        .hint("start the server there, or correct the URL in the profile"),
                    Some(name) => problem
                        .because(format!(
                            "nothing listens on {authority}, or on the proxy that {name} names"
                        ))
                        .hint(format!("correct {name}, or the URL in the profile")),
                }
            }
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::BrokenPipe => Problem::new(format!(
                "{authority} closed the connection while it was opened"
            ))
            .because(error.to_string())
            .hint("check that an https server listens there, and that no firewall is in between"),
            _ => Problem::new(format!("{authority} cannot be reached"))
                .because(error.to_string())
                .hint(CHECK_HOST),
        }
    }

    /// The connection could not be opened in time.
    pub(super) fn not_connected(&self) -> Problem {
        Problem::new(format!("{} took no connection in time", self.authority))
            .because("nothing was sent")
            .hint("check the network connection and the host in the profile, then send it again")
    }

    /// Sent, but no answer began in time.
    pub(super) fn not_answered(&self) -> Problem {
        let problem = Problem::new(format!("nothing was answered in {}", words(self.patience)));
        if self.is_write {
            problem
                .because("the request was sent, and its outcome is unknown")
                .hint(UNKNOWN_OUTCOME)
                .with_unknown_outcome()
        } else {
            problem
                .because(format!(
                    "{} took the request and kept silent",
                    self.authority
                ))
                .hint("send it again; if it stays so, the server is overloaded or down")
        }
    }

    /// The connection ended, or turned out to be no HTTP, before an answer began.
    fn closed(&self, reason: String) -> Problem {
        let problem =
            Problem::new(format!("{} gave no valid answer", self.authority)).because(reason);
        self.after_sending(
            problem,
            "send it again; if it stays so, check that an HTTP server listens there",
        )
    }

    /// The answer broke off.
    pub(super) fn broke_off(&self, error: &reqwest::Error, received: usize) -> Problem {
        let problem = Problem::new("the connection was closed in the middle of the answer")
            .because(format!(
                "{} after {received} bytes of the body",
                innermost(error)
            ));
        self.after_sending(problem, AGAIN)
    }

    /// The answer stopped coming.
    pub(super) fn stalled(&self, received: usize) -> Problem {
        let problem = Problem::new(format!("the answer stopped for {}", words(self.patience)))
            .because(format!("{received} bytes of its body had come"));
        self.after_sending(problem, AGAIN)
    }

    /// What to do after a request has left: `again`, unless it may have changed something.
    fn after_sending(&self, problem: Problem, again: &str) -> Problem {
        match self.is_write {
            true => problem.hint(UNKNOWN_OUTCOME).with_unknown_outcome(),
            false => problem.hint(again),
        }
    }

    /// The answer is larger than it may be.
    pub(super) fn too_large(&self, limit: usize) -> Problem {
        Problem::new("the answer is too large")
            .because(format!("its body has more than {}", size(limit)))
            .hint("ask for less, or raise largest under [bodies] in config.toml")
    }

    /// Little was sent, and far more came out of it.
    pub(super) fn bomb(&self, sent: usize, unpacked: usize) -> Problem {
        Problem::new("the answer was stopped: it unpacks to far more than was sent")
            .because(format!(
                "{} became more than {}, as if made to fill the memory",
                size(sent),
                size(unpacked)
            ))
            .hint("if you trust the server, raise unpacked under [bodies] in config.toml")
    }

    /// A body that is too large for the memory could not be kept elsewhere.
    pub(super) fn not_kept(&self, error: &IntakeError) -> Problem {
        Problem::new("the answer is too large for the memory, and could not be kept in a file")
            .because(error.to_string())
            .hint("free space there, set TMPDIR, or raise memory under [bodies] in config.toml")
    }

    /// The content coding of the answer is broken.
    pub(super) fn garbled(&self, error: &io::Error) -> Problem {
        let problem = Problem::new("the body of the answer cannot be decoded").because(format!(
            "it is not what its content-encoding header says: {error}"
        ));
        self.after_sending(problem, AGAIN)
    }

    fn untrusted(&self, error: &rustls::Error) -> Problem {
        let host = &self.host;
        let problem = Problem::new(format!("no secure connection to {host}"));
        let certificate = match error {
            rustls::Error::InvalidCertificate(certificate) => certificate,
            rustls::Error::InvalidMessage(_) => {
                return problem
                    .because(format!("{} does not speak TLS", self.authority))
                    .hint("check the port of the URL in the profile");
            }
            other => {
                return problem
                    .because(other.to_string())
                    .hint("check the URL in the profile, and whether a proxy is in between");
            }
        };
        match certificate {
            CertificateError::UnknownIssuer | CertificateError::BadSignature => problem
                .because("its certificate was issued by nobody whom this system trusts")
                .hint("if a company proxy is in between, add its certificate to the system's; otherwise do not go on"),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => problem
                .because("its certificate has expired")
                .hint("check the clock of this machine; if it is right, tell the owner of the server"),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => problem
                .because("its certificate is not valid yet")
                .hint("check the clock of this machine"),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                problem
                    .because(format!("its certificate was issued for other names than {host}"))
                    .hint("check the spelling of the host in the profile")
            }
            CertificateError::Revoked => problem
                .because("its certificate was revoked")
                .hint("do not go on; tell the owner of the server"),
            other => problem
                .because(format!("its certificate is not valid: {other}"))
                .hint("tell the owner of the server"),
        }
    }
}

/// The error and its causes, the first cause last.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    iter::from_fn(move || {
        let error = next?;
        // An I/O error that wraps another error skips it when asked for its source.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
        Some(error)
    })
}

/// The first cause: the outer errors only say that a request was under way.
fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// A duration as a person says it.
fn words(duration: Duration) -> String {
    if duration.subsec_millis() == 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{} ms", duration.as_millis())
    }
}

/// A number of bytes as a person says it.
fn size(bytes: usize) -> String {
    const MIB: usize = 1024 * 1024;
    if bytes >= MIB {
        format!("{} MiB", bytes / MIB)
    } else {
        format!("{bytes} bytes")
    }
}
