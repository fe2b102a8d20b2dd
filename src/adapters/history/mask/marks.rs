//! Which names stand for secrets. Does not look for them.

use std::collections::{BTreeSet, HashSet};

use crate::catalog::Catalog;
use crate::domain::{Field, carries_secret};

/// Names that are secret whatever the catalogue says of them, spelled without `_` and `-`.
const ALWAYS: [&str; 22] = [
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "sessiontoken",
    "processortoken",
    "token",
    "clientsecret",
    "secret",
    "password",
    "code",
    "codeverifier",
    "cardnumber",
    "cardsecuritycode",
    "cvv",
    "accountnumber",
    "ssn",
    "astraverification",
    "apikey",
    "authtoken",
    "clientassertion",
    "cvc",
    "pan",
];

/// Words in the name of a variable of the environment that make its value a secret.
const SECRET_WORDS: [&str; 9] = [
    "token",
    "secret",
    "key",
    "apikey",
    "password",
    "pass",
    "pin",
    "ssn",
    "credential",
];

/// Whether the variable of the environment called `name` says that it holds a secret: `ASTRA_SSN`, `MY_API_KEY`.
pub fn is_secret_variable(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let field = name.strip_prefix("astra_").unwrap_or(&name);
    let mut words = name.split(['_', '-']);
    words.any(|word| SECRET_WORDS.contains(&word)) || Marks::default().is_secret(field)
}

/// Longest value that is looked up among the known ones; those of presets are words and numbers. Names are shorter, too.
const LONGEST_KNOWN: usize = 64;

/// The names of fields, parameters and headers whose values are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    names: HashSet<Vec<u8>>,
    /// Names of ids, which may be long numbers.
    ids: HashSet<Vec<u8>>,
    /// Bit n: a name of n bytes is among them; the last bit: or a longer one. Most names are told apart by it.
    lengths: u64,
    /// Values of secret fields that everybody knows, with the names of their fields.
    known: BTreeSet<(String, Vec<u8>)>,
}

impl Default for Marks {
    fn default() -> Self {
        let mut marks = Self {
            names: HashSet::new(),
            ids: HashSet::new(),
            lengths: 0,
            known: BTreeSet::new(),
        };
        for name in ALWAYS {
            marks.insert(name);
        }
        marks
    }
}

impl Marks {
    /// What `catalog` marks anywhere, and what is secret always.
    ///
    /// A name that is marked for one endpoint is masked for all: an answer may echo what another one was sent, and too much
    /// is masked rather than too little.
    pub fn of(catalog: &Catalog) -> Self {
        let mut marks = Self::default();
        for endpoint in catalog.endpoints() {
            let shape = catalog.answer_fields(endpoint).iter();
            let fields = endpoint
                .parameters
                .iter()
                .chain(&endpoint.query)
                .chain(&endpoint.body)
                .chain(shape);
            for field in fields {
                marks.add(catalog, field, 0);
            }
            let values = catalog
                .presets(&endpoint.id)
                .flat_map(|preset| &preset.values);
            for (name, value) in values {
                let known = (plain(name), value.as_bytes().to_vec());
                marks.known.insert(known);
            }
        }
        marks
    }

    fn add(&mut self, catalog: &Catalog, field: &Field, depth: usize) {
        /// Deeper than any documented shape; a person's own shapes may name each other in a circle.
        const DEEPEST: usize = 8;
        if field.secret {
            self.insert(&field.name);
        } else if is_id(field) {
            self.ids.insert(plain(&field.name).into_bytes());
        }
        let shape = field.shape.as_deref().and_then(|id| catalog.shape(id));
        if let (Some(shape), true) = (shape, depth < DEEPEST) {
            for field in &shape.fields {
                self.add(catalog, field, depth + 1);
            }
        }
    }

    fn insert(&mut self, name: &str) {
        let name = plain(name).into_bytes();
        self.lengths |= bit(name.len());
        self.names.insert(name);
    }

    /// Whether the value of a field or parameter called `name` is a secret, however the name is spelled.
    pub fn is_secret(&self, name: &str) -> bool {
        self.is_secret_name(name.as_bytes())
    }

    /// The same of a name that may be no text. It is asked for every name of every answer, and allocates nothing.
    pub(super) fn is_secret_name(&self, name: &[u8]) -> bool {
        let mut plain = [0; LONGEST_KNOWN];
        let mut length = 0;
        for byte in name.iter().filter(|byte| !is_joint(**byte)) {
            let Some(place) = plain.get_mut(length) else {
                let bytes = name.iter().filter(|byte| !is_joint(**byte));
                let plain: Vec<u8> = bytes.map(u8::to_ascii_lowercase).collect();
                return self.names.contains(&plain);
            };
            *place = byte.to_ascii_lowercase();
            length += 1;
        }
        self.lengths & bit(length) != 0 && self.names.contains(&plain[..length])
    }

