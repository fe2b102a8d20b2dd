//! The real program in a pseudo-terminal: what a person does, and what they see.

mod harness;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use harness::browser::{Browser, End};
use harness::terminal::{READY, Terminal};
use tempfile::TempDir;

fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A session on the built-in sandbox that is ready for keys.
#[track_caller]
fn session(columns: u16, rows: u16, home: &Path) -> Terminal {
    let mut terminal = Terminal::start(columns, rows, home, &[]);
    terminal.until(READY);
    terminal.until("127.0.0.1:");
    terminal
}

/// Starts a sign-in and answers with the URL of the hosted pages, as it was copied.
#[track_caller]
fn start_sign_in(terminal: &mut Terminal) -> String {
    terminal.keys("a");
    terminal.until("Sign in");
    terminal.until("response_type=code");
    terminal.keys("c");
    terminal.until_true("a copied URL", |terminal| terminal.clipboard().is_some());
    terminal.clipboard().unwrap()
}

/// Sends `query` to the redirect URI of `url`, as a browser would, and answers with the status line.
fn redirect(url: &str, query: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    let (_, uri) = url
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri")
        .unwrap();
    let uri = url::Url::parse(&uri).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", uri.port().unwrap())).unwrap();
    let host = uri.host_str().unwrap();
    write!(
        stream,
        "GET {}?{query} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n",
        uri.path()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_newcomer_reaches_the_accounts_in_two_keys_and_leaves_a_clean_terminal() {
    let home = home();
    let mut terminal = session(120, 36, home.path());
    for title in [
        "Credentials",
        "Authorization",
        "Test users",
        "Accounts",
        "Inspector",
    ] {
        terminal.until(title);
    }
    terminal.keys("a");
    terminal.until("response_type=code");
    terminal.keys("\r");
    terminal.until("200 OK");
    terminal.until("signed in until");
    terminal.until("\"accounts\"");
    terminal.keys("5");
    terminal.keys("]");
    terminal.until("Bearer ••••••••");
    terminal.keys("?");
    terminal.until("Help");
    terminal.keys("\x1b");
    terminal.gone("Help");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

#[tokio::test]
async fn a_pasted_redirect_url_signs_in() {
    let home = home();
    let mut terminal = session(120, 36, home.path());
    let url = start_sign_in(&mut terminal);
    let End::Redirect(redirect) = Browser::default().walk(&url, &[], "Authorize").await else {
        panic!("the pages do not redirect");
    };
    terminal.paste(redirect.as_str());
    terminal.keys("\r");
    terminal.until("signed in until");
}

#[test]
fn pasted_nonsense_is_refused_and_the_prompt_stays() {
    let home = home();
    let mut terminal = session(120, 36, home.path());
    start_sign_in(&mut terminal);
    terminal.paste("this is no code");
    terminal.keys("\r");
    terminal.until("neither a redirect URL nor a code");
    terminal.until("response_type=code");
}

#[test]
fn a_forged_state_is_refused_and_ours_still_awaited() {
    let home = home();
    let mut terminal = session(120, 36, home.path());
    let url = start_sign_in(&mut terminal);
    assert!(redirect(&url, "code=evil&state=forged").contains("400"));
    terminal.until("foreign state");
    terminal.keys("\r");
    terminal.until("signed in until");
}

#[test]
fn an_error_redirect_is_explained() {
    let home = home();
    let mut terminal = session(120, 36, home.path());
    let url = start_sign_in(&mut terminal);
    let parsed = url::Url::parse(&url).unwrap();
    let (_, state) = parsed
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap();
    redirect(&url, &format!("error=access_denied&state={state}"));
    terminal.until("refused by the person");
    terminal.keys("2");
    terminal.until("access_denied");
}

fn write_config(home: &Path, text: &str) {
    let file = config_file(home);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn config_file(home: &Path) -> std::path::PathBuf {
    astrascope::config::Paths::from(Some(home.into()))
        .unwrap()
        .config
        .join("config.toml")
}

/// A profile whose API is at `url` and whose redirects come to `port`.
fn custom_profile(home: &Path, url: &str, port: u16) {
    let text = format!(
        "default_profile = \"mine\"\n\n[profiles.mine]\nenvironment = \"custom\"\nclient_id = \"app\"\n\
         redirect_uri = \"http://127.0.0.1:{port}/callback\"\napi_url = \"{url}\"\n"
    );
    write_config(home, &text);
}

#[test]
fn a_refused_connection_is_told_with_cause_and_next_step_and_the_session_goes_on() {
    let home = home();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    custom_profile(home.path(), &format!("http://{closed}"), 0);
    let mut terminal = Terminal::start_with(
        120,
        36,
        home.path(),
        &[],
        &[("ASTRASCOPE_CLIENT_SECRET", "s3cret-mark")],
    );
    terminal.until(READY);
    terminal.keys("a");
    terminal.until("response_type=code");
    terminal.paste("c0de");
    terminal.keys("\r");
    terminal.until("refused");
    terminal.keys("q?"); // of somebody new nothing is left but this problem
    terminal.until("Help");
    let seen = String::from_utf8_lossy(&terminal.raw).into_owned();
    assert!(
        !seen.contains("s3cret-mark"),
        "the client secret reached the screen"
    );
}

#[test]
fn a_client_secret_can_be_typed_and_is_never_shown() {
    let home = home();
    custom_profile(home.path(), "http://127.0.0.1:9", 0);
    let mut terminal = Terminal::start(120, 36, home.path(), &[]);
    terminal.until(READY);
    terminal.keys("a");
    terminal.until("client secret");
    terminal.keys("hunter2");
    terminal.keys("\r");
    terminal.until("response_type=code");
    assert!(!String::from_utf8_lossy(&terminal.raw).contains("hunter2"));
}

#[test]
fn a_port_that_is_taken_leaves_pasting() {
    let home = home();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    custom_profile(home.path(), "http://127.0.0.1:9", port);
    let mut terminal = Terminal::start_with(
        120,
        36,
        home.path(),
        &[],
        &[("ASTRASCOPE_CLIENT_SECRET", "s")],
    );
    terminal.until(READY);
    terminal.keys("a");
    terminal.until(&format!("port {port} is taken"));
}

#[test]
fn a_resize_to_60x15_and_back_keeps_everything() {
    let home = home();
    let mut terminal = session(120, 36, home.path());
    terminal.resize(60, 15);
    terminal.until_true("one column", |terminal| {
        let text = terminal.text();
        text.contains("Inspector")
            && text.lines().count() <= 15
            && text.lines().all(|line| line.chars().count() <= 60)
    });
    terminal.resize(1, 1);
    terminal.resize(120, 36);
    terminal.until("Getting started");
    terminal.until(READY);
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_terminal_of_one_cell_is_survived() {
    let home = home();
    let mut terminal = Terminal::start(1, 1, home.path(), &[]);
    terminal.until_true("a first frame", |terminal| !terminal.raw.is_empty());
    terminal.keys("a?j\r");
    terminal.keys("\x03");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

#[cfg(unix)]
fn send_signal(terminal: &Terminal, name: &str) {
    let id = terminal.process_id().to_string();
    assert!(
        Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap()
            .success()
    );
}

#[cfg(unix)]
#[test]
fn signals_end_the_session_and_give_the_terminal_back() {
    for (name, code) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let home = home();
        let mut terminal = session(80, 24, home.path());
        send_signal(&terminal, name);
        assert_eq!(terminal.exit_code(), code, "{name}");
        terminal.assert_given_back();
    }
}

#[cfg(unix)]
#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_until_continued() {
    let home = home();
    let line = "set -m; $ASTRASCOPE; echo back in the shell; read go; fg";
    let mut terminal = Terminal::shell(80, 24, home.path(), line);
    terminal.until(READY);
    terminal.keys("\x1a");
    terminal.until("back in the shell");
    terminal.assert_given_back();
    terminal.keys("go\n");
    terminal.until(READY);
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[cfg(unix)]
#[test]
fn ctrl_z_stops_no_program_that_nobody_could_continue() {
    let home = home();
    let mut terminal = session(80, 24, home.path());
    terminal.keys("\x1a");
    terminal.until("No shell could continue this program");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

/// Runs the program without a terminal and answers with exit code, standard output and standard error.
fn run(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_astrascope"))
        .args(arguments)
        .env("ASTRASCOPE_HOME", home)
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

#[test]
fn without_a_terminal_there_is_a_clear_message_and_nothing_is_drawn() {
    let home = home();
    let (code, out, err) = run(home.path(), &[]);
    assert_eq!(code, 2);
    assert_eq!(out, "");
    assert!(
        err.contains("needs a terminal") && !err.contains('\x1b'),
        "{err}"
    );
}

#[test]
fn a_wrong_configuration_is_told_before_anything_is_drawn() {
    let bad: &[(&str, &[&str])] = &[
        ("this is no toml", &["config.toml:1"]),
        (
            "[profiles.a]\nenvironment = \"sandbox\"\nclient_idd = \"x\"\n",
            &["config.toml:3", "client_idd"],
        ),
        (
            "[profiles.a]\nenvironment = \"sandbox\"\n",
            &["config.toml:1", "redirect_uri"],
        ),
        (
            "default_profile = \"a\"\n[profiles.a]\nenvironment = \"sandbox\"\nredirect_uri = \"http://127.0.0.1:1/\"\n",
            &["config.toml", "client_id", "ASTRASCOPE_CLIENT_ID"],
        ),
        (
            "default_profile = \"a\"\n[profiles.a]\nenvironment = \"custom\"\nclient_id = \"x\"\nredirect_uri = \"http://127.0.0.1:1/\"\napi_url = \"not a url\"\n",
            &["config.toml:6", "api_url"],
        ),
        (
            "default_profile = \"a\"\n[profiles.a]\nenvironment = \"custom\"\nclient_id = \"x\"\nredirect_uri = \"http://127.0.0.1:1/\"\napi_url = \"http://example.com\"\n",
            &["config.toml:6", "api_url", "http"],
        ),
    ];
    for (text, expected) in bad {
        let home = home();
        write_config(home.path(), text);
        let mut terminal = Terminal::start(100, 30, home.path(), &[]);
        assert_eq!(terminal.exit_code(), 2, "{text}");
        let screen = terminal.text();
        for word in *expected {
            assert!(screen.contains(word), "{text}\n{screen}");
        }
        assert!(
            !String::from_utf8_lossy(&terminal.raw).contains("\x1b[?1049h"),
            "drawn before it was read"
        );
    }
}

#[test]
fn an_unknown_profile_names_those_there_are() {
    let home = home();
    custom_profile(home.path(), "http://127.0.0.1:9", 0);
    let mut terminal = Terminal::start(100, 30, home.path(), &["--profile", "other"]);
    assert_eq!(terminal.exit_code(), 2);
    assert!(terminal.text().contains("mine"), "{}", terminal.text());
}
