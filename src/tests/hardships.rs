//! Identities where things are against them: servers not written here, certificates of one's own, a proxy, disks that are full
//! or read-only, a keyring that stays locked. The real program; what cannot be had on this machine is skipped loudly.

#[path = "hardships/archive.rs"]
mod archive;
#[path = "hardships/chromium.rs"]
mod chromium;
mod harness;
#[path = "hardships/tls.rs"]
mod tls;

use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use astrascope::sandbox::{self, Sandbox};
use harness::program::{Ran, command, finish, run_in, run_with};
use harness::tools::install;
use tempfile::TempDir;

/// A home whose only profile calls `url`; secrets go to a file.
fn home(url: &str, client_id: &str, more: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("home/config");
    fs::create_dir_all(&config).unwrap();
    let text = format!(
        "default_profile = \"mine\"\ncredential_store = \"file\"\n\n[profiles.mine]\nenvironment = \"custom\"\nclient_id = \"{client_id}\"\n\
         redirect_uri = \"http://127.0.0.1:0/callback\"\napi_url = \"{url}\"\n{more}"
    );
    fs::write(config.join("config.toml"), text).unwrap();
    folder
}

async fn sandbox() -> Sandbox {
    Sandbox::start(sandbox::Options::default()).await.unwrap()
}

#[cfg(unix)]
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.starts_with(b"0\n"))
}

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The test server for OAuth of the npm registry: it sends whoever comes back with a code at once.
const FOREIGN: &str = "oauth2-mock-server@9.3.0";

