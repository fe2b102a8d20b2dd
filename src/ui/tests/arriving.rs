//! An answer while it arrives: the first screen of it, how far it is, and that nothing moves when more comes.

use std::sync::Arc;

use crate::app::{Msg, sorting};
use crate::document::Advance;
use crate::domain::{Draft, Problem};
use crate::ui::tests::fixture::{ADA, Session};
use crate::ui::tests::inspector::body;
use crate::ui::tests::snapshots::assert_screens;

const WHOLE: &str = r#"{"first": {"a": 1, "b": [2, 3]}, "second": {"c": 4}, "third": "the end"}"#;

fn arriving(text: &str) -> Session {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(Msg::send(Draft::new("phone.list").on_behalf_of(ADA)));
    session.arrives(text);
    session.press("5 z");
    session
}

#[test]
fn what_has_come_is_shown_with_how_far_it_is() {
    assert_screens("arriving", arriving(&WHOLE[..55]));
}

#[test]
fn what_is_folded_and_selected_stays_so_when_more_comes() {
    let mut session = arriving(&WHOLE[..46]);
    session.press("j space j");
    session.arrives(&WHOLE[..60]);
    session.answer(200, WHOLE);
    let rows = body(&mut session, 70, 24);
    let shown = [
        " ▾ {",
        r#" ▸   "first": {2} a, b"#,
        r#" ▾   "second": {"#,
        r#"       "c": 4"#,
        "     },",
        r#"     "third": "the end""#,
        "   }",
    ];
    assert_eq!(rows, shown);
    session.press("space");
    assert_eq!(body(&mut session, 70, 24)[2], r#" ▸   "second": {1} c"#);
}

#[test]
fn matches_of_a_search_grow_with_the_text() {
    let mut session = arriving(&WHOLE[..30]);
    session.press("/ \" enter");
    assert!(session.text(100, 24).contains("1/6"));
    session.answer(200, WHOLE);
    assert!(session.text(100, 24).contains("1/14"));
}

#[test]
fn what_had_come_of_a_broken_answer_is_still_there() {
    let mut session = arriving(&WHOLE[..30]);
    session.fail(Problem::new(
        "the connection was closed in the middle of the answer",
    ));
    let screen = session.text(80, 24);
    assert!(
        screen.contains(r#""a": 1"#) && screen.contains("closed in the middle"),
        "{screen}"
    );
}

#[test]
fn the_first_value_brings_the_tree() {
    let mut session = arriving(" ");
    session.arrives(" {");
    session.answer(200, r#" {"a": 1}"#);
    assert_eq!(body(&mut session, 70, 24)[1], r#"     "a": 1"#);
}

#[test]
fn the_end_is_followed_until_one_moves() {
    for keys in ["", "v", "v v"] {
        let lines = |count: usize| {
            let numbers: Vec<String> = (0..count).map(|number| number.to_string()).collect();
            format!("[{}", numbers.join(",\n"))
        };
        let mut session = arriving(&lines(100));
        if !keys.is_empty() {
            session.press(keys);
        }
        session.text(80, 24);
        session.press("G");
        session.text(80, 24);
        session.arrives(&lines(200));
        let first = |session: &mut Session| body(session, 80, 24).swap_remove(0);
        let before = first(&mut session);
        session.arrives(&lines(300));
        assert_ne!(first(&mut session), before, "{keys:?} follows");
        session.press("k");
        session.text(80, 24);
        let before = first(&mut session);
        session.arrives(&lines(400));
        assert_eq!(first(&mut session), before, "{keys:?} stays");
    }
}

#[test]
fn a_table_grows_with_its_rows_on_both_sides() {
    let rows = |count: usize| -> String {
        let rows = (0..count).map(|number| format!("{number},row {number}\n"));
        rows.fold("id,name\n".to_owned(), |all, row| all + &row)
    };
    let kind = Some("text/csv");
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(Msg::send(Draft::new("phone.list").on_behalf_of(ADA)));
    session.arrives_as(kind, &rows(5));
    session.press("5 z j j l");
    session.arrives_as(kind, &rows(9));
    let text = session.text(80, 24);
    assert!(text.contains(".[2].name"), "it stays where it was: {text}");
    assert!(text.contains("row 8"), "{text}");
    session.press("v v");
    session.arrives_as(kind, &rows(12));
    let text = session.text(80, 24);
    assert!(
        text.contains("11,row 11") && text.contains("as it came"),
        "{text}"
    );
    session.press("v v");
    assert!(session.text(80, 24).contains("row 11"));
}

/// Items of a list, in which the last stands first when it is sorted by `n`.
fn falling(items: usize) -> String {
    let items: Vec<String> = (0..items)
        .map(|item| format!("{{\"n\":{}}}", 20_000 - item))
        .collect();
    format!("[{}", items.join(","))
}

#[test]
fn a_sorted_table_stays_sorted_while_it_grows() {
    let mut session = arriving(&falling(3));
    session.press("t S");
    session.arrives(&falling(5));
    let shown = body(&mut session, 80, 24);
    assert!(shown[0].contains("n ▲"), "{shown:#?}");
    assert!(shown[1].contains("19996"), "{shown:#?}");
}

#[test]
fn a_long_sorted_table_is_sorted_again_by_a_job_when_more_has_come() {
    let mut session = arriving(&falling(3));
    session.press("t S g");
    session.arrives(&falling(12_000));
    let job = session.model.sort.as_ref().unwrap().job;
    assert!(session.text(80, 24).contains("sorting by n"));
    session.arrives(&falling(13_000));
    let sort = session.model.sort.clone().unwrap();
    assert_ne!(sort.job, job, "what was sorted was less");
    let order = sort.sorting.carry_out(&sort.document, &Advance::default());
    let (job, order) = (sort.job, Arc::new(order.unwrap()));
    session.send(Msg::Sorting(sorting::Msg::Sorted { job, order }));
    session.press("g");
    let shown = body(&mut session, 80, 24);
    assert!(shown[1].contains("7001"), "{shown:#?}");
    session.arrives(&falling(14_000));
    session.press("esc");
    let text = session.text(80, 24);
    assert!(!text.contains('▲'), "the rest is not sorted: {text}");
}
