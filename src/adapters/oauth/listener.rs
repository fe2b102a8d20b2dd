//! Listens on this machine for the one redirect that ends a sign-in, and turns everything else away.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use futures_util::future::{self, Either};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use url::{Host, Url};

use crate::adapters::oauth::inbound::{self, Page, Refused};
use crate::domain::{Nonce, Problem, Redirect, is_loopback};

/// Long enough to find the phone and connect a bank; Astra's codes and one-time codes live no longer either.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// A local browser sends a request within milliseconds, or has opened the connection in advance and sends none.
const READ_LIMIT: Duration = Duration::from_secs(2);
/// More than a browser opens to one host; whoever fills them is shut out until the read limit frees one.
const MOST_CONNECTIONS: usize = 32;
/// For a free port that has to be free on IPv4 and IPv6.
const MOST_PORTS: usize = 16;

/// Sockets that wait for the redirect; closed when dropped.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<TcpListener>,
    redirect_uri: String,
    path: String,
    patience: Duration,
}

/// What became of one connection.
enum Served {
    /// It was nothing for us.
    Other,
    /// It came to the right place with a wrong or no state.
    Forged,
    /// It was ours.
    Ours(Result<Redirect, Problem>),
}

impl Listener {
    /// Listens where `redirect_uri` leads to; its port 0 stands for any free one. `localhost` is listened for on both
    /// IPv4 and IPv6, since a browser may choose either.
    ///
    /// # Errors
    /// When it does not lead to this machine by plain HTTP, or the port cannot be had.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub fn bind(redirect_uri: &str) -> Result<Self, Problem> {
        let mut url = Url::parse(redirect_uri)
            .map_err(|error| not_ours(redirect_uri).because(error.to_string()))?;
        let addresses = match url.host() {
            _ if url.scheme() != "http" => None,
            Some(Host::Ipv4(address)) if address.is_loopback() => Some(vec![IpAddr::from(address)]),
            Some(Host::Ipv6(address)) if address.is_loopback() => Some(vec![IpAddr::from(address)]),
            Some(Host::Domain(name)) if is_loopback(name) => {
                Some(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()])
            }
            _ => None,
        };
        let addresses = addresses.ok_or_else(|| {
            not_ours(redirect_uri).because(
                "only http://127.0.0.1, http://localhost and http://[::1] lead to this program",
            )
        })?;
        let wanted = url.port_or_known_default().unwrap_or(80);
        let (port, sockets) =
            open_all(&addresses, wanted).map_err(|error| not_open(&addresses, wanted, &error))?;
        let redirect_uri = if wanted == 0 && url.set_port(Some(port)).is_ok() {
            url.as_str().to_owned()
        } else {
            redirect_uri.to_owned() // as it was registered, to the letter
        };
        Ok(Self {
            sockets,
            redirect_uri,
            path: url.path().to_owned(),
            patience: PATIENCE,
        })
    }

    /// Waits no longer than `patience`.
    #[cfg(test)]
    pub(super) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The redirect URI, with the port that is really listened on.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for the redirect that carries `nonce` as its state. Others are answered with an error and reported to
    /// `on_forged`. Afterwards nothing listens any more.
    ///
    /// # Errors
    /// When the redirect tells of an error instead of a code, or none comes in five minutes.
    pub async fn wait(
        self,
        nonce: &Nonce,
        on_forged: impl FnMut() + Send,
    ) -> Result<Redirect, Problem> {
        match timeout(self.patience, self.serve(nonce, on_forged)).await {
            Ok(result) => result,
            Err(_elapsed) => Err(Problem::new("the sign-in took too long")
                .because(format!(
                    "no redirect came in {} minutes",
                    self.patience.as_secs() / 60
                ))
                .hint("start it again")),
        }
    }

    async fn serve(
        &self,
        nonce: &Nonce,
        mut on_forged: impl FnMut() + Send,
    ) -> Result<Redirect, Problem> {
        let mut open = FuturesUnordered::new();
        loop {
            let served = if open.is_empty() {
                Either::Left(self.accept().await)
            } else if open.len() < MOST_CONNECTIONS {
                match future::select(Box::pin(self.accept()), open.next()).await {
                    Either::Left((stream, _)) => Either::Left(stream),
                    Either::Right((served, _)) => Either::Right(served),
                }
            } else {
                Either::Right(open.next().await)
            };
            match served {
                Either::Left(stream) => open.push(self.connection(stream, nonce)),
                Either::Right(Some(Served::Ours(result))) => return result,
                Either::Right(Some(Served::Forged)) => on_forged(),
                Either::Right(Some(Served::Other) | None) => {}
            }
        }
    }

    /// The next connection on any socket.
    async fn accept(&self) -> TcpStream {
        loop {
            let accepting = self.sockets.iter().map(|socket| Box::pin(socket.accept()));
            match future::select_all(accepting).await.0 {
                Ok((stream, _)) => return stream,
                // The client is gone again, or the process is out of files: neither ends the wait, and the latter
                // must not turn it into a busy loop.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn connection(&self, mut stream: TcpStream, nonce: &Nonce) -> Served {
        let head = match timeout(READ_LIMIT, inbound::read_head(&mut stream)).await {
            Ok(Ok(head)) => head,
            Ok(Err(_)) | Err(_) => return Served::Other, // it broke off or kept silent: nobody is there to be told
        };
        let (served, page) = match head {
            Err(Refused::Silent) => return Served::Other,
            Err(refused) => (Served::Other, refusal(refused)),
            Ok(head) if head.path != self.path => (Served::Other, not_found()),
            Ok(head) if !has_state(&head.query, nonce) => (Served::Forged, forged()),
            Ok(head) => {
                let result = Redirect::from_query(&head.query);
                let page = result.as_ref().map_or_else(failed, |_redirect| signed_in());
                (Served::Ours(result), page)
            }
        };
        // What came counts, even if the browser does not wait for the page.
        let _ = timeout(READ_LIMIT, inbound::respond(&mut stream, &page)).await;
        if !matches!(served, Served::Ours(_)) {
            inbound::linger(&mut stream).await;
        }
        served
    }
}

/// Exactly one `state`, and the right one.
fn has_state(query: &str, nonce: &Nonce) -> bool {
    let mut states =
        url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "state");
    let is_right = states
        .next()
        .is_some_and(|(_, state)| nonce.matches(&state));
    is_right && states.next().is_none()
}

