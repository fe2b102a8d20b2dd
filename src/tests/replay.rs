//! Saved requests replayed from the command line, and requests of other tools taken over.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Runs the program in `folder`, with a home of its own, and answers with exit code, output and errors.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_astrascope"))
        .args(arguments)
        .current_dir(folder)
        .env("ASTRASCOPE_HOME", folder.join("home"))
        .env_remove("ASTRASCOPE_CLIENT_SECRET")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A project with these saved requests.
fn project(requests: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in requests {
        let file = folder.path().join(".astrascope/requests").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

const ACCOUNTS: &str = "endpoint = \"accounts.list\"\n\n[expect]\nstatus = 200\nshape = true\n\n[expect.fields]\n\"accounts[0].id\" = { type = \"string\" }\ncount = { equals = 6 }\n";
const ONE: &str = "endpoint = \"accounts.get\"\n\n[path]\nid = \"{{accounts[-1].id}}\"\n";
const CREATE: &str = "endpoint = \"routines.create\"\nbody = '''\n{\"type\":\"one-time\",\"name\":\"Rent\",\"payment_type\":\"ach\",\"source_id\":\"{{accounts[0].id}}\",\"destination_id\":\"{{accounts[1].id}}\",\"amount\":25.00}\n'''\n";

#[test]
fn requests_are_replayed_with_the_values_of_whoever_is_signed_in() {
    let project = project(&[
        ("accounts.toml", ACCOUNTS),
        ("one.toml", ONE),
        ("routines/create.toml", CREATE),
    ]);
    let (code, out, err) = run(project.path(), &["replay"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(
        out.lines().filter(|line| line.starts_with("ok ")).count(),
        3,
        "{out}"
    );
    let (code, out, _) = run(project.path(), &["replay", "one", "--user", "grace"]);
    assert_eq!((code, out.contains("200")), (0, true), "{out}");
}

#[test]
fn the_answer_of_another_request_can_be_used() {
    let read = "endpoint = \"routines.get\"\n\n[path]\nid = \"{{requests.create.body.id}}\"\n\n[expect.fields]\nname = { equals = \"Rent\" }\n";
    let project = project(&[("create.toml", CREATE), ("read.toml", read)]);
    let (code, out, err) = run(project.path(), &["replay", "read"]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_difference_is_told_with_place_wish_finding_and_request_id() {
    let project = project(&[("accounts.toml", ACCOUNTS)]);
    let (code, out, _) = run(project.path(), &["replay", "accounts", "--user", "grace"]);
    assert_eq!(code, 1);
    assert!(
        out.contains(".count: expected 6, found 25") && out.contains("request-id"),
        "{out}"
    );
    let (code, out, _) = run(
        project.path(),
        &["replay", "accounts", "--user", "grace", "--json"],
    );
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &report[0]["ok"]),
        (1, &serde_json::Value::Bool(false))
    );
}

#[test]
fn what_cannot_be_sent_is_told_with_its_place() {
    let circle = "endpoint = \"accounts.get\"\n\n[path]\nid = \"{{requests.circle.body.id}}\"\n";
    let missing = "endpoint = \"accounts.get\"\n\n[path]\nid = \"{{accounts[99].id}}\"\n";
    let project = project(&[("circle.toml", circle), ("missing.toml", missing)]);
    let (code, out, _) = run(project.path(), &["replay", "missing"]);
    assert_eq!(code, 2);
    assert!(
        out.contains("{{accounts[99].id}}") && out.contains("no such value"),
        "{out}"
    );
    let (code, out, _) = run(project.path(), &["replay", "circle"]);
    assert_eq!(code, 2);
    assert!(out.contains("refers to itself"), "{out}");
    let (code, _, err) = run(project.path(), &["replay", "unknown"]);
    assert_eq!(code, 2);
    assert!(err.contains("unknown"), "{err}");
    let (_, _, err) = run(project.path(), &["replay", "misisng"]);
    assert!(err.contains("did you mean missing?"), "{err}");
}

#[test]
fn a_file_with_a_mistake_fails_with_line_and_key_and_the_others_are_sent() {
    let project = project(&[
        (
            "bad.toml",
            "endpoint = \"accounts.list\"\ncolour = \"red\"\n",
        ),
        ("user.toml", "endpoint = \"user.get\"\n"),
    ]);
    let (code, out, err) = run(project.path(), &["replay", "--junit", "report.xml"]);
    assert_eq!((code, err.as_str()), (2, ""), "{out}");
    assert!(out.starts_with("failed   bad\n"), "{out}");
    for words in [
        "bad.toml:2: unknown key \"colour\"",
        "\nok       user",
        "1 could not be sent",
    ] {
        assert!(out.contains(words), "{words}: {out}");
    }
    let report = fs::read_to_string(project.path().join("report.xml")).unwrap();
    assert!(
        report.contains("errors=\"1\"") && report.contains("bad.toml:2"),
        "{report}"
    );
    let (code, out, _) = run(project.path(), &["replay", "--json", "--user", "all"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report[0]["name"]), (2, &"bad".into()));
    assert!(
        report[0]["error"].as_str().unwrap().contains("bad.toml:2"),
        "{out}"
    );
    assert_eq!(report[1]["name"], "user (Ada Byron)");
    let (code, out, _) = run(project.path(), &["replay", "user"]);
    assert_eq!(code, 0, "{out}");
    let (code, _, _) = run(project.path(), &["replay", ".astrascope/requests/bad.toml"]);
    assert_eq!(code, 2);
}

#[test]
fn a_field_that_the_persons_rules_let_differ_is_no_difference() {
    let project = project(&[("user.toml", "endpoint = \"user.get\"\n")]);
    let (code, out, _) = run(project.path(), &["replay", "--update", "--user", "grace"]);
    assert_eq!(code, 0, "{out}");
    let as_ada = || run(project.path(), &["replay", "--user", "ada"]);
    assert_eq!(as_ada().0, 1);
    let rules = project.path().join("home/config/diff.toml");
    fs::create_dir_all(rules.parent().unwrap()).unwrap();
    fs::write(
        &rules,
        "volatile = [\"*_name\", \"email\", \"phone\", \"*_pronouns\"]\n",
    )
    .unwrap();
    let (code, out, err) = as_ada();
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    fs::write(&rules, "volatile = 1\n").unwrap();
    let (code, _, err) = as_ada();
    assert_eq!(code, 1);
    assert!(
        err.contains("left out") && err.contains("diff.toml:1"),
        "{err}"
    );
}

#[test]
fn a_curl_command_is_taken_over_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let command = "curl -X POST 'https://api-sandbox.astra.finance/v1/user_intent' -u 'id:s3cret-mark' -H 'Content-Type: application/json' --data-raw '{\"email\":\"a@b.c\",\"ssn\":\"987654321\"}'";
    fs::write(folder.path().join("c.sh"), command).unwrap();
    let (code, out, err) = run(folder.path(), &["import", "c.sh"]);
    assert_eq!(code, 0, "{err}");
    let saved = fs::read_to_string(out.trim()).unwrap();
    assert!(saved.contains("user_intents.create"), "{saved}");
    for secret in ["s3cret-mark", "987654321"] {
        assert!(
            !saved.contains(secret) && !err.contains(secret),
            "{saved}{err}"
        );
    }
}

#[test]
fn an_update_takes_what_was_answered_and_leaves_comments_alone() {
    let text = format!("# mine\n{ACCOUNTS}# last\n");
    let project = project(&[
        ("accounts.toml", &text),
        ("user.toml", "endpoint = \"user.get\"\n"),
    ]);
    let (code, out, err) = run(project.path(), &["replay", "--update", "--user", "grace"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(
        out.contains("updated  accounts") && out.contains("2 updated"),
        "{out}"
    );
    let folder = project.path().join(".astrascope/requests");
    let accounts = fs::read_to_string(folder.join("accounts.toml")).unwrap();
    assert_eq!(accounts, text.replace("equals = 6", "equals = 25"));
    assert!(!folder.join("accounts.answer.json").exists());
    let answer = fs::read_to_string(folder.join("user.answer.json")).unwrap();
    assert!(
        answer.contains("\n  \"first_name\": \"Grace\",\n"),
        "{answer}"
    );
    let (code, out, _) = run(project.path(), &["replay", "--user", "grace"]);
    assert_eq!(code, 0, "{out}");
    let (code, out, _) = run(project.path(), &["replay", "user", "--user", "ada"]);
    assert_eq!(code, 1);
    assert!(out.contains("~ .first_name: \"Grace\" → \"Ada\""), "{out}");
    assert!(out.contains("1 request: 1 differs"), "{out}");
}

#[test]
fn many_are_sent_at_once_and_told_in_their_order_with_what_they_need_sent_once() {
    let read = "endpoint = \"routines.get\"\n\n[path]\nid = \"{{requests.make.create.body.id}}\"\n";
    let list = "endpoint = \"routines.list\"\n\n[query]\nlimit = \"10\"\n";
    let mut requests = vec![("make/create.toml".to_owned(), CREATE)];
    requests.extend((0..12).map(|number| (format!("read-{number:02}.toml"), read)));
    requests.push(("z-list.toml".to_owned(), list));
    let requests: Vec<_> = requests
        .iter()
        .map(|(name, text)| (name.as_str(), *text))
        .collect();
    let project = project(&requests);
    let (code, out, err) = run(project.path(), &["replay", "--jobs", "8"]);
    assert_eq!(code, 0, "{out}{err}");
    let names: Vec<_> = out
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    let mut sorted = names.clone();
    sorted[..14].sort_unstable();
    assert_eq!((names.len(), &names), (15, &sorted));
    let (_, history, _) = run(project.path(), &["history", "--last", "99"]);
    assert_eq!(history.matches("POST /v1/routines").count(), 1, "{history}");
}

#[test]
fn everybody_is_asked_and_each_has_a_line() {
    let project = project(&[("user.toml", "endpoint = \"user.get\"\n")]);
    let (code, out, err) = run(project.path(), &["replay", "--user", "all"]);
    assert!(
        out.contains("user (Ada Byron)") && out.contains("user (Grace Hopper)"),
        "{out}{err}"
    );
    assert!(code == 0 || code == 2, "{out}");
    let (code, _, err) = run(project.path(), &["replay", "--user", "all", "--update"]);
    assert_eq!(code, 2);
    assert!(err.contains("hint: name one with --user"), "{err}");
}

#[test]
fn a_report_for_ci_is_written_and_check_tells_only_what_differs() {
    let project = project(&[
        ("accounts.toml", ACCOUNTS),
        ("user.toml", "endpoint = \"user.get\"\n"),
    ]);
    let arguments = [
        "replay",
        "--check",
        "--user",
        "grace",
        "--junit",
        "report.xml",
    ];
    let (code, out, _) = run(project.path(), &arguments);
    assert_eq!(code, 1);
    assert!(
        !out.contains("ok  ") && out.contains("differs  accounts"),
        "{out}"
    );
    let text = fs::read_to_string(project.path().join("report.xml")).unwrap();
    let report = roxmltree::Document::parse(&text).unwrap();
    let facts = |name| report.root_element().attribute(name);
    assert_eq!((facts("tests"), facts("failures")), (Some("2"), Some("1")));
}

#[test]
fn files_and_folders_are_taken_by_their_paths() {
    let project = project(&[("a/one.toml", ONE), ("a/two.toml", ONE)]);
    fs::create_dir(project.path().join("other")).unwrap();
    fs::write(project.path().join("other/mine.toml"), ONE).unwrap();
    for (name, count) in [
        ("a", 2),
        ("a/one", 1),
        (".astrascope/requests", 2),
        ("other", 1),
        ("other/mine.toml", 1),
    ] {
        let (code, out, err) = run(project.path(), &["replay", name]);
        assert_eq!(code, 0, "{name}: {out}{err}");
        assert_eq!(
            out.lines().filter(|line| line.starts_with("ok ")).count(),
            count,
            "{name}"
        );
    }
    let (_, _, err) = run(project.path(), &["replay", "one"]);
    assert!(err.contains("did you mean a/one?"), "{err}");
}

#[test]
fn no_secret_of_an_answer_is_recorded() {
    let project = project(&[(
        "settlement.toml",
        "endpoint = \"payment_instruments.list\"\n",
    )]);
    let (code, out, err) = run(project.path(), &["replay", "--update", "settlement"]);
    assert_eq!(code, 0, "{out}{err}");
    let path = project
        .path()
        .join(".astrascope/requests/settlement.answer.json");
    let answer = fs::read_to_string(path).unwrap();
    assert!(
        answer.contains("\"account_number\": \"••••••••\""),
        "{answer}"
    );
    let (code, out, _) = run(project.path(), &["replay", "settlement", "--user", "all"]);
    assert_eq!(code, 0, "{out}");
    assert_eq!(
        out.lines().count(),
        2,
        "it is nobody's, and sent once: {out}"
    );
}

#[test]
fn a_secret_that_is_not_as_expected_is_in_no_report_and_no_file() {
    let text = "endpoint = \"payment_instruments.list\"\n\n[expect.fields]\n\"payment_instruments[0].account_number\" = { matches = \"tok_[a-z]+\" }\n";
    let project = project(&[("settlement.toml", text)]);
    let (code, out, err) = run(project.path(), &["replay", "--junit", "r.xml"]);
    assert_eq!(code, 1, "{out}{err}");
    let report = fs::read_to_string(project.path().join("r.xml")).unwrap();
    for told in [&out, &report] {
        assert!(told.contains("account_number: expected"), "{told}");
        assert!(
            told.contains("found \"••••••••\"") || told.contains("found &quot;••••••••&quot;"),
            "{told}"
        );
    }
    let (code, out, err) = run(project.path(), &["replay", "--update"]);
    assert_eq!(code, 0, "{out}{err}");
    let file = project.path().join(".astrascope/requests/settlement.toml");
    let renewed = fs::read_to_string(file).unwrap();
    assert_eq!(
        renewed,
        text.replace("matches = \"tok_[a-z]+\"", "type = \"string\"")
    );
}

#[test]
fn secrets_of_the_environment_and_numbers_of_cards_are_not_in_the_history() {
    let text = "request = \"GET /v1/accounts/4242424242424242\"\nheaders = { x-note = \"{{env.MY_KEY}}\", x-name = \"{{env.MY_NAME}}\", x-auth-token = \"plain-1234\" }\n\n[expect]\nstatus = 404\n";
    let project = project(&[("note.toml", text)]);
    let folder = project.path();
    let ended = Command::new(env!("CARGO_BIN_EXE_astrascope"))
        .args(["replay"])
        .current_dir(folder)
        .env("ASTRASCOPE_HOME", folder.join("home"))
        .envs([("MY_KEY", "k3y-of-mine"), ("MY_NAME", "name-of-mine")])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(ended.status.success(), "{ended:?}");
    let (code, out, err) = run(folder, &["export", "raw"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("x-name: name-of-mine"), "{out}");
    for secret in ["k3y-of-mine", "4242424242424242", "plain-1234"] {
        assert!(!out.contains(secret), "{secret}: {out}");
    }
}

#[test]
fn what_an_import_needs_from_the_environment_is_told() {
    let project = project(&[("accounts.toml", ACCOUNTS)]);
    let collection = r#"{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "item": [{"name": "One", "request": {"method": "GET", "url": "{{base_url}}/v1/accounts/{{account}}"}},
            {"name": "Mine", "request": {"method": "GET", "url": "{{base_url}}/v1/user"}}]}"#;
    fs::write(project.path().join("postman.json"), collection).unwrap();
    let (code, _, err) = run(project.path(), &["import", "postman.json"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.ends_with("to be set in the environment before they are sent: account\n"),
        "{err}"
    );
}
