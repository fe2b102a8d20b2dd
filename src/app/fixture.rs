//! A session for tests of the core: a profile with hosts and keys, two test users, time in hand.

use std::time::Duration;

use crate::app::auth::{self, SignIn};
use crate::app::profiles::SecretSource;
use crate::app::{Answer, Effect, Env, Model, Msg, Opened, requests, update};
use crate::catalog::Catalog;
use crate::document::Document;
use crate::domain::history::{Entry, EntryId, Summary};
use crate::domain::{
    Body, Draft, EndpointId, Grant, Hosts, JobId, Method, Nonce, Outcome, Prepared, Profile,
    Response, Secret, TestUser, Timestamp, Timing, UserKey,
};

pub(crate) const ADA: UserKey = UserKey(1);
pub(crate) const BEN: UserKey = UserKey(2);

/// How long the access tokens of these tests last.
const LIFE: Duration = Duration::from_secs(7200);

pub(crate) struct Session {
    pub model: Model,
    pub now: Timestamp,
    /// Effects that were asked for and not looked at yet.
    pub effects: Vec<Effect>,
}

impl Session {
    pub(crate) fn new() -> Self {
        let mut profile = Profile::built_in();
        profile.hosts = Some(Hosts::single("http://127.0.0.1:1"));
        profile.client_id = "app".into();
        let user = |key, name: &str, phone: &str| TestUser {
            name: name.into(),
            phone: phone.into(),
            ..TestUser::unnamed(key)
        };
        let users = vec![
            user(ADA, "Ada Byron", "+16505550100"),
            user(BEN, "Ben Okri", "+16505550101"),
        ];
        let catalog = Catalog::built_in().unwrap();
        let mut model = Model::new(catalog, profile, users);
        model.profiles.secret = SecretSource::BuiltIn;
        Self {
            model,
            now: Timestamp(1_000_000),
            effects: Vec::new(),
        }
    }

    pub(crate) fn send(&mut self, msg: Msg) {
        self.effects
            .extend(update(&mut self.model, msg, Env { now: self.now }));
    }

    pub(crate) fn auth(&mut self, msg: auth::Msg) {
        self.send(Msg::Auth(msg));
    }

    pub(crate) fn wait(&mut self, duration: Duration) {
        self.now = self.now.after(duration);
        self.send(Msg::Woke);
    }

    /// Signs `user` in without going through the pages.
    pub(crate) fn sign_in(&mut self, user: UserKey) {
        let grant = self.grant();
        let refresh_at = Some(grant.refresh_at());
        self.model
            .auth
            .states
            .insert(user, SignIn::SignedIn { grant, refresh_at });
    }

    pub(crate) fn grant(&self) -> Grant {
        Grant {
            obtained_at: self.now,
            expires_at: self.now.after(LIFE),
            can_refresh: true,
            redirect_uri: "http://127.0.0.1:5/callback".into(),
        }
    }

    /// Asks for the accounts of `user`, and tells under which job.
    pub(crate) fn list_accounts(&mut self, user: UserKey) -> JobId {
        self.send(Msg::send(Draft::new("accounts.list").on_behalf_of(user)));
        self.model.requests.entries.back().unwrap().exchange.job
    }

    pub(crate) fn answer(&mut self, job: JobId, status: u16, body: &str) {
        let result = Ok(answer(status, body));
        self.send(Msg::Requests(requests::Msg::Finished { job, result }));
    }

    /// Starts a sign-in and lets the listener report; answers with its job.
    pub(crate) fn start_sign_in(&mut self, user: Option<UserKey>) -> JobId {
        self.auth(auth::Msg::Start(user));
        let job = self.model.auth.flow.as_ref().unwrap().job;
        self.auth(auth::Msg::Listening {
            job,
            state: Nonce::new("state"),
            redirect_uri: "http://127.0.0.1:5/callback".into(),
            problem: None,
        });
        job
    }

    /// The effects since the last look.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Jobs of the renewals asked for since the last look.
    pub(crate) fn take_refreshes(&mut self) -> Vec<JobId> {
        let job = |effect: &Effect| match effect {
            Effect::Auth(auth::Effect::Refresh { call }) => Some(call.job),
            _ => None,
        };
        let jobs = self.effects.iter().filter_map(job).collect();
        self.effects.clear();
        jobs
    }

    /// Jobs of the calls asked for since the last look.
    pub(crate) fn take_calls(&mut self) -> Vec<JobId> {
        let job = |effect: &Effect| match effect {
            Effect::Requests(requests::Effect::Call { job, .. }) => Some(*job),
            _ => None,
        };
        let jobs = self.effects.iter().filter_map(job).collect();
        self.effects.clear();
        jobs
    }
}

pub(crate) fn code(text: &str, state: Option<&str>) -> crate::domain::Redirect {
    crate::domain::Redirect {
        code: Secret::new(text),
        state: state.map(Nonce::new),
    }
}

pub(crate) fn answer(status: u16, body: &str) -> Answer {
    let body = Body::from(body);
    Answer {
        document: std::sync::Arc::new(Document::parse(body.clone())),
        marks: None,
        response: Response {
            status,
            version: "HTTP/1.1".into(),
            headers: Vec::new(),
            body,
            timing: Timing::default(),
            received_at: Timestamp(0),
        },
    }
}

/// A line of the history.
pub(crate) fn summary(id: i64) -> Summary {
    Summary {
        id: EntryId(id),
        started_at: Timestamp(id),
        profile: "built-in".into(),
        user: Some("Ada Byron".into()),
        endpoint: EndpointId::new("accounts.list"),
        method: Method::Get,
        url: "http://127.0.0.1:1/v1/accounts".into(),
        status: Some(200),
        failure: None,
        request_id: None,
        total: Duration::from_millis(12),
        size: 2,
    }
}

/// An exchange out of the history: one account of Ada's.
pub(crate) fn opened(url: &str) -> Opened {
    let Answer {
        response, document, ..
    } = answer(200, r#"{"id":"a1"}"#);
    Opened {
        entry: Entry {
            id: EntryId(7),
            started_at: Timestamp(5),
            profile: "built-in".into(),
            user: Some("Ada Byron".into()),
            endpoint: EndpointId::new("accounts.get"),
            request: Prepared {
                url: url.into(),
                ..Prepared::default()
            },
            request_size: 0,
            response_size: response.body.len(),
            outcome: Outcome::Done(response),
        },
        document: Some(document),
        marks: None,
    }
}
