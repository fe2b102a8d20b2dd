//! What is taken out of the session, and to where.

use super::*;
use crate::app::fixture::Session;

fn send(session: &mut Session, msg: Msg) {
    session.send(app::Msg::Export(msg));
}

fn asking() -> Session {
    let mut session = Session::new();
    send(
        &mut session,
        Msg::AskBody(Body::from("12345"), "a.json".into()),
    );
    session
}

fn name(session: &mut Session, path: &str) -> JobId {
    send(session, Msg::Named(Secret::new(path)));
    session.model.exports.pending.as_ref().unwrap().job.unwrap()
}

fn end(session: &mut Session, job: JobId, result: Result<Written, Problem>) {
    session.effects.clear();
    send(session, Msg::Ended { job, result });
}

fn top(session: &Session) -> Option<&Modal> {
    session.model.modals.top()
}

#[test]
fn a_file_is_asked_for_written_and_told() {
    let mut session = asking();
    assert!(matches!(top(&session), Some(Modal::Prompt(prompt))
        if prompt.input.as_ref().unwrap().text == "a.json" && prompt.title == "Write the body, 5 B"));
    session.send(app::Msg::Modals(app::modals::Msg::Submit(Secret::new(
        " b.json ",
    ))));
    assert_eq!(top(&session), None);
    let Some(app::Effect::Export(Effect::Write { job, order })) = session.effects.last().cloned()
    else {
        panic!("{:?}", session.effects);
    };
    assert_eq!((order.path.as_str(), order.may_replace), ("b.json", false));
    let whole = Written::Whole {
        path: "/tmp/b.json".into(),
        bytes: 5,
        is_cut: false,
    };
    end(&mut session, job, Ok(whole));
    let notice = session.model.notices.current.as_ref().unwrap();
    assert_eq!(notice.text, "wrote 5 B to /tmp/b.json");
    assert_eq!(session.model.exports.pending, None);
}

#[test]
fn a_file_that_is_there_is_replaced_only_after_yes() {
    let mut session = asking();
    let job = name(&mut session, "a.json");
    let there = Written::Exists {
        path: "a.json".into(),
        bytes: 7,
    };
    end(&mut session, job, Ok(there));
    assert!(matches!(top(&session), Some(Modal::Confirm(_))));
    assert!(session.effects.is_empty());
    session.send(app::Msg::Modals(app::modals::Msg::Confirmed));
    let last = session.effects.last();
    assert!(
        matches!(last, Some(app::Effect::Export(Effect::Write { order, .. })) if order.may_replace && order.path == "a.json")
    );
}

#[test]
fn a_name_that_does_not_do_is_asked_for_again_with_the_reason() {
    let mut session = asking();
    let job = name(&mut session, "no/where");
    let problem = Problem::new("no/where was not written").because("there is no folder no");
    end(&mut session, job, Err(problem));
    assert!(matches!(top(&session), Some(Modal::Prompt(prompt))
        if prompt.lines[0].contains("there is no folder no") && prompt.input.as_ref().unwrap().text == "no/where"));
}

#[test]
fn too_much_for_a_clipboard_is_told() {
    assert!(matches!(
        copied("a".into(), "body"),
        app::Msg::Desktop(Desktop::Copy { .. })
    ));
    let long = copied("a".repeat(MOST_COPIED + 1), "body");
    assert_eq!(
        long,
        app::Msg::warning("the body is 1.0 MB, too much to copy: write it to a file")
    );
}

#[test]
fn what_was_kept_is_asked_for_by_number_and_in_order() {
    let mut session = Session::new();
    let kept = Kept {
        ids: vec![EntryId(3), EntryId(7)],
        form: Form::Har,
    };
    send(&mut session, Msg::AskKept(kept.clone(), "a.har".into()));
    assert!(matches!(top(&session), Some(Modal::Prompt(prompt))
        if prompt.title == "Write the HTTP archive of 2 exchanges, secrets masked"));
    name(&mut session, "b.har");
    assert!(
        matches!(session.effects.last(), Some(app::Effect::Export(Effect::Write { order, .. })) if order.content == Content::Kept(kept))
    );
    let kept = Kept {
        ids: vec![EntryId(3)],
        form: Form::Bundle,
    };
    send(&mut session, Msg::CopyKept(kept.clone()));
    assert!(
        matches!(session.effects.last(), Some(app::Effect::Export(Effect::FormatKept { kept: asked, .. })) if *asked == kept)
    );
}
