//! Random JSON text for property tests, together with what it says. Only tests see this.

use proptest::prelude::*;

/// A value as it is spelled.
#[derive(Clone, Debug)]
pub(crate) enum Sample {
    /// `true`, `false`, `null` and numbers.
    Word(String),
    /// A string with its quotes.
    String(String),
    Array(Vec<Sample>),
    /// Names with their quotes.
    Object(Vec<(String, Sample)>),
}

impl Sample {
    /// The text, with `gap` wherever white space may stand.
    pub(crate) fn write(&self, gap: &str) -> String {
        let mut text = gap.to_owned();
        self.write_to(&mut text, gap);
        text + gap
    }

    fn write_to(&self, text: &mut String, gap: &str) {
        match self {
            Self::Word(spelling) | Self::String(spelling) => text.push_str(spelling),
            Self::Array(items) => {
                text.extend(["[", gap]);
                for (i, item) in items.iter().enumerate() {
                    text.extend(if i > 0 { [gap, ",", gap] } else { [""; 3] });
                    item.write_to(text, gap);
                }
                text.extend([gap, "]"]);
            }
            Self::Object(members) => {
                text.extend(["{", gap]);
                for (i, (name, value)) in members.iter().enumerate() {
                    text.extend(if i > 0 { [gap, ",", gap] } else { [""; 3] });
                    text.extend([name, gap, ":", gap]);
                    value.write_to(text, gap);
                }
                text.extend([gap, "}"]);
            }
        }
    }
}

/// Failures are not written to files: what fails is worth a test of its own.
pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Strings with escapes, lone surrogates, wide characters, and lengths around the steps of the scanner.
pub(crate) fn string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-z ]{0,12}",
        "[a-z]{7,9}",
        r#"\\["\\/bfnrt]"#,
        r"\\u[0-9a-fA-F]{4}",
        r"\\ud83d\\ude0[0-9a-f]",
        r"\\u(d[89ab]|D[c-f])[0-9a-f]{2}",
        "[éßж€😀\u{7F}\u{2028}]",
        "x{60,70}",
    ];
    prop::collection::vec(part, 0..4).prop_map(|parts| format!("\"{}\"", parts.concat()))
}

fn scalar() -> impl Strategy<Value = Sample> {
    prop_oneof![
        prop_oneof!["true", "false", "null"].prop_map(Sample::Word),
        r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,8})?([eE][+-]?[0-9]{1,2})?".prop_map(Sample::Word),
        string().prop_map(Sample::String),
    ]
}

/// Values with up to a hundred others in them.
pub(crate) fn value() -> impl Strategy<Value = Sample> {
    scalar().prop_recursive(6, 100, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Sample::Array),
            prop::collection::vec((string(), inner), 0..6).prop_map(Sample::Object),
        ]
    })
}

/// White space.
pub(crate) fn gap() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[ \n\r\t]{1,3}", " {8,20}"]
}
