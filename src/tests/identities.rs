//! Keys, tokens and test users from one run of the program to the next: kept where they belong, renewed, forgotten, and leaked
//! nowhere. The real program against a sandbox that has no idea of it.

#[cfg(unix)]
#[path = "identities/deletion.rs"]
mod deletion;
#[cfg(target_os = "linux")]
#[path = "identities/keyring.rs"]
mod keyring;
#[path = "identities/renewal.rs"]
mod renewal;

mod harness;

use std::fs;
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use astrascope::sandbox::{self, Sandbox};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use harness::browser::{Browser, End};
use harness::program::{command, run_in, run_with};
use harness::terminal::{READY, Terminal};
use tempfile::TempDir;

/// A home with a profile for `sandbox`, whose secrets go to a file.
fn home(sandbox: &Sandbox) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("home/config");
    fs::create_dir_all(&config).unwrap();
    let (url, id) = (sandbox.url(), sandbox.client_id());
    let text = format!(
        "default_profile = \"mine\"\ncredential_store = \"file\"\n\n[profiles.mine]\nenvironment = \"custom\"\nclient_id = \"{id}\"\n\
         redirect_uri = \"http://127.0.0.1:0/callback\"\napi_url = \"{url}\"\n"
    );
    fs::write(config.join("config.toml"), text).unwrap();
    folder
}

async fn start() -> Sandbox {
    Sandbox::start(sandbox::Options::default()).await.unwrap()
}

/// Keeps the client secret, and signs somebody new in as a person with a browser would; answers with what the command said.
async fn log_in(folder: &TempDir, sandbox: &Sandbox) -> String {
    log_in_with(folder, sandbox, &[]).await
}

