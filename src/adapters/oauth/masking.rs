//! Takes secrets out of a token answer before it is shown. For the eye only: nothing is read from the masked text.

use serde_json::Value;

use crate::domain::{Body, MASK, Secret};

/// Fields of a token answer or of an echoed request whose values are never shown.
const SECRET_FIELDS: [&str; 7] = [
    "access_token",
    "refresh_token",
    "id_token",
    "session_token",
    "client_secret",
    "code",
    "token",
];

/// The body of a token answer as it may be shown. `sent` are the secrets of the request, which a server may quote.
///
/// What is no JSON may hold a token anywhere, so only its length is told.
pub(super) fn masked_body(body: &Body, sent: &[&Secret]) -> Body {
    if body.is_empty() {
        return Body::default();
    }
    match serde_json::from_slice::<Value>(body.as_bytes()) {
        Ok(mut value) => {
            mask_value(&mut value, sent);
            Body::new(value.to_string().into_bytes())
        }
        Err(_) => Body::from(
            format!(
                "({} bytes that are not JSON; not shown, because a token may be in them)",
                body.len()
            )
            .as_str(),
        ),
    }
}

/// `text` with every secret of `sent` masked.
pub(super) fn masked_text(text: &str, sent: &[&Secret]) -> String {
    let secrets = sent.iter().filter(|secret| !secret.is_empty());
    secrets.fold(text.to_owned(), |text, secret| {
        text.replace(secret.reveal(), MASK)
    })
}

fn mask_value(value: &mut Value, sent: &[&Secret]) {
    match value {
        Value::String(text) => *text = masked_text(text, sent),
        Value::Array(items) => {
            for item in items {
                mask_value(item, sent);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                // An Astra error has a number called code: that is a status.
                let is_secret = SECRET_FIELDS.contains(&name.as_str()) && !field.is_number();
                if is_secret && !field.is_null() {
                    *field = MASK.into();
                } else {
                    mask_value(field, sent);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let sent = Secret::new("c0de");
        let body = masked_body(&Body::from(text), &[&sent, &Secret::default()]);
        String::from_utf8(body.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn tokens_are_masked_and_the_rest_stays_in_order() {
        assert_eq!(
            masked(
                r#"{"token_type":"Bearer","access_token":"at","expires_in":7200,"x":{"refresh_token":["rt"]}}"#
            ),
            format!(
                r#"{{"token_type":"Bearer","access_token":"{MASK}","expires_in":7200,"x":{{"refresh_token":"{MASK}"}}}}"#
            )
        );
    }

    #[test]
    fn an_echoed_code_is_masked_and_the_status_of_an_error_is_not() {
        assert_eq!(
            masked(r#"{"code":400,"description":"c0de is unknown"}"#),
            format!(r#"{{"code":400,"description":"{MASK} is unknown"}}"#)
        );
    }

    #[test]
    fn what_is_not_json_is_only_counted() {
        assert_eq!(
            masked("access_token=at"),
            "(15 bytes that are not JSON; not shown, because a token may be in them)"
        );
        assert_eq!(masked(""), "");
    }
}
