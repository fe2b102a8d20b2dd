//! Reading and writing together: what is written is read back, and what a person wrote stays.

use std::time::Duration;

use proptest::prelude::*;

use crate::adapters::files::saved::{read, write};
use crate::domain::{
    Auth, Call, Check, EndpointId, Expectations, FieldCheck, Host, JsonType, Method, RequestName,
    SavedRequest, Scalar,
};

fn name() -> RequestName {
    RequestName::parse("routines/create").unwrap()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect()
}

fn full() -> SavedRequest {
    SavedRequest {
        name: name(),
        description: "Rent, once".into(),
        call: Call::Endpoint(EndpointId::new("routines.update")),
        profile: Some("sandbox".into()),
        user: Some("ada@example.com".into()),
        path: [("id".to_owned(), "{{routines[0].id}}".to_owned())].into(),
        query: pairs(&[("tag", "a"), ("tag", "b"), ("limit", "25")]),
        headers: pairs(&[("idempotency-key", "{{uuid}}")]),
        body: Some("{\n  \"amount\": 25.00\n}".into()),
        expect: Expectations {
            status: Some(200),
            longest: Some(Duration::from_millis(800)),
            shape: true,
            fields: vec![
                FieldCheck {
                    path: "status".into(),
                    check: Check::OneOf(vec![
                        Scalar::Text("active".into()),
                        Scalar::Text("inactive".into()),
                    ]),
                },
                FieldCheck {
                    path: "source.id".into(),
                    check: Check::Type(JsonType::String),
                },
                FieldCheck {
                    path: "source.id".into(),
                    check: Check::Matches(r"^\w+$".into()),
                },
                FieldCheck {
                    path: "error".into(),
                    check: Check::Absent,
                },
            ],
        },
    }
}

const FULL: &str = r#"description = "Rent, once"
endpoint = "routines.update"
profile = "sandbox"
user = "ada@example.com"

body = '''
{
  "amount": 25.00
}
'''

[path]
id = "{{routines[0].id}}"

[query]
tag = ["a", "b"]
limit = "25"

[headers]
idempotency-key = "{{uuid}}"

[expect]
status = 200
max_ms = 800
shape = true

[expect.fields]
status = { one_of = ["active", "inactive"] }
"source.id" = { type = "string", matches = '^\w+$' }
error = { absent = true }
"#;

#[test]
fn a_fresh_file_reads_well() {
    assert_eq!(write("x.toml", None, &full()).unwrap(), FULL);
    assert_eq!(read("x.toml", name(), FULL).unwrap(), full());
}

#[test]
fn an_edit_changes_its_lines_only() {
    let text = "# how we pay rent\n[query]\nlimit = 25 # a page\n\n# newest first\nsort = 'desc'\n\n[expect]\nshape = true\nstatus = 201   # created\n"
        .replacen("[query]", "user='ada'\nendpoint = \"routines.list\"  # see docs\n\n[query]", 1);
    let mut request = read("x.toml", name(), &text).unwrap();
    request.user = Some("bob".into());
    request.query[1].1 = "asc".into();
    request.expect.status = Some(200);
    request.body = Some("{}".into());
    let edited = write("x.toml", Some(&text), &request).unwrap();
    let expected = text
        .replace("user='ada'", "user=\"bob\"")
        .replace("# see docs\n", "# see docs\n\nbody = '{}'\n")
        .replace("'desc'", "\"asc\"")
        .replace("201 ", "200 ");
    assert_eq!(edited, expected);
    request.query.clear();
    request.expect = Expectations::default();
    request.body = None;
    let edited = write("x.toml", Some(&edited), &request).unwrap();
    assert_eq!(
        edited,
        "# how we pay rent\nuser=\"bob\"\nendpoint = \"routines.list\"  # see docs\n"
    );
}

#[test]
fn a_field_that_is_a_value_keeps_the_form_in_which_it_was_found() {
    let old = "endpoint = \"a.b\"\n\n[expect.fields]\ncount = 10 # ten\nmore = { equals = true }\n";
    let mut request = read("x.toml", name(), old).unwrap();
    assert_eq!(
        request.expect.fields[0].check,
        Check::Equals(Scalar::Integer(10))
    );
    request.expect.fields[0].check = Check::Equals(Scalar::Integer(11));
    request.expect.fields[1].check = Check::Equals(Scalar::Boolean(false));
    request.expect.fields.push(FieldCheck {
        path: "name".into(),
        check: Check::Equals(Scalar::Text("x".into())),
    });
    assert_eq!(
        write("x.toml", Some(old), &request).unwrap(),
        "endpoint = \"a.b\"\n\n[expect.fields]\ncount = 11 # ten\nmore = { equals = false }\nname = \"x\"\n"
    );
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let broken = SavedRequest {
        body: Some("{{user.".into()),
        ..full()
    };
    let problem = write("x.toml", None, &broken).unwrap_err();
    assert!(
        problem.to_string().contains("{{ is not closed by }}"),
        "{problem}"
    );
    let mut twice = full();
    twice.expect.fields.push(FieldCheck {
        path: "error".into(),
        check: Check::Absent,
    });
    assert!(write("x.toml", None, &twice).is_err());
    assert!(
        write("x.toml", Some("endpoint = "), &full()).is_err(),
        "a broken file is not overwritten"
    );
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        r#"[a-z\\"'\n\t \r#=\[\]é😀\x00-\x1f]{0,20}"#,
        Just("'''".to_owned()),
        Just("{{accounts[0].id}}".to_owned()),
        Just("{\n  \"a\": [1, \"'''\"]\n}\n".to_owned()),
        "\\PC{0,20}".prop_map(|text| text.replace("{{", "")),
    ]
}

