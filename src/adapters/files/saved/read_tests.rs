//! Reading a saved request: what a person may write, and how each mistake is told.

use crate::adapters::files::saved::read::read;
use crate::domain::{Auth, Call, Check, Host, JsonType, Method, RequestName};

fn mistake(text: &str) -> String {
    read("x.toml", RequestName::default(), text)
        .unwrap_err()
        .to_string()
}

#[test]
fn a_query_behind_the_path_is_the_query() {
    let text = "request = 'GET /v1/transfers?limit=10&month={{env.MONTH}}&q=a%20b'\nquery = { more = 'x' }";
    let request = read("x.toml", RequestName::default(), text).unwrap();
    assert_eq!(request.call.to_string(), "GET /v1/transfers");
    let pairs = [
        ("limit", "10"),
        ("month", "{{env.MONTH}}"),
        ("q", "a b"),
        ("more", "x"),
    ];
    assert_eq!(
        request.query,
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[test]
fn a_hand_written_file_is_read_with_the_freedom_of_toml() {
    let text = "query.limit = 25\nquery.tag = ['a', \"b\"]\nendpoint = 'accounts.list'\nexpect = { status = 200, fields.count = { type = 'integer', one_of = [1, 2.5, true, 'x'] } }\n";
    let request = read("x.toml", RequestName::default(), text).unwrap();
    let pairs: Vec<_> = request
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(pairs, ["limit=25", "tag=a", "tag=b"]);
    assert_eq!(request.expect.status, Some(200));
    assert_eq!(request.expect.fields.len(), 2);
    assert_eq!(
        request.expect.fields[0].check,
        Check::Type(JsonType::Integer)
    );
}

#[test]
fn a_call_without_the_catalogue_has_method_path_host_and_credential() {
    let text = "request = \"PATCH /v1/x/{{user.id}}\"\nhost = \"secure\"\nauth = \"basic\"";
    let request = read("x.toml", RequestName::default(), text).unwrap();
    let expected = Call::Path {
        method: Method::Patch,
        path: "/v1/x/{{user.id}}".into(),
        host: Host::Secure,
        auth: Auth::Basic,
    };
    assert_eq!(request.call, expected);
}

#[test]
fn mistakes_name_file_line_and_key() {
    for (text, expected) in [
        (
            "",
            "x.toml:1: it does not say what is called\nhint: add endpoint = \"accounts.list\", or request = \"GET /v1/accounts\"",
        ),
        (
            "endpoint = 1",
            "x.toml:1: \"endpoint\" is integer, not a text",
        ),
        (
            "endpoint = 'a'\nrequest = 'GET /'",
            "x.toml:2: \"endpoint\" and \"request\" exclude each other",
        ),
        (
            "endpoint = 'a'\n\nauth = 'none'",
            "x.toml:3: \"auth\" goes with \"request\" only; an endpoint knows its own",
        ),
        (
            "request = 'FETCH /'",
            "x.toml:1: \"request\" is not a method and a path\nhint: write it like \"GET /v1/accounts\"",
        ),
        (
            "request = 'GET /'\nhost = 'app'",
            "x.toml:2: \"host\" is \"app\", not one of api, secure",
        ),
        (
            "endpoint = 'a'\nbody = \"{{user.}}\"",
            "x.toml:2: \"body\": a name is missing after the dot at character 8",
        ),
        (
            "endpoint = 'a'\n[query]\nat = 2026-01-01",
            "x.toml:3: \"at\" is datetime, not a text",
        ),
        (
            "endpoint = 'a'\nquery = [['a']]",
            "x.toml:2: \"query\" is a list, but not one of pairs [\"name\", \"value\"]",
        ),
        (
            "endpoint = 'a'\n[expect]\nstatus = 2000",
            "x.toml:3: \"status\" is not a whole number from 0 to 999",
        ),
        (
            "endpoint = 'a'\n[expect]\nstatsu = 200",
            "x.toml:3: unknown key \"statsu\" in [expect]\nhint: known are status, max_ms, shape, fields",
        ),
        (
            "endpoint = 'a'\n[expect.fields]\nid = ['x']",
            "x.toml:3: \"id\" is array, not a table\nhint: write the value itself, or { CHECK = … } with one of exists, absent, type, equals, matches, one_of",
        ),
        (
            "endpoint = 'a'\n[expect.fields]\nid = { exists = false }",
            "x.toml:3: \"exists\" is not true\nhint: leave the line out instead",
        ),
        (
            "endpoint = 'a'\n[expect.fields]\nid = { matches = '(' }",
            "x.toml:3: \"matches\" is not a regular expression: unclosed group",
        ),
        (
            "endpoint = 'a'\n[expect.fields]\nid = { equals = nan }",
            "x.toml:3: \"equals\" is not a text, a number, true or false",
        ),
    ] {
        assert_eq!(mistake(text), expected, "{text}");
    }
    assert!(mistake("endpoint = 'a'\nbody = '").starts_with("x.toml:2: "));
    assert!(
        mistake("endpoint = 'a'\nsecret = 'x'")
            .starts_with("x.toml:2: unknown key \"secret\"\nhint: known are description, ")
    );
}
