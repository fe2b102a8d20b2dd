//! Measures the index of a document and the views on it, on arrays of accounts made in memory. Figures, and the
//! commands that give them, are kept in README.md beside this file.
//!
//! The size in megabytes is taken from `MEGABYTES` (50 unless told otherwise). What is measured is the time that the
//! one thread was on a processor, so that other work on the machine does not count.
#![expect(clippy::print_stdout, reason = "a figure beside the times")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use astrascope::document::{Builder, Document, NodeId, Pattern, Rows, Scope, Search};
use astrascope::domain::Body;
use cpu_time::ThreadTime;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

/// Rows of a tall screen.
const SCREEN: usize = 60;

/// Size of the pieces that a body arrives in.
const PIECE: usize = 64 << 10;

/// Time of the measuring thread on a processor.
struct ProcessorTime;

impl ProcessorTime {
    fn now() -> Duration {
        ThreadTime::now().as_duration()
    }
}

impl Measurement for ProcessorTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        Self::now()
    }

    fn end(&self, start: Duration) -> Duration {
        Self::now() - start
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

fn megabytes() -> usize {
    let size = std::env::var("MEGABYTES").ok();
    size.and_then(|size| size.parse().ok()).unwrap_or(50)
}

/// An answer with as many accounts as fit `size` bytes, the same for each run.
fn accounts(size: usize) -> Vec<u8> {
    let mut text = String::from("{\"accounts\":[");
    let mut random = 88_172_645_463_325_252_u64;
    let mut count = 0_u64;
    while text.len() < size {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let comma = if count > 0 { "," } else { "" };
        let (cents, day) = (random % 100, random % 28 + 1);
        let (mask, balance, limit) = (random % 10_000, random % 100_000, random % 5_000);
        let _ = write!(
            text,
            r#"{comma}{{"id":"acc_{random:016x}","name":"Checking {count}","#
        );
        let _ = write!(
            text,
            r#""official_name":"Plaid Gold Standard 0% Interest Checking","mask":"{mask:04}","type":"checking","#
        );
        let _ = write!(
            text,
            r#""institution_id":"ins_{day}","institution_name":"First Platypus Bank","institution_logo":null,"#
        );
        let _ = write!(
            text,
            r#""current_balance":{balance}.{cents:02},"available_balance":{limit}.{cents:02},"verified":true,"#
        );
        let _ = write!(
            text,
            r#""connection_status":"connected","created_at":"2024-03-{day:02}T17:04:05.120000","#
        );
        let _ = write!(
            text,
            r#""owner":{{"first":"Jane","last":"Doe {mask}"}},"limits":[{limit},{balance}]}}"#
        );
        count += 1;
    }
    let _ = write!(text, "],\"count\":{count}}}");
    text.into_bytes()
}

fn index(c: &mut Criterion<ProcessorTime>) {
    let body = Body::new(accounts(megabytes() * 1_000_000));
    let mut group = c.benchmark_group("index");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(5));
    group.bench_function("whole", |b| {
        b.iter_with_large_drop(|| Document::parse(body.clone()));
    });
    group.bench_function("in pieces of 64 KB", |b| {
        b.iter_with_large_drop(|| {
            let mut builder = Builder::expecting(body.len());
            body.as_bytes()
                .chunks(PIECE)
                .for_each(|piece| builder.feed(piece));
            builder.finish(body.clone())
        });
    });
    group.bench_function("first piece and its snapshot", |b| {
        let first = &body.as_bytes()[..PIECE];
        b.iter_with_large_drop(|| {
            let mut builder = Builder::new();
            builder.feed(first);
            builder.snapshot(body.clone())
        });
    });
    group.bench_function("serde_json checks the same", |b| {
        b.iter(|| serde_json::from_slice::<serde::de::IgnoredAny>(black_box(body.as_bytes())));
    });
    group.finish();
    let document = Document::parse(body);
    let (size, text) = (document.index_size(), document.body().len());
    println!(
        "index: {} values, {size} bytes for {text} bytes of text",
        document.len()
    );
}

