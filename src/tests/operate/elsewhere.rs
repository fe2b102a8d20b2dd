//! A session on a sandbox that runs already, in a process of its own.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use crate::harness::program::{command, finish};
use crate::harness::sandbox::Sandbox;
use crate::harness::terminal::{READY, Terminal};
use crate::{home, sign_in};

/// A session on the sandbox at `url`, whether there is one or not.
#[track_caller]
fn session(home: &Path, url: &str, variables: &[(&str, &str)]) -> Terminal {
    let arguments = ["--sandbox", url];
    let mut terminal = Terminal::start_with(120, 36, home, &arguments, variables);
    terminal.until(READY);
    terminal.until(&format!("sandbox at {}", host(url)));
    terminal
}

fn host(url: &str) -> &str {
    url.trim_start_matches("http://")
}

#[test]
fn a_running_sandbox_is_named_signs_in_and_is_still_there_after_another_profile() {
    let home = home();
    let config = astrascope::config::Paths::from(Some(home.path().into()))
        .unwrap()
        .config;
    fs::create_dir_all(&config).unwrap();
    let other = "credential_store = \"file\"\n\n[profiles.other]\nenvironment = \"custom\"\nclient_id = \"x\"\nredirect_uri = \"http://127.0.0.1:0/callback\"\napi_url = \"http://127.0.0.1:9\"\nsecure_url = \"http://127.0.0.1:9\"\napp_url = \"http://127.0.0.1:9\"\n";
    fs::write(config.join("config.toml"), other).unwrap();
    let sandbox = Sandbox::start(home.path(), &[]);
    let mut terminal = session(home.path(), &sandbox.url, &[]);
    terminal.until(&format!("API host      {}", host(&sandbox.url)));
    sign_in(&mut terminal);
    let log = [
        "send",
        "GET",
        "/_sandbox/requests",
        "--sandbox",
        &sandbox.url,
    ];
    let log = finish(&mut command(home.path(), &log));
    assert!(log.out.contains("/v1/accounts"), "{}{}", log.out, log.err);
    terminal.keys("o");
    terminal.until("Operations");
    terminal.keys("let time pass");
    terminal.until("/_sandbox/clock/advance");
    terminal.keys("\r");
    terminal.until("[Form]");
    terminal.keys("\x12"); // Ctrl-r
    terminal.until("POST /_sandbox/clock/advance");
    terminal.until("200 OK");
    terminal.keys("p");
    terminal.until(&format!("built-in  sandbox at {}", host(&sandbox.url)));
    terminal.keys("other\r");
    terminal.until("API host      127.0.0.1:9");
    terminal.keys("p");
    terminal.until("in use");
    terminal.keys("built\r");
    terminal.until(&format!("API host      {}", host(&sandbox.url)));
    sign_in(&mut terminal);
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_sandbox_that_is_not_there_is_told_and_tried_again() {
    let home = home();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = gone.local_addr().unwrap().port().to_string();
    drop(gone);
    let url = format!("http://127.0.0.1:{port}");
    let mut terminal = session(home.path(), &url, &[]);
    terminal.until(&format!("no sandbox answers at http://127.0.0.1:{port}"));
    terminal.until("nothing listens on 127.0.0.1");
    terminal.until(&format!("astrascope sandbox --port {port}"));
    terminal.keys("\x1b");
    terminal.until("a sign in"); // the footer of the panes
    terminal.keys("1");
    terminal.until("r try again");
    let _sandbox = Sandbox::start(home.path(), &["--port", &port]);
    terminal.keys("r");
    terminal.until("client secret ••••••••  built in");
    sign_in(&mut terminal);
}

#[test]
fn a_sandbox_with_a_seed_of_its_own_wants_its_keys() {
    let home = home();
    let sandbox = Sandbox::start(home.path(), &["--seed", "7"]);
    let mut terminal = session(home.path(), &sandbox.url, &[]);
    terminal.until("has a seed of its own");
    terminal.until("ASTRASCOPE_CLIENT_SECRET");
    let keys = [
        ("ASTRASCOPE_CLIENT_ID", sandbox.id.as_str()),
        ("ASTRASCOPE_CLIENT_SECRET", sandbox.secret.as_str()),
    ];
    let mut terminal = session(home.path(), &sandbox.url, &keys);
    terminal.until("••••••••  from the");
    sign_in(&mut terminal);
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_drawn() {
    let home = home();
    for (arguments, words) in [
        (
            ["--sandbox", "http://example.com", "--profile", "x"],
            "exclude each other",
        ),
        (
            ["--sandbox", "http://127.0.0.1:1", "send", "user.get"],
            "stands behind",
        ),
    ] {
        let ran = finish(&mut command(home.path(), &arguments));
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    let mut terminal = Terminal::start(80, 24, home.path(), &["--sandbox", "http://example.com"]);
    terminal.until("a sandbox is on this machine");
    assert_eq!(terminal.exit_code(), 2);
}
