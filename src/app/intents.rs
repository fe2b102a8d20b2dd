//! User intents: making a test user from a preset, and asking until Astra has decided about them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::app::{self, Choice, Env, Modal, Model, Outbox, Prompt, Subject};
use crate::config::Action;
use crate::domain::{
    Body, Draft, EndpointId, Environment, JobId, Preset, TestUser, Timestamp, UserKey, UserStatus,
};

/// The endpoint that creates an intent.
const CREATE: &str = "user_intents.create";
/// The endpoint that tells where one stands.
const READ: &str = "user_intents.get";

/// A check takes a few seconds (Astra's guide "User statuses"): ask soon, then less and less often.
const FIRST_POLL: Duration = Duration::from_secs(1);
/// Asking more seldom than this would look like standing still.
const SLOWEST_POLL: Duration = Duration::from_secs(30);
/// After this many questions, some five minutes, nobody is waiting any more.
const MOST_POLLS: u32 = 15;

/// The keys of the presets, in the order of the catalogue.
const KEYS: [Action; 4] = [
    Action::Choose1,
    Action::Choose2,
    Action::Choose3,
    Action::Choose4,
];

/// The intents of the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intents {
    of: BTreeMap<UserKey, Intent>,
}

/// An intent that was created in this session.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Intent {
    id: String,
    polls: u32,
    /// When to ask next; `None` while an answer is awaited, and once it is settled.
    poll_at: Option<Timestamp>,
}

/// What may happen to intents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Msg {
    /// Ask which kind of test user to make.
    Ask,
    /// Make one from this preset.
    Create(Preset),
}

impl Intents {
    /// The intent of `user`, to be named when they authorize.
    pub fn id_of(&self, user: UserKey) -> Option<&str> {
        self.of.get(&user).map(|intent| intent.id.as_str())
    }

    /// When the next question is due.
    pub fn next_poll(&self) -> Option<Timestamp> {
        self.of.values().filter_map(|intent| intent.poll_at).min()
    }
}

pub(crate) fn update(model: &Model, msg: Msg, env: Env, out: &mut Outbox) {
    match msg {
        Msg::Ask => out.message(app::Msg::open(Modal::Prompt(prompt(model)))),
        Msg::Create(preset) => {
            out.message(app::Msg::dismiss(Subject::NewUser));
            if let Some(body) = body(model, &preset, env) {
                let mut draft = Draft::new(preset.endpoint.as_str());
                draft.body = Some(Body::from(body.as_str()));
                out.message(app::Msg::send(draft));
            }
        }
    }
}

fn prompt(model: &Model) -> Prompt {
    let endpoint = EndpointId::new(CREATE);
    let presets = model.catalog.presets(&endpoint);
    let choice = |(action, preset): (Action, &Preset)| Choice {
        action,
        label: format!("{}: {}", preset.id, preset.meaning),
        msg: app::Msg::Intents(Msg::Create(preset.clone())),
    };
    // Presets are made of what sandboxes decide by; on production a check is about somebody real.
    let is_real = model.profiles.current.environment == Environment::Production;
    let presets = presets.filter(|_| !is_real);
    let mut choices: Vec<_> = KEYS.into_iter().zip(presets).map(choice).collect();
    choices.push(Choice {
        action: Action::EditInput,
        label: "somebody of your own, in the composer".into(),
        msg: app::Msg::compose_instead(CREATE, Subject::NewUser),
    });
    Prompt {
        subject: Subject::NewUser,
        title: if is_real { "New user" } else { "New test user" }.into(),
        url: None,
        lines: vec![
            match is_real {
                true => "A user intent starts the identity check of a real person on production.",
                false => {
                    "A user intent starts the identity check; the sandbox decides by these values."
                }
            }
            .into(),
        ],
        input: None,
        choices,
    }
}

