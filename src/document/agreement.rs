//! Compares the index with what was written, with serde_json, and with itself when the text comes in pieces or is
//! cut. Only tests see this.

use proptest::prelude::*;
use serde_json::Value;

use crate::document::samples::{self, Sample};
use crate::document::{Builder, Document, NodeId, NodeKind};
use crate::domain::Body;

/// Compares a value with the sample that it was written from.
fn check_sample(document: &Document, n: NodeId, sample: &Sample) {
    let children: Vec<_> = document.children(n).collect();
    match sample {
        Sample::Word(spelling) | Sample::String(spelling) => {
            assert_eq!(document.raw(n), spelling.as_bytes());
            assert_eq!(children, []);
        }
        Sample::Array(items) => {
            assert_eq!(
                (document.kind(n), children.len()),
                (NodeKind::Array, items.len())
            );
            for (child, item) in children.into_iter().zip(items) {
                assert_eq!(document.raw_key(child), None);
                check_sample(document, child, item);
            }
        }
        Sample::Object(members) => {
            assert_eq!(
                (document.kind(n), children.len()),
                (NodeKind::Object, members.len())
            );
            for (child, (name, member)) in children.into_iter().zip(members) {
                assert_eq!(document.raw_key(child), Some(name.as_bytes()));
                check_sample(document, child, member);
            }
        }
    }
}

/// Compares a value with what serde_json makes of it. Of members with the same name it keeps the last.
fn check_value(document: &Document, n: NodeId, value: &Value) {
    match (document.kind(n), value) {
        (NodeKind::Null, Value::Null) => {}
        (NodeKind::Bool, Value::Bool(bool)) => assert_eq!(document.text(n), bool.to_string()),
        (NodeKind::Number, Value::Number(number)) => {
            // serde_json may be off by the last bit.
            let (ours, theirs): (f64, _) = (document.text(n).parse().unwrap(), number.as_f64());
            assert!(
                (ours - theirs.unwrap()).abs() <= ours.abs() * 1e-15,
                "{ours} {theirs:?}"
            );
        }
        (NodeKind::String, Value::String(string)) => assert_eq!(document.text(n), *string),
        (NodeKind::Array, Value::Array(items)) => {
            assert_eq!(document.child_count(n), items.len());
            for (child, item) in document.children(n).zip(items) {
                check_value(document, child, item);
            }
        }
        (NodeKind::Object, Value::Object(members)) => {
            let children = document.children(n);
            let children: Vec<_> = children
                .map(|child| (document.key(child).unwrap(), child))
                .collect();
            for (name, member) in members {
                let last = children.iter().rfind(|(key, _)| key == name).unwrap();
                check_value(document, last.1, member);
                let first = children.iter().find(|(key, _)| key == name).unwrap();
                assert_eq!(document.get(n, name), Some(first.1));
            }
        }
        (kind, value) => panic!("{kind:?} is not {value}"),
    }
}

/// Whether a text is JSON, asked of serde_json, which checks the encoding of what it keeps only.
fn is_json(text: &[u8]) -> bool {
    let ignored: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(text);
    ignored.is_ok() && std::str::from_utf8(text).is_ok()
}

/// Cuts a text at some places and reads it piece by piece.
fn in_pieces(text: &[u8], cuts: &[usize]) -> Document {
    let mut builder = Builder::new();
    let mut from = 0;
    for cut in cuts.iter().copied().chain([text.len()]) {
        builder.feed(&text[from..cut]);
        from = cut;
    }
    builder.finish(Body::new(text.to_vec()))
}

fn whole(text: &[u8]) -> Document {
    Document::parse(Body::new(text.to_vec()))
}

/// Spoils a text here and there.
fn spoil(text: &mut Vec<u8>, changes: &[(prop::sample::Index, u8, u8)]) {
    const PARTS: [&[u8]; 16] = [
        b"\"",
        b"\\",
        b",",
        b":",
        b"[",
        b"]",
        b"{",
        b"}",
        b"\xFF",
        b"\xE2\x82",
        b"\n",
        b"\\u12",
        b"0",
        b"-",
        b"e",
        b"null",
    ];
    for (at, what, with) in changes {
        let at = at.index(text.len() + 1);
        let part = PARTS[usize::from(*with) % PARTS.len()];
        let end = (at + usize::from(*what) % 3).min(text.len());
        text.splice(
            at..end,
            part[..part.len() * usize::from(*what % 4 != 3)]
                .iter()
                .copied(),
        );
    }
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    prop::collection::vec(
        (any::<prop::sample::Index>(), any::<u8>(), any::<u8>()),
        0..4,
    )
}

