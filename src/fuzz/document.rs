//! Feeds arbitrary bytes to the index, rows, search, paths and readable forms, and checks what must hold for any text.
//!
//! The first bytes of an input choose what is done with the rest. It needs no nightly compiler:
//!
//! ```text
//! RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Ccodegen-units=1 \
//!   -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
//!   -Cllvm-args=-sanitizer-coverage-trace-compares" \
//!   cargo run --release --target x86_64-unknown-linux-gnu --manifest-path src/fuzz/Cargo.toml \
//!   --target-dir target/fuzz --bin document -- -max_total_time=600 -max_len=256 -artifact_prefix=target/fuzz/
//! ```
#![no_main]
#![allow(dead_code, unused_imports, reason = "the program uses more of it")]
#![allow(
    unfulfilled_lint_expectations,
    reason = "nothing is public in a program"
)]

use std::sync::atomic::AtomicBool;

use libfuzzer_sys::fuzz_target;

use crate::document::{Builder, Document, NodeId, Path, Pattern, Readable, Rows, Scope, Search};
use crate::domain::Body;

#[path = "../document/mod.rs"]
mod document;

/// The one word of the problem that the index needs.
#[path = "../domain"]
mod domain {
    mod body;
    pub use body::Body;
}

fuzz_target!(|input: &[u8]| {
    let Some((choices, text)) = input.split_first_chunk::<4>() else {
        return;
    };
    let document = Document::parse(Body::new(text.to_vec()));
    check_index(&document);
    check_pieces(&document, choices);
    check_rows(&document, choices);
    check_search(&document, choices);
    check_paths(&document, text);
    check_readable(&document, choices);
});

fn nodes(document: &Document) -> impl Iterator<Item = NodeId> + use<> {
    (0..document.len()).map(NodeId::new)
}

/// Every way through the index agrees with every other.
fn check_index(document: &Document) {
    for fault in document.faults() {
        assert!(fault.offset <= document.body().len());
    }
    for n in nodes(document) {
        let (start, end) = document.span(n);
        assert!(start <= end && end <= document.body().len());
        assert_eq!(document.at_offset(start), Some(n));
        assert_eq!(document.children(n).count(), document.child_count(n));
        let _ = (document.text(n), document.key(n), document.summary(n));
        let Some(parent) = document.parent(n) else {
            assert_eq!(n, NodeId::default());
            continue;
        };
        assert_eq!(document.depth(parent) + 1, document.depth(n));
        assert_eq!(document.item(parent, document.index_in_parent(n)), Some(n));
        let (outer_start, outer_end) = document.span(parent);
        assert!(outer_start < start && end <= outer_end);
    }
}

/// Pieces give the same as the whole, a snapshot the same as its part.
fn check_pieces(document: &Document, choices: &[u8; 4]) {
    let text = document.body().as_bytes();
    let mut builder = Builder::new();
    for (i, piece) in text.chunks(usize::from(choices[0] % 16) + 1).enumerate() {
        if i == usize::from(choices[1]) {
            let part = Body::new(text[..builder.read()].to_vec());
            assert_eq!(builder.snapshot(part.clone()), Document::parse(part));
        }
        builder.feed(piece);
    }
    assert_eq!(builder.finish(document.body().clone()), *document);
}

/// Rows and values lead to each other whatever is folded.
fn check_rows(document: &Document, choices: &[u8; 4]) {
    let mut rows = Rows::new(document);
    let mut n = 0;
    for choice in choices {
        n = (n * 7 + usize::from(*choice)) % document.len().max(1);
        let node = NodeId::new(n);
        match choice % 7 {
            0 => rows.fold_to_level(usize::from(choice / 64)),
            1 => rows.fold_siblings(node),
            2 => rows.unfold_siblings(node),
            3 => rows.fold_within(node),
            4 => rows.unfold_within(node),
            5 => drop(rows.reveal(node)),
            _ => drop(rows.toggle(node)),
        }
        for i in 0..rows.len() {
            let row = rows.row(i).expect("a row");
            assert!(rows.is_visible(row.node));
            assert_eq!(row.depth, document.depth(row.node));
            let own = rows.row_of(row.node);
            assert!(own == i || rows.closing_row_of(row.node) == Some(i));
        }
        assert_eq!(rows.row(rows.len()), None);
    }
}

/// A search finds the same in all bytes as in some.
fn check_search(document: &Document, choices: &[u8; 4]) {
    let go_on = AtomicBool::new(false);
    let text = String::from_utf8_lossy(&choices[2..]);
    let patterns = [Pattern::exact(&text), Pattern::smart(&text)];
    for pattern in patterns.into_iter().chain(Pattern::regex(&text)) {
        for scope in [Scope::All, Scope::Keys, Scope::Values] {
            let all = Search::find(document, &pattern, scope, &go_on);
            let some = Search::within(document, &pattern, scope, 0..document.body().len());
            assert!(all.is_complete() && all.iter().eq(some));
            for i in 0..all.len() {
                let _ = all.node(document, i);
            }
        }
    }
}

/// Every value's path leads to a value of the same path; any other text is no panic.
fn check_paths(document: &Document, text: &[u8]) {
    for n in nodes(document).take(20) {
        let path = document.path(n);
        // Of members with the same name the first is found.
        if let Ok(found) = document.find(&path) {
            assert_eq!(document.path(found), path);
        }
    }
    let text = String::from_utf8_lossy(text);
    if let Err(error) = Path::parse(&text) {
        assert!(error.offset <= text.len() && text.is_char_boundary(error.offset));
    }
}

/// Whatever a body is said to be, what it is read as is whole: a table is JSON without a fault.
fn check_readable(document: &Document, choices: &[u8; 4]) {
    const KINDS: [&str; 8] = [
        "text/csv",
        "text/tab-separated-values; charset=latin1",
        "text/csv; charset=utf-16le",
        "application/x-ndjson",
        "text/html",
        "application/xml; charset=shift_jis",
        "text/plain; charset=gb18030",
        "text/html; charset=iso-2022-jp",
    ];
    let kind = KINDS[usize::from(choices[0]) % KINDS.len()];
    let document = document.clone().made_readable(Some(kind));
    if let Some(Readable::Table(table)) = document.readable() {
        assert_eq!(table.fault(), None);
        check_index(table);
    }
}
