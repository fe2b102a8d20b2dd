//! Keys in, screen out: the loop, the jobs and the built-in sandbox in one process, on a terminal in memory.

use std::time::Duration;

use astrascope::adapters::credentials::Credentials;
use astrascope::commands::session::Session;
use astrascope::config::{Keymap, Theme};
use astrascope::domain::Profile;
use astrascope::runtime::{Exit, Headless, Remote};
use astrascope::sandbox::{self, Lifetimes};
use astrascope::ui::Screen;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// Longer than anything takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// Runs a session of this size and plays `person` on it.
async fn play<F: Future<Output = ()>>(
    size: (u16, u16),
    options: sandbox::Options,
    person: impl FnOnce(Seat) -> F,
) {
    play_on(Profile::built_in(), size, options, person).await;
}

/// The same on another profile of the built-in sandbox.
async fn play_on<F: Future<Output = ()>>(
    profile: Profile,
    size: (u16, u16),
    options: sandbox::Options,
    person: impl FnOnce(Seat) -> F,
) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (console, remote) = Headless::new(size.0, size.1);
    let screen = Screen::new(Keymap::built_in().unwrap(), Theme::named("plain").unwrap());
    let mut session = Session::open(console, screen, profile, Credentials::new(), options).unwrap();
    let seat = Seat {
        remote: remote.clone(),
    };
    tokio::select! {
        ended = session.run() => panic!("ended too early: {ended:?}"),
        () = person(seat) => {}
    }
    remote.keys("q");
    assert_eq!(session.run().await.unwrap(), Exit::Quit);
}

struct Seat {
    remote: Remote,
}

impl Seat {
    async fn until(&mut self, text: &str) -> String {
        self.until_true(text, |screen| screen.contains(text)).await
    }

    async fn until_true(&mut self, what: &str, is_true: impl Fn(&str) -> bool) -> String {
        let seen = self.remote.until(LIMIT, is_true).await;
        seen.unwrap_or_else(|screen| panic!("waited for {what}; the screen:\n{screen}"))
    }

    /// Signs the selected test user in by walking the hosted pages.
    async fn sign_in(&mut self) {
        self.until("http://127.0.0.1:").await;
        self.remote.keys("a");
        self.until("response_type=code").await;
        self.remote.press(KeyCode::Enter);
        self.until("signed in until").await;
    }
}

#[tokio::test]
async fn the_walk_signs_in_and_shows_accounts_and_exchange() {
    play(
        (120, 36),
        sandbox::Options::default(),
        |mut seat| async move {
            seat.sign_in().await;
            let screen = seat.until("200 OK").await;
            assert!(screen.contains("request-id"), "{screen}");
            seat.until("\"accounts\"").await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_list_of_sixty_is_loaded_page_by_page_to_its_end() {
    play(
        (160, 50),
        sandbox::Options::default(),
        |mut seat| async move {
            seat.until("http://127.0.0.1:").await;
            seat.remote.keys("3j");
            seat.sign_in().await;
            for loaded in ["25", "50"] {
                seat.until_true("a page", |screen| title(screen).contains(loaded))
                    .await;
                seat.remote.keys("4Gj");
            }
            seat.until_true("all sixty", |screen| {
                title(screen).contains("60") && !title(screen).contains("more")
            })
            .await;
        },
    )
    .await;
}

/// The title line of the Accounts pane.
fn title(screen: &str) -> &str {
    screen
        .lines()
        .find(|line| line.contains("Accounts"))
        .unwrap_or_default()
}

#[tokio::test]
async fn one_account_is_opened_from_the_list() {
    play(
        (120, 36),
        sandbox::Options::default(),
        |mut seat| async move {
            seat.sign_in().await;
            seat.until("\"accounts\"").await;
            seat.remote.keys("4");
            seat.remote.press(KeyCode::Enter);
            seat.until_true("one account", |screen| {
                screen.contains("\"official_name\"") && !screen.contains("\"accounts\"")
            })
            .await;
        },
    )
    .await;
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_the_call_goes_on() {
    let lifetimes = Lifetimes {
        access: Duration::from_secs(2),
        ..Lifetimes::default()
    };
    let options = sandbox::Options {
        lifetimes,
        ..sandbox::Options::default()
    };
    play((120, 36), options, |mut seat| async move {
        seat.sign_in().await;
        seat.until("\"accounts\"").await;
        // Renewed halfway by the clock: a second token exchange is kept without a key, and what is read stays.
        let screen = seat.until(" 3/4").await;
        assert!(screen.contains("\"accounts\""), "{screen}");
        seat.remote.keys(">");
        seat.until("refresh_token").await;
    })
    .await;
}

#[tokio::test]
async fn somebody_new_is_added_and_named() {
    play(
        (120, 36),
        sandbox::Options::default(),
        |mut seat| async move {
            seat.until("http://127.0.0.1:").await;
            seat.remote.keys("A");
            seat.until("response_type=code").await;
            seat.remote.press(KeyCode::Enter);
            seat.until("signed in until").await;
            seat.until_true("a name", |screen| !screen.contains("new test user"))
                .await;
        },
    )
    .await;
}

#[tokio::test]
async fn an_exchange_is_copied_as_a_curl_command_and_as_a_bundle_without_its_token() {
    play(
        (120, 36),
        sandbox::Options::default(),
        |mut seat| async move {
            seat.sign_in().await;
            seat.until("\"accounts\"").await;
            seat.remote.keys("yc");
            seat.until("curl command sent").await;
            let text = seat.remote.copied();
            assert!(text.starts_with("curl http://127.0.0.1:"), "{text}");
            assert!(
                text.contains("authorization: Bearer $ASTRA_TOKEN"),
                "{text}"
            );
            seat.remote.keys("ys");
            seat.until("support bundle sent").await;
            let text = seat.remote.copied();
            assert!(text.contains("# Support request"), "{text}");
            assert!(text.contains("authorization: Bearer \u{2022}"), "{text}");
        },
    )
    .await;
}

#[tokio::test]
async fn the_application_vouches_for_somebody_who_is_known_and_they_are_signed_in() {
    let profile = Profile {
        trusted_provider: Some("example".into()),
        ..Profile::built_in()
    };
    let person = |mut seat: Seat| async move {
        seat.sign_in().await; // who somebody is, Astra tells
        seat.until("\"accounts\"").await;
        seat.remote.keys("3s");
        seat.until("y yes").await;
        seat.remote.keys("y");
        seat.until("signed out").await;
        seat.remote.keys("E");
        seat.until("customer id").await;
        for _ in 0..3 {
            seat.remote.press(KeyCode::Tab);
        }
        seat.remote.keys("customer-17");
        let save = KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL);
        seat.remote.send(Event::Key(save));
        seat.until_true("the form closed", |screen| !screen.contains("About Ada"))
            .await;
        seat.remote.keys("a");
        seat.until("Vouch for them").await;
        seat.remote.keys("v");
        seat.until("signed in until").await;
    };
    play_on(profile, (120, 36), sandbox::Options::default(), person).await;
}
