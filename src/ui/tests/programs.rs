//! Putting a body through a jq filter or a command: typing, completing, mistakes, results, and back.

use std::sync::Arc;

use crate::app::transform::{Ending, Made, Program};
use crate::app::{Effect, Env, Modal, Msg, transform, update};
use crate::document::Document;
use crate::domain::Problem;
use crate::ui::tests::fixture::Session;
use crate::ui::tests::inspector::{body, inspecting};

const PEOPLE: &str =
    r#"{"count": 2, "people": [{"name": "Ada", "city": "London"}, {"name": "Ben", "note": null}]}"#;

/// The last lines of the pane, where programs are typed.
fn lines(session: &mut Session) -> [String; 2] {
    let mut rows = body(session, 100, 24);
    let last = rows.pop().unwrap_or_default();
    [rows.pop().unwrap_or_default(), last]
}

fn kept(session: &mut Session) -> String {
    let [_, last] = lines(session);
    last
}

/// Ends the program that runs.
fn end(session: &mut Session, ending: Ending, text: &str, said: &str) {
    let made = Made {
        document: Arc::new(Document::parse(text.into())),
        ending,
        said: said.into(),
        is_cut: false,
    };
    let job = session.model.transforms.current.as_ref().unwrap().job;
    let result = Ok(made);
    session.send(Msg::Transform(transform::Msg::Ended { job, result }));
}

fn program(session: &Session) -> &Program {
    &session.model.transforms.current.as_ref().unwrap().program
}

#[test]
fn a_short_body_follows_the_filter_letter_by_letter() {
    let mut session = inspecting(PEOPLE);
    session.press("f . p e o p l e [ ] . n a m e");
    assert_eq!(*program(&session), Program::Filter(".people[].name".into()));
    assert!(lines(&mut session)[0].contains("running"));
    end(
        &mut session,
        Ending::Results(2),
        "[\n  \"Ada\",\n  \"Ben\"\n]\n",
        "",
    );
    let text = session.text(100, 24);
    assert!(
        text.contains("2 results") && text.contains("\"Ben\""),
        "{text}"
    );
    assert!(!text.contains("people\":"), "{text}");
    session.press("enter");
    assert!(kept(&mut session).contains(" f .people[].name  2 results"));
    session.press("/ B e n enter esc"); // a search in it ends first
    assert!(kept(&mut session).contains("2 results"));
    session.press("esc");
    assert!(session.text(100, 24).contains("\"count\": 2"));
    assert_eq!(session.model.transforms.current, None);
}

#[test]
fn names_are_offered_and_completed_from_the_path_so_far() {
    let mut session = inspecting(PEOPLE);
    session.press("f .");
    assert_eq!(lines(&mut session)[1].trim(), "Tab  count  people");
    session.press("p tab [ ] . tab");
    assert!(lines(&mut session)[0].contains(".people[].name"));
    session.press("tab");
    assert!(lines(&mut session)[0].contains(".people[].city"));
    session.press("tab tab");
    assert!(lines(&mut session)[0].contains(".people[].name"));
}

#[test]
fn a_mistake_is_told_under_its_place() {
    let mut session = inspecting(PEOPLE);
    session.press("f . c o u n t space | space n o p e");
    let [typed, below] = lines(&mut session);
    assert_eq!(
        typed.find("nope"),
        below.find("^ there is no filter called nope")
    );
    session.press("enter");
    assert!(
        lines(&mut session)[0].contains("nope"),
        "it has to be mended first"
    );
    session.press("esc");
    assert!(!session.text(100, 24).contains("nope"));
    assert!(session.text(100, 24).contains("\"count\": 2"));
}

#[test]
fn a_filter_that_fails_while_it_is_typed_leaves_what_was_shown() {
    let mut session = inspecting(PEOPLE);
    session.press("f . c o u n t");
    end(&mut session, Ending::Results(1), "2\n", "");
    session.press("[ ]");
    end(
        &mut session,
        Ending::Results(0),
        "",
        "cannot use 2 as iterable",
    );
    let [_, below] = lines(&mut session);
    assert!(below.contains("cannot use 2 as iterable"), "{below}");
    session.press("enter");
    let text = session.text(100, 24);
    assert!(text.contains("cannot use 2 as iterable"), "{text}");
}

