//! The secrets of a profile: what wins, what outlives the session, what two instances see of each other.

use std::time::Duration;

use super::*;
use crate::domain::{Environment, Hosts};

const ANNA: UserKey = UserKey(1);

fn tokens(access: &str, refresh: &str) -> Tokens {
    Tokens {
        access: Secret::new(access),
        refresh: Secret::new(refresh),
    }
}

fn grant(obtained_at: i64) -> Grant {
    Grant {
        obtained_at: Timestamp(obtained_at),
        expires_at: Timestamp(obtained_at).after(Duration::from_secs(60)),
        can_refresh: true,
        redirect_uri: "http://127.0.0.1:1/cb".into(),
    }
}

fn profile(name: &str) -> Profile {
    Profile {
        name: name.into(),
        environment: Environment::Custom,
        ..Profile::built_in()
    }
}

/// Another start of the program with the same home.
fn instance(home: &tempfile::TempDir) -> Credentials {
    let places = Places {
        folder: home.path().to_owned(),
        suffix: String::new(),
    };
    let durable = Durable::new(StoreChoice::File, places);
    Credentials::over(None, Some(durable)).of(&profile("astra"))
}

fn home() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn clones_share_what_is_kept_and_profiles_do_not() {
    let one = Credentials::new();
    let other = one.clone();
    one.set_tokens(ANNA, tokens("a", "r"), grant(1));
    assert_eq!(other.tokens(ANNA), Some(tokens("a", "r")));
    assert_eq!(other.tokens(UserKey(2)), None);
    assert_eq!(one.of(&profile("another")).tokens(ANNA), None);
    other.forget(ANNA);
    assert_eq!(one.tokens(ANNA), None);
}

#[test]
fn new_tokens_replace_both_old_ones() {
    let credentials = Credentials::new();
    credentials.set_tokens(ANNA, tokens("a", "r"), grant(1));
    credentials.set_tokens(ANNA, tokens("b", ""), grant(2));
    assert_eq!(credentials.tokens(ANNA), Some(tokens("b", "")));
}

#[test]
fn a_typed_secret_wins_over_the_environment_and_that_over_a_kept_one() {
    let home = home();
    instance(&home).set_client_secret(Secret::new("kept"));
    let mut credentials = instance(&home);
    assert_eq!(credentials.client_secret(), Secret::default());
    let kept = credentials.load();
    assert_eq!(kept.client_secret, Some(Found::Store(SecretStore::File)));
    assert_eq!(credentials.client_secret(), Secret::new("kept"));
    Arc::get_mut(&mut credentials.shared).unwrap().environment =
        Some((Owner::of(&profile("astra")), Secret::new("outside")));
    assert_eq!(credentials.client_secret(), Secret::new("outside"));
    assert_eq!(credentials.load().client_secret, Some(Found::Environment));
    let elsewhere = credentials.of(&profile("other"));
    assert_eq!(elsewhere.client_secret(), Secret::default());
    assert_eq!(elsewhere.load().client_secret, None);
    credentials.set_client_secret(Secret::new("typed"));
    assert_eq!(credentials.client_secret(), Secret::new("typed"));
}

/// The profile of [`instance`] where it is set up for this host and this application.
fn set_up(url: &str, client_id: &str) -> Profile {
    Profile {
        hosts: Some(Hosts::single(url)),
        client_id: client_id.into(),
        ..profile("astra")
    }
}

#[test]
fn what_is_kept_goes_to_no_other_host_or_application_and_is_found_again() {
    let home = home();
    let first = set_up("https://gate.example", "app");
    let credentials = instance(&home).of(&first);
    credentials.set_client_secret(Secret::new("s"));
    credentials.set_tokens(ANNA, tokens("a", "r"), grant(1));
    for (changed, words) in [
        (
            set_up("https://evil.example", "app"),
            "what is kept is for another host: for gate.example",
        ),
        (
            set_up("https://gate.example", "b"),
            "what is kept is for another client id: for client id app",
        ),
    ] {
        // By hand between two starts, and in the form while a session runs.
        for start in [instance(&home), credentials.clone()] {
            let other = start.of(&changed);
            assert_eq!(other.client_secret(), Secret::default());
            let kept = other.load();
            let problem = kept.problem.unwrap();
            let told = problem.to_string();
            assert!(told.starts_with(words), "{told}");
            assert!(problem.hint.is_some());
            assert_eq!((kept.client_secret, kept.grants.len()), (None, 0));
            assert_eq!(other.client_secret(), Secret::default());
            assert_eq!(other.tokens(ANNA), None);
            assert_eq!(other.newer_tokens(ANNA), None);
        }
        // It may have others, beside those.
        instance(&home)
            .of(&changed)
            .set_tokens(ANNA, tokens("b", "r"), grant(2));
        assert_eq!(instance(&home).of(&changed).load().problem, None);
    }
    let back = instance(&home).of(&first);
    let kept = back.load();
    assert_eq!((kept.problem, kept.grants), (None, vec![(ANNA, grant(1))]));
    assert_eq!(back.client_secret(), Secret::new("s"));
    assert_eq!(back.tokens(ANNA), Some(tokens("a", "r")));
    assert_eq!(back.forget_all(), Ok(()));
    assert!(
        !home.path().join("credentials.json").exists(),
        "whatever it was for"
    );
}

