//! What happens to profiles: keys found and typed, going over to another one, the form.

use crate::app::fixture::{ADA, Session};
use crate::app::profiles::form::{self, Verdict};
use crate::app::profiles::{Effect, Msg, PortCheck, SecretSource};
use crate::app::{Effect as AppEffect, Env, Modal, Model, Msg as AppMsg, modals, replay, update};
use crate::catalog::Catalog;
use crate::domain::{
    EndpointId, Environment, Found, Hosts, Kept, Problem, Profile, Secret, SecretStore, TestUser,
    Timestamp, UserKey,
};

const ENV: Env = Env { now: Timestamp(0) };

fn model() -> Model {
    Model::new(Catalog::default(), Profile::built_in(), Vec::new())
}

#[test]
fn a_sandbox_that_starts_brings_hosts_and_keys() {
    let mut model = model();
    assert!(model.profiles.hosts().is_err());
    let hosts = Hosts::single("http://127.0.0.1:1");
    let msg = Msg::SandboxStarted {
        hosts: hosts.clone(),
        client_id: "app".into(),
        secret: SecretSource::BuiltIn,
    };
    update(&mut model, AppMsg::Profiles(msg), ENV);
    assert_eq!(model.profiles.hosts(), Ok(&hosts));
    assert_eq!(model.profiles.secret, SecretSource::BuiltIn);
}

#[test]
fn a_sandbox_that_answers_late_changes_nothing_of_another_profile() {
    let mut model = model();
    let hosts = Hosts::single("https://api.astra.finance");
    model.profiles.current = Profile {
        name: "live".into(),
        environment: Environment::Production,
        hosts: Some(hosts.clone()),
        client_id: "mine".into(),
        ..Profile::built_in()
    };
    let started = Msg::SandboxStarted {
        hosts: Hosts::single("http://127.0.0.1:1"),
        client_id: "app".into(),
        secret: SecretSource::BuiltIn,
    };
    let failed = Msg::SandboxFailed(Problem::new("it is not there"));
    let before = model.clone();
    for late in [started, failed, Msg::StartAgain] {
        assert_eq!(update(&mut model, AppMsg::Profiles(late), ENV), []);
    }
    assert_eq!(model.profiles.hosts(), Ok(&hosts));
    assert_eq!(model, before);
}

#[test]
fn a_typed_secret_is_kept_without_its_blanks_and_never_enters_the_model() {
    let mut model = model();
    model.profiles.current.environment = Environment::Sandbox;
    let msg = Msg::SecretTyped(Secret::new(" s3cret\n"));
    let effects = update(&mut model, AppMsg::Profiles(msg), ENV);
    assert_eq!(
        effects,
        [AppEffect::Profiles(Effect::KeepSecret(Secret::new(
            "s3cret"
        )))]
    );
    assert!(!format!("{model:?}").contains("s3cret"));
}

#[test]
fn an_empty_secret_is_not_kept() {
    let mut model = model();
    assert!(
        update(
            &mut model,
            AppMsg::Profiles(Msg::SecretTyped(Secret::new(" "))),
            ENV
        )
        .is_empty()
    );
    assert_eq!(model.profiles.secret, SecretSource::Missing);
}

#[test]
fn a_sandbox_that_does_not_start_is_told_whole_and_where_it_is_missed() {
    let mut model = model();
    let problem = Problem::new("the built-in sandbox could not be started").because("no sockets");
    update(
        &mut model,
        AppMsg::Profiles(Msg::SandboxFailed(problem.clone())),
        ENV,
    );
    assert_eq!(model.modals.top(), Some(&Modal::Problem(problem.clone())));
    assert_eq!(model.profiles.hosts(), Err(problem));
}

