//! Writes a request as a curl command that runs in any POSIX shell. Its secrets are variables of that shell.

use url::Url;

use crate::adapters::files::saved::variable;
use crate::adapters::history::Entry;
use crate::adapters::history::mask::{Marks, find, is_form};
use crate::domain::{Auth, MASK, Method};

/// The variable with the access token of the test user.
pub(crate) const TOKEN: &str = "ASTRA_TOKEN";
/// The variables with the keys of the application.
pub(crate) const CLIENT: [&str; 2] = ["ASTRA_CLIENT_ID", "ASTRA_CLIENT_SECRET"];
/// The variable for a secret whose name is not known: one that was repeated in a text.
const UNNAMED: &str = "secret";

/// The command that sends the request of `entry`.
///
/// A body with bytes that no shell can hold is taken from the file `body.bin`, which is the caller's to write.
pub fn curl(entry: &Entry, marks: &Marks) -> String {
    let request = &entry.request;
    let mut lines = Vec::new();
    let url = quote(&request.url, marks, false);
    lines.push(match (request.method, &request.body) {
        (Method::Get, None) => format!("curl {url}"),
        (method, _) => format!("curl --request {} {url}", method.as_str()),
    });
    if request.url.contains(['[', ']', '{', '}']) {
        lines.push("--globoff".into()); // they are no patterns
    }
    if Url::parse(&request.url).is_ok_and(|url| url.as_str() != request.url)
        && request.url.contains("/.")
    {
        lines.push("--path-as-is".into());
    }
    match request.auth {
        Auth::Bearer => lines.push(format!("--header \"authorization: Bearer ${TOKEN}\"")),
        Auth::Basic => lines.push(format!("--user \"${}:${}\"", CLIENT[0], CLIENT[1])),
        Auth::None => {}
    }
    for (name, value) in &request.headers {
        // curl drops a field without a value, unless it ends with a semicolon.
        let field = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        lines.push(format!("--header {}", quote(&field, marks, false)));
    }
    if let Some(body) = &request.body {
        let has_kind = request
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !has_kind {
            lines.push("--header 'content-type:'".into()); // or curl says it is a form
        }
        match std::str::from_utf8(body.as_bytes()) {
            Ok(text) if !text.contains('\0') => {
                lines.push(format!(
                    "--data-raw {}",
                    quote(text, marks, is_form(&request.headers))
                ));
            }
            _ => lines.push("--data-binary @body.bin".into()),
        }
    }
    lines.join(" \\\n  ")
}

/// `text` as one word of a shell, with a variable in the place of each mask.
fn quote(text: &str, marks: &Marks, is_form: bool) -> String {
    let named = find(text.as_bytes(), marks, is_form);
    let mut word = String::new();
    let mut at = 0;
    for (start, mask) in text.match_indices(MASK) {
        let end = start + mask.len();
        let name = named
            .iter()
            .find(|found| found.range.start <= start && end <= found.range.end);
        push_quoted(&mut word, text.get(at..start).unwrap_or_default());
        word.push_str(&format!(
            "\"${}\"",
            variable(name.map_or(UNNAMED, |found| &found.name))
        ));
        at = end;
    }
    let rest = text.get(at..).unwrap_or_default();
    if at == 0 || !rest.is_empty() {
        push_quoted(&mut word, rest);
    }
    word
}

fn push_quoted(word: &mut String, text: &str) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        word.push_str(text);
    } else {
        word.push('\'');
        word.push_str(&text.replace('\'', "'\\''"));
        word.push('\'');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::formats::fixture::{entry, marks};
    use crate::domain::Body;

    #[test]
    fn a_read_is_one_line_and_a_write_names_everything() {
        let mut entry = entry(
            Method::Get,
            "https://api.example/v1/accounts?limit=5&q=it's",
        );
        entry.request.auth = Auth::None;
        assert_eq!(
            curl(&entry, &marks()),
            "curl 'https://api.example/v1/accounts?limit=5&q=it'\\''s'"
        );
        entry.request.auth = Auth::Bearer;
        entry.request.method = Method::Post;
        entry.request.headers = vec![
            ("content-type".into(), "application/json".into()),
            ("x-empty".into(), String::new()),
        ];
        entry.request.body = Some(Body::from(
            format!("{{\"ssn\":\"{MASK}\",\"note\":\"$HOME {MASK}!\"}}").as_str(),
        ));
        let expected = "curl --request POST 'https://api.example/v1/accounts?limit=5&q=it'\\''s' \\\n  \
            --header \"authorization: Bearer $ASTRA_TOKEN\" \\\n  --header 'content-type: application/json' \\\n  --header 'x-empty;' \\\n  \
            --data-raw '{\"ssn\":\"'\"$ASTRA_SSN\"'\",\"note\":\"$HOME '\"$ASTRA_SECRET\"'!\"}'";
        assert_eq!(curl(&entry, &marks()), expected);
    }

    #[test]
    fn what_a_shell_or_curl_would_change_is_kept() {
        let mut entry = entry(Method::Put, "https://api.example/a/../b?x[]={1}");
        entry.request.auth = Auth::Basic;
        entry.request.body = Some(Body::new(vec![0, 255]));
        let expected = "curl --request PUT 'https://api.example/a/../b?x[]={1}' \\\n  --globoff \\\n  --path-as-is \\\n  \
            --user \"$ASTRA_CLIENT_ID:$ASTRA_CLIENT_SECRET\" \\\n  --header 'content-type:' \\\n  --data-binary @body.bin";
        assert_eq!(curl(&entry, &marks()), expected);
    }
}
