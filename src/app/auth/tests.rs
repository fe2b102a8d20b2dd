//! Every order of events of a sign-in.

use std::time::Duration;

use crate::app::auth::{Effect, Msg, Refusal, SignIn};
use crate::app::fixture::{ADA, BEN, Session, code};
use crate::app::{Desktop, Effect as AppEffect, Modal, Msg as AppMsg, Subject};
use crate::domain::{JobId, Nonce, Problem, Secret};

fn exchange_job(session: &mut Session) -> Option<JobId> {
    let effects = session.take_effects();
    effects.iter().find_map(|effect| match effect {
        AppEffect::Auth(Effect::Exchange { call, .. }) => Some(call.job),
        _ => None,
    })
}

fn prompt_text(session: &Session) -> String {
    match session.model.modals.top() {
        Some(Modal::Prompt(prompt)) if prompt.subject == Subject::SignIn => prompt.lines.join("\n"),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_sign_in_goes_from_the_prompt_to_the_accounts() {
    let mut session = Session::new();
    let job = session.start_sign_in(Some(ADA));
    let url = session.model.auth.flow_url().unwrap();
    assert!(
        url.starts_with("http://127.0.0.1:1/login/oauth/authorize?client_id=app&"),
        "{url}"
    );
    assert!(
        url.contains("response_type=code")
            && url.contains("state=state")
            && url.contains("phone=6505550100")
    );
    session.auth(Msg::Redirected {
        job,
        result: Ok(code("c0de", Some("state"))),
    });
    assert_eq!(session.model.modals.top(), None);
    let exchange = exchange_job(&mut session).unwrap();
    assert_eq!(
        session.model.auth.state(ADA),
        &SignIn::Exchanging {
            job: exchange,
            is_new: false,
        }
    );
    let grant = session.grant();
    session.auth(Msg::Tokens {
        job: exchange,
        result: Ok(grant.clone()),
        recorded: None,
    });
    assert_eq!(session.model.auth.grant(ADA), Some(&grant));
    let endpoints: Vec<_> = session
        .model
        .requests
        .entries
        .iter()
        .map(|entry| entry.exchange.endpoint.as_str())
        .collect();
    assert_eq!(endpoints, ["user.get", "accounts.list"]);
    assert!(!format!("{:?}", session.model).contains("c0de"));
}

#[test]
fn a_foreign_state_is_refused_and_ours_still_awaited() {
    let mut session = Session::new();
    session.start_sign_in(Some(ADA));
    session.take_effects();
    session.auth(Msg::Pasted(Secret::new(
        "http://127.0.0.1:5/callback?code=x&state=forged",
    )));
    assert_eq!(exchange_job(&mut session), None);
    assert!(prompt_text(&session).contains("belongs to another sign-in"));
    session.auth(Msg::Pasted(Secret::new(
        "http://127.0.0.1:5/callback?code=x&state=state",
    )));
    assert!(exchange_job(&mut session).is_some());
}

#[test]
fn text_that_is_neither_url_nor_code_is_answered_in_the_prompt() {
    let mut session = Session::new();
    session.start_sign_in(Some(ADA));
    session.auth(Msg::Pasted(Secret::new("what is this")));
    assert!(prompt_text(&session).contains("neither a redirect URL nor a code"));
    assert_eq!(session.model.auth.state(ADA), &SignIn::Authorizing);
}

#[test]
fn a_port_that_is_taken_leaves_pasting() {
    let mut session = Session::new();
    session.auth(Msg::Start(Some(ADA)));
    let job = session.model.auth.flow.as_ref().unwrap().job;
    session.auth(Msg::Listening {
        job,
        state: Nonce::new("s"),
        redirect_uri: "http://127.0.0.1:8765/callback".into(),
        problem: Some(Problem::new("port 8765 is taken")),
    });
    assert!(prompt_text(&session).contains("port 8765 is taken"));
    session.auth(Msg::Pasted(Secret::new("c0de")));
    assert!(exchange_job(&mut session).is_some());
}

#[test]
fn an_error_redirect_fails_the_sign_in_and_tells_why() {
    let mut session = Session::new();
    let job = session.start_sign_in(Some(ADA));
    let problem = Problem::new("authorization was refused by the person");
    session.auth(Msg::Redirected {
        job,
        result: Err(problem.clone()),
    });
    assert_eq!(session.model.auth.state(ADA), &SignIn::Failed(problem));
    assert_eq!(session.model.modals.top(), None);
}

#[test]
fn closing_the_prompt_gives_the_sign_in_up_and_a_new_user_away() {
    let mut session = Session::new();
    session.send(AppMsg::Users(crate::app::users::Msg::Select(None)));
    session.start_sign_in(None);
    assert_eq!(session.model.users.all.len(), 3);
    session.send(AppMsg::Modals(crate::app::modals::Msg::Close));
    assert_eq!(
        session.model.users.selected, None,
        "whom it acted for before"
    );
    assert_eq!(session.model.users.all.len(), 2);
    assert_eq!(session.model.auth.flow, None);
    assert!(
        session
            .take_effects()
            .iter()
            .any(|effect| matches!(effect, AppEffect::Cancel(_)))
    );
}

#[test]
fn a_new_sign_in_that_fails_leaves_nobody_behind_and_tells_why() {
    let problem = Problem::new("authorization was refused by the person");
    let is_told = |session: &Session| {
        session.model.modals.top() == Some(&Modal::Problem(problem.clone()))
            && session.model.users.all.len() == 2
            && session.model.users.selected == Some(ADA)
            && session.model.auth.states.is_empty()
    };
    let mut session = Session::new();
    let job = session.start_sign_in(None);
    let result = Err(problem.clone());
    session.auth(Msg::Redirected { job, result });
    assert!(is_told(&session));

    for is_final in [false, true] {
        let mut session = Session::new();
        session.start_sign_in(None);
        session.auth(Msg::Pasted(Secret::new("c0de")));
        let job = exchange_job(&mut session).unwrap();
        let problem = problem.clone();
        let result = Err(Refusal { problem, is_final });
        session.auth(Msg::Tokens {
            job,
            result,
            recorded: None,
        });
        assert!(is_told(&session));
    }
}

#[test]
fn giving_up_a_second_sign_in_keeps_the_first_tokens() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.start_sign_in(Some(ADA));
    session.auth(Msg::Cancel);
    assert!(session.model.auth.grant(ADA).is_some());
}

#[test]
fn a_walk_that_fails_is_told_in_the_prompt_and_can_be_tried_again() {
    let mut session = Session::new();
    session.start_sign_in(Some(ADA));
    session.auth(Msg::Walk);
    let job = session.model.auth.flow.as_ref().unwrap().walk.unwrap();
    assert!(session.model.auth.is_busy());
    session.auth(Msg::Walked {
        job,
        result: Err(Problem::new("the page has no form")),
    });
    assert!(prompt_text(&session).contains("the page has no form"));
    session.take_effects();
    session.auth(Msg::Walk);
    assert!(matches!(
        session.take_effects()[..],
        [AppEffect::Auth(Effect::Walk { .. })]
    ));
}

#[test]
fn the_url_can_be_opened_and_copied() {
    let mut session = Session::new();
    session.start_sign_in(Some(ADA));
    session.take_effects();
    session.auth(Msg::OpenBrowser);
    session.auth(Msg::CopyUrl);
    let effects = session.take_effects();
    assert!(
        matches!(&effects[0], AppEffect::Desktop(Desktop::OpenBrowser(url)) if url.contains("authorize"))
    );
    assert!(matches!(
        &effects[1],
        AppEffect::Desktop(Desktop::Copy { what: "URL", .. })
    ));
}

#[test]
fn a_missing_client_secret_is_asked_for_and_the_sign_in_goes_on() {
    let mut session = Session::new();
    session.model.profiles.secret = crate::app::profiles::SecretSource::Missing;
    session.auth(Msg::Start(Some(BEN)));
    assert!(
        matches!(session.model.modals.top(), Some(Modal::Prompt(prompt)) if prompt.subject == Subject::ClientSecret)
    );
    session.send(AppMsg::Modals(crate::app::modals::Msg::Submit(
        Secret::new("s"),
    )));
    assert_eq!(
        session.model.auth.flow.as_ref().map(|flow| flow.user),
        Some(BEN)
    );
}

#[test]
fn tokens_are_renewed_a_minute_before_they_run_out() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.wait(Duration::from_secs(7139));
    assert!(session.take_refreshes().is_empty());
    session.wait(Duration::from_secs(1));
    assert_eq!(session.take_refreshes().len(), 1);
    session.wait(Duration::from_secs(1));
    assert!(session.take_refreshes().is_empty(), "one renewal at a time");
}