fn several() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![Just("a".to_owned()), Just("b".to_owned()), text()];
    prop::collection::vec((name, text()), 0..5).prop_map(|pairs| {
        pairs
            .into_iter()
            .map(|(name, value)| (name.replace("{{", ""), value))
            .collect()
    })
}

fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        text().prop_map(Scalar::Text),
        any::<i64>().prop_map(Scalar::Integer),
        prop::num::f64::NORMAL.prop_map(Scalar::Float),
        any::<bool>().prop_map(Scalar::Boolean),
    ]
}

fn check() -> impl Strategy<Value = Check> {
    prop_oneof![
        Just(Check::Exists),
        Just(Check::Absent),
        prop::sample::select(&JsonType::ALL).prop_map(Check::Type),
        scalar().prop_map(Check::Equals),
        "[a-z.+^$]{0,3}[a-z]".prop_map(Check::Matches).prop_filter(
            "a pattern",
            |check| match check {
                Check::Matches(pattern) => regex::Regex::new(pattern).is_ok(),
                _ => true,
            }
        ),
        prop::collection::vec(scalar(), 0..3).prop_map(Check::OneOf),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    let known = text().prop_map(|id| Call::Endpoint(EndpointId::new(id)));
    let host = prop::sample::select(vec![Host::Api, Host::Secure]);
    let auth = prop::sample::select(vec![Auth::Bearer, Auth::Basic, Auth::None]);
    let method = prop::sample::select(vec![Method::Get, Method::Delete]);
    let unknown = (method, text(), host, auth).prop_map(|(method, path, host, auth)| Call::Path {
        method,
        path: format!("/{}", path.replace('?', "")), // what stands behind it is the query
        host,
        auth,
    });
    prop_oneof![known, unknown]
}

prop_compose! {
    fn request()(
        (description, call, profile, user) in (text(), call(), prop::option::of(text()), prop::option::of(text())),
        path in prop::collection::btree_map("[a-z_.]{0,5}", text(), 0..3),
        query in several(),
        headers in several(),
        body in prop::option::of(text()),
        (status, longest, shape) in (prop::option::of(0..1000_u16), prop::option::of(0..100_000_u64), any::<bool>()),
        fields in prop::collection::btree_map(text(), check(), 0..4),
    ) -> SavedRequest {
        let fields = fields.into_iter().map(|(path, check)| FieldCheck { path, check }).collect();
        let longest = longest.map(Duration::from_millis);
        SavedRequest { name: name(), description, call, profile, user, path, query, headers, body, expect: Expectations { status, longest, shape, fields } }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn save_load_save_is_identical_to_the_byte(request in request()) {
        let text = write("x.toml", None, &request).unwrap();
        let back = read("x.toml", name(), &text).unwrap();
        prop_assert_eq!(&back, &request, "{}", text);
        prop_assert_eq!(write("x.toml", None, &back).unwrap(), text.clone());
        prop_assert_eq!(write("x.toml", Some(&text), &back).unwrap(), text);
    }

    #[test]
    fn any_edit_is_read_back(before in request(), after in request()) {
        let text = format!("# first\n{}# last\n", write("x.toml", None, &before).unwrap());
        let edited = write("x.toml", Some(&text), &after).unwrap();
        prop_assert_eq!(read("x.toml", name(), &edited).unwrap(), after);
        prop_assert!(edited.ends_with("# last\n"));
        let reverted = write("x.toml", Some(&edited), &before).unwrap();
        prop_assert_eq!(read("x.toml", name(), &reverted).unwrap(), before);
    }

    #[test]
    fn any_text_is_read_or_refused_and_never_panics(text in r#"(endpoint|query|body|expect|fields|[\[\]{}=.,"'\n# a1]){0,20}"#) {
        let _ = read("x.toml", name(), &text);
    }
}
