//! The history as its callers and its files see it: kept, found, bounded, shared and killed.

use std::fs;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    Auth, Body, EndpointId, Method, Outcome, Prepared, Response, Timestamp, Timing,
};

pub(super) fn entry(number: usize, body: &str) -> Entry {
    Entry {
        id: EntryId::default(),
        started_at: Timestamp(1_000 + i64::try_from(number).unwrap()),
        profile: "built-in".into(),
        user: Some("Ada Byron".into()),
        endpoint: EndpointId::new("accounts.list"),
        request: Prepared {
            method: Method::Get,
            url: format!("https://api.example/v1/accounts?cursor={number}"),
            headers: vec![("accept".into(), "application/json".into())],
            body: None,
            auth: Auth::Bearer,
        },
        request_size: 0,
        outcome: Outcome::Done(Response {
            status: 200,
            version: "HTTP/1.1".into(),
            headers: vec![("request-id".into(), format!("req_{number:06}"))],
            body: Body::from(body),
            timing: Timing {
                dns: None,
                connect: Some(Duration::from_micros(5)),
                wait: Duration::from_micros(7),
                download: Duration::from_micros(1),
                total: Duration::from_micros(13),
            },
            received_at: Timestamp(2_000),
        }),
        response_size: body.len(),
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn open(folder: &tempfile::TempDir, entries: usize, bytes: usize) -> History {
    History::open(
        &folder.path().join("data/history.db"),
        Limits { entries, bytes },
    )
    .unwrap()
}

pub(super) fn ids(list: &[Summary]) -> Vec<i64> {
    list.iter().map(|line| line.id.0).collect()
}

#[test]
fn an_entry_comes_back_as_it_was_kept() {
    let folder = folder();
    let mut history = open(&folder, 10, 1_000_000);
    let mut failed = entry(2, "");
    failed.outcome = Outcome::Failed(
        Problem::new("connection refused")
            .because("nothing listens")
            .hint("start it"),
    );
    failed.request.body = Some(Body::new(vec![0, 255, b'"']));
    failed.user = None;
    let mut cancelled = entry(3, "");
    cancelled.outcome = Outcome::Cancelled;
    for (at, mut entry) in [entry(1, "{\"id\":\"acc1\"}"), failed, cancelled]
        .into_iter()
        .enumerate()
    {
        entry.id = history.append(&entry).unwrap();
        assert_eq!(entry.id.0, i64::try_from(at).unwrap() + 1);
        assert_eq!(history.get(entry.id).unwrap(), Some(entry.clone()));
        let summary = Summary {
            total: entry.summary().total,
            ..history.newest(1).unwrap().remove(0)
        };
        assert_eq!(summary, entry.summary());
    }
    assert_eq!(history.get(EntryId(99)).unwrap(), None);
    assert_eq!(ids(&history.newest(2).unwrap()), [3, 2]);
    assert_eq!(ids(&history.before(EntryId(2), 9).unwrap()), [1]);
}

#[test]
fn words_are_found_by_their_beginnings() {
    let folder = folder();
    let mut history = open(&folder, 100, 1_000_000);
    for number in 1..=3 {
        history
            .append(&entry(number, "{\"name\":\"Everyday Checking é\"}"))
            .unwrap();
    }
    for (text, found) in [
        ("", vec![3, 2, 1]),
        ("ACC every", vec![3, 2, 1]),
        ("req_000002", vec![2]),
        ("cursor=3", vec![3]),
        ("ada 200 get", vec![3, 2, 1]),
        ("checking e", vec![3, 2, 1]),
        ("\"*() ^", vec![3, 2, 1]),
        ("a\"b", vec![]),
        ("nowhere", vec![]),
    ] {
        assert_eq!(ids(&history.search(text, 9).unwrap()), found, "{text}");
    }
    assert_eq!(ids(&history.search("every", 2).unwrap()), [3, 2]);
}

#[test]
fn count_and_bytes_are_bounded_and_what_is_forgotten_is_not_found() {
    let folder = folder();
    let mut history = open(&folder, 5, 1_000_000);
    for number in 1..=20 {
        history.append(&entry(number, "x")).unwrap();
        assert!(history.count().unwrap() <= 5);
    }
    assert_eq!(
        ids(&history.search("accounts", 9).unwrap()),
        [20, 19, 18, 17, 16]
    );
    let mut history = open(&folder, 100, 4_000);
    for number in 21..=40 {
        history.append(&entry(number, &"y".repeat(900))).unwrap();
    }
    assert!(
        (3..=4).contains(&history.count().unwrap()),
        "{:?}",
        history.count()
    );
    assert_eq!(history.newest(1).unwrap()[0].id.0, 40);
    history.append(&entry(41, &"z".repeat(9_000))).unwrap();
    assert_eq!(
        history.count().unwrap(),
        0,
        "one that is heavier than the limit is not kept"
    );
    history.append(&entry(42, "z")).unwrap();
    history.clear().unwrap();
    assert_eq!(
        (
            history.count().unwrap(),
            history.newest(9).unwrap().len(),
            history.search("z", 9).unwrap().len()
        ),
        (0, 0, 0)
    );
    let left = fs::read(folder.path().join("data/history.db")).unwrap();
    assert!(memchr::memmem::find(&left, b"api.example").is_none());
}

#[test]
fn a_file_that_is_no_history_or_a_newer_one_is_told() {
    let folder = folder();
    let path = folder.path().join("history.db");
    fs::write(
        &path,
        "this is no database, and longer than its header would be".repeat(20),
    )
    .unwrap();
    let problem = History::open(&path, Limits::default()).unwrap_err();
    assert!(problem.why.unwrap().ends_with("is damaged"));
    fs::remove_file(&path).unwrap();
    let history = History::open(&path, Limits::default()).unwrap();
    history
        .connection
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let problem = History::open(&path, Limits::default()).unwrap_err();
    assert_eq!(
        problem.why.as_deref(),
        Some("a newer version of astrascope has written it")
    );
    let problem = History::open(&path.join("x"), Limits::default()).unwrap_err();
    assert_eq!(
        problem.why.as_deref(),
        Some("a file stands where a folder is needed")
    );
}

#[cfg(unix)]
#[test]
fn the_files_are_the_persons_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let mut history = open(&folder, 5, 1_000_000);
    history.append(&entry(1, "x")).unwrap();
    let files: Vec<_> = fs::read_dir(folder.path().join("data"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(
        files.len(),
        3,
        "the file, its log and the shared memory: {files:?}"
    );
    for file in files {
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600,
            "{file:?}"
        );
    }
}

#[test]
fn two_instances_at_once_lose_nothing() {
    let folder = folder();
    let write = |name: &'static str| {
        let mut history = open(&folder, 10_000, 1 << 30);
        std::thread::spawn(move || {
            for number in 0..300 {
                let mut entry = entry(number, name);
                entry.profile = name.into();
                history.append(&entry).unwrap();
            }
        })
    };
    let writers = [write("one"), write("two")];
    writers
        .into_iter()
        .for_each(|writer| writer.join().unwrap());
    let history = open(&folder, 10_000, 1 << 30);
    assert_eq!(history.count().unwrap(), 600);
    assert_eq!(history.search("two", 1_000).unwrap().len(), 300);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_search_finds_or_not_and_never_fails(text in r#"([a-z"'*()^:. é\x00-]|AND|NEAR|OR){0,12}"#) {
        let folder = folder();
        let mut history = open(&folder, 5, 1_000);
        history.append(&entry(1, "x")).unwrap();
        prop_assert!(history.search(&text, 5).is_ok());
    }
}

#[test]
fn the_newest_answer_is_that_to_one_test_user_where_one_is_named() {
    let folder = folder();
    let mut history = open(&folder, 10, 1 << 20);
    let ada = entry(1, "{\"count\": 6}");
    let mut grace = entry(1, "{\"count\": 25}");
    grace.user = Some("Grace Hopper".into());
    history.append_all(&[ada.clone(), grace]).unwrap();
    let newest = |user| {
        let found = history.latest(("built-in", user), &ada.request).unwrap();
        found.and_then(|entry| entry.user)
    };
    assert_eq!(newest(None).as_deref(), Some("Grace Hopper"));
    assert_eq!(newest(Some("Ada Byron")).as_deref(), Some("Ada Byron"));
    assert_eq!(newest(Some("Zoë")), None);
    let age = (Duration::from_secs(60), Timestamp(2_000));
    let kept = history.fresh(("built-in", Some("Ada Byron")), &ada.request, age);
    assert_eq!(kept.unwrap().unwrap().as_bytes(), b"{\"count\": 6}");
}
