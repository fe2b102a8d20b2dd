//! The Response tab: walking and folding JSON, long values, broken text.

use std::time::Instant;

use crate::app::Msg;
use crate::domain::{Auth, Body, Call, Draft, Host, Method};
use crate::ui::tests::fixture::{ADA, Session};

/// The Inspector over the whole screen, on an answer with `body`.
pub(super) fn inspecting(body: impl AsRef<[u8]> + Send + Sync + 'static) -> Session {
    let mut session = Session::new();
    session.sign_in(ADA);
    session.send(Msg::send(Draft::new("phone.list").on_behalf_of(ADA)));
    session.answer(200, body);
    session.press("5 z");
    session
}

/// What is seen below the lines that tell status and request.
pub(super) fn body(session: &mut Session, width: u16, height: u16) -> Vec<String> {
    let text = session.text(width, height);
    let lines = text
        .lines()
        .skip_while(|line| !line.contains("200 OK"))
        .skip(1);
    let lines: Vec<String> = lines.map(ToOwned::to_owned).collect();
    let end = lines.len().saturating_sub(1);
    lines[..end]
        .iter()
        .filter(|line| !line.is_empty())
        .cloned()
        .collect()
}

const SMALL: &str = r#"{"a": [1, {"b": 10.50}], "c": "d", "e": {}}"#;

#[test]
fn json_is_spelled_as_it_came() {
    let mut session = inspecting(
        r#"{"a": 10.50, "b": 1e400, "c": 12345678901234567890123, "\u0041": "\u001b[31m\n"}"#,
    );
    let rows = body(&mut session, 70, 24);
    assert_eq!(
        rows,
        [
            " ▾ {",
            r#"     "a": 10.50,"#,
            r#"     "b": 1e400,"#,
            r#"     "c": 12345678901234567890123,"#,
            r#"     "\u0041": "\u001b[31m\n""#,
            "   }",
        ]
    );
}

