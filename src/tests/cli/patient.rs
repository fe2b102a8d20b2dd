//! What commands wait for, and what they remember: patience that the API asks for, answers of the history, its limits.

use crate::Sandbox;
use crate::harness::program::{Ran, command, finish, run_in};

/// A sandbox of its own, and a home beside it.
struct Place {
    home: tempfile::TempDir,
    sandbox: Sandbox,
}

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::start(home.path(), &[]);
        Self { home, sandbox }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let all = [arguments, &["--sandbox", &self.sandbox.url]].concat();
        finish(&mut command(self.home.path(), &all))
    }

    /// Orders what the sandbox answers next.
    fn fail(&self, fault: &str) {
        let ran = self.run(&[
            "send",
            "POST",
            "/_sandbox/faults",
            "-H",
            "content-type: application/json",
            "-d",
            fault,
        ]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }

    fn saved(&self, name: &str, text: &str) {
        let folder = self.home.path().join(".astrascope/requests");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
    }

    /// How many lines of the history have these words.
    fn count(&self, words: &str) -> usize {
        let listed = run_in(&self.home, &["history", "-n", "1000"]).out;
        listed.lines().filter(|line| line.contains(words)).count()
    }
}

#[test]
fn a_read_that_is_asked_for_patience_waits_says_so_and_is_sent_again() {
    let place = Place::new();
    let fault = |method: &str, path: &str| {
        format!(
            r#"{{"match": {{"method": "{method}", "path": "{path}"}}, "times": 1, "status": 429, "retry_after": 1}}"#
        )
    };
    place.fail(&fault("GET", "/v1/accounts"));
    let read = place.run(&["send", "accounts.list"]);
    assert_eq!(read.code, 0, "{}", read.err);
    assert!(
        read.err
            .contains("answered 429: sent again in 1 s, 2 of 3 times"),
        "{}",
        read.err
    );
    assert!(read.out.contains("\"accounts\""), "{}", read.out);
    place.fail(&fault("POST", "/v9/moon"));
    let write = place.run(&["send", "POST", "/v9/moon", "-d", "{}"]);
    assert_eq!(write.code, 1, "a write is never sent twice by itself");
    assert!(write.err.contains("429"), "{}", write.err);
    assert!(!write.err.contains("sent again"), "{}", write.err);
}

const CREATE: &str = "endpoint = \"routines.create\"\nbody = '''\n{\"type\":\"one-time\",\"name\":\"Rent\",\"payment_type\":\"ach\",\"source_id\":\"{{accounts[0].id}}\",\"destination_id\":\"{{accounts[1].id}}\",\"amount\":25.00}\n'''\n";

#[test]
fn an_answer_of_the_history_will_do_where_it_is_no_older_than_is_said() {
    let place = Place::new();
    let read = |age: &str| {
        format!(
            "endpoint = \"routines.get\"\n\n[path]\nid = \"{{{{requests.create.body.id{age}}}}}\"\n"
        )
    };
    place.saved("create.toml", CREATE);
    place.saved("read.toml", &read(" within 10m"));
    for _ in 0..2 {
        let ran = place.run(&["replay", "read"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
    assert_eq!(place.count("POST /v1/routines"), 1, "the first one will do");
    let ran = place.run(&["replay", "read", "--user", "grace"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(place.count("POST /v1/routines"), 2, "it is nobody else's");
    place.saved("read.toml", &read(" within 0s"));
    place.run(&["replay", "read"]);
    assert_eq!(place.count("POST /v1/routines"), 3, "too old");
    place.saved("read.toml", &read(" within soon"));
    let ran = place.run(&["replay", "read"]);
    assert!(
        ran.out
            .contains("expected an age behind within: 30s, 10m, 2h or 1d at character 34"),
        "{}",
        ran.out
    );
}

#[test]
fn commands_keep_no_more_than_the_configuration_says() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("home/config");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), "[history]\nentries = 2\n").unwrap();
    for _ in 0..4 {
        let ran = run_in(&home, &["send", "GET", "/v1/accounts/none"]);
        assert_eq!(ran.code, 1, "{}", ran.err);
    }
    let listed = run_in(&home, &["history"]).out;
    assert_eq!(listed.lines().count(), 2, "{listed}");
}

#[test]
fn a_field_that_the_persons_own_catalogue_calls_secret_is_a_variable_in_an_export() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("home/config/catalog");
    std::fs::create_dir_all(&folder).unwrap();
    let mine = "[[endpoint]]\nid = \"moon.land\"\nmethod = \"POST\"\npath = \"/v9/moon\"\nsummary = \"Land\"\nauth = \"none\"\nsuccess = 200\nwrites = true\nbody = [{ name = \"launch_word\", secret = true, sample = \"x\", meaning = \"Word\" }]\n";
    std::fs::write(folder.join("moon.toml"), mine).unwrap();
    let ran = run_in(&home, &["send", "moon.land", "-p", "launch_word=swordfish"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let export = run_in(&home, &["export", "curl"]).out;
    assert!(
        export.contains("LAUNCH_WORD") && !export.contains("swordfish"),
        "{export}"
    );
}

#[test]
fn whose_call_failed_and_why_stand_apart_in_the_history() {
    let place = Place::new();
    place.fail(r#"{"match": {"method": "GET", "path": "/v1/user"}, "times": 1, "cut_body": true}"#);
    let ran = place.run(&["send", "user.get", "--user", "ada"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    let listed = run_in(&place.home, &["history", "-n", "1"]).out;
    assert!(listed.contains("GET /v1/user  Ada Byron  "), "{listed}");
}

#[test]
fn a_slow_answer_keeps_others_of_a_run_from_being_told_but_not_from_being_sent() {
    let place = Place::new();
    place.saved("a-slow.toml", "endpoint = \"payment_instruments.list\"\n");
    for number in 0..10 {
        let text = "endpoint = \"accounts.list\"\n";
        place.saved(&format!("b-{number}.toml"), text);
    }
    place.fail(r#"{"match": {"path": "/v1/payment_instruments"}, "delay_ms": 2000}"#);
    let ran = place.run(&["replay", "--jobs", "2"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let told = ran.out.split_whitespace().take(2).collect::<Vec<_>>();
    assert_eq!(told, ["ok", "a-slow"], "{}", ran.out);
    let last = run_in(&place.home, &["history", "-n", "1"]).out;
    assert!(last.contains("/v1/payment_instruments"), "{last}");
}
