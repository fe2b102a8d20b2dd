//! Puts references in the place of secrets, before a request is saved. The masking of history knows what is secret.

use crate::adapters::history::mask::{Marks, find, is_form};
use crate::domain::{Auth, Call, Check, FieldCheck, JsonType, SavedRequest, Scalar};

/// A secret, and the reference that takes its place: a variable of the environment.
struct Replaced {
    value: String,
    reference: String,
}

/// The variable of the environment for the secret called `name`: `ASTRA_SSN`.
pub(crate) fn variable(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    format!("ASTRA_{}", name.chars().map(plain).collect::<String>())
}

/// Replaces every secret of `request` by a reference such as `{{env.ASTRA_SSN}}`, and drops header fields that carry a
/// credential, which the program adds by itself; of a secret that is expected, its type is. Answers with what was done, a line each.
pub fn refer(request: &mut SavedRequest, marks: &Marks) -> Vec<String> {
    let mut notes = Vec::new();
    let mut replaced: Vec<Replaced> = Vec::new();
    // A request that goes without a credential of the program may carry one of a person's own.
    let has_own = matches!(
        request.call,
        Call::Path {
            auth: Auth::None,
            ..
        }
    );
    request.headers.retain(|(name, _)| {
        let is_kept = has_own || !is_credential(name);
        if !is_kept {
            notes.push(format!(
                "the header {name} was left out: the program sends its own"
            ));
        }
        is_kept
    });
    let is_form = is_form(&request.headers);
    let named = request
        .query
        .iter_mut()
        .chain(&mut request.headers)
        .map(|(name, value)| (&*name, value));
    for (name, value) in named.chain(request.path.iter_mut()) {
        if marks.is_secret_header(name) && !is_reference(value) {
            let reference = format!("{{{{env.{}}}}}", variable(name));
            replaced.push(Replaced {
                value: std::mem::replace(value, reference.clone()),
                reference,
            });
        } else {
            in_text(value, marks, false, &mut replaced);
        }
    }
    if let Some(body) = &mut request.body {
        in_text(body, marks, is_form, &mut replaced);
    }
    in_text(&mut request.description, marks, false, &mut replaced);
    // The same secret may be repeated where it has no name.
    let texts: Vec<&mut String> = request.texts_mut().collect();
    for text in texts {
        for secret in replaced.iter().filter(|secret| secret.value.len() >= 6) {
            if text.contains(&secret.value) {
                *text = text.replace(&secret.value, &secret.reference);
            }
        }
    }
    let mut done: Vec<String> = replaced
        .into_iter()
        .map(|secret| secret.reference)
        .collect();
    done.dedup();
    notes.extend(
        done.into_iter()
            .map(|reference| format!("a secret became {reference}")),
    );
    for field in &mut request.expect.fields {
        if let Some(kind) = secret_kind(field, marks) {
            field.check = Check::Type(kind);
            notes.push(format!("of the secret {} its type is expected", field.path));
        }
    }
    notes
}

/// The type of what `field` expects, if that is a secret by the names on the way to it.
fn secret_kind(field: &FieldCheck, marks: &Marks) -> Option<JsonType> {
    let values = match &field.check {
        Check::Equals(value) => std::slice::from_ref(value),
        Check::OneOf(values) => values,
        Check::Exists | Check::Absent | Check::Type(_) | Check::Matches(_) => return None,
    };
    let is_secret = |value: &&Scalar| {
        let value = match value {
            Scalar::Text(text) => text.clone(),
            Scalar::Integer(number) => number.to_string(),
            Scalar::Float(number) => number.to_string(),
            Scalar::Boolean(value) => value.to_string(),
        };
        let value = serde_json::Value::from(value);
        let mut names = field.path.split(['.', '[', ']', '"']);
        names.any(|name| {
            let member = format!("{{\"{name}\":{value}}}");
            !find(member.as_bytes(), marks, false).is_empty()
        })
    };
    values.iter().find(is_secret).map(|value| match value {
        Scalar::Text(_) => JsonType::String,
        Scalar::Integer(_) | Scalar::Float(_) => JsonType::Number,
        Scalar::Boolean(_) => JsonType::Boolean,
    })
}