/// The same with these fields of the pages filled in.
async fn log_in_with(folder: &TempDir, sandbox: &Sandbox, fill: &[(&str, &str)]) -> String {
    let secret = sandbox.client_secret().reveal().to_owned();
    let kept = run_with(folder, &["login", "--secret-stdin"], &secret);
    assert_eq!((kept.code, kept.err.as_str()), (0, ""), "{}", kept.out);
    assert!(kept.out.contains("kept in a file of yours"), "{}", kept.out);
    let mut command = command(folder.path(), &["login"]);
    // Standard input stays open: nothing is pasted.
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let url = lines
        .find_map(|line| line.ok().filter(|line| line.starts_with("http")))
        .expect("the URL of the page");
    let mut browser = Browser::default();
    let End::Redirect(redirect) = browser.walk(&url, fill, "").await else {
        panic!("the pages end without a redirect");
    };
    let page = browser.fetch(redirect, None).await.ok().unwrap();
    assert_eq!(page.status, 200);
    let mut said = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    said
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

/// Client secret and tokens, as the file of secrets holds them.
fn secrets(folder: &TempDir, sandbox: &Sandbox) -> Vec<String> {
    let file = folder.path().join("home/data/credentials.json");
    let all: serde_json::Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let bundle: serde_json::Value = serde_json::from_str(all["mine"].as_str().unwrap()).unwrap();
    let users = &bundle["bound"][0]["keys"]["users"];
    let users = users.as_object().unwrap().values();
    let tokens = users.flat_map(|user| ["access_token", "refresh_token"].map(|name| &user[name]));
    let tokens = tokens.map(|token| token.as_str().unwrap().to_owned());
    let secret = sandbox.client_secret().reveal().to_owned();
    let found: Vec<_> = tokens.chain([secret]).collect();
    assert!(
        found.iter().all(|secret| secret.len() > 8),
        "{}",
        found.len()
    );
    found
}

/// Fails if any of `secrets` is in `bytes`: plain, in base64 (wherever it begins), or percent-encoded.
#[track_caller]
fn assert_clean(place: &str, bytes: &[u8], secrets: &[String]) {
    let text = String::from_utf8_lossy(bytes);
    for secret in secrets {
        let escaped: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let mut forms = vec![secret.clone(), escaped];
        for skipped in 0..3 {
            // The letters at the ends depend on what stands beside.
            let encoded = STANDARD.encode(&secret.as_bytes()[skipped..]);
            forms.push(encoded[..encoded.len() - 4].to_owned());
        }
        for form in forms {
            assert!(!text.contains(&form), "a secret is in {place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_signed_in_stays_so_until_everything_is_forgotten() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    let said = log_in(&folder, &sandbox).await;
    assert!(said.contains("is signed in until"), "{said}");
    let status: serde_json::Value =
        serde_json::from_str(&run_in(&folder, &["status", "--json"]).out).unwrap();
    assert_eq!(status["store"], "file");
    assert_eq!(status["client_secret"], "file");
    assert_eq!(status["users"][0]["is_signed_in"], true);
    let users = run_in(&folder, &["users"]);
    assert!(users.out.contains("signed in until"), "{}", users.out);
    let sent = run_in(&folder, &["send", "accounts.list"]);
    assert_eq!(sent.code, 0, "{}", sent.err);
    assert!(sent.out.contains("\"accounts\""), "{}", sent.out);
    let marks = secrets(&folder, &sandbox);
    // A kill inside of a write has left its file behind.
    let left = folder.path().join("home/data/.tmpabcdef.tmp");
    fs::write(&left, &marks[0]).unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(90);
    let file = fs::File::options().write(true).open(&left).unwrap();
    file.set_modified(long_ago).unwrap();
    let out = run_in(&folder, &["logout", "--all"]);
    assert_eq!((out.code, out.err.as_str()), (0, ""), "{}", out.out);
    assert!(out.out.contains("no client secret and no token is left"));
    for file in files(folder.path()) {
        assert_clean(
            &file.display().to_string(),
            &fs::read(&file).unwrap(),
            &marks,
        );
    }
    let refused = run_in(&folder, &["send", "accounts.list"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("astrascope login"), "{}", refused.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_for_one_host_and_application_goes_to_no_other_and_is_there_again() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    log_in(&folder, &sandbox).await;
    let config = folder.path().join("home/config/config.toml");
    let before = fs::read_to_string(&config).unwrap();
    let host = sandbox.url().trim_start_matches("http://");
    let elsewhere = start().await;
    for (changed, words) in [
        (before.replace(sandbox.url(), elsewhere.url()), host),
        (before.replace(sandbox.client_id(), "another"), "client id"),
    ] {
        fs::write(&config, changed).unwrap();
        let status = run_in(&folder, &["status", "--json"]).out;
        let status: serde_json::Value = serde_json::from_str(&status).unwrap();
        assert_eq!(status["client_secret"], "missing");
        assert_eq!(status["users"][0]["is_signed_in"], false);
        let problem = status["store_problem"].as_str().unwrap();
        assert!(problem.contains(words), "{problem}");
        let sent = run_in(&folder, &["send", "accounts.list"]);
        assert_eq!(sent.code, 2);
        assert!(sent.err.contains("what is kept is for"), "{}", sent.err);
    }
    fs::write(&config, before).unwrap();
    let sent = run_in(&folder, &["send", "accounts.list"]);
    assert_eq!((sent.code, sent.err.as_str()), (0, ""), "{}", sent.out);
}

/// The file with the test users, as it is.
fn users(folder: &TempDir) -> serde_json::Value {
    let file = folder.path().join("home/data/users/mine.json");
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// Changes the only test user in the file, as another instance of the program may.
fn note(folder: &TempDir, name: &str, value: &serde_json::Value) {
    let mut all = users(folder);
    all["users"][0][name] = value.clone();
    let file = folder.path().join("home/data/users/mine.json");
    fs::write(file, serde_json::to_vec(&all).unwrap()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_anew_on_the_command_line_keeps_what_was_noted_about_them() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    let phone = [("phone", "6505550101")];
    log_in_with(&folder, &sandbox, &phone).await;
    note(&folder, "customer_id", &"customer-17".into());
    note(&folder, "sign_in", &"scope=cards".into());
    log_in_with(&folder, &sandbox, &phone).await;
    let users = users(&folder);
    assert_eq!(users["users"].as_array().unwrap().len(), 1, "{users}");
    assert_eq!(users["users"][0]["customer_id"], "customer-17");
    assert_eq!(users["users"][0]["sign_in"], "scope=cards");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_notes_when_a_user_was_used_and_undoes_nothing_of_another_instance() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    log_in(&folder, &sandbox).await;
    note(&folder, "last_used", &serde_json::Value::Null);
    let mut terminal = Terminal::start(120, 36, &folder.path().join("home"), &[]);
    terminal.until(READY);
    terminal.until("signed in until");
    assert!(users(&folder)["users"][0]["last_used"].is_null());
    note(&folder, "note", &"of another".into());
    terminal.keys("4}r"); // the cards: no call that tells who it is
    terminal.until("GET /v1/cards");
    terminal.until("200 OK");
    terminal.until_true("the use is noted", |_| {
        users(&folder)["users"][0]["last_used"].is_i64()
    });
    assert_eq!(users(&folder)["users"][0]["note"], "of another");
    note(&folder, "status", &"suspended".into());
    terminal.keys("3r"); // who it is
    terminal.until_true("what Astra says is kept", |_| {
        users(&folder)["users"][0]["status"] != "suspended"
    });
    assert_eq!(users(&folder)["users"][0]["note"], "of another");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_leaks_no_secret_into_screen_log_history_or_arguments() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    log_in(&folder, &sandbox).await;
    let marks = secrets(&folder, &sandbox);
    let log = [("ASTRASCOPE_LOG", "trace")];
    let mut terminal = Terminal::start_with(120, 36, &folder.path().join("home"), &[], &log);
    terminal.until(READY);
    terminal.until("signed in until");
    terminal.keys("r");
    terminal.until("200 OK");
    for keys in ["]", "]", "]", "5", "1", "2", "R", "3"] {
        terminal.keys(keys);
    }
    terminal.keys("E");
    terminal.until("About ");
    terminal.keys("\x13");
    terminal.gone("About ");
    terminal.keys("p");
    terminal.until("in use");
    terminal.keys("\x05");
    terminal.until("sign-in extras");
    terminal.keys("\x14");
    terminal.until("These keys work");
    terminal.keys("\r");
    terminal.gone("These keys work");
    terminal.keys("\x1b");
    terminal.gone("sign-in extras");
    let arguments = format!("/proc/{}/cmdline", terminal.process_id());
    let arguments = fs::read(arguments).unwrap_or_default(); // Linux tells
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    let marks = [marks, secrets(&folder, &sandbox)].concat(); // R has renewed them
    assert_clean("the screen", &terminal.raw, &marks);
    assert_clean("the arguments", &arguments, &marks);
    for file in files(folder.path()) {
        let name = file.display().to_string();
        if !name.ends_with("credentials.json") {
            assert_clean(&name, &fs::read(&file).unwrap(), &marks);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_leads_from_an_empty_home_to_the_first_call() {
    let sandbox = start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(100, 30, folder.path(), &[]);
    terminal.until(READY);
    terminal.keys("0");
    terminal.until("Open the dashboard");
    terminal.keys("\r");
    terminal.until("Type them into a profile");
    terminal.keys("\r");
    terminal.until("New profile");
    // What is typed survives a look at the session in between.
    terminal.keys("mine\tc\t");
    terminal.keys(sandbox.client_id());
    terminal.until(sandbox.client_id());
    terminal.keys("\x1b");
    terminal.gone("New profile");
    terminal.keys("\x1b");
    terminal.gone("Keys of your own ──");
    terminal.keys("0");
    terminal.until("Type them into a profile");
    terminal.keys("\r");
    terminal.until(sandbox.client_id());
    let secret = sandbox.client_secret().reveal().to_owned();
    terminal.keys("\t");
    terminal.paste(&secret);
    terminal.keys("\t\x15http://127.0.0.1:0/callback\t\t");
    terminal.paste(sandbox.url());
    terminal.keys("\x13");
    terminal.until("Choose a test user");
    terminal.keys("\x1b[C");
    terminal.until("Sign in somebody new");
    terminal.keys("\r");
    terminal.until("response_type=code");
    terminal.keys("c");
    terminal.until_true("a copied URL", |terminal| terminal.clipboard().is_some());
    let url = terminal.clipboard().unwrap();
    let mut browser = Browser::default();
    let End::Redirect(redirect) = browser.walk(&url, &[], "").await else {
        panic!("the pages end without a redirect");
    };
    browser.fetch(redirect, None).await.ok().unwrap();
    terminal.until("all five steps are done");
    terminal.keys("\r");
    terminal.gone("all five steps are done");
    terminal.until("200 OK");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    assert_clean("the screen", &terminal.raw, &[secret]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tells_what_to_mend() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    log_in(&folder, &sandbox).await;
    let well = run_in(&folder, &["doctor"]);
    assert_eq!(well.code, 0, "{}", well.out);
    assert!(well.out.ends_with("\nall well\n"), "{}", well.out);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = folder.path().join("home/data/credentials.json");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let told = run_in(&folder, &["doctor"]).out;
        assert!(
            told.contains(&format!("chmod 600 {}", file.display())),
            "{told}"
        );
    }
    let url = sandbox.url().to_owned();
    drop(sandbox);
    let gone = run_in(&folder, &["doctor"]);
    assert_eq!(gone.code, 1, "{}", gone.out);
    assert!(
        gone.out.contains(url.trim_start_matches("http://")),
        "{}",
        gone.out
    );
    fs::write(folder.path().join("home/config/config.toml"), "nonsense").unwrap();
    let wrong = run_in(&folder, &["doctor"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.out.contains("config.toml:1:"), "{}", wrong.out);
}