fn foreign_server(folder: &Path) -> Option<(Running, String)> {
    if !install(folder, &[FOREIGN]) {
        return None;
    }
    let mut child = Command::new("node_modules/.bin/oauth2-mock-server")
        .args(["-a", "127.0.0.1", "-p", "0"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.find_map(|line| Some(line.ok()?.split_once("listening on ")?.1.to_owned()));
    Some((Running(child), url.unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oauth_server_not_written_here_signs_in_and_renews() {
    let tools = tempfile::tempdir().unwrap();
    let Some((_server, url)) = foreign_server(tools.path()) else {
        return;
    };
    let paths = "authorize_path = \"/authorize\"\ntoken_path = \"/token\"\n";
    let folder = home(&url, "app", paths);
    let kept = run_with(&folder, &["login", "--secret-stdin"], "hunter2-hunter2");
    assert_eq!(kept.code, 0, "{}", kept.err);
    let mut login = command(folder.path(), &["login"]);
    login
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = login.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let page = lines.find_map(|line| line.ok().filter(|line| line.starts_with("http")));
    // The redirect is followed as a browser does: to the listener of the program.
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let seen = client.get(page.unwrap()).send().await.unwrap();
    assert_eq!(seen.status(), 200);
    let mut said = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    child.wait().unwrap();
    let file = folder.path().join("home/data/credentials.json");
    let before = fs::read_to_string(&file).unwrap();
    assert!(before.contains("refresh_token"), "{said}");
    // By the clock of the program the token has run out: the next call renews it, and is answered by the server itself.
    let at = before.find("expires_at").unwrap() + "expires_at\\\":".len();
    let digits = before[at..]
        .chars()
        .take_while(char::is_ascii_digit)
        .count();
    fs::write(
        &file,
        format!("{}1{}", &before[..at], &before[at + digits..]),
    )
    .unwrap();
    let sent = run_in(&folder, &["send", "accounts.list", "-i"]);
    assert!(
        sent.err.contains("404"),
        "the mock has no accounts: {}{}",
        sent.out,
        sent.err
    );
    let after = fs::read_to_string(&file).unwrap();
    assert_ne!(before, after);
    assert!(!after.contains("expires_at\\\":1,"), "renewed");
}

/// Calls something that needs the client secret only.
fn call(folder: &TempDir, variables: &[(&str, &str)]) -> Ran {
    let mut command = command(folder.path(), &["send", "bins.get", "-p", "bin=440393"]);
    command.env("ASTRASCOPE_CLIENT_SECRET", "hunter2-hunter2");
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.envs(variables.iter().copied());
    finish(&mut command)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_ones_own_is_trusted_where_the_profile_names_it_and_only_there() {
    let folder = tempfile::tempdir().unwrap();
    let url = tls::serve(folder.path()).await;
    let refused = call(&home(&url, "app", ""), &[]);
    assert_ne!(refused.code, 0, "{}", refused.out);
    assert!(refused.err.contains("certificate"), "{}", refused.err);
    let file = folder.path().join("ca.pem");
    let line = format!("ca_file = \"{}\"\n", file.display());
    let trusted = call(&home(&url, "app", &line), &[]);
    assert_eq!(trusted.out.trim(), "{\"bin\":\"ok\"}", "{}", trusted.err);
    fs::write(&file, "no certificate").unwrap();
    let broken = call(&home(&url, "app", &line), &[]);
    assert_ne!(broken.code, 0);
    assert!(broken.err.contains("ca.pem"), "{}", broken.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_of_the_environment_is_asked_and_never_for_this_machine() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut line = String::new();
        BufReader::new(stream.try_clone().unwrap())
            .read_line(&mut line)
            .unwrap();
        stream
            .write_all(b"HTTP/1.1 502 no\r\ncontent-length: 0\r\n\r\n")
            .unwrap();
        line
    });
    let folder = home("https://api.example.test", "app", "");
    let through = call(&folder, &[("https_proxy", &proxy)]);
    assert_ne!(through.code, 0);
    assert_eq!(
        asked.join().unwrap().trim(),
        "CONNECT api.example.test:443 HTTP/1.1"
    );
    assert!(!through.err.contains("hunter2"), "{}", through.err);
    let sandbox = sandbox().await;
    let folder = home(sandbox.url(), sandbox.client_id(), "");
    let direct = call(
        &folder,
        &[
            ("http_proxy", "http://127.0.0.1:9"),
            ("all_proxy", "http://127.0.0.1:9"),
        ],
    );
    let said = format!("{}{}", direct.out, direct.err);
    assert!(
        said.contains("invalid_client") || said.contains("401"),
        "the sandbox itself answered: {said}"
    );
}

#[cfg(unix)]
#[test]
fn a_home_that_cannot_be_written_and_a_link_are_told_with_what_to_do() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = home("http://127.0.0.1:9", "app", "");
    let data = folder.path().join("home/data");
    fs::create_dir_all(&data).unwrap();
    symlink("/etc/hostname", data.join("credentials.json")).unwrap();
    let linked = run_with(&folder, &["login", "--secret-stdin"], "hunter2-hunter2");
    let said = format!("{}{}", linked.out, linked.err);
    assert!(
        said.contains("symbolic link") && said.contains("rm "),
        "{said}"
    );
    fs::remove_file(data.join("credentials.json")).unwrap();
    if is_root() {
        return harness::tools::skip("root may write everywhere: a read-only home cannot be had");
    }
    fs::set_permissions(&data, fs::Permissions::from_mode(0o500)).unwrap();
    let read_only = run_with(&folder, &["login", "--secret-stdin"], "hunter2-hunter2");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    let said = format!("{}{}", read_only.out, read_only.err);
    assert!(
        said.contains("not allowed") || said.contains("permission"),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
}

/// A disk of a few pages, or none where nobody may mount one.
#[cfg(target_os = "linux")]
struct Disk(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl Disk {
    fn mount(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(at)
            .output();
        mounted
            .is_ok_and(|it| it.status.success())
            .then(|| Self(at.to_owned()))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_what_was_kept_before_stays_whole() {
    let folder = home("http://127.0.0.1:9", "app", "");
    let data = folder.path().join("home/data");
    let Some(_disk) = Disk::mount(&data, "size=32k") else {
        return harness::tools::skip("no small disk can be mounted here: that needs root");
    };
    let kept = run_with(&folder, &["login", "--secret-stdin"], "hunter2-hunter2");
    assert_eq!(kept.code, 0, "{}{}", kept.out, kept.err);
    let file = data.join("credentials.json");
    let before = fs::read(&file).unwrap();
    let mut filling = fs::File::create(data.join("full")).unwrap();
    while filling.write_all(&[0; 4096]).is_ok() {}
    let full = run_with(&folder, &["login", "--secret-stdin"], "another-secret");
    let said = format!("{}{}", full.out, full.err);
    assert!(
        said.contains("disk is full") || said.contains("no space"),
        "{said}"
    );
    assert!(!said.contains("another-secret"), "{said}");
    assert_eq!(
        fs::read(&file).unwrap(),
        before,
        "the old secret is still whole"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_disk_is_told_and_the_session_still_works() {
    let folder = home("http://127.0.0.1:9", "app", "");
    let data = folder.path().join("home/data");
    let Some(_disk) = Disk::mount(&data, "ro,size=32k") else {
        return harness::tools::skip("no read-only disk can be mounted here: that needs root");
    };
    let refused = run_with(&folder, &["login", "--secret-stdin"], "hunter2-hunter2");
    let said = format!("{}{}", refused.out, refused.err);
    assert!(said.to_lowercase().contains("read-only"), "{said}");
    let status = run_in(&folder, &["status"]);
    assert_eq!(status.code, 0, "{}{}", status.out, status.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_keyring_that_stays_locked_is_left_out_and_nothing_hangs() {
    if !harness::tools::has("dbus-run-session") || !harness::tools::has("gnome-keyring-daemon") {
        return harness::tools::skip("dbus-run-session and gnome-keyring are not installed");
    }
    let folder = home("http://127.0.0.1:9", "app", "");
    let config = folder.path().join("home/config/config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("\"file\"", "\"auto\"")).unwrap();
    let keys = folder.path().join("keys/keyrings");
    fs::create_dir_all(&keys).unwrap();
    let run = |start: &str, input: &str| {
        fs::write(folder.path().join("in"), input).unwrap();
        let program = env!("CARGO_BIN_EXE_astrascope");
        let line = format!(
            "{start}; \"{program}\" login --secret-stdin <{}/in",
            folder.path().display()
        );
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", &line]);
        command.env("ASTRASCOPE_HOME", folder.path().join("home"));
        command.env("XDG_DATA_HOME", folder.path().join("keys"));
        command.env("XDG_RUNTIME_DIR", folder.path());
        command.env_remove("ASTRASCOPE_CLIENT_SECRET");
        finish(command.stdin(Stdio::null()))
    };
    let daemon = "gnome-keyring-daemon --components=secrets >/dev/null 2>&1";
    let unlocked = run(&format!("printf x | {daemon} --unlock"), "hunter2-hunter2");
    assert!(
        unlocked.out.contains("in the keyring"),
        "{}{}",
        unlocked.out,
        unlocked.err
    );
    // The same keyring without its password: it would ask on a desktop that is not there.
    let started = std::time::Instant::now();
    let locked = run(&format!("{daemon} --start"), "another-secret");
    assert!(started.elapsed() < harness::LIMIT);
    let said = format!("{}{}", locked.out, locked.err);
    assert!(said.contains("in a file of yours"), "{said}");
    assert!(said.contains("keyring"), "{said}");
    assert!(!said.contains("another-secret"), "{said}");
}

#[test]
fn a_redirect_uri_that_the_built_in_sandbox_does_not_know_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("home/config");
    fs::create_dir_all(&config).unwrap();
    let text = "default_profile = \"local\"\n\n[profiles.local]\nenvironment = \"built-in\"\nredirect_uri = \"https://example.com/callback\"\n";
    fs::write(config.join("config.toml"), text).unwrap();
    let refused = run_in(&folder, &["status"]);
    assert_ne!(refused.code, 0, "{}", refused.out);
    assert!(refused.err.contains("config.toml:5:"), "{}", refused.err);
    assert!(refused.err.contains("redirect_uri"), "{}", refused.err);
}

#[test]
fn logging_out_of_everything_reaches_profiles_that_are_gone() {
    let folder = home("http://127.0.0.1:9", "app", "");
    run_with(&folder, &["login", "--secret-stdin"], "hunter2-hunter2");
    let file = folder.path().join("home/data/credentials.json");
    assert!(file.exists());
    fs::write(
        folder.path().join("home/config/config.toml"),
        "credential_store = \"file\"\n",
    )
    .unwrap();
    let out = run_in(&folder, &["logout", "--all"]);
    assert_eq!(out.code, 0, "{}{}", out.out, out.err);
    assert!(
        out.out.contains("mine: nothing is kept any more"),
        "{}",
        out.out
    );
    assert!(!file.exists());
}

#[cfg(unix)]
#[test]
fn what_is_bound_to_no_application_is_not_bound_by_looking_or_by_a_client_id_of_the_environment() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = home("http://127.0.0.1:9", "app", "");
    let file = folder.path().join("home/data/credentials.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let first = r#"{"mine":"{\"kept_at\":1,\"client_secret\":\"s\"}"}"#;
    fs::write(&file, first).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let run = |client_id: &str, line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        let mut command = command(folder.path(), &words);
        finish(command.env("ASTRASCOPE_CLIENT_ID", client_id)).out
    };
    for line in ["status", "users", "doctor", "send accounts.list"] {
        run("other", line);
        assert_eq!(fs::read_to_string(&file).unwrap(), first, "{line}");
    }
    let told = run("", "status");
    assert!(told.contains("client secret  in a file of yours"), "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), first);
    run("", "send accounts.list");
    let told = run("other", "status");
    assert!(told.contains("for client id app"), "{told}");
}