fn is_credential(name: &str) -> bool {
    ["authorization", "proxy-authorization", "cookie"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

fn is_reference(value: &str) -> bool {
    value.is_empty() || value.contains("{{")
}

fn in_text(text: &mut String, marks: &Marks, is_form: bool, replaced: &mut Vec<Replaced>) {
    let mut found = find(text.as_bytes(), marks, is_form);
    found.sort_by_key(|found| (found.range.start, usize::MAX - found.range.end));
    let (mut out, mut at) = (String::new(), 0);
    for found in found {
        let value = text.get(found.range.clone()).unwrap_or_default();
        let before = text.get(..found.range.start).unwrap_or_default();
        let is_inside = before.trim_end().ends_with("{{"); // of a reference without quotes
        if found.range.start < at || is_inside || is_reference(value) {
            continue;
        }
        let reference = format!("{{{{env.{}}}}}", variable(&found.name));
        out.push_str(text.get(at..found.range.start).unwrap_or_default());
        out.push_str(&reference);
        at = found.range.end;
        replaced.push(Replaced {
            value: String::from_utf8_lossy(&found.value).into_owned(),
            reference,
        });
    }
    if at > 0 {
        out.push_str(text.get(at..).unwrap_or_default());
        *text = out;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect()
    }

    #[test]
    fn of_a_secret_that_is_expected_only_the_type_is_kept() {
        let text = |text: &str| Scalar::Text(text.into());
        let field = |path: &str, check| FieldCheck {
            path: path.into(),
            check,
        };
        let mut request = SavedRequest::default();
        request.expect.fields = vec![
            field("access_token", Check::Equals(text("tok_1"))),
            field("list[0].card_number", Check::OneOf(vec![text("4242")])),
            field("ssn", Check::Equals(Scalar::Integer(4321))),
            field("status", Check::Equals(text("active"))),
            field("token", Check::Matches("tok_[a-z]+".into())),
        ];
        let before = request.expect.fields.clone();
        let notes = refer(&mut request, &Marks::default());
        let after = &request.expect.fields;
        let kinds: Vec<_> = after.iter().map(|field| field.check.clone()).collect();
        assert_eq!(kinds[0], Check::Type(JsonType::String));
        assert_eq!(kinds[1], Check::Type(JsonType::String));
        assert_eq!(kinds[2], Check::Type(JsonType::Number));
        assert_eq!(after[3..], before[3..]);
        assert_eq!(notes[0], "of the secret access_token its type is expected");
    }

    #[test]
    fn secrets_become_references_and_references_stay() {
        let mut request = SavedRequest {
            query: pairs(&[("code", "c0de-1234"), ("token", "{{env.MINE}}"), ("limit", "5")]),
            headers: pairs(&[("Authorization", "Bearer at"), ("x-echo", "c0de-1234"), ("x-session-token", "st")]),
            body: Some("{\"ssn\": \"1234\", \"card_number\": 4242, \"note\": \"c0de-1234\", \"token\": \"{{env.T}}\"}".into()),
            description: "with access_token=at_1".into(),
            ..SavedRequest::default()
        };
        let notes = refer(&mut request, &Marks::default());
        assert_eq!(
            request.query,
            pairs(&[
                ("code", "{{env.ASTRA_CODE}}"),
                ("token", "{{env.MINE}}"),
                ("limit", "5")
            ])
        );
        assert_eq!(
            request.headers,
            pairs(&[
                ("x-echo", "{{env.ASTRA_CODE}}"),
                ("x-session-token", "{{env.ASTRA_X_SESSION_TOKEN}}")
            ])
        );
        assert_eq!(
            request.body.as_deref(),
            Some(
                "{\"ssn\": \"{{env.ASTRA_SSN}}\", \"card_number\": {{env.ASTRA_CARD_NUMBER}}, \"note\": \"{{env.ASTRA_CODE}}\", \"token\": \"{{env.T}}\"}"
            )
        );
        assert_eq!(
            request.description,
            "with access_token={{env.ASTRA_ACCESS_TOKEN}}"
        );
        assert_eq!(
            notes[0],
            "the header Authorization was left out: the program sends its own"
        );
        assert_eq!(notes.len(), 6);
        assert_eq!(refer(&mut request, &Marks::default()), Vec::<String>::new());
    }

    #[test]
    fn a_credential_of_ones_own_becomes_a_reference_where_the_program_sends_none() {
        let mut request = SavedRequest {
            call: Call::Path {
                method: crate::domain::Method::Get,
                path: "/x".into(),
                host: crate::domain::Host::Api,
                auth: Auth::None,
            },
            headers: pairs(&[("Authorization", "Bearer at")]),
            ..SavedRequest::default()
        };
        refer(&mut request, &Marks::default());
        let kept = pairs(&[("Authorization", "{{env.ASTRA_AUTHORIZATION}}")]);
        assert_eq!(request.headers, kept);
    }
}