#[test]
fn a_long_body_is_filtered_when_the_filter_is_finished() {
    let long = format!("[{}0]", "1234567,".repeat(200_000));
    let mut session = inspecting(long);
    session.press("f l e n g t h");
    assert_eq!(session.model.transforms.current, None);
    session.press("enter");
    assert!(kept(&mut session).contains("running"));
    let effects = update(
        &mut session.model,
        Msg::Transform(transform::Msg::Stop),
        Env { now: session.now },
    );
    assert!(matches!(effects[..], [Effect::Cancel(_)]), "{effects:?}");
}

#[test]
fn what_was_used_is_offered_again() {
    let mut session = inspecting(PEOPLE);
    session.press("f . c o u n t enter f");
    assert!(
        lines(&mut session)[0].contains(".count"),
        "the one that applies is changed"
    );
    session.press("esc f");
    assert!(
        lines(&mut session)[1].contains("↑ .count"),
        "{:?}",
        lines(&mut session)
    );
    session.press("up enter");
    assert_eq!(*program(&session), Program::Filter(".count".into()));
}

#[test]
fn a_command_tells_how_it_ended_and_what_it_complained_of() {
    let mut session = inspecting(PEOPLE);
    session.press("| w c space - l");
    assert_eq!(
        session.model.transforms.current, None,
        "not before it is finished"
    );
    session.press("enter");
    assert_eq!(*program(&session), Program::Command("wc -l".into()));
    end(
        &mut session,
        Ending::Exit(Some(1)),
        "",
        "wc: bad\nwc: worse",
    );
    let text = session.text(100, 24);
    for expected in ["the command wrote nothing", "exit 1", "wc: bad", "+1 lines"] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    session.press("i");
    assert!(
        matches!(session.model.modals.top(), Some(Modal::Note { lines, .. }) if lines.len() == 2)
    );
    session.press("esc esc");
    assert!(session.text(100, 24).contains("\"count\": 2"));
}

#[test]
fn a_program_that_cannot_run_is_told() {
    let mut session = inspecting(PEOPLE);
    session.press("f . enter");
    let job = session.model.transforms.current.as_ref().unwrap().job;
    let result = Err(Problem::new("the filter was ended").because("no memory"));
    session.send(Msg::Transform(transform::Msg::Ended { job, result }));
    let text = session.text(100, 24);
    assert!(text.contains("the filter was ended: no memory"), "{text}");
    session.press("esc");
    assert!(!session.text(100, 24).contains("ended"));
}

#[test]
fn what_is_no_json_is_not_filtered() {
    let mut session = inspecting("hello");
    session.press("f");
    assert!(session.text(100, 24).contains("the body is no JSON"));
}

#[test]
fn another_exchange_stops_what_runs() {
    let mut session = inspecting(PEOPLE);
    session.press("| y e s enter");
    assert!(session.model.transforms.is_busy());
    session.press("r");
    assert!(!session.model.transforms.is_busy());
}

#[test]
fn pictures_of_a_filter() {
    let mut session = inspecting(PEOPLE);
    session.press("f . p e o p l e [ ]");
    let text = r#"[
  {"name": "Ada", "city": "London"},
  {"name": "Ben", "note": null}
]
"#;
    end(&mut session, Ending::Results(2), text, "");
    session.press("space | space .");
    insta::assert_snapshot!("filter-offers-80x24", session.text(80, 24));
    session.press("backspace n o p e");
    insta::assert_snapshot!("filter-mistake-80x24", session.text(80, 24));
    session.press("backspace backspace backspace backspace . n o t e enter");
    end(
        &mut session,
        Ending::Results(2),
        "[\n  null,\n  null\n]\n",
        "",
    );
    insta::assert_snapshot!("filter-kept-80x24", session.text(80, 24));
    insta::assert_snapshot!("filter-kept-60x15", session.text(60, 15));
    insta::assert_snapshot!("filter-kept-200x60", session.text(200, 60));
}

#[test]
fn a_filter_asked_for_in_another_tab_goes_to_the_answer() {
    let mut session = inspecting(PEOPLE);
    session.press("] ] ] f . c o u n t");
    let text = session.text(100, 24);
    assert!(text.contains("[Response]"), "{text}");
    assert!(text.contains(".count"), "{text}");
}