fn rows(c: &mut Criterion<ProcessorTime>) {
    let document = Document::parse(Body::new(accounts(megabytes() * 1_000_000)));
    let array = NodeId::new(1);
    let middle = document
        .item(array, document.child_count(array) / 2)
        .expect("an account");
    let mut rows = Rows::new(&document);
    let mut group = c.benchmark_group("rows");
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(2));
    group.bench_function("fold all", |b| b.iter(|| rows.fold_all()));
    group.bench_function("unfold all", |b| b.iter(|| rows.unfold_all()));
    group.bench_function("fold to level 2", |b| b.iter(|| rows.fold_to_level(2)));
    group.bench_function("fold all siblings of an account", |b| {
        b.iter(|| rows.fold_siblings(middle));
    });
    rows.unfold_all();
    group.bench_function("fold or unfold an account", |b| {
        b.iter(|| rows.toggle(middle));
    });
    group.bench_function("fold or unfold the array", |b| {
        b.iter(|| rows.toggle(array));
    });
    rows.unfold_all();
    let last = rows.len() - SCREEN;
    for (name, first) in [("middle", last / 2), ("end", last)] {
        group.bench_function(format!("60 rows at the {name}"), |b| {
            b.iter(|| {
                (first..first + SCREEN)
                    .map(|row| rows.row(row))
                    .collect::<Vec<_>>()
            });
        });
    }
    group.bench_function("path of a value near the end", |b| {
        let n = NodeId::new(document.len() - 10);
        b.iter(|| document.path(black_box(n)));
    });
    group.bench_function("summary of the array", |b| {
        b.iter(|| document.summary(array));
    });
    group.bench_function("row of a value", |b| {
        b.iter(|| rows.row_of(black_box(middle)));
    });
    group.finish();
}

fn search(c: &mut Criterion<ProcessorTime>) {
    let document = Document::parse(Body::new(accounts(megabytes() * 1_000_000)));
    let go_on = AtomicBool::new(false);
    let mut group = c.benchmark_group("search");
    group.throughput(Throughput::Bytes(document.body().len() as u64));
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(2));
    let regex = |text| Pattern::regex(text).expect("a regular expression");
    for (name, pattern, scope) in [
        ("exact, nowhere", Pattern::exact("zzqx"), Scope::All),
        (
            "exact, in each account",
            Pattern::exact("Platypus"),
            Scope::All,
        ),
        (
            "exact, in values",
            Pattern::exact("Platypus"),
            Scope::Values,
        ),
        ("exact, in names", Pattern::exact("mask"), Scope::Keys),
        ("either case, nowhere", Pattern::smart("zzqx"), Scope::All),
        (
            "either case, in each account",
            Pattern::smart("gold standard"),
            Scope::All,
        ),
        ("either case, one letter", Pattern::smart("e"), Scope::All),
        (
            "regular expression, few",
            regex("acc_[0-9]{3}f"),
            Scope::All,
        ),
        (
            "regular expression, whole strings",
            regex("^First.*Bank$"),
            Scope::Values,
        ),
    ] {
        group.bench_function(name, |b| {
            b.iter_with_large_drop(|| Search::find(&document, &pattern, scope, &go_on));
        });
    }
    group.bench_function("on the screen only", |b| {
        let pattern = Pattern::smart("gold standard");
        let middle = document.body().len() / 2;
        b.iter(|| Search::within(&document, &pattern, Scope::All, middle..middle + 4096));
    });
    group.finish();
}

fn drop_all(c: &mut Criterion<ProcessorTime>) {
    let body = Body::new(accounts(megabytes() * 1_000_000));
    c.benchmark_group("index")
        .sample_size(10)
        .bench_function("drop", |b| {
            b.iter_batched(
                || Document::parse(body.clone()),
                drop,
                BatchSize::PerIteration,
            );
        });
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ProcessorTime);
    targets = index, rows, search, drop_all
}
criterion_main!(benches);