#[test]
fn what_was_kept_is_taken_over_and_a_store_that_fails_is_told() {
    let mut model = model();
    model.profiles.current.environment = Environment::Sandbox;
    let effects = update(&mut model, AppMsg::Profiles(Msg::Look), ENV);
    assert_eq!(effects, [AppEffect::Profiles(Effect::Look)]);
    assert_eq!(model.profiles.secret, SecretSource::Sought);
    let problem = Problem::new("the keyring does not answer").hint("unlock it");
    let kept = Kept {
        store: SecretStore::File,
        problem: Some(problem.clone()),
        client_secret: Some(Found::Store(SecretStore::File)),
        grants: Vec::new(),
    };
    update(&mut model, AppMsg::Profiles(Msg::Looked(kept)), ENV);
    assert_eq!(model.profiles.secret, SecretSource::File);
    assert_eq!(model.profiles.store_problem, Some(problem));
    let notice = model.notices.current.unwrap().text;
    assert!(notice.starts_with("secrets are kept in a file of yours: the keyring"));
}

fn astra() -> Profile {
    Profile {
        name: "astra".into(),
        environment: Environment::Sandbox,
        client_id: "abc".into(),
        redirect_uri: "http://127.0.0.1:8765/callback".into(),
        hosts: Hosts::of(Environment::Sandbox),
        ..Profile::built_in()
    }
}

fn profiles(session: &mut Session, msg: Msg) {
    session.send(AppMsg::Profiles(msg));
}

#[test]
fn going_over_leaves_nothing_of_the_old_profile_and_no_job_of_it_running() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.model.profiles.all.push(astra());
    session.take_effects();
    profiles(&mut session, Msg::Switch("astra".into()));
    let model = &session.model;
    assert_eq!(model.profiles.current, astra());
    assert_eq!(model.profiles.secret, SecretSource::Sought);
    assert_eq!(model.profiles.all.len(), 2);
    assert!(model.users.all.is_empty() && model.auth.states.is_empty());
    assert!(model.requests.entries.is_empty());
    assert!(!model.catalog.endpoints().is_empty());
    let effects = session.take_effects();
    let expected = [
        AppEffect::CancelAll,
        AppEffect::Profiles(Effect::Open(astra())),
    ];
    assert_eq!(effects, expected);
    // A late answer of the old profile meets nobody.
    session.answer(job, 200, "{}");
    assert!(session.model.requests.entries.is_empty());
    let users = vec![TestUser::unnamed(UserKey(77))];
    profiles(&mut session, Msg::Users(Ok(users)));
    assert_eq!(session.model.users.selected, Some(UserKey(77)));
    assert_eq!(session.take_effects(), [AppEffect::Profiles(Effect::Look)]);
    session.send(AppMsg::sign_in(None));
    assert!(session.model.users.all.iter().all(|user| user.key.0 <= 78));
}

#[test]
fn going_over_keeps_the_persons_own_rules_of_comparing() {
    let mut session = Session::new();
    session.model.profiles.all.push(astra());
    session.send(AppMsg::Replay(replay::Msg::ToggleRule(".balance".into())));
    session.model.replay.brought_forward = 3;
    profiles(&mut session, Msg::Switch("astra".into()));
    assert_eq!(session.model.profiles.current, astra());
    let replay = &session.model.replay;
    assert!(replay.rules.cover(".balance"));
    assert_eq!((replay.own_rules.len(), replay.brought_forward), (1, 3));
}

#[test]
fn control_calls_of_the_sandbox_stay_with_it() {
    let mut session = Session::new();
    session.model.profiles.all.push(astra());
    let reset = EndpointId::new("sandbox.reset");
    for (name, is_there) in [("astra", false), ("built-in", true), ("astra", false)] {
        profiles(&mut session, Msg::Switch(name.into()));
        let found = session.model.catalog.endpoint(&reset);
        assert_eq!(found.is_some(), is_there, "{name}");
    }
}

#[test]
fn a_profile_that_is_gone_is_not_gone_over_to() {
    let mut session = Session::new();
    profiles(&mut session, Msg::Switch("nobody".into()));
    assert!(session.take_effects().is_empty());
    assert!(session.model.profiles.is_built_in());
}

fn values(session: &Session) -> Vec<String> {
    match session.model.modals.top() {
        Some(Modal::Form(form)) => form
            .fields
            .iter()
            .map(|field| field.value.clone())
            .collect(),
        other => panic!("no form: {other:?}"),
    }
}

fn verdicts(session: &Session, values: &[String]) -> Vec<Verdict> {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    form::verdicts(&session.model, &values)
}

