//! The index against the standard, against serde_json, and against texts that break.

use crate::document::*;
use proptest::prelude::*;
use serde_json::Value;

fn parse(text: &str) -> Document {
    Document::parse(Body::from(text))
}

/// The document as serde_json would have it, to compare with it.
fn value(document: &Document, node: NodeId) -> Value {
    match document.kind(node) {
        NodeKind::Object => document
            .children(node)
            .map(|child| {
                (
                    document.key(child).unwrap().into_owned(),
                    value(document, child),
                )
            })
            .collect(),
        NodeKind::Array => document
            .children(node)
            .map(|child| value(document, child))
            .collect(),
        NodeKind::String => Value::from(document.text(node)),
        _ => serde_json::from_slice(document.raw(node)).unwrap(),
    }
}

#[test]
fn values_are_found_and_spelled_as_they_came() {
    let document = parse(r#" {"a":[1,{"b":10.50}],"odd name":"x\u00e9\ud83d\ude00\n"} "#);
    let root = document.root().unwrap();
    assert_eq!(document.fault(), None);
    let items = document.get(root, "a").unwrap();
    let amount = document.get(document.item(items, 1).unwrap(), "b").unwrap();
    assert_eq!(document.raw(amount), b"10.50");
    assert_eq!(document.path(amount), ".a[1].b");
    let odd = document.get(root, "odd name").unwrap();
    assert_eq!(document.path(odd), ".\"odd name\"");
    assert_eq!(document.text(odd), "xé😀\n");
    assert_eq!(document.depth(amount), 3);
    let at = document
        .body()
        .as_bytes()
        .windows(5)
        .position(|bytes| bytes == b"10.50")
        .unwrap();
    assert_eq!(document.at_offset(at + 2), Some(amount));
}

#[test]
fn a_break_is_told_with_its_place_and_what_came_before_is_kept() {
    let document = parse("{\n  \"a\": [1, 2,\n  }");
    let fault = document.fault().unwrap();
    assert_eq!(
        (fault.line, fault.column, fault.reason),
        (3, 3, "expected a value")
    );
    let items = document.get(document.root().unwrap(), "a").unwrap();
    assert_eq!(document.child_count(items), 2);
}

#[test]
fn every_cut_of_a_document_keeps_what_is_whole() {
    let text = r#"{"a":[1,true,null,"x\u0041"],"b":{"c":-1.5e3}}"#;
    for end in 0..text.len() {
        let document = parse(&text[..end]);
        assert!(document.fault().is_some(), "{end}");
        for node in 0..document.len() {
            let node = NodeId(u32::try_from(node).unwrap());
            let _ = (
                document.text(node),
                document.path(node),
                document.child_count(node),
            );
        }
    }
}

#[test]
fn depth_needs_no_stack() {
    let levels = 100_000;
    let document = parse(&("[".repeat(levels) + &"]".repeat(levels)));
    assert_eq!(document.fault(), None);
    assert_eq!(document.len(), levels);
}

#[test]
fn texts_are_accepted_and_refused_as_the_standard_says() {
    for text in [
        "0",
        "-0",
        "1e5",
        "1E+2",
        "\"\"",
        "[]",
        "{}",
        " null\n",
        "\"\\/\"",
        "[[],{}]",
        "\u{feff}1",
    ] {
        assert_eq!(parse(text).fault(), None, "{text}");
    }
    for text in [
        "",
        " ",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "-",
        "NaN",
        "'a'",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "[1 2]",
        "[1]]",
        "{\"a\" 1}",
        "[}",
        "tru",
        "\"",
        "1 2",
        "{\"a\"}",
        "[,1]",
        "\u{a0}1",
    ] {
        assert!(parse(text).fault().is_some(), "{text}");
    }
    assert!(
        Document::parse(Body::new(b"\"\xff\"".to_vec()))
            .fault()
            .is_some()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_agrees_with_serde_json(text in r#"[\[\]{},:"\\ 0-9a-eE.+ntrfulsé-]{0,40}"#) {
        let ours = parse(&text);
        let theirs = serde_json::from_str::<Value>(&text);
        match theirs {
            Ok(theirs) => {
                prop_assert_eq!(ours.fault(), None);
                prop_assert_eq!(value(&ours, ours.root().unwrap()), theirs);
            }
            Err(error) => {
                let has_odd_rule = error.to_string().contains("out of range") || error.to_string().contains("surrogate") || error.to_string().contains("hex escape");
                prop_assert!(ours.fault().is_some() || has_odd_rule, "{}", error);
            }
        }
    }
}
