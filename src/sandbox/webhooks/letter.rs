//! What a webhook says: flat JSON in the spelling that Astra's documentation hashes.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Map, Value};

use crate::sandbox::world::outbox::News;

/// The body of the webhook with this id.
pub(super) fn write(id: &str, news: &News) -> Map<String, Value> {
    let kind: &str = news.kind.into();
    let mut letter = Map::new();
    let mut put = |name: &str, value: Value| drop(letter.insert(name.to_owned(), value));
    put("webhook_type", kind.into());
    put("webhook_id", id.into());
    put("user_id", news.user.clone().into());
    put("resource_id", news.resource.clone().into());
    if let Some(parent) = &news.parent {
        put("resource_parent_id", parent.clone().into());
    }
    if let Some(metadata) = &news.metadata {
        put("metadata", metadata.clone());
    }
    letter
}

/// The bytes of a body, with a space after each comma and colon: clients that hash what Python's `json.dumps` makes of the
/// parsed body come to the same signature as those that hash the bytes (Astra's page on webhooks shows the former).
pub(super) fn spell(letter: &Map<String, Value>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Spaced);
    // A map of JSON values can be written to memory, whatever it holds.
    let _ = letter.serialize(&mut serializer);
    bytes
}

/// JSON as Python writes it: on one line with spaces, and in ASCII.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        is_first: bool,
    ) -> io::Result<()> {
        begin(writer, is_first)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        is_first: bool,
    ) -> io::Result<()> {
        begin(writer, is_first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut units = [0; 2];
        for c in fragment.chars() {
            match c {
                ' '..='~' => write!(writer, "{c}")?,
                c => {
                    for unit in c.encode_utf16(&mut units) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn begin<W: ?Sized + io::Write>(writer: &mut W, is_first: bool) -> io::Result<()> {
    match is_first {
        true => Ok(()),
        false => writer.write_all(b", "),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::sandbox::world::outbox::Kind;

    fn news() -> News {
        News {
            kind: Kind::TransferUpdated,
            user: Some("u".into()),
            resource: "t".into(),
            parent: None,
            metadata: None,
        }
    }

    #[test]
    fn a_body_is_flat_and_has_a_space_after_each_comma_and_colon() {
        let text = String::from_utf8(spell(&write("w", &news()))).unwrap();
        let expected = r#"{"webhook_type": "transfer_updated", "webhook_id": "w", "user_id": "u", "resource_id": "t"}"#;
        assert_eq!(text, expected);
    }

    #[test]
    fn nobody_is_null_and_what_belongs_to_it_follows() {
        let metadata = json!({"a": [1, 2.5, {"b": null}], "name": "Ünal \u{1f600} \"x\"\n\u{7f}"});
        let news = News {
            user: None,
            parent: Some("p".into()),
            metadata: Some(metadata.clone()),
            ..news()
        };
        let bytes = spell(&write("w", &news));
        let text = String::from_utf8(bytes.clone()).unwrap();
        // As Python's json.dumps spells it.
        let expected = r#""user_id": null, "resource_id": "t", "resource_parent_id": "p", "metadata": {"a": [1, 2.5, {"b": null}], "name": "\u00dcnal \ud83d\ude00 \"x\"\n\u007f"}}"#;
        assert!(text.ends_with(expected), "{text}");
        let read: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read["metadata"], metadata);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_a_client_keeps_is_spelled_in_ascii_and_comes_back(name in any::<String>(), value in any::<String>()) {
            let news = News { metadata: Some(json!({name: [value]})), ..news() };
            let letter = write("w", &news);
            let bytes = spell(&letter);
            prop_assert!(bytes.iter().all(|byte| (b' '..=b'~').contains(byte)));
            prop_assert_eq!(serde_json::from_slice::<Map<String, Value>>(&bytes).unwrap(), letter);
        }
    }
}
