//! The small grammar of `{{values}}` in saved requests: read, checked, filled in. Where values come from is the caller's.
//!
//! ```text
//! template  = ( text | "\{{" | "{{" reference "}}" )*
//! reference = name step* ( " within " age )?  user.id   now   uuid   env.HOME
//! step      = "." name                        accounts[0].id
//!           | "[" number "]"                  accounts[-1].id             from the end
//!           | "[" name "=" value "]"          cards[status=approved].id   the first that has it
//! name      = ( letter | digit | "_" | "-" )+ requests.create-routine.body.id
//! age       = number ( "s" | "m" | "h" | "d" )  requests.create-routine.body.id within 10m
//!                                               an answer of the history will do, if it is no older
//! ```

use std::time::Duration;

use thiserror::Error;

use crate::document::Step;

/// Text with `{{references}}` in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Reference(Reference),
}

/// What stands between `{{` and `}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The first name: `accounts`, `user`, `now`.
    pub root: String,
    /// The way from there to the value.
    pub steps: Vec<Step>,
    /// How old the answer of a saved request may be; it is sent anew, if nothing is said.
    pub within: Option<Duration>,
    /// As it was written, for messages.
    pub text: String,
}

/// Why a template cannot be read or filled in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason} at character {column} of {template:?}")]
pub struct TemplateError {
    /// What is wrong.
    pub reason: String,
    /// Where, counted in characters from 1.
    pub column: usize,
    /// The whole template.
    pub template: String,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// When a reference is not closed, or is not of the grammar.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            if let Some(before) = rest[..at].strip_suffix('\\') {
                plain.push_str(before);
                plain.push_str("{{");
                rest = &rest[at + 2..];
                continue;
            }
            plain.push_str(&rest[..at]);
            let inner = &rest[at + 2..];
            let fail = |reason: &str, offset: usize| TemplateError {
                reason: reason.to_owned(),
                column: text[..text.len() - inner.len() + offset].chars().count() + 1,
                template: text.to_owned(),
            };
            let end = inner
                .find("}}")
                .ok_or_else(|| fail("{{ is not closed by }}", 0))?;
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            let reference =
                reference(&inner[..end]).map_err(|(reason, offset)| fail(&reason, offset))?;
            parts.push(Part::Reference(reference));
            rest = &inner[end + 2..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { parts })
    }

    /// The references in it, in order.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.parts.iter().filter_map(|part| match part {
            Part::Reference(reference) => Some(reference),
            Part::Text(_) => None,
        })
    }

    /// The text with each reference replaced by what `resolve` answers for it.
    ///
    /// # Errors
    /// The first error of `resolve`.
    pub fn fill<E>(
        &self,
        mut resolve: impl FnMut(&Reference) -> Result<String, E>,
    ) -> Result<String, E> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Reference(reference) => text.push_str(&resolve(reference)?),
            }
        }
        Ok(text)
    }
}

impl Reference {
    /// Reads a reference that stands alone: `accounts[0].id`.
    ///
    /// # Errors
    /// When it is not of the grammar.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        reference(text).map_err(|(reason, offset)| TemplateError {
            reason,
            column: text.get(..offset).unwrap_or(text).chars().count() + 1,
            template: text.to_owned(),
        })
    }
}

/// Reads what stands between the braces; an error tells its offset in bytes.
fn reference(text: &str) -> Result<Reference, (String, usize)> {
    let mut rest = text.trim_start();
    let offset = |rest: &str| text.len() - rest.len();
    let root = name(&mut rest).ok_or_else(|| ("a name is missing".to_owned(), offset(rest)))?;
    let mut steps = Vec::new();
    loop {
        rest = rest.trim_start();
        let here = offset(rest);
        if rest.is_empty() {
            return Ok(Reference {
                root,
                steps,
                within: None,
                text: text.trim().to_owned(),
            });
        } else if let Some(after) = rest
            .strip_prefix(WITHIN)
            .filter(|_| text[..here].ends_with(' '))
        {
            if root != "requests" {
                return Err(("within is for requests.NAME.body alone".to_owned(), here));
            }
            let within = age(after.trim()).ok_or_else(|| {
                let words = "expected an age behind within: 30s, 10m, 2h or 1d".to_owned();
                (words, text.len() - after.trim_start().len())
            })?;
            return Ok(Reference {
                root,
                steps,
                within: Some(within),
                text: text.trim().to_owned(),
            });
        } else if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            let step = name(&mut rest)
                .ok_or_else(|| ("a name is missing after the dot".to_owned(), here + 1))?;
            steps.push(Step::Name(step));
        } else if let Some(after) = rest.strip_prefix('[') {
            let end = after
                .find(']')
                .ok_or_else(|| ("[ is not closed by ]".to_owned(), here))?;
            steps.push(choice(&after[..end]).ok_or_else(|| {
                (
                    format!("[{}] is neither a number nor name=value", &after[..end]),
                    here,
                )
            })?);
            rest = &after[end + 1..];
        } else if root == "requests" && rest.starts_with('/') {
            let words = "folders are parted by dots: requests.FOLDER.NAME.body";
            return Err((words.to_owned(), here));
        } else {
            return Err((
                format!(
                    "expected . or [ instead of {:?}",
                    &rest[..1.max(char_len(rest))]
                ),
                here,
            ));
        }
    }
}

