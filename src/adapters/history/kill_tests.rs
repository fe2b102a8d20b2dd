//! Child processes that append, and are killed while they do.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::*;
use crate::adapters::history::tests::{entry, ids};

/// What the child process of the tests below does: it appends, and says so after each time.
#[test]
fn child() {
    let Ok(path) = std::env::var("ASTRASCOPE_TEST_HISTORY") else {
        return; // run by hand, or with all tests
    };
    let limits = Limits {
        entries: 1_000_000,
        bytes: 1 << 40,
    };
    let mut history = History::open(Path::new(&path), limits).unwrap();
    for number in 0..100_000 {
        let id = history.append(&entry(number, &"b".repeat(2_000))).unwrap();
        let mut output = std::io::stdout().lock(); // unlike println!, not captured
        writeln!(output, "kept {id}").unwrap();
        output.flush().unwrap();
    }
}

fn start_child(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "adapters::history::kill_tests::child",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("ASTRASCOPE_TEST_HISTORY", path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills the child after `delay`, and answers with what it has acknowledged.
fn kill(mut child: Child, delay: Duration) -> Vec<i64> {
    std::thread::sleep(delay); // the moment of the kill is what is tested
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let words = lines.map_while(Result::ok);
    words
        .filter_map(|line| {
            line.rsplit_once("kept ")
                .and_then(|(_, id)| id.parse().ok())
        })
        .collect()
}

fn kill_often(rounds: u64) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        // Two at once, killed at moments spread over their start, their first writes and their work.
        let children = [start_child(&path), start_child(&path)];
        let delay = Duration::from_millis(round * 7919 % 150);
        for child in children {
            acknowledged.extend(kill(child, delay));
        }
    }
    let history = History::open(
        &path,
        Limits {
            entries: 1_000_000,
            bytes: 1 << 40,
        },
    )
    .unwrap();
    let state: String = history
        .connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(state, "ok");
    history
        .connection
        .execute("INSERT INTO words (words) VALUES ('integrity-check')", [])
        .unwrap();
    let kept = ids(&history.newest(1_000_000).unwrap());
    let kept: std::collections::BTreeSet<i64> = kept.into_iter().collect();
    assert_eq!(history.count().unwrap(), kept.len());
    for id in &acknowledged {
        assert!(kept.contains(id), "entry {id} was acknowledged and is lost");
    }
    let whole = history
        .get(EntryId(*acknowledged.last().unwrap()))
        .unwrap()
        .unwrap();
    assert_eq!(whole.response().unwrap().body.len(), 2_000);
    acknowledged.len()
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost() {
    // More of them in ASTRASCOPE_TEST_ROUNDS: each round is two kills.
    let rounds = std::env::var("ASTRASCOPE_TEST_ROUNDS").map_or(8, |text| text.parse().unwrap());
    assert!(kill_often(rounds) > 0);
}
