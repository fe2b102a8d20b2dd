//! What the README shows works as it is shown.

mod harness;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use harness::browser::{Browser, End};
use harness::program::{command, finish, run_in};
use harness::sandbox::Sandbox;

const README: &str = include_str!("../../README.md");

/// The block of `language` in which `word` stands.
fn block(language: &str, word: &str) -> String {
    let opening = format!("```{language}\n");
    let mut blocks = README.split(&opening).skip(1);
    let found = blocks.find_map(|rest| rest.split("```").next().filter(|text| text.contains(word)));
    found
        .unwrap_or_else(|| panic!("README.md has no {language} block with {word}"))
        .to_owned()
}

fn put(file: PathBuf, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// A line of the shell, with `astrascope` on its path as after `cargo install`.
fn shell(folder: &Path, line: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_astrascope"));
    let path = std::env::var("PATH").unwrap();
    let own = command(folder, &[]);
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder);
    for (name, value) in own.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let path = format!("{}:{path}", program.parent().unwrap().display());
    command.env("PATH", path).stdin(Stdio::null());
    command
}

#[cfg(unix)]
#[test]
fn each_command_line_runs_as_shown() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join(".astrascope/requests");
    put(
        saved.join("routines/create.toml"),
        &block("toml", "endpoint = \"routines.create\""),
    );
    put(
        saved.join("accounts.toml"),
        "endpoint = \"accounts.list\"\n",
    );
    run_in(&folder, &["send", "accounts.list"]);
    let archive = run_in(&folder, &["export", "har"]).out;
    put(folder.path().join("requests.har"), &archive);
    let text = block("sh", "astrascope send");
    // What names a profile needs keys of its own: see below.
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.contains("--profile"))
        .collect();
    assert!(lines.len() >= 10, "{text}");
    for line in lines {
        let ran = finish(&mut shell(folder.path(), line));
        assert_eq!(ran.code, 0, "{line}\n{}{}", ran.out, ran.err);
        assert!(!ran.out.is_empty() || !ran.err.is_empty(), "{line}");
    }
    assert!(folder.path().join("report.xml").exists());
    assert!(saved.join("accounts.answer.json").exists());
}

#[test]
fn the_saved_request_shown_is_answered_as_expected_for_every_approved_user() {
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path().join(".astrascope/requests/create.toml"),
        &block("toml", "endpoint = \"routines.create\""),
    );
    let ran = run_in(&folder, &["replay", "--user", "all"]);
    let world = include_str!("../../assets/sandbox/world.json");
    let world: serde_json::Value = serde_json::from_str(world).unwrap();
    let users = world["users"].as_array().unwrap().iter();
    let approved: Vec<_> = users.filter(|user| user["status"] == "approved").collect();
    assert!(approved.len() >= 5, "{approved:?}");
    for user in approved {
        let name = |key: &str| user[key].as_str().unwrap();
        let label = format!("({} {})", name("first_name"), name("last_name"));
        let line = ran.out.lines().find(|line| line.contains(&label));
        assert!(line.unwrap().starts_with("ok "), "{label}: {}", ran.out);
    }
}

/// The profile that the README signs in with, for a sandbox that is running.
fn put_profile(folder: &Path, sandbox: &Sandbox) {
    let (url, id) = (&sandbox.url, &sandbox.id);
    let text = format!(
        "credential_store = \"file\"\n\n[profiles.astra]\nenvironment = \"custom\"\nclient_id = \"{id}\"\n\
         redirect_uri = \"http://127.0.0.1:0/callback\"\napi_url = \"{url}\"\n"
    );
    put(folder.join("home/config/config.toml"), &text);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_line_that_signs_in_does_so_for_the_commands_that_it_names() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(folder.path(), &["--seed", "7"]);
    put_profile(folder.path(), &sandbox);
    let secret = ("ASTRASCOPE_CLIENT_SECRET", &sandbox.secret);
    let text = block("sh", "astrascope send");
    let line = text
        .lines()
        .find(|line| line.contains("--profile"))
        .unwrap();
    let mut login = shell(folder.path(), line);
    // Standard input stays open: nothing is pasted.
    login.env(secret.0, secret.1).stdin(Stdio::piped());
    let login = login.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut login = login.spawn().unwrap();
    let lines = BufReader::new(login.stderr.take().unwrap()).lines();
    let mut urls = lines
        .map_while(Result::ok)
        .filter(|line| line.starts_with("http"));
    let page = urls.next().expect("the address of the page");
    let mut browser = Browser::default();
    let End::Redirect(redirect) = browser.walk(&page, &[], "").await else {
        panic!("the pages end without a redirect");
    };
    assert_eq!(
        browser.fetch(redirect, None).await.ok().unwrap().status,
        200
    );
    let ended = login.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stdout).unwrap();
    assert!(
        ended.status.success() && said.contains("is signed in until"),
        "{said}"
    );
    for (verb, words) in [("status", "signed in"), ("users", "signed in until")] {
        assert!(line.contains(verb), "{line}");
        let line = format!("astrascope {verb} --profile astra");
        let told = finish(shell(folder.path(), &line).env(secret.0, secret.1));
        assert!(told.out.contains(words), "{line}: {}{}", told.out, told.err);
    }
    assert!(line.contains("logout"), "{line}");
    let name = said.split(" is signed in").next().unwrap();
    let line = format!("astrascope logout --profile astra --user '{name}'");
    let told = finish(&mut shell(folder.path(), &line));
    assert!(
        told.out.contains("no token is kept"),
        "{}{}",
        told.out,
        told.err
    );
}

