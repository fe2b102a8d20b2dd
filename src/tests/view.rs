//! `astrascope view` in a pseudo-terminal: a file, a pipe that keys are pressed beside, and a copy where nobody looks.

mod harness;

use std::fs;
use std::process::{Command, Stdio};

use harness::terminal::{READY, Terminal};

const TEXT: &str = r#"{"people": [{"name": "Ada", "year": 1815}, {"name": "Ben", "year": 1959}]}"#;

#[test]
fn a_file_is_shown_searched_and_left() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("people.json");
    fs::write(&file, TEXT).unwrap();
    let mut terminal = Terminal::start(100, 24, home.path(), &["view", file.to_str().unwrap()]);
    terminal.until(READY);
    terminal.until(r#""name": "Ada","#);
    terminal.keys("/1959");
    terminal.until("1/1");
    terminal.until(".people[1].year");
    terminal.keys("\rt");
    terminal.until("name");
    terminal.gone("\"name\"");
    terminal.keys("an"); // keys of a session do nothing here
    terminal.keys("?");
    terminal.until("Filter by jq");
    terminal.gone("Sign in");
    terminal.keys("\x1b");
    terminal.gone("Filter by jq");
    terminal.keys("vvv");
    terminal.until("00000000 7b 22 70 65");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_filter_runs_while_it_is_typed_and_escape_brings_the_whole_back() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("people.json");
    fs::write(&file, TEXT).unwrap();
    let mut terminal = Terminal::start(100, 24, home.path(), &["view", file.to_str().unwrap()]);
    terminal.until(r#""name": "Ada","#);
    terminal.keys("f.pe\t[] | .ye\t");
    terminal.until("2 results");
    terminal.until("1959");
    terminal.gone("\"Ada\"");
    terminal.keys(" + nope");
    terminal.until("^ there is no filter called nope");
    terminal.keys("\x17\x17\r/1815");
    terminal.until("1/1");
    terminal.keys("\r\x1b");
    terminal.gone("1/1");
    terminal.keys("\x1b");
    terminal.until("\"Ada\"");
    terminal.keys("f[.. | numbers] | map(if . > 1900 then error(\"late\") else . end)\r");
    terminal.until("late");
    terminal.keys("\x1bfdef f: 1 + f; f\r");
    terminal.until("the filter was ended before it was done");
    terminal.keys("\x1bf[limit(1e9; repeat(0))] | length\r");
    terminal.until("running");
    terminal.keys("\x1b");
    terminal.until("\"Ada\"");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[cfg(unix)]
#[test]
fn a_body_is_piped_to_a_command_that_escape_ends() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("people.json");
    fs::write(&file, TEXT).unwrap();
    let mut terminal = Terminal::start(100, 24, home.path(), &["view", file.to_str().unwrap()]);
    terminal.until(r#""name": "Ada","#);
    terminal.keys("|tr A-Z a-z; echo so so >&2; exit 3\r");
    terminal.until("exit 3");
    terminal.until("so so");
    terminal.until("\"ben\"");
    terminal.keys("\x1b|sleep 1000\r");
    terminal.until("running");
    terminal.keys("\x1b");
    terminal.gone("running");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn what_is_shown_is_written_copied_and_replaces_only_after_yes() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("people.json");
    fs::write(&file, TEXT).unwrap();
    let mut terminal = Terminal::start(100, 24, home.path(), &["view", file.to_str().unwrap()]);
    terminal.until(r#""name": "Ada","#);
    terminal.keys("jjjyp");
    terminal.until_true("a copied path", |terminal| terminal.clipboard().is_some());
    assert_eq!(terminal.clipboard().unwrap(), ".people[0].name");
    terminal.keys("f.people[].year\r");
    terminal.until("2 results");
    terminal.keys("w");
    terminal.until("people-part.json");
    terminal.keys("\x15~/years.json\r");
    terminal.until("wrote 19 B to ~/years.json");
    let written = home.path().join("years.json");
    assert_eq!(
        fs::read_to_string(&written).unwrap(),
        "[\n  1815,\n  1959\n]\n"
    );
    terminal.keys("\x1b");
    terminal.until(r#""name": "Ada","#);
    terminal.keys("w\x15~/years.json\r");
    terminal.until("years.json is there already, 19 B");
    terminal.keys("y");
    terminal.until("wrote 74 B to ~/years.json");
    assert_eq!(fs::read_to_string(&written).unwrap(), TEXT);
    terminal.keys("w\x15~/nowhere/a.json\r");
    terminal.until("there is no folder");
    terminal.keys("\x1bq");
    assert_eq!(terminal.exit_code(), 0);
}

#[cfg(unix)]
#[test]
fn what_is_piped_in_is_shown_and_keys_come_from_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let line = format!("printf '%s' '{TEXT}' | $ASTRASCOPE view -");
    let mut terminal = Terminal::shell(100, 24, home.path(), &line);
    terminal.until(r#""name": "Ben","#);
    terminal.keys("-");
    terminal.until(r#""people": [2] name, year"#);
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_shown_before_its_end_and_grows() {
    let home = tempfile::tempdir().unwrap();
    let gate = home.path().join("gate");
    let gate = gate.display();
    let first = r#"{"first": 1, "more": ["#;
    let line = format!(
        "mkfifo {gate}; {{ printf '%s' '{first}'; cat {gate}; printf '2], \"last\": 3}}'; }} | $ASTRASCOPE view -"
    );
    let mut terminal = Terminal::shell(100, 24, home.path(), &line);
    terminal.until("reading 22 B");
    terminal.until(r#""first": 1,"#);
    terminal.keys("j");
    terminal.until(".first");
    fs::write(format!("{gate}"), "1, ").unwrap();
    terminal.until(r#""last": 3"#);
    terminal.gone("reading");
    terminal.until(".first");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[cfg(unix)]
#[test]
fn the_end_of_a_pipe_is_followed_until_one_moves() {
    let home = tempfile::tempdir().unwrap();
    let gate = home.path().join("gate");
    let gate = gate.display();
    let line = format!(
        "mkfifo {gate}; {{ seq -f '%g,' 100 199 | sed '1s/^/[/'; cat {gate}; cat {gate}; }} | $ASTRASCOPE view -"
    );
    let numbers = |range: std::ops::Range<u32>| -> String {
        range.map(|number| format!("{number},\n")).collect()
    };
    let mut terminal = Terminal::shell(100, 24, home.path(), &line);
    terminal.until("100,");
    terminal.keys("G");
    terminal.until("199");
    fs::write(format!("{gate}"), numbers(200..300)).unwrap();
    terminal.until("299");
    terminal.keys("kg");
    terminal.until("100,");
    fs::write(format!("{gate}"), numbers(300..400)).unwrap();
    terminal.gone("reading");
    terminal.until("100,");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn what_is_too_large_for_the_memory_is_shown_from_a_file() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("config.toml"), "[bodies]\nmemory = \"1 KB\"").unwrap();
    let file = home.path().join("long.json");
    let items: Vec<String> = (1000..3000).map(|number| number.to_string()).collect();
    fs::write(&file, format!("[{}]", items.join(","))).unwrap();
    let mut terminal = Terminal::start(100, 24, home.path(), &["view", file.to_str().unwrap()]);
    terminal.until("only the first 1000 bytes are read as JSON; v shows all of it as text");
    terminal.until("1003,");
    terminal.keys("v/2999");
    terminal.until("1/1");
    terminal.until("2998,2999]");
    terminal.keys("\x1bq");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_mouse_report_of_no_place_is_ignored() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("people.json");
    fs::write(&file, TEXT).unwrap();
    let mut terminal = Terminal::start(100, 24, home.path(), &["view", file.to_str().unwrap()]);
    terminal.until(r#""name": "Ada","#);
    terminal.keys("\x1b[<0;0;0M\x1b[<64;0;0M\x1b[<65;0;1M\x1b[<0;65535;65535M");
    terminal.keys("/1959");
    terminal.until("1/1");
    terminal.keys("\r\x1bq");
    assert_eq!(terminal.exit_code(), 0);
}

/// One body in every view, from the first to the last.
#[track_caller]
fn look_at_every_view(terminal: &mut Terminal) {
    terminal.until(r#""count":"#); // tree
    terminal.keys("/count");
    terminal.until("1/1");
    terminal.keys("\r");
    terminal.until("n N others");
    terminal.keys("\x1b");
    terminal.gone("n N others");
    terminal.keys("t");
    terminal.gone(r#""count":"#); // table
    terminal.keys("t");
    terminal.until(r#""count":"#);
    terminal.keys("v");
    terminal.gone(" ▾ "); // raw
    terminal.keys("v");
    terminal.until("00000000 7b 22"); // hex
    terminal.keys("vf.count");
    terminal.until("1 result"); // jq
    terminal.gone("\"count\":");
    terminal.keys("\r");
    terminal.until("Esc whole body");
    terminal.keys("\x1b");
    terminal.until(r#""count":"#);
}

#[test]
fn an_answer_and_a_file_have_the_same_views() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("list.json");
    fs::write(&file, r#"{"count": 1, "items": [{"id": "a"}]}"#).unwrap();
    let mut terminal = Terminal::start(120, 30, home.path(), &["view", file.to_str().unwrap()]);
    look_at_every_view(&mut terminal);
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    let mut terminal = Terminal::start(120, 30, home.path(), &[]);
    terminal.until("API host      127.0.0.1:");
    terminal.keys("a");
    terminal.until("response_type=code");
    terminal.keys("\r");
    terminal.until("200 OK");
    terminal.until("\"accounts\"");
    terminal.keys("5z");
    look_at_every_view(&mut terminal);
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_broken_body_shows_what_is_whole_where_it_breaks_and_the_rest() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("broken.json");
    let items = "  1,\n".repeat(40);
    fs::write(&file, format!("[\n{items}  oops and more\n]")).unwrap();
    let mut terminal = Terminal::start(100, 24, home.path(), &["view", file.to_str().unwrap()]);
    terminal.until("this is no JSON at 42:3");
    terminal.keys("G");
    terminal.until("oops and more");
    terminal.keys("v");
    terminal.gone(" ▾ ");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn separated_values_are_a_table() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("people.csv");
    fs::write(&file, "name;year\nAda;1815\nBen;1959\n").unwrap();
    let mut terminal = Terminal::start(100, 24, home.path(), &["view", file.to_str().unwrap()]);
    terminal.until("read as a table");
    terminal.until("Ada       1815");
    terminal.until("28 B"); // of the file, not of what it is read as
    terminal.keys("vv");
    terminal.until("Ada;1815");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_long_table_is_sorted_beside_the_screen_and_keeps_its_place() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("long.json");
    let items: Vec<String> = (0..60_000)
        .map(|number| {
            format!(
                r#"{{"id": {number}, "name": "n{:05}"}}"#,
                number * 7 % 60_000
            )
        })
        .collect();
    fs::write(&file, format!("[{}]", items.join(","))).unwrap();
    let mut terminal = Terminal::start(100, 24, home.path(), &["view", file.to_str().unwrap()]);
    terminal.until("1.9 MB");
    terminal.gone("reading");
    terminal.keys("tjlS");
    terminal.until("name ▲");
    terminal.until(".[1].name");
    terminal.keys("S");
    terminal.until("name ▼");
    terminal.keys("g");
    terminal.until("n59999");
    terminal.keys("S");
    terminal.gone("▼");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn without_a_terminal_the_bytes_are_copied() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("people.json");
    fs::write(&file, TEXT).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_astrascope"));
    command.args(["view", file.to_str().unwrap()]);
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.stdout, TEXT.as_bytes());
    let mut command = Command::new(env!("CARGO_BIN_EXE_astrascope"));
    let output = command.args(["view", "nowhere.json"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("nowhere.json cannot be opened"), "{said}");
}
