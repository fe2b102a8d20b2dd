//! Names to go on with: what the members are called that a half-typed path of a program leads to. The program is not run:
//! what its filters make of a value is known for those that pass on what they are given.

use std::collections::HashSet;

use crate::document::filter::lead::{self, Lead};
use crate::document::index::Document;

/// Names that are offered.
const MOST: usize = 200;

/// Names that may stand where a program breaks off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Byte of the program where the name begins that is being typed.
    pub start: usize,
    /// How it may go on, as it is spelled in a program.
    pub names: Vec<String>,
}

/// What may follow `program`, which breaks off where the cursor is.
pub fn offers(document: &Document, program: &str) -> Offers {
    let Some(asked) = lead::follow(document, program) else {
        return Offers::default();
    };
    let typed = program.get(asked.start..).unwrap_or_default();
    let is_quoted = typed.starts_with('"');
    let typed = typed.strip_prefix('"').unwrap_or(typed);
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    for name in names_of(document, &asked.lead) {
        if names.len() < MOST && name.starts_with(typed) && seen.insert(name.clone()) {
            names.push(spelled(&name, is_quoted));
        }
    }
    // A name that stands there whole already is no offer.
    if let [only] = &names[..]
        && program.get(asked.start..) == Some(only)
    {
        names.clear();
    }
    Offers {
        start: asked.start,
        names,
    }
}

fn names_of(document: &Document, lead: &Lead) -> impl Iterator<Item = String> {
    let objects = lead.values();
    let members = objects.flat_map(|node| document.children(node).take(MOST));
    members.filter_map(|member| document.key(member).map(std::borrow::Cow::into_owned))
}

/// `name` behind a dot.
fn spelled(name: &str, is_quoted: bool) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let is_plain = !name.is_empty()
        && name.chars().all(is_word)
        && !name.starts_with(|letter: char| letter.is_ascii_digit());
    match is_plain && !is_quoted {
        true => name.to_owned(),
        false => {
            let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
            format!("\"{escaped}\"")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"count": 2, "accounts": [{"id": 1, "name": "a", "odd key": 0, "owner": {"first": "x"}},
        {"id": 2, "note": null}], "next": null}"#;

    fn offered(program: &str) -> (usize, Vec<String>) {
        let offers = offers(&Document::parse(TEXT.into()), program);
        (offers.start, offers.names)
    }

    #[test]
    fn paths_are_followed_to_where_they_break_off() {
        for (program, start, names) in [
            (".", 1, &["count", "accounts", "next"][..]),
            (".a", 1, &["accounts"]),
            (".accounts[].n", 12, &["name", "note"]),
            (".accounts[0].n", 13, &["name"]),
            (".accounts[-1:][].n", 17, &["name", "note"]),
            (".accounts[0].o", 13, &["\"odd key\"", "owner"]),
            (".accounts[0].\"od", 13, &["\"odd key\""]),
            (".accounts[].owner.", 18, &["first"]),
            (".[\"accounts\"][].ow", 16, &["owner"]),
            (".accounts[]?.ow", 13, &["owner"]),
            (".accounts[].id", 12, &[]),
            (".count.", 7, &[]),
        ] {
            assert_eq!(
                offered(program),
                (start, names.iter().map(ToString::to_string).collect()),
                "{program}"
            );
        }
    }

    #[test]
    fn pipes_calls_and_brackets_pass_on_what_they_are_given() {
        for (program, name) in [
            (".accounts[] | .no", "note"),
            (".accounts | map(.no", "note"),
            (".accounts | map(select(.id > 1)) | .[0].no", "note"),
            (".accounts | sort_by(.no", "note"),
            (".accounts | first | .ow", "owner"),
            (".accounts[] | select(.id == 1 and .no", "note"),
            (".count + (.accounts[] | .ow", "owner"),
            ("[.accounts[] | .owner] | .[] | .fi", "first"),
            ("{a: .accounts, n", "next"),
            (".accounts[] | {id, no", "note"),
            ("if .count > 1 then .ne", "next"),
            (".count as $x | .ne", "next"),
        ] {
            assert!(
                offered(program).1.contains(&name.to_owned()),
                "{program}: {:?}",
                offered(program)
            );
        }
    }

    #[test]
    fn where_nothing_is_known_nothing_is_offered() {
        for program in [
            "",
            "map",
            ".accounts | length | .",
            "\".acc",
            "$x",
            ".. | .",
            "1 | .",
        ] {
            assert_eq!(offered(program).1, [""; 0], "{program}");
        }
    }
}