#[test]
fn what_is_left_of_a_text_that_ends_too_early_stands_there_once() {
    for (text, rows) in [
        (
            r#"{"a": 1, "b": "unfin"#,
            [" ▾ {", r#"     "a": 1"#, "   …", r#"   , "b": "unfin"#].as_slice(),
        ),
        (
            r#"{"a": 1, "b": [tru"#,
            &[
                " ▾ {",
                r#"     "a": 1,"#,
                r#"     "b": ["#,
                "   …",
                "   tru",
            ],
        ),
        (r#"{"a": {"#, &[" ▾ {", r#"     "a": {"#, "   …"]),
    ] {
        let mut session = inspecting(text);
        let seen = body(&mut session, 70, 24);
        let tree = seen.iter().position(|row| row.contains('▾')).unwrap();
        assert_eq!(seen[tree..], *rows, "{text}");
    }
}

#[test]
fn nothing_there_advises_by_what_was_called() {
    let advice = |draft: Draft| {
        let mut session = Session::new();
        session.sign_in(ADA);
        session.send(Msg::send(draft.on_behalf_of(ADA)));
        session.answer(404, r#"{"code":404,"description":"no"}"#);
        session.press("5 z");
        session.text(100, 24)
    };
    let own = |path: &str| Draft {
        call: Call::Path {
            method: Method::Get,
            path: path.into(),
            host: Host::Api,
            auth: Auth::None,
        },
        ..Draft::default()
    };
    let mut one = Draft::new("accounts.get");
    one.path.insert("id".into(), "acc_1".into());
    let by_id = "reload the list and try again";
    let by_path = "nothing answers at that path";
    for (draft, is_by_id) in [
        (one, true),
        (own("/v1/accounts/acc_1"), true),
        (own("/v1/health"), false),
        (Draft::new("accounts.list"), false),
    ] {
        let text = advice(draft);
        assert_eq!(text.contains(by_id), is_by_id, "{text}");
        assert_eq!(text.contains(by_path), !is_by_id, "{text}");
    }
}

#[test]
fn what_is_folded_tells_how_much_it_is() {
    let mut session = inspecting(SMALL);
    session.press("j space");
    let folded = [
        " ▾ {",
        r#" ▸   "a": [2] 1, {1}"#,
        r#"     "c": "d","#,
        r#"     "e": {}"#,
        "   }",
    ];
    assert_eq!(body(&mut session, 70, 24), folded);
    session.press("l l h");
    assert_eq!(
        body(&mut session, 70, 24),
        folded,
        "right unfolds, left folds"
    );
    session.press("+ G h -");
    assert_eq!(body(&mut session, 70, 24), folded);
    session.press("k k enter");
    assert_eq!(body(&mut session, 70, 24), [" ▸ {3} a, c, e"]);
    session.press("+");
    assert_eq!(body(&mut session, 70, 24).len(), 10);
}

#[test]
fn left_leads_to_the_container_around() {
    let mut session = inspecting(SMALL);
    // The innermost member, out of its object, folded; out of the array, folded.
    session.press("j j j j h h h h");
    assert_eq!(body(&mut session, 70, 24)[1], r#" ▸   "a": [2] 1, {1}"#);
}

#[test]
fn the_cursor_stays_in_sight() {
    let numbers: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
    let mut session = inspecting(format!("[{}]", numbers.join(",")));
    body(&mut session, 70, 24);
    session.press("G");
    let rows = body(&mut session, 70, 24);
    assert_eq!(rows.last().unwrap(), "   ]");
    assert_eq!(rows[rows.len() - 2], "     999");
    session.press("k k");
    assert_eq!(
        body(&mut session, 70, 24),
        rows,
        "nothing scrolls before the edge"
    );
    session.press("pageup");
    assert!(body(&mut session, 70, 24).contains(&"     981,".to_owned()));
    session.press("g");
    assert_eq!(body(&mut session, 70, 24)[0], " ▾ [");
    session.press("j j pagedown");
    assert_eq!(
        body(&mut session, 70, 24)[0],
        "     1,",
        "the row that had the cursor stays in sight"
    );
}

#[test]
fn a_long_value_is_cut_visibly_and_shown_whole_under_the_cursor() {
    let long = "0123456789".repeat(20);
    let mut session = inspecting(format!(r#"{{"long": "{long}", "next": 1}}"#));
    let rows = body(&mut session, 60, 24);
    assert!(rows[1].ends_with("… 202 B"), "{rows:#?}");
    session.press("j");
    let rows = body(&mut session, 60, 24);
    let whole: String = rows[1..rows.len() - 2]
        .iter()
        .map(|row| row.trim())
        .collect();
    assert_eq!(whole, format!(r#""long": "{long}","#));
}

#[test]
fn broken_json_shows_what_is_whole_where_it_breaks_and_the_rest() {
    let mut session = inspecting("{\"a\": [1, 2],\n \"b\": nope, \"c\": 3}");
    let text = body(&mut session, 70, 24).join("\n");
    assert!(text.contains("this is no JSON at 2:"), "{text}");
    assert!(
        text.contains(r#""a": ["#) && text.contains("nope"),
        "{text}"
    );
    let mut session = inspecting("{\"a\": {\"b\": \"cut");
    let text = body(&mut session, 70, 24).join("\n");
    assert!(
        text.contains("inside a string") && text.contains("cut"),
        "{text}"
    );
}

#[test]
fn secrets_in_an_answer_are_masked() {
    let mut session = Session::new();
    session.send(Msg::send(Draft::new("oauth.token")));
    session.answer(200, r#"{"access_token": "t0ken", "expires_in": 7200, "refresh_token": "r3fresh", "token_type": "Bearer"}"#);
    session.press("5");
    for (width, height) in [(60, 15), (80, 24), (200, 60)] {
        let text = session.text(width, height);
        assert!(
            !text.contains("t0ken") && !text.contains("r3fresh"),
            "{text}"
        );
    }
    assert!(session.text(120, 36).contains("••••••••"));
}

#[test]
fn secrets_in_a_request_are_masked() {
    let mut session = Session::new();
    let mut draft = Draft::new("user_intents.create");
    draft.body = Some(Body::from(
        r#"{"first_name": "Edmund", "ssn": "987654321"}"#,
    ));
    session.send(Msg::send(draft));
    session.press("5 ] z");
    let text = session.text(80, 24);
    assert!(text.contains(r#""first_name": "Edmund","#), "{text}");
    assert!(
        text.contains(r#""ssn": ••••••••"#) && !text.contains("987654321"),
        "{text}"
    );
    assert!(text.contains("Basic ••••••••"), "{text}");
}

#[test]
fn secrets_in_a_request_to_a_path_of_ones_own_are_masked() {
    for (kind, body) in [
        ("application/json", r#"{"a": {"ssn": "987654321"}}"#),
        ("application/x-www-form-urlencoded", "ssn=987654321&a=1"),
    ] {
        let mut session = Session::new();
        let call = Call::Path {
            method: Method::Post,
            path: "/v9/own".into(),
            host: Host::Api,
            auth: Auth::None,
        };
        session.send(Msg::send(Draft {
            call,
            headers: vec![("content-type".into(), kind.into())],
            body: Some(Body::from(body)),
            ..Draft::default()
        }));
        session.press("5 ] z");
        let text = session.text(80, 24);
        assert!(
            text.contains("ssn") && !text.contains("987654321"),
            "{text}"
        );
    }
}

#[test]
fn drawing_does_not_depend_on_the_size_of_the_body() {
    let account = r#"{"id": "a", "list": [1, 2, {"deep": [[[]]]}]}"#;
    let mut small = inspecting(format!("[{account}]"));
    let mut large = inspecting(format!("[{}]", vec![account; 60_000].join(",")));
    let time = |session: &mut Session| {
        session.press("G k k k");
        session.draw(120, 36);
        let runs = (0..20).map(|_| {
            let start = Instant::now();
            session.draw(120, 36);
            start.elapsed()
        });
        runs.min().unwrap()
    };
    let (small, large) = (time(&mut small), time(&mut large));
    // Far below the factor of thousands between the two; a busy machine must not fail this.
    assert!(large < small * 10, "{small:?} {large:?}");
}

#[test]
fn rows_are_numbered_where_there_is_room() {
    let mut session = inspecting(SMALL);
    assert_eq!(
        body(&mut session, 80, 24)[..2],
        ["  1 ▾ {", r#"  2 ▾   "a": ["#]
    );
    assert_eq!(body(&mut session, 70, 24)[0], " ▾ {");
}
