//! A session without a terminal or a network: keys go in, frames are drawn into memory.

use std::hint::black_box;
use std::time::Duration;

use astrascope::app::auth::SignIn;
use astrascope::app::{Env, Model, Msg, update};
use astrascope::catalog::Catalog;
use astrascope::config::{Keymap, Theme};
use astrascope::domain::{Grant, Hosts, Profile, TestUser, Timestamp, UserKey};
use astrascope::ui::Screen;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// Who is signed in.
pub const ADA: UserKey = UserKey(1);
/// 2026-03-02 12:32 UTC.
pub const NOW: Timestamp = Timestamp(1_772_454_720_000);

/// A session with a screen of 120 columns and 36 rows.
pub struct Session {
    pub model: Model,
    screen: Screen,
    terminal: Terminal<TestBackend>,
}

impl Session {
    /// A session in which Ada is signed in, and nothing was called yet.
    pub fn new() -> Self {
        let mut profile = Profile::built_in();
        profile.hosts = Some(Hosts::single("http://127.0.0.1:1"));
        let user = TestUser {
            name: "Ada Byron".into(),
            ..TestUser::unnamed(ADA)
        };
        let catalog = Catalog::built_in().expect("the embedded catalogue");
        let mut model = Model::new(catalog, profile, vec![user]);
        let grant = Grant {
            obtained_at: NOW,
            expires_at: NOW.after(Duration::from_secs(7200)),
            can_refresh: false,
            redirect_uri: String::new(),
        };
        let state = SignIn::SignedIn {
            grant,
            refresh_at: None,
        };
        model.auth.states.insert(ADA, state);
        let keymap = Keymap::built_in().expect("the embedded keymap");
        let theme = Theme::named("dark").expect("the embedded theme");
        Self {
            model,
            screen: Screen::new(keymap, theme),
            terminal: Terminal::new(TestBackend::new(120, 36)).expect("memory"),
        }
    }

    pub fn send(&mut self, msg: Msg) {
        update(&mut self.model, msg, Env { now: NOW });
        self.screen.follow(&self.model);
    }

    /// A key is pressed.
    pub fn input(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        let event = Event::Key(KeyEvent::new(code, modifiers));
        for msg in self.screen.input(&event, &self.model) {
            self.send(msg);
        }
    }

    /// A frame is drawn.
    pub fn draw(&mut self) {
        let Self {
            model,
            screen,
            terminal,
        } = self;
        let drawn = terminal.draw(|frame| screen.draw(frame, model, NOW, &TimeZone::UTC));
        black_box(drawn.expect("memory"));
    }

    /// A key is pressed, and its frame is drawn.
    pub fn press(&mut self, code: KeyCode) {
        self.input(code, KeyModifiers::NONE);
        self.draw();
    }

    pub fn type_in(&mut self, text: &str) {
        for letter in text.chars() {
            self.press(KeyCode::Char(letter));
        }
    }
}
