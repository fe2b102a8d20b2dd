//! Sign-ins under events in any order: the state machine never contradicts itself.

use std::time::Duration;

use proptest::prelude::*;

use crate::app::auth::{Msg, Refusal, SignIn};
use crate::app::fixture::{ADA, BEN, Session, code};
use crate::app::{Msg as AppMsg, Subject};
use crate::domain::{JobId, Nonce, Problem, Secret, UserKey};

/// Anything that may arrive, with a job number that may be right, late or foreign.
fn happen(session: &mut Session, kind: u8, number: u64, flag: bool) {
    let job = JobId(number);
    let user = if flag { ADA } else { BEN };
    let state = if flag { "state" } else { "forged" };
    let refusal = Refusal {
        problem: Problem::new("no"),
        is_final: flag,
    };
    let grant = session.grant();
    match kind {
        0 => session.auth(Msg::Start(Some(user))),
        1 => session.auth(Msg::Start(None)),
        2 => session.auth(Msg::Listening {
            job,
            state: Nonce::new("state"),
            redirect_uri: "http://127.0.0.1:5/callback".into(),
            problem: None,
        }),
        3 => session.auth(Msg::Redirected {
            job,
            result: Ok(code("c", Some(state))),
        }),
        4 => session.auth(Msg::Redirected {
            job,
            result: Err(Problem::new("timed out")),
        }),
        5 => session.auth(Msg::Pasted(Secret::new(format!("?code=c&state={state}")))),
        6 => session.auth(Msg::Walk),
        7 => session.auth(Msg::Walked {
            job,
            result: Ok(flag.then(|| code("c", Some("state")))),
        }),
        8 => session.auth(Msg::Tokens {
            job,
            result: Ok(grant),
            recorded: None,
        }),
        9 => session.auth(Msg::Tokens {
            job,
            result: Err(refusal),
            recorded: None,
        }),
        10 => session.auth(Msg::Cancel),
        11 => session.auth(Msg::SignOut(user)),
        12 => session.wait(Duration::from_secs(3000)),
        13 => session.auth(Msg::Refresh(user)),
        14 => session.auth(Msg::ParametersTyped(user, vec![Secret::new("650")])),
        15 => session.auth(Msg::NextRedirect),
        _ => session.send(AppMsg::Crashed {
            job,
            problem: Problem::new("crash"),
        }),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_breaks_the_state_machine(events in prop::collection::vec((0_u8..17, 1_u64..24, any::<bool>()), 1..60)) {
        let mut session = Session::new();
        for (kind, number, flag) in events {
            happen(&mut session, kind, number, flag);
            let auth = &session.model.auth;
            let authorizing: Vec<UserKey> = auth.states.iter().filter(|(_, state)| **state == SignIn::Authorizing).map(|(user, _)| *user).collect();
            let flow: Vec<UserKey> = auth.flow.iter().map(|flow| flow.user).collect();
            prop_assert_eq!(authorizing, flow, "exactly the user of the flow is authorizing");
            let has_prompt = session.model.modals.stack.iter().any(|modal| modal.is_about(Subject::SignIn));
            let asked = session.take_refreshes().len();
            let auth = &session.model.auth;
            let renewing = auth.states.values().filter(|state| matches!(state, SignIn::Refreshing { .. })).count();
            prop_assert!(asked <= renewing, "one renewal for each who is renewing");
            prop_assert!(!has_prompt || session.model.auth.flow.is_some(), "a prompt has its flow");
        }
    }

    #[test]
    fn a_foreign_job_changes_no_state(number in 100_u64..200) {
        let mut session = Session::new();
        session.start_sign_in(Some(ADA));
        let before = session.model.auth.clone();
        session.auth(Msg::Redirected { job: JobId(number), result: Ok(code("c", Some("state"))) });
        session.auth(Msg::Walked { job: JobId(number), result: Ok(Some(code("c", Some("state")))) });
        let grant = session.grant();
        session.auth(Msg::Tokens { job: JobId(number), result: Ok(grant), recorded: None });
        prop_assert_eq!(&session.model.auth, &before);
    }
}
