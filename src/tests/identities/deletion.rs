//! A profile that is deleted leaves no secret behind; where one cannot be forgotten, the profile stays, to be deleted again.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::program::run_with;
use crate::harness::terminal::{READY, Terminal};
use crate::{home, start};

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_whose_secrets_cannot_be_forgotten_is_not_deleted() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    let kept = run_with(&folder, &["login", "--secret-stdin"], "hunter2-hunter2");
    assert_eq!(kept.code, 0, "{}", kept.err);
    let file = folder.path().join("home/data/credentials.json");
    let mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    let config = || fs::read_to_string(folder.path().join("home/config/config.toml")).unwrap();
    let mut terminal = Terminal::start(100, 30, &folder.path().join("home"), &[]);
    terminal.until(READY);
    terminal.until("in a file of");
    mode(0o644);
    delete(&mut terminal);
    terminal.until("╭ Problem");
    assert!(config().contains("[profiles.mine]"));
    assert!(file.exists());
    mode(0o600);
    terminal.keys("\x1b");
    terminal.gone("╭ Problem");
    delete(&mut terminal);
    terminal.until("this is built-in now");
    assert!(!config().contains("[profiles.mine]"));
    assert!(!file.exists());
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_cannot_be_taken_out_of_its_file_keeps_its_secrets() {
    let sandbox = start().await;
    let folder = home(&sandbox);
    let kept = run_with(&folder, &["login", "--secret-stdin"], "hunter2-hunter2");
    assert_eq!(kept.code, 0, "{}", kept.err);
    let file = folder.path().join("home/data/credentials.json");
    let config = folder.path().join("home/config/config.toml");
    let mode = |mode| fs::set_permissions(&config, fs::Permissions::from_mode(mode)).unwrap();
    let mut terminal = Terminal::start(100, 30, &folder.path().join("home"), &[]);
    terminal.until(READY);
    terminal.until("in a file of");
    let refused = |terminal: &mut Terminal| {
        delete(terminal);
        terminal.until("╭ Problem");
        assert!(file.exists());
        terminal.keys("\x1b");
        terminal.gone("╭ Problem");
        terminal.keys("\x1b");
        terminal.gone("in use");
    };
    mode(0o444);
    refused(&mut terminal);
    mode(0o644);
    let right = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{right}\nnonsense")).unwrap();
    refused(&mut terminal);
    fs::write(&config, right).unwrap();
    delete(&mut terminal);
    terminal.until("this is built-in now");
    assert!(!file.exists());
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

/// Deletes the profile that is in use.
fn delete(terminal: &mut Terminal) {
    terminal.keys("p");
    terminal.until("in use");
    terminal.keys("\x18");
    terminal.until("Delete a profile");
    terminal.keys("y");
}
