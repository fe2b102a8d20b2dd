//! What goes wrong around a command: files that are not there or not whole, outputs that cannot be written, hosts that are gone.

use std::fs;
use std::path::PathBuf;

use crate::harness::program::{command, finish, run, run_in, run_with};

#[test]
fn a_missing_parameter_is_told_with_the_way_to_give_it() {
    let cases: [(&[&str], &str); 6] = [
        (
            &["accounts.get"],
            "accounts.get: id: needed\nhint: -p id=…\n",
        ),
        (&["transactions.list"], "hint: -p date_start=…\n"),
        (
            &["routines.create"],
            "hint: give the body with -d '{…}' or -d @FILE, or its fields with -p type=…\n",
        ),
        (
            &["routines.create", "-p", "name=x"],
            "routines.create: type: needed\nhint: -p type=…\n",
        ),
        (
            &["user_intents.create", "-d", "{"],
            "user_intents.create: -d: not JSON: ",
        ),
        (
            &["accounts.list", "-p", "limit=x"],
            "accounts.list: limit: a whole number\n",
        ),
    ];
    for (arguments, words) in cases {
        let ran = run(&[&["send"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.contains(": : "), "{}", ran.err);
    }
}

#[test]
fn a_count_of_none_is_refused_before_anything_is_read() {
    for arguments in [
        &["export", "curl", "--last", "0"][..],
        &["history", "-n", "0"],
        &["replay", "--jobs", "0"],
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains("invalid value '0' for '--"), "{}", ran.err);
    }
}

#[test]
fn webhooks_leave_this_machine_only_by_https() {
    let ran = run(&["sandbox", "--webhook-url", "http://example.com/hooks"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let why = "http goes to this machine only, not to example.com: use https, as Astra does";
    assert!(ran.err.contains(why), "{}", ran.err);
}

#[test]
fn a_file_that_cannot_be_taken_is_named_with_what_is_wrong() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(home.path().join(name), bytes).unwrap();
    write("latin.json", b"{\n\"a\": \"\xe9\"}");
    write("cut.json", b"{\"log\": {\n\"entries\": [");
    write("other.json", b"{\"log\": 1, \"entries\": 2}");
    let cases: [(&[&str], &[&str]); 7] = [
        (
            &["send", "user_intents.create", "-d", "@gone"],
            &["there is no file gone: looked for at ", "hint: -d @FILE"],
        ),
        (
            &["send", "user_intents.create", "-d", "@cut.json"],
            &["cut.json: not JSON: ", "line 2"],
        ),
        (
            &["send", "user_intents.create", "-d", "@home"],
            &["home cannot be read: it is a directory"],
        ),
        (
            &["import", "gone"],
            &[
                "there is no file gone: looked for at ",
                "- for standard input",
            ],
        ),
        (
            &["import", "latin.json"],
            &[
                "latin.json cannot be read: line 2 is not UTF-8",
                "hint: save it as UTF-8",
            ],
        ),
        (
            &["import", "cut.json"],
            &["cut.json:2: not JSON: ", "hint: it is cut off"],
        ),
        (
            &["import", "other.json"],
            &[
                "other.json: this is no HTTP archive: ",
                "Postman collection (v2.1)",
            ],
        ),
    ];
    fs::create_dir(home.path().join("home")).unwrap();
    for (arguments, words) in cases {
        let ran = run_in(&home, arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        for words in words {
            assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
        }
    }
}

#[test]
fn what_is_imported_goes_to_the_project_where_there_is_one() {
    let home = tempfile::tempdir().unwrap();
    let curl = "curl https://api-sandbox.astra.finance/v1/accounts";
    let own = run_with(&home, &["import", "-"], curl);
    let below = |folder: &[&str]| folder.iter().collect::<PathBuf>().display().to_string();
    assert!(
        own.out.contains(&below(&["home", "config", "requests"])),
        "{}",
        own.out
    );
    assert!(own.err.contains("mkdir .astrascope"), "{}", own.err);
    let folder = home.path().join(".astrascope/requests");
    fs::create_dir(home.path().join(".astrascope")).unwrap();
    let project = run_with(&home, &["import", "-"], curl);
    assert_eq!((project.code, project.err.as_str()), (0, ""));
    assert!(
        project.out.contains(&below(&[".astrascope", "requests"])),
        "{}",
        project.out
    );
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn an_import_writes_over_no_other_request() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir_all(home.path().join(".astrascope/requests")).unwrap();
    let take = |query: &str| {
        let curl = format!(
            "curl -X POST 'http://localhost/v9/moon?a={query}' -H 'x-a: b' --json '{{\"a\":\n 1}}\n'"
        );
        run_with(&home, &["import", "-"], &curl)
    };
    let first = take("1");
    assert_eq!(
        (take("1").out, take("1").err),
        (first.out.clone(), String::new())
    );
    let second = take("2");
    assert_ne!(second.out, first.out);
    assert!(
        second.err.contains(" is there already: saved as "),
        "{}",
        second.err
    );
    assert_eq!(take("2").out, second.out);
    let file = first.out.trim();
    assert!(fs::read_to_string(file).unwrap().contains("a = \"1\""));
}

#[test]
fn a_host_that_does_not_answer_is_told_before_anybody_is_sent_to_its_pages() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("home/config");
    fs::create_dir_all(&config).unwrap();
    let text = "credential_store = \"file\"\n\n[profiles.gone]\nenvironment = \"custom\"\nclient_id = \"x\"\nredirect_uri = \"http://127.0.0.1:0/callback\"\napi_url = \"http://127.0.0.1:9\"\n";
    fs::write(config.join("config.toml"), text).unwrap();
    let mut login = command(home.path(), &["login", "--profile", "gone"]);
    let ran = finish(login.env("ASTRASCOPE_CLIENT_SECRET", "s"));
    assert_eq!(ran.code, 2, "{}", ran.err);
    let first = "astrascope: signing in at http://127.0.0.1:9 (profile gone, custom)\n";
    assert!(ran.err.starts_with(first), "{}", ran.err);
    assert!(
        ran.err.contains("http://127.0.0.1:9 does not answer: "),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("open this page"), "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_told_once_by_every_command() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir_all(home.path().join(".astrascope/requests")).unwrap();
    let saved = home.path().join(".astrascope/requests/user.toml");
    fs::write(saved, "endpoint = \"user.get\"\n").unwrap();
    fs::write(home.path().join("c.sh"), "curl http://localhost/v1/x").unwrap();
    assert_eq!(run_in(&home, &["send", "user.get"]).code, 0);
    for line in [
        "send user.get",
        "send user.get -i",
        "replay",
        "replay --json",
        "history",
        "history --json",
        "export curl",
        "import c.sh",
        "endpoints",
        "endpoints --json",
        "users",
        "users --json",
        "status",
        "status --json",
        "doctor",
        "view c.sh",
        "sandbox",
        "completions bash",
        "man",
        "logout --all",
        "--help",
        "--version",
        "send --help",
    ] {
        let arguments: Vec<_> = line.split(' ').collect();
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut command = command(home.path(), &arguments);
        let ran = finish(command.stdout(full));
        assert_eq!(ran.code, 2, "{line}: {}", ran.err);
        let told = ran.err.matches("cannot write to standard output: ").count();
        assert_eq!(told, 1, "{line}: {}", ran.err);
        assert!(
            ran.err.contains("astrascope: cannot write"),
            "{line}: {}",
            ran.err
        );
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        if line == "send user.get -i" {
            let ran = finish(self::command(home.path(), &arguments).stderr(full));
            assert!(ran.code == 0 && ran.out.contains("ada@"), "{}", ran.out);
        }
    }
}

#[test]
fn an_error_does_not_act_on_the_terminal() {
    let name = "\u{1b}[2A\u{1b}[2K\u{9b}2Jx";
    for arguments in [&["view", name][..], &["import", name], &["replay", name]] {
        let ran = run(arguments);
        assert_eq!(ran.code, 2, "{}", ran.err);
        let acts = |c: char| c.is_control() && c != '\n';
        assert!(!ran.err.contains(acts), "{:?}", ran.err);
    }
}