#[test]
fn the_form_of_a_profile_is_checked_and_written_without_its_secret() {
    let mut session = Session::new();
    session.model.profiles.all.push(astra());
    profiles(&mut session, Msg::Edit("astra".into()));
    let mut values = values(&session);
    assert_eq!(&values[..3], ["astra", "sandbox", "abc"]);
    let is_wrong = |verdict: &Verdict| matches!(verdict, Verdict::Wrong(_));
    assert!(!verdicts(&session, &values).iter().any(is_wrong));
    for (index, text) in [(0, "built-in"), (2, ""), (2, "a:b"), (4, "http://h/cb")] {
        let mut values = values.clone();
        values[index] = text.into();
        assert!(is_wrong(&verdicts(&session, &values)[index]), "{text}");
    }
    let uri = values[4].clone();
    let problem = Some("port 8765 cannot be listened on".to_owned());
    profiles(&mut session, Msg::PortChecked(PortCheck { uri, problem }));
    assert!(matches!(verdicts(&session, &values)[4], Verdict::Doubt(_)));
    values[1] = "production".into();
    assert!(matches!(verdicts(&session, &values)[1], Verdict::Doubt(_)));
    values[3] = " hunter2 ".into();
    session.take_effects();
    let typed = values.iter().map(Secret::new).collect();
    session.send(AppMsg::Modals(modals::Msg::SubmitForm(typed)));
    let effects = session.take_effects();
    let [
        AppEffect::Profiles(Effect::Write {
            original,
            profile,
            secret,
        }),
    ] = &effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(original.as_deref(), Some(&astra()));
    assert_eq!(profile.get("environment"), "production");
    assert_eq!(*secret, Secret::new("hunter2"));
    assert!(!format!("{effects:?}{:?}", session.model).contains("hunter2"));
}

#[test]
fn hosts_are_typed_for_a_custom_environment_only() {
    let count = |environment: &str| {
        let shown = form::shown(&["x", environment, "", "", "", "", "", "", "", "", "", "", ""]);
        shown.into_iter().filter(|is_shown| *is_shown).count()
    };
    assert_eq!(
        [count("custom"), count("sandbox"), count("built-in")],
        [14, 9, 6]
    );
}

#[test]
fn a_new_profile_is_gone_over_to_and_a_deleted_one_left() {
    let mut session = Session::new();
    let saved = |all: Vec<Profile>, name: Option<&str>| Msg::Saved {
        all,
        name: name.map(Into::into),
    };
    let both = vec![Profile::built_in(), astra()];
    profiles(&mut session, saved(both.clone(), Some("astra")));
    assert_eq!(session.model.profiles.current.name, "astra");
    let other = Profile {
        name: "other".into(),
        ..astra()
    };
    session.model.profiles.all.push(other.clone());
    profiles(
        &mut session,
        saved([both, vec![other]].concat(), Some("other")),
    );
    assert_eq!(session.model.profiles.current.name, "astra");
    profiles(&mut session, Msg::AskDelete("astra".into()));
    assert!(matches!(
        session.model.modals.top(),
        Some(Modal::Confirm(_))
    ));
    profiles(&mut session, saved(vec![Profile::built_in()], None));
    assert!(session.model.profiles.is_built_in());
}

#[test]
fn the_built_in_sandbox_is_neither_deleted_nor_tried() {
    let mut session = Session::new();
    profiles(&mut session, Msg::AskDelete("built-in".into()));
    profiles(&mut session, Msg::TryKeys(Vec::new()));
    assert_eq!(session.model.modals.top(), None);
    assert!(session.take_effects().is_empty());
}

#[test]
fn what_trying_the_keys_found_out_is_told_with_what_to_do() {
    let mut session = Session::new();
    let finding = super::Finding {
        what: "client id and secret",
        result: Err(Problem::new("they are refused").hint("check both")),
    };
    profiles(&mut session, Msg::Tried(vec![finding]));
    let Some(Modal::Note { title, lines }) = session.model.modals.top() else {
        panic!("nothing is told");
    };
    assert_eq!(title, "These keys do not work yet");
    assert_eq!(
        lines[0],
        "✗ client id and secret: they are refused → check both"
    );
}
