//! Tokens that have run out, renewed by commands.

use std::fs;
use std::process::Stdio;

use tempfile::TempDir;

use crate::harness::program::{command, run_in};
use crate::{home, log_in, secrets, start};

/// By the clock of the program, the token has run out.
fn age(folder: &TempDir) {
    let file = folder.path().join("home/data/credentials.json");
    let text = fs::read_to_string(&file).unwrap();
    let at = text.find("expires_at").unwrap() + "expires_at\\\":".len();
    let digits = text[at..].chars().take_while(char::is_ascii_digit).count();
    let stale = format!("{}1{}", &text[..at], &text[at + digits..]);
    fs::write(&file, stale).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_two_instances_with_a_stale_token_renew_it_once() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    log_in(&folder, &sandbox).await;
    let before = secrets(&folder, &sandbox);
    age(&folder);
    let call = || {
        let mut command = command(folder.path(), &["send", "accounts.list"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let both = [call(), call()];
    for child in both {
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(ended.status.success(), "{said}");
    }
    let after = secrets(&folder, &sandbox);
    assert_ne!(before[0], after[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_token_that_cannot_be_kept_is_told() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    log_in(&folder, &sandbox).await;
    age(&folder);
    let file = folder.path().join("home/data/credentials.json");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let sent = run_in(&folder, &["send", "user.get"]);
    assert_eq!(sent.code, 0, "{}", sent.err);
    assert!(
        sent.err.contains("the renewed tokens are not kept") && sent.err.contains("hint: "),
        "{}",
        sent.err
    );
}
