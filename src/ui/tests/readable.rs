//! Bodies that read better as something else: tables of separated values, markup, other encodings.

use crate::app::Msg;
use crate::domain::Draft;
use crate::ui::tests::fixture::{ADA, Session};
use crate::ui::tests::inspector::body;

fn inspecting(content_type: &str, body: &'static [u8]) -> Session {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(Msg::send(Draft::new("phone.list").on_behalf_of(ADA)));
    session.answer_as(content_type, body);
    session.press("5 z");
    session
}

const STATEMENT: &[u8] = b"id,description,amount\r\nt-1,\"Rent, March\",-1250.50\r\nt-2,Salary,3100\r\nt-3,\"Caf\xe9 \"\"Central\"\"\",-4.2\r\n";

#[test]
fn separated_values_are_a_table_in_the_encoding_of_the_header() {
    let mut session = inspecting("text/csv; charset=windows-1252", STATEMENT);
    insta::assert_snapshot!("csv-80x24", session.text(80, 24));
    session.press("l l S");
    let rows = body(&mut session, 80, 24);
    assert!(
        rows[2].contains("Rent, March"),
        "sorted as numbers: {rows:#?}"
    );
    session.press("/ c a f");
    assert!(session.text(80, 24).contains("1/1"));
}

#[test]
fn the_other_side_of_a_table_is_what_came() {
    let mut session = inspecting("text/csv; charset=windows-1252", STATEMENT);
    session.press("v");
    assert!(
        session
            .text(80, 24)
            .contains(r#""description": "Rent, March","#)
    );
    session.press("v");
    let raw = session.text(80, 24);
    assert!(
        raw.contains("as it came") && raw.contains(r#"t-3,"Caf<E9> ""Central""#),
        "{raw}"
    );
    session.press("v");
    assert!(session.text(80, 24).contains("00000000 69 64 2c"));
    session.press("v");
    assert!(session.text(80, 24).contains("read as a table"));
}

#[test]
fn markup_is_laid_out_and_the_bytes_are_a_key_away() {
    let html = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>";
    let mut session = inspecting("text/html", html);
    insta::assert_snapshot!("html-80x24", session.text(80, 24));
    session.press("/ n g i n x enter");
    assert!(session.text(80, 24).contains("1/1"));
    session.press("v");
    assert!(session.text(80, 24).contains("<!DOCTYPE html><html><head>"));
}

#[test]
fn a_cell_reads_as_it_was_meant_and_not_as_json_spells_it() {
    let text = b"id,note\n1,\"a \"\"b\"\"\nc\\d\"\n2,plain\n";
    let mut session = inspecting("text/csv", text);
    let rows = body(&mut session, 80, 24);
    assert!(rows[2].ends_with("a \"b\"␊c\\d"), "{rows:#?}");
    session.press("/ c");
    assert!(session.text(80, 24).contains("1/"));
}

#[test]
fn lines_of_json_are_a_table() {
    let mut session = inspecting("application/x-ndjson", b"{\"a\": 1}\n{\"a\": 22}\n");
    let rows = body(&mut session, 80, 24);
    assert_eq!(rows[1].trim_start(), "a", "{rows:#?}");
    assert!(rows[3].ends_with("22"), "{rows:#?}");
}

#[test]
fn a_line_that_is_no_json_is_named_and_all_lines_are_shown() {
    let mut session = inspecting(
        "application/x-ndjson",
        b"{\"a\": 1}\n{\"a\": oops}\n{\"a\": 3}\n",
    );
    let text = session.text(80, 24);
    for words in [
        "this is no JSON at 2:7: expected a value, found o",
        "   {\"a\": 1}",
        "   {\"a\": oops}",
        "   {\"a\": 3}",
    ] {
        assert!(text.contains(words), "{words} {text}");
    }
    session.press("v");
    assert!(session.text(80, 24).contains("00000000 7b 22"));
    session.press("v");
    assert!(session.text(80, 24).contains("   {\"a\": oops}"));
}

#[test]
fn a_table_is_reached_from_every_view_of_what_came() {
    for keys in ["v v", "v v v"] {
        let mut session = inspecting("text/csv", b"id,name\n1,Ada\n");
        session.press(keys);
        assert!(session.text(80, 24).contains("as it came"));
        session.press("t");
        let text = session.text(80, 24);
        assert!(
            text.contains("read as a table · v shows it as JSON"),
            "{text}"
        );
        session.press("t");
        assert!(session.text(80, 24).contains(r#""name": "Ada""#));
    }
}

#[test]
fn a_blank_body_is_said_to_be_blank() {
    for kind in ["application/json", "text/csv", "text/plain"] {
        let mut session = inspecting(kind, b" \n\t\n ");
        let text = session.text(80, 24);
        assert!(
            text.contains("the answer is blank: white space only"),
            "{text}"
        );
        assert!(!text.contains("no JSON"), "{text}");
    }
}