/// The body for `preset`: its values, samples for the other required fields, an e-mail and a phone that are new.
fn body(model: &Model, preset: &Preset, env: Env) -> Option<String> {
    let endpoint = model.catalog.endpoint(&preset.endpoint)?;
    let mut body = Map::new();
    for field in &endpoint.body {
        let made_up = match field.name.as_str() {
            "email" => Some(format!("{}.{}@example.com", preset.id, env.now.0)),
            "phone" => Some(format!("+1415555{:04}", env.now.0.rem_euclid(10_000))),
            _ => None,
        };
        let sample = field
            .sample
            .clone()
            .filter(|_| field.required || field.secret || field.format.is_some());
        if let Some(value) = preset
            .values
            .get(&field.name)
            .cloned()
            .or(made_up)
            .or(sample)
        {
            body.insert(field.name.clone(), Value::from(value));
        }
    }
    serde_json::to_string_pretty(&body).ok()
}

/// The fields of intents that the session reads; any of them may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    id: String,
    email: String,
    phone: String,
    first_name: String,
    last_name: String,
    status: String,
}

/// Takes a new intent, or news of one, from an answer.
pub(crate) fn answered(model: &mut Model, job: JobId, env: Env, out: &mut Outbox) {
    let Some(exchange) = model.requests.find(job).map(|entry| &entry.exchange) else {
        return; // dropped from the session meanwhile
    };
    let read = |body: &Body| serde_json::from_slice::<Fields>(body.as_bytes()).unwrap_or_default();
    let answer = exchange
        .response()
        .filter(|response| response.is_success())
        .map(|response| read(&response.body));
    match (exchange.endpoint.as_str(), answer) {
        (CREATE, Some(answer)) if !answer.id.is_empty() => {
            let sent = exchange.request.body.as_ref().map(read).unwrap_or_default();
            created(model, answer.id, sent, env, out);
        }
        (READ, answer) => {
            let id = model
                .requests
                .find(job)
                .and_then(|entry| entry.draft.as_ref()?.path.get("id").cloned());
            told(model, &id.unwrap_or_default(), answer.as_ref(), env, out);
        }
        _ => {} // another endpoint, or refused: the Inspector shows it
    }
}

fn created(model: &mut Model, id: String, sent: Fields, env: Env, out: &mut Outbox) {
    let key = model.new_user_key();
    model.intents.of.insert(
        key,
        Intent {
            id,
            polls: 0,
            poll_at: Some(env.now.after(FIRST_POLL)),
        },
    );
    out.message(app::Msg::add_known_user(TestUser {
        name: format!("{} {}", sent.first_name, sent.last_name),
        email: sent.email,
        phone: sent.phone,
        status: Some(UserStatus::Pending),
        ..TestUser::unnamed(key)
    }));
    out.message(app::Msg::notice(
        "user intent created; waiting for the identity check",
    ));
}

/// Notes where an intent stands; asks again, later each time, while the check runs.
fn told(model: &mut Model, id: &str, answer: Option<&Fields>, env: Env, out: &mut Outbox) {
    let Some((key, intent)) = model
        .intents
        .of
        .iter_mut()
        .find(|(_, intent)| intent.id == id)
    else {
        return; // read by hand, or of another session
    };
    let status = answer.and_then(|answer| UserStatus::parse(&answer.status));
    match status {
        Some(UserStatus::Pending) | None if intent.polls < MOST_POLLS => {
            let wait = FIRST_POLL
                .saturating_mul(1 << intent.polls.min(5))
                .min(SLOWEST_POLL);
            intent.poll_at = Some(env.now.after(wait));
        }
        Some(UserStatus::ConvertedToUser) | None => intent.poll_at = None, // the user's own status says more
        Some(status) => {
            let is_news = intent.polls > 0;
            intent.poll_at = None;
            out.message(app::Msg::status_of(*key, status));
            let name = model
                .users
                .get(*key)
                .map_or("the test user", TestUser::label);
            if is_news {
                out.message(app::Msg::notice(format!(
                    "{name} is {}: press a to authorize",
                    status.name()
                )));
            }
        }
    }
}