#[test]
fn what_an_earlier_version_has_kept_is_bound_at_the_first_start_and_not_by_a_trial() {
    let home = home();
    let file = home.path().join("credentials.json");
    std::fs::write(
        &file,
        r#"{"astra":"{\"kept_at\":1,\"client_secret\":\"s\"}"}"#,
    )
    .unwrap();
    private(&file);
    let (first, evil) = (
        set_up("https://gate.example", "app"),
        set_up("https://evil.example", "app"),
    );
    let tried = instance(&home).of(&evil);
    assert_eq!(tried.look().client_secret, None);
    let credentials = instance(&home).of(&first);
    assert_eq!(
        credentials.load().client_secret,
        Some(Found::Store(SecretStore::File))
    );
    assert_eq!(credentials.client_secret(), Secret::new("s"));
    let other = instance(&home).of(&evil);
    assert_eq!(other.load().client_secret, None);
    assert_eq!(other.client_secret(), Secret::default());
}

#[test]
fn the_secret_of_the_environment_stays_with_the_host_that_the_session_started_on() {
    let first = set_up("https://gate.example", "app");
    let environment = Some((Owner::of(&first), Secret::new("outside")));
    let credentials = Credentials::over(environment, None);
    for (changed, secret) in [
        (first, "outside"),
        (set_up("https://gate.example", "b"), "outside"),
        (set_up("https://evil.example", "app"), ""),
    ] {
        assert_eq!(
            credentials.of(&changed).client_secret(),
            Secret::new(secret)
        );
    }
}

#[test]
fn whoever_returns_tomorrow_is_still_signed_in() {
    let home = home();
    instance(&home).set_tokens(ANNA, tokens("a", "r"), grant(1));
    let tomorrow = instance(&home);
    assert_eq!(
        tomorrow.tokens(ANNA),
        None,
        "nothing is read before it is asked for"
    );
    let kept = tomorrow.load();
    assert_eq!(kept.grants, [(ANNA, grant(1))]);
    assert_eq!((kept.store, kept.problem), (SecretStore::File, None));
    assert_eq!(tomorrow.tokens(ANNA), Some(tokens("a", "r")));
}

#[test]
fn two_instances_keep_what_the_other_has_written() {
    let home = home();
    let (one, other) = (instance(&home), instance(&home));
    one.set_tokens(ANNA, tokens("a", "r"), grant(1));
    other.set_tokens(UserKey(2), tokens("b", "r"), grant(1));
    one.set_client_secret(Secret::new("s"));
    let third = instance(&home);
    assert_eq!(third.load().grants.len(), 2);
    assert_eq!(third.client_secret(), Secret::new("s"));
}

#[test]
fn tokens_that_another_instance_has_renewed_are_found_and_own_ones_are_not_newer() {
    let home = home();
    let (one, other) = (instance(&home), instance(&home));
    one.set_tokens(ANNA, tokens("a", "r1"), grant(1));
    other.load();
    assert_eq!(other.newer_tokens(ANNA), None);
    one.set_tokens(ANNA, tokens("b", "r2"), grant(2));
    assert_eq!(other.newer_tokens(ANNA), Some(grant(2)));
    assert_eq!(other.tokens(ANNA), Some(tokens("b", "r2")));
    assert_eq!(one.newer_tokens(ANNA), None);
}

#[test]
fn a_renewal_in_flight_brings_nothing_back_after_signing_out() {
    let home = home();
    let (one, other) = (instance(&home), instance(&home));
    one.set_tokens(ANNA, tokens("a", "r1"), grant(1));
    other.load();
    one.renew_tokens(ANNA, tokens("b", "r2"), grant(2));
    assert_eq!(one.tokens(ANNA), Some(tokens("b", "r2")));
    one.forget(ANNA);
    one.renew_tokens(ANNA, tokens("c", "r3"), grant(3));
    assert_eq!(one.tokens(ANNA), None);
    // Another instance has not heard of it: it may use what it holds, and keeps nothing.
    other.renew_tokens(ANNA, tokens("d", "r4"), grant(4));
    let next = instance(&home);
    assert!(next.load().grants.is_empty());
}

#[test]
fn only_one_instance_renews_at_a_time() {
    let home = home();
    let held = instance(&home).lock_renewal();
    let (sender, receiver) = std::sync::mpsc::channel();
    let second = instance(&home);
    std::thread::spawn(move || {
        let _held = second.lock_renewal();
        sender.send(()).unwrap();
    });
    // Long enough for the other thread to come to the lock; passing too early is what is looked for.
    assert!(receiver.recv_timeout(Duration::from_millis(100)).is_err());
    drop(held);
    receiver.recv_timeout(Duration::from_secs(20)).unwrap();
}

