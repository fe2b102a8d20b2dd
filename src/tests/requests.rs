//! Requests that last, in the real program: kept in the history over sessions.

mod harness;

use std::fs;
use std::path::Path;

use astrascope::adapters::history::{Entry, History, Limits};
use harness::terminal::{READY, Terminal};
use tempfile::TempDir;

fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Signs Ada in and waits for her accounts.
fn signed_in(home: &Path, size: (u16, u16)) -> Terminal {
    let mut terminal = Terminal::start(size.0, size.1, home, &[]);
    terminal.until(READY);
    terminal.until("API host      127.0.0.1:");
    terminal.keys("a");
    terminal.until("response_type=code");
    terminal.keys("\r");
    terminal.until("200 OK");
    terminal.until("\"accounts\"");
    terminal
}

/// What a session left in the history, newest first.
fn kept(home: &Path) -> Vec<Entry> {
    let history = History::open(&home.join("data/history.db"), Limits::default()).unwrap();
    let lines = history.newest(100).unwrap();
    lines
        .into_iter()
        .filter_map(|line| history.get(line.id).unwrap())
        .collect()
}

#[test]
fn every_exchange_is_kept_when_the_session_ends() {
    let home = home();
    let mut terminal = signed_in(home.path(), (120, 36));
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    let kept = kept(home.path());
    let of = |id: &str| kept.iter().find(|entry| entry.endpoint.as_str() == id);
    let accounts = of("accounts.list").unwrap();
    assert_eq!(accounts.user.as_deref(), Some("Ada Byron"));
    assert_eq!(accounts.response().unwrap().status, 200);
    let tokens = of("oauth.token").unwrap();
    let body = String::from_utf8_lossy(tokens.response().unwrap().body.as_bytes()).into_owned();
    assert!(body.contains("••••"), "{body}");
}

#[test]
fn a_disk_that_keeps_nothing_is_told_once_and_the_session_goes_on() {
    let home = home();
    fs::write(
        home.path().join("data"),
        "a file in the place of the folder",
    )
    .unwrap();
    let mut terminal = Terminal::start(120, 36, home.path(), &[]);
    terminal.until("API host      127.0.0.1:");
    terminal.keys("a");
    terminal.until("response_type=code");
    terminal.keys("\r");
    terminal.until("history is not kept");
    terminal.until("\"accounts\"");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn two_sessions_at_once_keep_everything() {
    let home = home();
    let mut first = signed_in(home.path(), (120, 36));
    let mut second = signed_in(home.path(), (120, 36));
    for terminal in [&mut first, &mut second] {
        terminal.keys("q");
        assert_eq!(terminal.exit_code(), 0);
    }
    let lists = kept(home.path())
        .iter()
        .filter(|entry| entry.endpoint.as_str() == "accounts.list")
        .count();
    assert_eq!(lists, 2);
}
