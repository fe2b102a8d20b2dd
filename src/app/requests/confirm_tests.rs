//! The question before a write on production.

use crate::app::fixture::{ADA, Session};
use crate::app::requests::tests::free;
use crate::app::{Modal, Msg as AppMsg};
use crate::domain::{Body, Draft, Environment, Method};

#[test]
fn on_production_a_write_asks_first_and_names_what_moves() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.answer(job, 200, r#"{"accounts":[{"id":"a1","nickname":"Bills"}]}"#);
    session.model.profiles.current.environment = Environment::Production;
    session.take_effects();
    let mut draft = Draft::new("routines.create").on_behalf_of(ADA);
    draft.body = Some(Body::from(
        r#"{"amount":25.10,"source_id":"a1","destination_id":"a2"}"#,
    ));
    session.send(AppMsg::send(draft));
    assert!(
        session.take_effects().is_empty(),
        "nothing is sent before yes"
    );
    let Some(Modal::Confirm(confirm)) = session.model.modals.top().cloned() else {
        panic!("no question: {:?}", session.model.modals.top());
    };
    let text = confirm.lines.join("\n");
    for words in [
        "POST http://127.0.0.1:1/v1/routines",
        "Ada Byron",
        "amount 25.10 USD",
        "from Bills (a1)",
        "to a2",
    ] {
        assert!(text.contains(words), "{text}");
    }
    session.send(AppMsg::Modals(crate::app::modals::Msg::Confirmed));
    assert_eq!(session.take_calls().len(), 1);
}

#[test]
fn what_a_body_says_twice_is_not_asked_about_on_production() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.model.profiles.current.environment = Environment::Production;
    session.take_effects();
    let mut draft = Draft::new("routines.create").on_behalf_of(ADA);
    draft.body = Some(Body::from(
        r#"{"amount":1.00,"source":{"id":"a","\u0069d":"b"}}"#,
    ));
    session.send(AppMsg::send(draft));
    assert_eq!(session.model.modals.top(), None);
    assert!(session.take_effects().is_empty());
    let notice = session.model.notices.current.clone().unwrap().text;
    assert!(notice.contains("the body says \"id\" twice"), "{notice}");
}

#[test]
fn on_production_a_read_and_on_sandboxes_a_write_do_not_ask() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let write = Draft::new("transfers.cancel")
        .with_path("id", "t1")
        .on_behalf_of(ADA);
    session.send(AppMsg::send(write));
    assert_eq!(session.take_calls().len(), 1);
    session.model.profiles.current.environment = Environment::Production;
    session.list_accounts(ADA);
    assert_eq!(session.take_calls().len(), 1);
}

#[test]
fn on_production_a_write_to_a_path_of_ones_own_asks_as_well() {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.model.profiles.current.environment = Environment::Production;
    session.send(AppMsg::send(free(Method::Delete, "/v9/moon")));
    assert!(session.take_calls().is_empty());
    let Some(Modal::Confirm(confirm)) = session.model.modals.top() else {
        panic!("no question: {:?}", session.model.modals.top());
    };
    assert_eq!(confirm.lines[0], "a request of your own: DELETE /v9/moon");
}
