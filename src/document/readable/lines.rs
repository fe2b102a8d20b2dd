//! JSON values that stand one to a line, as one array.

use crate::document::{Document, Fault};
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

/// What is wrong with the first line that is no value.
pub(super) fn fault(text: &str) -> Option<Fault> {
    let mut start = 0;
    let mut faults = (1..).zip(text.split_inclusive('\n')).map(|(line, words)| {
        let at = start;
        start += words.len();
        let is_blank = words.trim().is_empty();
        let document = (!is_blank).then(|| Document::parse(Body::from(words.trim_end())));
        let fault = document.as_ref().and_then(Document::fault);
        fault.map(|fault| Fault {
            offset: at + fault.offset,
            line,
            ..fault.clone()
        })
    });
    faults.find_map(|fault| fault)
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

    #[test]
    fn the_first_line_that_is_no_value_is_found_with_the_reason() {
        let text = "{\"a\": 1}\r\n\n  {\"a\": oops}\n[";
        let fault = fault(text).unwrap();
        let place = (fault.line, fault.column, fault.offset);
        assert_eq!(place, (3, 9, text.find("oops").unwrap()));
        assert_eq!(fault.reason, "expected a value, found o");
        assert_eq!(super::fault("1\n2\n\n"), None);
        assert_eq!(super::fault("1\n{").unwrap().line, 2);
    }
}
