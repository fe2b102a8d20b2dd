//! A session in a state of one's choice, a screen on it, and the terminal in memory that it is drawn into.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, KeyEvent};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::app::auth::{self, SignIn};
use crate::app::profiles::SecretSource;
use crate::app::{Answer, Effect, Env, Model, Msg, notices, requests, saved, update};
use crate::catalog::Catalog;
use crate::config::{Keymap, Theme};
use crate::document::Document;
use crate::domain::{
    Arriving, Body, Draft, Grant, Hosts, JobId, Nonce, Problem, Profile, Progress, Response,
    TestUser, Timestamp, Timing, UserKey, UserStatus,
};
use crate::ui::Screen;

/// 2026-03-02 12:32 UTC.
pub(super) const NOW: Timestamp = Timestamp(1_772_454_720_000);
pub(super) const ADA: UserKey = UserKey(1);

pub(super) const ACCOUNTS: &str = include_str!("lists/accounts.json");
pub(super) const CARDS: &str = include_str!("lists/cards.json");
pub(super) const ROUTINES: &str = include_str!("lists/routines.json");
pub(super) const TRANSFERS: &str = include_str!("lists/transfers.json");
pub(super) const TRANSACTIONS: &str = include_str!("lists/transactions.json");
pub(super) const USER: &str = include_str!("lists/user.json");

/// A person at a terminal.
pub(super) struct Session {
    pub(super) model: Model,
    pub(super) screen: Screen,
    pub(super) now: Timestamp,
    /// Messages that followed from the keys pressed last.
    pub(super) msgs: Vec<Msg>,
}

impl Session {
    /// The built-in sandbox has started; nobody is signed in.
    pub(super) fn new() -> Self {
        let mut profile = Profile::built_in();
        profile.hosts = Some(Hosts::single("http://127.0.0.1:43121"));
        profile.client_id = "astrascope-built-in".into();
        let mut session = Self::on(profile);
        session.model.profiles.secret = SecretSource::BuiltIn;
        session
    }

    /// A session on `profile`, whose secret is not known.
    pub(super) fn on(profile: Profile) -> Self {
        let statuses = [
            ("Ada Byron", UserStatus::Approved),
            ("Ben Okri", UserStatus::Pending),
            ("Chidi Anagonye", UserStatus::Retry),
            ("Dana Scully", UserStatus::Document),
            ("Edmund Hillary", UserStatus::Suspended),
            ("Fatima al-Fihri", UserStatus::Rejected),
        ];
        let user = |(index, (name, status)): (u64, (&str, UserStatus))| TestUser {
            name: name.into(),
            phone: format!("+1650555010{index}"),
            status: Some(status),
            ..TestUser::unnamed(UserKey(index + 1))
        };
        let users = (0..).zip(statuses).map(user).collect();
        let mut session = Self {
            model: Model::new(Catalog::built_in().unwrap(), profile, users),
            screen: Screen::new(Keymap::built_in().unwrap(), Theme::named("dark").unwrap()),
            now: NOW,
            msgs: Vec::new(),
        };
        session.model.saved.is_loaded = true;
        session.model.history.is_loaded = true;
        session
    }

    /// Ada Byron is signed in, and the list of her accounts was asked for.
    pub(super) fn loading() -> Self {
        let mut session = Self::new();
        session.sign_in(ADA);
        session.send(Msg::load_accounts(ADA));
        session
    }

    /// The accounts have come.
    pub(super) fn loaded() -> Self {
        let mut session = Self::loading();
        session.answer(200, ACCOUNTS);
        session
    }

    /// Accounts, cards and routines have come; the list of the tab that `keys` lead to has come, too.
    pub(super) fn listing(keys: &str, body: &'static str) -> Self {
        let mut session = Self::loaded();
        for (endpoint, body) in [("cards.list", CARDS), ("routines.list", ROUTINES)] {
            let draft = Draft::new(endpoint).on_behalf_of(ADA);
            session.send(Msg::send(draft));
            session.answer(200, body);
        }
        session.press("4");
        let is_asked = !session.press(keys).is_empty();
        if is_asked {
            session.answer(200, body);
        }
        session
    }

    /// Signs `user` in without going through the pages.
    pub(super) fn sign_in(&mut self, user: UserKey) {
        self.grant(user, true);
    }

    /// The same with tokens that cannot be renewed: a refused call is not sent again.
    pub(super) fn sign_in_for_good(&mut self, user: UserKey) {
        self.grant(user, false);
    }

    fn grant(&mut self, user: UserKey, can_refresh: bool) {
        let grant = Grant {
            obtained_at: self.now,
            expires_at: self.now.after(Duration::from_secs(7200)),
            can_refresh,
            redirect_uri: "http://127.0.0.1:5/callback".into(),
        };
        let refresh_at = can_refresh.then(|| grant.refresh_at());
        self.model
            .auth
            .states
            .insert(user, SignIn::SignedIn { grant, refresh_at });
    }

    /// The prompt of a sign-in is open.
    pub(super) fn signing_in() -> Self {
        Self::new().asked()
    }

    /// The same in this session.
    pub(super) fn asked(mut self) -> Self {
        self.send(Msg::sign_in(Some(ADA)));
        let job = self.model.auth.flow.as_ref().unwrap().job;
        self.send(Msg::Auth(auth::Msg::Listening {
            job,
            state: Nonce::new("Zm9yZ2VkIG9yIG5vdD8"),
            redirect_uri: "http://127.0.0.1:39117/callback".into(),
            problem: None,
        }));
        self
    }

