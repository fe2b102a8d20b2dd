//! What is saved of an exchange, and what is asked before a file is written over.

use super::*;
use crate::app::fixture::{ADA, Session};
use crate::domain::Body;

fn send(session: &mut Session, msg: Msg) {
    session.send(app::Msg::Saving(msg));
}

/// Ada's accounts are listed, and a routine between two of them was answered.
fn answered() -> (Session, JobId) {
    let mut session = Session::new();
    session.sign_in(ADA);
    let list = session.list_accounts(ADA);
    session.answer(
        list,
        200,
        r#"{"count":2,"accounts":[{"id":"acc_0001"},{"id":"acc_0002"}]}"#,
    );
    let mut draft = Draft::new("routines.create").on_behalf_of(ADA);
    draft.body = Some(Body::from(
        r#"{"source_id":"acc_0002","destination_id":"acc_0001"}"#,
    ));
    session.send(app::Msg::send(draft));
    let job = session.model.requests.current().unwrap().exchange.job;
    session.answer(job, 201, r#"{"id":"r1","status":"active","amount":25.10}"#);
    session.take_effects();
    (session, job)
}

/// What is asked to be written.
fn written(session: &mut Session) -> Option<(SavedRequest, bool)> {
    session
        .take_effects()
        .into_iter()
        .find_map(|effect| match effect {
            app::Effect::Saving(Effect::Save {
                request,
                may_replace,
                ..
            }) => Some((*request, may_replace)),
            _ => None,
        })
}

#[test]
fn known_ids_become_references_and_the_answer_what_is_expected() {
    let (mut session, job) = answered();
    let path = Some(".status".into());
    send(&mut session, Msg::Exchange { job, path });
    send(&mut session, Msg::Toggle(Expectation::Field));
    send(&mut session, Msg::Named("rent/create".into()));
    send(&mut session, Msg::Save);
    let (request, may_replace) = written(&mut session).unwrap();
    assert!(!may_replace);
    assert_eq!(request.name.as_str(), "rent/create");
    assert_eq!(
        request.body.as_deref(),
        Some(r#"{"source_id":"{{accounts[1].id}}","destination_id":"{{accounts[0].id}}"}"#)
    );
    assert_eq!(request.expect.status, Some(201));
    assert_eq!(
        request.expect.fields,
        [FieldCheck {
            path: "status".into(),
            check: Check::Equals(Scalar::Text("active".into())),
        }]
    );
}

#[test]
fn the_person_may_keep_the_ids() {
    let (mut session, job) = answered();
    send(&mut session, Msg::Exchange { job, path: None });
    send(&mut session, Msg::ToggleReferences);
    send(&mut session, Msg::Save);
    let (request, _) = written(&mut session).unwrap();
    assert!(request.body.unwrap().contains("acc_0001"));
    assert_eq!(request.name.as_str(), "routines/create");
}

#[test]
fn nothing_is_written_over_without_a_yes() {
    let (mut session, job) = answered();
    send(&mut session, Msg::Exchange { job, path: None });
    send(&mut session, Msg::Save);
    send(&mut session, Msg::Ended(Ok(None)));
    written(&mut session);
    assert!(matches!(
        session.model.modals.top(),
        Some(Modal::Confirm(_))
    ));
    session.send(app::Msg::Modals(app::modals::Msg::Confirmed));
    assert!(written(&mut session).unwrap().1);
    send(&mut session, Msg::Ended(Ok(Some(vec!["a note".into()]))));
    assert_eq!(session.model.modals.stack, []);
    let notice = session.model.notices.current.as_ref().unwrap();
    assert_eq!(notice.text, "saved as routines/create (yours); a note");
}

#[test]
fn a_name_that_is_none_is_told_and_nothing_is_written() {
    let (mut session, job) = answered();
    send(&mut session, Msg::Exchange { job, path: None });
    send(&mut session, Msg::Named("../x".into()));
    send(&mut session, Msg::Save);
    assert_eq!(written(&mut session), None);
    assert!(session.model.saving.as_ref().unwrap().problem.is_some());
    send(&mut session, Msg::Named("x".into()));
    assert_eq!(session.model.saving.as_ref().unwrap().problem, None);
}

#[test]
fn an_exchange_that_cannot_be_sent_again_is_not_saved() {
    let (mut session, _) = answered();
    session.model.requests.entries[0].draft = None;
    let job = session.model.requests.entries[0].exchange.job;
    send(&mut session, Msg::Exchange { job, path: None });
    assert_eq!(session.model.saving, None);
    assert!(session.model.notices.current.as_ref().unwrap().is_warning);
}