/// The word in front of an age.
const WITHIN: &str = "within";

/// A number and its unit.
fn age(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let number: u32 = number.parse().ok()?;
    Some(Duration::from_secs(u64::from(number) * seconds))
}

fn char_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

fn name(rest: &mut &str) -> Option<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    *rest = after;
    (!name.is_empty()).then(|| name.to_owned())
}

fn choice(text: &str) -> Option<Step> {
    let text = text.trim();
    if let Ok(index) = text.parse() {
        return Some(Step::Index(index));
    }
    let (field, value) = text.split_once('=')?;
    let (field, value) = (field.trim(), value.trim().trim_matches('"'));
    (!field.is_empty()).then(|| Step::Where {
        name: field.to_owned(),
        value: value.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fill(text: &str) -> Result<String, TemplateError> {
        Template::parse(text)?.fill(|reference| Ok(format!("<{}>", reference.text)))
    }

    #[test]
    fn text_and_references_alternate() {
        assert_eq!(
            fill("/v1/accounts/{{ accounts[0].id }}/x").unwrap(),
            "/v1/accounts/<accounts[0].id>/x"
        );
        assert_eq!(fill("{{now}}{{uuid}}").unwrap(), "<now><uuid>");
        assert_eq!(fill(r"a \{{b}}").unwrap(), "a {{b}}");
        assert_eq!(fill("{\"a\":{\"b\":1}}").unwrap(), "{\"a\":{\"b\":1}}");
    }

    #[test]
    fn every_step_is_read() {
        let template = Template::parse("{{cards[status=approved].owner[-1]}}").unwrap();
        let reference = template.references().next().unwrap();
        assert_eq!(reference.root, "cards");
        let wanted = [
            Step::Where {
                name: "status".into(),
                value: "approved".into(),
            },
            Step::Name("owner".into()),
            Step::Index(-1),
        ];
        assert_eq!(reference.steps, wanted);
    }

    #[test]
    fn an_answer_may_be_as_old_as_is_said() {
        let cases = [("30s", 30), ("10m", 600), ("2h", 7_200), ("1d", 86_400)];
        for (age, seconds) in cases {
            let text = format!("requests.create.body.id within {age}");
            let reference = Reference::parse(&text).unwrap();
            assert_eq!(reference.within, Some(Duration::from_secs(seconds)));
            assert_eq!((reference.text, reference.steps.len()), (text, 3));
        }
        let reference = Reference::parse("requests.within.body.within").unwrap();
        assert_eq!((reference.within, reference.steps.len()), (None, 3));
    }

    #[test]
    fn errors_name_the_place() {
        let cases = [
            ("ab {{x", "{{ is not closed by }}", 6),
            ("{{}}", "a name is missing", 3),
            ("{{a.}}", "a name is missing after the dot", 5),
            ("{{a[0}}", "[ is not closed by ]", 4),
            ("{{a[x]}}", "[x] is neither a number nor name=value", 4),
            (
                "{{requests.a/b.body}}",
                "folders are parted by dots: requests.FOLDER.NAME.body",
                13,
            ),
            ("é{{a b}}", "expected . or [ instead of \"b\"", 6),
            (
                "{{user.id within 5m}}",
                "within is for requests.NAME.body alone",
                11,
            ),
            (
                "{{requests.a.body within  5 minutes}}",
                "expected an age behind within: 30s, 10m, 2h or 1d",
                27,
            ),
            (
                "{{requests.a.body within}}",
                "expected an age behind within: 30s, 10m, 2h or 1d",
                25,
            ),
        ];
        for (text, reason, column) in cases {
            let error = Template::parse(text).unwrap_err();
            assert_eq!(
                (error.reason.as_str(), error.column),
                (reason, column),
                "{text}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read_or_refused_and_never_panics(text in "[a{}\\[\\]=.\\\\ é0-9-]{0,24}") {
            let _ = Template::parse(&text);
        }

        #[test]
        fn text_without_braces_stays_as_it_is(text in "[^{}\\\\]{0,40}") {
            prop_assert_eq!(fill(&text).unwrap(), text);
        }
    }
}
