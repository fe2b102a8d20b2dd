//! From key to frame in the list of operations, and from the form to the request that goes out. Each is to take less than 1 ms.

mod session;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyModifiers};
use session::Session;

/// A session with the form of a new account user intent, filled in with its samples.
fn composed() -> Session {
    let mut session = Session::new();
    session.press(KeyCode::Char('o'));
    session.type_in("user_intents.create");
    session.press(KeyCode::Enter);
    session
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("operations");
    let mut session = Session::new();
    session.press(KeyCode::Char('o'));
    // The first letter is found in most of them, the last in few.
    for (before, letter) in [("", 'e'), ("tran", 's'), ("routines.crea", 't')] {
        session.type_in(before);
        group.bench_function(
            format!("picker: {before}{letter} and back, two keys"),
            |bencher| {
                bencher.iter(|| {
                    session.input(KeyCode::Char(letter), KeyModifiers::NONE);
                    session.input(KeyCode::Backspace, KeyModifiers::NONE);
                });
            },
        );
        group.bench_function(
            format!("picker: {before}{letter} and back, two frames"),
            |bencher| {
                bencher.iter(|| {
                    session.press(KeyCode::Char(letter));
                    session.press(KeyCode::Backspace);
                });
            },
        );
        session.input(KeyCode::Char('u'), KeyModifiers::CONTROL);
    }
    group.bench_function("composer: a key in the form, key to frame", |bencher| {
        let mut session = composed();
        bencher.iter(|| session.press(KeyCode::Tab));
    });
    group.bench_function(
        "composer: from the form to the request that goes out",
        |bencher| {
            bencher.iter_batched_ref(
                composed,
                |session| session.input(KeyCode::Char('r'), KeyModifiers::CONTROL),
                BatchSize::PerIteration,
            );
        },
    );
    let mut session = composed();
    let before = session.model.requests.entries.len();
    session.input(KeyCode::Char('r'), KeyModifiers::CONTROL);
    assert_eq!(
        session.model.requests.entries.len(),
        before + 1,
        "it was sent"
    );
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
