//! As much of an HTTP/1.1 server as one redirect needs: reads the head of a request, writes a page. Judges nothing.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use crate::domain::is_loopback;

/// Longer than any redirect, and what browsers and servers commonly stop at.
const LONGEST_LINE: usize = 8 * 1024;
/// A browser sends the cookies of everything else that runs on this host along.
const LONGEST_HEAD: usize = 64 * 1024;
/// How long to wait for the other side to close after a refusal, so that it reads the refusal instead of a reset.
const LINGER: Duration = Duration::from_millis(200);

/// The head of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) path: String,
    pub(super) query: String,
}

/// Why a request is not looked at any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Nothing came: a browser opens connections that it never uses.
    Silent,
    /// Not what a browser sends.
    Malformed,
    /// Only GET leads here.
    Method,
    /// The request line is longer than any redirect.
    TooLong,
    /// The name in the address bar is not this machine's: a foreign page tries its luck (DNS rebinding).
    ForeignHost,
}

/// Reads a request up to the empty line.
pub(super) async fn read_head(stream: &mut TcpStream) -> io::Result<Result<Head, Refused>> {
    let mut head = Vec::with_capacity(2048);
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let has_line = head.contains(&b'\n');
        if head.len() > LONGEST_HEAD || (!has_line && head.len() > LONGEST_LINE) {
            return Ok(Err(Refused::TooLong));
        }
        if stream.read_buf(&mut head).await? == 0 {
            let cut_off = if head.is_empty() {
                Refused::Silent
            } else {
                Refused::Malformed
            };
            return Ok(Err(cut_off));
        }
    }
    Ok(parse(&head))
}

fn parse(head: &[u8]) -> Result<Head, Refused> {
    let text = std::str::from_utf8(head).map_err(|_bytes| Refused::Malformed)?;
    let mut lines = text.split("\r\n");
    let line = lines.next().unwrap_or_default();
    if line.len() > LONGEST_LINE {
        return Err(Refused::TooLong);
    }
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Refused::Malformed);
    };
    if !version.starts_with("HTTP/1.") {
        return Err(Refused::Malformed);
    }
    if method != "GET" {
        return Err(Refused::Method);
    }
    let mut hosts = lines
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    let is_ours = hosts
        .next()
        .is_some_and(|(_, host)| is_loopback(without_port(host.trim())));
    if !is_ours || hosts.next().is_some() {
        return Err(Refused::ForeignHost);
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Ok(Head {
        path: path.to_owned(),
        query: query.to_owned(),
    })
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// A page of a title and a sentence.
pub(super) struct Page {
    pub(super) status: &'static str,
    pub(super) title: &'static str,
    pub(super) text: String,
}

/// Writes `page` and ends the connection. The address with the code in it goes nowhere from there: it is not stored and
/// not told to other sites, and the page loads nothing.
pub(super) async fn respond(stream: &mut TcpStream, page: &Page) -> io::Result<()> {
    let body = html(page);
    let head = format!(
        "HTTP/1.1 {}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\nx-content-type-options: nosniff\r\n\
         content-security-policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'none'\r\n\r\n",
        page.status,
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}

/// Leads a browser on to `url`, and ends the connection. The address that it came to is not stored and not told.
pub(super) async fn lead_on(stream: &mut TcpStream, url: &str) -> io::Result<()> {
    let head = Zeroizing::new(format!(
        "HTTP/1.1 303 See Other\r\nlocation: {url}\r\ncontent-length: 0\r\nconnection: close\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\n\r\n"
    ));
    stream.write_all(head.as_bytes()).await?;
    stream.shutdown().await
}

/// Reads what is left of a refused request: closing with unread bytes would reset the connection under the answer.
pub(super) async fn linger(stream: &mut TcpStream) {
    let drain = async {
        let mut rest = [0; 1024];
        let mut left = LONGEST_HEAD;
        while let Ok(length @ 1..) = stream.read(&mut rest).await {
            left = left.saturating_sub(length);
            if left == 0 {
                return; // whoever sends this much does not want the answer
            }
        }
    };
    // Not closed in time: then it is closed from here.
    let _ = tokio::time::timeout(LINGER, drain).await;
}

fn html(page: &Page) -> String {
    let text = page
        .text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let title = page.title;
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} - astrascope</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>\
         :root{{color-scheme:light dark}}body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto;\
         padding:0 1.5rem}}h1{{font-size:1.5rem}}</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, host: &str) -> Result<Head, Refused> {
        parse(format!("{line}\r\nAccept: */*\r\nHost: {host}\r\n\r\n").as_bytes())
    }

    #[test]
    fn path_and_query_are_told_apart() {
        let head = read("GET /callback?code=a&state=b HTTP/1.1", "127.0.0.1:8765").unwrap();
        assert_eq!(
            (head.path.as_str(), head.query.as_str()),
            ("/callback", "code=a&state=b")
        );
    }

    #[test]
    fn only_a_get_of_this_machine_is_looked_at() {
        let line = "GET / HTTP/1.1";
        for host in ["localhost:1", "127.0.0.1", "[::1]:80", "[::1]", "LOCALHOST"] {
            assert!(read(line, host).is_ok(), "{host}");
        }
        for host in [
            "evil.example:80",
            "127.0.0.1.evil.example",
            "",
            "localhost\r\nHost: evil",
        ] {
            assert_eq!(read(line, host), Err(Refused::ForeignHost), "{host}");
        }
        assert_eq!(read("POST / HTTP/1.1", "localhost"), Err(Refused::Method));
        for line in [
            "",
            "GET /",
            "GET / HTTP/2",
            "GET / / HTTP/1.1",
            "\u{16}\u{3}\u{1}",
        ] {
            assert_eq!(read(line, "localhost"), Err(Refused::Malformed), "{line}");
        }
        let long = format!("GET /{} HTTP/1.1", "a".repeat(LONGEST_LINE));
        assert_eq!(read(&long, "localhost"), Err(Refused::TooLong));
        assert_eq!(parse(b"GET / HTTP/1.0\r\n\r\n"), Err(Refused::ForeignHost));
    }

    #[test]
    fn text_from_outside_is_no_markup() {
        let page = Page {
            status: "400 Bad Request",
            title: "Not signed in",
            text: "<script>&".into(),
        };
        assert!(html(&page).contains("<p>&lt;script&gt;&amp;</p>"));
    }
}