#[test]
fn forgetting_everything_leaves_no_file() {
    let home = home();
    let credentials = instance(&home);
    credentials.set_client_secret(Secret::new("s"));
    credentials.set_tokens(ANNA, tokens("a", "r"), grant(1));
    assert!(home.path().join("credentials.json").exists());
    assert_eq!(credentials.forget_all(), Ok(()));
    assert!(!home.path().join("credentials.json").exists());
    assert_eq!(credentials.client_secret(), Secret::default());
    assert_eq!(credentials.tokens(ANNA), None);
}

#[test]
fn what_cannot_be_read_is_not_written_over_and_forgotten_when_that_is_asked_for() {
    let home = home();
    let file = home.path().join("credentials.json");
    std::fs::write(&file, r#"{"astra":"{\"kept_at\": of a later version"}"#).unwrap();
    private(&file);
    let before = std::fs::read(&file).unwrap();
    let credentials = instance(&home);
    credentials.load();
    let standing = credentials.set_tokens(ANNA, tokens("a", "r"), grant(1));
    assert_eq!(standing.store, SecretStore::Memory);
    assert!(standing.problem.unwrap().hint.is_some());
    assert_eq!(credentials.tokens(ANNA), Some(tokens("a", "r")));
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert!(credentials.of(&profile("new")).copy(&credentials).is_err());
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert_eq!(credentials.forget_all(), Ok(()));
    assert!(!file.exists());
}

#[cfg(unix)]
#[test]
fn what_was_renewed_while_a_file_was_refused_is_kept_as_soon_as_it_is_mended() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = home();
    let file = home.path().join("credentials.json");
    let mode = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode));
    let ben = UserKey(2);
    let credentials = instance(&home);
    credentials.set_client_secret(Secret::new("s"));
    credentials.set_tokens(ANNA, tokens("a", "r1"), grant(1));
    credentials.set_tokens(ben, tokens("b", "r"), grant(1));
    mode(0o644).unwrap();
    let standing = credentials.renew_tokens(ANNA, tokens("c", "r2"), grant(2));
    assert_eq!(standing.store, SecretStore::Memory);
    credentials.load();
    assert_eq!(credentials.tokens(ANNA), Some(tokens("c", "r2")));
    mode(0o600).unwrap();
    instance(&home).forget(ben);
    let kept = credentials.load();
    assert_eq!((kept.problem, kept.grants), (None, vec![(ANNA, grant(2))]));
    assert_eq!(credentials.tokens(ANNA), Some(tokens("c", "r2")));
    assert_eq!(
        credentials.tokens(ben),
        None,
        "who was signed out stays out"
    );
    let tomorrow = instance(&home);
    assert_eq!(tomorrow.load().grants, [(ANNA, grant(2))]);
    assert_eq!(tomorrow.tokens(ANNA), Some(tokens("c", "r2")));
    tomorrow.forget(ANNA);
    assert!(
        credentials.load().grants.is_empty(),
        "it was kept, and is no more"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_looked_at_may_keep_something() {
    let home = home();
    let folder = home.path().join("data");
    std::os::unix::fs::symlink(&folder, &folder).unwrap(); // leads nowhere, whoever asks
    let places = Places {
        folder,
        suffix: String::new(),
    };
    let durable = Durable::new(StoreChoice::File, places);
    let credentials = Credentials::over(None, Some(durable)).of(&profile("astra"));
    let problem = credentials.forget_all().unwrap_err();
    assert!(problem.hint.is_some(), "{problem}");
    assert!(credentials.keeps_anything().is_err());
    assert!(credentials.of(&profile("new")).copy(&credentials).is_err());
}

/// Only such a file is read.
fn private(file: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = file;
}

#[test]
fn the_built_in_sandbox_keeps_nothing() {
    let home = home();
    let credentials = instance(&home).of(&Profile::built_in());
    credentials.set_client_secret(Secret::new("s"));
    credentials.set_tokens(ANNA, tokens("a", "r"), grant(1));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    assert_eq!(credentials.client_secret(), Secret::new("s"));
}

#[test]
fn where_nothing_can_be_written_the_session_goes_on_in_memory_and_says_so() {
    let home = home();
    std::fs::create_dir(home.path().join("credentials.json")).unwrap();
    let credentials = instance(&home);
    let standing = credentials.set_tokens(ANNA, tokens("a", "r"), grant(1));
    assert_eq!(standing.store, SecretStore::Memory);
    assert!(standing.problem.unwrap().hint.is_some());
    assert_eq!(credentials.tokens(ANNA), Some(tokens("a", "r")));
}

#[test]
fn debug_tells_nothing() {
    let credentials = Credentials::new();
    credentials.hold_client_secret(Secret::new("hunter2"));
    assert_eq!(format!("{credentials:?}"), "Credentials");
    assert!(!format!("{:?}", tokens("hunter2", "r")).contains("hunter2"));
}
