//! What is asked for on the command line, rightly and wrongly: parameters, header fields, bodies, completions.

use tempfile::TempDir;

use crate::harness::program::{command, finish, run, run_in, run_with};

#[test]
fn what_is_asked_for_twice_or_by_half_is_told() {
    let cases: [(&[&str], &str); 6] = [
        (&["send", "GET"], "GET needs a path behind it"),
        (&["send", "get"], "hint: astrascope send GET /v1/accounts"),
        (
            &["send", "accounts.list", "-p", "limit=1", "-p", "limit=2"],
            "limit is given twice",
        ),
        (
            &["send", "GET", "/v1/accounts?limit=1", "-p", "limit=2"],
            "limit is given twice",
        ),
        (
            &["send", "accounts.list", "-H", "no colon"],
            "expected name: value",
        ),
        (
            &["send", "accounts.list", "-H", "Authorization: x"],
            "the program sends its own",
        ),
    ];
    for (arguments, words) in cases {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn headers_go_along_and_a_body_comes_from_a_pipe_or_a_file() {
    let home = tempfile::tempdir().unwrap();
    let arguments = ["send", "POST", "/v9/moon", "-d", "-"];
    let piped = run_with(&home, &arguments, "{\"far\": true}");
    assert_eq!(piped.code, 1, "{}", piped.err);
    let raw = run_with(&home, &["export", "raw"], "").out;
    assert!(
        raw.contains("POST /v9/moon") && raw.contains("{\"far\": true}"),
        "{raw}"
    );
    let sent = run_with(&home, &["send", "user.get", "-i", "-H", "X-Trace: a:b"], "");
    assert_eq!(sent.code, 0, "{}", sent.err);
    assert!(
        sent.err.to_lowercase().contains("x-trace: a:b"),
        "{}",
        sent.err
    );
    std::fs::write(home.path().join("body.json"), "{\"status\":").unwrap();
    let file = run_with(&home, &["send", "POST", "/v9/moon", "-d", "@body.json"], "");
    assert_eq!(file.code, 1, "{}", file.err);
    let gone = run_with(&home, &["send", "POST", "/v9/moon", "-d", "@gone.json"], "");
    assert!(
        gone.code == 2 && gone.err.contains("gone.json"),
        "{}",
        gone.err
    );
}

/// What a shell is offered for the last word of `line`.
fn offered(folder: &TempDir, line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let mut command = command(folder.path(), &[&["--", "astrascope"], &words[..]].concat());
    command
        .env("ASTRASCOPE_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    let ran = finish(&mut command);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
    ran.out.lines().map(ToOwned::to_owned).collect()
}

#[test]
fn a_shell_is_offered_the_names_of_this_person() {
    let home = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let path = home.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "home/config/config.toml",
        "[profiles.astra]\nenvironment = \"sandbox\"\nclient_id = \"x\"\nredirect_uri = \"http://127.0.0.1:8765/callback\"\n",
    );
    let request = "endpoint = \"accounts.list\"\n";
    write(".astrascope/requests/cards/mine.toml", request);
    write(".astrascope/requests/cash.toml", request);
    let cases: [(&str, &[&str]); 8] = [
        ("replay ca", &["cards", "cards/mine", "cash"]),
        ("replay --ju", &["--junit"]),
        ("send accounts.lis", &["accounts.list"]),
        ("send PAT", &["PATCH"]),
        ("send user.get --user gr", &["grace"]),
        ("replay --user al", &["all"]),
        ("--profile as", &["astra"]),
        ("history --", &["--last", "--search", "--json", "--help"]),
    ];
    for (line, names) in cases {
        assert_eq!(offered(&home, line), names, "{line}");
    }
}

#[test]
fn a_profile_is_refused_where_it_is_of_no_use() {
    for arguments in [
        ["--profile", "built-in", "history"],
        ["history", "--profile", "built-in"],
    ] {
        let ran = run(&arguments);
        assert_eq!(ran.code, 2, "{}", ran.out);
        let words = "history has nothing to do with a profile";
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    assert!(!run(&["export", "--help"]).out.contains("--profile"));
    assert!(run(&["send", "--help"]).out.contains("--profile"));
    let ran = run(&["send", "user.get", "--profile", "built-in"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn every_shell_gets_completions_and_every_command_a_manual_page() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(&["completions", shell]);
        assert!(ran.out.contains("ASTRASCOPE_COMPLETE"), "{shell}");
    }
    let home = tempfile::tempdir().unwrap();
    let ran = finish(&mut command(home.path(), &["man", "--out", "."]));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let page = std::fs::read_to_string(home.path().join("astrascope-replay.1")).unwrap();
    assert!(page.contains(".TH") && page.contains("Examples:"), "{page}");
}

#[test]
fn without_test_users_the_way_to_one_is_told_beside_an_empty_list() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("home/config");
    std::fs::create_dir_all(&config).unwrap();
    let text = "credential_store = \"file\"\n\n[profiles.astra]\nenvironment = \"sandbox\"\nclient_id = \"x\"\nredirect_uri = \"http://127.0.0.1:8765/callback\"\n";
    std::fs::write(config.join("config.toml"), text).unwrap();
    let users = |more: &[&str]| run_in(&home, &[&["users", "--profile", "astra"], more].concat());
    let none = users(&[]);
    assert_eq!((none.code, none.out.as_str()), (0, ""), "{}", none.err);
    assert!(
        none.err.contains("hint: astrascope login --profile astra"),
        "{}",
        none.err
    );
    let json = users(&["--json"]);
    assert_eq!(
        (json.code, json.out.as_str(), json.err.as_str()),
        (0, "[]\n", "")
    );
    let all = run_in(&home, &["users", "--profile", "built-in", "--json"]);
    let all: serde_json::Value = serde_json::from_str(&all.out).unwrap();
    assert_eq!(all[0]["name"], "Ada Byron");
    for verb in ["users", "doctor"] {
        assert!(run(&[verb, "--help"]).out.contains("Examples:"), "{verb}");
    }
}

#[cfg(target_os = "linux")] // elsewhere the system's own program opens pages
#[test]
fn a_page_is_opened_by_a_program_of_the_desktop_or_its_lack_is_told_apart() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let tools = home.path().join("tools");
    std::fs::create_dir(&tools).unwrap();
    let open = || {
        let mut command = command(home.path(), &["open-page", "http://127.0.0.1:1/x"]);
        finish(command.env("PATH", &tools)).code
    };
    assert_eq!(open(), 3, "there is none");
    let launcher = tools.join("xdg-open");
    std::fs::write(&launcher, "#!/bin/sh\necho \"$1\" > opened\n").unwrap();
    std::fs::set_permissions(&launcher, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(open(), 0);
    let opened = std::fs::read_to_string(home.path().join("opened")).unwrap();
    assert_eq!(opened, "http://127.0.0.1:1/x\n");
}
