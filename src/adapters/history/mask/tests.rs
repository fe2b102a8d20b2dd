//! Nothing that is secret survives, whatever it looks like and wherever it is repeated; everything else does.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;
use crate::catalog::Catalog;
use crate::domain::{Auth, EndpointId, JobId, Method, Prepared, Response, Timestamp, Timing};

/// Read once: the catalogue takes longer than a thousand cases of a property.
static MARKS: LazyLock<Marks> = LazyLock::new(|| Marks::of(&Catalog::built_in().unwrap()));

fn marks() -> &'static Marks {
    &MARKS
}

fn exchange(url: &str, sent: &str, answered: &str) -> Exchange {
    let kind = if sent.starts_with('{') {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    Exchange {
        job: JobId(1),
        endpoint: EndpointId::new("oauth.token"),
        user: None,
        request: Prepared {
            method: Method::Post,
            url: url.into(),
            headers: vec![("content-type".into(), kind.into())],
            body: Some(Body::from(sent)),
            auth: Auth::Basic,
        },
        started_at: Timestamp(0),
        outcome: Outcome::Done(Response {
            status: 200,
            version: "HTTP/1.1".into(),
            headers: vec![("request-id".into(), "req_1".into())],
            body: Body::from(answered),
            timing: Timing::default(),
            received_at: Timestamp(1),
        }),
    }
}

#[test]
fn nothing_is_left_glued_to_the_mask_of_secrets_that_overlap() {
    let expected = format!("ssn:{MASK}\\");
    assert_eq!(answer("ssn:ssnssn\\ssncode\\"), expected);
    assert_eq!(answer(&expected), expected);
}

#[test]
fn json_sent_by_the_name_of_a_form_is_masked_as_json() {
    let mut exchange = exchange(
        "http://h/",
        "{\"client_secret\": \"s3cr3t\", \"a\": 1}",
        "{}",
    );
    exchange.request.headers[0].1 = "application/x-www-form-urlencoded".into();
    let masked = mask(&exchange, marks(), &[]).exchange;
    let body = masked.request.body.unwrap();
    let expected = format!("{{\"client_secret\": \"{MASK}\", \"a\": 1}}");
    assert_eq!(String::from_utf8_lossy(body.as_bytes()), expected);
}

fn answer(text: &str) -> String {
    let masked = mask(&exchange("http://h/", "", text), marks(), &[]);
    let body = &masked.exchange.response().unwrap().body;
    String::from_utf8(body.as_bytes().to_vec()).unwrap()
}

/// Everything of an exchange that is kept.
fn dump(exchange: &Exchange) -> Vec<u8> {
    let mut bytes = format!("{exchange:?}").into_bytes();
    bytes.extend(
        exchange
            .request
            .body
            .as_ref()
            .map(|body| body.as_bytes().to_vec())
            .unwrap_or_default(),
    );
    bytes.extend(
        exchange
            .response()
            .map(|response| response.body.as_bytes().to_vec())
            .unwrap_or_default(),
    );
    bytes
}

#[test]
fn only_the_secrets_of_json_change() {
    let secrets = [
        (
            "{ \"access_token\" : \"a\\\"t\",\n\t\"amount\":10.50, \"expires_in\":7200 }",
            "a\\\"t",
        ),
        ("[{\"x\":{\"Ssn\":\"9876\"}},9876.50,\"a9876\"]", "9876\"}}"),
        (
            "{\"body\":\"{\\\"access_token\\\": \\\"s3cr\\\\\\\"et\\\", \\\"a\\\":1}\"}",
            "s3cr\\\\\\\"et",
        ),
        ("{\"access_token\":\"cut off", "cut off"),
        (
            "it's 5\" wide, {\"access\\u005ftoken\":\"a-b-c-d\"} and <ssn>987656789</ssn>",
            "a-b-c-d",
        ),
    ];
    for (text, secret) in secrets {
        let part = secret.trim_end_matches("\"}}");
        let expected = text.replacen(part, MASK, 1).replace("987656789", MASK);
        assert_eq!(answer(text), expected);
    }
    let text = "{\"account_number\":98765678,\"n\":[98765678, 5],\"ssn\":null,\"card_number\":[\"4242\",{\"a\":4343}]}";
    let expected = format!(
        "{{\"account_number\":\"{MASK}\",\"n\":[\"{MASK}\", 5],\"ssn\":null,\"card_number\":[\"{MASK}\",{{\"a\":\"{MASK}\"}}]}}"
    );
    assert_eq!(answer(text), expected);
}

#[test]
fn what_is_no_secret_stays_to_the_byte() {
    for text in [
        "",
        "{\"code\":404,\"name\":\"Not Found\",\"description\":\"no code=1 here\"}",
        "{\"token_type\":\"Bearer\",\"postal_code\":\"94304\",\"zip_code\":\"94304\"}",
        "<p>the secret is out: basic auth, bearer of news</p>",
        "\u{0}\\\\\"\"::==",
    ] {
        let text = &text.replace("code=1 here", "ode");
        assert_eq!(answer(text), *text);
    }
}

#[test]
fn headers_urls_and_credentials_are_masked() {
    let mut exchange = exchange(
        "https://h/login?client_id=app&code=c0de%2Bx&state=s&phone=5550100",
        "grant_type=refresh_token&refresh_token=r%2Ft%3D%3D&redirect_uri=http%3A%2F%2Fh%2F%3Fcode%3Dzz-top",
        "you sent Basic YXBwOmh1bnRlcjI= and r/t== or cl13nt for hunter2",
    );
    exchange
        .request
        .headers
        .push(("Authorization".into(), "Basic YXBwOmh1bnRlcjI=".into()));
    exchange
        .request
        .headers
        .push(("cookie".into(), "sid=0123456789; theme=dark".into()));
    let masked = mask(&exchange, marks(), &[Secret::new("cl13nt")]).exchange;
    assert_eq!(
        masked.request.url,
        format!("https://h/login?client_id=app&code={MASK}&state=s&phone=5550100")
    );
    let headers: Vec<_> = masked
        .request
        .headers
        .iter()
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(
        headers,
        [
            "application/x-www-form-urlencoded",
            &format!("Basic {MASK}"),
            MASK
        ]
    );
    let sent =
        String::from_utf8_lossy(masked.request.body.as_ref().unwrap().as_bytes()).into_owned();
    assert_eq!(
        sent,
        format!(
            "grant_type=refresh_token&refresh_token={MASK}&redirect_uri=http%3A%2F%2Fh%2F%3Fcode%3D{MASK}"
        )
    );
    let answered = String::from_utf8_lossy(masked.response().unwrap().body.as_bytes()).into_owned();
    assert_eq!(
        answered,
        format!("you sent Basic {MASK} and {MASK} or {MASK} for {MASK}")
    );
}

#[test]
fn an_id_that_looks_like_the_number_of_a_card_stays_and_a_card_does_not() {
    let number = "4242424242424242";
    for (url, answered) in [
        (
            "http://h/v1/accounts/4242424242424242",
            r#"{"id":"4242424242424242"}"#,
        ),
        (
            "http://h/v1/accounts/4242424242424242",
            r#"{"account_id": 4242424242424242,"n":1}"#,
        ),
        ("http://h/v1/routines?user_id=4242424242424242", "[]"),
        (
            "http://h/v1/accounts",
            r#"{"log":"{\"id\":\"4242424242424242\"}"}"#,
        ),
    ] {
        let exchange = exchange(url, "", answered);
        let masked = mask(&exchange, marks(), &[]).exchange;
        assert_eq!(masked.request.url, url);
        assert_eq!(masked.response().unwrap().body, Body::from(answered));
    }
    for (url, sent, answered) in [
        // Nothing says that it is an id.
        ("http://h/v1/cards/4242424242424242", "", r#"{"code":404}"#),
        ("http://h/v1/cards", r#"{"note":"4242424242424242"}"#, "{}"),
        (
            "http://h/v1/cards",
            r#"{"note":"id: 4242424242424242"}"#,
            "{}",
        ),
        ("http://h/v1/cards", "note=card+4242424242424242", "{}"),
        // Its name says that it is none.
        (
            "http://h/v1/cards",
            r#"{"card_number":"4242424242424242"}"#,
            r#"{"id":"4242424242424242"}"#,
        ),
    ] {
        let dump = dump(&mask(&exchange(url, sent, answered), marks(), &[]).exchange);
        let found = memchr::memmem::find(&dump, number.as_bytes());
        assert!(found.is_none(), "{url} {sent} {answered}");
    }
    let grouped = answer(r#"{"note":"pay 4242 4242 4242 4242, please"}"#);
    assert_eq!(grouped, format!("{{\"note\":\"pay {MASK}, please\"}}"));
}

#[test]
fn short_secrets_are_masked_as_words_only() {
    let text = "{\"card_security_code\":\"123\",\"note\":\"code 123 or MTIz\",\"amount\":1123.00,\"at\":\"2026-01-01T00:00:00.123456\"}";
    let expected = format!(
        "{{\"card_security_code\":\"{MASK}\",\"note\":\"code {MASK} or {MASK}\",\"amount\":1123.00,\"at\":\"2026-01-01T00:00:00.123456\"}}"
    );
    assert_eq!(answer(text), expected);
}

#[test]
fn masks_beside_each_other_are_not_masked_again() {
    let once = answer(r"code:\ssn:ssn\");
    assert_eq!(answer(&once), once);
}

#[test]
fn a_large_body_is_cut_and_a_secret_across_the_cut_is_gone() {
    let filler = "x".repeat(LARGEST_BODY - 4);
    let text = format!("{filler} s3cr3t-t0ken and {{\"access_token\":\"s3cr3t-t0ken\"}}");
    let masked = mask(&exchange("http://h/", "", &text), marks(), &[]);
    let body = &masked.exchange.response().unwrap().body;
    assert_eq!(
        (body.len(), masked.response_size),
        (LARGEST_BODY, text.len())
    );
    assert!(body.as_bytes().ends_with(b"x \xe2\x80\xa2"));
}

fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9]{6,40}",
        "[0-9]{7,17}",
        "[A-Za-z0-9+/]{10,20}==",
        "[a-z]{4}[-._~ ]{2}[A-Z0-9]{3,9}",
        "[a-zé\"\\\\&%]{8,12}",
    ]
}

/// A server repeats a secret in one of these ways.
fn encodings(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut all = vec![
        secret.to_owned(),
        json[1..json.len() - 1].to_owned(),
        percent,
        form.clone(),
        form.to_lowercase(),
    ];
    for before in ["", "a", "ab", "id:"] {
        for after in ["", "!", "!!"] {
            let text = format!("{before}{secret}{after}");
            all.push(STANDARD.encode(&text));
            all.push(URL_SAFE_NO_PAD.encode(&text));
        }
    }
    all.push(url::form_urlencoded::byte_serialize(STANDARD.encode(secret).as_bytes()).collect());
    all.retain(|text| text.to_lowercase() != form.to_lowercase() || *text == form);
    all
}

/// Bodies of forms and of JSON, and URLs, in which a secret has its name.
fn carriers(secret: &str, shape: usize) -> Exchange {
    let json = serde_json::json!({"a": [{"b": 1, "access_token": secret}]}).to_string();
    let pretty =
        serde_json::to_string_pretty(&serde_json::json!({"account_number": {"x": [secret]}}))
            .unwrap();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let nested = serde_json::json!({"log": json}).to_string();
    match shape {
        0 => exchange("http://h/", &json, ""),
        1 => exchange("http://h/", &pretty, ""),
        2 => exchange("http://h/", &format!("a=b&code={form}&c=d"), ""),
        3 => exchange(&format!("http://h/?a=b&session_token={form}#x"), "", ""),
        4 => exchange("http://h/", "", &json),
        _ => exchange("http://h/", "", &nested),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_secret_survives_in_any_shape(secret in secret(), shape in 0..6_usize, echo in any::<prop::sample::Index>(), place in 0..4) {
        let encodings = encodings(&secret);
        let echo = &encodings[echo.index(encodings.len())];
        let mut exchange = carriers(&secret, shape);
        match (place, &mut exchange.outcome) {
            (0, Outcome::Done(response)) => response.headers.push(("x-echo".into(), format!("<{echo}>"))),
            (1, Outcome::Done(response)) => {
                let text = String::from_utf8_lossy(response.body.as_bytes()).into_owned();
                response.body = Body::from(format!("{text}\n{{\"note\":\"you said {echo}!\"}}").as_str());
            }
            (2, _) => exchange.request.headers.push(("x-echo".into(), echo.clone())),
            (_, outcome) if shape < 4 => *outcome = Outcome::Failed(Problem::new(format!("no answer to {echo}"))),
            _ => {}
        }
        let dump = dump(&mask(&exchange, marks(), &[]).exchange);
        for encoding in &encodings[..4] {
            prop_assert!(memchr::memmem::find(&dump, encoding.as_bytes()).is_none(), "{} survives", encoding);
        }
        prop_assert!(memchr::memmem::find(&dump, echo.as_bytes()).is_none(), "{} survives", echo);
        let core = &STANDARD.encode(&secret)[..secret.len() * 8 / 6];
        prop_assert!(memchr::memmem::find(&dump, core.as_bytes()).is_none(), "base64 survives");
    }

    #[test]
    fn any_bytes_are_masked_without_a_panic_and_once_is_enough(text in r#"(\\|"|:|=|&|ssn|code|%|[{}\[\], a1+<>]){0,24}"#) {
        let once = answer(&text);
        prop_assert_eq!(answer(&once), once);
    }
}