#[test]
fn a_token_endpoint_that_is_out_of_reach_is_left_alone_for_a_while() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.wait(Duration::from_secs(7140));
    let job = session.take_refreshes()[0];
    let refusal = Refusal {
        problem: Problem::new("connection refused"),
        is_final: false,
    };
    session.auth(Msg::Tokens {
        job,
        result: Err(refusal),
        recorded: None,
    });
    assert!(
        session.model.auth.grant(ADA).is_some(),
        "the old token still has a minute"
    );
    session.wait(Duration::from_secs(29));
    assert!(session.take_refreshes().is_empty());
    session.wait(Duration::from_secs(1));
    assert_eq!(session.take_refreshes().len(), 1);
}

#[test]
fn a_refused_renewal_signs_out() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.wait(Duration::from_secs(7140));
    let job = session.take_refreshes()[0];
    let refusal = Refusal {
        problem: Problem::new("the refresh token was refused"),
        is_final: true,
    };
    session.auth(Msg::Tokens {
        job,
        result: Err(refusal),
        recorded: None,
    });
    assert!(matches!(session.model.auth.state(ADA), SignIn::Failed(_)));
    assert_eq!(session.model.auth.next_refresh(), None);
}

#[test]
fn signing_out_forgets_tokens_and_accounts() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.answer(job, 200, r#"{"count":0,"accounts":[]}"#);
    session.auth(Msg::SignOut(ADA));
    assert_eq!(session.model.auth.grant(ADA), None);
    assert_eq!(session.model.resources.list(ADA, "accounts.list"), None);
    assert!(
        session
            .take_effects()
            .contains(&AppEffect::Auth(Effect::Forget(ADA)))
    );
}