proptest! {
    #![proptest_config(samples::config())]

    #[test]
    fn the_index_says_what_was_written(sample in samples::value(), gap in samples::gap()) {
        let text = sample.write(&gap);
        let document = Document::parse(text.as_str().into());
        prop_assert_eq!(document.fault(), None);
        check_sample(&document, document.root().unwrap(), &sample);
        // Lone surrogates are no text to serde_json; we show them as U+FFFD.
        if let Ok(value) = serde_json::from_str(&text) {
            check_value(&document, document.root().unwrap(), &value);
        }
        for n in (0..document.len()).map(NodeId::new) {
            prop_assert_eq!(document.at_offset(document.span(n).0), Some(n));
        }
    }

    #[test]
    fn a_fault_is_found_exactly_where_serde_json_finds_one(
        sample in samples::value(), gap in samples::gap(), changes in changes(),
    ) {
        let mut text = sample.write(&gap).into_bytes();
        spoil(&mut text, &changes);
        let document = whole(&text);
        prop_assert_eq!(document.fault().is_none(), is_json(&text), "{:?}", document.fault());
    }

    #[test]
    fn any_bytes_are_read_without_panic(text in prop::collection::vec(any::<u8>(), 0..60)) {
        prop_assert_eq!(whole(&text).fault().is_none(), is_json(&text));
    }

    #[test]
    fn the_index_is_the_same_however_the_text_is_cut(
        sample in samples::value(), gap in samples::gap(), changes in changes(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
    ) {
        let mut text = sample.write(&gap).into_bytes();
        spoil(&mut text, &changes);
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
        cuts.sort_unstable();
        prop_assert_eq!(in_pieces(&text, &cuts), whole(&text));
    }

    #[test]
    fn every_cut_shows_what_is_whole(sample in samples::value(), gap in samples::gap()) {
        let text = sample.write(&gap).into_bytes();
        let all = whole(&text);
        let mut builder = Builder::new();
        for cut in 0..text.len() {
            let document = builder.snapshot(Body::new(text[..cut].to_vec()));
            prop_assert_eq!(&document, &whole(&text[..cut]));
            prop_assert_eq!(document.fault().is_none(), is_json(&text[..cut]));
            for n in (0..document.len()).map(NodeId::new) {
                prop_assert_eq!(document.kind(n), all.kind(n));
                prop_assert_eq!(document.parent(n), all.parent(n));
                prop_assert_eq!(document.raw_key(n), all.raw_key(n));
                let is_number = document.kind(n) == NodeKind::Number;
                let may_go_on = is_number && document.span(n).1 == cut;
                if !document.is_cut(n) && !may_go_on {
                    prop_assert_eq!(document.raw(n), all.raw(n));
                }
            }
            builder.feed(&text[cut..=cut]);
        }
        prop_assert_eq!(builder.finish(Body::new(text.clone())), all);
    }
}

#[test]
fn a_hundred_thousand_levels_are_read_and_gone_through() {
    const LEVELS: usize = 100_000;
    let text = "[{\"a\":".repeat(LEVELS / 2) + "1" + &"},2]".repeat(LEVELS / 2);
    let document = Document::parse(text.as_str().into());
    assert_eq!(document.fault(), None);
    let deepest = NodeId::new(LEVELS);
    assert_eq!(
        (document.depth(deepest), document.raw(deepest)),
        (LEVELS, &b"1"[..])
    );
    let last = NodeId::new(document.len() - 1);
    assert_eq!(
        (document.parent(last), document.index_in_parent(last)),
        (Some(NodeId::new(0)), 1)
    );
    assert_eq!(document.item(NodeId::new(0), 1), Some(last));
    assert_eq!(document.path(deepest).len(), LEVELS / 2 * 5 + 1);
    let cut = Document::parse(text[..text.len() / 3].into());
    assert!(cut.is_cut(NodeId::new(0)) && cut.is_cut(NodeId::new(50_000)));
}
