//! What commands have sent is kept, listed and exported, and what is exported works elsewhere.

#[cfg(unix)]
use std::process::Command;

use crate::harness::program::{run_in, run_with};

#[test]
fn what_was_sent_is_listed_with_the_newest_last() {
    let folder = tempfile::tempdir().unwrap();
    let empty = run_in(&folder, &["history"]);
    assert_eq!((empty.code, empty.out.as_str()), (0, ""));
    assert!(empty.err.contains("hint: astrascope send"), "{}", empty.err);
    for arguments in [
        &["send", "accounts.list", "--user", "grace"][..],
        &["send", "GET", "/v1/accounts/none"],
    ] {
        run_in(&folder, arguments);
    }
    let listed = run_in(&folder, &["history"]);
    let lines: Vec<_> = listed.out.lines().collect();
    assert!(
        lines[0].contains("200") && lines[0].ends_with("GET /v1/accounts       Grace Hopper"),
        "{}",
        listed.out
    );
    assert!(
        lines[1].contains("404") && lines[1].contains("GET /v1/accounts/none"),
        "{}",
        listed.out
    );
    let newest = run_in(&folder, &["history", "-n", "1", "--json"]);
    let newest: serde_json::Value = serde_json::from_str(&newest.out).unwrap();
    assert_eq!(
        (newest.as_array().unwrap().len(), &newest[0]["status"]),
        (1, &404.into())
    );
    let found = run_in(&folder, &["history", "--search", "grace"]);
    assert_eq!(found.out.lines().count(), 1, "{}", found.out);
}

#[test]
fn a_call_that_was_not_answered_is_kept_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run_in(
        &folder,
        &[
            "send",
            "user_intents.get",
            "-p",
            "id=x",
            "--sandbox",
            "http://127.0.0.1:9",
        ],
    );
    assert_eq!(ran.code, 2, "{}", ran.err);
    let listed = run_in(&folder, &["history"]).out;
    assert!(
        listed.contains("failed") && listed.contains("refused"),
        "{listed}"
    );
}

#[test]
fn no_token_and_no_secret_is_in_any_file_or_export() {
    let folder = tempfile::tempdir().unwrap();
    let body = PERSON
        .replace("000000000", "987654321")
        .replace("Palo Alto", "At 987654321");
    let ran = run_in(&folder, &["send", "user_intents.create", "--data", &body]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for format in ["curl", "raw", "har", "bundle", "body"] {
        let export = run_in(&folder, &["export", format]);
        assert_eq!(export.code, 0, "{}", export.err);
        assert!(!export.out.contains("987654321"), "{}", export.out);
    }
    let mut files = 0;
    for entry in std::fs::read_dir(folder.path().join("home/data")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("987654321"));
        files += 1;
    }
    assert!(files > 0);
}

#[test]
fn several_exchanges_are_one_archive_and_an_unknown_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    run_in(&folder, &["send", "user.get"]);
    run_in(&folder, &["send", "accounts.list"]);
    let har = run_in(&folder, &["export", "har", "--last", "2"]).out;
    let har: serde_json::Value = serde_json::from_str(&har).unwrap();
    let entries = har["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert!(
        entries[1]["request"]["url"]
            .as_str()
            .unwrap()
            .ends_with("/v1/accounts")
    );
    let two = run_in(&folder, &["export", "body", "2", "1"]).out;
    assert!(two.starts_with("{\"count\":"), "{two}");
    let none = run_in(&folder, &["export", "curl", "99"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("no entry 99"), "{}", none.err);
}

/// Somebody whose name needs care in a shell.
const PERSON: &str = r#"{"email":"it's@example.com","phone":"+16505550199","first_name":"$HOME \"x\"","last_name":"Ünal","date_of_birth":"1985-02-03","ssn":"000000000","address1":"123 Astra Ave","city":"Palo Alto","state":"CA","postal_code":"94304","ip_address":"192.0.2.0"}"#;

/// The exported command needs what it says and nothing else: bash, curl and the variables that it names.
#[cfg(unix)]
#[test]
#[expect(clippy::print_stderr, reason = "tells what was left out")]
fn the_exported_command_runs_under_bash_and_gives_the_same_answer() {
    let is_there = |program| Command::new(program).arg("--version").output().is_ok();
    if !is_there("bash") || !is_there("curl") {
        eprintln!("left out: there is no bash or no curl here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sandbox = crate::Sandbox::start(folder.path(), &[]);
    let keys = [
        ("ASTRASCOPE_CLIENT_ID", &sandbox.id),
        ("ASTRASCOPE_CLIENT_SECRET", &sandbox.secret),
    ];
    let mut send = crate::command(
        folder.path(),
        &[
            "send",
            "user_intents.create",
            "--data",
            PERSON,
            "--sandbox",
            &sandbox.url,
        ],
    );
    let sent = crate::finish(send.envs(keys));
    assert_eq!(sent.code, 0, "{}{}", sent.out, sent.err);
    let id: serde_json::Value = serde_json::from_str(&sent.out).unwrap();
    let id = format!("id={}", id["id"].as_str().unwrap());
    let mut get = crate::command(
        folder.path(),
        &[
            "send",
            "user_intents.get",
            "-p",
            &id,
            "--sandbox",
            &sandbox.url,
        ],
    );
    let got = crate::finish(get.envs(keys));
    let bash = |command: &str| {
        let output = Command::new("bash")
            .args([
                "-c",
                &command.replacen("curl ", "curl --silent --fail-with-body ", 1),
            ])
            .env("ASTRA_CLIENT_ID", &sandbox.id)
            .env("ASTRA_CLIENT_SECRET", &sandbox.secret)
            .env("ASTRA_SSN", "000000000")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let read = run_in(&folder, &["export", "curl"]).out;
    assert_eq!(bash(&read).trim_end(), got.out.trim_end(), "{read}");
    let create = run_in(&folder, &["export", "curl", "1"]).out;
    let again = bash(
        &create
            .replace("+16505550199", "+16505550198")
            .replace("@example.com", "@example.org"),
    );
    assert!(again.contains("\"id\""), "{create}\n{again}");
}

#[test]
fn an_import_of_an_exported_archive_gives_the_same_request() {
    let folder = tempfile::tempdir().unwrap();
    run_in(
        &folder,
        &["send", "accounts.list", "-p", "limit=10", "--user", "grace"],
    );
    let har = run_in(&folder, &["export", "har"]).out;
    let imported = run_with(&folder, &["import", "-"], &har);
    assert_eq!(imported.code, 0, "{}", imported.err);
    let saved = std::fs::read_to_string(imported.out.trim()).unwrap();
    assert!(
        saved.contains("endpoint = \"accounts.list\"") && saved.contains("limit = \"10\""),
        "{saved}"
    );
}

/// The documented social security number of a test person is no secret: what was sent can be sent again without a variable.
#[test]
fn a_test_person_can_be_made_again_from_an_archive() {
    let folder = tempfile::tempdir().unwrap();
    let body = PERSON.replace("000000000", "1234");
    run_in(&folder, &["send", "user_intents.create", "--data", &body]);
    let har = run_in(&folder, &["export", "har"]).out;
    let imported = run_with(&folder, &["import", "-"], &har);
    let replayed = run_in(&folder, &["replay"]);
    assert_eq!(replayed.code, 0, "{}{}", imported.err, replayed.out);
}
