//! Writes an exchange as it goes over the wire in HTTP/1.1. Whatever version it took, this one can be read.

use url::Url;

use crate::adapters::formats::reason;
use crate::adapters::history::Entry;
use crate::domain::{Auth, Body, MASK, Response};

/// The request of `entry`: request line, header fields, body. The credential is masked.
pub fn request(entry: &Entry) -> Vec<u8> {
    let request = &entry.request;
    let (host, target) = match Url::parse(&request.url) {
        Ok(url) => {
            let port = url
                .port()
                .map(|port| format!(":{port}"))
                .unwrap_or_default();
            let query = url
                .query()
                .map(|query| format!("?{query}"))
                .unwrap_or_default();
            (
                format!("{}{port}", url.host_str().unwrap_or_default()),
                format!("{}{query}", url.path()),
            )
        }
        Err(_) => (String::new(), request.url.clone()), // shown as it is, which a request that failed for it needs
    };
    let mut head = format!(
        "{} {target} HTTP/1.1\r\nhost: {host}\r\n",
        request.method.as_str()
    );
    let scheme = match request.auth {
        Auth::Bearer => Some("Bearer"),
        Auth::Basic => Some("Basic"),
        Auth::None => None,
    };
    if let Some(scheme) = scheme {
        head.push_str(&format!("authorization: {scheme} {MASK}\r\n"));
    }
    let body = request.body.as_ref().map(Body::as_bytes);
    message(head, &request.headers, body)
}

/// The answer: status line, header fields, body.
pub fn response(response: &Response) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {} {}\r\n",
        response.status,
        reason(response.status)
    );
    message(head, &response.headers, Some(response.body.as_bytes()))
}

/// Puts a message together; the body is decoded and cut, so that its length is told anew and its coding is not.
fn message(mut head: String, headers: &[(String, String)], body: Option<&[u8]>) -> Vec<u8> {
    for (name, value) in headers {
        let is_of_transport = [
            "content-length",
            "content-encoding",
            "transfer-encoding",
            "host",
        ]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known));
        if !is_of_transport {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    if let Some(body) = body {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut message = head.into_bytes();
    message.extend_from_slice(body.unwrap_or_default());
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::formats::fixture::entry;
    use crate::domain::Method;

    #[test]
    fn a_request_and_its_answer_are_whole_messages() {
        let mut entry = entry(Method::Post, "http://127.0.0.1:80/v1/x?a=%20");
        entry.request.headers.push(("Accept".into(), "*/*".into()));
        entry.request.body = Some(Body::from("{}"));
        let text = String::from_utf8(request(&entry)).unwrap();
        assert_eq!(
            text,
            format!(
                "POST /v1/x?a=%20 HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {MASK}\r\nAccept: */*\r\ncontent-length: 2\r\n\r\n{{}}"
            )
        );
        let text = String::from_utf8(response(entry.response().unwrap())).unwrap();
        assert_eq!(
            text,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nrequest-id: req_1\r\ncontent-length: 25\r\n\r\n{\"count\":0,\"accounts\":[]}"
        );
    }
}