    /// Whether the catalogue has an id by this name.
    pub(super) fn is_id_name(&self, name: &[u8]) -> bool {
        self.ids
            .contains(plain(&String::from_utf8_lossy(name)).as_bytes())
    }

    /// Whether `value` of the field called `name` is one that the documentation tells everybody to use, such as the `ssn` of a
    /// test person.
    pub(super) fn is_known(&self, name: &str, value: &[u8]) -> bool {
        let is_short = value.len() <= LONGEST_KNOWN;
        is_short && self.known.contains(&(plain(name), value.to_vec()))
    }

    /// Whether the value of the header field `name` is a secret as a whole.
    pub fn is_secret_header(&self, name: &str) -> bool {
        if carries_secret(name) {
            return true;
        }
        let short = name.trim_start_matches(['_', '-']).strip_prefix(['x', 'X']);
        self.is_secret(name) || short.is_some_and(|short| self.is_secret(short))
    }
}

/// Whether `field` is an id, or holds one that is found elsewhere.
fn is_id(field: &Field) -> bool {
    let is_found = |place: &String| place.ends_with(".id");
    field.name == "id" || field.name.ends_with("_id") || field.from.iter().any(is_found)
}

/// `accessToken`, `access_token` and `Access-Token` are one name.
fn plain(name: &str) -> String {
    name.replace(['_', '-'], "").to_ascii_lowercase()
}

fn is_joint(byte: u8) -> bool {
    matches!(byte, b'_' | b'-')
}

fn bit(length: usize) -> u64 {
    1 << length.min(63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_every_spelling() {
        let marks = Marks::of(&Catalog::built_in().unwrap());
        for name in ["access_token", "accessToken", "Access-Token", "SSN", "code"] {
            assert!(marks.is_secret(name), "{name}");
        }
        for name in ["token_type", "status_code", "amount", "postal_code"] {
            assert!(!marks.is_secret(name), "{name}");
        }
        for name in [
            "authorization",
            "Set-Cookie",
            "x-session-token",
            "X-Api-Key",
            "X-Auth-Token",
        ] {
            assert!(marks.is_secret_header(name), "{name}");
        }
        assert!(!marks.is_secret_header("request-id"));
        let long = format!("{}token", "a_".repeat(80));
        assert!(!marks.is_secret(&long));
        let mut marks = marks;
        marks.insert(&long);
        assert!(marks.is_secret(&long.to_uppercase().replace('_', "-")));
    }

    #[test]
    fn a_variable_is_a_secret_by_a_word_of_its_name() {
        for name in [
            "ASTRA_SSN",
            "ASTRA_CARD_NUMBER",
            "MY_API_KEY",
            "token",
            "DB_PASSWORD",
        ] {
            assert!(is_secret_variable(name), "{name}");
        }
        for name in ["ASTRA_NAME", "KEYBOARD", "HOME", "ACCOUNT_ID"] {
            assert!(!is_secret_variable(name), "{name}");
        }
    }

    #[test]
    fn what_the_documentation_tells_everybody_to_use_is_no_secret() {
        let marks = Marks::of(&Catalog::built_in().unwrap());
        let answer = |ssn: &str| {
            let text = format!("{{\"ssn\":\"{ssn}\",\"code\":\"{ssn}\"}}");
            let found = crate::adapters::history::mask::find(text.as_bytes(), &marks, false);
            found
                .into_iter()
                .map(|found| found.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(answer("1234"), ["code"]);
        assert_eq!(answer("4321"), ["ssn", "code"]);
        assert!(!Marks::default().is_known("ssn", b"1234"));
    }

    #[test]
    fn the_catalogue_marks_more_at_any_depth() {
        let text = "[[shape]]\nid = \"owner\"\nfield = [{ name = \"pin\", secret = true }, { name = \"owners\", shape = \"owner\" }]\n\
            [[endpoint]]\nid = \"a.b\"\nmethod = \"POST\"\npath = \"/a\"\nsummary = \"s\"\nauth = \"none\"\nsuccess = 200\n\
            body = [{ name = \"owners\", type = \"array\", shape = \"owner\" }]\n";
        let mut catalog = Catalog::default();
        catalog.add("mine.toml", text).unwrap();
        assert!(Marks::of(&catalog).is_secret("pin"));
    }
}