#[cfg(unix)]
#[test]
fn the_lines_of_the_sandbox_show_webhooks_as_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let started = block("sh", "astrascope sandbox");
    let shown: Vec<_> = started.split_whitespace().collect();
    assert_eq!(
        shown,
        ["astrascope", "sandbox", "--port", "8080", "--seed", "7"]
    );
    // The port may be taken here.
    let sandbox = Sandbox::start(folder.path(), &["--seed", "7"]);
    let line = block("sh", "astrascope listen");
    let line = line.replace('…', &sandbox.secret);
    let mut listen = shell(
        folder.path(),
        &format!(
            "exec env {}",
            line.replace("http://127.0.0.1:8080", &sandbox.url)
        ),
    );
    let listen = listen.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut listen = listen.spawn().unwrap();
    let mut told = BufReader::new(listen.stderr.take().unwrap()).lines();
    assert!(told.any(|line| line.unwrap().contains("listening on ")));
    let arguments = [
        "send",
        "POST",
        "/_sandbox/users/6505550100/status",
        "-d",
        "{\"status\": \"suspended\"}",
    ];
    let mut send = command(
        folder.path(),
        &[&arguments[..], &["--sandbox", &sandbox.url]].concat(),
    );
    send.env("ASTRASCOPE_CLIENT_ID", &sandbox.id);
    let sent = finish(send.env("ASTRASCOPE_CLIENT_SECRET", &sandbox.secret));
    assert_eq!(sent.code, 0, "{}", sent.err);
    let mut lines = BufReader::new(listen.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    assert!(line.contains(" verified  user_updated "), "{line}");
    listen.kill().unwrap();
    listen.wait().unwrap();
}

#[test]
fn the_configuration_shown_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("home/config/config.toml");
    let shown = block("toml", "default_profile");
    put(file.clone(), &shown);
    let ran = run_in(&folder, &["status"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("astra"), "{}", ran.out);
    put(file, &shown.replace("client_id", "cliend_id"));
    let refused = run_in(&folder, &["status"]);
    assert!(
        refused.code != 0 && refused.err.contains("cliend_id"),
        "{}",
        refused.err
    );
}

#[test]
fn each_verb_that_is_said_to_print_json_has_the_option() {
    let (_, table) = README.split_once("| takes `--json` |").unwrap();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let verbs: Vec<_> = rows
        .filter(|row| !row.contains("take none"))
        .flat_map(|row| row.split('|').nth(1).unwrap().split(','))
        .map(|verb| verb.trim().trim_matches('`'))
        .collect();
    assert!(verbs.len() >= 5, "{verbs:?}");
    for verb in verbs {
        let help = run_in(&tempfile::tempdir().unwrap(), &[verb, "--help"]).out;
        assert!(help.contains("--json"), "{verb}");
    }
}

#[test]
fn the_control_calls_and_the_levers_are_told_in_full() {
    let read = |text: &str| text.parse::<toml_edit::DocumentMut>().unwrap();
    let control = include_str!("../../assets/sandbox/control.toml");
    let calls = read(control);
    let (_, table) = README.split_once("| call | does |").unwrap();
    let rows: Vec<_> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    for call in calls["endpoint"].as_array_of_tables().unwrap() {
        let (method, path) = (
            call["method"].as_str().unwrap(),
            call["path"].as_str().unwrap(),
        );
        let parts = path.trim_start_matches("/_sandbox/").split('/');
        let words: Vec<_> = parts.filter(|part| !part.starts_with('{')).collect();
        let has_all =
            |row: &&str| row.contains(method) && words.iter().all(|word| row.contains(*word));
        assert!(rows.iter().any(has_all), "{method} {path}");
    }
    let levers = read(include_str!("../../assets/sandbox/levers.toml"));
    let (_, told) = README.split_once("Levers, the sandbox's own").unwrap();
    let details = calls["endpoint"][0]["details"].as_str().unwrap();
    for lever in levers["transfer"].as_array_of_tables().unwrap() {
        let cents = format!(".{} ", lever["cents"].as_integer().unwrap());
        assert!(told.contains(&cents) && details.contains(&cents), "{cents}");
    }
    for card in levers["card"].as_array_of_tables().unwrap() {
        let code = card["security_code"].as_str().unwrap();
        assert!(told.contains(code), "{code}");
    }
}