/// Asks about every intent whose time has come.
pub(crate) fn woke(model: &mut Model, env: Env, out: &mut Outbox) {
    for intent in model
        .intents
        .of
        .values_mut()
        .filter(|intent| intent.poll_at.is_some_and(|at| at <= env.now))
    {
        intent.poll_at = None;
        intent.polls += 1;
        out.message(app::Msg::send_quietly(
            Draft::new(READ).with_path("id", intent.id.clone()),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Session;
    use crate::app::{Effect, requests};

    fn create(session: &mut Session) -> JobId {
        let preset = session
            .model
            .catalog
            .presets(&EndpointId::new(CREATE))
            .next()
            .unwrap()
            .clone();
        session.send(app::Msg::Intents(Msg::Create(preset)));
        session.model.requests.entries.back().unwrap().exchange.job
    }

    fn asked(session: &mut Session) -> Vec<JobId> {
        let job = |effect: Effect| match effect {
            Effect::Requests(requests::Effect::Call { job, request, .. })
                if request.url.ends_with("/v1/user_intent/i1") =>
            {
                Some(job)
            }
            _ => None,
        };
        session.take_effects().into_iter().filter_map(job).collect()
    }

    #[test]
    fn production_has_no_presets() {
        let mut session = Session::new();
        session.model.profiles.current.environment = Environment::Production;
        let prompt = prompt(&session.model);
        assert_eq!(prompt.choices.len(), 1, "somebody of one's own only");
        assert!(prompt.lines[0].contains("real person"));
    }

    #[test]
    fn a_preset_becomes_a_test_user_who_is_asked_about_until_it_is_settled() {
        let mut session = Session::new();
        let job = create(&mut session);
        session.answer(job, 201, "{\"id\":\"i1\"}");
        let user = session.model.users.current().unwrap().clone();
        assert_eq!(
            (user.name.as_str(), user.status),
            ("Edmund Hillary", Some(UserStatus::Pending))
        );
        session.take_effects();
        let mut waited = Vec::new();
        for answer in ["pending", "pending", "approved"] {
            let due = session
                .model
                .intents
                .next_poll()
                .unwrap()
                .since(session.now);
            waited.push(due.as_secs());
            session.wait(due);
            let jobs = asked(&mut session);
            assert_eq!(jobs.len(), 1);
            session.answer(
                jobs[0],
                200,
                &format!("{{\"id\":\"i1\",\"status\":\"{answer}\"}}"),
            );
        }
        assert_eq!(waited, [1, 2, 4]);
        assert_eq!(session.model.intents.next_poll(), None);
        assert_eq!(
            session.model.users.current().unwrap().status,
            Some(UserStatus::Approved)
        );
        assert!(
            session
                .model
                .notices
                .current
                .as_ref()
                .unwrap()
                .text
                .contains("press a to authorize")
        );
        session.start_sign_in(Some(user.key));
        let url = session
            .model
            .auth
            .flow
            .as_ref()
            .unwrap()
            .request
            .as_ref()
            .unwrap()
            .url
            .clone();
        assert!(url.contains("user_intent_id=i1"), "{url}");
    }

    #[test]
    fn an_intent_that_never_settles_is_given_up() {
        let mut session = Session::new();
        let job = create(&mut session);
        session.answer(job, 201, "{\"id\":\"i1\"}");
        session.take_effects();
        let mut polls = 0;
        while let Some(at) = session.model.intents.next_poll() {
            session.wait(at.since(session.now));
            for job in asked(&mut session) {
                polls += 1;
                session.answer(job, 500, "{}");
            }
        }
        assert_eq!(polls, MOST_POLLS);
    }

    #[test]
    fn a_refused_intent_makes_no_user() {
        let mut session = Session::new();
        let job = create(&mut session);
        session.answer(job, 403, "{\"code\":403}");
        assert_eq!(session.model.users.all.len(), 2);
        assert_eq!(session.model.intents.next_poll(), None);
    }
}
