//! Searching in the Inspector: typing, stepping, long bodies, mistakes, going to a path.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::app::{Effect, Env, Msg, search, update};
use crate::config::{Role, Theme};
use crate::document::Search;
use crate::ui::tests::fixture::Session;
use crate::ui::tests::inspector::{body, inspecting};

const PEOPLE: &str = r#"{"people": [{"name": "Ada", "city": "London"}, {"name": "Ben", "note": "name unknown"}], "Name": 1}"#;

/// The last line of the pane, where the search is.
fn line(session: &mut Session) -> String {
    body(session, 100, 24).pop().unwrap_or_default()
}

/// How many cells look like matches, and how many like the current one.
fn lit(session: &mut Session) -> (usize, usize) {
    let theme = Theme::named("dark").unwrap();
    let terminal = session.draw(100, 24);
    let cells = &terminal.backend().buffer().content;
    let count = |role| {
        let background = theme.style(role).bg;
        cells
            .iter()
            .filter(|cell| Some(cell.bg) == background)
            .count()
    };
    (count(Role::Match), count(Role::CurrentMatch))
}

#[test]
fn matches_are_counted_and_lit_as_one_types() {
    let mut session = inspecting(PEOPLE);
    session.press("/ n a m e");
    assert!(line(&mut session).contains("1/4"), "{}", line(&mut session));
    assert_eq!(lit(&mut session), (12, 4));
    session.press("backspace backspace backspace backspace N");
    assert!(
        line(&mut session).contains("1/1"),
        "a capital letter counts"
    );
}

#[test]
fn stepping_goes_on_with_the_first_behind_the_last() {
    let mut session = inspecting(PEOPLE);
    session.press("/ n a m e enter n n");
    assert!(line(&mut session).contains("3/4"));
    session.press("n n");
    assert!(line(&mut session).contains("1/4"));
    session.press("N");
    assert!(line(&mut session).contains("4/4"));
    session.press("esc");
    assert!(!line(&mut session).contains("4/4"));
    assert_eq!(lit(&mut session), (0, 0));
}

#[test]
fn what_is_folded_is_unfolded_for_a_match() {
    let mut session = inspecting(PEOPLE);
    session.press("- / u n k n o w n");
    let text = body(&mut session, 100, 24).join("\n");
    assert!(text.contains("name unknown"), "{text}");
}

#[test]
fn names_or_values_alone_and_regular_expressions_are_searched_too() {
    let mut session = inspecting(PEOPLE);
    session.press("/ n a m e ctrl-t");
    assert!(line(&mut session).contains("1/3"), "{}", line(&mut session));
    assert!(line(&mut session).contains("in names"));
    session.press("ctrl-t");
    assert!(line(&mut session).contains("1/1"));
    session.press("ctrl-t ctrl-u A | B ctrl-r");
    let text = line(&mut session);
    assert!(text.contains("1/2") && text.contains("regex"), "{text}");
    session.press("(");
    let text = body(&mut session, 100, 24).join("\n");
    assert!(text.contains("at column 4: unclosed group"), "{text}");
    session.press("esc");
    assert!(!body(&mut session, 100, 24).join("\n").contains("unclosed"));
}

#[test]
fn escape_leads_back_to_where_the_search_began() {
    let mut session = inspecting(PEOPLE);
    session.press("j j");
    let before = lit_row(&mut session);
    session.press("/ u n k");
    assert_ne!(lit_row(&mut session), before);
    session.press("esc");
    assert_eq!(lit_row(&mut session), before);
}

/// The row of the cursor.
fn lit_row(session: &mut Session) -> Option<usize> {
    let theme = Theme::named("dark").unwrap();
    let background = theme.style(Role::Selection).bg;
    let terminal = session.draw(100, 24);
    let cells = &terminal.backend().buffer().content;
    let first = cells.iter().position(|cell| Some(cell.bg) == background);
    first.map(|cell| cell / 100)
}

#[test]
fn a_long_body_is_searched_by_a_job() {
    let numbers: Vec<String> = (0..300_000).map(|number| number.to_string()).collect();
    let mut session = inspecting(format!("[{}]", numbers.join(",")));
    session.press("/ 9");
    assert!(line(&mut session).contains("searching"));
    // The runtime would do this.
    let found = session.model.search.clone().unwrap();
    let pattern = found.query.pattern().unwrap();
    let never = AtomicBool::new(false);
    let matches = Search::find(&found.document, &pattern, found.query.scope, &never);
    let count = matches.count();
    let matches = Arc::new(matches);
    session.send(Msg::Search(search::Msg::Found {
        job: found.job,
        matches,
    }));
    let text = line(&mut session);
    assert!(text.contains(&format!("1/{count}")), "{text}");
    session.press("9");
    let effects = update(
        &mut session.model,
        Msg::Search(search::Msg::Stop),
        Env { now: session.now },
    );
    assert!(matches!(effects[..], [Effect::Cancel(_)]), "{effects:?}");
}

#[test]
fn a_path_is_followed_as_one_types_and_a_mistake_is_told() {
    let mut session = inspecting(PEOPLE);
    session.press("- : . p e o p l e [ 1 ] . n o t e");
    let text = body(&mut session, 100, 24).join("\n");
    assert!(text.contains("name unknown"), "{text}");
    session.press("x");
    let text = body(&mut session, 100, 24).join("\n");
    assert!(text.contains("has no member \"notex\""), "{text}");
    session.press("enter backspace enter");
    assert!(!body(&mut session, 100, 24).join("\n").contains(" : "));
}

#[test]
fn request_and_headers_are_searched_as_well() {
    let mut session = inspecting(PEOPLE);
    session.press("] ]");
    let text = session.text(100, 24);
    assert!(
        text.contains("[Headers]") && text.contains("/ search"),
        "{text}"
    );
    session.press("/ r e q u e s t - i d");
    assert!(line(&mut session).contains("1/1"), "{}", line(&mut session));
    assert_eq!(lit(&mut session), (0, "request-id".len()));
    session.press("enter n esc");
    assert_eq!(lit(&mut session), (0, 0));
    session.press("[");
    session.draw(100, 24);
    session.press("/ h t t p enter n");
    assert!(line(&mut session).contains("1/1"), "{}", line(&mut session));
    session.press("] ]");
    assert!(session.text(100, 24).contains("[Timing]"));
    session.press("/ c o n n e c t");
    assert!(line(&mut session).contains("1/"), "{}", line(&mut session));
    session.press("esc");
    insta::assert_snapshot!("search-headers-60x15", {
        session.press("[ / j s o n");
        session.text(60, 15)
    });
}

#[test]
fn a_match_below_the_edge_is_brought_into_sight() {
    let mut session = inspecting(PEOPLE);
    session.press("] ] / r e q u e s t - i d");
    let text = session.text(60, 9);
    assert!(text.contains("request-id  "), "{text}");
}