fn open_all(addresses: &[IpAddr], wanted: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    let mut tries = if wanted == 0 { MOST_PORTS } else { 1 };
    loop {
        tries -= 1;
        match open_once(addresses, wanted) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries > 0 => {}
            result => return result,
        }
    }
}

fn open_once(addresses: &[IpAddr], wanted: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    let mut port = wanted;
    let mut sockets = Vec::new();
    for address in addresses {
        match open_socket(SocketAddr::new(*address, port)) {
            Ok(socket) => {
                port = socket.local_addr()?.port();
                sockets.push(socket);
            }
            // A port taken on one of them would hand the code to a stranger; a machine without IPv6 is fine.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse || sockets.is_empty() => {
                return Err(error);
            }
            Err(_no_ipv6) => {}
        }
    }
    Ok((port, sockets))
}

fn open_socket(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = std::net::TcpListener::bind(address)?;
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

fn not_ours(redirect_uri: &str) -> Problem {
    Problem::new(format!("nothing can listen for {redirect_uri}"))
        .hint("paste the redirect URL after authorizing")
}

fn not_open(addresses: &[IpAddr], port: u16, error: &io::Error) -> Problem {
    let host = addresses
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    match error.kind() {
        io::ErrorKind::AddrInUse => Problem::new(format!("port {port} is taken"))
            .because(format!("another program listens on {host}:{port}"))
            .hint("stop the other program, or paste the redirect URL after authorizing"),
        io::ErrorKind::PermissionDenied => Problem::new(format!("port {port} may not be used"))
            .because("ports below 1024 belong to the system")
            .hint("register a redirect URI with a higher port, or paste the redirect URL after authorizing"),
        _ => Problem::new(format!("nothing can listen on {host}:{port}"))
            .because(error.to_string())
            .hint("paste the redirect URL after authorizing"),
    }
}

fn signed_in() -> Page {
    Page {
        status: "200 OK",
        title: "Signed in",
        text: "You can close this tab and go back to astrascope.".into(),
    }
}

fn failed(problem: &Problem) -> Page {
    Page {
        status: "200 OK",
        title: "Not signed in",
        text: format!("{}. Go back to astrascope to see what to do.", problem.what),
    }
}

fn forged() -> Page {
    Page {
        status: "400 Bad Request",
        title: "Not accepted",
        text: "This redirect does not belong to the sign-in that astrascope is waiting for.".into(),
    }
}

fn not_found() -> Page {
    Page {
        status: "404 Not Found",
        title: "Not found",
        text: "astrascope only waits for a redirect here.".into(),
    }
}

fn refusal(refused: Refused) -> Page {
    let (status, text) = match refused {
        Refused::Silent | Refused::Malformed => ("400 Bad Request", "This is no HTTP request."),
        Refused::Method => ("405 Method Not Allowed", "A redirect is a GET request."),
        Refused::TooLong => (
            "431 Request Header Fields Too Large",
            "The request is too long.",
        ),
        Refused::ForeignHost => ("400 Bad Request", "The host is not this machine."),
    };
    Page {
        status,
        title: "Not accepted",
        text: text.into(),
    }
}
