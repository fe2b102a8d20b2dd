//! Production: no write goes out without a yes of its own. The way to the network ends at a port that nobody listens on.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::program::{Ran, command, finish};
use crate::harness::terminal::Terminal;

/// A proxy that is not there: whatever is let through ends here, and never reaches production.
const NOWHERE: [(&str, &str); 3] = [
    ("HTTPS_PROXY", "http://127.0.0.1:9"),
    ("https_proxy", "http://127.0.0.1:9"),
    ("ASTRASCOPE_ACCESS_TOKEN", "at_production"),
];

const PROFILE: &str = "default_profile = \"live\"\ncredential_store = \"memory\"\n\n[profiles.live]\n\
    environment = \"production\"\nclient_id = \"c1\"\nredirect_uri = \"http://127.0.0.1:8765/callback\"\n";

const AFTER_RENT: &str =
    "endpoint = \"routines.get\"\npath = { id = \"{{requests.pay.rent.body.id}}\" }\n";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("home/config/config.toml", PROFILE);
    let rent = format!("endpoint = \"routines.create\"\nbody = '{BODY}'\n");
    write(".astrascope/requests/pay/rent.toml", &rent);
    write(".astrascope/requests/after.toml", AFTER_RENT);
    folder
}

fn on_production(command: &mut Command) -> &mut Command {
    command.envs(NOWHERE)
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    finish(on_production(&mut command(folder, arguments)))
}

const BODY: &str = r#"{"type":"one-time","name":"Rent","payment_type":"ach","source_id":"acc1","destination_id":"acc2","amount":25.50,"start_date":"2026-12-01"}"#;

const CREATE: [&str; 4] = ["send", "routines.create", "-d", BODY];

#[test]
fn a_write_is_not_sent_where_nobody_can_be_asked() {
    let folder = folder();
    let sent = run(folder.path(), &CREATE);
    assert_eq!((sent.code, sent.out.as_str()), (2, ""), "{}", sent.err);
    assert!(
        sent.err.contains("changes something on production") && sent.err.contains("--yes"),
        "{}",
        sent.err
    );
    let agreed = run(folder.path(), &[&CREATE[..], &["--yes"]].concat());
    assert!(agreed.err.contains("connection refused"), "{}", agreed.err);
    let read = run(folder.path(), &["send", "accounts.list"]);
    assert!(!read.err.contains("changes something"), "{}", read.err);
    let history = run(folder.path(), &["history", "--json"]);
    assert_eq!(
        history.out.matches("routines.create").count(),
        1,
        "{}",
        history.out
    );
}

#[test]
fn a_body_that_says_something_twice_is_not_asked_about() {
    let folder = folder();
    let body = BODY.replace("25.50", "1.00,\"amount\":2500.00");
    let sent = run(
        folder.path(),
        &["send", "routines.create", "-d", &body, "--yes"],
    );
    assert_eq!(sent.code, 2);
    assert!(
        sent.err.contains("the body says \"amount\" twice"),
        "{}",
        sent.err
    );
}

#[test]
fn each_saved_write_needs_a_yes_by_its_whole_name() {
    let folder = folder();
    let all = run(folder.path(), &["replay", "pay"]);
    assert!(all.out.contains("--yes pay/rent"), "{}{}", all.out, all.err);
    let by_folder = run(folder.path(), &["replay", "pay", "--yes", "pay"]);
    assert_eq!(by_folder.code, 2);
    assert!(
        by_folder
            .err
            .contains("--yes: no saved request is called pay\nhint: did you mean pay/rent?"),
        "{}",
        by_folder.err
    );
    let agreed = run(folder.path(), &["replay", "pay", "--yes", "pay/rent"]);
    assert!(agreed.out.contains("connection refused"), "{}", agreed.out);
    // What is sent for a value alone moves as much money.
    let value = run(folder.path(), &["replay", "after", "--yes", "after"]);
    assert!(
        value.out.contains("--yes pay/rent"),
        "{}{}",
        value.out,
        value.err
    );
}

#[test]
fn in_a_terminal_each_write_asks_and_tells_what_moves() {
    let folder = folder();
    for (answer, words) in [
        ("no\r", "not sent: the answer was no"),
        ("\r", "not sent: the answer was no"),
        ("yes\r", "the proxy that HTTPS_PROXY names"),
    ] {
        let home = folder.path().join("home");
        let mut terminal = Terminal::start_with(100, 30, &home, &CREATE, &NOWHERE);
        terminal.until("Send to production as live?");
        terminal.until("POST https://api.astra.finance/v1/routines");
        terminal.until("amount 25.50 USD");
        terminal.until("yes or no? [no]");
        terminal.keys(answer);
        terminal.until(words);
        assert_eq!(terminal.exit_code(), 2);
    }
}

#[test]
fn two_files_of_one_name_each_need_their_own_yes() {
    let folder = folder();
    let rent = folder.path().join(".astrascope/requests/pay/rent.toml");
    for place in ["fa", "fb"] {
        std::fs::create_dir(folder.path().join(place)).unwrap();
        std::fs::copy(&rent, folder.path().join(place).join("rent.toml")).unwrap();
    }
    let both = ["replay", "fa/rent.toml", "fb/rent.toml", "--yes"];
    let by_stem = run(folder.path(), &[&both[..], &["rent"]].concat());
    assert_eq!((by_stem.code, by_stem.out.as_str()), (2, ""));
    let one = run(folder.path(), &[&both[..], &["fa/rent.toml"]].concat());
    let refused = one.out.matches("changes something on production").count();
    assert_eq!(refused, 1, "{}{}", one.out, one.err);
    assert!(one.out.contains("--yes fb/rent.toml"), "{}", one.out);
}

#[test]
fn what_is_sent_cannot_write_over_the_question() {
    let folder = folder();
    let home = folder.path().join("home");
    let body = BODY.replace("acc2", "acc2\\n  amount 1.00 USD\\u001b[2A\\u001b[2K");
    let create = ["send", "routines.create", "-d", &body];
    let mut terminal = Terminal::start_with(100, 30, &home, &create, &NOWHERE);
    terminal.until("yes or no? [no]");
    terminal.until("amount 25.50 USD");
    terminal.until("acc2␊  amount 1.00 USD␛[2A␛[2K");
    terminal.keys("no\r");
    assert_eq!(terminal.exit_code(), 2);
}

#[test]
fn a_sandbox_is_on_this_machine_and_no_profile_goes_to_it() {
    let folder = folder();
    let elsewhere = run(
        folder.path(),
        &[
            "send",
            "accounts.list",
            "--sandbox",
            "https://api.astra.finance",
        ],
    );
    assert_eq!(elsewhere.code, 2);
    assert!(
        elsewhere.err.contains("a sandbox is on this machine"),
        "{}",
        elsewhere.err
    );
    let listening = run(
        folder.path(),
        &[
            "--profile",
            "live",
            "listen",
            "--sandbox",
            "http://127.0.0.1:9",
        ],
    );
    assert!(
        listening.err.contains("exclude each other"),
        "{}",
        listening.err
    );
    let both = run(
        folder.path(),
        &[
            "--profile",
            "live",
            "send",
            "accounts.list",
            "--sandbox",
            "http://127.0.0.1:9",
        ],
    );
    assert_eq!(both.code, 2);
    assert!(both.err.contains("exclude each other"), "{}", both.err);
}
