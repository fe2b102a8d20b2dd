//! JSON values that stand one to a line, as one array.

use crate::document::Document;
use crate::domain::Body;

/// The array of all values; `None` if a line is none.
pub(super) fn as_json(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let values: Vec<&str> = lines.collect();
    let json = format!("[{}]", values.join(",\n"));
    let document = Document::parse(Body::from(json.as_str()));
    let count = document.root().map(|root| document.child_count(root));
    (document.fault().is_none() && count == Some(values.len())).then_some(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_items() {
        let json = as_json("{\"a\": 1}\r\n\n{\"a\": 2}\n").unwrap();
        assert_eq!(json, "[{\"a\": 1},\n{\"a\": 2}]");
        assert_eq!(as_json("1, 2\n3"), None);
        assert_eq!(as_json("{\"a\":\n1}"), None);
    }
}
