//! The fields for what the catalogue does not know: the call itself, further query parameters, header fields.

use crate::app::composer::{Input, Place};
use crate::domain::{Auth, Call, Field, Host, Method};

/// The fields that say what is called, in their order.
const METHOD: usize = 0;
const PATH: usize = 1;
const AUTH: usize = 2;
const HOST: usize = 3;

/// The fields of a call of a person's own; none for an endpoint, which says all of it.
pub(super) fn call_inputs(call: &Call) -> Vec<Input> {
    let Call::Path {
        method,
        path,
        host,
        auth,
    } = call
    else {
        return Vec::new();
    };
    let texts = [method.as_str(), path.as_str(), auth.name(), host.name()];
    fields()
        .into_iter()
        .zip(texts)
        .map(|(field, text)| Input {
            place: Place::Call,
            path: vec![field.name.clone()],
            field,
            text: text.to_owned(),
        })
        .collect()
}

fn fields() -> [Field; 4] {
    let field = |name: &str, values: Vec<String>, meaning: &str| Field {
        name: name.into(),
        required: true,
        values,
        meaning: meaning.into(),
        ..Field::default()
    };
    let methods = Method::ALL.map(|method| method.as_str().to_owned());
    let auths = [Auth::Bearer, Auth::Basic, Auth::None].map(|auth| auth.name().to_owned());
    let hosts = [Host::Api, Host::Secure].map(|host| host.name().to_owned());
    [
        field("method", methods.into(), "What the request does."),
        Field {
            pattern: Some(r"/[^\s#]*".into()),
            sample: Some("/v1/accounts".into()),
            ..field(
                "path",
                Vec::new(),
                "Path on the host, with a query behind ? if it has one.",
            )
        },
        field(
            "auth",
            auths.into(),
            "bearer: the test user's token. basic: client id and secret. none: nothing, or a header of your own.",
        ),
        field(
            "host",
            hosts.into(),
            "Which host of the profile; secure takes card and bank numbers.",
        ),
    ]
}

/// What the fields of `inputs` call, and the query that stands in the path; none where they say nothing of it.
pub(super) fn call(inputs: &[Input]) -> Option<(Call, Vec<(String, String)>)> {
    let text = |index: usize| {
        let input = inputs.get(index)?;
        (input.place == Place::Call).then_some(input.text.as_str())
    };
    let (path, query) = text(PATH)?.split_once('?').unwrap_or((text(PATH)?, ""));
    let call = Call::Path {
        method: Method::parse(text(METHOD)?).unwrap_or_default(),
        path: path.to_owned(),
        auth: Auth::parse(text(AUTH)?).unwrap_or_default(),
        host: Host::parse(text(HOST)?).unwrap_or_default(),
    };
    let query = url::form_urlencoded::parse(query.as_bytes());
    Some((call, query.into_owned().collect()))
}

/// A field for one more pair of name and value.
pub(super) fn pair(place: Place, name: &str, value: &str) -> Input {
    let (label, sample, meaning) = match place {
        Place::Header => (
            "header",
            "x-my-header: 1",
            "A header field of your own: name: value.",
        ),
        _ => (
            "query",
            "limit=25",
            "A query parameter of your own: name=value.",
        ),
    };
    let text = match (name, place) {
        ("", _) => String::new(),
        (_, Place::Header) => format!("{name}: {value}"),
        _ => format!("{name}={value}"),
    };
    Input {
        place,
        path: vec![label.into()],
        field: Field {
            name: label.into(),
            sample: Some(sample.into()),
            meaning: meaning.into(),
            ..Field::default()
        },
        text,
    }
}

/// Sees to it that there is one empty field behind the pairs of each kind, to type one more into.
pub(super) fn make_room(inputs: &mut Vec<Input>) {
    for place in [Place::MoreQuery, Place::Header] {
        let last = inputs.iter().rposition(|input| input.place == place);
        match last.and_then(|last| Some((last, inputs.get(last)?))) {
            Some((_, input)) if input.text.is_empty() => {}
            Some((last, _)) => inputs.insert(last + 1, pair(place, "", "")),
            None => inputs.push(pair(place, "", "")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_said_by_its_fields_and_a_query_may_stand_in_the_path() {
        let called = Call::Path {
            method: Method::Delete,
            path: "/v9/moon?a=b%20c".into(),
            host: Host::Secure,
            auth: Auth::None,
        };
        let inputs = call_inputs(&called);
        assert!(inputs.iter().all(|input| input.problem().is_none()));
        let (call, query) = call(&inputs).unwrap();
        assert_eq!(call.to_string(), "DELETE /v9/moon");
        assert_eq!(query, [("a".to_owned(), "b c".to_owned())]);
        assert!(super::call(&[]).is_none());
    }

    #[test]
    fn there_is_always_one_empty_pair_to_type_into() {
        let mut inputs = vec![
            pair(Place::MoreQuery, "a", "1"),
            pair(Place::Header, "x-a", "b: c"),
        ];
        make_room(&mut inputs);
        make_room(&mut inputs);
        let texts: Vec<_> = inputs.iter().map(|input| input.text.as_str()).collect();
        assert_eq!(texts, ["a=1", "", "x-a: b: c", ""]);
        let header = inputs[2].pair();
        assert_eq!(header, Some(("x-a".to_owned(), "b: c".to_owned())));
    }

    #[test]
    fn a_pair_without_a_sign_is_wrong_and_an_empty_one_is_left_out() {
        let typed = |place, text: &str| {
            let mut input = pair(place, "", "");
            input.text = text.into();
            input.problem()
        };
        assert_eq!(typed(Place::MoreQuery, ""), None);
        assert_eq!(typed(Place::MoreQuery, "limit").unwrap(), "name=value");
        assert_eq!(typed(Place::Header, "x").unwrap(), "name: value");
        assert!(typed(Place::Header, "a b: c").is_some());
        assert_eq!(typed(Place::Header, "x-a:b"), None);
    }
}
