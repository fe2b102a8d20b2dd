//! The commands without a screen, as scripts use them: output, errors, exit codes, pipes.

#[path = "cli/asked.rs"]
mod asked;
#[path = "cli/doctor.rs"]
mod doctor;
#[path = "cli/kept.rs"]
mod kept;
#[cfg(unix)] // they are stopped by a signal
#[path = "cli/listen.rs"]
mod listen;
#[path = "cli/patient.rs"]
mod patient;
#[path = "cli/production.rs"]
mod production;
#[path = "cli/refused.rs"]
mod refused;
#[path = "cli/wrong.rs"]
mod wrong;

mod harness;

#[cfg(unix)]
use std::io::{BufRead as _, BufReader, Read as _};
#[cfg(unix)]
use std::process::{Command, Stdio};

use harness::program::{command, finish, run, run_with};
use harness::sandbox::Sandbox;

#[test]
fn send_needs_no_set_up_and_prints_the_body_alone() {
    let ran = run(&["send", "accounts.list", "--user", "grace", "-p", "limit=10"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let body: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(body["count"], 10);
}

#[test]
fn a_path_is_as_good_as_an_id() {
    let ran = run(&["send", "GET", "/v1/accounts?limit=10", "--user", "grace"]);
    assert!(ran.out.starts_with("{\"count\":10,"), "{}", ran.err);
}

#[test]
fn a_path_that_the_catalogue_does_not_know_is_called_all_the_same() {
    let ran = run(&["send", "GET", "/v9/moon?phase=full", "-p", "side=far", "-i"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("/v9/moon?phase=full&side=far"),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("\"code\":404"), "{}", ran.out);
}

#[test]
fn an_answer_that_is_no_success_is_printed_and_tells_by_its_exit_code() {
    let ran = run(&["send", "GET", "/v1/accounts/none"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("\"code\":404"), "{}", ran.out);
    assert!(
        ran.err.contains("404") && ran.err.contains("request-id"),
        "{}",
        ran.err
    );
}

#[test]
fn what_cannot_be_sent_is_told_with_a_next_step() {
    let cases: [(&[&str], &str); 7] = [
        (&["send", "accounts.lst"], "did you mean accounts.list"),
        (
            &["send", "accounts.list", "-p", "colour=red"],
            "it takes cursor, limit",
        ),
        (
            &["send", "accounts.list", "--user", "nobody at all"],
            "astrascope users",
        ),
        (&["send", "FETCH", "/v9/moon"], "POST"),
        (
            &["send", "GET", "https://api.example/v1/cards"],
            "astrascope send GET /v1/cards",
        ),
        (&["send", "accounts.get", "-p", "id=.."], "dots"),
        (&["send", "accounts.get"], "id"),
    ];
    for (arguments, words) in cases {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn include_tells_request_and_headers_without_the_token() {
    let ran = run(&["send", "user.get", "-i"]);
    for words in [
        "GET http://127.0.0.1:",
        "authorization: Bearer ••••••••",
        "HTTP/1.1 200",
        "request-id: ",
    ] {
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    let card = "4242424242424242";
    let path = format!("/v1/accounts?ssn=987654321&access_token=t0ken-t0ken&card={card}");
    let noted = format!("X-Note: {card}");
    let ran = run(&["send", "GET", &path, "-i", "-H", &noted]);
    assert!(
        ran.err.contains("?ssn=••••••••&access_token="),
        "{}",
        ran.err
    );
    for secret in ["987654321", "t0ken-t0ken", card] {
        assert!(!ran.err.contains(secret), "{}", ran.err);
    }
}

#[test]
fn endpoints_and_users_are_listed() {
    let ran = run(&["endpoints", "--json"]);
    let endpoints: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(endpoints.as_array().unwrap().len() > 40);
    assert!(run(&["users"]).out.starts_with("Ada Byron"));
}

#[test]
fn endpoints_of_ones_own_are_listed_and_called_and_a_wrong_file_is_named() {
    let home = tempfile::tempdir().unwrap();
    let paths = astrascope::config::Paths::from(Some(home.path().join("home").into())).unwrap();
    let folder = paths.config.join("catalog");
    std::fs::create_dir_all(&folder).unwrap();
    let mine = "[[endpoint]]\nid = \"moon.get\"\nmethod = \"GET\"\npath = \"/v9/moon\"\nsummary = \"The moon\"\nauth = \"none\"\nsuccess = 200\n";
    std::fs::write(folder.join("moon.toml"), mine).unwrap();
    std::fs::write(folder.join("wrong.toml"), mine.replace("auth", "aut")).unwrap();
    let listed = finish(&mut command(home.path(), &["endpoints"]));
    assert!(listed.out.contains("/v9/moon"), "{}", listed.err);
    assert!(listed.err.contains("wrong.toml:6"), "{}", listed.err);
    let sent = finish(&mut command(home.path(), &["send", "moon.get", "-i"]));
    assert!(sent.err.contains("GET http://127.0.0.1:"), "{}", sent.err);
    assert_eq!(sent.code, 1, "the sandbox has no moon: {}", sent.out);
}

#[test]
fn a_sandbox_of_its_own_is_talked_to_with_the_keys_that_it_tells() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(home.path(), &["--seed", "7"]);
    assert!(sandbox.lines[0].starts_with("astrascope sandbox listening on http://127.0.0.1:"));
    let mut send = command(
        home.path(),
        &[
            "send",
            "user.get",
            "--user",
            "ada",
            "--sandbox",
            &sandbox.url,
        ],
    );
    send.env("ASTRASCOPE_CLIENT_ID", &sandbox.id)
        .env("ASTRASCOPE_CLIENT_SECRET", &sandbox.secret);
    let ran = finish(&mut send);
    assert!(ran.out.contains("ada@example.com"), "{}", ran.err);
    let wrong = finish(send.env("ASTRASCOPE_CLIENT_SECRET", "wrong"));
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("client"), "{}", wrong.err);
    assert!(!wrong.err.contains(&sandbox.secret));
    for missing in ["ASTRASCOPE_CLIENT_SECRET", "ASTRASCOPE_CLIENT_ID"] {
        let told = finish(send.env_remove(missing));
        assert_eq!((told.code, told.out.as_str()), (2, ""));
        let words = [
            "has a seed of its own",
            "hint: set ASTRASCOPE_CLIENT_ID and ASTRASCOPE_CLIENT_SECRET",
        ];
        assert!(
            words.iter().all(|word| told.err.contains(word)),
            "{}",
            told.err
        );
        assert!(!told.err.contains("press o"), "{}", told.err);
    }
}

#[test]
fn a_sandbox_with_the_usual_seed_needs_no_keys() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(home.path(), &[]);
    let arguments = ["send", "user.get", "--sandbox", &sandbox.url];
    let ran = finish(&mut command(home.path(), &arguments));
    assert!(ran.out.contains("ada@example.com"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn the_sandbox_ends_cleanly_on_sigterm_and_names_a_port_that_is_taken() {
    let home = tempfile::tempdir().unwrap();
    let mut sandbox = Sandbox::start(home.path(), &[]);
    let port = sandbox.url.rsplit(':').next().unwrap();
    let second = finish(&mut command(home.path(), &["sandbox", "--port", port]));
    assert_eq!(second.code, 2);
    assert!(
        second.err.contains(port) && second.err.contains("hint:"),
        "{}",
        second.err
    );
    let id = sandbox.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-s", "TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(sandbox.child.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    sandbox
        .child
        .stdout
        .as_mut()
        .unwrap()
        .read_to_string(&mut rest)
        .unwrap();
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let home = tempfile::tempdir().unwrap();
    let mut child = command(home.path(), &["endpoints"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child
        .stderr
        .as_mut()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!(err, "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_sandbox_whose_output_nobody_reads_serves_on() {
    let home = tempfile::tempdir().unwrap();
    let mut child = command(home.path(), &["sandbox"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let id = child.id().to_string();
    let mut err = String::new();
    // A line on standard error, or its end, would come at once; that there is none is seen by ending the program.
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(
        child.try_wait().unwrap().is_none(),
        "it has ended by itself"
    );
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    child
        .stderr
        .as_mut()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn an_empty_import_is_an_error_and_standard_input_is_read() {
    let home = tempfile::tempdir().unwrap();
    let ran = run_with(&home, &["import", "-"], " \n");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("standard input is empty"), "{}", ran.err);
    let ran = run_with(
        &home,
        &["import", "-"],
        "curl https://api-sandbox.astra.finance/v1/accounts",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    let saved = std::fs::read_to_string(ran.out.trim()).unwrap();
    assert!(saved.contains("accounts.list"), "{saved}");
}

/// A call that is under way is given up, and what was sent before it is in the history.
#[cfg(unix)]
#[test]
fn ctrl_c_stops_a_replay_with_the_code_of_the_signal() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(home.path(), &[]);
    let fault =
        r#"{"match": {"method": "GET", "path": "/v1/user"}, "times": 1, "delay_ms": 20000}"#;
    let ran = finish(&mut command(
        home.path(),
        &[
            "send",
            "POST",
            "/_sandbox/faults",
            "-d",
            fault,
            "-H",
            "content-type: application/json",
            "--sandbox",
            &sandbox.url,
        ],
    ));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let requests = home.path().join(".astrascope/requests");
    std::fs::create_dir_all(&requests).unwrap();
    std::fs::write(requests.join("a.toml"), "endpoint = \"accounts.list\"\n").unwrap();
    std::fs::write(requests.join("b.toml"), "endpoint = \"user.get\"\n").unwrap();
    let report = ["--junit", "report.xml", "--sandbox", &sandbox.url];
    let mut child = command(home.path(), &[&["replay"], &report[..]].concat())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    assert!(first.starts_with("ok  "), "{first}");
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-s", "INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "2 requests: 1 as expected, 1 stopped\n");
    let report = std::fs::read_to_string(home.path().join("report.xml")).unwrap();
    assert!(
        report.contains("tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\""),
        "{report}"
    );
    let listed = finish(&mut command(home.path(), &["history"])).out;
    assert!(listed.contains("/v1/accounts"), "{listed}");
}
