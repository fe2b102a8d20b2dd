//! The views of a body: pictures of each, the table, what is no JSON, differences from the documented shape.

use std::sync::Arc;
use std::time::Instant;

use crate::app::{Modal, Msg, sorting};
use crate::domain::Draft;
use crate::ui::tests::fixture::{ADA, Session};
use crate::ui::tests::inspector::{body, inspecting};

const TRANSFERS: &str = r#"{"count": 3, "more": false, "transfers": [
  {"id": "t-01", "routine_name": "Rent", "amount": 1250.5, "status": "processed", "initiated": "2026-03-02T11:58:03.120000", "chargeback": null},
  {"id": "t-02", "routine_name": "Savings", "amount": 25, "status": "pending", "initiated": "2026-03-01T08:00:00.000000", "colour": "red"},
  {"id": "t-03", "routine_name": "A routine with a name that is longer than its column may be", "amount": 99.99, "status": "lost", "initiated": null}
]}"#;

/// An answer of the list of transfers, in the Inspector over the whole screen.
fn transfers() -> Session {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(Msg::send(Draft::new("transfers.list").on_behalf_of(ADA)));
    session.answer(200, TRANSFERS);
    session.press("5 z");
    session
}

fn assert_pictures(name: &str, session: &mut Session) {
    for (width, height) in [(80, 24), (200, 60)] {
        insta::assert_snapshot!(
            format!("{name}-{width}x{height}"),
            session.text(width, height)
        );
    }
}

#[test]
fn pictures_of_the_views() {
    let mut session = transfers();
    assert_pictures("view-tree", &mut session);
    session.press("/ p r o c");
    assert_pictures("view-search", &mut session);
    session.press("enter");
    insta::assert_snapshot!("view-search-kept-80x24", session.text(80, 24));
    session.press("t");
    assert_pictures("view-table", &mut session);
    session.press("esc v v");
    assert_pictures("view-raw", &mut session);
    session.press("v");
    assert_pictures("view-hex", &mut session);
}

#[test]
fn a_picture_of_a_broken_body() {
    let cut = TRANSFERS.get(..400).unwrap();
    assert_pictures("view-broken", &mut inspecting(cut));
}

#[test]
fn what_was_not_read_of_a_broken_body_is_below_its_last_row() {
    let items = "1,\n".repeat(60);
    let mut session = inspecting(format!("[{items}what is this]"));
    session.press("G");
    assert!(session.text(80, 24).contains("what is this"));
}

