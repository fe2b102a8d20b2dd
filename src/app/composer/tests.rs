//! Composing: form and text in step, nothing lost, nothing sent that is known to be wrong.

use crate::app::composer::{Msg, Request};
use crate::app::fixture::{ADA, Session};
use crate::app::{Effect, Modal, Msg as AppMsg, requests};
use crate::domain::{Body, Draft, EndpointId};

fn open(session: &mut Session, endpoint: &str, values: &[(&str, &str)]) {
    let values = values
        .iter()
        .map(|(label, value)| ((*label).to_owned(), (*value).to_owned()))
        .collect();
    let endpoint = EndpointId::new(endpoint);
    session.send(AppMsg::Composer(Msg::Open { endpoint, values }));
}

fn request(session: &Session) -> &Request {
    session.model.composer.request.as_ref().unwrap()
}

fn type_into(session: &mut Session, label: &str, text: &str) {
    let input = request(session)
        .inputs
        .iter()
        .position(|input| input.label() == label)
        .unwrap();
    session.send(AppMsg::Composer(Msg::Typed {
        input,
        text: text.into(),
    }));
}

fn text_of(session: &Session, label: &str) -> String {
    request(session)
        .inputs
        .iter()
        .find(|input| input.label() == label)
        .unwrap()
        .text
        .clone()
}

fn sent_bodies(session: &mut Session) -> Vec<String> {
    let body = |effect: Effect| match effect {
        Effect::Requests(requests::Effect::Call { request, .. }) => request
            .body
            .map(|body| String::from_utf8_lossy(body.as_bytes()).into_owned()),
        _ => None,
    };
    session
        .take_effects()
        .into_iter()
        .filter_map(body)
        .collect()
}

#[test]
fn what_is_typed_into_the_form_stands_in_the_text_and_the_other_way_round() {
    let mut session = Session::new();
    open(&mut session, "user_intents.create", &[]);
    assert_eq!(session.model.modals.top(), Some(&Modal::Composer));
    type_into(&mut session, "first_name", "Grace");
    assert!(request(&session).raw.contains("\"first_name\": \"Grace\""));
    let raw = request(&session)
        .raw
        .replace("Grace", "Ada")
        .replace("{\n", "{\n  \"extra\": 1.0,\n");
    session.send(AppMsg::Composer(Msg::TypedRaw(raw)));
    assert_eq!(text_of(&session, "first_name"), "Ada");
    type_into(&mut session, "last_name", "Byron");
    assert!(
        request(&session).raw.contains("\"extra\": 1.0"),
        "a member that the form does not know survives"
    );
}

#[test]
fn a_broken_text_keeps_the_form_and_is_not_sent() {
    let mut session = Session::new();
    open(&mut session, "user_intents.create", &[]);
    session.send(AppMsg::Composer(Msg::TypedRaw("{\"first_name\": }".into())));
    assert_eq!(text_of(&session, "first_name"), "Edmund");
    session.send(AppMsg::Composer(Msg::Send));
    assert!(sent_bodies(&mut session).is_empty());
    assert!(
        session
            .model
            .notices
            .current
            .as_ref()
            .unwrap()
            .text
            .contains("line 1, column 16")
    );
}

#[test]
fn a_wrong_field_is_named_and_nothing_is_sent() {
    let mut session = Session::new();
    open(&mut session, "user_intents.create", &[]);
    type_into(&mut session, "phone", "12");
    session.send(AppMsg::Composer(Msg::Send));
    assert!(sent_bodies(&mut session).is_empty());
    let wrong = request(&session).wrong.unwrap();
    assert_eq!(request(&session).inputs[wrong].label(), "phone");
}

#[test]
fn a_good_request_is_sent_as_its_text_reads_and_stays_at_hand() {
    let mut session = Session::new();
    open(
        &mut session,
        "user_intents.create",
        &[("first_name", "Grace")],
    );
    let raw = request(&session).raw.clone();
    session.send(AppMsg::Composer(Msg::Send));
    assert_eq!(sent_bodies(&mut session), [raw]);
    assert_eq!(session.model.modals.top(), None);
    assert!(session.model.composer.request.is_some());
}

#[test]
fn an_exchange_can_be_composed_anew() {
    let mut session = Session::new();
    let mut draft = Draft::new("transfers.list").on_behalf_of(ADA);
    draft.query.push(("status".into(), "pending".into()));
    session.send(AppMsg::Composer(Msg::OpenDraft(draft.clone())));
    assert_eq!(text_of(&session, "status"), "pending");
    let endpoint = session.model.catalog.called(&draft.call).unwrap();
    assert_eq!(request(&session).draft(&endpoint), draft);
}

#[test]
fn a_body_that_is_edited_keeps_the_spelling_of_its_numbers() {
    let mut session = Session::new();
    let mut draft = Draft::new("routines.create").on_behalf_of(ADA);
    draft.body = Some(Body::from(
        "{\"name\":\"Rent\",\"amount\":10.50,\"odd\":[1e2]}",
    ));
    session.send(AppMsg::Composer(Msg::OpenDraft(draft)));
    assert_eq!(text_of(&session, "amount"), "10.50");
    type_into(&mut session, "name", "Rent 2");
    assert!(request(&session).raw.contains("\"amount\": 10.50"));
    assert!(request(&session).raw.contains("\"odd\": [1e2]"));
}