    pub(super) fn send(&mut self, msg: Msg) {
        for effect in update(&mut self.model, msg, Env { now: self.now }) {
            if let Effect::Saved(saved::Effect::List(job)) = effect {
                self.list_saved(job);
            }
        }
        for msg in self.screen.follow(&self.model) {
            update(&mut self.model, msg, Env { now: self.now });
        }
    }

    /// The folders of saved requests are read, and are as they were.
    fn list_saved(&mut self, job: JobId) {
        let listing = saved::Listing {
            items: self.model.saved.items.clone(),
            has_project: self.model.saved.has_project,
        };
        self.send(Msg::Saved(saved::Msg::Listed { job, listing }));
    }

    /// The newest call is answered.
    pub(super) fn answer(&mut self, status: u16, body: impl AsRef<[u8]> + Send + Sync + 'static) {
        self.answer_with(answer(status, Body::new(body)));
    }

    /// The newest call is answered with something that is no JSON.
    pub(super) fn answer_as(&mut self, content_type: &str, body: &'static [u8]) {
        let mut answer = answer(200, Body::new(body));
        answer.response.headers[0].1 = content_type.to_owned();
        let document = Document::parse(Body::new(body));
        answer.document = Arc::new(document.made_readable(Some(content_type)));
        self.answer_with(answer);
    }

    fn answer_with(&mut self, mut answer: Answer) {
        let catalog = &self.model.catalog;
        let endpoint = self
            .model
            .requests
            .find(self.job())
            .map(|entry| &entry.exchange.endpoint);
        let endpoint = endpoint
            .and_then(|id| catalog.endpoint(id))
            .filter(|_| answer.response.is_success());
        answer.marks = endpoint
            .and_then(|endpoint| catalog.check_answer(endpoint, &answer.document))
            .map(Arc::new);
        self.finish(Ok(answer));
    }

    /// The newest call fails.
    pub(super) fn fail(&mut self, problem: Problem) {
        self.finish(Err(problem));
    }

    /// The first `text` of the answer to the newest call has come, of 2000 bytes.
    pub(super) fn arrives(&mut self, text: &str) {
        self.arrives_as(None, text);
    }

    /// The same of something that is no JSON.
    pub(super) fn arrives_as(&mut self, kind: Option<&str>, text: &str) {
        let document = Document::parse(text.into()).made_readable(kind);
        let progress = Progress {
            received: text.len(),
            expected: Some(2000),
            elapsed: Duration::from_millis(500),
        };
        let arriving = Arriving {
            status: 200,
            headers: Vec::new(),
            progress,
        };
        self.send(Msg::Requests(requests::Msg::Arrived {
            job: self.job(),
            arriving,
            document: Some(Arc::new(document)),
        }));
    }

    fn finish(&mut self, result: Result<Answer, Problem>) {
        let job = self.job();
        self.send(Msg::Requests(requests::Msg::Finished { job, result }));
    }

    fn job(&self) -> JobId {
        self.model.requests.entries.back().unwrap().exchange.job
    }

    /// Presses `keys`, separated by blanks, and carries out what follows.
    pub(super) fn press(&mut self, keys: &str) -> &[Msg] {
        self.msgs.clear();
        for key in keys.split(' ') {
            let key = crokey::parse(key).map_or_else(|_| panic!("{key}"), |_| event(key));
            let msgs = self.screen.input(&Event::Key(key), &self.model);
            for msg in &msgs {
                self.send(msg.clone());
            }
            let goes_on = Msg::Notices(notices::Msg::GoOn);
            self.msgs
                .extend(msgs.into_iter().filter(|msg| *msg != goes_on));
        }
        &self.msgs
    }

    pub(super) fn draw(&mut self, width: u16, height: u16) -> Terminal<TestBackend> {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| {
                self.screen
                    .draw(frame, &self.model, self.now, &TimeZone::UTC);
            })
            .unwrap();
        terminal
    }

    /// What a person reads.
    pub(super) fn text(&mut self, width: u16, height: u16) -> String {
        let terminal = self.draw(width, height);
        let buffer = terminal.backend().buffer();
        let row = |cells: &[ratatui::buffer::Cell]| {
            let text: String = cells.iter().map(ratatui::buffer::Cell::symbol).collect();
            text.trim_end().to_owned()
        };
        let columns = usize::from(width).max(1);
        buffer
            .content
            .chunks(columns)
            .map(row)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// The event of a key in crokey's spelling; a capital stands for itself.
fn event(key: &str) -> KeyEvent {
    match key.chars().collect::<Vec<_>>()[..] {
        [letter] => KeyEvent::from(crossterm::event::KeyCode::Char(letter)),
        _ => crokey::parse(key).unwrap().into(),
    }
}

pub(super) fn answer(status: u16, body: Body) -> Answer {
    let millis = Duration::from_millis;
    let headers = [
        ("content-type", "application/json"),
        ("request-id", "2f0c6d1e-8a4b-4f6e-9c57-0b1f3d2a7e90"),
        ("date", "Mon, 02 Mar 2026 12:32:00 GMT"),
    ];
    let document = Document::parse(body.clone()).made_readable(None);
    let document = Arc::new(document);
    let response = Response {
        status,
        version: "HTTP/1.1".into(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        body,
        timing: Timing {
            dns: None,
            connect: Some(Duration::from_micros(420)),
            wait: millis(9),
            download: millis(2),
            total: millis(12),
        },
        received_at: NOW,
    };
    Answer {
        response,
        document,
        marks: None,
    }
}
