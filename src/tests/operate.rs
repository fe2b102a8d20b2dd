//! Whole errands through the real program in a pseudo-terminal: somebody new, their money, what is refused, what takes time.

#[path = "operate/elsewhere.rs"]
mod elsewhere;
mod harness;

use std::fs;
use std::path::Path;

use harness::terminal::{READY, Terminal};
use tempfile::TempDir;

/// A session whose sandbox listens.
#[track_caller]
fn session(home: &Path, variables: &[(&str, &str)]) -> Terminal {
    let mut terminal = Terminal::start_with(120, 36, home, &[], variables);
    terminal.until(READY);
    terminal.until("API host      127.");
    terminal
}

/// Signs the selected test user in.
#[track_caller]
fn sign_in(terminal: &mut Terminal) {
    terminal.keys("a");
    terminal.until("response_type=code");
    terminal.keys("\r");
    terminal.until("signed in until");
    terminal.until("GET /v1/accounts");
    terminal.until("200 OK");
    terminal.keys("4");
}

/// Composes a request that the catalogue does not know, without a credential, and sends it.
#[track_caller]
fn send_own(terminal: &mut Terminal, call: &str, body: &str) {
    terminal.keys("o");
    terminal.until("Operations");
    terminal.paste(call);
    terminal.keys("\r");
    terminal.until("[Form]");
    terminal.keys("\t\t\x1b[C\x1b[C"); // to the credential, and to none
    terminal.until("no credential");
    terminal.keys("\x1bOR"); // F3
    terminal.until("[Body]");
    terminal.paste(body);
    terminal.keys("\x12"); // Ctrl-r
    terminal.gone("[Body]");
}

/// Starts a routine from the selected row; `choose` are the keys that choose where the money goes.
#[track_caller]
fn start_routine(terminal: &mut Terminal, choose: &str) {
    terminal.keys("N");
    terminal.until("POST /v1/routines");
    terminal.keys("\t\t\t\t\x0f"); // to the destination, and Ctrl-o
    terminal.until("Known for destination_id");
    terminal.keys(choose);
    terminal.keys("\r");
    terminal.gone("Known for destination_id");
    terminal.keys("\x12");
    terminal.until("201 Created");
}

fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn somebody_new_is_approved_authorizes_and_their_money_arrives() {
    let home = home();
    let mut terminal = session(home.path(), &[]);
    terminal.keys("n");
    terminal.until("New test user");
    terminal.keys("1");
    terminal.until("is approved: press a to authorize");
    sign_in(&mut terminal);
    terminal.keys("j");
    start_routine(&mut terminal, "\x1b[B\x1b[B");
    terminal.keys("}}");
    terminal.until("▸ Rent");
    terminal.keys("t");
    terminal.until("only of routine");
    terminal.until("pending");
    send_own(
        &mut terminal,
        "POST /_sandbox/clock/advance",
        "{\"seconds\": 604800}",
    );
    terminal.until("POST /_sandbox/clock/advance");
    terminal.until("200 OK");
    terminal.keys("4r");
    terminal.until("processed");
}

#[test]
fn every_list_is_walked_a_transfer_is_cancelled_and_a_card_in_use_is_kept() {
    let home = home();
    let mut terminal = session(home.path(), &[]);
    sign_in(&mut terminal);
    for list in [
        "[Cards]",
        "[Routines]",
        "[Transfers]",
        "[Transactions]",
        "[User]",
        "[Accounts]",
    ] {
        terminal.keys("}");
        terminal.until(list);
        terminal.until("200 OK");
    }
    terminal.keys("}");
    terminal.until("▸ visa");
    start_routine(&mut terminal, "\x1b[F\x1b[A\x1b[A"); // from card to card
    terminal.keys("D");
    terminal.until("400 Bad Request");
    terminal.until("the card has a pending transfer");
    terminal.keys("}}");
    terminal.until("[Transfers]");
    terminal.until("pending");
    terminal.keys("C");
    terminal.until("cancelled");
}

#[test]
fn who_is_asked_for_patience_waits_and_x_stops_that() {
    let home = home();
    let mut terminal = session(home.path(), &[]);
    sign_in(&mut terminal);
    let fault = "{\"match\": {\"path\": \"/v1/accounts\"}, \"status\": 429, \"retry_after\": 60}";
    send_own(&mut terminal, "POST /_sandbox/faults", fault);
    terminal.until("POST /_sandbox/faults");
    terminal.until("200 OK");
    terminal.keys("4r");
    terminal.until("(2 of 3)");
    terminal.keys("x");
    terminal.until("cancelled");
}

#[cfg(unix)]
#[test]
fn a_body_is_edited_in_the_persons_editor_and_the_terminal_comes_back() {
    let home = home();
    let script = home.path().join("edit.sh");
    let look = "ls -l \"$1\" > \"$(dirname \"$0\")/seen\"; sed -i.old 's/Rent/Lunch/' \"$1\"\n";
    fs::write(&script, look).unwrap();
    let editor = format!("sh {}", script.display());
    let mut terminal = session(home.path(), &[("EDITOR", &editor)]);
    sign_in(&mut terminal);
    terminal.keys("N");
    terminal.until("POST /v1/routines");
    terminal.keys("\x05"); // Ctrl-e
    terminal.until("\"name\": \"Lunch\"");
    let seen = fs::read_to_string(home.path().join("seen")).unwrap();
    assert!(seen.starts_with("-rw-------"), "{seen}");
    let file = seen.split_whitespace().last().unwrap();
    assert!(
        !Path::new(file).parent().unwrap().exists(),
        "{file} is left"
    );
    terminal.keys("\x1b");
    terminal.gone("[Body]");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

#[cfg(unix)]
#[test]
fn a_bundle_is_written_for_the_person_alone_and_over_nothing_without_a_word() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = home();
    let file = home.path().join("ticket.md");
    let mut terminal = session(home.path(), &[]);
    sign_in(&mut terminal);
    let mut write = |answer: &str| {
        terminal.keys("5y");
        terminal.until("Support bundle, to a file");
        terminal.keys("S");
        terminal.until("Write the support bundle, secrets masked");
        terminal.keys("\x15"); // Ctrl-u
        terminal.paste(file.to_str().unwrap());
        terminal.keys("\r");
        terminal.until(answer);
    };
    write("wrote ");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(fs::read_to_string(&file).unwrap().contains("/v1/accounts"));
    write("is there already");
}

#[test]
fn a_wrong_catalogue_file_is_named_and_the_rest_works() {
    let home = home();
    let paths = astrascope::config::Paths::from(Some(home.path().into())).unwrap();
    let folder = paths.config.join("catalog");
    fs::create_dir_all(&folder).unwrap();
    let mine = "[[endpoint]]\nid = \"moon.get\"\nmethod = \"GET\"\npath = \"/v9/moon\"\nsummary = \"The moon\"\nauth = \"none\"\nsuccess = 200\n";
    fs::write(folder.join("moon.toml"), mine).unwrap();
    fs::write(folder.join("wrong.toml"), mine.replace("summary", "sumary")).unwrap();
    let mut terminal = Terminal::start(120, 36, home.path(), &[]);
    terminal.until("catalog/wrong.toml:5");
    terminal.until("sumary");
    terminal.keys("\x1b");
    terminal.gone("sumary");
    terminal.until("API host      127.");
    terminal.keys("o");
    terminal.until("Operations");
    terminal.keys("moon");
    terminal.until("/v9/moon");
}