#[test]
fn signing_out_while_signing_in_gives_the_sign_in_up() {
    let mut session = Session::new();
    session.start_sign_in(Some(ADA));
    session.auth(Msg::SignOut(ADA));
    assert_eq!(session.model.auth.flow, None);
    assert_eq!(session.model.modals.top(), None);
}

#[test]
fn a_sign_in_before_the_sandbox_listens_goes_on_once_it_does() {
    let mut session = Session::new();
    let hosts = session.model.profiles.current.hosts.take().unwrap();
    session.auth(Msg::Start(Some(ADA)));
    assert_eq!(session.model.auth.flow, None);
    let msg = crate::app::profiles::Msg::SandboxStarted {
        hosts,
        client_id: "app".into(),
        secret: crate::app::profiles::SecretSource::BuiltIn,
    };
    session.send(AppMsg::Profiles(msg));
    assert_eq!(
        session.model.auth.flow.as_ref().map(|flow| flow.user),
        Some(ADA)
    );
}

#[test]
fn kept_tokens_are_taken_over_and_those_that_ran_out_wait_for_a_call() {
    let mut session = Session::new();
    let grant = session.grant();
    session.auth(Msg::Kept(ADA, grant.clone()));
    assert_eq!(session.model.auth.grant(ADA), Some(&grant));
    assert_eq!(session.model.auth.next_refresh(), Some(grant.refresh_at()));
    session.now = grant.expires_at;
    session.auth(Msg::Kept(BEN, grant.clone()));
    session.auth(Msg::Kept(crate::domain::UserKey(99), grant.clone()));
    session.model.auth.states.remove(&ADA);
    assert_eq!(session.model.auth.next_refresh(), None);
    assert!(session.take_refreshes().is_empty());
    session.list_accounts(BEN);
    assert_eq!(session.take_refreshes().len(), 1);
}

#[test]
fn tokens_that_have_run_out_on_arrival_are_not_renewed_for_ever() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.auth(Msg::Refresh(ADA));
    let job = session.take_refreshes()[0];
    let grant = crate::domain::Grant {
        expires_at: session.now,
        ..session.grant()
    };
    session.auth(Msg::Tokens {
        job,
        result: Ok(grant),
        recorded: None,
    });
    session.wait(Duration::from_secs(1));
    assert!(session.take_refreshes().is_empty());
}
