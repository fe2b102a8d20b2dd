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
        out.contains("count: expected 6, found 25") && out.contains("request-id"),
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
}

#[test]
fn a_mistake_in_a_file_names_line_and_key() {
    let project = project(&[(
        "bad.toml",
        "endpoint = \"accounts.list\"\ncolour = \"red\"\n",
    )]);
    let (code, _, err) = run(project.path(), &["replay"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("bad.toml:2") && err.contains("colour"),
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
