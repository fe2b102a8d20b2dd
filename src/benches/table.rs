//! From key to frame on a list of 100,000 transfers: a filter that is typed, scrolling, sorting. Each is to take less than 5 ms.

mod session;

use std::sync::Arc;

use astrascope::app::{Answer, Msg, requests, resources};
use astrascope::document::Document;
use astrascope::domain::{Body, EndpointId, Response, Timing};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use crossterm::event::KeyCode;
use session::{ADA, NOW, Session};

/// Pages of the API have at most this many items.
const PAGE: usize = 100;
const PAGES: usize = 1000;

/// A session in which the transfers of Ada are listed, all of them.
fn loaded() -> Session {
    let mut session = Session::new();
    for key in ['4', '}', '}', '}'] {
        session.press(KeyCode::Char(key));
    }
    session.send(Msg::Resources(resources::Msg::LoadAll {
        user: ADA,
        endpoint: EndpointId::new("transfers.list"),
    }));
    for page in 0..PAGES {
        answer(&mut session, page);
    }
    session
}

/// Page number `page` comes.
fn answer(session: &mut Session, page: usize) {
    let body = Body::new(transfers(page));
    let entry = session.model.requests.entries.back().expect("a call");
    let job = entry.exchange.job;
    let answer = Answer {
        marks: None,
        document: Arc::new(Document::parse(body.clone())),
        response: Response {
            status: 200,
            version: "HTTP/1.1".into(),
            headers: Vec::new(),
            body,
            timing: Timing::default(),
            received_at: NOW,
        },
    };
    let result = Ok(answer);
    session.send(Msg::Requests(requests::Msg::Finished { job, result }));
}

/// One page as the API answers it.
fn transfers(page: usize) -> String {
    let item = |number: usize| {
        let status = ["pending", "processed", "failed", "cancelled"][number * 7 % 4];
        format!(
            r#"{{"id":"{number:08x}-8a4b-4f6e-9c57-0b1f3d2a7e90","routine_id":"{:08x}-6f03-475a-9600-a35a099950d8","routine_type":"one-time","routine_name":"Payout {number}","client_correlation_id":null,"source_id":"acc_{}","destination_id":"acc_{}","amount":{}.{:02},"payment_type":"ach","initiated":"2026-02-{:02}T{:02}:{:02}:03.120000","updated":"2026-03-02T11:58:03.120000","estimated_clearing_date":null,"status":"{status}","destination_user_id":null,"astra_settlement_reason":null,"failure_reason":null,"chargeback":null}}"#,
            number / 3,
            number % 6,
            number % 5,
            number * 7919 % 3000,
            number % 100,
            1 + number % 28,
            number % 24,
            number % 60,
        )
    };
    let items: Vec<_> = (page * PAGE..page * PAGE + PAGE).map(item).collect();
    let more = page + 1 < PAGES;
    format!(
        r#"{{"count":{PAGE},"transfers":[{}],"more":{more},"cursor":"c{page}"}}"#,
        items.join(",")
    )
}

fn bench(criterion: &mut Criterion) {
    let mut session = loaded();
    let mut group = criterion.benchmark_group("100,000 rows, key to frame");
    group.sample_size(20);
    group.bench_function("row down", |bencher| {
        bencher.iter(|| session.press(KeyCode::Down));
    });
    group.bench_function("page down", |bencher| {
        bencher.iter(|| session.press(KeyCode::PageDown));
    });
    group.bench_function("last and first", |bencher| {
        bencher.iter(|| {
            session.press(KeyCode::End);
            session.press(KeyCode::Home);
        });
    });
    // The first letter is found in every row, the last in few.
    for (before, letter) in [
        ("", 'p'),
        ("pay", 'o'),
        ("payout 9998", '7'),
        ("pay pend", 'i'),
    ] {
        session.press(KeyCode::Char('/'));
        session.type_in(before);
        group.bench_function(format!("filter: {before}{letter}"), |bencher| {
            bencher.iter_batched(
                || {},
                |()| {
                    session.press(KeyCode::Char(letter));
                    session.press(KeyCode::Backspace);
                },
                BatchSize::PerIteration,
            );
        });
        session.press(KeyCode::Esc);
    }
    for sort in ["by time", "by name", "by amount", "by status"] {
        session.press(KeyCode::Char('s'));
        group.bench_function(format!("{sort}, the other way round"), |bencher| {
            bencher.iter(|| session.press(KeyCode::Char('S')));
        });
    }
    session.press(KeyCode::Char('/'));
    session.type_in("payou");
    group.bench_function("filter: payout, sorted (two keys)", |bencher| {
        bencher.iter(|| {
            session.press(KeyCode::Char('t'));
            session.press(KeyCode::Backspace);
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
