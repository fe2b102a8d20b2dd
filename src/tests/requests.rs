//! Requests that last, in the real program: kept over sessions, saved, sent again, compared, run.

mod harness;

use std::fs;
use std::path::Path;

use astrascope::adapters::history::{Entry, History, Limits};
use harness::program::run_in;
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
fn a_secret_of_the_environment_is_not_in_the_history() {
    let home = home();
    let folder = home.path().join("config/requests");
    fs::create_dir_all(&folder).unwrap();
    let text = "request = \"GET /v1/user\"\nheaders = { x-note = \"{{env.MY_KEY}}\" }\n";
    fs::write(folder.join("note.toml"), text).unwrap();
    let variables = [("MY_KEY", "k3y-of-mine")];
    let mut terminal = Terminal::start_with(120, 36, home.path(), &[], &variables);
    terminal.until("API host      127.0.0.1:");
    terminal.keys("a");
    terminal.until("response_type=code");
    terminal.keys("\r");
    terminal.until("\"accounts\"");
    terminal.keys("6R");
    terminal.until("as expected");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    let kept = kept(home.path());
    let sent = kept
        .iter()
        .flat_map(|entry| &entry.request.headers)
        .find(|(name, _)| name == "x-note");
    assert_eq!(sent.unwrap().1, "••••••••");
}

#[test]
fn what_was_fetched_for_a_value_is_in_the_history_too() {
    let home = home();
    let folder = home.path().join("config/requests");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("cards.toml"), "endpoint = 'cards.list'\n").unwrap();
    let text = "request = \"GET /v1/user?n={{requests.cards.body.count}}\"\n";
    fs::write(folder.join("one.toml"), text).unwrap();
    let mut terminal = signed_in(home.path(), (120, 36));
    terminal.keys("6jR");
    terminal.until("as expected");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    let kept = kept(home.path());
    let fetched = kept
        .iter()
        .filter(|entry| entry.endpoint.as_str() == "cards.list");
    let fetched: Vec<_> = fetched.collect();
    assert_eq!(fetched.len(), 1);
    assert_eq!(fetched[0].user.as_deref(), Some("Ada Byron"));
    assert_eq!(fetched[0].response().unwrap().status, 200);
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

/// What is in the file of the saved request `name`.
fn file(home: &Path, name: &str) -> String {
    let path = home.join("config/requests").join(format!("{name}.toml"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn a_call_is_saved_sent_again_and_compared() {
    let home = home();
    let mut terminal = signed_in(home.path(), (120, 36));
    terminal.keys("4\r");
    terminal.until("GET /v1/accounts/");
    terminal.until("200 OK");
    terminal.keys("5s");
    terminal.until("Save this request");
    terminal.until("{{accounts[0].id}}");
    terminal.keys("/mine\r");
    terminal.until("saved as accounts/get/mine");
    let text = file(home.path(), "accounts/get/mine");
    assert!(text.contains("id = \"{{accounts[0].id}}\""), "{text}");
    assert!(text.contains("status = 200"), "{text}");
    terminal.keys("6R");
    terminal.until("[Diff]");
    terminal.until("as expected");
    terminal.until("nothing differs");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn an_answer_recorded_on_the_command_line_is_compared_in_the_session() {
    let folder = home();
    let home = folder.path().join("home");
    let saved = home.join("config/requests");
    fs::create_dir_all(&saved).unwrap();
    fs::write(saved.join("mine.toml"), "endpoint = 'accounts.list'\n").unwrap();
    let recorded = run_in(&folder, &["replay", "mine", "--update"]);
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    let answer = saved.join("mine.answer.json");
    let text = fs::read_to_string(&answer).unwrap();
    fs::write(&answer, text.replacen("Brokerage", "Pension", 1)).unwrap();
    let mut terminal = signed_in(&home, (120, 36));
    terminal.keys("6R");
    terminal.until("[Diff]");
    terminal.until("mine.answer.json");
    terminal.until("\"Individual Pensio");
    terminal.until("→ \"Individual Broker");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn the_history_of_an_earlier_session_is_found_read_and_sent_again() {
    let home = home();
    let mut terminal = signed_in(home.path(), (120, 36));
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    let mut terminal = signed_in(home.path(), (120, 36));
    terminal.keys("6}/accounts");
    terminal.until("GET  200 /v1/accounts");
    terminal.keys("\rj\r");
    terminal.until("from the history");
    terminal.keys("R");
    terminal.until("beside the answer of");
    terminal.until("nothing differs");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn examples_are_added_and_run_one_after_the_other() {
    let home = home();
    let mut terminal = signed_in(home.path(), (120, 36));
    terminal.keys("6+");
    terminal.until("examples added");
    terminal.until("who-am-i");
    terminal.keys("g     R");
    terminal.until("5 saved requests");
    terminal.until("all 5 done");
    terminal.until("all well");
    terminal.keys("\x1b");
    terminal.gone("all 5 done");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_broken_file_is_listed_with_its_mistake_and_keeps_nothing_else_from_working() {
    let home = home();
    let folder = home.path().join("config/requests");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("broken.toml"),
        "endpoint = 'accounts.list'\nlimit = 1\n",
    )
    .unwrap();
    fs::write(folder.join("sound.toml"), "endpoint = 'accounts.list'\n").unwrap();
    let mut terminal = Terminal::start(120, 36, home.path(), &[]);
    terminal.until("sound");
    terminal.until("2: unknown key");
    terminal.keys("6\r");
    terminal.until("broken.toml:2: unknown key");
    terminal.until("limit = 1");
    terminal.keys("\x1b");
    terminal.keys("D");
    terminal.until("Delete broken?");
    terminal.keys("y");
    terminal.until("broken was deleted");
    assert!(!folder.join("broken.toml").exists());
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}
