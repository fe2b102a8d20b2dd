//! Differences as they are told, and as what they are: enough to make the new document of the old one.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::domain::Body;

fn parse(value: &Value) -> Document {
    Document::parse(Body::from(value.to_string().as_str()))
}

fn told(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (
        Document::parse(Body::from(old)),
        Document::parse(Body::from(new)),
    );
    let line = |difference: Difference| {
        let kind = match difference.change {
            Change::Added { .. } => "added",
            Change::Removed { .. } => "removed",
            Change::Changed { .. } => "changed",
            Change::Moved { .. } => "moved",
        };
        format!(
            "{kind} {}{}",
            difference.path,
            if difference.is_volatile { " ~" } else { "" }
        )
    };
    diff(&old, &new, &Rules::default())
        .into_iter()
        .map(line)
        .collect()
}

#[test]
fn what_means_the_same_does_not_differ() {
    assert_eq!(
        told(
            r#"{"a":[1.0,"é"],"b":null}"#,
            r#"{ "b": null, "a": [1, "\u00e9"] }"#
        ),
        Vec::<String>::new()
    );
}

#[test]
fn differences_are_told_in_the_order_of_the_new_document() {
    let old =
        r#"{"count":2,"name":"a","gone":1,"at":"2026-01-01","user_id":"u1","odd name":{"x":1}}"#;
    let new =
        r#"{"new":[],"count":3,"name":"a","at":"2026-01-02","user_id":"u2","odd name":{"x":"1"}}"#;
    let expected = [
        "added .new",
        "changed .count",
        "changed .at ~",
        "changed .user_id ~",
        "changed .\"odd name\".x",
        "removed .gone",
    ];
    assert_eq!(told(old, new), expected);
    assert_eq!(told("[1]", "{}"), ["changed ."]);
    assert_eq!(told("", "{}"), ["added ."]);
    assert_eq!(told("{}", ""), ["removed ."]);
}

#[test]
fn items_with_ids_are_matched_and_may_move() {
    let old =
        r#"{"accounts":[{"id":"a","n":1},{"id":"b","n":1},{"id":"c","n":1},{"id":"d","n":1}]}"#;
    let new =
        r#"{"accounts":[{"id":"x","n":1},{"id":"c","n":2},{"id":"a","n":1},{"id":"d","n":1}]}"#;
    let expected = [
        "added .accounts[0]",
        "moved .accounts[1]",
        "changed .accounts[1].n",
        "removed .accounts[1]",
    ];
    assert_eq!(told(old, new), expected);
    assert_eq!(
        told(r#"[{"id":1}]"#, r#"[{"id":"1"}]"#),
        ["added .[0]", "removed .[0]"]
    );
}

#[test]
fn items_without_ids_are_matched_by_what_they_are() {
    assert_eq!(
        told("[1,2,3,4]", "[1,3,4,5]"),
        ["added .[3]", "removed .[1]"]
    );
    assert_eq!(
        told(r#"[{"a":1},{"a":2}]"#, r#"[{"a":1},{"a":3}]"#),
        ["changed .[1].a"]
    );
}

#[test]
fn depth_needs_no_stack() {
    let nested = |inner: &str| format!("{}{inner}{}", "[".repeat(50_000), "]".repeat(50_000));
    let differences = told(&nested("1"), &nested("2"));
    assert_eq!(differences.len(), 1);
}

/// The value of a node, by way of its bytes.
fn value(document: &Document, node: NodeId) -> Value {
    serde_json::from_slice(document.raw(node)).unwrap()
}

/// The old document with `differences` applied; of the new one, only what they name is looked at.
fn apply(old: &Document, new: &Document, node: NodeId, differences: &[Difference]) -> Value {
    let index = |document: &Document, node: NodeId| {
        let parent = document.parent(node).unwrap();
        document
            .children(parent)
            .position(|child| child == node)
            .unwrap()
    };
    let is_removed = |node: NodeId| {
        differences
            .iter()
            .any(|it| it.change == Change::Removed { from: node })
    };
    let added = differences.iter().filter_map(|it| match it.change {
        Change::Added { into, to } if into == Some(node) => Some(to),
        _ => None,
    });
    let changed = differences.iter().find_map(|it| match it.change {
        Change::Changed { from, to } if from == node => Some(to),
        _ => None,
    });
    if let Some(to) = changed {
        return value(new, to);
    }
    match old.kind(node) {
        NodeKind::Object => {
            let mut object = Map::new();
            for child in old.children(node).filter(|child| !is_removed(*child)) {
                object.insert(
                    old.key(child).unwrap().into_owned(),
                    apply(old, new, child, differences),
                );
            }
            object.extend(added.map(|to| (new.key(to).unwrap().into_owned(), value(new, to))));
            Value::Object(object)
        }
        NodeKind::Array => {
            let moved = |node: NodeId| {
                differences.iter().find_map(|it| match it.change {
                    Change::Moved { from, to } if from == node => Some(to),
                    _ => None,
                })
            };
            let mut placed: Vec<(usize, Value)> =
                added.map(|to| (index(new, to), value(new, to))).collect();
            let mut rest = Vec::new();
            for child in old.children(node).filter(|child| !is_removed(*child)) {
                let value = apply(old, new, child, differences);
                match moved(child) {
                    Some(to) => placed.push((index(new, to), value)),
                    None => rest.push(value),
                }
            }
            placed.sort_by_key(|(at, _)| *at);
            for (at, value) in placed {
                rest.insert(at, value);
            }
            Value::Array(rest)
        }
        _ => value(old, node),
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4).prop_map(Value::from),
        "[ab\"é]{0,2}".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let id = prop_oneof![(0..6).prop_map(Value::from), "[a-c]".prop_map(Value::from)];
        let item = (id, inner.clone()).prop_map(|(id, n)| json!({"id": id, "n": n}));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(item, 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-d ]{1,2}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_differences_make_the_new_document_of_the_old_one(old in any_value(), new in any_value()) {
        let (before, after) = (parse(&old), parse(&new));
        let differences = diff(&before, &after, &Rules::none());
        prop_assert_eq!(apply(&before, &after, before.root().unwrap(), &differences), new.clone(), "{:?}", differences);
        prop_assert_eq!(differences.is_empty(), old == new);
    }

    #[test]
    fn nothing_differs_from_itself(value in any_value()) {
        prop_assert_eq!(diff(&parse(&value), &parse(&value), &Rules::none()), Vec::new());
    }
}