#[test]
fn the_table_is_sorted_by_the_chosen_column_and_back() {
    let mut session = transfers();
    session.press("t l l S");
    let order = |session: &mut Session| -> Vec<String> {
        let rows = body(session, 120, 24);
        let names = ["Rent", "Savings", "A routine"];
        let found = |row: &String| names.iter().find(|name| row.contains(**name));
        rows.iter()
            .filter_map(found)
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(order(&mut session), ["Savings", "A routine", "Rent"]);
    session.press("S");
    assert_eq!(order(&mut session), ["Rent", "A routine", "Savings"]);
    session.press("S");
    assert_eq!(order(&mut session), ["Rent", "Savings", "A routine"]);
}

#[test]
fn more_items_than_a_frame_can_sort_are_sorted_by_a_job_that_escape_stops() {
    let items: Vec<String> = (0..12_000).map(|id| format!("{{\"id\":{id}}}")).collect();
    let mut session = inspecting(format!("[{}]", items.join(",")));
    session.press("t S");
    let sort = session.model.sort.clone().unwrap();
    let (job, done) = (sort.job, 4_200);
    session.send(Msg::Sorting(sorting::Msg::Advanced { job, done }));
    insta::assert_snapshot!("view-table-sorting-80x24", session.text(80, 24));
    session.press("esc");
    assert!(session.model.sort.is_none());
    assert!(!session.text(80, 24).contains("sorting"));
    session.press("S");
    let sort = session.model.sort.clone().unwrap();
    let items = sort.document.children(sort.sorting.array);
    let order: Vec<_> = items.collect::<Vec<_>>().into_iter().rev().collect();
    let order = Arc::new(order);
    let job = sort.job;
    session.send(Msg::Sorting(sorting::Msg::Sorted { job, order }));
    let text = session.text(80, 24);
    assert!(text.contains("id ▲") && !text.contains("sorting"), "{text}");
    assert!(text.contains(".[0].id"), "the same stays chosen: {text}");
    session.press("g");
    assert!(session.text(80, 24).contains(".[11999].id"));
}

#[test]
fn a_cell_is_opened_in_the_tree_and_the_table_comes_back_to_it() {
    let mut session = transfers();
    session.press("t j l l enter");
    let text = session.text(120, 24);
    assert!(text.contains(".transfers[1].amount"), "{text}");
    session.press("t");
    let text = session.text(120, 24);
    assert!(text.contains(".transfers[1].amount"), "{text}");
}

#[test]
fn without_an_array_of_objects_there_is_no_table() {
    let mut session = inspecting("[1, 2]");
    session.press("t");
    assert!(session.text(100, 24).contains("no array of objects"));
}

#[test]
fn the_path_of_the_cursor_stands_in_the_title() {
    let mut session = transfers();
    session.press("j j j j j");
    let text = session.text(120, 24);
    assert!(text.contains(".transfers[0].id"), "{text}");
}

#[test]
fn differences_from_the_documented_shape_are_counted_and_marked() {
    let mut session = transfers();
    let text = session.text(120, 40);
    assert!(text.contains("shape: "), "{text}");
    assert!(
        text.contains(r#""colour": "red"  ! undocumented"#),
        "{text}"
    );
    assert!(
        text.contains(r#""status": "lost",  ! not a documented value"#),
        "{text}"
    );
    assert!(text.contains("! missing routine_id, source_id"), "{text}");
}

#[test]
fn a_field_is_explained() {
    let mut session = transfers();
    session.press(": . t r a n s f e r s [ 2 ] . s t a t u s enter i");
    assert!(matches!(
        session.model.modals.top(),
        Some(Modal::Note { .. })
    ));
    let text = session.text(120, 40);
    assert!(text.contains("one of "), "{text}");
    assert!(text.contains("not a documented value"), "{text}");
    session.press("esc g i");
    assert_eq!(session.model.modals.top(), None);
}

#[test]
fn folding_by_levels_and_by_siblings() {
    let mut session = inspecting(r#"[{"a": {"b": [1]}}, {"c": [2]}]"#);
    let rows = |session: &mut Session| body(session, 70, 24).len();
    assert_eq!(rows(&mut session), 14);
    session.press("(");
    assert_eq!(rows(&mut session), 4, "only the outermost is open");
    session.press(")");
    assert_eq!(rows(&mut session), 8);
    session.press("+ j *");
    assert_eq!(rows(&mut session), 4);
    session.press("*");
    assert_eq!(rows(&mut session), 14);
    session.press("J");
    assert!(session.text(120, 24).contains(".[1]"));
    session.press("K j j p");
    assert!(session.text(120, 24).contains(".[0].a"));
}

#[test]
fn long_strings_are_wrapped_or_opened() {
    let long = "word ".repeat(60);
    let mut session = inspecting(format!(r#"{{"a": 1, "long": "{long}", "end": 2}}"#));
    assert!(body(&mut session, 60, 24).len() <= 6);
    session.press("W");
    assert!(body(&mut session, 60, 24).len() > 8);
    session.press("W j j enter");
    assert!(session.text(100, 30).contains("word word word"));
    assert!(matches!(
        session.model.modals.top(),
        Some(Modal::Note { .. })
    ));
}

#[test]
fn bytes_that_are_no_text_are_shown_in_hexadecimal() {
    let mut session =
        inspecting(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08\x02".to_vec());
    let rows = body(&mut session, 100, 24);
    let text = rows.join("\n");
    assert!(text.contains("PNG 2×2"), "{text}");
    assert!(
        text.contains("00000000 89 50 4e 47 0d 0a 1a 0a  00 00 00 0d"),
        "{text}"
    );
    assert!(text.contains("│·PNG······"), "{text}");
}

#[test]
fn secrets_are_masked_in_every_view() {
    let mut session = Session::new();
    session.send(Msg::send(Draft::new("oauth.token")));
    session.answer(
        200,
        r#"{"access_token": "t0ken", "refresh_token": "r3fresh"}"#,
    );
    session.press("5 z");
    for _ in 0..3 {
        session.press("v");
        let text = session.text(120, 36);
        assert!(!text.contains("t0ken") && !text.contains("r3fr"), "{text}");
    }
    session.press("/ t 0 k e n");
    assert!(session.text(120, 36).contains("no match"));
}

#[test]
fn every_view_is_drawn_as_quickly_for_a_large_body() {
    let account = r#"{"id": "a", "list": [1, 2, {"deep": [[[]]]}]}"#;
    let mut small = inspecting(format!("[{account}]"));
    let mut large = inspecting(format!("[{}]", vec![account; 60_000].join(",")));
    for keys in ["/ d e e p enter G", "t G k", "v v G", "v G"] {
        let time = |session: &mut Session| {
            session.press(keys);
            session.draw(120, 36);
            let runs = (0..10).map(|_| {
                let start = Instant::now();
                session.draw(120, 36);
                start.elapsed()
            });
            runs.min().unwrap()
        };
        let (small, large) = (time(&mut small), time(&mut large));
        // Far below the factor of thousands between the two; a busy machine must not fail this.
        assert!(large < small * 30, "{keys}: {small:?} {large:?}");
    }
}
