//! Writes what Astra's support needs to look into a matter, in Markdown, to paste in a ticket. Chooses nothing.

use std::fmt::Write as _;

use crate::adapters::formats::utc;
use crate::adapters::history::Entry;
use crate::domain::{Body, Outcome, Response};

/// Longer bodies are cut: a ticket takes no megabytes, and the request-id leads to the rest.
const LONGEST_BODY: usize = 16 * 1024;

/// Which software was used: name and version, a line each.
pub type Versions<'a> = &'a [(&'a str, String)];

/// The bundle for `entries` in their order.
pub fn bundle(entries: &[Entry], versions: Versions<'_>) -> String {
    let mut text = String::from(
        "# Support request\n\n_What happened, and what was expected instead:_\n\n\n## Requests\n\n",
    );
    text.push_str(
        "| # | sent at (UTC) | request | answer | request-id |\n| --- | --- | --- | --- | --- |\n",
    );
    for (at, entry) in entries.iter().enumerate() {
        let line = format!("{} {}", entry.request.method.as_str(), entry.request.url);
        let id = entry
            .response()
            .and_then(Response::request_id)
            .unwrap_or("none");
        let row = [utc(entry.started_at), line, outcome(entry), id.to_owned()];
        let _ = write!(text, "| {} |", at + 1); // a String takes everything
        for cell in row {
            let _ = write!(
                text,
                " {} |",
                cell.replace('|', "\\|").replace(['\n', '\r'], " ")
            );
        }
        text.push('\n');
    }
    for (at, entry) in entries.iter().enumerate() {
        details(&mut text, at + 1, entry);
    }
    text.push_str("\n## Versions\n\n");
    for (name, version) in versions {
        let _ = writeln!(text, "- {name}: {version}");
    }
    text.push_str("\nSecrets are masked.\n");
    text
}

fn outcome(entry: &Entry) -> String {
    match &entry.outcome {
        Outcome::Done(response) => format!(
            "{} in {} ms",
            response.status,
            response.timing.total.as_millis()
        ),
        Outcome::Failed(problem) => match &problem.why {
            Some(why) => format!("none: {}, {why}", problem.what),
            None => format!("none: {}", problem.what),
        },
        Outcome::Cancelled => "none: cancelled".into(),
        Outcome::Sending | Outcome::Arriving(_) | Outcome::Waiting | Outcome::Postponed { .. } => {
            "none yet".into()
        }
    }
}

fn details(text: &mut String, number: usize, entry: &Entry) {
    let request = &entry.request;
    let _ = writeln!(
        text,
        "\n## {number}. {} {}\n",
        request.method.as_str(),
        request.url
    );
    let _ = writeln!(
        text,
        "- sent at {} UTC, profile {}",
        utc(entry.started_at),
        entry.profile
    );
    if let Some(user) = &entry.user {
        let _ = writeln!(text, "- for the user {user}");
    }
    let _ = writeln!(text, "- answer: {}", outcome(entry));
    part(
        text,
        "Sent",
        &request.shown_headers(),
        request.body.as_ref(),
        entry.request_size,
    );
    if let Some(response) = entry.response() {
        part(
            text,
            "Answered",
            &response.headers,
            Some(&response.body),
            entry.response_size,
        );
    }
}

fn part(
    text: &mut String,
    title: &str,
    headers: &[(String, String)],
    body: Option<&Body>,
    size: usize,
) {
    let mut content: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\n"))
        .collect();
    let bytes = body.map_or(&[][..], Body::as_bytes);
    let shown = bytes.get(..LONGEST_BODY).unwrap_or(bytes);
    if !shown.is_empty() {
        let _ = write!(content, "\n{}", String::from_utf8_lossy(shown));
    }
    if shown.len() < size {
        let _ = write!(content, "\n({} of {size} bytes)", shown.len());
    }
    let fence = fence(&content);
    let _ = writeln!(
        text,
        "\n{title}:\n\n{fence}http\n{}\n{fence}",
        content.trim_end()
    );
}

/// A fence that is longer than any in `content`, so that nothing in it can end it.
fn fence(content: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in content.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat(3.max(longest + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::formats::fixture::entry;
    use crate::domain::{Method, Problem};

    #[test]
    fn it_tells_when_what_and_how_it_went() {
        let answered = entry(Method::Get, "https://api.example/v1/accounts?a=b|c");
        let mut failed = entry(Method::Post, "https://api.example/v1/x");
        failed.request.body = Some(Body::from("a ```` b"));
        failed.request_size = 20;
        failed.outcome =
            Outcome::Failed(Problem::new("connection refused").because("nothing listens"));
        let text = bundle(&[answered, failed], &[("astrascope", "0.1.0".into())]);
        for expected in [
            "| 1 | 2026-03-02T17:04:05.120Z | GET https://api.example/v1/accounts?a=b\\|c | 200 in 43 ms | req_1 |\n",
            "| 2 | 2026-03-02T17:04:05.120Z | POST https://api.example/v1/x | none: connection refused, nothing listens | none |\n",
            "```http\ncontent-type: application/json\nrequest-id: req_1\n\n{\"count\":0,\"accounts\":[]}\n```\n",
            "`````http\nauthorization: Bearer ••••••••\n\na ```` b\n(8 of 20 bytes)\n`````\n",
            "- astrascope: 0.1.0\n",
        ] {
            assert!(text.contains(expected), "{expected}\n---\n{text}");
        }
    }
}