#[test]
fn what_the_form_does_not_know_of_a_draft_survives_in_pairs() {
    let mut session = Session::new();
    let mut draft = Draft::new("transfers.list").on_behalf_of(ADA);
    draft.query = [("status", "pending"), ("status", "failed"), ("odd", "1")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    draft.headers.push(("x-mine".into(), "a: b".into()));
    draft.body = Some(Body::from("[1]"));
    session.send(AppMsg::Composer(Msg::OpenDraft(draft.clone())));
    let endpoint = session.model.catalog.called(&draft.call).unwrap();
    assert_eq!(request(&session).draft(&endpoint), draft);
}

#[test]
fn a_draft_of_a_path_of_ones_own_is_composed_as_it_is() {
    let mut session = Session::new();
    let draft = Draft {
        call: crate::domain::Call::parse("PUT /v9/moon").unwrap(),
        query: vec![("a".into(), "b=c".into())],
        headers: vec![("x-mine".into(), "1".into())],
        body: Some(Body::from("plain")),
        user: Some(ADA),
        ..Draft::default()
    };
    session.send(AppMsg::Composer(Msg::OpenDraft(draft.clone())));
    let endpoint = session.model.catalog.called(&draft.call).unwrap();
    assert_eq!(request(&session).draft(&endpoint), draft);
}

#[test]
fn a_path_of_ones_own_must_be_one() {
    let mut session = Session::new();
    session.send(AppMsg::Composer(Msg::OpenOwn("GET /v9".into())));
    type_into(&mut session, "path", "v9");
    session.send(AppMsg::Composer(Msg::Send));
    assert!(session.take_calls().is_empty());
    let wrong = request(&session).wrong.unwrap();
    assert_eq!(request(&session).inputs[wrong].label(), "path");
}

#[test]
fn the_key_of_the_call_before_goes_with_it_only_when_the_person_says_so() {
    let mut session = Session::new();
    let draft = Draft::new("routines.account_to_card").on_behalf_of(ADA);
    let key = Some("seed-7".to_owned());
    session.send(AppMsg::Composer(Msg::OpenAgain { draft, key }));
    let headers = |session: &Session| {
        let request = request(session);
        let endpoint = session.model.catalog.called(&request.call).unwrap();
        request.draft(&endpoint).headers
    };
    assert!(headers(&session).is_empty());
    session.send(AppMsg::Composer(Msg::KeepKey));
    let kept = [("idempotency-key".to_owned(), "seed-7".to_owned())];
    assert_eq!(headers(&session), kept);
    session.send(AppMsg::Composer(Msg::KeepKey));
    assert!(headers(&session).is_empty());
    open(&mut session, "routines.account_to_card", &[]);
    session.send(AppMsg::Composer(Msg::KeepKey));
    assert!(session.model.notices.current.as_ref().unwrap().is_warning);
}

#[test]
fn nothing_typed_into_the_form_takes_a_broken_text_away() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(AppMsg::compose("routines.create", Vec::new()));
    let broken = "{\"amount\": 31.5, \"surprise\": true,}";
    session.send(AppMsg::Composer(Msg::TypedRaw(broken.into())));
    let inputs = session
        .model
        .composer
        .request
        .as_ref()
        .unwrap()
        .inputs
        .len();
    for input in 0..inputs {
        let text = "1".into();
        session.send(AppMsg::Composer(Msg::Typed { input, text }));
    }
    let request = session.model.composer.request.clone().unwrap();
    assert_eq!(request.raw, broken);
    assert!(request.fault.is_some());
    session.send(AppMsg::Composer(Msg::TypedRaw(" ".into())));
    let text = "2".into();
    session.send(AppMsg::Composer(Msg::Typed { input: 1, text }));
    let request = session.model.composer.request.unwrap();
    assert!(request.raw.contains("\"2\"") && request.fault.is_none());
}

#[test]
fn a_routine_that_is_started_before_the_accounts_are_there_takes_the_first_that_comes() {
    const ACCOUNTS: &str = r#"{"count": 2, "accounts": [{"id": "acc_01"}, {"id": "acc_02"}]}"#;
    let mut session = Session::new();
    session.sign_in(ADA);
    open(&mut session, "routines.create", &[("source_id", "")]);
    let jobs = session.take_calls();
    let [job] = jobs.as_slice() else {
        panic!("{jobs:?}");
    };
    assert_eq!(text_of(&session, "source_id"), "");
    session.answer(*job, 200, ACCOUNTS);
    assert_eq!(text_of(&session, "source_id"), "acc_01");
    assert!(request(&session).raw.contains("acc_01"));
    assert_eq!(text_of(&session, "destination_id"), "");
    // They are there now: nothing is asked for, and nothing that was typed is lost.
    open(&mut session, "routines.create", &[]);
    assert!(session.take_calls().is_empty());
    let again = session.list_accounts(ADA);
    session.answer(again, 200, ACCOUNTS);
    assert_eq!(text_of(&session, "source_id"), "");
}

#[test]
fn what_is_typed_meanwhile_is_kept_and_nobody_is_asked_for_nobody() {
    let mut session = Session::new();
    open(&mut session, "routines.create", &[("source_id", "")]);
    assert!(session.take_calls().is_empty());
    session.sign_in(ADA);
    open(&mut session, "routines.create", &[("source_id", "")]);
    let job = session.take_calls()[0];
    type_into(&mut session, "source_id", "mine");
    session.answer(job, 200, r#"{"accounts": [{"id": "acc_01"}]}"#);
    assert_eq!(text_of(&session, "source_id"), "mine");
}
