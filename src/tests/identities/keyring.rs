//! The keyring of a Linux desktop: kept in where there is one, done without where there is none or it never answers.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::harness::LIMIT;
use crate::harness::program::{Ran, command, finish, run_in, run_with};
use crate::harness::tools::{has, skip};
use crate::{home, start};

/// Runs the program on a session bus of its own, with a keyring that `unlock` opens or does not.
fn on_a_bus(folder: &TempDir, unlock: &str, arguments: &str) -> Ran {
    let program = env!("CARGO_BIN_EXE_astrascope");
    let line = format!("{unlock}; \"{program}\" {arguments}");
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", &line]);
    command.env("ASTRASCOPE_HOME", folder.path().join("home"));
    command.env("XDG_DATA_HOME", folder.path().join("keys"));
    command.env("XDG_RUNTIME_DIR", folder.path());
    command.env_remove("ASTRASCOPE_CLIENT_SECRET");
    finish(command.stdin(Stdio::null()))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyring_of_the_desktop_keeps_the_secret_where_there_is_one() {
    if !has("dbus-run-session") || !has("gnome-keyring-daemon") {
        return skip("dbus-run-session and gnome-keyring are not installed");
    }
    let sandbox = start().await;
    let folder = home(&sandbox);
    let config = folder.path().join("home/config/config.toml");
    let text = fs::read_to_string(&config)
        .unwrap()
        .replace("\"file\"", "\"auto\"");
    fs::write(&config, text).unwrap();
    fs::create_dir_all(folder.path().join("keys/keyrings")).unwrap();
    let unlock = "printf x | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
    let kept = on_a_bus(
        &folder,
        &format!(
            "{unlock}; printf hunter2-hunter2 >{0}/in; exec <{0}/in",
            folder.path().display()
        ),
        "login --secret-stdin",
    );
    assert_eq!(kept.code, 0, "{}", kept.err);
    assert!(
        kept.out.contains("is kept in the keyring"),
        "{}{}",
        kept.out,
        kept.err
    );
    fs::remove_file(folder.path().join("in")).unwrap();
    assert!(!folder.path().join("home/data/credentials.json").exists());
    let status = on_a_bus(&folder, unlock, "status --json");
    let status: serde_json::Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!(
        (&status["store"], &status["client_secret"]),
        (&"keyring".into(), &"keyring".into())
    );
    // Without a bus there is no keyring: a file takes its place, and nothing hangs.
    let without = run_in(&folder, &["status"]).out;
    assert!(
        without.contains("in a file of yours: there is no keyring here"),
        "{without}"
    );
    // What the file is given then is the newer, and goes over to the keyring.
    let newer = run_with(&folder, &["login", "--secret-stdin"], "newer-newer");
    assert!(
        newer.out.contains("kept in a file of yours"),
        "{}",
        newer.out
    );
    let file = folder.path().join("home/data/credentials.json");
    assert!(file.exists());
    let status = on_a_bus(&folder, unlock, "status --json");
    assert!(
        status.out.contains("\"client_secret\": \"keyring\""),
        "{}",
        status.out
    );
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_never_answers_is_left_out_after_a_moment() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    let config = folder.path().join("home/config/config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("\"file\"", "\"auto\"")).unwrap();
    let path = folder.path().join("bus");
    let _silent = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let started = std::time::Instant::now();
    let asked = |arguments: &[&str]| command(folder.path(), arguments);
    let mut command = asked(&["status"]);
    let address = format!("unix:path={}", path.display());
    let status = finish(command.env("DBUS_SESSION_BUS_ADDRESS", &address));
    assert!(started.elapsed() < LIMIT);
    assert!(
        status.out.contains("the keyring does not answer"),
        "{}",
        status.out
    );
    assert!(status.out.contains("in a file of yours"), "{}", status.out);
    // It may keep something, so nothing is said to be gone.
    let mut command = asked(&["logout", "--all"]);
    let left = finish(command.env("DBUS_SESSION_BUS_ADDRESS", address));
    assert_eq!(left.code, 2, "{}", left.out);
    assert!(
        left.err.contains("the keyring does not answer"),
        "{}",
        left.err
    );
}
