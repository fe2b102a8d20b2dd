//! Webhooks from a sandbox in one process to `astrascope listen`, or to somebody's own program, in another.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::harness::program::{command, finish, run_in};
use crate::harness::sandbox::Sandbox;
use crate::harness::tools;

/// The command, which listens already.
struct Listening {
    child: Child,
    out: BufReader<ChildStdout>,
    err: String,
    /// What it says on standard error later.
    rest: BufReader<ChildStderr>,
}

impl Listening {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::of(&mut command(folder, &[&["listen"], arguments].concat()))
    }

    fn of(command: &mut Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut rest = BufReader::new(child.stderr.take().unwrap());
        let mut err = String::new();
        while !err.contains("listening on ") {
            assert_ne!(rest.read_line(&mut err).unwrap(), 0, "it listens: {err}");
        }
        let out = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            out,
            err,
            rest,
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}

/// A call of the sandbox's control, by the program itself.
fn control(folder: &Path, sandbox: &Sandbox, what: &str, body: &Value) -> Value {
    let (method, path) = what.split_once(' ').unwrap();
    let path = format!("/_sandbox{path}");
    let body = body.to_string();
    let mut arguments = vec!["send", method, &path, "--sandbox", &sandbox.url];
    if method == "POST" {
        arguments.extend(["-d", &body]);
    }
    let mut send = command(folder, &arguments);
    send.env("ASTRASCOPE_CLIENT_ID", &sandbox.id)
        .env("ASTRASCOPE_CLIENT_SECRET", &sandbox.secret);
    let ran = finish(&mut send);
    assert_eq!(ran.code, 0, "{what}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

fn set_status(folder: &Path, sandbox: &Sandbox, status: &str) {
    let what = "POST /users/6505550100/status";
    control(folder, sandbox, what, &json!({ "status": status }));
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-s", "INT", &id]).status();
    assert!(killed.unwrap().success());
}

#[test]
fn a_sandbox_sends_here_for_as_long_as_somebody_listens() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let sandbox = Sandbox::start(folder, &[]);
    let mut first = Listening::start(folder, &["--sandbox", &sandbox.url, "--answer", "500"]);
    set_status(folder, &sandbox, "suspended");
    let line = first.line();
    assert!(line.contains(" verified  user_updated  "), "{line}");
    assert!(line.ends_with("  answered 500\n"), "{line}");
    control(
        folder,
        &sandbox,
        "POST /clock/advance",
        &json!({"seconds": 35}),
    );
    let line = first.line();
    assert!(line.ends_with("  try 2, answered 500\n"), "{line}");
    // Whoever comes later takes over, and whoever leaves takes nobody else's away.
    let mut second = Listening::start(folder, &["--sandbox", &sandbox.url, "--json"]);
    assert!(second.err.contains("until now"), "{}", second.err);
    interrupt(&first.child);
    assert_eq!(first.child.wait().unwrap().code(), Some(0));
    set_status(folder, &sandbox, "approved");
    let told: Value = serde_json::from_str(&second.line()).unwrap();
    assert_eq!(
        (&told["verified"], &told["answered"]),
        (&json!(true), &json!(200))
    );
    assert_eq!(told["webhook"]["webhook_type"], "user_updated");
    interrupt(&second.child);
    assert_eq!(second.child.wait().unwrap().code(), Some(0));
    let left = control(folder, &sandbox, "GET /webhooks", &Value::Null);
    assert_eq!((&left["url"], &left["waiting"]), (&Value::Null, &json!(0)));
}

#[cfg(unix)]
#[test]
fn whoever_listened_gives_the_webhooks_back() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let own = "http://127.0.0.1:1/astra";
    let sandbox = Sandbox::start(folder, &["--webhook-url", own]);
    let mut listening = Listening::start(folder, &["--sandbox", &sandbox.url]);
    let words = format!("sent its webhooks to {own} until now");
    assert!(listening.err.contains(&words), "{}", listening.err);
    interrupt(&listening.child);
    assert_eq!(listening.child.wait().unwrap().code(), Some(0));
    let mut said = String::new();
    listening.rest.read_to_string(&mut said).unwrap();
    let words = format!("sends its webhooks to {own} again");
    assert!(said.contains(&words), "{said}");
    let left = control(folder, &sandbox, "GET /webhooks", &Value::Null);
    assert_eq!(left["url"], own);
}

