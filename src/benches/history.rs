//! A history of 100,000 exchanges: opened with its newest page, searched, added to. The first two are to take less than 50 ms.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use astrascope::adapters::history::mask::{Marks, mask};
use astrascope::adapters::history::{Entry, History, Limits};
use astrascope::domain::{
    Auth, Body, EndpointId, Exchange, JobId, Method, Outcome, Prepared, Response, Timestamp, Timing,
};
use criterion::{Criterion, criterion_group, criterion_main};

/// The most that is kept.
const ENTRIES: u32 = 100_000;
/// What a list shows at once, and a little more.
const PAGE: usize = 100;
/// Entries that are written at once.
const BATCH: usize = 1_000;

/// An exchange as a page of accounts makes it, with a person and a request-id of its own.
fn entry(number: u32) -> Entry {
    let took = Duration::from_micros(u64::from(number % 5_000));
    let account = format!(
        "{{\"id\":\"acc{number}\",\"name\":\"Checking\",\"mask\":\"{:04}\",\"current_balance\":{number}.25,\"connection_status\":\"connected\"}}",
        number % 10_000
    );
    let exchange = Exchange {
        job: JobId::default(),
        endpoint: EndpointId::new("accounts.list"),
        user: None,
        request: Prepared {
            method: Method::Get,
            url: format!("https://api-sandbox.astra.finance/v1/accounts?cursor={number}"),
            headers: vec![("accept".into(), "application/json".into())],
            body: None,
            auth: Auth::Bearer,
        },
        started_at: Timestamp(1_772_454_720_000 + i64::from(number) * 1_000),
        outcome: Outcome::Done(Response {
            status: if number.is_multiple_of(50) { 404 } else { 200 },
            version: "HTTP/1.1".into(),
            headers: vec![("request-id".into(), format!("req-{number:08x}"))],
            body: Body::from(
                format!(
                    "{{\"count\":4,\"accounts\":[{}]}}",
                    [account.as_str(); 4].join(",")
                )
                .as_str(),
            ),
            timing: Timing {
                total: took,
                ..Timing::default()
            },
            received_at: Timestamp(1_772_454_720_100),
        }),
    };
    let masked = mask(&exchange, &Marks::default(), &[]);
    let user = if number.is_multiple_of(3) {
        "Ada Byron"
    } else {
        "Grace Hopper"
    };
    Entry::of(masked, "built-in", Some(user)).expect("it has ended")
}

fn fill(path: &Path) {
    let mut history = History::open(path, Limits::default()).expect("a new file");
    let entries: Vec<_> = (0..ENTRIES).map(entry).collect();
    for batch in entries.chunks(BATCH) {
        history.append_all(batch).expect("a temporary folder");
    }
}

fn history(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("history.db");
    fill(&path);
    let mut group = criterion.benchmark_group("100000 entries");
    group.sample_size(20);
    group.bench_function("open, newest page", |bencher| {
        bencher.iter(|| {
            let history = History::open(&path, Limits::default()).expect("it is there");
            black_box(history.newest(PAGE).expect("it can be read"))
        });
    });
    let mut history = History::open(&path, Limits::default()).expect("it is there");
    for (name, text) in [
        ("search, one letter", "g"),
        ("search, a name and a status", "grace 404"),
        ("search, a request-id", "req-0000c350"),
        ("search, nothing", "zebra"),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(history.search(text, PAGE).expect("it can be read")));
        });
    }
    let new = entry(ENTRIES);
    group.bench_function("append one", |bencher| {
        bencher.iter(|| history.append(&new).expect("it can be written"));
    });
    group.finish();
}

criterion_group!(benches, history);
criterion_main!(benches);
