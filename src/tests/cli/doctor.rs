//! What `doctor` looks at, and how it tells what to mend.

use std::fs;

use crate::harness::program::{command, finish, run_in};

#[test]
fn every_file_of_a_person_is_looked_at_and_a_broken_one_is_named() {
    let home = tempfile::tempdir().unwrap();
    let well = run_in(&home, &["doctor"]);
    assert_eq!(well.code, 0, "{}", well.out);
    assert!(well.out.ends_with("\nall well\n"), "{}", well.out);
    assert!(well.out.starts_with("– terminal"), "{}", well.out);
    for (file, text, told) in [
        (
            "home/config/keymap.toml",
            "[global]\nexplod = \"x\"\n",
            "keymap.toml:2: ",
        ),
        ("home/config/diff.toml", "\nvolatile = 3\n", "diff.toml:2: "),
        (
            "home/config/catalog/x.toml",
            "[[endpoint]]\nid = 3\n",
            "x.toml:2",
        ),
        (
            ".astrascope/requests/b.toml",
            "endpoint = \"a\"\nx = 1\n",
            "b.toml:2: unknown key",
        ),
        (
            "home/data/history.db",
            "this is no database, whatever it says",
            "history.db is damaged",
        ),
        ("home/config/config.toml", "\nnonsense", "config.toml:2:"),
    ] {
        let path = home.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let broken = run_in(&home, &["doctor"]);
        assert_eq!(broken.code, 1, "{file}: {}", broken.out);
        let line = broken.out.lines().find(|line| line.starts_with('✗'));
        assert!(line.unwrap().contains(told), "{file}: {}", broken.out);
        let next = broken
            .out
            .lines()
            .skip_while(|line| !line.starts_with('✗'))
            .nth(1);
        assert!(
            next.unwrap().trim_start().starts_with("→ "),
            "{file}: {}",
            broken.out
        );
        assert!(
            broken.out.ends_with("\n1 to look at\n"),
            "{file}: {}",
            broken.out
        );
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_relative_home_works_and_one_that_is_a_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let doctor =
        |home: &str| finish(command(folder.path(), &["doctor"]).env("ASTRASCOPE_HOME", home));
    assert_eq!(doctor("not/yet").code, 0);
    fs::write(folder.path().join("file"), "").unwrap();
    let told = doctor("file");
    assert_eq!(told.code, 1);
    assert!(told.out.contains("file is no folder\n"), "{}", told.out);
    assert!(!told.out.contains(".astrascope-doctor"), "{}", told.out);
}
