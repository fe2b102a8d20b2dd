//! Hands the browser a URL with a secret in it, past the arguments of its launcher, which everybody on the machine can read: it
//! is given the address of a page here that works once and leads on.

use std::net::Ipv4Addr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::adapters::oauth::{inbound, new_nonce, peer};
use crate::domain::{Nonce, Problem, Secret};

/// As long as the application's word for a person holds.
const PATIENCE: Duration = Duration::from_secs(60);
/// A browser may open connections in advance and send nothing.
const READ_LIMIT: Duration = Duration::from_secs(2);
/// More than a browser opens to one host.
const MOST_CONNECTIONS: usize = 8;

/// A page that leads on to the URL, once.
#[derive(Debug)]
pub struct Handover {
    socket: TcpListener,
    address: String,
    path: Nonce,
    url: Mutex<Option<Secret>>,
    patience: Duration,
}

impl Handover {
    /// Listens on this machine with the way to `url`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(url: Secret) -> Result<Self, Problem> {
        let problem = |error: std::io::Error| {
            Problem::new("the page cannot be handed to a browser").because(error.to_string())
        };
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let socket = socket.await.map_err(problem)?;
        let port = socket.local_addr().map_err(problem)?.port();
        let path = new_nonce();
        Ok(Self {
            socket,
            address: format!("http://127.0.0.1:{port}/{}", path.as_str()),
            path,
            url: Mutex::new(Some(url)),
            patience: PATIENCE,
        })
    }

    /// What the browser is given.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits until it was led on. Afterwards nothing listens any more.
    ///
    /// # Errors
    /// When nobody comes.
    pub async fn wait(self) -> Result<(), Problem> {
        timeout(self.patience, self.serve())
            .await
            .map_err(|_elapsed| {
                Problem::new("no browser came for the page")
                    .because("Astra takes the application's word for a minute")
                    .hint("press v to vouch again")
            })
    }

    async fn serve(&self) {
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.socket.accept(), if open.len() < MOST_CONNECTIONS => match accepted {
                    Ok((stream, _)) if peer::is_another_persons(&stream) => drop(stream),
                    Ok((stream, _)) => open.push(self.answer(stream)),
                    // The client is gone again, or the process is out of files, which must be no busy loop.
                    Err(_) => sleep(Duration::from_millis(50)).await,
                },
                Some(has_led_on) = open.next(), if !open.is_empty() => {
                    if has_led_on {
                        return;
                    }
                }
            }
        }
    }

    /// Leads on whoever asks for the right path first, and tells whether it did.
    async fn answer(&self, mut stream: TcpStream) -> bool {
        let head = match timeout(READ_LIMIT, inbound::read_head(&mut stream)).await {
            Ok(Ok(Ok(head))) => head,
            Ok(Ok(Err(inbound::Refused::Method))) => {
                // A launcher looks whether the page is there.
                let _ = timeout(READ_LIMIT, inbound::respond(&mut stream, &only_get())).await; // it may be gone as well
                return false;
            }
            _ => return false, // nobody who was sent here
        };
        let is_right = head
            .path
            .strip_prefix('/')
            .is_some_and(|path| self.path.matches(path));
        let mut url = None;
        if is_right {
            url = self
                .url
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
        }
        let Some(url) = url else {
            let _ = timeout(READ_LIMIT, inbound::respond(&mut stream, &gone())).await; // it may be gone as well
            return false;
        };
        let led = timeout(READ_LIMIT, inbound::lead_on(&mut stream, url.reveal())).await;
        let has_led_on = matches!(led, Ok(Ok(())));
        if !has_led_on {
            *self.url.lock().unwrap_or_else(PoisonError::into_inner) = Some(url); // the browser tries again
        }
        has_led_on
    }
}

fn only_get() -> inbound::Page {
    inbound::Page {
        status: "405 Method Not Allowed\r\nallow: GET",
        title: "Not allowed",
        text: "A page of astrascope is opened with GET.".into(),
    }
}

fn gone() -> inbound::Page {
    inbound::Page {
        status: "404 Not Found",
        title: "Not found",
        text: "A page of astrascope opens once. Go back to it and open the page again.".into(),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const PAGE: &str = "https://app.example/login?session_token=hunter2";

    async fn get(address: &str, path: &str) -> String {
        let authority = address.split('/').nth(2).unwrap();
        let mut stream = TcpStream::connect(authority).await.unwrap();
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn the_first_who_asks_for_it_is_led_on_and_nobody_else_is() {
        let handover = Handover::start(Secret::new(PAGE)).await.unwrap();
        let address = handover.address().to_owned();
        assert!(!address.contains("hunter2"), "{address}");
        assert!(!format!("{handover:?}").contains("hunter2"));
        let waiting = tokio::spawn(handover.wait());
        let silent = TcpStream::connect(address.split('/').nth(2).unwrap()).await;
        for path in ["", "other", "favicon.ico"] {
            let answer = get(&address, path).await;
            assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
            assert!(!answer.contains("hunter2"), "{answer}");
        }
        let path = address.rsplit('/').next().unwrap();
        let answer = get(&address, path).await;
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        assert!(
            answer.contains(&format!("\r\nlocation: {PAGE}\r\n")),
            "{answer}"
        );
        assert!(
            answer.contains("\r\ncache-control: no-store\r\n"),
            "{answer}"
        );
        assert!(
            answer.contains("\r\nreferrer-policy: no-referrer\r\n"),
            "{answer}"
        );
        assert_eq!(waiting.await.unwrap(), Ok(()));
        let late = TcpStream::connect(address.split('/').nth(2).unwrap()).await;
        assert!(late.is_err(), "nothing listens any more");
        drop(silent);
    }

    #[tokio::test]
    async fn where_no_browser_comes_it_says_so() {
        let mut handover = Handover::start(Secret::new(PAGE)).await.unwrap();
        handover.patience = Duration::from_millis(1);
        let problem = handover.wait().await.unwrap_err();
        assert_eq!(problem.what, "no browser came for the page");
    }

    #[tokio::test]
    async fn whoever_only_looks_spends_nothing() {
        let handover = Handover::start(Secret::new(PAGE)).await.unwrap();
        let address = handover.address().to_owned();
        let (authority, path) = {
            let mut parts = address.split('/').skip(2);
            (parts.next().unwrap(), parts.next().unwrap())
        };
        let waiting = tokio::spawn(handover.wait());
        let mut stream = TcpStream::connect(authority).await.unwrap();
        let head = format!("HEAD /{path} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
        assert!(answer.contains("\r\nallow: GET\r\n"), "{answer}");
        assert!(get(&address, path).await.starts_with("HTTP/1.1 303 "));
        assert_eq!(waiting.await.unwrap(), Ok(()));
    }

    /// Elsewhere the request of a connection that was reset is not read.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_could_not_be_written_is_still_there() {
        let handover = Handover::start(Secret::new(PAGE)).await.unwrap();
        let address = handover.address().to_owned();
        let authority = address.split('/').nth(2).unwrap();
        let path = address.rsplit('/').next().unwrap().to_owned();
        let mut stream = TcpStream::connect(authority).await.unwrap();
        let (accepted, _) = handover.socket.accept().await.unwrap();
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.set_zero_linger().unwrap();
        drop(stream); // resets the connection
        assert!(!handover.answer(accepted).await);
        let waiting = tokio::spawn(handover.wait());
        assert!(get(&address, &path).await.starts_with("HTTP/1.1 303 "));
        assert_eq!(waiting.await.unwrap(), Ok(()));
    }
}