#[test]
fn a_webhook_of_somebody_else_is_not_verified() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(home.path(), &["--seed", "7"]);
    let arguments = ["listen", "--sandbox", &sandbox.url];
    let unknown = run_in(&home, &arguments);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(
        unknown.err.contains("hint: set ASTRASCOPE_CLIENT_SECRET"),
        "{}",
        unknown.err
    );
    let mut with_another = command(home.path(), &arguments);
    with_another.env("ASTRASCOPE_CLIENT_SECRET", "another");
    let mut listening = Listening::of(&mut with_another);
    set_status(home.path(), &sandbox, "suspended");
    let line = listening.line();
    assert!(line.contains(" NOT verified  user_updated  "), "{line}");
    assert!(
        line.ends_with("  signed with another secret, or changed on the way\n"),
        "{line}"
    );
}

#[test]
fn where_there_is_no_sandbox_nothing_is_listened_for() {
    let home = tempfile::tempdir().unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let ran = run_in(&home, &["listen", "--sandbox", &url]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("connection refused"), "{}", ran.err);
    let ran = run_in(&home, &["listen", "--answer", "99"]);
    assert_eq!(ran.code, 2);
    let config = home.path().join("home/config");
    std::fs::create_dir_all(&config).unwrap();
    let text = "credential_store = \"file\"\n\n[profiles.astra]\nenvironment = \"sandbox\"\nclient_id = \"x\"\n\
                redirect_uri = \"http://127.0.0.1:0/callback\"\n";
    std::fs::write(config.join("config.toml"), text).unwrap();
    let ran = run_in(&home, &["listen", "--profile", "astra"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("hint: astrascope login --secret-stdin"),
        "{}",
        ran.err
    );
}

/// What one does by rights (the README's lines, on the bytes), and what a client of Astra's does by the documentation (on the
/// parsed body, written anew).
fn verifier() -> String {
    let readme = include_str!("../../../README.md");
    let shown = readme.split("```python\n").nth(1).unwrap();
    let shown = shown.split("```").next().unwrap();
    format!(
        "import json, sys\n\
         client_secret, headers = sys.argv[1], {{'Astra-Verification': sys.argv[2]}}\n\
         raw = sys.stdin.buffer.read()\n\
         for body in [raw, json.dumps(json.loads(raw)).encode(), raw + b' ']:\n{}    print(is_genuine)\n",
        shown
            .lines()
            .map(|line| format!("    {line}\n"))
            .collect::<String>()
    )
}

#[test]
fn a_program_in_another_language_verifies_what_the_sandbox_signs() {
    if !tools::has("python3") {
        return tools::skip("python3 is not installed");
    }
    let home = tempfile::tempdir().unwrap();
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/astra", receiver.local_addr().unwrap());
    let sandbox = Sandbox::start(home.path(), &["--seed", "7", "--webhook-url", &url]);
    assert!(sandbox.lines.contains(&format!("webhooks:      {url}")));
    set_status(home.path(), &sandbox, "suspended");
    let (mut stream, _) = receiver.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut length, mut sent) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(("astra-verification", value)) => value.clone_into(&mut sent),
            None if line.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        .unwrap();
    let mut python = Command::new("python3");
    python.args(["-c", &verifier(), &sandbox.secret, &sent]);
    let mut python = python
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(&body).unwrap();
    let told = python.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&told.stdout), "True\nTrue\nFalse\n");
}
